"""Take a step by a form: what it needs, what stands in its way, and what somebody else changed meanwhile."""

from collections.abc import Mapping
from typing import Annotated, Any, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import RedirectResponse, Response

from overstap.adapters.http.lezen import Gezien, lees_overstap
from overstap.adapters.http.overstappen import zichtbare_aanmeldingen
from overstap.adapters.http.problemen import Probleem, onbekend
from overstap.adapters.http.stappen import doe_stap
from overstap.adapters.http.stapverzoeken import STAPPEN
from overstap.adapters.web.bezoeker import Bezoek, Bezoeker, lees_formulier
from overstap.adapters.web.bladroute import Bladroute
from overstap.adapters.web.leerling import ADRES, aanmelding_met, kop_van, stappen_van, verhaal_van
from overstap.adapters.web.leerlingen import PAD
from overstap.adapters.web.omlijsting import toon
from overstap.adapters.web.stapvelden import Veld, lees_lichaam, lichaam_van, velden_van
from overstap.adapters.web.stapwaarden import leeggemaakt, neem_was, veranderd, waarden_nu
from overstap.domain.rollen import SoortOrganisatie
from overstap.domain.weigering import Weigering
from overstap.statemachine.veldgroepen import Veldgroep

router: Final = APIRouter(route_class=Bladroute, include_in_schema=False)
_ANDERS: Final = frozenset({"geweigerd", "geen-toegang", "ongeldige-invoer", "verouderd", "andere-inhoud", "bezig"})
"""Problems that somebody can do something about on the form itself."""
_ORGANISATIES: Final[Mapping[tuple[str, str], SoortOrganisatie]] = {
    ("meld_aan", "brin"): SoortOrganisatie.MBO,
    ("kies_vervolg_vo", "brin"): SoortOrganisatie.MBO,
    ("draag_over", "naar"): SoortOrganisatie.VO,
    ("schrijf_uit", "nieuweGemeente"): SoortOrganisatie.GEMEENTE,
    ("wijzig_persoonsgegevens", "gemeente"): SoortOrganisatie.GEMEENTE,
}
"""Fields in which one names an organisation: those of the region are offered, another may be typed."""
Stap = Annotated[str, Path(pattern=r"^[a-z_]{2,40}$")]


@router.get(f"{ADRES}/stappen/{{stap}}")
async def toon_stap(  # noqa: PLR0913, PLR0917  # FastAPI reads the query from the arguments
    request: Request,
    bezoeker: Bezoek,
    overstap: UUID,
    stap: Stap,
    aanmelding: Annotated[int | None, Query(ge=1, le=1000)] = None,
    gebeurtenis: Annotated[int | None, Query(ge=1, le=100_000)] = None,
) -> Response:
    """Show the form of a step, or why it cannot be taken now; gebeurtenis is the event that a correction is about."""
    _eis_stap(stap)
    gezien = await lees_overstap(request, bezoeker.dienst, overstap, bezoeker.actor)
    ingevuld = {} if gebeurtenis is None else {"gebeurtenis": str(gebeurtenis)}
    return _formulier(bezoeker, gezien, stap, aanmelding, {"ingevuld": waarden_nu(stap, gezien) | ingevuld})


