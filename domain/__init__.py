"""What happened: facts, the state of one overstap, identifiers, calendar, roles. No clock, no I/O, no randomness."""
