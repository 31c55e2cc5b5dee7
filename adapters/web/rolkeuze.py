"""Somebody with more than one role at his organisation chooses in which he goes on; he may change his mind."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from overstap.adapters.http.dienst import dienst_van
from overstap.adapters.http.identiteit.sessies import KOEKJE, Sessie, kies_rol, zoek_sessie
from overstap.adapters.http.identiteit.wie import actor_met_rol, eis_zelfde_site, niet_aangemeld, rollen_van
from overstap.adapters.web.aanmelden import eigen_pad
from overstap.adapters.web.bezoeker import eis_merk, merk_van, taal_van
from overstap.adapters.web.bladroute import Bladroute
from overstap.adapters.web.sjabloon import blad
from overstap.domain.rollen import Rol

router: Final = APIRouter(route_class=Bladroute, include_in_schema=False)


@router.get("/rol")
async def toon_rollen(request: Request, naar: Annotated[str, Query(max_length=500)] = "/") -> Response:
    """Show the roles that he has now."""
    dienst = dienst_van(request)
    sessie = await _sessie(request)
    organisatie = dienst.kaders.organisatie(dienst.regio, sessie.organisatie)
    waarden = {
        "bezoeker": None,
        "hier": "",
        "pad": "/rol",
        "naar": eigen_pad(naar),
        "merk": merk_van(request),
        "rollen": sorted(rollen_van(dienst, sessie.account, sessie.organisatie)),
        "organisatie": organisatie.naam if organisatie and organisatie.naam else sessie.organisatie,
    }
    return blad("rol.html", taal_van(request), waarden)


@router.post("/rol")
async def kies(
    request: Request,
    rol: Annotated[Rol, Form()],
    merk: Annotated[str, Form(max_length=100)] = "",
    naar: Annotated[str, Form(max_length=500)] = "/",
) -> Response:
    """Go on in a role."""
    eis_zelfde_site(request)
    eis_merk(request, merk)
    sessie = await _sessie(request)
    actor_met_rol(dienst_van(request), sessie.account, sessie.organisatie, rol)
    await kies_rol(dienst_van(request), request.cookies[KOEKJE], rol)
    return RedirectResponse(eigen_pad(naar), 303)


async def _sessie(request: Request) -> Sessie:
    """Give the session of somebody who signed in at an issuer; in a trial one chooses anew on the sign-in page."""
    dienst = dienst_van(request)
    koekje = request.cookies.get(KOEKJE)
    sessie = await zoek_sessie(dienst, koekje) if koekje else None
    if sessie is None or sessie.uitgever not in dienst.providers:
        raise niet_aangemeld("Meld u aan.")
    return sessie
