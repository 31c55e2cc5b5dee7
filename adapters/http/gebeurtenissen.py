"""Everything that happened, in the order of the log, as far as the caller may see it: in pages or as a stream."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

import jwt
from fastapi import APIRouter, Header, Query
from psycopg import Cursor
from starlette.requests import Request
from starlette.responses import Response

from overstap.adapters.http.cloudevent import BATCH, CloudEvent, bron_van, cloudevent, schrijf
from overstap.adapters.http.dienst import Dienst, dienst_van
from overstap.adapters.http.identiteit.wie import Wie, wie_nog
from overstap.adapters.http.operaties import operatie, schema_van
from overstap.adapters.http.problemen import Probleem
from overstap.adapters.http.stroom import SSE, Lezer, Stroom
from overstap.adapters.http.uitzender import TeVeelLezers
from overstap.adapters.http.verantwoording import verantwoord
from overstap.adapters.http.wachten import Bijgewerkt
from overstap.adapters.postgres.fouten import DatabankOnbereikbaar
from overstap.adapters.postgres.gezien import Deel, Filter, lees_gezien
from overstap.domain.feiten import TYPES, zonder_versie
from overstap.domain.rollen import Actor

NDJSON: Final = "application/x-ndjson"
POSITIE: Final = "Overstap-Positie"
"""The header that tells up to which position of the log an answer goes."""
MEESTE: Final = 1_000
GEWOON: Final = 100
Feitnaam = StrEnum("Feitnaam", {naam.upper().replace("-", "_"): naam for naam in sorted({*map(zonder_versie, TYPES)})})  # type: ignore[misc]
router: Final = APIRouter()

VOORBEELD: Final[dict[str, Any]] = {
    "specversion": "1.0",
    "id": "3f2a0c1e-8d1b-4c57-9a55-0d8f6b1f2e3a@4",
    "source": "urn:nld:oin:00000000000000000000:systeem:overstap",
    "type": "nl.overstappen.status-gewijzigd.v1",
    "subject": "3f2a0c1e-8d1b-4c57-9a55-0d8f6b1f2e3a",
    "time": "2026-01-12T09:30:00Z",
    "sequence": "0000000000000070211",
    "datacontenttype": "application/json",
    "data": {
        "versie": 4,
        "gebeurdOp": "2026-01-12T09:29:41Z",
        "regio": "21",
        "account": "koppeling-99xx",
        "rol": "koppeling",
        "organisatie": "99XX",
        "procedure": "2026.21.1",
        "correlatie": None,
        "oorzaak": None,
        "inhoud": {"van": "nog_niet_aangemeld", "naar": "aangemeld", "oorzaak": 3},
        "verzegeld": [],
    },
}
_SCHEMA: Final = {"type": "array", "items": schema_van(CloudEvent)}
_OPERATIE: Final = operatie(
    antwoord=_SCHEMA,
    voorbeeld=[VOORBEELD],
    media=BATCH,
    betekenis="Wat de aanvrager van dit deel van het log mag zien, oudste eerst. Na een leeg deel kan er meer zijn.",
    koppen={
        "Link": 'Waar het verdergaat: rel="next". Hij is er altijd, ook als er nu niets meer is.',
        POSITIE: "De positie in het log tot waar dit antwoord gaat.",
    },
)
_OPERATIE["responses"]["200"]["content"] |= {vorm: {"schema": {"type": "string"}} for vorm in (NDJSON, SSE)}


@router.get("/gebeurtenissen", operation_id="volg_gebeurtenissen", tags=["gebeurtenissen"], openapi_extra=_OPERATIE)
async def volg_gebeurtenissen(  # noqa: PLR0913, PLR0917  # FastAPI reads the query from the arguments
    request: Request,
    actor: Wie,
    _bij: Bijgewerkt,
    na: Annotated[
        int | None,
        Query(ge=0, lt=2**63, description="De positie waarna het begint; zonder vooraan, en een stroom vanaf nu."),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MEESTE, description="Hoeveel er hoogstens in een deel staan.")] = GEWOON,
    feit: Annotated[list[Feitnaam] | None, Query(description="Alleen deze feiten.")] = None,
    overstap: Annotated[UUID | None, Query(description="Alleen van deze overstap.")] = None,
    organisatie: Annotated[
        str | None,
        Query(pattern=r"^[0-9A-Z]{1,20}$", description="Alleen wat deze organisatie vastlegde."),
    ] = None,
    last_event_id: Annotated[
        int | None,
        Header(alias="Last-Event-ID", ge=0, lt=2**63, description="Alleen bij een stroom: waar de vorige ophield."),
    ] = None,
) -> Response:
    """Lees wat er gebeurde, in de volgorde van het log en vanaf een positie, voor zover de aanvrager het mag zien.

    Kies met Accept de vorm: een lijst (application/cloudevents-batch+json), regels (application/x-ndjson) of een stroom
    die doorgaat (text/event-stream) tot uw token of sessie afloopt. Het laatste bericht van een stroom, `einde`, zegt
    waarom; met Last-Event-ID gaat een volgende verder waar hij ophield. Wie te langzaam leest wordt afgekoppeld.
    Persoonsgegevens gaan nooit mee; `verzegeld` noemt de velden die er wel zijn.
    """
    dienst = dienst_van(request)
    filter_ = Filter(feiten=frozenset(map(str, feit or ())), overstap=overstap, organisatie=organisatie)

    begin = last_event_id if last_event_id is not None else na
    vanaf = "nu" if begin is None else begin
    await verantwoord(request, actor, [overstap], handeling="volgen", onderwerp=f"gebeurtenissen na {vanaf}")
    if SSE in request.headers.get("accept", ""):
        return _stroom(request, dienst, actor, filter_, begin)

    def lees(cursor: Cursor[Any]) -> Deel:
        return lees_gezien(cursor, filter_, na or 0, limit)

    deel = await dienst.lees_als(actor, lees)
    bron = bron_van(dienst.instellingen.oin)
    events = [cloudevent(een, bron) for een in deel.gebeurtenissen]
    koppen = {"Link": f'<{_verder(request, deel.tot)}>; rel="next"', POSITIE: str(deel.tot), "Vary": "Accept"}
    if NDJSON in request.headers.get("accept", ""):
        return Response(_regels(events), headers=koppen, media_type=NDJSON)
    return Response(schrijf(events), headers=koppen, media_type=BATCH)


def _stroom(request: Request, dienst: Dienst, actor: Actor, filter_: Filter, na: int | None) -> Response:
    try:
        dienst.uitzender.eis_ruimte(actor.account)
    except TeVeelLezers:
        raise Probleem(
            "niet-beschikbaar",
            "Er lezen nu te veel mee. Sluit een andere stroom, of probeer het later.",
            code="te_veel_lezers",
            koppen={"Retry-After": "30"},
        ) from None

    async def mag_nog() -> bool:
        try:
            nu = await wie_nog(request)
        except Probleem as probleem:
            return probleem.status not in {401, 403}
        except DatabankOnbereikbaar:
            return True  # nothing comes by either; asked again at the next heartbeat
        return (nu.account, nu.rol, nu.organisatie) == (actor.account, actor.rol, actor.organisatie)

    return Stroom(Lezer(dienst, actor, filter_, mag_nog, _token_tot(request)).berichten(na))


def _token_tot(request: Request) -> float | None:
    """Give when the token that was accepted ends by itself; a session is asked for again every heartbeat."""
    soort, _, token = request.headers.get("authorization", "").partition(" ")
    if soort.lower() != "bearer":
        return None
    return float(jwt.decode(token.strip(), options={"verify_signature": False})["exp"])


def _verder(request: Request, na: int) -> str:
    vraag = [(naam, waarde) for naam, waarde in request.query_params.multi_items() if naam != "na"]
    return f"{request.url.path}?{urlencode([*vraag, ('na', str(na))])}"


def _regels(events: Iterable[CloudEvent]) -> bytes:
    return b"".join(schrijf(een) + b"\n" for een in events)
