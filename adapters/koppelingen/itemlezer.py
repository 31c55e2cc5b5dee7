"""Items of a koppeling's JSON, found one by one in constant memory, and read tolerantly where nothing is in doubt."""

import codecs
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from overstap.adapters.koppelingen import fouten
from overstap.adapters.koppelingen.regels import LANGSTE_REGEL
from overstap.domain.weigering import Weigering

_ENVELOP = re.compile(
    r"""\{\s*(?:"[^"\\]*"\s*:\s*(?:"(?:[^"\\]|\\.)*"|[-+.\w]+|\{[^{}]*\}|\[[^][{}]*\])\s*,\s*)*"aanmeldingen"\s*:\s*\[""",
)
"""An object that carries the items in an array, up to that array's bracket."""
_VOLGEND_ITEM = re.compile(r"""\{\s*"(?:\$type|ketenId)"\s*:""")
"""Where an item begins for sure: here reading resumes after one that cannot be read."""
_KOMMA_TE_VEEL = re.compile(r"""("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])""")
_NIET_UTF8 = re.compile("[\udc80-\udcff]")
_TUSSEN = re.compile(r"[\s,]*")
_HAKEN = re.compile(r"""[{}\[\]"]""")
_HAAK = re.compile(r"[{\[\]}]")
_IN_TEKST = re.compile(r"""["\\]""")
_WAARDE = re.compile(r"""[^{}\[\]\n]+""")
_decodeer = json.JSONDecoder().raw_decode


class Item(NamedTuple):
    """One item: the line on which it begins, its text, and what was read of it, or why it could not be."""

    nummer: int
    ruw: bytes
    inhoud: Any


def _niet_snel(_tekst: str) -> None:
    """Read nothing in one go."""


class _Haken:
    """Counts brackets outside strings, over as many pieces as it takes."""

    def __init__(self) -> None:
        self.diepte = 0
        self.in_tekst = False

    def einde(self, tekst: str, plek: int) -> tuple[int, bool]:
        """Go on from plek; give how far it came, and whether the bracket that was opened first is closed there."""
        while True:
            gevonden = (_IN_TEKST if self.in_tekst else _HAKEN).search(tekst, plek)
            if gevonden is None:
                return len(tekst), False
            teken, plek = gevonden.group(), gevonden.end()
            if teken == "\\":
                if plek == len(tekst):
                    return plek - 1, False
                plek += 1
            elif teken == '"':
                self.in_tekst = not self.in_tekst
            elif teken in "{[":
                self.diepte += 1
            else:
                self.diepte -= 1
                if self.diepte <= 0:
                    return plek, True


class _Bron:
    """The text of a file, of which only what is being read is in memory."""

    def __init__(self, delen: Iterable[bytes]) -> None:
        self._delen = iter(delen)
        self._decodeer = codecs.getincrementaldecoder("utf-8-sig")("surrogateescape").decode
        self.tekst = ""
        self.plek = 0
        self.regel = 1
        self.is_uit = False

    def lees_door(self) -> bool:
        """Drop what was read and add a piece; False at the end of the file."""
        if self.is_uit:
            return False
        stuk = next(self._delen, b"")
        self.is_uit = not stuk
        self.tekst = self.tekst[self.plek :] + self._decodeer(stuk, self.is_uit)
        self.plek = 0
        return True

    def ga_naar(self, plek: int) -> None:
        """Move forward, counting lines."""
        self.regel += self.tekst.count("\n", self.plek, plek)
        self.plek = plek

    def volgend_teken(self) -> str:
        """Give the next character that is no white space or comma, without moving past it; empty at the end."""
        while True:
            gevonden = _TUSSEN.match(self.tekst, self.plek)
            self.ga_naar(gevonden.end() if gevonden else self.plek)
            if self.plek < len(self.tekst):
                return self.tekst[self.plek]
            if not self.lees_door():
                return ""


def lees_items(delen: Iterable[bytes], lees_snel: Callable[[str], object] = _niet_snel) -> Iterator[Item]:
    """Give every item: of the array `aanmeldingen`, of a bare array, or one after another.

    lees_snel reads the text of an item that stands on one line in one go, or gives None: then it is read in full.
    An item that cannot be read is refused alone. When the file ends inside an item or an array, the last Item says so.
    """
    bron = _Bron(delen)
    in_reeks = is_envelop = is_afgebroken = False
    is_begin = True  # an envelope stands at the beginning, or after another one
    while teken := bron.volgend_teken():
        if teken in "[]}":
            in_reeks = teken == "[" or (in_reeks and teken == "}")
            bron.ga_naar(bron.plek + 1)
        elif teken == "{" and is_begin and not in_reeks and (einde := _envelop(bron)):
            in_reeks = is_envelop = True
            bron.ga_naar(einde)
        elif teken == "{":
            item = _lees_op_een_regel(bron, lees_snel) or _lees_item(bron, in_reeks=in_reeks)
            is_afgebroken, is_begin = item.inhoud is fouten.AFGEBROKEN, is_envelop
            yield item
        elif is_envelop and not in_reeks:
            _sla_rest_van_envelop_over(bron)
        else:
            yield _lees_waarde(bron)
    if in_reeks and not is_afgebroken:
        yield Item(bron.regel, b"", fouten.AFGEBROKEN)


