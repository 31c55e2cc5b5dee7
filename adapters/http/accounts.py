"""Who may act for an organisation, and granting or ending a role there."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Request, Response
from msgspec import UNSET, Meta, UnsetType
from psycopg import Cursor

from overstap.adapters.http.antwoorden import etag, in_json, verwachte_versie
from overstap.adapters.http.contacten import Contactpersoon, open_contact
from overstap.adapters.http.dienst import Dienst, dienst_van
from overstap.adapters.http.identiteit.wie import Wie
from overstap.adapters.http.lichaam import lees
from overstap.adapters.http.metingen import meet_uitkomst
from overstap.adapters.http.operaties import operatie
from overstap.adapters.http.organisaties import Code, organisatie_van
from overstap.adapters.http.problemen import van_weigering
from overstap.adapters.http.reden import Reden
from overstap.adapters.http.stapbron import CANONIEK, ongewijzigd, vastgelegd, voeg_stap_toe
from overstap.adapters.http.stappen import IdempotencyKey, IfMatch
from overstap.adapters.http.verantwoording import verantwoord
from overstap.adapters.http.vormen import Klas, Lichaam, Naam, Vestiging
from overstap.adapters.http.wachten import Ingericht
from overstap.adapters.opdracht import EerderVastgelegd, NietUniek, Opdracht, Resultaat, Vastgelegd
from overstap.adapters.stroomsoorten import ORGANISATIE, Organisatiedossier
from overstap.adapters.toegangslog import Uitkomst
from overstap.adapters.vault import naam_van_soort
from overstap.domain.feiten.organisatie import RolToegekend
from overstap.domain.rollen import Rol
from overstap.domain.stromen import stroom_van_organisatie
from overstap.domain.verzoeken_organisatie import KenRolToe, OrganisatieVerzoek, TrekRolIn
from overstap.domain.weigering import Weigering

router: Final = APIRouter()
Account = Annotated[
    str, Meta(pattern=r"^[a-z0-9-]{3,64}$(?!\n)", description="Het account, een naam zonder betekenis.")
]
_FEIT: Final = naam_van_soort(RolToegekend)
_BEHEER: Final = frozenset({Rol.VO_BEHEERDER, Rol.MBO_BEHEERDER, Rol.REGIEBEHEERDER, Rol.AUDITOR})
_LEES_ACCOUNTS: Final = """
SELECT a.account, a.rol, a.vestiging, a.klas, a.sinds, a.door, a.wacht, a.organisatie, a.functionaris,
       (SELECT k.verpakt FROM toegang.datasleutels AS k WHERE k.stroom = a.organisatie)
  FROM beeld.accounts AS a WHERE a.code = %s ORDER BY a.account, a.rol
"""


class Accountblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A role of somebody here; wacht: proposed, and no right yet."""

    account: str
    rol: str
    vestiging: str | None
    klas: str | None
    sinds_op: datetime
    door: str
    wacht: bool
    functionaris: Contactpersoon | UnsetType = UNSET


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
                "functionaris": {"naam": "M. Voorbeeld"},
            }
        ],
        betekenis="Wie hier mag handelen: voor de eigen beheerder en de regio; voor anderen is de lijst leeg.",
        problemen=("niet-gevonden",),
        koppen={"ETag": "De versie."},
    ),
)
async def noem_accounts(request: Request, actor: Wie, reden: Reden, _bij: Ingericht, code: Code) -> Response:
    """Noem wie voor een organisatie mogen handelen, in welke rol. De regio ziet namen met een reden."""
    dienst = dienst_van(request)
    organisatie = organisatie_van(dienst, code)

    def lees_accounts(cursor: Cursor[Any]) -> list[Accountblad]:
        return [
            Accountblad(
                **dict(zip(Accountblad.__struct_fields__, rij, strict=False)),
                functionaris=open_contact(dienst, stroom, functionaris, verpakt),
            )
            for *rij, stroom, functionaris, verpakt in cursor.execute(_LEES_ACCOUNTS, (organisatie.code,))
        ]

    accounts = await dienst.lees_als(actor, lees_accounts, reden) if actor.rol in _BEHEER else []
    if accounts:
        wat = f"accounts van {organisatie.code}"
        await verantwoord(request, actor, [None], handeling="inzage", onderwerp=wat, reden=reden)
    return in_json(accounts, koppen={"ETag": etag(organisatie.versie)})


def _neemt(naam: str, soort: type[RolToekenning] | type[RolIntrekking]) -> Callable[..., Awaitable[Response]]:
    async def neem_stap(  # FastAPI reads the request from the arguments
        request: Request, code: Code, actor: Wie, sleutel: IdempotencyKey, _als: IfMatch = None
    ) -> Response:
        dienst = dienst_van(request)
        lichaam = await lees(request, soort)
        versie = verwachte_versie(request)
        organisatie = organisatie_van(dienst, code)
        kwitantie = dienst.kwitanties.maak(
            actor, sleutel, b"|".join((naam.encode(), organisatie.code.encode(), CANONIEK.encode(lichaam)))
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
        await verantwoord(
            request,
            actor,
            [None],
            handeling=naam,
            onderwerp=f"account {lichaam.account} van {organisatie.code}",
            uitkomst=Uitkomst.GEWEIGERD if isinstance(resultaat, Weigering | NietUniek) else Uitkomst.TOEGESTAAN,
        )
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
        case Vastgelegd() | EerderVastgelegd():
            uitkomst = Organisatievastlegging(organisatie=code, **vastgelegd(resultaat))
        case _:
            uitkomst = Organisatievastlegging(organisatie=code, **ongewijzigd(organisatie_van(dienst, code).versie))
    return in_json(uitkomst, koppen={"ETag": etag(uitkomst.versie)})


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
    voeg_stap_toe(
        router,
        "/organisaties/{code}",
        _naam,
        _neemt(_naam, _soort),
        lichaam=_soort,
        vraag_voorbeeld=_inhoud,
        antwoord=Organisatievastlegging,
        voorbeeld={
            "organisatie": "99AA",
            "versie": 4,
            "gebeurtenissen": 1,
            "positie": 70211,
            "vastgelegdOp": "2026-01-12T09:30:00Z",
        },
        label="organisaties",
    )
