"""Who takes part in the region, who may act for an organisation, and granting or ending a role there."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Path, Request, Response
from msgspec import Meta
from psycopg import Cursor

from overstap.adapters.http.antwoorden import etag, in_json, verwachte_versie
from overstap.adapters.http.dienst import Dienst, dienst_van
from overstap.adapters.http.identiteit.wie import Wie
from overstap.adapters.http.lichaam import lees
from overstap.adapters.http.metingen import meet_uitkomst
from overstap.adapters.http.operaties import VASTLEGGEND, operatie
from overstap.adapters.http.problemen import onbekend, van_weigering
from overstap.adapters.http.stappen import IdempotencyKey, IfMatch
from overstap.adapters.http.vormen import Klas, Lichaam, Naam, Vestiging
from overstap.adapters.opdracht import EerderVastgelegd, NietUniek, Opdracht, Resultaat, Vastgelegd
from overstap.adapters.stroomsoorten import ORGANISATIE, Organisatiedossier
from overstap.adapters.vault import naam_van_soort
from overstap.domain.feiten.organisatie import RolToegekend
from overstap.domain.organisatie import Organisatie
from overstap.domain.rollen import Rol
from overstap.domain.stromen import stroom_van_organisatie
from overstap.domain.verzoeken_organisatie import KenRolToe, OrganisatieVerzoek, TrekRolIn
from overstap.domain.weigering import Weigering

router: Final = APIRouter()
Code = Annotated[str, Path(pattern=r"^[0-9A-Z]{2,20}$", description="BRIN (vier tekens), gemeentecode of andere code.")]
Account = Annotated[
    str, Meta(pattern=r"^[a-z0-9-]{3,64}$(?!\n)", description="Het account, een naam zonder betekenis.")
]
_FEIT: Final = naam_van_soort(RolToegekend)
_CANONIEK: Final = msgspec.json.Encoder(order="sorted")
_LEES_ACCOUNTS: Final = (
    "SELECT account, rol, vestiging, klas, sinds, door, wacht FROM beeld.accounts WHERE code = %s ORDER BY account, rol"
)


class Organisatieblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An organisation of the region; versie is that of its stream."""

    code: str
    soort: str
    naam: str
    versie: int
    gemeente: str | None
    aangesloten: str | None
    koppeling: bool
    accounts: bool


class Accountblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A role of somebody here; wacht: proposed, and no right yet."""

    account: str
    rol: str
    vestiging: str | None
    klas: str | None
    sinds_op: datetime
    door: str
    wacht: bool


class Functionaris(Lichaam, frozen=True, kw_only=True):
    """Who has the account; kept sealed."""

    naam: Naam
    email: Naam | None = None
    telefoon: Naam | None = None

    def velden(self) -> dict[str, str]:
        """Give what is filled in."""
        return {veld: str(waarde) for veld in self.__struct_fields__ if (waarde := getattr(self, veld)) is not None}


class RolToekenning(Lichaam, frozen=True, kw_only=True):
    """Let an account act in a role for this organisation."""

    account: Account
    rol: Rol
    vestiging: Vestiging | None = None
    klas: Klas | None = None
    functionaris: Functionaris | None = None


class RolIntrekking(Lichaam, frozen=True, kw_only=True):
    """Take a role from an account."""

    account: Account
    rol: Rol


class Organisatievastlegging(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What came of a request: which events it added, or none when all was so already."""

    organisatie: str
    versie: int
    gebeurtenissen: int
    positie: int | None
    vastgelegd_op: datetime | None


_VOORBEELD: Final = {
    "code": "99AA",
    "soort": "vo",
    "naam": "Eerste School",
    "versie": 3,
    "gemeente": "0363",
    "aangesloten": None,
    "koppeling": False,
    "accounts": True,
}


