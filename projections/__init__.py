"""What it looks like: one file for each read model, with its fold."""
