"""Who takes part in the region: a telephone book for everybody; the regiebeheerder takes up who is new."""

from typing import Annotated, Any, Final
from uuid import uuid4

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from overstap.adapters.http.organisatiestappen import Organisatieopname, doe_organisatiestap
from overstap.adapters.http.problemen import Probleem, onbekend
from overstap.adapters.web.bezoeker import Bezoek, Bezoeker, lees_formulier
from overstap.adapters.web.bladroute import Bladroute
from overstap.adapters.web.omlijsting import toon
from overstap.adapters.web.organisatie import PAD, aanbod_van, lees_stap, wacht_op
from overstap.adapters.web.organisatierechten import mag_opnemen
from overstap.adapters.web.stapvelden import velden_uit
from overstap.domain.organisatie import Organisatie
from overstap.domain.rollen import Rol, SoortOrganisatie
from overstap.statemachine.organisatie import BEHEERDER_VAN

router: Final = APIRouter(route_class=Bladroute, include_in_schema=False)
NIEUW: Final = "/nieuwe-organisatie"
_OPNEMEN: Final = "neem_organisatie_op"
_HERSTELBAAR: Final = frozenset({"geweigerd", "ongeldige-invoer", "verouderd", "andere-inhoud", "bezig"})


class Deelnemer(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation in the list; beheerder is whether somebody keeps its accounts, None when the region does."""

    organisatie: Organisatie
    accounts: int
    beheerder: bool | None


@router.get(PAD)
async def toon_organisaties(
    bezoeker: Bezoek, soort: SoortOrganisatie | None = None, gedaan: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """Show who takes part, by kind and name."""
    alle = [een for een in bezoeker.dienst.kaders.organisaties(bezoeker.actor.regio) if een.code]
    gekozen = [_deelnemer(een) for een in alle if soort in {None, een.soort}]
    waarden = {
        "deelnemers": sorted(
            gekozen, key=lambda een: (list(SoortOrganisatie).index(een.organisatie.soort), een.organisatie.naam)
        ),
        "soorten": {een: sum(org.soort is een for org in alle) for een in SoortOrganisatie},
        "soort": soort,
        "totaal": len(alle),
        "noem": bezoeker.noem,
        "gedaan": bezoeker.noem(gedaan) if gedaan else "",
        "ziet_accounts": bezoeker.actor.rol in {Rol.REGIEBEHEERDER, Rol.AUDITOR},
        "mag_opnemen": _mag_opnemen(bezoeker),
    }
    return toon("organisaties.html", bezoeker, "organisaties", PAD, waarden)


@router.get(NIEUW)
async def toon_nieuwe(bezoeker: Bezoek) -> Response:
    """Show the form that lets an organisation take part."""
    _eis_mag_opnemen(bezoeker)
    return _formulier(bezoeker, {}, {}, None)


@router.post(NIEUW)
async def neem_op(request: Request, bezoeker: Bezoek) -> Response:
    """Let it take part; who takes part already is not changed here."""
    ingevuld = await lees_formulier(request, bezoeker)
    _eis_mag_opnemen(bezoeker)
    sleutel, code = ingevuld.pop("sleutel", ""), ingevuld.get("code", "").strip().upper()
    lichaam, fouten = lees_stap(_OPNEMEN, ingevuld)
    if not (code.isascii() and code.isalnum() and 2 <= len(code) <= 20):  # noqa: PLR2004  # as the API has it
        fouten["code"] = bezoeker.taal("organisatie.code_fout")
    if lichaam is None or fouten or not sleutel:
        return _formulier(bezoeker, ingevuld, fouten, None, status=400)
    try:
        uitkomst = await doe_organisatiestap(
            request, bezoeker.actor, code, _OPNEMEN, lichaam, versie=0, sleutel=sleutel
        )
    except Probleem as probleem:
        if probleem.soort not in _HERSTELBAAR:
            raise
        bestaat = {"code": bezoeker.taal("organisatie.bestaat_al")} if probleem.soort == "verouderd" else {}
        return _formulier(bezoeker, ingevuld, bestaat, None if bestaat else probleem, status=probleem.status)
    await wacht_op(bezoeker, uitkomst.positie)
    return RedirectResponse(f"{PAD}/{code}?gedaan={_OPNEMEN}", 303)


def _formulier(
    bezoeker: Bezoeker, ingevuld: dict[str, str], fouten: dict[str, str], probleem: Probleem | None, status: int = 200
) -> Response:
    waarden: dict[str, Any] = {
        "velden": velden_uit(Organisatieopname),
        "aanbod": aanbod_van(bezoeker),
        "ingevuld": ingevuld,
        "fouten": fouten,
        "probleem": probleem,
        "sleutel": uuid4().hex,
    }
    return toon("nieuwe_organisatie.html", bezoeker, "organisaties", NIEUW, waarden, status=status)


def _deelnemer(een: Organisatie) -> Deelnemer:
    beheerder = BEHEERDER_VAN.get(een.soort)
    heeft = None if beheerder is None else any(rol is beheerder for _, rol in een.rollen)
    return Deelnemer(organisatie=een, accounts=len({account for account, _ in een.rollen}), beheerder=heeft)


def _mag_opnemen(bezoeker: Bezoeker) -> bool:
    return mag_opnemen(None, "0000", SoortOrganisatie.GEMEENTE, bezoeker.actor, bezoeker.dienst.nu())


def _eis_mag_opnemen(bezoeker: Bezoeker) -> None:
    if not _mag_opnemen(bezoeker):
        raise onbekend()
