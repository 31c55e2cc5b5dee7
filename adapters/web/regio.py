"""The figures pages: where the region (or one's own organisation) stands, against norms and last year, at any date.

They read what the API reads, by the same functions: a role gets here what it gets there, rounded where it is there.
"""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from overstap.adapters.http.cijfers import eis_cijfers
from overstap.adapters.web.bezoeker import Bezoek, Bezoeker
from overstap.adapters.web.bladroute import Bladroute
from overstap.adapters.web.omlijsting import toon
from overstap.adapters.web.regio_cijfers import (
    DEELBAAR,
    Groepregel,
    achterblijvers,
    in_volgorde,
    maat_van_nu,
    neem_deel,
    noem_groep,
    procent,
)
from overstap.adapters.web.regio_gelezen import (
    Cijferbeeld,
    Stroombeeld,
    beeld_van,
    cijfers_van,
    jaar_van,
    stromen_van,
)
from overstap.adapters.web.regio_stroom import kruistabel, van_deel
from overstap.adapters.web.regio_uitvoer import cijfers_als_csv, stromen_als_csv, verloop_als_csv
from overstap.adapters.web.regio_verloop import Jaarbeeld, tabeldagen
from overstap.adapters.web.regio_vraag import (
    MATEN,
    MATEN_BIJ_MBO,
    PAD,
    Blik,
    Regiovraag,
    blik_van,
    geen_deel,
    lees_vraag,
)
from overstap.projections.cijfers import Indeling

router: Final = APIRouter(route_class=Bladroute, include_in_schema=False)
VERDELING: Final = f"{PAD}/verdeling"
DOORSTROOM: Final = f"{PAD}/doorstroom"
VERSLAG: Final = f"{PAD}/verslag"
_MBOS_APART: Final = 40
"""Of so many MBO's the page tells by itself where aanmeldingen ended; of any other when one chooses it."""
_BLADEN: Final = (("overzicht", PAD), ("verdeling", VERDELING), ("doorstroom", DOORSTROOM), ("verslag", VERSLAG))
_MATEN: Final = {indeling: MATEN_BIJ_MBO if indeling == Indeling.MBO else MATEN for indeling in Indeling}


@router.get(PAD)
async def toon_overzicht(request: Request, bezoeker: Bezoek) -> Response:
    """Show where the whole, or one part of it, stands, and how the year went."""
    blik = _blik(request, bezoeker)
    beeld, jaar = await asyncio.gather(cijfers_van(bezoeker, blik), jaar_van(bezoeker, blik, blik.vraag.gekozen_deel))
    regels = beeld.regels
    maat = maat_van_nu(blik)
    waarden = {
        "geheel": _geheel(regels),
        "deel": _deel(regels, blik),
        "delen": beeld.delen,
        "maat_nu": maat,
        "achter": achterblijvers([een for een in regels if een.indeling == Indeling.SCHOOL], maat),
    }
    return _toon("regio.html", bezoeker, blik, PAD, waarden | _jaarwaarden(jaar, blik) | _over(beeld, bezoeker))


@router.get(VERDELING)
async def toon_verdeling(request: Request, bezoeker: Bezoek) -> Response:
    """Show the figures of every group of a division."""
    blik = _blik(request, bezoeker)
    beeld = await cijfers_van(bezoeker, blik)
    regels, delen = beeld.regels, beeld.delen
    per = blik.vraag.per if blik.vraag.per in DEELBAAR else Indeling(next(iter(delen.soorten), Indeling.LEERWEG))
    volgorde = blik.vraag.volgorde if blik.vraag.volgorde in {"leerlingen", *MATEN} else "naam"
    groepen = in_volgorde([een for een in regels if een.indeling == per], volgorde)
    getoond, lijst = neem_deel(groepen, blik.vraag.vanaf)
    waarden = {
        "geheel": _geheel(regels),
        "per": per.value,
        "volgorde": volgorde,
        "groepen": getoond,
        "deellijst": lijst,
        "delen": delen,
    }
    return _toon("regio_verdeling.html", bezoeker, blik, VERDELING, waarden | _over(beeld, bezoeker))


@router.get(DOORSTROOM)
async def toon_doorstroom(request: Request, bezoeker: Bezoek) -> Response:
    """Show where pupils go, how long each status lasts and where aanmeldingen end."""
    blik = _blik(request, bezoeker)
    beeld = await stromen_van(bezoeker, blik)
    waarden = {"delen": beeld.delen}
    gekozen = blik.vraag.gekozen_deel
    if gekozen:
        if gekozen[0] not in {Indeling.SCHOOL, Indeling.MBO}:
            raise geen_deel()
        beeld = beeld_van(van_deel(beeld.blad, *gekozen))
    return _toon(
        "regio_doorstroom.html", bezoeker, blik, DOORSTROOM, waarden | _doorstroomwaarden(bezoeker, beeld, blik)
    )


@router.get(VERSLAG)
async def toon_verslag(request: Request, bezoeker: Bezoek) -> Response:
    """Show everything together, to print: for who comes together around a table."""
    blik = _blik(request, bezoeker)
    beeld, jaar, stromen = await asyncio.gather(
        cijfers_van(bezoeker, blik), jaar_van(bezoeker, blik, None), stromen_van(bezoeker, blik)
    )
    regels = beeld.regels
    waarden = {
        "geheel": _geheel(regels),
        "verdelingen": {
            indeling: neem_deel(in_volgorde([een for een in regels if een.indeling == indeling], "naam"), None)
            for indeling in reversed(beeld.delen.soorten)  # the long list of schools comes last
        },
        "nu": bezoeker.dienst.nu(),
        "delen": {},
    }
    waarden |= _jaarwaarden(jaar, blik) | _doorstroomwaarden(bezoeker, stromen, blik) | _over(beeld, bezoeker)
    return _toon("regio_verslag.html", bezoeker, blik, VERSLAG, waarden)


