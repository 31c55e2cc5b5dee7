"""Keep the log: one PostgreSQL, its logins and migrations, and the append that loses nothing."""
