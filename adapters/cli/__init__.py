"""The command line: one command, one file; data on stdout, talk on stderr."""

from overstap.adapters.cli.hoofd import main

__all__ = ["main"]
