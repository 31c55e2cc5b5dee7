"""One pupil: where he stands, his aanmeldingen side by side, his story, and what this visitor may do about him now."""

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from overstap.adapters.http.geschiedenis import Voorval, voorvallen_van
from overstap.adapters.http.lezen import Gezien, lees_overstap
from overstap.adapters.http.overstappen import Standblad, stand_op, zichtbare_aanmeldingen
from overstap.adapters.http.problemen import Probleem
from overstap.adapters.http.reden import keur_reden
from overstap.adapters.http.stapverzoeken import KOPPEL_WACHTBAK, STAPPEN
from overstap.adapters.http.werklijsten import lijsten_van_rol
from overstap.adapters.vault import Persoon
from overstap.adapters.web.bezoeker import Bezoek, Bezoeker, lees_formulier
from overstap.adapters.web.bladroute import Bladroute
from overstap.adapters.web.herzienbaar import herzienbare_van
from overstap.adapters.web.kaartlijn import Kaartlijn, kaartlijn
from overstap.adapters.web.leerlingen import PAD
from overstap.adapters.web.leerlingvergelijking import einde_of_nu, vergelijk
from overstap.adapters.web.leerlingwijzer import gesprekken_van, gewist_van, verantwoordelijk_nu, wijzers_van
from overstap.adapters.web.omlijsting import toon
from overstap.domain.feiten.overstap import StatusGewijzigd
from overstap.domain.kalender import datum_in_amsterdam
from overstap.domain.overstap import Aanmelding
from overstap.domain.statussen import RANG_GEPLAATST
from overstap.projections.actueel_lijst import werklijsten_per_leerling
from overstap.statemachine.bevoegdheden import bevoegde_rollen
from overstap.statemachine.kader import zelfde_instelling
from overstap.statemachine.mogelijkheden import Mogelijkheid, mogelijkheden
from overstap.statemachine.veldgroepen import MET_REDEN, PERSOONLIJK, Veldgroep

router: Final = APIRouter(route_class=Bladroute, include_in_schema=False)
ADRES: Final = f"{PAD}/{{overstap:uuid}}"
_ELDERS: Final = Veldgroep.ELDERS_GEPLAATST
_ZIET_ELDERS: Final = frozenset({_ELDERS, Veldgroep.ANDERE_AANMELDINGEN})
"""Who sees every aanmelding needs not be told that there is one elsewhere."""
_ZELF: Final = frozenset({KOPPEL_WACHTBAK})
"""Steps that have a page of their own."""
_GEDAAN: Final = frozenset({*STAPPEN, "voer_op"})


class Stappen(msgspec.Struct, frozen=True, kw_only=True):
    """What may be done now, and what may not, of the pupil (None) and of each aanmelding by its number."""

    open: dict[int | None, list[Mogelijkheid]]
    dicht: list[Mogelijkheid]


