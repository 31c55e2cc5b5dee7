"""Records of a CSV file as a school's administration exports it, one by one, resuming after what cannot be read."""

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from overstap.adapters.koppelingen import fouten
from overstap.adapters.koppelingen.regels import LANGSTE_REGEL, Bronregel
from overstap.adapters.koppelingen.vooronderzoek import BOM, ontcijfer
from overstap.domain.weigering import Weigering

MEESTE_REGELS = 20
"""Over how many physical lines one quoted record may run; a stray quotation mark must not swallow the file."""
_ONAF = "unexpected end of data"
csv.field_size_limit(2 * LANGSTE_REGEL)


class Regel(NamedTuple):
    """One line as delivered: its number, its bytes, and what was read of it, or why it could not be."""

    nummer: int
    ruw: bytes
    inhoud: "Mapping[str, Any] | bytes | Weigering"


class Kop(NamedTuple):
    """The header as delivered, what separates the columns, and our name of each (None: unknown, not read)."""

    ruw: bytes
    scheiding: str
    kolommen: tuple[str | None, ...]


def genormaliseerd(kolom: str) -> str:
    """Write a header name as names are matched: without regard to case, spaces, dots, hyphens and underscores."""
    return re.sub(r"[\s._-]", "", kolom).lower()


def lees_kop(regel: Bronregel, codering: str, namen: Mapping[str, str]) -> Kop | Weigering:
    """Read the header; namen gives our name of each normalised header name."""
    tekst = ontcijfer(regel.inhoud.removeprefix(BOM), codering)
    if tekst is None:
        return fouten.CODERING_ONGELDIG
    scheiding = max(";,\t", key=tekst.count)
    velden = _ontleed(tekst, scheiding)
    if not isinstance(velden, list):
        return fouten.REGEL_ONLEESBAAR
    return Kop(regel.inhoud, scheiding, tuple(namen.get(genormaliseerd(veld)) for veld in velden))


def lees_records(bronregels: Iterable[Bronregel], kop: Kop, codering: str) -> Iterator[Regel]:
    """Give every record after the header; an empty line is skipped.

    A quoted field may run over several lines. Where that leads to nothing, the first of these lines alone is refused,
    and reading goes on with the second.
    """
    wachtrij: deque[Bronregel] = deque()
    bron = iter(bronregels)
    while True:
        regel = wachtrij.popleft() if wachtrij else next(bron, None)
        if regel is None:
            return
        if regel.is_te_lang:
            yield Regel(regel.nummer, regel.inhoud, fouten.REGEL_TE_LANG)
            continue
        if not regel.inhoud.strip():
            continue
        gelezen = _lees(regel.inhoud, kop, codering)
        if gelezen is None:
            gelezen, ruw = _over_meer_regels(regel, wachtrij, bron, kop, codering)
            yield Regel(regel.nummer, ruw, gelezen)
        elif isinstance(gelezen, Weigering) and not regel.is_af:
            yield Regel(regel.nummer, regel.inhoud, fouten.AFGEBROKEN)
        else:
            yield Regel(regel.nummer, regel.inhoud, gelezen)


def _over_meer_regels(
    eerste: Bronregel, wachtrij: deque[Bronregel], bron: Iterator[Bronregel], kop: Kop, codering: str
) -> tuple[Mapping[str, str] | Weigering, bytes]:
    ruw, is_af = eerste.inhoud, eerste.is_af
    erbij: list[Bronregel] = []
    while len(erbij) < MEESTE_REGELS:
        volgende = wachtrij.popleft() if wachtrij else next(bron, None)
        if volgende is None:
            break
        erbij.append(volgende)
        is_af = volgende.is_af
        ruw += b"\n" + volgende.inhoud
        if volgende.is_te_lang or len(ruw) > LANGSTE_REGEL:
            break
        gelezen = _lees(ruw, kop, codering)
        if gelezen is not None and not isinstance(gelezen, Weigering):
            return gelezen, ruw
    wachtrij.extendleft(reversed(erbij))
    is_einde = not erbij and not is_af
    return (fouten.AFGEBROKEN if is_einde else fouten.REGEL_ONLEESBAAR), eerste.inhoud


def _lees(inhoud: bytes, kop: Kop, codering: str) -> Mapping[str, str] | Weigering | None:
    """Read one record; None when a quotation mark is still open."""
    tekst = ontcijfer(inhoud, codering)
    if tekst is None:
        return fouten.CODERING_ONGELDIG
    velden = _ontleed(tekst, kop.scheiding)
    if not isinstance(velden, list):
        return velden
    if len(velden) < len(kop.kolommen) or any(velden[len(kop.kolommen) :]):
        return fouten.REGEL_ONLEESBAAR
    return {kolom: veld.strip() for kolom, veld in zip(kop.kolommen, velden, strict=False) if kolom}


def _ontleed(tekst: str, scheiding: str) -> list[str] | Weigering | None:
    if '"' not in tekst:
        return tekst.split(scheiding)
    try:
        return next(csv.reader((tekst,), delimiter=scheiding, strict=True))
    except csv.Error as fout:
        return None if str(fout) == _ONAF else fouten.REGEL_ONLEESBAAR
    except StopIteration:
        return fouten.REGEL_ONLEESBAAR
