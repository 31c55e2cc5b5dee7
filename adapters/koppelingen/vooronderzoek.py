"""A first pass over a delivered file: what it is, how it is written, and the fingerprint by which it is known again."""

import re
from enum import StrEnum
from pathlib import Path

import msgspec

from overstap.adapters.koppelingen import fouten
from overstap.adapters.koppelingen.regels import stukken
from overstap.adapters.vault import Kluis
from overstap.domain.weigering import Weigering

BOM = b"\xef\xbb\xbf"
_JSON = frozenset({".json", ".ndjson", ".jsonl"})
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BEGIN = 65_536
_KENMERK = 1_024
"""Within so many bytes a file that is no text shows a NUL; further on it is one bad line."""
_BUITEN_ASCII = re.compile(rb"[\x80-\xff]+")
_LANGSTE_REEKS = 1_024


class Soort(StrEnum):
    """What can be delivered; stored with each delivery, so changing a name changes the archive."""

    ORGANISATIES = "organisaties"
    PARAMETERS = "parameters"
    LEERLINGEN = "leerlingen"
    KOPPELING = "koppeling"
    STAPPEN = "stappen"


class Bestand(msgspec.Struct, frozen=True, kw_only=True):
    """What the first pass found: size (bytes), keyed hash of all bytes (hex), encoding, end of line.

    gebrek is why nothing of the file can be read, None when it can.
    """

    pad: Path
    omvang: int
    vingerafdruk: str
    codering: str
    regeleinde: bytes
    soort: Soort | None
    gebrek: Weigering | None


class _Telling:
    """What is counted while the file streams past."""

    def __init__(self) -> None:
        self.omvang = 0
        self.begin = b""
        self.heeft_lf = False
        self.utf8 = 0
        self.geen_utf8 = 0
        self._rest = b""

    def tel(self, stuk: bytes) -> None:
        self.omvang += len(stuk)
        if len(self.begin) < _BEGIN:
            self.begin += stuk[: _BEGIN - len(self.begin)]
        self.heeft_lf = self.heeft_lf or b"\n" in stuk
        if not self._rest and stuk.isascii():
            return
        stuk = self._rest + stuk
        self._rest = b""
        for gevonden in _BUITEN_ASCII.finditer(stuk):
            if gevonden.end() == len(stuk) and len(gevonden.group()) < _LANGSTE_REEKS:
                self._rest = gevonden.group()  # a letter may be cut in two here
            else:
                self._tel_reeks(gevonden.group())

    def sluit_af(self) -> None:
        if self._rest:
            self._tel_reeks(self._rest)

    def _tel_reeks(self, reeks: bytes) -> None:
        try:
            reeks.decode("utf-8")
        except UnicodeDecodeError:
            self.geen_utf8 += 1
        else:
            self.utf8 += 1


def onderzoek(pad: Path, kluis: Kluis, soort: Soort | None = None) -> Bestand:
    """Read a file once, in constant memory; soort is what the deliverer says it is, None to find out.

    Raises:
        OSError: when the file cannot be opened or read.

    """
    telling, vingerafdruk = _Telling(), kluis.begin_vingerafdruk()
    with pad.open("rb") as bestand:
        for stuk in stukken(bestand):
            vingerafdruk.update(stuk)
            telling.tel(stuk)
    telling.sluit_af()
    gebrek = _gebrek(telling)
    gevonden = soort or (None if gebrek else herken(pad.name, telling.begin))
    return Bestand(
        pad=pad,
        omvang=telling.omvang,
        vingerafdruk=vingerafdruk.hexdigest(),
        codering=_codering(telling),
        regeleinde=b"\n" if telling.heeft_lf or b"\r" not in telling.begin else b"\r",
        soort=gevonden,
        gebrek=gebrek or (None if gevonden else fouten.SOORT_ONBEKEND),
    )


def _gebrek(telling: _Telling) -> Weigering | None:
    if not telling.begin.removeprefix(BOM).strip() and telling.omvang <= _BEGIN:
        return fouten.BESTAND_LEEG
    if telling.begin.startswith(_UTF16):
        return fouten.BESTAND_UTF16
    return fouten.BESTAND_BINAIR if b"\0" in telling.begin[:_KENMERK] else None


def _codering(telling: _Telling) -> str:
    """Choose once for the whole file: a stray byte in a UTF-8 file must not turn every name in it into another."""
    if telling.begin.startswith(BOM) or telling.geen_utf8 == 0 or telling.utf8 > telling.geen_utf8:
        return "utf-8"
    return "cp1252"


def ontcijfer(inhoud: bytes, codering: str) -> str | None:
    """Read a line in the file's encoding; None when it is not written in it, or holds a NUL."""
    if b"\0" in inhoud:
        return None
    try:
        return inhoud.decode(codering)
    except UnicodeDecodeError:
        return None


def herken(naam: str, begin: bytes) -> Soort | None:
    """Tell what a file is, by how it begins and, where that leaves a doubt, by its name; None when nothing fits."""
    achtervoegsel = Path(naam).suffix.lower()
    tekst = begin.removeprefix(BOM).decode("utf-8", "replace").lstrip()
    if achtervoegsel == ".toml":
        return Soort.PARAMETERS
    if achtervoegsel in _JSON or (tekst.startswith(("{", "[")) and achtervoegsel != ".csv"):
        return _herken_json(tekst, achtervoegsel)
    kop = tekst.partition("\n")[0].lower()
    if "=" in kop.partition(";")[0].partition(",")[0]:
        return Soort.PARAMETERS
    if "regel" in kop and "code" in kop:
        return Soort.ORGANISATIES
    return Soort.LEERLINGEN if ";" in kop or "," in kop else None


def _herken_json(tekst: str, achtervoegsel: str) -> Soort:
    """Tell steps from items by a word that each must have; a doubt is settled by the name."""
    if tekst.startswith("[kalender]"):
        return Soort.PARAMETERS
    if '"wijzigingsvolgnummer"' in tekst:
        return Soort.KOPPELING
    if '"verzoek"' in tekst:
        return Soort.STAPPEN
    return Soort.KOPPELING if achtervoegsel == ".json" else Soort.STAPPEN
