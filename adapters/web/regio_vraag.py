"""What somebody asks of the figures, as the address says it: year, day, knowledge, part; nothing personal."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Final
from urllib.parse import urlencode

import msgspec
from fastapi import Request
from msgspec import Meta

from overstap.adapters.http.jaren import regels_van
from overstap.adapters.http.problemen import Fout, Probleem, ongeldig
from overstap.adapters.web.bezoeker import Bezoeker
from overstap.domain.kalender import Regels, datum_in_amsterdam, einde_van
from overstap.projections.cijfers import Indeling

PAD: Final = "/regio"
MATEN: Final = ("aangemeld_vmbo", "aangemeld", "voorlopig_geplaatst", "geplaatst_en_gestart", "warme_overdracht")
"""What is counted of every group, in the order of the year; the names are those of the API."""
MATEN_BIJ_MBO: Final = MATEN[2:]
"""What is counted at an MBO: there everybody is aangemeld."""
NORM_OP: Final[Mapping[str, str]] = {
    "aangemeld_vmbo": "aanmelddatum",
    "aangemeld": "aanmelddatum",
    "voorlopig_geplaatst": "voorlopig_op",
    "geplaatst_en_gestart": "meting_op",
}
"""On which date of the calendar each norm is measured."""
_EVEN: Final = timedelta(microseconds=1)
_DEEL: Final = re.compile(r"(school|mbo|gemeente|leerweg)\.([0-9A-Za-z]{2,6})")


class Regiovraag(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The choices of an address; a day stands for its end in Amsterdam, deel is a division and a group: school.99AA."""

    overstapjaar: Annotated[int, Meta(ge=2000, le=2100)] | None = None
    peildatum: date | None = None
    bekend: date | None = None
    deel: Annotated[str, Meta(pattern=f"^{_DEEL.pattern}$")] | None = None
    per: Indeling | None = None
    volgorde: Annotated[str, Meta(pattern="^[a-z_]{2,30}$")] | None = None
    vanaf: Annotated[int, Meta(ge=1, le=100_000)] | None = None
    """After how many groups a long table goes on."""

    def adres(self, pad: str = PAD, **anders: str | int | None) -> str:
        """Write the address of a page with these choices, some of them otherwise; a long table from its beginning."""
        velden = {**msgspec.to_builtins(self), "vanaf": None, **anders}
        gevuld = {naam: waarde for naam, waarde in velden.items() if waarde}
        return f"{pad}?{urlencode(gevuld)}" if gevuld else pad

    @property
    def gekozen_deel(self) -> tuple[Indeling, str] | None:
        """The division and the group in it that are chosen; None: the whole."""
        gevonden = _DEEL.fullmatch(self.deel or "")
        return (Indeling(gevonden[1]), gevonden[2]) if gevonden else None


class Blik(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked at: the rules of the year, the day, and the moment of knowledge (None: now)."""

    vraag: Regiovraag
    regels: Regels
    vandaag: date
    dag: date
    bekend: datetime | None

    @property
    def mijlpalen(self) -> list[tuple[str, date]]:
        """The dates on which a norm is measured, with their names in the calendar."""
        namen = dict.fromkeys(NORM_OP.values())
        return [(naam, getattr(self.regels.kalender, naam)) for naam in namen]


def lees_vraag(request: Request) -> Regiovraag:
    """Read the choices of an address; what was left empty is not chosen.

    Raises:
        Probleem: 400 when one of them is not of its form.

    """
    gegeven = {naam: waarde for naam, waarde in request.query_params.items() if waarde}
    try:
        return msgspec.convert(gegeven, Regiovraag, strict=False)
    except msgspec.ValidationError:
        uitleg = "Een van de keuzes in dit adres bestaat niet. Schrijf een datum als 2026-05-12, of begin bij /regio."
        raise ongeldig(Fout(plaats="query", code="ongeldig", uitleg=uitleg)) from None


def blik_van(bezoeker: Bezoeker, vraag: Regiovraag) -> Blik:
    """Say what a visitor's question looks at: the latest year, today, as known now, where he says nothing.

    Raises:
        Probleem: 404 when there is no such year.

    """
    regels, vandaag = regels_van(bezoeker.dienst, vraag.overstapjaar), datum_in_amsterdam(bezoeker.dienst.nu())
    try:
        bekend = einde_van(vraag.bekend) - _EVEN if vraag.bekend else None
        if vraag.peildatum:
            einde_van(vraag.peildatum)
    except OverflowError:
        uitleg = "Deze datum ligt te ver weg."
        raise ongeldig(Fout(plaats="query", code="ongeldig", uitleg=uitleg)) from None
    return Blik(vraag=vraag, regels=regels, vandaag=vandaag, dag=vraag.peildatum or vandaag, bekend=bekend)


def geen_deel() -> Probleem:
    """Say that there are no figures of the part that was chosen, for this visitor on this day."""
    return Probleem("niet-gevonden", "Van dit deel zijn er voor u op deze dag geen cijfers.", code="geen_deel")