@router.post(f"{ADRES}/stappen/{{stap}}")
async def neem_stap(request: Request, bezoeker: Bezoek, overstap: UUID, stap: Stap) -> Response:
    """Take it; what cannot be recorded comes back with everything that was filled in, and why."""
    _eis_stap(stap)
    ingevuld = await lees_formulier(request, bezoeker)
    versie, sleutel = ingevuld.pop("versie", ""), ingevuld.pop("sleutel", "")
    nummer = ingevuld.pop("aanmelding", "")
    aanmelding = int(nummer) if nummer.isascii() and nummer.isdigit() else None
    was = neem_was(ingevuld)
    leeg = dict.fromkeys(leeggemaakt(ingevuld, was), bezoeker.taal("stapblad.niet_leeg"))
    ingevuld = veranderd(ingevuld, was)
    ruw = lichaam_van(stap, ingevuld, aanmelding)
    lichaam, fouten = lees_lichaam(stap, ruw)
    if lichaam is None or leeg or not versie.isdigit() or not sleutel:
        gezien = await lees_overstap(request, bezoeker.dienst, overstap, bezoeker.actor)
        bij = {"ingevuld": waarden_nu(stap, gezien) | ingevuld, "fouten": fouten | leeg}
        return _formulier(bezoeker, gezien, stap, aanmelding, bij, status=400)
    try:
        await doe_stap(
            request,
            bezoeker.actor,
            overstap,
            stap,
            lichaam,
            versie=int(versie),
            sleutel=sleutel,
        )
    except Probleem as probleem:
        if probleem.soort not in _ANDERS:
            raise
        gezien = await lees_overstap(request, bezoeker.dienst, overstap, bezoeker.actor)
        fouten = {fout.plaats.removeprefix("body."): fout.uitleg for fout in probleem.errors if fout.plaats}
        sinds = [een for een in verhaal_van(bezoeker, gezien, met_reden=False) if een.nummer > int(versie)]
        nu = waarden_nu(stap, gezien) | ingevuld
        anders = {"ingevuld": nu, "fouten": fouten, "probleem": probleem, "sinds": sinds}
        return _formulier(bezoeker, gezien, stap, aanmelding, anders, status=probleem.status)
    return RedirectResponse(f"{PAD}/{overstap}?gedaan={stap}", 303)


def _eis_stap(stap: str) -> None:
    if stap not in STAPPEN:
        raise onbekend()


def _formulier(  # noqa: PLR0913  # what a form is made of
    bezoeker: Bezoeker,
    gezien: Gezien,
    stap: str,
    aanmelding: int | None,
    bij: Mapping[str, Any],
    *,
    status: int = 200,
) -> Response:
    velden = velden_van(stap)
    waarden = kop_van(bezoeker, gezien) | {
        "stap": stap,
        "aanmelding": aanmelding_met(gezien, bezoeker, aanmelding),
        "velden": [veld for veld in velden if veld.naam != "gebeurdOp"],
        "wanneer": [veld for veld in velden if veld.naam == "gebeurdOp"],
        "aanbod": {veld.naam: _aanbod(bezoeker, gezien, stap, veld) for veld in velden},
        "weigering": _weigering(bezoeker, gezien, stap, aanmelding),
        "sleutel": uuid4().hex,
        "was": waarden_nu(stap, gezien),
        "ingevuld": {},
        "fouten": {},
        "probleem": None,
        "sinds": [],
    }
    pad = f"{PAD}/{gezien.stroom}/stappen/{stap}"
    return toon("stap.html", bezoeker, "leerlingen", pad, waarden | dict(bij), status=status)


def _weigering(bezoeker: Bezoeker, gezien: Gezien, stap: str, aanmelding: int | None) -> Weigering | None:
    """Give why a step is closed now; None when it is open."""
    dicht = stappen_van(bezoeker, gezien).dicht
    return next((een.weigering for een in dicht if een.stap == stap and een.aanmelding == aanmelding), None)


def _aanbod(bezoeker: Bezoeker, gezien: Gezien, stap: str, veld: Veld) -> list[tuple[str, str]]:
    """Give the organisations that a field may name, with what they are called."""
    overstap = gezien.dossier.overstap
    if (stap, veld.naam) == ("plaats_bericht", "aan"):
        eigen = bezoeker.actor.organisatie
        codes = [overstap.school, *(een.brin[:4] for een in zichtbare_aanmeldingen(gezien, bezoeker.actor) or ())]
        codes += [overstap.gemeente] if Veldgroep.GEMEENTE in gezien.groepen else []
        return [(code, bezoeker.noem(code)) for code in dict.fromkeys(codes) if code != eigen]
    soort = _ORGANISATIES.get((stap, veld.naam))
    alle = bezoeker.dienst.kaders.organisaties(bezoeker.actor.regio)
    return sorted(((een.code, een.naam) for een in alle if een.soort is soort), key=lambda paar: paar[1])
