"""Measurements: each figure is a ratio of two things timed in one run (make bench)."""
