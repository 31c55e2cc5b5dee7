"""Enter one pupil by a form, as his school does: judged by what the API judges by, nothing that was filled in lost."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from overstap.adapters.http.jaren import regels_van
from overstap.adapters.http.opvoer import Opvoer
from overstap.adapters.http.opvoeren import doe_opvoer
from overstap.adapters.http.problemen import Probleem
from overstap.adapters.web.bezoeker import Bezoek, Bezoeker, lees_formulier
from overstap.adapters.web.bladroute import Bladroute
from overstap.adapters.web.leerlingen import PAD as LEERLINGEN
from overstap.adapters.web.omlijsting import toon
from overstap.adapters.web.stapvelden import Veld, lees_als, per_veld, schrijf, velden_uit
from overstap.domain.rollen import SoortOrganisatie
from overstap.statemachine.bevoegdheden import bevoegde_rollen
from overstap.statemachine.weigeringen import niet_bevoegd

router: Final = APIRouter(route_class=Bladroute, include_in_schema=False)
PAD: Final = "/opvoeren"
ANDERS: Final = frozenset({"geweigerd", "ongeldige-invoer", "andere-inhoud", "bezig"})
"""Problems that somebody can do something about on the form itself."""
GROEPEN: Final = {
    "leerling": ("pgn", "geboortedatum", "voornaam", "tussenvoegsel", "achternaam"),
    "school": ("leerweg", "klas", "vestiging", "gemeente", "startkwalificatie", "overstapjaar"),
    "bereikbaar": ("adres", "postcode", "woonplaats", "email", "telefoon"),
}
"""The fields in the order in which one has them at hand; together they are all that the API takes."""
_VELDEN: Final = {veld.naam: veld for veld in velden_uit(Opvoer)}
_NOG_EEN: Final = "nog_een"


@router.get(PAD)
async def toon_formulier(bezoeker: Bezoek, na: UUID | None = None) -> Response:
    """Show the form; na is the pupil who was entered just now."""
    eis_mag_opvoeren(bezoeker)
    return _formulier(bezoeker, {"vestiging": bezoeker.actor.vestiging or "00"}, na=na)


@router.post(PAD)
async def voer_op(request: Request, bezoeker: Bezoek) -> Response:
    """Enter him; what cannot be recorded comes back with everything that was filled in, and why."""
    eis_mag_opvoeren(bezoeker)
    ingevuld = await lees_formulier(request, bezoeker)
    sleutel = ingevuld.pop("sleutel", "")
    opvoer, fouten = lees_als(schrijf(_VELDEN.values(), ingevuld), Opvoer)
    if opvoer is None or not sleutel:
        return _formulier(bezoeker, ingevuld, fouten=fouten, status=400)
    try:
        vastgelegd = await doe_opvoer(request, bezoeker.actor, opvoer, sleutel)
    except Probleem as probleem:
        if probleem.soort not in ANDERS:
            raise
        fouten = per_veld(fout for fout in probleem.errors if fout.plaats)
        return _formulier(bezoeker, ingevuld, fouten=fouten, probleem=probleem, status=probleem.status)
    if _NOG_EEN in ingevuld:
        return RedirectResponse(f"{PAD}?na={vastgelegd.overstap}", 303)
    return RedirectResponse(f"{LEERLINGEN}/{vastgelegd.overstap}?gedaan=voer_op", 303)


def mag_opvoeren(bezoeker: Bezoeker) -> bool:
    """Tell whether the visitor's role enters pupils, by the rules as they are now."""
    return bezoeker.actor.rol in bevoegde_rollen("voer_op", regels_van(bezoeker.dienst, None))


def eis_mag_opvoeren(bezoeker: Bezoeker) -> None:
    """See to it that he may.

    Raises:
        Probleem: 403 when it is not for his role.

    """
    if not mag_opvoeren(bezoeker):
        rollen = bevoegde_rollen("voer_op", regels_van(bezoeker.dienst, None))
        weigering = niet_bevoegd("voer_op", bezoeker.actor, rollen)
        raise Probleem("geen-toegang", weigering.zin, code=weigering.code, wat_nodig=weigering.wat_nodig or None)


def gemeenten(bezoeker: Bezoeker) -> list[tuple[str, str]]:
    """Give the gemeenten of the region, with what they are called: another may be typed."""
    alle = bezoeker.dienst.kaders.organisaties(bezoeker.actor.regio)
    gevonden = ((een.code, een.naam) for een in alle if een.soort is SoortOrganisatie.GEMEENTE)
    return sorted(gevonden, key=lambda paar: paar[1])


def _formulier(  # noqa: PLR0913  # what a form is made of
    bezoeker: Bezoeker,
    ingevuld: Mapping[str, str],
    *,
    fouten: Mapping[str, str] | None = None,
    probleem: Probleem | None = None,
    na: UUID | None = None,
    status: int = 200,
) -> Response:
    waarden: dict[str, Any] = {
        "groepen": {naam: _getoond(bezoeker, namen) for naam, namen in GROEPEN.items()},
        "aanbod": {"gemeente": gemeenten(bezoeker)},
        "ingevuld": ingevuld,
        "fouten": fouten or {},
        "probleem": probleem,
        "na": na,
        "sleutel": uuid4().hex,
    }
    return toon("opvoeren.html", bezoeker, "leerlingen", PAD, waarden, status=status)


def _getoond(bezoeker: Bezoeker, namen: tuple[str, ...]) -> list[Veld]:
    """Leave the year out where there is nothing to choose."""
    is_een_jaar = len(bezoeker.dienst.kaders.open_jaren(bezoeker.actor.regio)) <= 1
    return [_VELDEN[naam] for naam in namen if not (naam == "overstapjaar" and is_een_jaar)]
