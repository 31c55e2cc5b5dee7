"""One organisation: whom to call there, who may act for it and by whom that was granted; kept by its administrator."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import uuid4

import msgspec
from fastapi import APIRouter, Path, Query, Request
from msgspec import UNSET
from psycopg import Cursor
from starlette.responses import RedirectResponse, Response

from overstap.adapters.http.accounts import Accountblad, lees_accounts
from overstap.adapters.http.contacten import Contactblad, lees_contacten
from overstap.adapters.http.organisaties import organisatie_van
from overstap.adapters.http.organisatiestappen import (
    Contactvastlegging,
    Organisatieopname,
    Organisatiestap,
    RolIntrekking,
    RolToekenning,
    doe_organisatiestap,
)
from overstap.adapters.http.problemen import Probleem, correlatie_van, onbekend
from overstap.adapters.http.reden import keur_reden
from overstap.adapters.http.wachten import wacht_tot
from overstap.adapters.toegangslog import toegang_tot
from overstap.adapters.web.bezoeker import Bezoek, Bezoeker, lees_formulier
from overstap.adapters.web.bladroute import Bladroute
from overstap.adapters.web.omlijsting import toon
from overstap.adapters.web.organisatierechten import (
    BEHEERDERS,
    mag_contact_noemen,
    mag_gegevens,
    mag_rol_geven,
    mag_rol_nemen,
    rollen_te_geven,
)
from overstap.adapters.web.stapvelden import Veld, lees_als, schrijf, velden_uit
from overstap.domain.identificaties import BRIN_ZONDER_VESTIGING
from overstap.domain.organisatie import Organisatie
from overstap.domain.rollen import Rol, SoortOrganisatie
from overstap.domain.stromen import stroom_van_organisatie
from overstap.statemachine.veldgroepen import MET_REDEN

router: Final = APIRouter(route_class=Bladroute, include_in_schema=False)
EIGEN: Final = "/organisatie"
PAD: Final = "/organisaties"
Code = Annotated[str, Path(pattern=r"^[0-9A-Z]{2,20}$")]
_VORMEN: Final[Mapping[str, type[Organisatiestap]]] = {
    "leg_contact_vast": Contactvastlegging,
    "ken_rol_toe": RolToekenning,
    "trek_rol_in": RolIntrekking,
    "neem_organisatie_op": Organisatieopname,
}
_OP_VERSIE: Final = frozenset({"leg_contact_vast", "neem_organisatie_op"})
"""Steps that put something in the place of what was seen: whoever was overtaken is told so."""
_HERSTELBAAR: Final = frozenset({"geweigerd", "geen-toegang", "verouderd", "andere-inhoud", "bezig"})
_LEES_GEBEURD: Final = b"""
SELECT feit, inhoud, vastgelegd_op, actor FROM toegang.gebeurtenissen WHERE stroom = %s ORDER BY positie DESC LIMIT 40
"""


class Voorval(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was recorded of the organisation: what, about whom or which subject, when, by which account."""

    feit: str
    wat: str
    rol: str | None
    op: datetime
    door: str


class _Ingevuld(msgspec.Struct, frozen=True, kw_only=True):
    """A form that came back: which step, what was filled in, what is wrong with it."""

    stap: str
    waarden: Mapping[str, str]
    fouten: Mapping[str, str] = {}
    probleem: Probleem | None = None


