"""What can go wrong for a notary and for who asks for a proof, each with a sentence that says what to do."""


class BewijsFout(Exception):
    """The proof that was asked for cannot be given; the message says why, and what to do."""


class NotarisWeigert(BewijsFout):
    """The notary does not sign: what it would vouch for is not right."""
