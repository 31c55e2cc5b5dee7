"""How many requests wait for their answer in this process: whoever gathers their work knows when all of it is in."""


class Drukte:
    """A count, kept by the gate (poort.py)."""

    def __init__(self) -> None:
        self.aantal = 0
