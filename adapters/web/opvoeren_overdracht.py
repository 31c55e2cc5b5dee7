"""Accept a pupil whom another school hands over: his new school names him by his number, for it does not see him."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID, uuid4

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from overstap.adapters.app import App
from overstap.adapters.http.problemen import Probleem, onbekend
from overstap.adapters.http.stappen import doe_stap
from overstap.adapters.http.stapverzoeken import STAPPEN
from overstap.adapters.http.verantwoording import verantwoord
from overstap.adapters.http.vormen import Klas, Lichaam, Pgn, Vestiging
from overstap.adapters.koppelingen.fouten import PGN_ONGELDIG
from overstap.adapters.toegangslog import Uitkomst
from overstap.adapters.web.bezoeker import Bezoek, Bezoeker, lees_formulier
from overstap.adapters.web.bladroute import Bladroute
from overstap.adapters.web.leerlingen import PAD as LEERLINGEN
from overstap.adapters.web.omlijsting import toon
from overstap.adapters.web.opvoeren import ANDERS, eis_mag_opvoeren
from overstap.adapters.web.stapvelden import lees_als, per_veld, schrijf, velden_uit
from overstap.domain.identificaties import soort_pgn

router: Final = APIRouter(route_class=Bladroute, include_in_schema=False)
PAD: Final = "/overdracht"
STAP: Final = "aanvaard_overdracht"


class Aanvaarding(Lichaam, frozen=True, kw_only=True):
    """Who is accepted, and where he comes; what is empty stays as it was."""

    pgn: Pgn
    vestiging: Vestiging | None = None
    klas: Klas | None = None


_VELDEN: Final = velden_uit(Aanvaarding)


@router.get(PAD)
async def toon_formulier(bezoeker: Bezoek) -> Response:
    """Show the form."""
    eis_mag_opvoeren(bezoeker)
    return _formulier(bezoeker, {})


@router.post(PAD)
async def aanvaard(request: Request, bezoeker: Bezoek) -> Response:
    """Accept him; of who was not offered nothing is told, not even whether he is followed."""
    eis_mag_opvoeren(bezoeker)
    ingevuld = await lees_formulier(request, bezoeker)
    sleutel = ingevuld.pop("sleutel", "")
    aanvaarding, fouten = lees_als(schrijf(_VELDEN, ingevuld), Aanvaarding)
    if aanvaarding is not None and soort_pgn(aanvaarding.pgn) is None:
        aanvaarding, fouten = None, {"pgn": PGN_ONGELDIG.zin}
    if aanvaarding is None or not sleutel:
        return _formulier(bezoeker, ingevuld, fouten=fouten, status=400)
    try:
        overstap = await _neem_aan(request, bezoeker, aanvaarding, sleutel)
    except Probleem as probleem:
        if probleem.soort == "niet-gevonden":
            return _formulier(bezoeker, ingevuld, niet_aangeboden=True, status=404)
        if probleem.soort not in ANDERS:
            raise
        fouten = per_veld(fout for fout in probleem.errors if fout.plaats)
        return _formulier(bezoeker, ingevuld, fouten=fouten, probleem=probleem, status=probleem.status)
    return RedirectResponse(f"{LEERLINGEN}/{overstap}?gedaan={STAP}", 303)


async def _neem_aan(request: Request, bezoeker: Bezoeker, aanvaarding: Aanvaarding, sleutel: str) -> UUID:
    """Find him by his number, and take the step that the API takes."""
    actor, dienst = bezoeker.actor, bezoeker.dienst
    pgn_hash = dienst.kwitanties.pgn_hash(aanvaarding.pgn)

    def zoek(app: App) -> UUID | None:
        for jaar in app.kaders.open_jaren(actor.regio):
            gevonden = app.opzoeker.overstappen_bij_pgn(actor.regio, jaar, {pgn_hash})
            if gevonden:
                return gevonden[pgn_hash]
        return None

    overstap = await dienst.werkplaats.doe(zoek)
    if overstap is None:
        await verantwoord(request, actor, [None], handeling=STAP, onderwerp="overstap", uitkomst=Uitkomst.GEWEIGERD)
        raise onbekend()
    plaats = {veld: waarde for veld in ("vestiging", "klas") if (waarde := getattr(aanvaarding, veld))}
    lichaam = msgspec.convert(plaats, STAPPEN[STAP])
    await doe_stap(request, actor, overstap, STAP, lichaam, versie=None, sleutel=sleutel)
    return overstap


def _formulier(  # noqa: PLR0913  # what a form is made of
    bezoeker: Bezoeker,
    ingevuld: Mapping[str, str],
    *,
    fouten: Mapping[str, str] | None = None,
    probleem: Probleem | None = None,
    niet_aangeboden: bool = False,
    status: int = 200,
) -> Response:
    waarden = {
        "velden": _VELDEN,
        "ingevuld": ingevuld,
        "fouten": fouten or {},
        "probleem": probleem,
        "niet_aangeboden": niet_aangeboden,
        "sleutel": uuid4().hex,
    }
    return toon("overdracht.html", bezoeker, "leerlingen", PAD, waarden, status=status)
