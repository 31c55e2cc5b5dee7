"""The worklists: how long each is for this caller, and who stands on one, since when and why."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Path, Query, Request, Response
from msgspec import UNSET, UnsetType
from psycopg import Cursor
from psycopg.errors import InsufficientPrivilege

from overstap.adapters.http.antwoorden import in_json, volgende_bladzijde
from overstap.adapters.http.bladen import GEWIST, Persoonblad, persoonblad
from overstap.adapters.http.dienst import dienst_van
from overstap.adapters.http.identiteit.wie import Wie
from overstap.adapters.http.jaren import Jaar, regels_van
from overstap.adapters.http.operaties import operatie
from overstap.adapters.http.problemen import Fout, Probleem, ongeldig
from overstap.adapters.http.reden import Reden
from overstap.adapters.http.verantwoording import verantwoord
from overstap.adapters.http.wachten import Bijgewerkt
from overstap.adapters.postgres.bereik_kolommen import Verzegelde, lees_verzegelden
from overstap.adapters.vault import Hoofdsleutel, Kluis
from overstap.domain.feiten import Verzegeld
from overstap.domain.rollen import Actor, Rol
from overstap.projections.selectie import BladwijzerOngeldig, Selectie
from overstap.projections.werklijsten import Bladzijde, Post, Werklijst, lees, omvang
from overstap.statemachine.veldgroepen import VAN_ROL, Veldgroep, zichtbare_groepen, zichtbare_persoonsvelden

router: Final = APIRouter()
MEESTE: Final = 200
_GETOOND: Final = ("achternaam", "voornaam", "tussenvoegsel", "geboortedatum")
_SIGNALEN: Final = frozenset({Veldgroep.SIGNALEN, Veldgroep.ANDERE_AANMELDINGEN})
Brin = Annotated[str | None, Query(pattern=r"^[0-9]{2}[A-Z]{2}$")]
Kort = Annotated[str | None, Query(min_length=1, max_length=16)]


class Omvang(msgspec.Struct, frozen=True, kw_only=True):
    """A worklist and how many stand on it."""

    lijst: str
    aantal: int


class Postblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One entry: of the wachtbak onderwerp is the item, and nothing is known of the pupil."""

    onderwerp: UUID
    sinds: datetime
    waarom: str
    school: str | None
    vestiging: str | None
    klas: str | None
    leerweg: str | None
    gemeente: str | None
    status: str | None
    mbo: str | None
    persoon: Persoonblad | UnsetType = UNSET


_OVERSTAP: Final = "3f2a0c1e-8d1b-4c57-9a55-0d8f6b1f2e3a"


@router.get(
    "/werklijsten",
    operation_id="noem_werklijsten",
    tags=["werklijsten"],
    openapi_extra=operatie(
        antwoord=Omvang,
        is_lijst=True,
        voorbeeld=[{"lijst": "stil", "aantal": 12}],
        betekenis="De werklijsten van de aanvrager, elk met hoeveel er nu op staan.",
        problemen=("niet-gevonden",),
    ),
)
async def noem_werklijsten(request: Request, actor: Wie, _bij: Bijgewerkt, overstapjaar: Jaar = None) -> Response:
    """Noem de werklijsten die de aanvrager heeft, en hoe lang elke is."""
    dienst = dienst_van(request)
    regels, nu, lijsten = regels_van(dienst, overstapjaar), dienst.nu(), lijsten_van_rol(actor.rol)

    def tel(cursor: Cursor[Any]) -> Mapping[Werklijst, int]:
        return omvang(cursor, regels, nu, lijsten=lijsten)

    aantallen = await dienst.lees_als(actor, tel) if lijsten else {}
    return in_json([Omvang(lijst=lijst, aantal=aantal) for lijst, aantal in aantallen.items()])


