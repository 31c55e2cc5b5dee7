"""What can go wrong with keys, each with a sentence that says what to do and shows nothing secret."""


class KluisFout(Exception):
    """Something is wrong with a key; the message says what to do."""


class HoofdsleutelOngeldig(KluisFout):
    """The master key is missing, or no key."""


class HoofdsleutelPastNiet(KluisFout):
    """The database's keys were wrapped by another master key."""


class SleutelVernietigd(KluisFout):
    """The data key of this stream is gone: its person was erased, and nothing can be sealed for him any more."""


class VerzegelingGeschonden(KluisFout):
    """A sealed value was changed, or put in another place than the one it was sealed for."""
