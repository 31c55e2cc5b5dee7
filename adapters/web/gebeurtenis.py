"""One event as the auditor reads it: all that the log keeps of it, what caused it and what it caused, and its proof."""

from collections.abc import Collection, Mapping
from typing import Any, Final, get_args
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request
from psycopg import Cursor
from starlette.responses import Response

from overstap.adapters.bewijs.aantonen import toon_inclusie
from overstap.adapters.bewijs.overzicht import bewijsstand
from overstap.adapters.http.kijker import VAN_EEN_LEERLING
from overstap.adapters.http.problemen import onbekend
from overstap.adapters.http.reden import keur_reden
from overstap.adapters.postgres.logboek import Vermeld, gevolgen_van, lees_op, lees_van, samen_met
from overstap.adapters.web.bezoeker import Bezoek, Bezoeker, lees_formulier
from overstap.adapters.web.bladroute import Bladroute
from overstap.adapters.web.logboek import LEZERS, PAD
from overstap.adapters.web.omlijsting import toon
from overstap.adapters.web.toezicht import als_audit, als_bestand, eis_rol, leg_vast
from overstap.domain.feiten import ARCHIEF, FeitVanAanlevering
from overstap.domain.feiten.overstap import GebeurtenisHerzien
from overstap.statemachine.feitzicht import verzegelde_velden

router: Final = APIRouter(route_class=Bladroute, include_in_schema=False)
ADRES: Final = f"{PAD}/{{positie:int}}"
_LANGSTE: Final = 20
_LANGSTE_POSITIE: Final = 2**62
_SOORTEN: Final = {**ARCHIEF.huidig, **ARCHIEF.oud}
_VAN_AANLEVERING: Final = frozenset(get_args(FeitVanAanlevering))


class Knoop(msgspec.Struct, frozen=True, kw_only=True):
    """A value of a fact in its tree; soort is tak (of kinderen), waarde, verzegeld, or reden (shown with a reason)."""

    sleutel: str
    soort: str
    waarde: str = ""
    kinderen: list["Knoop"] = []


class Omgeving(msgspec.Struct, frozen=True, kw_only=True):
    """What stands around an event: what caused it, what it caused, what was recorded with it, and its neighbours."""

    oorzaak: Vermeld | None
    gevolgen: list[Vermeld]
    samen: list[Vermeld]
    vorige: Vermeld | None
    volgende: Vermeld | None
    aanlevering: Vermeld | None
    herziet: Vermeld | None


@router.get(ADRES)
async def toon_gebeurtenis(request: Request, bezoeker: Bezoek, positie: int) -> Response:
    """Show an event."""
    return await _toon(request, bezoeker, positie, None)


@router.post(ADRES)
async def toon_gebeurtenis_met_reden(request: Request, bezoeker: Bezoek, positie: int) -> Response:
    """Show it with the fields that need a reason; what is sealed stays so."""
    velden = await lees_formulier(request, bezoeker)
    await eis_rol(request, bezoeker, LEZERS, "gebeurtenis")
    return await _toon(request, bezoeker, positie, keur_reden(velden.get("reden", "")))


@router.get(f"{ADRES}/bewijs")
async def geef_bewijs(request: Request, bezoeker: Bezoek, positie: int) -> Response:
    """Give the proof of an event under the last checkpoint, as `overstap audit proof` does."""
    await eis_rol(request, bezoeker, LEZERS, "gebeurtenis")
    wat = await _lees(bezoeker, positie, None)
    await leg_vast(request, bezoeker, "audit_bewijs", "log", overstappen=[leerling_van(wat)])
    bewijs = await als_audit(bezoeker, lambda verbinding: toon_inclusie(verbinding, positie))
    return als_bestand(msgspec.json.encode(bewijs), f"bewijs-{positie}.json")


async def _lees(bezoeker: Bezoeker, positie: int, reden: str | None) -> Vermeld:
    if not 1 <= positie <= _LANGSTE_POSITIE:
        raise onbekend()
    wat = await bezoeker.dienst.lees_als(bezoeker.actor, lambda cursor: lees_op(cursor, positie), reden)
    if wat is None:
        raise onbekend()
    return wat


