"""The schema, step by step: one object a file, forward only, each file run once in a transaction of its own."""
