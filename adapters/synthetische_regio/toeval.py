"""Makes the streams of chance: one for each purpose and pupil, so that a change in one leaves the others alone."""

import random


def toeval_voor(*waarvoor: object) -> random.Random:
    """Give the stream that belongs to a purpose: the same words give the same draws, on every machine."""
    return random.Random("/".join(map(str, waarvoor)))  # noqa: S311 - invented people must repeat, not be secret
