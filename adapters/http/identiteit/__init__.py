"""Who is asking: tokens of machines, sessions of people, and the trial's own issuer."""
