"""Who may act for an organisation, and granting or ending a role there."""

from datetime import datetime
from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Request, Response
from msgspec import UNSET, Meta, UnsetType
from psycopg import Cursor

from overstap.adapters.http.antwoorden import etag
from overstap.adapters.http.bladzijden import GEWOON, LINK, Limit, Na, Plaats, bladzijde, plaats_van
from overstap.adapters.http.contacten import Contactpersoon, open_contact
from overstap.adapters.http.dienst import Dienst, dienst_van
from overstap.adapters.http.identiteit.wie import Wie
from overstap.adapters.http.operaties import operatie
from overstap.adapters.http.organisaties import Code, organisatie_van
from overstap.adapters.http.reden import Reden
from overstap.adapters.http.verantwoording import verantwoord
from overstap.adapters.http.wachten import Ingericht
from overstap.adapters.vault import naam_van_soort
from overstap.domain.feiten.organisatie import RolToegekend
from overstap.domain.rollen import Actor, Rol

router: Final = APIRouter()
Account = Annotated[
    str, Meta(pattern=r"^[a-z0-9-]{3,64}$(?!\n)", description="Het account, een naam zonder betekenis.")
]
_FEIT: Final = naam_van_soort(RolToegekend)
_BEHEER: Final = frozenset({Rol.VO_BEHEERDER, Rol.MBO_BEHEERDER, Rol.REGIEBEHEERDER, Rol.AUDITOR})
_LEES_ACCOUNTS: Final = """
SELECT a.account, a.rol, a.vestiging, a.klas, a.sinds, a.door, a.wacht, a.organisatie, a.functionaris,
       (SELECT k.verpakt FROM toegang.datasleutels AS k WHERE k.stroom = a.organisatie)
  FROM beeld.accounts AS a WHERE a.code = %s AND (a.account, a.rol) > (%s, %s) ORDER BY a.account, a.rol LIMIT %s
"""
_EERSTE: Final = ("", "")
"""An account and a role that come before all."""


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
        koppen={"ETag": "De versie.", **LINK},
    ),
)
async def noem_accounts(  # noqa: PLR0913, PLR0917  # FastAPI reads the query from the arguments
    request: Request, actor: Wie, reden: Reden, _bij: Ingericht, code: Code, limit: Limit = GEWOON, na: Na = None
) -> Response:
    """Noem wie voor een organisatie mogen handelen, in welke rol. De regio ziet namen met een reden."""
    dienst = dienst_van(request)
    organisatie = organisatie_van(dienst, code)
    accounts = await lees_accounts(
        dienst, actor, organisatie.code, reden, na=plaats_van(na, _EERSTE), hoogstens=limit + 1
    )
    if accounts:
        wat = f"accounts van {organisatie.code}"
        await verantwoord(request, actor, [None], handeling="inzage", onderwerp=wat, reden=reden)
    return bladzijde(request, accounts, limit, lambda een: (een.account, een.rol), ETag=etag(organisatie.versie))


async def lees_accounts(  # noqa: PLR0913  # whose, to whom, and which of them
    dienst: Dienst,
    actor: Actor,
    code: str,
    reden: str | None = None,
    *,
    na: Plaats = _EERSTE,
    hoogstens: int | None = None,
) -> list[Accountblad]:
    """Give who may act for an organisation: to its own administrator and the region; recording that is the caller's."""
    if actor.rol not in _BEHEER:
        return []

    def lees(cursor: Cursor[Any]) -> list[Accountblad]:
        return [
            Accountblad(
                **dict(zip(Accountblad.__struct_fields__, rij, strict=False)),
                functionaris=open_contact(dienst, stroom, functionaris, verpakt),
            )
            for *rij, stroom, functionaris, verpakt in cursor.execute(_LEES_ACCOUNTS, (code, *na, hoogstens))
        ]

    return await dienst.lees_als(actor, lees, reden)
