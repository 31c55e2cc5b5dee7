"""What is recorded of an organisation: that it takes part, who may act for it in which role, whom to call there."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Request, Response
from msgspec import Meta

from overstap.adapters.http.antwoorden import etag, in_json, verwachte_versie
from overstap.adapters.http.dienst import Dienst, dienst_van
from overstap.adapters.http.identiteit.wie import Wie
from overstap.adapters.http.lichaam import lees
from overstap.adapters.http.opdragen import draag_op
from overstap.adapters.http.organisaties import Code, organisatie_van
from overstap.adapters.http.problemen import van_weigering
from overstap.adapters.http.stapbron import CANONIEK, ongewijzigd, vastgelegd, voeg_stap_toe
from overstap.adapters.http.stappen import IdempotencyKey, IfMatch
from overstap.adapters.http.vormen import Gemeente, Klas, Lichaam, Naam, Vestiging
from overstap.adapters.opdracht import EerderVastgelegd, NietUniek, Opdracht, Resultaat, Vastgelegd
from overstap.adapters.stroomsoorten import ORGANISATIE, Organisatiedossier
from overstap.adapters.vault import naam_van_soort
from overstap.domain.feiten import Verzegeld
from overstap.domain.feiten.organisatie import ContactVastgelegd, RolToegekend
from overstap.domain.rollen import Actor, Rol, SoortOrganisatie
from overstap.domain.stromen import stroom_van_organisatie
from overstap.domain.verzoeken_organisatie import (
    KenRolToe,
    LegContactVast,
    NeemOrganisatieOp,
    OrganisatieVerzoek,
    TrekRolIn,
)
from overstap.domain.weigering import Weigering

router: Final = APIRouter()
Account = Annotated[
    str, Meta(pattern=r"^[a-z0-9-]{3,64}$(?!\n)", description="Het account, een naam zonder betekenis.")
]
Onderwerp = Annotated[
    str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9 _/-]{0,59}$(?!\n)", description="Waarvoor men belt, zoals intake.")
]


class Functionaris(Lichaam, frozen=True, kw_only=True):
    """Who it is; kept sealed."""

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


class Contactvastlegging(Lichaam, frozen=True, kw_only=True):
    """Name whom to call about a subject, in place of who it was."""

    onderwerp: Onderwerp
    contact: Functionaris


class RolIntrekking(Lichaam, frozen=True, kw_only=True):
    """Take a role from an account."""

    account: Account
    rol: Rol


class Organisatieopname(Lichaam, frozen=True, kw_only=True):
    """Let an organisation take part in the region, or mend what is known of it."""

    soort: SoortOrganisatie
    naam: Naam
    gemeente: Gemeente | None = None
    aangesloten: Annotated[str, Meta(pattern=r"^[0-9A-Z]{2,20}$(?!\n)")] | None = None
    koppeling: bool = False
    accounts: bool = False


class Organisatievastlegging(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What came of a request: which events it added, or none when all was so already."""

    organisatie: str
    versie: int
    gebeurtenissen: int
    positie: int | None
    vastgelegd_op: datetime | None


Organisatiestap = Organisatieopname | RolToekenning | RolIntrekking | Contactvastlegging


def _neemt(naam: str, soort: type[Organisatiestap]) -> Callable[..., Awaitable[Response]]:
    async def neem_stap(  # FastAPI reads the request from the arguments
        request: Request, code: Code, actor: Wie, sleutel: IdempotencyKey, _als: IfMatch = None
    ) -> Response:
        lichaam = await lees(request, soort)
        versie = verwachte_versie(request)
        uitkomst = await doe_organisatiestap(request, actor, code, naam, lichaam, versie=versie, sleutel=sleutel)
        return in_json(uitkomst, koppen={"ETag": etag(uitkomst.versie)})

    neem_stap.__doc__ = soort.__doc__
    return neem_stap


