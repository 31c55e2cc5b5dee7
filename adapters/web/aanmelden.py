"""The first page: where to sign in, or in a trial who to be; and the way out."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import RedirectResponse, Response

from overstap.adapters.http.aanmelden import begin_proefsessie
from overstap.adapters.http.dienst import dienst_van
from overstap.adapters.http.identiteit.sessies import KOEKJE, beeindig_sessie, vind_sessie
from overstap.adapters.http.identiteit.wie import eis_zelfde_site
from overstap.adapters.http.problemen import onbekend
from overstap.adapters.http.sessie import verantwoord_sessie
from overstap.adapters.web.bezoeker import eis_merk, taal_van
from overstap.adapters.web.bladroute import Bladroute
from overstap.adapters.web.proefplekken import lees_rolkeuzen
from overstap.adapters.web.sjabloon import blad
from overstap.adapters.web.taal import KOEKJE as TAAL
from overstap.adapters.web.taal import TALEN
from overstap.domain.rollen import Rol

router: Final = APIRouter(route_class=Bladroute, include_in_schema=False)
_JAAR: Final = 365 * 24 * 3600


@router.get("/aanmelden")
async def toon_aanmelden(
    request: Request,
    naar: Annotated[str, Query(max_length=500)] = "/",
    verlopen: Annotated[str, Query(max_length=10)] = "",
    mislukt: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Show where to sign in; in a trial every role, in a sentence."""
    dienst, taal = dienst_van(request), taal_van(request)
    uitgevers = [
        (issuer, een.uitgever.naam or issuer) for issuer, een in dienst.providers.items() if een.uitgever.client_id
    ]
    waarden = {
        "bezoeker": None,
        "hier": "aanmelden",
        "pad": "/aanmelden",
        "naar": eigen_pad(naar),
        "is_verlopen": bool(verlopen),
        "is_formulier": verlopen == "formulier",
        "mislukt": (taal.noem("aanmelden.mislukt", mislukt) or taal("aanmelden.mislukt.anders")) if mislukt else "",
        "uitgevers": uitgevers,
        "keuzes": await lees_rolkeuzen(dienst, taal) if dienst.opties.is_proef else [],
        "is_proef": dienst.opties.is_proef,
    }
    return blad("aanmelden.html", taal, waarden)


@router.post("/aanmelden")
async def meld_aan(
    request: Request,
    rol: Annotated[Rol, Form()],
    organisatie: Annotated[str, Form(max_length=40)],
    naar: Annotated[str, Form(max_length=500)] = "/",
) -> Response:
    """Be in a trial who you choose, and go where you were going."""
    return await begin_proefsessie(request, rol, organisatie, eigen_pad(naar))


@router.post("/afmelden")
async def meld_af(request: Request, merk: Annotated[str, Form(max_length=100)] = "") -> Response:
    """Sign out: the session is over; also of who has no role here, and can do nothing else."""
    eis_zelfde_site(request)
    eis_merk(request, merk)
    dienst, koekje = dienst_van(request), request.cookies.get(KOEKJE)
    sessie = await vind_sessie(dienst, koekje) if koekje else None
    if koekje and sessie is not None:
        await beeindig_sessie(dienst, koekje)
        await verantwoord_sessie(request, sessie, "afmelden")
    antwoord = RedirectResponse("/aanmelden", 303)
    antwoord.delete_cookie(KOEKJE, path="/", secure=True, httponly=True, samesite="lax")
    antwoord.headers["Clear-Site-Data"] = '"cache"'
    return antwoord


@router.post("/taal")
async def kies_taal(
    request: Request, taal: Annotated[str, Form(max_length=5)], naar: Annotated[str, Form(max_length=500)] = "/"
) -> Response:
    """Go on in another language; nobody needs to be signed in for that."""
    eis_zelfde_site(request)
    if taal not in TALEN:
        raise onbekend()
    antwoord = RedirectResponse(eigen_pad(naar), 303)
    antwoord.set_cookie(TAAL, taal, max_age=_JAAR, path="/", secure=True, httponly=True, samesite="lax")
    return antwoord


def eigen_pad(naar: str) -> str:
    """Give where to go, when that is a path of this site; else the first page."""
    is_eigen = naar.startswith("/") and not naar.startswith(("//", "/\\")) and naar.isprintable()
    return naar if is_eigen else "/"
