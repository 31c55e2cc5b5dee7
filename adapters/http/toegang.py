"""Who looked? The log of access of one pupil or one account, for the region; that it looked stands there too."""

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request, Response
from msgspec import Meta
from psycopg import Cursor

from overstap.adapters.http.antwoorden import in_json
from overstap.adapters.http.dienst import dienst_van
from overstap.adapters.http.identiteit.wie import Wie
from overstap.adapters.http.lichaam import lees
from overstap.adapters.http.operaties import operatie
from overstap.adapters.http.problemen import Fout, Probleem, ongeldig
from overstap.adapters.http.reden import Reden
from overstap.adapters.http.verantwoording import verantwoord
from overstap.adapters.http.vormen import Lichaam
from overstap.adapters.toegangslog_lezen import Inzage, Plek, lees_bladzijde
from overstap.domain.rollen import Rol
from overstap.projections.selectie import BladwijzerOngeldig, lees_bladwijzer, schrijf_bladwijzer

router: Final = APIRouter()
MEESTE: Final = 1_000
LEZERS: Final = frozenset({Rol.REGIEBEHEERDER, Rol.AUDITOR})
"""Who may know who looked."""


class Toegangsvraag(Lichaam, frozen=True, kw_only=True):
    """Of which pupil, or what which account did; at least one of the two."""

    overstap: UUID | None = None
    account: Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[a-z0-9_-]+$(?!\n)")] | None = None
    limit: Annotated[int, Meta(ge=1, le=MEESTE)] = 100
    na: Annotated[str, Meta(max_length=300)] | None = None


class Toegangsregel(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Who did what to which pupil's data, when, why, from where, and what came of it; spoor is the trace id."""

    gebeurd_op: datetime
    account: str
    rol: str
    organisatie: str
    overstap: UUID | None
    handeling: str
    onderwerp: str
    velden: list[str]
    reden: str
    uitkomst: str
    herkomst: str
    spoor: str


class Toegangsverslag(msgspec.Struct, frozen=True, kw_only=True):
    """The lines, the first first; na begins the next page, null when there is none."""

    regels: list[Toegangsregel]
    na: str | None


_VOORBEELD: Final = {
    "regels": [
        {
            "gebeurdOp": "2026-01-12T09:30:00Z",
            "account": "decaan-99aa",
            "rol": "decaan",
            "organisatie": "99AA",
            "overstap": "3f2a0c1e-8d1b-4c57-9a55-0d8f6b1f2e3a",
            "handeling": "inzage",
            "onderwerp": "overstap",
            "velden": ["naam", "status"],
            "reden": "",
            "uitkomst": "toegestaan",
            "herkomst": "http",
            "spoor": "4bf92f35-77b3-4da6-a3ce-929d0e0e4736",
        }
    ],
    "na": None,
}


@router.post(
    "/toegangslog/_zoek",
    operation_id="zoek_toegang",
    tags=["organisaties"],
    openapi_extra=operatie(
        antwoord=Toegangsverslag,
        voorbeeld=_VOORBEELD,
        lichaam=Toegangsvraag,
        vraag_voorbeeld={"overstap": "3f2a0c1e-8d1b-4c57-9a55-0d8f6b1f2e3a", "limit": 20},
    ),
)
async def zoek_toegang(request: Request, actor: Wie, reden: Reden) -> Response:
    """Zoek wie gegevens van een leerling zag of wijzigde, of wat een account deed; ook wat geweigerd werd."""
    dienst = dienst_van(request)
    vraag = await lees(request, Toegangsvraag)
    if actor.rol not in LEZERS:
        raise Probleem("geen-toegang", "Het toegangslog is voor de regiebeheerder en de auditor.", code="geen_log")
    if vraag.overstap is None and vraag.account is None:
        raise ongeldig(Fout(plaats="body", code="ontbreekt", uitleg="Noem een overstap, een account of allebei."))
    if reden is None:
        uitleg = "Wie keek, is ook een gegeven van personen: zeg waarom u dat wilt weten."
        raise ongeldig(Fout(plaats="header.Reden", code="ontbreekt", uitleg=uitleg))
    na = _plek(vraag.na)

    def zoek(cursor: Cursor[Any]) -> tuple[list[Inzage], Plek | None]:
        return lees_bladzijde(cursor, overstap=vraag.overstap, account=vraag.account, na=na, aantal=vraag.limit)

    gevonden, verder = await dienst.lees_als(actor, zoek, reden)
    await verantwoord(request, actor, [vraag.overstap], handeling="inzage", onderwerp="toegangslog", reden=reden)
    regels = [_regel(een) for een in gevonden]
    return in_json(Toegangsverslag(regels=regels, na=schrijf_bladwijzer(verder) if verder else None))


def _plek(na: str | None) -> Plek | None:
    try:
        return None if na is None else lees_bladwijzer(na, Plek)
    except BladwijzerOngeldig as fout:
        raise ongeldig(Fout(plaats="body.na", code="ongeldig", uitleg=str(fout))) from None


def _regel(een: Inzage) -> Toegangsregel:
    velden = {veld: getattr(een, veld) for veld in Toegangsregel.__struct_fields__ if veld != "gebeurd_op"}
    return Toegangsregel(gebeurd_op=een.op, **velden)
