"""Prove on a running database that nothing is lost: writers, readers, and what is done to them meanwhile."""