async def doe_organisatiestap(  # noqa: PLR0913  # who does what to which, on what he saw
    request: Request,
    actor: Actor,
    code: str,
    naam: str,
    lichaam: Organisatiestap,
    *,
    versie: int | None,
    sleutel: str,
) -> Organisatievastlegging:
    """Take a step, and record that it was asked; versie is what the caller saw (None: whichever it is).

    Raises:
        Probleem: when it is refused, the organisation has moved on, or is not there.

    """
    dienst = dienst_van(request)
    eigen_code = code if isinstance(lichaam, Organisatieopname) else organisatie_van(dienst, code).code
    kwitantie = dienst.kwitanties.maak(
        actor, sleutel, b"|".join((naam.encode(), eigen_code.encode(), CANONIEK.encode(lichaam)))
    )
    opdracht = Opdracht(
        soort=ORGANISATIE,
        stroom=stroom_van_organisatie(actor.regio, eigen_code),
        verzoek=_maker(dienst, lichaam, eigen_code, actor.regio),
        actor=actor,
        kwitantie=kwitantie,
        correlatie=request.scope["overstap.correlatie"],
        verwachte_versie=versie,
    )
    onderwerp = f"{_onderwerp(lichaam)} van {eigen_code}"
    resultaat = await draag_op(request, opdracht, handeling=naam, onderwerp=onderwerp, overstap=None)
    return _vastlegging(dienst, resultaat, eigen_code)


def _onderwerp(lichaam: Organisatiestap) -> str:
    """Name what a step is about, without a name of anybody."""
    match lichaam:
        case Contactvastlegging():
            return "contact"
        case Organisatieopname():
            return "gegevens"
        case RolToekenning() | RolIntrekking():
            return f"account {lichaam.account}"


def _maker(
    dienst: Dienst, lichaam: Organisatiestap, code: str, regio: str
) -> Callable[[Organisatiedossier | None], OrganisatieVerzoek]:
    """Seal who it is when the bus comes to it: the organisation's key is there by then."""
    stroom = stroom_van_organisatie(regio, code)

    def verzegel(feit: type[RolToegekend | ContactVastgelegd], wie: Functionaris | None) -> dict[str, Verzegeld]:
        velden = wie.velden() if wie else {}
        return dienst.bus.app.kluis.verzegel_velden(stroom, naam_van_soort(feit), velden) if velden else {}

    def maak(_dossier: Organisatiedossier | None) -> OrganisatieVerzoek:
        match lichaam:
            case Organisatieopname():
                return NeemOrganisatieOp(code=code, **msgspec.structs.asdict(lichaam))
            case RolIntrekking():
                return TrekRolIn(account=lichaam.account, rol=lichaam.rol)
            case Contactvastlegging():
                return LegContactVast(onderwerp=lichaam.onderwerp, contact=verzegel(ContactVastgelegd, lichaam.contact))
            case RolToekenning():
                return KenRolToe(
                    account=lichaam.account,
                    rol=lichaam.rol,
                    vestiging=lichaam.vestiging,
                    klas=lichaam.klas,
                    functionaris=verzegel(RolToegekend, lichaam.functionaris),
                )

    return maak


def _vastlegging(dienst: Dienst, resultaat: Resultaat, code: str) -> Organisatievastlegging:
    match resultaat:
        case Weigering():
            raise van_weigering(resultaat)
        case NietUniek():
            raise AssertionError("an organisation's step claims nothing")
        case Vastgelegd() | EerderVastgelegd():
            return Organisatievastlegging(organisatie=code, **vastgelegd(resultaat))
        case _:
            return Organisatievastlegging(organisatie=code, **ongewijzigd(organisatie_van(dienst, code).versie))


for _naam, _soort, _inhoud in (
    (
        "neem_organisatie_op",
        Organisatieopname,
        {"soort": "vo", "naam": "Eerste School", "gemeente": "0363", "accounts": True},
    ),
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
    (
        "leg_contact_vast",
        Contactvastlegging,
        {"onderwerp": "overstap", "contact": {"naam": "M. Voorbeeld", "telefoon": "020 000 00 00"}},
    ),
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
