"""How it reaches the world: PostgreSQL, files, command line, personal data; one module, app.py, wires the parts."""