async def _toon(request: Request, bezoeker: Bezoeker, positie: int, reden: str | None) -> Response:
    await eis_rol(request, bezoeker, LEZERS, "gebeurtenis")
    wat = await _lees(bezoeker, positie, reden)
    await leg_vast(request, bezoeker, "inzage", "gebeurtenis", overstappen=[leerling_van(wat)], reden=reden)
    rondom = await bezoeker.dienst.lees_als(bezoeker.actor, lambda cursor: _omgeving(cursor, wat), reden)
    stand = await als_audit(bezoeker, lambda verbinding: bewijsstand(verbinding, positie))
    waarden = {
        "wat": wat,
        "rondom": rondom,
        "stand": stand,
        "boom": boom_van(wat, stand.velden),
        "reden": reden,
        "meer_samen": len(rondom.samen) == _LANGSTE,
        "noem": bezoeker.noem,
    }
    return toon("gebeurtenis.html", bezoeker, "log", f"{PAD}/{positie}", waarden)


def leerling_van(wat: Vermeld) -> UUID | None:
    """Give the overstap that an event is of; None when it is no pupil's."""
    return wat.stroom if _SOORTEN.get(wat.feit) in VAN_EEN_LEERLING else None


def _omgeving(cursor: Cursor[Any], wat: Vermeld) -> Omgeving:
    oorzaak = None
    if wat.oorzaak:
        stroom, _, versie = wat.oorzaak.partition("@")
        oorzaak = lees_van(cursor, UUID(stroom), int(versie))
    aanlevering = lees_van(cursor, wat.correlatie, 1) if wat.correlatie else None
    is_levering = aanlevering is not None and _SOORTEN.get(aanlevering.feit) in _VAN_AANLEVERING
    is_herziening = _SOORTEN.get(wat.feit) is GebeurtenisHerzien
    return Omgeving(
        oorzaak=oorzaak,
        gevolgen=gevolgen_van(cursor, wat, _LANGSTE),
        samen=samen_met(cursor, wat, _LANGSTE),
        vorige=lees_van(cursor, wat.stroom, wat.versie - 1),
        volgende=lees_van(cursor, wat.stroom, wat.versie + 1),
        aanlevering=aanlevering if is_levering else None,
        herziet=lees_van(cursor, wat.stroom, int(wat.inhoud["gebeurtenis"])) if is_herziening else None,
    )


def boom_van(wat: Vermeld, opgeslagen: Mapping[str, Collection[str]]) -> list[Knoop]:
    """Give the tree of a fact: what is sealed is shown as sealed, and what only a reason shows as that.

    opgeslagen names the fields that the fact has as it is stored, so that what is kept back is not passed over.
    """
    soort = _SOORTEN.get(wat.feit)
    dicht = verzegelde_velden(soort) if soort else frozenset[str]()
    knopen = []
    for veld in sorted({*wat.inhoud, *opgeslagen} - {"feit"}):
        if veld in dicht:
            binnen = opgeslagen.get(veld, ())
            kinderen = [Knoop(sleutel=een, soort="verzegeld") for een in sorted(binnen)]
            knopen.append(Knoop(sleutel=veld, soort="tak" if kinderen else "verzegeld", kinderen=kinderen))
        elif veld in wat.inhoud:
            knopen.append(_knoop(veld, wat.inhoud[veld]))
        else:
            knopen.append(Knoop(sleutel=veld, soort="reden"))
    return knopen


def _knoop(sleutel: str, waarde: Any) -> Knoop:  # noqa: ANN401  # any JSON
    match waarde:
        case dict() if waarde:
            kinderen = [_knoop(veld, een) for veld, een in sorted(waarde.items())]
            return Knoop(sleutel=sleutel, soort="tak", kinderen=kinderen)
        case list() if waarde:
            kinderen = [_knoop(str(nummer), een) for nummer, een in enumerate(waarde)]
            return Knoop(sleutel=sleutel, soort="tak", kinderen=kinderen)
        case _:
            return Knoop(sleutel=sleutel, soort="waarde", waarde=msgspec.json.encode(waarde).decode())
