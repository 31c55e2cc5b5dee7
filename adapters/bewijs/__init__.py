"""Prove what the log holds to somebody who need not trust us: tree, checkpoints, exports, verification."""