@router.get(ADRES)
async def toon_leerling(  # noqa: PLR0913, PLR0917  # FastAPI reads the query from the arguments
    request: Request,
    bezoeker: Bezoek,
    overstap: UUID,
    op: Annotated[str, Query(max_length=10)] = "",
    bekend: Annotated[str, Query(max_length=10)] = "",
    later: Annotated[str, Query(max_length=10)] = "",
    gedaan: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Show a pupil; op and bekend are days of which one asks what held then, and what was known.

    With bekend comes what was known otherwise later: on the day `later`, or now.
    """
    gezien = await lees_overstap(request, bezoeker.dienst, overstap, bezoeker.actor)
    toen = _toen(bezoeker, gezien, op, bekend)
    is_dag = not isinstance(toen, str) and bekend
    velden = {
        "op": op,
        "bekend": bekend,
        "later": later,
        "toen": toen,
        "verschillen": vergelijk(bezoeker, gezien, date.fromisoformat(bekend), _dag(later)) if is_dag else None,
        "gedaan": gedaan if gedaan in _GEDAAN else "",
    }
    return await _blad(request, bezoeker, gezien, None, velden)


@router.post(ADRES)
async def toon_met_reden(request: Request, bezoeker: Bezoek, overstap: UUID) -> Response:
    """Show who a pupil is to the region's own roles, who say why; the reason is logged, and in no address."""
    velden = await lees_formulier(request, bezoeker)
    reden = keur_reden(velden.get("reden", ""))
    gezien = await lees_overstap(request, bezoeker.dienst, overstap, bezoeker.actor, reden)
    return await _blad(
        request,
        bezoeker,
        gezien,
        reden,
        {"op": "", "bekend": "", "later": "", "toen": None, "verschillen": None, "gedaan": ""},
    )


async def _blad(
    request: Request, bezoeker: Bezoeker, gezien: Gezien, reden: str | None, bij: dict[str, Any]
) -> Response:
    overstap, groepen, nu = gezien.dossier.overstap, gezien.groepen, bezoeker.dienst.nu()
    verhaal = verhaal_van(bezoeker, gezien, met_reden=reden is not None)
    pad = f"{PAD}/{overstap.id}"
    waarden = kop_van(bezoeker, gezien) | {
        "verhaal": list(reversed(verhaal)),
        "gewist": gewist_van(gezien, verhaal),
        "dagen": (datum_in_amsterdam(nu) - datum_in_amsterdam(overstap.sinds)).days,
        "aanmeldingen": zichtbare_aanmeldingen(gezien, bezoeker.actor),
    }
    if overstap.is_gewist:
        return toon("gewist.html", bezoeker, "leerlingen", pad, waarden)
    partij = verantwoordelijk_nu(gezien, nu)
    waarden |= {
        "kaart": _kaart(gezien) if Veldgroep.STATUS in groepen else None,
        "verantwoordelijk": partij,
        "wijzers": await wijzers_van(request, bezoeker, gezien, partij, reden),
        "elders": _is_elders_geplaatst(bezoeker, gezien) if _ZIET_ELDERS & groepen == {_ELDERS} else None,
        "stappen": stappen_van(bezoeker, gezien),
        "mag_koppelen": bezoeker.actor.rol in bevoegde_rollen(KOPPEL_WACHTBAK, gezien.kader.regels),
        "herzienbaar": herzienbare_van(bezoeker, gezien),
        "gesprekken": gesprekken_van(bezoeker, gezien, verhaal),
        "vraagt_reden": bezoeker.actor.rol in MET_REDEN and reden is None,
        "reden": reden,
        "lijsten": await _lijsten(bezoeker, gezien),
    }
    return toon("leerling.html", bezoeker, "leerlingen", pad, waarden | bij)


def kop_van(bezoeker: Bezoeker, gezien: Gezien) -> dict[str, Any]:
    """Give what stands above every page about a pupil: who he is, as far as the visitor may know."""
    persoon = gezien.persoon() if gezien.groepen & PERSOONLIJK else Persoon()
    return {
        "overstap": gezien.dossier.overstap,
        "versie": gezien.dossier.versie,
        "groepen": gezien.groepen,
        "persoon": persoon,
        "naam": _roepnaam(persoon),
        "noem": bezoeker.noem,
    }


def verhaal_van(bezoeker: Bezoeker, gezien: Gezien, *, met_reden: bool) -> list[Voorval]:
    """Give his story, oldest first."""
    return voorvallen_van(bezoeker.dienst, gezien, bezoeker.actor, met_reden=met_reden)


def stappen_van(bezoeker: Bezoeker, gezien: Gezien) -> Stappen:
    """Give what the visitor may do now, and what not; what his role never may is not told of."""
    alle = mogelijkheden(gezien.dossier.overstap, bezoeker.actor, bezoeker.dienst.nu(), gezien.kader)
    open_: dict[int | None, list[Mogelijkheid]] = {}
    dicht = []
    for een in alle:
        if een.stap not in STAPPEN or een.stap in _ZELF:
            continue
        if een.weigering is None:
            open_.setdefault(een.aanmelding, []).append(een)
        else:
            dicht.append(een)
    return Stappen(open=open_, dicht=dicht)


def _roepnaam(persoon: Persoon) -> str | None:
    delen = (persoon.voornaam, persoon.tussenvoegsel, persoon.achternaam)
    return " ".join(deel for deel in delen if deel) or None


def _kaart(gezien: Gezien) -> Kaartlijn:
    overstap = gezien.dossier.overstap
    wijzigingen = [een.feit for een in gezien.gebeurtenissen if isinstance(een.feit, StatusGewijzigd)]
    return kaartlijn(overstap.status, {str(status) for feit in wijzigingen for status in (feit.van, feit.naar)})


def _is_elders_geplaatst(bezoeker: Bezoeker, gezien: Gezien) -> bool:
    return any(
        een.rang >= RANG_GEPLAATST and not zelfde_instelling(een.brin, bezoeker.actor.organisatie)
        for een in gezien.dossier.overstap.aanmeldingen
    )


async def _lijsten(bezoeker: Bezoeker, gezien: Gezien) -> list[str]:
    """Tell on which worklists of the visitor he stands."""
    lijsten = lijsten_van_rol(bezoeker.actor.rol)
    if not lijsten:
        return []
    regels, nu = gezien.kader.regels, bezoeker.dienst.nu()
    per = await bezoeker.dienst.lees_als(
        bezoeker.actor, lambda cursor: werklijsten_per_leerling(cursor, regels, nu, [gezien.stroom], lijsten)
    )
    return [str(lijst) for lijst in per.get(gezien.stroom, [])]


def _toen(bezoeker: Bezoeker, gezien: Gezien, op: str, bekend: str) -> Standblad | str | None:
    """Give what held on a day as known on another; a sentence when nothing did, None when nobody asks."""
    if not op and not bekend:
        return None
    try:
        dag_op = date.fromisoformat(op) if op else None
        dag_bekend = date.fromisoformat(bekend) if bekend else None
    except ValueError:
        return bezoeker.taal("leerling.datum_fout")
    nu = bezoeker.dienst.nu()
    moment_op, moment_bekend = einde_of_nu(dag_op, nu), einde_of_nu(dag_bekend, nu)
    try:
        return stand_op(gezien, bezoeker.actor, moment_op, moment_bekend)
    except Probleem:
        return bezoeker.taal("leerling.toen_onbekend")


def _dag(tekst: str) -> date | None:
    try:
        return date.fromisoformat(tekst)
    except ValueError:
        return None


def aanmelding_met(gezien: Gezien, bezoeker: Bezoeker, nummer: int | None) -> Aanmelding | None:
    """Give an aanmelding that the visitor may know of by its number."""
    eigen = zichtbare_aanmeldingen(gezien, bezoeker.actor) or ()
    return next((een for een in eigen if een.nummer == nummer), None)