@router.get(EIGEN)
async def toon_eigen(
    request: Request,
    bezoeker: Bezoek,
    gedaan: Annotated[str, Query(max_length=40)] = "",
    contact: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """Show the organisation that the visitor acts for."""
    return await _blad(request, bezoeker, _eigen_code(bezoeker), {"gedaan": gedaan, "contact": contact})


@router.get(f"{PAD}/{{code}}")
async def toon_organisatie(
    request: Request,
    bezoeker: Bezoek,
    code: Code,
    gedaan: Annotated[str, Query(max_length=40)] = "",
    contact: Annotated[str, Query(max_length=60)] = "",
) -> Response:
    """Show an organisation of the region: whom to call is for everybody to know."""
    return await _blad(request, bezoeker, code, {"gedaan": gedaan, "contact": contact})


@router.post(EIGEN)
async def toon_eigen_met_reden(request: Request, bezoeker: Bezoek) -> Response:
    """Show who the people of the region itself are to its own roles, who say why."""
    velden = await lees_formulier(request, bezoeker)
    return await _blad(request, bezoeker, _eigen_code(bezoeker), {}, reden=keur_reden(velden.get("reden", "")))


@router.post(f"{PAD}/{{code}}")
async def toon_met_reden(request: Request, bezoeker: Bezoek, code: Code) -> Response:
    """Show who its people are to the region's own roles, who say why; the reason is logged, and in no address."""
    velden = await lees_formulier(request, bezoeker)
    return await _blad(request, bezoeker, code, {}, reden=keur_reden(velden.get("reden", "")))


@router.post(f"{PAD}/{{code}}/stappen/{{stap}}")
async def neem_stap(
    request: Request, bezoeker: Bezoek, code: Code, stap: Annotated[str, Path(pattern=r"^[a-z_]{2,40}$")]
) -> Response:
    """Record it; what cannot be recorded comes back with everything that was filled in, and why."""
    if stap not in _VORMEN:
        raise onbekend()
    ingevuld = await lees_formulier(request, bezoeker)
    versie, sleutel = ingevuld.pop("versie", ""), ingevuld.pop("sleutel", "")
    organisatie_van(bezoeker.dienst, code)
    lichaam, fouten = lees_stap(stap, ingevuld)
    if lichaam is None or not sleutel:
        terug = _Ingevuld(stap=stap, waarden=ingevuld, fouten=fouten)
        return await _blad(request, bezoeker, code, {}, terug=terug, status=400)
    try:
        uitkomst = await doe_organisatiestap(
            request,
            bezoeker.actor,
            code,
            stap,
            lichaam,
            versie=int(versie) if stap in _OP_VERSIE and versie.isdigit() else None,
            sleutel=sleutel,
        )
    except Probleem as probleem:
        if probleem.soort not in _HERSTELBAAR:
            raise
        terug = _Ingevuld(stap=stap, waarden=ingevuld, probleem=probleem)
        return await _blad(request, bezoeker, code, {}, terug=terug, status=probleem.status)
    await wacht_op(bezoeker, uitkomst.positie)
    return RedirectResponse(f"{adres_van(bezoeker, code)}?gedaan={stap}", 303)


def lees_stap(stap: str, ingevuld: Mapping[str, str]) -> tuple[Organisatiestap | None, dict[str, str]]:
    """Read a form as the body that the API takes, or tell what is wrong with each field."""
    vorm = _VORMEN[stap]
    return lees_als(schrijf(velden_uit(vorm), ingevuld), vorm)


async def wacht_op(bezoeker: Bezoeker, positie: int | None) -> None:
    """Wait until what was recorded shows, so that whoever did it sees it done."""
    if positie is not None:
        for beeld in ("organisaties", "actueel"):  # what happened is shown as far as actueel was folded
            await wacht_tot(bezoeker.dienst, beeld, positie)


def adres_van(bezoeker: Bezoeker, code: str) -> str:
    """Give the address of an organisation: the own one has a short one."""
    return EIGEN if code == _eigen_code(bezoeker) else f"{PAD}/{code}"


def _eigen_code(bezoeker: Bezoeker) -> str:
    actor = bezoeker.actor
    is_regio = actor.organisatie == actor.regio
    return actor.organisatie if is_regio else actor.organisatie[:BRIN_ZONDER_VESTIGING]


async def _blad(  # noqa: PLR0913  # what a page is made of
    request: Request,
    bezoeker: Bezoeker,
    code: str,
    bij: Mapping[str, str],
    *,
    reden: str | None = None,
    terug: _Ingevuld | None = None,
    status: int = 200,
) -> Response:
    dienst, actor = bezoeker.dienst, bezoeker.actor
    organisatie = organisatie_van(dienst, code)
    contacten = (await lees_contacten(dienst, actor, [code], reden))[code]
    accounts = await lees_accounts(dienst, actor, code, reden)
    await _verantwoord(request, bezoeker, code, contacten, accounts, reden)
    gebeurd = await dienst.lees_als(actor, lambda cursor: _gebeurd(cursor, actor.regio, code))
    rollen = rollen_te_geven(organisatie, actor, dienst.nu())
    te_wijzigen = next((een for een in contacten if een.onderwerp == bij.get("contact")), None)
    waarden = {
        "organisatie": organisatie,
        "contacten": contacten,
        "accounts": [een for een in accounts if not een.wacht],
        "voorstellen": [een for een in accounts if een.wacht],
        "gebeurd": gebeurd,
        "namen": _namen(accounts),
        "noem": bezoeker.noem,
        "ziet_accounts": actor.rol in BEHEERDERS,
        "mag_contact": mag_contact_noemen(organisatie, actor, dienst.nu()),
        "mag_gegevens": mag_gegevens(organisatie, actor, dienst.nu()),
        "mag_nemen": {(een.account, een.rol): mag_rol_nemen(organisatie, actor, een, dienst.nu()) for een in accounts},
        "mag_geven": {
            (een.account, een.rol): mag_rol_geven(organisatie, actor, een.account, Rol(een.rol), dienst.nu())
            for een in accounts
            if een.wacht
        },
        "contactvelden": velden_uit(Contactvastlegging),
        "rolvelden": _rolvelden(rollen),
        "rollen": rollen,
        "contact_nu": _contactwaarden(te_wijzigen),
        "gegevens_nu": gegevens_van(organisatie),
        "opnamevelden": velden_uit(Organisatieopname),
        "aanbod": aanbod_van(bezoeker),
        "terug": terug,
        "sleutel": uuid4().hex,
        "gedaan": bij.get("gedaan") if bij.get("gedaan") in _VORMEN else "",
        "is_eigen": code == _eigen_code(bezoeker),
        "vraagt_reden": actor.rol in MET_REDEN and reden is None,
        "reden": reden,
    }
    hier = "organisaties" if actor.rol is Rol.REGIEBEHEERDER else "organisatie"
    return toon("organisatie.html", bezoeker, hier, adres_van(bezoeker, code), waarden, status=status)


async def _verantwoord(  # noqa: PLR0913, PLR0917  # what was shown to whom
    request: Request,
    bezoeker: Bezoeker,
    code: str,
    contacten: list[Contactblad],
    accounts: list[Accountblad],
    reden: str | None,
) -> None:
    """Record that people who work there were shown, before they are."""
    getoond = [wat for wat, lijst in (("contacten", contacten), ("accounts", accounts)) if lijst]
    regels = [
        regel
        for wat in getoond
        for regel in toegang_tot(
            bezoeker.actor,
            [None],
            handeling="inzage",
            onderwerp=f"{wat} van {code}",
            herkomst="web",
            reden=reden or "",
            spoor=correlatie_van(request),
        )
    ]
    if regels:
        await bezoeker.dienst.toegangslog.schrijf_async(regels)


def _gebeurd(cursor: Cursor[Any], regio: str, code: str) -> list[Voorval]:
    """Give what was recorded of it lately, as far as the visitor may know, latest first."""
    gelezen = cursor.execute(_LEES_GEBEURD, (stroom_van_organisatie(regio, code),)).fetchall()
    return [
        Voorval(
            feit=feit.partition(".")[0].replace("-", "_"),
            wat=inhoud.get("account") or inhoud.get("onderwerp") or "",
            rol=inhoud.get("rol"),
            op=op,
            door=actor,
        )
        for feit, inhoud, op, actor in gelezen
    ]


def _namen(accounts: list[Accountblad]) -> dict[str, str]:
    """Give of each account who it is, as far as the visitor may know."""
    return {
        een.account: een.functionaris.naam
        for een in accounts
        if een.functionaris is not UNSET and een.functionaris.naam is not UNSET
    }


def _rolvelden(rollen: list[Rol]) -> list[Veld]:
    """Give the fields of a grant, of the roles those that this visitor may grant here."""
    keuzes = tuple(map(str, rollen))
    return [
        msgspec.structs.replace(veld, keuzes=keuzes) if veld.naam == "rol" else veld
        for veld in velden_uit(RolToekenning)
    ]


def _contactwaarden(contact: Contactblad | None) -> dict[str, str]:
    """Give what a form that changes a contact begins with."""
    if contact is None:
        return {}
    wie = {} if contact.contact is UNSET else msgspec.to_builtins(contact.contact)
    return {"onderwerp": contact.onderwerp, **{f"contact.{veld}": waarde for veld, waarde in wie.items()}}


def aanbod_van(bezoeker: Bezoeker) -> dict[str, list[tuple[str, str]]]:
    """Give the organisations that a field may name."""
    alle = sorted(bezoeker.dienst.kaders.organisaties(bezoeker.actor.regio), key=lambda een: een.naam)
    soorten = {"gemeente": SoortOrganisatie.GEMEENTE, "aangesloten": SoortOrganisatie.SAMENWERKINGSVERBAND}
    return {
        veld: [(een.code, een.naam) for een in alle if een.soort is soort and een.code]
        for veld, soort in soorten.items()
    }


def gegevens_van(organisatie: Organisatie) -> dict[str, str]:
    """Give what is known of an organisation as its form has it."""
    tekst = {"soort": str(organisatie.soort), "naam": organisatie.naam}
    tekst |= {"gemeente": organisatie.gemeente or "", "aangesloten": organisatie.aangesloten or ""}
    return tekst | {naam: "ja" for naam in ("koppeling", "accounts") if getattr(organisatie, naam)}