@router.get(
    "/organisaties",
    operation_id="noem_organisaties",
    tags=["organisaties"],
    openapi_extra=operatie(antwoord=Organisatieblad, is_lijst=True, voorbeeld=[_VOORBEELD]),
)
async def noem_organisaties(request: Request, actor: Wie) -> Response:
    """Noem wie er aan de regio meedoen."""
    alle = dienst_van(request).kaders.organisaties(actor.regio)
    return in_json([_blad(een) for een in sorted(alle, key=lambda een: een.code) if een.code])


@router.get(
    "/organisaties/{code}",
    operation_id="toon_organisatie",
    tags=["organisaties"],
    openapi_extra=operatie(
        antwoord=Organisatieblad, voorbeeld=_VOORBEELD, problemen=("niet-gevonden",), koppen={"ETag": "De versie."}
    ),
)
async def toon_organisatie(request: Request, _actor: Wie, code: Code) -> Response:
    """Toon één organisatie."""
    organisatie = _organisatie(dienst_van(request), code)
    return in_json(_blad(organisatie), koppen={"ETag": etag(organisatie.versie)})


@router.get(
    "/organisaties/{code}/accounts",
    operation_id="noem_accounts",
    tags=["organisaties"],
    openapi_extra=operatie(
        antwoord=Accountblad,
        is_lijst=True,
        voorbeeld=[
            {
                "account": "mentor-4b",
                "rol": "mentor",
                "vestiging": "00",
                "klas": "4b",
                "sindsOp": "2025-10-01T08:00:00Z",
                "door": "beheer-99aa",
                "wacht": False,
            }
        ],
        betekenis="Wie hier mag handelen: voor de eigen beheerder en de regio; voor anderen is de lijst leeg.",
        problemen=("niet-gevonden",),
        koppen={"ETag": "De versie."},
    ),
)
async def noem_accounts(request: Request, actor: Wie, code: Code) -> Response:
    """Noem wie voor een organisatie mogen handelen, in welke rol."""
    dienst = dienst_van(request)
    organisatie = _organisatie(dienst, code)

    def lees_accounts(cursor: Cursor[Any]) -> list[Accountblad]:
        rijen = cursor.execute(_LEES_ACCOUNTS, (organisatie.code,)).fetchall()
        return [Accountblad(**dict(zip(Accountblad.__struct_fields__, rij, strict=True))) for rij in rijen]

    accounts = await dienst.lees_als(actor, lees_accounts) if actor.rol in _BEHEER else []
    return in_json(accounts, koppen={"ETag": etag(organisatie.versie)})


_BEHEER: Final = frozenset({Rol.VO_BEHEERDER, Rol.MBO_BEHEERDER, Rol.REGIEBEHEERDER, Rol.AUDITOR})


def _neemt(naam: str, soort: type[RolToekenning] | type[RolIntrekking]) -> Callable[..., Awaitable[Response]]:
    async def neem_stap(  # FastAPI reads the request from the arguments
        request: Request, code: Code, actor: Wie, sleutel: IdempotencyKey, _als: IfMatch = None
    ) -> Response:
        dienst = dienst_van(request)
        lichaam = await lees(request, soort)
        versie = verwachte_versie(request)
        organisatie = _organisatie(dienst, code)
        kwitantie = dienst.kwitanties.maak(
            actor, sleutel, b"|".join((naam.encode(), organisatie.code.encode(), _CANONIEK.encode(lichaam)))
        )
        opdracht = Opdracht(
            soort=ORGANISATIE,
            stroom=stroom_van_organisatie(actor.regio, organisatie.code),
            verzoek=_maker(dienst, lichaam, organisatie.code, actor.regio),
            actor=actor,
            kwitantie=kwitantie,
            correlatie=request.scope["overstap.correlatie"],
            verwachte_versie=versie,
        )
        with dienst.kwitanties.loopt(kwitantie):
            resultaat = await dienst.bus.stuur_async(opdracht)
        meet_uitkomst(resultaat)
        return _antwoord(dienst, resultaat, organisatie.code)

    neem_stap.__doc__ = soort.__doc__
    return neem_stap


