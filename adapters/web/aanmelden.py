"""The first page: where to sign in, or in a trial who to be; and the way out."""

from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Form, Query, Request
from psycopg import Cursor
from starlette.responses import RedirectResponse, Response

from overstap.adapters.http.aanmelden import begin_proefsessie
from overstap.adapters.http.dienst import Dienst, dienst_van
from overstap.adapters.http.identiteit.proefrollen import proefactor
from overstap.adapters.http.identiteit.sessies import KOEKJE, beeindig_sessie, vind_sessie
from overstap.adapters.http.identiteit.wie import eis_zelfde_site
from overstap.adapters.http.problemen import onbekend
from overstap.adapters.http.sessie import verantwoord_sessie
from overstap.adapters.web.bezoeker import eis_merk, taal_van
from overstap.adapters.web.bladroute import Bladroute
from overstap.adapters.web.sjabloon import blad
from overstap.adapters.web.taal import KOEKJE as TAAL
from overstap.adapters.web.taal import TALEN
from overstap.domain.kalender import datum_in_amsterdam
from overstap.domain.organisatie import Organisatie
from overstap.domain.rollen import ROLLEN_VAN, Rol
from overstap.domain.weigering import Weigering

router: Final = APIRouter(route_class=Bladroute, include_in_schema=False)
_MENSEN: Final = tuple(rol for rol in Rol if rol not in {Rol.SYSTEEM, Rol.KOPPELING})
_JAAR: Final = 365 * 24 * 3600
_PER_SCHOOL: Final = (
    b"SELECT a.school, count(*)::int FROM beeld.actueel AS a"
    b" WHERE a.regio = %s AND a.overstapjaar = %s GROUP BY a.school"
)


class Plek(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation where one may be somebody; leerlingen counts the pupils of a school, of another it is None."""

    code: str
    naam: str
    leerlingen: int | None


class Rolkeuze(msgspec.Struct, frozen=True, kw_only=True):
    """A role of the trial and where it can be had; the first is what the sentence names."""

    rol: Rol
    plekken: list[Plek]


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
        "keuzes": await _keuzes(dienst) if dienst.opties.is_proef else [],
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


async def _keuzes(dienst: Dienst) -> list[Rolkeuze]:
    organisaties = sorted(dienst.kaders.organisaties(dienst.regio), key=lambda een: (een.naam, een.code))
    per_school = await _leerlingen_per_school(dienst)
    keuzes = []
    for rol in _MENSEN:
        plekken = [_plek(een, per_school) for een in organisaties if rol in ROLLEN_VAN[een.soort]]
        if rol in {Rol.REGIEBEHEERDER, Rol.AUDITOR} and not plekken:
            plekken = [Plek(code=dienst.regio, naam=dienst.regio, leerlingen=None)]
        if plekken:
            keuzes.append(Rolkeuze(rol=rol, plekken=sorted(plekken, key=lambda een: -(een.leerlingen or 0))))
    return keuzes


def _plek(een: Organisatie, per_school: dict[str, int]) -> Plek:
    return Plek(code=een.code, naam=een.naam or een.code, leerlingen=per_school.get(een.code))


async def _leerlingen_per_school(dienst: Dienst) -> dict[str, int]:
    """Count the pupils of each school, as the region's own role that the trial offers may see them too."""
    jaar = dienst.kaders.lopend_jaar(dienst.regio, datum_in_amsterdam(dienst.nu()))
    regie = proefactor(dienst.kaders, dienst.regio, Rol.REGIEBEHEERDER, dienst.regio)
    if jaar is None or isinstance(regie, Weigering):
        return {}

    def tel(cursor: Cursor[Any]) -> dict[str, int]:
        return dict(cursor.execute(_PER_SCHOOL, (dienst.regio, jaar)).fetchall())

    return await dienst.lees_als(regie, tel)
