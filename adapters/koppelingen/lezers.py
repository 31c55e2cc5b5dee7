"""How each kind of file is read: one line, record or item at a time, with its number and its bytes."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import BinaryIO

import msgspec

from overstap.adapters.koppelingen import fouten, leerlingen, organisaties
from overstap.adapters.koppelingen.csvlezer import Regel, lees_kop, lees_records
from overstap.adapters.koppelingen.geweigerd import Bewaarder
from overstap.adapters.koppelingen.itemlezer import lees_items
from overstap.adapters.koppelingen.koppelitem import lees_snel
from overstap.adapters.koppelingen.regels import Bronregel, bronregels, stukken
from overstap.adapters.koppelingen.vooronderzoek import BOM, Bestand, Soort
from overstap.domain.weigering import Weigering

LANGSTE_TOML = 1 << 20


def lees(open_bestand: BinaryIO, bestand: Bestand, soort: Soort, bewaarder: Bewaarder) -> Iterator[Regel]:
    """Give the lines of a file, in constant memory; the bewaarder gets the header, where there is one."""
    match soort:
        case Soort.ORGANISATIES:
            return _lees_csv(open_bestand, bestand, bewaarder, organisaties.KOLOMMEN, organisaties.VERPLICHT)
        case Soort.LEERLINGEN:
            return _lees_csv(open_bestand, bestand, bewaarder, leerlingen.KOLOMMEN, leerlingen.VERPLICHT)
        case Soort.KOPPELING:
            return (Regel(*item) for item in lees_items(stukken(open_bestand), lees_snel))
        case Soort.STAPPEN:
            return _lees_ndjson(open_bestand)
        case Soort.PARAMETERS:
            return _lees_in_een_keer(open_bestand)


def _lees_csv(
    open_bestand: BinaryIO, bestand: Bestand, bewaarder: Bewaarder, namen: Mapping[str, str], verplicht: Sequence[str]
) -> Iterator[Regel]:
    bron = bronregels(stukken(open_bestand), bestand.regeleinde)
    eerste = next((regel for regel in bron if not _is_voorloop(regel)), None)
    if eerste is None:
        return
    kop = fouten.REGEL_TE_LANG if eerste.is_te_lang else lees_kop(eerste, bestand.codering, namen)
    if not isinstance(kop, Weigering):
        ontbreekt = next((kolom for kolom in verplicht if kolom not in kop.kolommen), None)
        if ontbreekt is None:
            bewaarder.kop(kop.ruw)
            yield from lees_records(bron, kop, bestand.codering)
            return
        kop = fouten.veld_ontbreekt(ontbreekt)
    yield Regel(eerste.nummer, eerste.inhoud, kop)


def _is_voorloop(regel: Bronregel) -> bool:
    """Tell whether a line comes before the header: empty, or the `sep=;` of a spreadsheet."""
    return not regel.inhoud.removeprefix(BOM).strip() or regel.inhoud.removeprefix(BOM).lower().startswith(b"sep=")


def _lees_ndjson(open_bestand: BinaryIO) -> Iterator[Regel]:
    for regel in bronregels(chain(stukken(open_bestand))):
        inhoud = regel.inhoud.removeprefix(BOM) if regel.nummer == 1 else regel.inhoud
        if not inhoud.strip():
            continue
        if regel.is_te_lang:
            yield Regel(regel.nummer, inhoud, fouten.REGEL_TE_LANG)
        elif not _is_utf8(inhoud):
            yield Regel(regel.nummer, inhoud, fouten.CODERING_ONGELDIG)
        elif not regel.is_af and not _is_json(inhoud):
            yield Regel(regel.nummer, inhoud, fouten.AFGEBROKEN)
        else:
            yield Regel(regel.nummer, inhoud, inhoud)


def _is_utf8(inhoud: bytes) -> bool:
    try:
        inhoud.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_json(inhoud: bytes) -> bool:
    try:
        msgspec.json.decode(inhoud)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _lees_in_een_keer(open_bestand: BinaryIO) -> Iterator[Regel]:
    inhoud = open_bestand.read(LANGSTE_TOML + 1)
    yield Regel(1, inhoud, fouten.REGEL_TE_LANG if len(inhoud) > LANGSTE_TOML else inhoud)
