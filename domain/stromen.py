"""The ids of streams that have a natural name: derived from it, so that two processes meet in the same stream."""

from uuid import UUID, uuid5

_RUIMTE = UUID("6f0a8f4e-3a86-5d52-9d35-0c1c2b7a2f10")
"""Our namespace; changing it would orphan every organisation, procedure, delivery and wachtbak item in the archive."""


def _stroom(*delen: str) -> UUID:
    return uuid5(_RUIMTE, "/".join(delen))


def stroom_van_organisatie(regio: str, code: str) -> UUID:
    """Give the stream of one organisation, by BRIN (four characters), gemeentecode, SWV code or the region's code."""
    return _stroom("organisatie", regio, code)


def stroom_van_procedure(regio: str, overstapjaar: int) -> UUID:
    """Give the stream that holds the rules of one overstapjaar."""
    return _stroom("procedure", regio, str(overstapjaar))


def stroom_van_wachtbak(regio: str, brin: str, keten_id: str) -> UUID:
    """Give the stream of the messages about one unknown pupil's aanmelding."""
    return _stroom("wachtbak", regio, brin, keten_id)


def stroom_van_aanlevering(regio: str, namens: str, rol: str, vingerafdruk: str) -> UUID:
    """Give the stream of one delivery: the same bytes from the same deliverer are the same delivery."""
    return _stroom("aanlevering", regio, namens, rol, vingerafdruk)