def _envelop(bron: _Bron) -> int | None:
    """Give where the array of an envelope begins, None when this object is an item itself."""
    while len(bron.tekst) - bron.plek < LANGSTE_REGEL and bron.lees_door():
        pass
    gevonden = _ENVELOP.match(bron.tekst, bron.plek)
    return gevonden.end() if gevonden else None


def _lees_op_een_regel(bron: _Bron, lees_snel: Callable[[str], object]) -> Item | None:
    einde = bron.tekst.find("\n", bron.plek, bron.plek + LANGSTE_REGEL)
    if einde < 0:
        return None
    tekst = bron.tekst[bron.plek : einde].rstrip("\r ,")
    inhoud = lees_snel(tekst)
    ruw = _bytes(tekst)
    if inhoud is None or len(ruw) > LANGSTE_REGEL:
        return None
    bron.plek = einde
    return Item(bron.regel, ruw, inhoud)


def _lees_item(bron: _Bron, *, in_reeks: bool) -> Item:
    regel, begin = bron.regel, bron.plek
    try:
        inhoud, einde = _decodeer(bron.tekst, begin)
    except (ValueError, RecursionError):
        return _lees_lastig_item(bron, in_reeks=in_reeks)
    ruw = bron.tekst[begin:einde]
    bron.ga_naar(einde)
    return Item(regel, _bytes(ruw), _beoordeeld(inhoud, ruw))


def _beoordeeld(inhoud: Any, ruw: str) -> dict[str, Any] | Weigering:  # noqa: ANN401  # whatever JSON holds
    if len(ruw) * 3 > LANGSTE_REGEL and len(_bytes(ruw)) > LANGSTE_REGEL:
        return fouten.REGEL_TE_LANG
    if not ruw.isascii() and _NIET_UTF8.search(ruw):
        return fouten.CODERING_ONGELDIG
    return inhoud if isinstance(inhoud, dict) else fouten.REGEL_ONLEESBAAR


def _lees_lastig_item(bron: _Bron, *, in_reeks: bool) -> Item:
    """Read an item that is not complete in memory, or no strict JSON: find its end by its brackets."""
    regel, haken, gezien = bron.regel, _Haken(), bron.plek
    while True:
        gezien, is_klaar = haken.einde(bron.tekst, gezien)
        if is_klaar or gezien - bron.plek > LANGSTE_REGEL:
            break
        al_gelezen = gezien - bron.plek
        if not bron.lees_door():
            break
        gezien = bron.plek + al_gelezen
    ruw = bron.tekst[bron.plek : gezien]
    inhoud = _hersteld(ruw) if is_klaar else None
    if inhoud is not None:
        bron.ga_naar(gezien)
        return Item(regel, _bytes(ruw), _beoordeeld(inhoud, ruw))
    volgend = _VOLGEND_ITEM.search(bron.tekst, bron.plek + 1, gezien)
    if volgend:
        ruw = bron.tekst[bron.plek : volgend.start()]
        bron.ga_naar(volgend.start())
        return Item(regel, _bytes(ruw), fouten.REGEL_ONLEESBAAR)
    bron.ga_naar(gezien)
    if is_klaar:
        return Item(regel, _bytes(ruw), fouten.REGEL_ONLEESBAAR)
    if bron.is_uit and gezien == len(bron.tekst) and len(ruw) <= LANGSTE_REGEL:
        is_hele_regel = not in_reeks and ruw.endswith("\n")
        return Item(regel, _bytes(ruw), fouten.REGEL_ONLEESBAAR if is_hele_regel else fouten.AFGEBROKEN)
    _sla_over(bron, haken)
    return Item(regel, _bytes(ruw), fouten.REGEL_TE_LANG)


def _sla_over(bron: _Bron, haken: _Haken) -> None:
    """Skip the rest of an item that is too long, up to its end or to where another one begins for sure."""
    while True:
        einde, is_klaar = haken.einde(bron.tekst, bron.plek)
        volgend = _VOLGEND_ITEM.search(bron.tekst, bron.plek, einde)
        bron.ga_naar(volgend.start() if volgend else einde)
        if volgend or is_klaar or not bron.lees_door():
            return


def _lees_waarde(bron: _Bron) -> Item:
    """Read something in the array that is no item."""
    regel, begin = bron.regel, bron.plek
    gevonden = _WAARDE.match(bron.tekst, begin)
    einde = min(gevonden.end() if gevonden else begin + 1, begin + LANGSTE_REGEL)
    ruw = bron.tekst[begin:einde]
    bron.ga_naar(einde)
    return Item(regel, _bytes(ruw), fouten.REGEL_ONLEESBAAR)


def _sla_rest_van_envelop_over(bron: _Bron) -> None:
    """Skip what an envelope says after its items."""
    haken = _HAAK.search(bron.tekst, bron.plek)
    bron.ga_naar(haken.start() if haken else len(bron.tekst))


def _hersteld(ruw: str) -> dict[str, Any] | None:
    """Read an item that has commas too many; None when that is not what is wrong with it."""
    try:
        inhoud = json.loads(_KOMMA_TE_VEEL.sub(lambda gevonden: gevonden.group(1) or "", ruw))
    except (ValueError, RecursionError):
        return None
    return inhoud if isinstance(inhoud, dict) else None


def _bytes(tekst: str) -> bytes:
    return tekst.encode("utf-8", "surrogateescape")
