"""How the read models are, for who runs the region: how far, what stands aside, and building anew what serves."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from overstap.adapters.http.problemen import Fout, Probleem, onbekend, ongeldig
from overstap.adapters.http.reden import keur_reden
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.fouten import DatabankOnbereikbaar
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_herbouw import Herbouwd, controleer, ga_terug, herbouw, ruim_oude_op
from overstap.adapters.postgres.projectie_parkeren import Geparkeerd, NietGeparkeerd, geef_op, probeer_opnieuw
from overstap.adapters.postgres.projectie_parkeren import toon as toon_geparkeerd
from overstap.adapters.postgres.projectie_tabellen import PROJECTIES
from overstap.adapters.postgres.projectie_toestand import Toestand, bekijk
from overstap.adapters.taken import Taaksoort, Vorder
from overstap.adapters.web.bezoeker import Bezoek, Bezoeker, lees_formulier
from overstap.adapters.web.bladroute import Bladroute
from overstap.adapters.web.omlijsting import toon
from overstap.adapters.web.sjabloon import blad
from overstap.adapters.web.toezicht import begin_taak, eis_rol, laatste_taak, leg_vast
from overstap.domain.rollen import Rol
from overstap.projections.projectie import Projectie

router: Final = APIRouter(route_class=Bladroute, include_in_schema=False)
PAD: Final = "/beelden"
_BEHEERDERS: Final = frozenset({Rol.REGIEBEHEERDER})
_ALLES: Final = "alle"
_PER_NAAM: Final[Mapping[str, type[Projectie]]] = {projectie.naam: projectie for projectie in PROJECTIES}

Projecties = Sequence[type[Projectie]]
Werk = Callable[[Databank, Projecties, Vorder], object]


def _terug(databank: Databank, projecties: Projecties, _vorder: Vorder) -> list[Herbouwd]:
    for projectie in projecties:
        ga_terug(databank, projectie)
    return []


def _ruim_op(databank: Databank, projecties: Projecties, _vorder: Vorder) -> list[Herbouwd]:
    ruim_oude_op(databank, projecties)
    return []


_WERK: Final[Mapping[str, Werk]] = {
    "herbouw": herbouw,
    "controle": controleer,
    "terug": _terug,
    "opruimen": _ruim_op,
}
"""What can be done about read models: what the command line does, by the same functions."""


@router.get(PAD)
async def toon_beelden(request: Request, bezoeker: Bezoek, nog: str = "") -> Response:
    """Show how each read model is, what stands aside, and what is being done."""
    await eis_rol(request, bezoeker, _BEHEERDERS, "beelden")
    waarden = await _stand(bezoeker) | {"nog": nog == "ja", "bezig": request.query_params.get("bezig") == "ja"}
    return toon("beelden.html", bezoeker, "beelden", PAD, waarden)


@router.get(f"{PAD}/stand")
async def toon_stand(request: Request, bezoeker: Bezoek) -> HTMLResponse:
    """Show the same of what changes, for a page that is open."""
    await eis_rol(request, bezoeker, _BEHEERDERS, "beelden")
    return blad("beelden_stand.html", bezoeker.taal, {"bezoeker": bezoeker, **await _stand(bezoeker)})


@router.post(f"{PAD}/werk")
async def begin_werk(request: Request, bezoeker: Bezoek) -> Response:
    """Begin to build a read model anew, or all of them; to compare them; to go back; to clear away. One at a time."""
    velden = await lees_formulier(request, bezoeker)
    await eis_rol(request, bezoeker, _BEHEERDERS, "beelden")
    wat, naam = velden.get("wat", ""), velden.get("naam", "")
    if wat not in _WERK or (naam != _ALLES and naam not in _PER_NAAM):
        raise ongeldig(Fout(plaats="body.wat", code="ongeldig", uitleg="Kies een leesmodel en wat er moet gebeuren."))
    projecties = PROJECTIES if naam == _ALLES else [_PER_NAAM[naam]]
    await leg_vast(request, bezoeker, f"beeld_{wat}", naam)
    databank = bezoeker.dienst.databank
    begonnen = await begin_taak(
        bezoeker, Taaksoort.HERBOUW, f"{wat} {naam}", lambda vorder: _WERK[wat](databank, projecties, vorder)
    )
    return RedirectResponse(f"{PAD}#werk" if begonnen else f"{PAD}?bezig=ja#werk", 303)


@router.post(f"{PAD}/geparkeerd")
async def doe_met_geparkeerde(request: Request, bezoeker: Bezoek) -> Response:
    """Fold a parked stream again, or give it up with a reason, which is kept."""
    velden = await lees_formulier(request, bezoeker)
    await eis_rol(request, bezoeker, _BEHEERDERS, "beelden")
    projectie, stroom = _PER_NAAM.get(velden.get("naam", "")), _uuid(velden.get("stroom", ""))
    if projectie is None or stroom is None:
        raise onbekend()
    databank, account = bezoeker.dienst.databank, bezoeker.actor.account
    nog: Geparkeerd | None = None
    try:
        if velden.get("wat") == "opgeven":
            reden = keur_reden(velden.get("reden", ""))
            await leg_vast(request, bezoeker, "geparkeerd_opgeven", projectie.naam, reden=reden)
            await asyncio.to_thread(geef_op, databank, projectie.naam, stroom, account, reden)
        else:
            await leg_vast(request, bezoeker, "geparkeerd_opnieuw", projectie.naam)
            nog = await asyncio.to_thread(probeer_opnieuw, databank, projectie, stroom)
    except NietGeparkeerd:
        raise Probleem(
            "niet-gevonden", "Deze stroom staat hier niet meer geparkeerd.", code="niet_geparkeerd"
        ) from None
    return RedirectResponse(f"{PAD}?nog=ja#geparkeerd" if nog else f"{PAD}#geparkeerd", 303)


def _uuid(tekst: str) -> UUID | None:
    try:
        return UUID(tekst)
    except ValueError:
        return None


async def _stand(bezoeker: Bezoeker) -> dict[str, Any]:
    databank = bezoeker.dienst.databank

    def lees() -> tuple[list[Toestand], list[Geparkeerd]]:
        try:
            with databank.verbind(Login.PROJECTIE) as verbinding:
                return bekijk(databank), toon_geparkeerd(verbinding)
        except psycopg.OperationalError as fout:
            raise DatabankOnbereikbaar("De database is even niet te bereiken.") from fout

    # First the work: once it is done, what it did is in what is read after it.
    taak = await laatste_taak(bezoeker, Taaksoort.HERBOUW)
    beelden, geparkeerd = await asyncio.to_thread(lees)
    verslagen = msgspec.json.decode(taak.uitslag, type=list[Herbouwd]) if taak and taak.uitslag else None
    wat, _, naam = taak.wat.partition(" ") if taak else ("", "", "")
    return {
        "beelden": beelden,
        "geparkeerd": geparkeerd,
        "taak": taak,
        "verslagen": verslagen,
        "wat": wat,
        "waarvan": naam,
        "namen": [_ALLES, *_PER_NAAM],
    }