@router.get(
    "/werklijsten/{lijst}",
    operation_id="toon_werklijst",
    tags=["werklijsten"],
    openapi_extra=operatie(
        antwoord=Postblad,
        is_lijst=True,
        voorbeeld=[
            {
                "onderwerp": _OVERSTAP,
                "sinds": "2026-05-12T08:00:00Z",
                "waarom": "Al 6 weken of langer stil: het laatste bericht is van 31 maart 2026.",
                "school": "99AA",
                "vestiging": "00",
                "klas": "4b",
                "leerweg": "kb",
                "gemeente": "0363",
                "status": "intake",
                "mbo": "99XX",
                "persoon": {"achternaam": "Voorbeeld", "voornaam": "Noor"},
            }
        ],
        betekenis="Wie er op staan, de langst wachtende eerst.",
        problemen=("niet-gevonden",),
        koppen={"Link": 'De volgende bladzijde, rel="next".'},
    ),
)
async def toon_werklijst(  # noqa: PLR0913, PLR0917  # FastAPI reads the query from the arguments
    request: Request,
    actor: Wie,
    reden: Reden,
    _bij: Bijgewerkt,
    lijst: Annotated[Werklijst, Path(description="Een van de werklijsten.")],
    overstapjaar: Jaar = None,
    school: Brin = None,
    vestiging: Kort = None,
    klas: Kort = None,
    mbo: Brin = None,
    gemeente: Annotated[str | None, Query(pattern=r"^[0-9]{4}$")] = None,
    leerweg: Kort = None,
    limit: Annotated[int, Query(ge=1, le=MEESTE, description="Hoeveel er op een bladzijde staan.")] = 50,
    na: Annotated[str | None, Query(max_length=400, description="Waar de vorige bladzijde ophield.")] = None,
) -> Response:
    """Toon wie er op een werklijst staan, sinds wanneer en waarom; met naam voor wie die mag weten."""
    dienst = dienst_van(request)
    regels, nu = regels_van(dienst, overstapjaar), dienst.nu()
    if lijst not in lijsten_van_rol(actor.rol):
        raise Probleem("geen-toegang", "Deze werklijst is er niet in uw rol.", code="geen_werklijst")
    selectie = Selectie(school=school, vestiging=vestiging, klas=klas, mbo=mbo, gemeente=gemeente, leerweg=leerweg)
    groepen = zichtbare_groepen(actor.rol, met_reden=reden is not None)
    met_namen = lijst is not Werklijst.WACHTBAK and Veldgroep.NAAM in groepen

    def zoek(cursor: Cursor[Any]) -> tuple[Bladzijde, list[Verzegelde]]:
        bladzijde = lees(cursor, lijst, regels, nu, selectie=selectie, na=na, aantal=limit)
        welke = [post.onderwerp for post in bladzijde.posten] if met_namen else []
        return bladzijde, lees_verzegelden(cursor, actor.rol, welke) if welke else []

    try:
        bladzijde, verzegelden = await dienst.lees_als(actor, zoek, reden)
    except BladwijzerOngeldig as fout:
        raise ongeldig(Fout(plaats="query.na", code="ongeldig", uitleg=str(fout))) from None
    except InsufficientPrivilege:
        raise Probleem("geen-toegang", "Daarop is in uw rol niet te kiezen.", code="geen_werklijst") from None
    personen = open_namen(dienst.hoofdsleutel, actor, verzegelden, met_reden=reden is not None)
    await verantwoord(
        request,
        actor,
        [None] if lijst is Werklijst.WACHTBAK else [post.onderwerp for post in bladzijde.posten] or [None],
        handeling="inzage",
        onderwerp=f"werklijst {lijst}",
        velden=groepen,
        reden=reden,
    )
    bladen = [_blad(post, personen.get(post.onderwerp, UNSET)) for post in bladzijde.posten]
    return in_json(bladen, koppen=volgende_bladzijde(request, bladzijde.verder))


def lijsten_van_rol(rol: Rol) -> tuple[Werklijst, ...]:
    """Give the worklists of a role: of who sees a pupil's signals all, Leerplicht its own, the region the wachtbak."""
    if rol is Rol.LEERPLICHTAMBTENAAR:
        return (Werklijst.MET_LEERPLICHT,)
    if not VAN_ROL[rol] >= _SIGNALEN:
        return ()
    is_regio = rol in {Rol.REGIEBEHEERDER, Rol.AUDITOR}
    return tuple(lijst for lijst in Werklijst if is_regio or lijst is not Werklijst.WACHTBAK)


def open_namen(
    hoofdsleutel: Hoofdsleutel, actor: Actor, verzegelden: list[Verzegelde], *, met_reden: bool
) -> dict[UUID, Persoonblad]:
    """Open who the pupils of a list are, as far as the caller may know; of who was erased nothing opens."""
    sleutels = {overstap: verpakt for overstap, _, verpakt in verzegelden if verpakt}
    kluis = Kluis(hoofdsleutel, lambda stromen: {een: sleutels[een] for een in stromen if een in sleutels})
    mag = zichtbare_persoonsvelden(actor.rol, met_reden=met_reden)
    return {
        overstap: GEWIST
        if verpakt is None
        else persoonblad(
            {
                veld: tekst
                for veld, (feit, verzegeld) in velden.items()
                if veld in mag
                and veld in _GETOOND
                and (tekst := kluis.open(overstap, feit, veld, Verzegeld(verzegeld))) is not None
            }
        )
        for overstap, velden, verpakt in verzegelden
    }


def _blad(post: Post, persoon: Persoonblad | UnsetType) -> Postblad:
    return Postblad(
        onderwerp=post.onderwerp,
        sinds=post.sinds,
        waarom=post.waarom,
        school=post.school,
        vestiging=post.vestiging,
        klas=post.klas,
        leerweg=post.leerweg,
        gemeente=post.gemeente,
        status=post.status,
        mbo=post.mbo,
        persoon=persoon,
    )
