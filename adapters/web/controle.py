"""Is the log what it was? The notary's checkpoints, how each follows the one before, and a verification of all."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from overstap.adapters.bewijs import opslag
from overstap.adapters.bewijs.aantonen import toon_samenhang
from overstap.adapters.bewijs.bewaard import Uitgegeven, lees_regels, uitgegeven
from overstap.adapters.bewijs.overzicht import Overzicht, lees_overzicht
from overstap.adapters.bewijs.toetsing import Toetsverslag, tel_rijen, toets_log
from overstap.adapters.http.problemen import Fout, onbekend, ongeldig
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.taken import Taaksoort, Vorder
from overstap.adapters.web.bezoeker import Bezoek, Bezoeker, lees_formulier
from overstap.adapters.web.bladroute import Bladroute
from overstap.adapters.web.omlijsting import toon
from overstap.adapters.web.sjabloon import blad
from overstap.adapters.web.toezicht import als_audit, als_bestand, begin_taak, eis_rol, laatste_taak, leg_vast
from overstap.domain.rollen import Rol

router: Final = APIRouter(route_class=Bladroute, include_in_schema=False)
PAD: Final = "/controle"
_LEZERS: Final = frozenset({Rol.AUDITOR})
_PER_BLADZIJDE: Final = 15
_GEDULD: Final = timedelta(minutes=10)
_NUMMER: Final = 2**62
_GETOOND: Final = 20


@router.get(PAD)
async def toon_controle(
    request: Request, bezoeker: Bezoek, voor: Annotated[int | None, Query(ge=1, le=_NUMMER)] = None
) -> Response:
    """Show how far signatures reach, the checkpoints, and what the last verification said."""
    await eis_rol(request, bezoeker, _LEZERS, "controle")
    await leg_vast(request, bezoeker, "inzage", "controlepunten")
    overzicht = await als_audit(bezoeker, lambda verbinding: lees_overzicht(verbinding, voor, _PER_BLADZIJDE))
    instellingen = bezoeker.dienst.instellingen
    waarden = await _stand(bezoeker) | {
        "overzicht": overzicht,
        "laatste": await _laatste(bezoeker, overzicht, voor),
        "nu": datetime.now(UTC),
        "geduld": _GEDULD,
        "voor": voor,
        "bezig": request.query_params.get("bezig") == "ja",
        "om_de": (instellingen.notaris_gebeurtenissen, int(instellingen.notaris_seconden)),
    }
    return toon("controle.html", bezoeker, "controle", PAD, waarden)


@router.get(f"{PAD}/stand")
async def toon_stand(request: Request, bezoeker: Bezoek) -> HTMLResponse:
    """Show how far the verification is, for a page that is open."""
    await eis_rol(request, bezoeker, _LEZERS, "controle")
    return blad("controle_stand.html", bezoeker.taal, {"bezoeker": bezoeker, **await _stand(bezoeker)})


@router.post(f"{PAD}/narekenen")
async def reken_na(request: Request, bezoeker: Bezoek) -> Response:
    """Begin to verify the whole log, held against the checkpoints that somebody kept and pasted; one at a time."""
    velden = await lees_formulier(request, bezoeker)
    await eis_rol(request, bezoeker, _LEZERS, "controle")
    tekst = velden.get("bewaard", "").strip()
    bewaard = lees_regels(tekst.encode()) if tekst else []
    if tekst and not bewaard:
        uitleg = "Plak een controlepunt zoals u het bewaarde: één regel die begint met een accolade."
        raise ongeldig(Fout(plaats="body.bewaard", code="ongeldig", uitleg=uitleg))
    await leg_vast(request, bezoeker, "audit_narekenen", "log")
    databank = bezoeker.dienst.databank
    begonnen = await begin_taak(
        bezoeker, Taaksoort.NAREKENEN, "log", lambda vorder: _reken_na(databank, bewaard, vorder)
    )
    return RedirectResponse(f"{PAD}#narekenen" if begonnen else f"{PAD}?bezig=ja#narekenen", 303)


@router.get(f"{PAD}/punten/{{nummer:int}}")
async def geef_controlepunt(request: Request, bezoeker: Bezoek, nummer: int) -> Response:
    """Give a checkpoint to keep elsewhere: the line that `overstap audit checkpoint --json` gives."""
    await eis_rol(request, bezoeker, _LEZERS, "controle")
    _eis_nummers(nummer)
    await leg_vast(request, bezoeker, "audit_export", f"controlepunt {nummer}")
    punt = await als_audit(
        bezoeker,
        lambda verbinding: (opslag.controlepunt(verbinding, nummer), opslag.sleutels(verbinding)),
    )
    if punt[0] is None:
        raise onbekend()
    return als_bestand(msgspec.json.encode(uitgegeven(punt[0], punt[1])) + b"\n", f"controlepunt-{nummer}.json")


@router.get(f"{PAD}/samenhang/{{oud:int}}/{{nieuw:int}}")
async def geef_samenhang(request: Request, bezoeker: Bezoek, oud: int, nieuw: int) -> Response:
    """Give the proof that one checkpoint goes on where another was, as `overstap audit consistency` does."""
    await eis_rol(request, bezoeker, _LEZERS, "controle")
    _eis_nummers(oud, nieuw)
    await leg_vast(request, bezoeker, "audit_samenhang", "log")
    bewijs = await als_audit(bezoeker, lambda verbinding: toon_samenhang(verbinding, oud, nieuw))
    return als_bestand(msgspec.json.encode(bewijs), f"samenhang-{oud}-{nieuw}.json")


def _eis_nummers(*nummers: int) -> None:
    if not all(1 <= nummer <= _NUMMER for nummer in nummers):
        raise onbekend()


def _reken_na(databank: Databank, bewaard: list[Uitgegeven], vorder: Vorder) -> Toetsverslag:
    with databank.verbind(Login.AUDIT) as verbinding:
        totaal = tel_rijen(verbinding)
        vorder(0, totaal, "")
        return toets_log(verbinding, bewaard, lambda gedaan: vorder(gedaan, totaal, ""))


async def _stand(bezoeker: Bezoeker) -> dict[str, Any]:
    taak = await laatste_taak(bezoeker, Taaksoort.NAREKENEN)
    uitslag = msgspec.json.decode(taak.uitslag, type=Toetsverslag) if taak and taak.uitslag else None
    return {"taak": taak, "uitslag": uitslag, "getoond": _GETOOND}


async def _laatste(bezoeker: Bezoeker, overzicht: Overzicht, voor: int | None) -> Any:  # noqa: ANN401  # a Punt or None
    """Give the last checkpoint of all, also on a later page."""
    if voor is None:
        return overzicht.punten[0] if overzicht.punten else None
    eerste = await als_audit(bezoeker, lambda verbinding: lees_overzicht(verbinding, None, 1))
    return eerste.punten[0] if eerste.punten else None
