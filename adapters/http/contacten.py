"""Whom to call at an organisation: for everybody in the region, with the names that are sealed with its own key."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request, Response
from msgspec import UNSET, UnsetType
from psycopg import Cursor

from overstap.adapters.http.antwoorden import etag
from overstap.adapters.http.bladzijden import GEWOON, LINK, Limit, Na, bladzijde, plaats_van
from overstap.adapters.http.dienst import Dienst, dienst_van
from overstap.adapters.http.identiteit.wie import Wie
from overstap.adapters.http.operaties import operatie
from overstap.adapters.http.organisaties import Code, organisatie_van
from overstap.adapters.http.reden import Reden
from overstap.adapters.http.verantwoording import verantwoord
from overstap.adapters.http.wachten import Ingericht
from overstap.adapters.vault import Kluis
from overstap.domain.feiten import Verzegeld
from overstap.domain.rollen import Actor, Rol

router: Final = APIRouter()
ZONDER_SLEUTEL: Final = frozenset({Rol.MANAGER, Rol.KOPPELING, Rol.SYSTEEM})
"""Who gets no key of anything that is sealed: they may know that there is a contact, and not who it is."""
_LEES: Final = "SELECT c.code, c.onderwerp, c.sinds, c.organisatie, c.contact, {sleutel} FROM beeld.contacten AS c"
_SLEUTEL: Final = "(SELECT k.verpakt FROM toegang.datasleutels AS k WHERE k.stroom = c.organisatie)"
_VAN: Final = " WHERE c.code = ANY(%s) ORDER BY c.code, c.onderwerp"


class Contactpersoon(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who works at an organisation, as far as the caller may know."""

    naam: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    telefoon: str | UnsetType = UNSET


class Contactblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Whom to call about a subject."""

    onderwerp: str
    sinds_op: datetime
    contact: Contactpersoon | UnsetType = UNSET


@router.get(
    "/organisaties/{code}/contacten",
    operation_id="noem_contacten",
    tags=["organisaties"],
    openapi_extra=operatie(
        antwoord=Contactblad,
        is_lijst=True,
        voorbeeld=[
            {
                "onderwerp": "intake",
                "sindsOp": "2025-10-01T08:00:00Z",
                "contact": {"naam": "M. Voorbeeld", "telefoon": "020 000 00 00"},
            }
        ],
        betekenis="Wie u bij deze organisatie waarvoor belt; de naam voor wie die mag weten.",
        problemen=("niet-gevonden",),
        koppen={"ETag": "De versie van de organisatie.", **LINK},
    ),
)
async def noem_contacten(  # noqa: PLR0913, PLR0917  # FastAPI reads the query from the arguments
    request: Request, actor: Wie, reden: Reden, _bij: Ingericht, code: Code, limit: Limit = GEWOON, na: Na = None
) -> Response:
    """Noem wie u bij een organisatie waarvoor belt. Regiebeheerder en auditor zien namen met een reden."""
    dienst = dienst_van(request)
    organisatie = organisatie_van(dienst, code)
    begin = plaats_van(na, ("",))
    bladen = (await lees_contacten(dienst, actor, [organisatie.code], reden))[organisatie.code]
    await verantwoord(
        request, actor, [None], handeling="inzage", onderwerp=f"contacten van {organisatie.code}", reden=reden
    )
    gevonden = [een for een in bladen if (een.onderwerp,) > begin]
    return bladzijde(request, gevonden, limit, lambda een: (een.onderwerp,), ETag=etag(organisatie.versie))


async def lees_contacten(
    dienst: Dienst, actor: Actor, codes: Sequence[str], reden: str | None = None
) -> dict[str, list[Contactblad]]:
    """Give whom to call at each of these organisations, by subject; recording that is the caller's."""
    vraag = _LEES.format(sleutel="NULL::bytea" if actor.rol in ZONDER_SLEUTEL else _SLEUTEL) + _VAN

    def lees(cursor: Cursor[Any]) -> dict[str, list[Contactblad]]:
        per: dict[str, list[Contactblad]] = {code: [] for code in codes}
        for code, onderwerp, sinds, stroom, velden, verpakt in cursor.execute(vraag.encode(), (list(codes),)):
            contact = open_contact(dienst, stroom, velden, verpakt)
            per[code].append(Contactblad(onderwerp=onderwerp, sinds_op=sinds, contact=contact))
        return per

    return await dienst.lees_als(actor, lees, reden)


def open_contact(
    dienst: Dienst, stroom: UUID, velden: Mapping[str, tuple[str, str]], verpakt: bytes | None
) -> Contactpersoon | UnsetType:
    """Open who it is; nothing without the organisation's key, or when nothing was filled in."""
    if verpakt is None or not velden:
        return UNSET
    kluis = Kluis(dienst.hoofdsleutel, lambda _stromen: {stroom: verpakt})
    open_ = {
        veld: tekst
        for veld, (feit, verzegeld) in velden.items()
        if (tekst := kluis.open(stroom, feit, veld, Verzegeld(verzegeld))) is not None
    }
    return Contactpersoon(**open_)
