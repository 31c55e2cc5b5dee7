"""Lines of a delivered file, one by one in constant memory, however long a line claims to be."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

LANGSTE_REGEL = 65_536
"""How many bytes one line, record or item may have."""
STUK = 1 << 18
"""How many bytes are read at a time."""


class Bronregel(NamedTuple):
    """One physical line without its end; of a line that is too long the first LANGSTE_REGEL bytes.

    is_af tells whether an end of line followed: the last line of a file may have none.
    """

    nummer: int
    inhoud: bytes
    is_af: bool = True
    is_te_lang: bool = False


def stukken(bestand: BinaryIO) -> Iterator[bytes]:
    """Read a file piece by piece."""
    while stuk := bestand.read(STUK):
        yield stuk


def bronregels(delen: Iterable[bytes], einde: bytes = b"\n") -> Iterator[Bronregel]:
    """Cut pieces of a file into lines; einde is LF (a CR before it is dropped) or, for old files, CR."""
    nummer, rest, is_te_lang = 1, b"", False
    for deel in delen:
        *hele, staart = deel.split(einde)
        for regel in hele:
            inhoud = (rest + regel if rest else regel).removesuffix(b"\r")
            if is_te_lang or len(inhoud) > LANGSTE_REGEL:
                yield Bronregel(nummer, inhoud[:LANGSTE_REGEL], is_te_lang=True)
            else:
                yield Bronregel(nummer, inhoud)
            nummer, rest, is_te_lang = nummer + 1, b"", False
        if not is_te_lang:
            rest += staart
            if len(rest) > LANGSTE_REGEL + 1:
                rest, is_te_lang = rest[:LANGSTE_REGEL], True
    if rest:
        yield Bronregel(nummer, rest.removesuffix(b"\r"), is_af=False, is_te_lang=is_te_lang)