def _maker(
    dienst: Dienst, lichaam: RolToekenning | RolIntrekking, code: str, regio: str
) -> Callable[[Organisatiedossier | None], OrganisatieVerzoek]:
    """Seal who it is when the bus comes to it; what is known already is not sealed again."""

    def maak(_dossier: Organisatiedossier | None) -> OrganisatieVerzoek:
        if isinstance(lichaam, RolIntrekking):
            return TrekRolIn(account=lichaam.account, rol=lichaam.rol)
        velden = lichaam.functionaris.velden() if lichaam.functionaris else {}
        return KenRolToe(
            account=lichaam.account,
            rol=lichaam.rol,
            vestiging=lichaam.vestiging,
            klas=lichaam.klas,
            functionaris=dienst.bus.app.kluis.verzegel_velden(stroom_van_organisatie(regio, code), _FEIT, velden)
            if velden
            else {},
        )

    return maak


def _antwoord(dienst: Dienst, resultaat: Resultaat, code: str) -> Response:
    match resultaat:
        case Weigering():
            raise van_weigering(resultaat)
        case NietUniek():
            raise AssertionError("a role claims nothing")
        case Vastgelegd():
            uitkomst = Organisatievastlegging(
                organisatie=code,
                versie=resultaat.gebeurtenissen[-1].originator_version,
                gebeurtenissen=len(resultaat.gebeurtenissen),
                positie=resultaat.positie,
                vastgelegd_op=resultaat.vastgelegd_op,
            )
        case EerderVastgelegd(kwitantie=eerder):
            uitkomst = Organisatievastlegging(
                organisatie=code,
                versie=eerder.versie or 0,
                gebeurtenissen=eerder.aantal,
                positie=eerder.positie,
                vastgelegd_op=eerder.vastgelegd_op,
            )
        case _:
            versie = _organisatie(dienst, code).versie
            uitkomst = Organisatievastlegging(
                organisatie=code, versie=versie, gebeurtenissen=0, positie=None, vastgelegd_op=None
            )
    return in_json(uitkomst, koppen={"ETag": etag(uitkomst.versie)})


def _organisatie(dienst: Dienst, code: str) -> Organisatie:
    organisatie = dienst.kaders.organisatie(dienst.regio, code)
    if organisatie is None or not organisatie.code:
        raise onbekend()
    return organisatie


def _blad(een: Organisatie) -> Organisatieblad:
    return Organisatieblad(**{veld: getattr(een, veld) for veld in Organisatieblad.__struct_fields__})


for _naam, _soort, _inhoud in (
    (
        "ken_rol_toe",
        RolToekenning,
        {
            "account": "mentor-4b",
            "rol": "mentor",
            "vestiging": "00",
            "klas": "4b",
            "functionaris": {"naam": "M. Voorbeeld"},
        },
    ),
    ("trek_rol_in", RolIntrekking, {"account": "mentor-4b", "rol": "mentor"}),
):
    router.add_api_route(
        f"/organisaties/{{code}}/stappen/{_naam.replace('_', '-')}",
        _neemt(_naam, _soort),
        methods=["POST"],
        operation_id=_naam,
        name=_naam,
        tags=["organisaties"],
        openapi_extra=operatie(
            antwoord=Organisatievastlegging,
            voorbeeld={
                "organisatie": "99AA",
                "versie": 4,
                "gebeurtenissen": 1,
                "positie": 70211,
                "vastgelegdOp": "2026-01-12T09:30:00Z",
            },
            betekenis="Vastgelegd, of het was al zo (dan is gebeurtenissen 0).",
            lichaam=_soort,
            vraag_voorbeeld=_inhoud,
            problemen=("niet-gevonden", "verouderd", "versie-ontbreekt", *VASTLEGGEND),
            koppen={"ETag": "De versie na deze stap."},
        ),
    )
