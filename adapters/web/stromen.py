"""Streams side by side on one axis of time: a pupil beside the deliveries that brought his events, or any others."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, get_args
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request
from psycopg import Cursor
from starlette.responses import Response

from overstap.adapters.http.lezen import lees_overstap
from overstap.adapters.http.overstappen import Standblad, stand_op
from overstap.adapters.http.problemen import Fout, Probleem, onbekend, ongeldig
from overstap.adapters.postgres.logboek import Vermeld, eerste_van, lees_stroom
from overstap.adapters.web.bezoeker import Bezoek, Bezoeker
from overstap.adapters.web.bladroute import Bladroute
from overstap.adapters.web.logboek import LEZERS
from overstap.adapters.web.omlijsting import toon
from overstap.adapters.web.sjabloon import feitnaam
from overstap.adapters.web.stromen_as import As, maak_as
from overstap.adapters.web.toezicht import eis_rol, leg_vast
from overstap.domain.feiten import (
    ARCHIEF,
    FeitVanAanlevering,
    FeitVanAanmelding,
    FeitVanOrganisatie,
    FeitVanOverstap,
    FeitVanProcedure,
    FeitVanWachtbak,
)
from overstap.domain.kalender import AMSTERDAM
from overstap.domain.stromen import stroom_van_organisatie, stroom_van_procedure, stroom_van_wachtbak

router: Final = APIRouter(route_class=Bladroute, include_in_schema=False)
PAD: Final = "/log/stromen"
MEESTE: Final = 12
"""Streams beside each other."""
PER_STROOM: Final = 200
_VANZELF: Final = 8
"""So many stand there when nobody chose."""
_TIJDEN: Final = ("gebeurd", "vastgelegd")
_SOORTEN: Final[Mapping[str, frozenset[type]]] = {
    "overstap": frozenset(get_args(FeitVanOverstap | FeitVanAanmelding)),
    "aanlevering": frozenset(get_args(FeitVanAanlevering)),
    "wachtbak": frozenset(get_args(FeitVanWachtbak)),
    "organisatie": frozenset(get_args(FeitVanOrganisatie)),
    "procedure": frozenset(get_args(FeitVanProcedure)),
}
_KEUS: Final = tuple(_SOORTEN)
_KLASSEN: Final = {**ARCHIEF.huidig, **ARCHIEF.oud}


class Baan(msgspec.Struct, frozen=True, kw_only=True):
    """One stream: its number beside the others, of which kind it is, what it is about, and its events, oldest first."""

    nummer: int
    stroom: UUID
    soort: str
    over: str
    gebeurtenissen: list[Vermeld]
    is_ingekort: bool


class Verwant(msgspec.Struct, frozen=True, kw_only=True):
    """A stream that has to do with those that are shown."""

    stroom: UUID
    soort: str
    over: str
    is_gekozen: bool


class Keuze(msgspec.Struct, frozen=True, kw_only=True):
    """What the address asks for; los: exactly these streams, and none that has to do with them."""

    stromen: list[UUID]
    tijd: str
    los: bool
    op: datetime | None
    bekend: datetime | None


@router.get(PAD)
async def toon_stromen(request: Request, bezoeker: Bezoek) -> Response:
    """Show streams beside each other, and where a pupil among them stood at a moment, as known at another."""
    await eis_rol(request, bezoeker, LEZERS, "stromen")
    keuze = lees_keuze(request)
    await leg_vast(request, bezoeker, "inzage", "stromen", overstappen=keuze.stromen)
    banen, verwant = await bezoeker.dienst.lees_als(bezoeker.actor, lambda cursor: _lees(cursor, bezoeker, keuze))
    if not banen:
        raise onbekend()
    toen = await _peil(request, bezoeker, banen[0], keuze)
    waarden = {
        "banen": banen,
        "verwant": verwant,
        "as": _as(bezoeker, banen, keuze),
        "gebeurtenissen": sorted(
            ((een, baan) for baan in banen for een in baan.gebeurtenissen), key=lambda paar: paar[0].positie
        ),
        "keuze": keuze,
        "tijden": _TIJDEN,
        "toen": toen,
        "posities": {een.versie: een.positie for een in banen[0].gebeurtenissen},
        "noem": bezoeker.noem,
    }
    return toon("stromen.html", bezoeker, "log", f"{PAD}?{request.url.query}", waarden)


def lees_keuze(request: Request) -> Keuze:
    """Read which streams are asked for.

    Raises:
        Probleem: 400 when the address cannot be understood.

    """
    vraag = request.query_params
    try:
        stromen = [UUID(een.strip()) for een in vraag.getlist("stroom") if een.strip()]
        op, bekend = (_moment(vraag.get(naam, "")) for naam in ("op", "bekend"))
    except ValueError:
        stromen, op, bekend = [], None, None
    tijd = vraag.get("tijd", _TIJDEN[0])
    if not 1 <= len(stromen) <= MEESTE or tijd not in _TIJDEN:
        uitleg = f"Noem een tot {MEESTE} stromen, elk met het nummer dat bij een gebeurtenis staat. Begin bij /log."
        raise ongeldig(Fout(plaats="query", code="ongeldig", uitleg=uitleg))
    return Keuze(
        stromen=list(dict.fromkeys(stromen)), tijd=tijd, los=vraag.get("los", "") == "ja", op=op, bekend=bekend
    )


def _moment(tekst: str) -> datetime | None:
    if not tekst:
        return None
    moment = datetime.fromisoformat(tekst)
    return moment if moment.tzinfo else moment.replace(tzinfo=AMSTERDAM)


def _lees(cursor: Cursor[Any], bezoeker: Bezoeker, keuze: Keuze) -> tuple[list[Baan], list[Verwant]]:
    gelezen = {stroom: lees_stroom(cursor, stroom, PER_STROOM + 1) for stroom in keuze.stromen}
    gevonden = [een for rijen in gelezen.values() for een in rijen]
    mogelijk = _verwante_stromen(bezoeker.actor.regio, gevonden)
    eersten = {een.stroom: een for een in eerste_van(cursor, [*keuze.stromen, *mogelijk])}
    stromen = [stroom for stroom in keuze.stromen if stroom in eersten]
    anderen = sorted(
        (stroom for stroom in mogelijk if stroom in eersten and stroom not in stromen),
        key=lambda stroom: _volgorde(eersten[stroom]),
    )
    if len(stromen) == 1 and not keuze.los:
        stromen += [een for een in anderen if soort_van(eersten[een]) in {"aanlevering", "wachtbak"}][: _VANZELF - 1]
    gelezen |= {stroom: lees_stroom(cursor, stroom, PER_STROOM + 1) for stroom in stromen if stroom not in gelezen}
    banen = [
        Baan(
            nummer=nummer,
            stroom=stroom,
            soort=soort_van(eersten[stroom]),
            over=_over(bezoeker, eersten[stroom]),
            gebeurtenissen=gelezen[stroom][-PER_STROOM:],
            is_ingekort=len(gelezen[stroom]) > PER_STROOM,
        )
        for nummer, stroom in enumerate(stromen, 1)
    ]
    verwant = [
        Verwant(
            stroom=stroom,
            soort=soort_van(eersten[stroom]),
            over=_over(bezoeker, eersten[stroom]),
            is_gekozen=stroom in stromen,
        )
        for stroom in dict.fromkeys([*stromen, *anderen])
    ]
    return banen, verwant


def _verwante_stromen(regio: str, gebeurtenissen: Iterable[Vermeld]) -> list[UUID]:
    """Give the streams that events name: their deliveries, the pupil, waiting messages, organisations, and the rules.

    Some of these do not exist, or not for the reader.
    """
    leveringen, zelf, wachtbak, overige = [], [], [], []
    for een in gebeurtenissen:
        inhoud = een.inhoud
        if een.correlatie is not None:
            leveringen.append(een.correlatie)
        if "overstap" in inhoud:
            zelf.append(UUID(inhoud["overstap"]))
        if inhoud.get("keten_id") and inhoud.get("brin"):
            wachtbak.append(stroom_van_wachtbak(regio, inhoud["brin"], inhoud["keten_id"]))
        overige += [
            stroom_van_organisatie(regio, inhoud[veld]) for veld in ("school", "brin", "gemeente") if inhoud.get(veld)
        ]
        if "overstapjaar" in inhoud:
            overige.append(stroom_van_procedure(regio, int(inhoud["overstapjaar"])))
    return list(dict.fromkeys([*zelf, *leveringen, *wachtbak, *overige]))


def soort_van(een: Vermeld) -> str:
    """Tell of which kind the stream of an event is."""
    klasse = _KLASSEN.get(een.feit)
    return next((soort for soort, klassen in _SOORTEN.items() if klasse in klassen), "stroom")


def _volgorde(eerste: Vermeld) -> tuple[int, int]:
    """Put streams in order: each kind together, as they began."""
    soort = soort_van(eerste)
    return _KEUS.index(soort) if soort in _KEUS else len(_KEUS), eerste.positie


def _over(bezoeker: Bezoeker, eerste: Vermeld) -> str:
    """Say what a stream is about, without naming a person."""
    match soort_van(eerste):
        case "overstap":
            return str(eerste.stroom)[:8]
        case "organisatie":
            return bezoeker.noem(str(eerste.inhoud.get("code", eerste.organisatie)))
        case "procedure":
            regels = eerste.inhoud.get("regels", {})
            return str(eerste.inhoud.get("overstapjaar") or regels.get("overstapjaar") or eerste.procedure or "")
        case "aanlevering":
            return f"{bezoeker.taal.kort(eerste.vastgelegd_op)}, {bezoeker.noem(eerste.organisatie)}"
        case _:
            return bezoeker.noem(eerste.organisatie)


def _as(bezoeker: Bezoeker, banen: Sequence[Baan], keuze: Keuze) -> As:
    is_gebeurd = keuze.tijd == "gebeurd"
    momenten = [
        [
            (
                een.gebeurd_op if is_gebeurd else een.vastgelegd_op,
                een.positie,
                feitnaam(een.feit),
            )
            for een in baan.gebeurtenissen
        ]
        for baan in banen
    ]
    return maak_as(bezoeker.taal, momenten, keuze.op if is_gebeurd else keuze.bekend)


async def _peil(request: Request, bezoeker: Bezoeker, baan: Baan, keuze: Keuze) -> Standblad | str | None:
    """Give where the pupil of the first stream stood; a sentence when nobody knew of him, None when nobody asks."""
    if baan.soort != "overstap" or (keuze.op is None and keuze.bekend is None):
        return None
    gezien = await lees_overstap(request, bezoeker.dienst, baan.stroom, bezoeker.actor, als="peiling")
    nu = bezoeker.dienst.nu()
    try:
        return stand_op(gezien, bezoeker.actor, keuze.op or nu, keuze.bekend or nu)
    except Probleem:
        return bezoeker.taal("leerling.toen_onbekend")
