"""Erase persons, and let others see that nothing but that was done (docs/privacy.md)."""