@router.get(f"{PAD}/cijfers.csv")
async def geef_cijfers(request: Request, bezoeker: Bezoek) -> Response:
    """Give the figures of every group as a file for a spreadsheet."""
    blik = _blik(request, bezoeker)
    return cijfers_als_csv(bezoeker, blik, (await cijfers_van(bezoeker, blik)).regels)


@router.get(f"{PAD}/doorstroom.csv")
async def geef_doorstroom(request: Request, bezoeker: Bezoek) -> Response:
    """Give the streams as a file for a spreadsheet."""
    blik = _blik(request, bezoeker)
    beeld = await stromen_van(bezoeker, blik)
    return stromen_als_csv(bezoeker, blik, beeld.blad.stromen)


@router.get(f"{PAD}/verloop.csv")
async def geef_verloop(request: Request, bezoeker: Bezoek) -> Response:
    """Give how many were in each status on every day as a file for a spreadsheet."""
    blik = _blik(request, bezoeker)
    return verloop_als_csv(bezoeker, blik, await jaar_van(bezoeker, blik, blik.vraag.gekozen_deel))


async def normen_van(bezoeker: Bezoeker) -> dict[str, Any]:
    """Give what the norms of today are filled in with on a page of their own: geheel is None when nobody is counted."""
    blik = blik_van(bezoeker, Regiovraag())
    beeld = await cijfers_van(bezoeker, blik)
    return {"geheel": _geheel(beeld.regels), "maat_nu": maat_van_nu(blik), "maten": _MATEN} | _over(beeld, bezoeker)


def _blik(request: Request, bezoeker: Bezoeker) -> Blik:
    eis_cijfers(bezoeker.actor)
    return blik_van(bezoeker, lees_vraag(request))


def _geheel(regels: Sequence[Groepregel]) -> Groepregel | None:
    """Give the line of all that the visitor gets: of who works for an MBO that of the MBO; None of nobody."""
    return next((een for een in regels if een.indeling == Indeling.REGIO), regels[0] if regels else None)


def _deel(regels: Sequence[Groepregel], blik: Blik) -> Groepregel | None:
    gekozen = blik.vraag.gekozen_deel
    if gekozen is None:
        return None
    gevonden = next((een for een in regels if (een.indeling, een.groep) == gekozen), None)
    if gevonden is None:
        raise geen_deel()
    return gevonden


def _over(beeld: Cijferbeeld, bezoeker: Bezoeker) -> dict[str, Any]:
    is_afgerond = any(blad.is_afgerond for blad in beeld.bladen)
    return {
        "is_afgerond": is_afgerond,
        "procent": partial(procent, taal=bezoeker.taal, decimalen=0 if is_afgerond else 1),
        "heeft_vorig_jaar": any(getattr(blad, maat).vorig_jaar is not None for blad in beeld.bladen for maat in MATEN),
    }


def _jaarwaarden(jaar: Jaarbeeld, blik: Blik) -> dict[str, Any]:
    return {"jaar": jaar, "tabeldagen": tabeldagen(jaar, blik)}


def _doorstroomwaarden(bezoeker: Bezoeker, beeld: Stroombeeld, blik: Blik) -> dict[str, Any]:
    mbos = sorted(beeld.per_mbo, key=bezoeker.noem)
    scholen, lijst = neem_deel(sorted(beeld.per_school), blik.vraag.vanaf)
    duur = beeld.blad.duur
    return {
        "is_afgerond": beeld.blad.is_afgerond,
        "tekening": beeld.tekening,
        "kruis": kruistabel(een for school in scholen for een in beeld.per_school[school]),
        "deellijst": lijst,
        "duur": duur,
        "langst": max((een.p90 or een.mediaan or 0 for een in duur), default=0),
        "uitval": {mbo: beeld.per_mbo[mbo] for mbo in mbos[:_MBOS_APART]},
        "meer_mbos": max(0, len(mbos) - _MBOS_APART),
        "uitval_samen": beeld.samen,
    }


def _toon(sjabloon: str, bezoeker: Bezoeker, blik: Blik, pad: str, waarden: Mapping[str, Any]) -> HTMLResponse:
    jaren = [een.overstapjaar for een in bezoeker.dienst.kaders.jaren(bezoeker.dienst.regio) if een.is_open]
    gekozen = blik.vraag.gekozen_deel
    rond = {
        "blik": blik,
        "vraag": blik.vraag,
        "jaren": sorted(jaren, reverse=True),
        "bladen": [(naam, adres, blik.vraag.adres(adres, deel=None)) for naam, adres in _BLADEN],
        "dit_blad": pad,
        "maten": _MATEN,
        "noem": bezoeker.noem,
        "van_wie": bezoeker.noem(bezoeker.actor.organisatie),
        "deelnaam": noem_groep(bezoeker, *gekozen) if gekozen else None,
    }
    return toon(sjabloon, bezoeker, "regio", blik.vraag.adres(pad), {**rond, **waarden})
