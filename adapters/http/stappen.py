"""Take a step: one sub-resource for each row of both charts and for each other request about a pupil."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Header, Path
from starlette.requests import Request
from starlette.responses import Response

from overstap.adapters.http.antwoorden import etag, in_json, verwachte_versie
from overstap.adapters.http.dienst import Dienst, dienst_van
from overstap.adapters.http.identiteit.wie import Wie
from overstap.adapters.http.lezen import eis_overstap, lees_overstap
from overstap.adapters.http.lichaam import lees
from overstap.adapters.http.opdragen import draag_op
from overstap.adapters.http.problemen import van_weigering
from overstap.adapters.http.stapbron import CANONIEK, ongewijzigd, vastgelegd, voeg_stap_toe
from overstap.adapters.http.stapverzoeken import KOPPEL_WACHTBAK, STAPPEN, verzoek_van
from overstap.adapters.http.stapvoorbeelden import VOORBEELDEN
from overstap.adapters.http.vormen import Lichaam
from overstap.adapters.koppelingen.levering import AL_OPGEVOERD, pgn_aanspraak
from overstap.adapters.koppelingen.verzegelen import verzegel
from overstap.adapters.koppelingen.wachtbak import Wachtbak
from overstap.adapters.opdracht import EerderVastgelegd, NietUniek, Opdracht, Resultaat, Vastgelegd
from overstap.adapters.postgres.toevoeging import Aanspraak
from overstap.adapters.stroomsoorten import OVERSTAP, Dossier
from overstap.domain import verzoeken as v
from overstap.domain.rollen import Actor
from overstap.domain.weigering import Weigering

OverstapId = Annotated[UUID, Path(alias="overstapId", description="Het nummer van de overstap.")]
IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="Uw eigen sleutel van dit verzoek: wie het opnieuw stuurt krijgt hetzelfde antwoord.",
    ),
]
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", description="De ETag van wat u zag; verplicht. Met * maakt het niet uit welke."),
]
router: Final = APIRouter()


class Vastlegging(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What came of a request: which events it added to the log, or none when all was so already."""

    overstap: UUID
    versie: int
    gebeurtenissen: int
    positie: int | None
    vastgelegd_op: datetime | None


VASTGELEGD: Final = {
    "overstap": "3f2a0c1e-8d1b-4c57-9a55-0d8f6b1f2e3a",
    "versie": 18,
    "gebeurtenissen": 2,
    "positie": 70211,
    "vastgelegdOp": "2026-01-12T09:30:00Z",
}


def _neemt(naam: str, soort: type[Lichaam]) -> Callable[..., Awaitable[Response]]:
    async def neem_stap(  # FastAPI reads the headers from the arguments
        request: Request, overstap_id: OverstapId, actor: Wie, sleutel: IdempotencyKey, _als: IfMatch = None
    ) -> Response:
        lichaam = await lees(request, soort)
        versie = verwachte_versie(request)
        uitkomst = await doe_stap(request, actor, overstap_id, naam, lichaam, versie=versie, sleutel=sleutel)
        return in_json(uitkomst, koppen={"ETag": etag(uitkomst.versie)})

    neem_stap.__doc__ = soort.__doc__
    return neem_stap


async def doe_stap(  # noqa: PLR0913  # who does what to whom, on what he saw
    request: Request,
    actor: Actor,
    overstap_id: UUID,
    naam: str,
    lichaam: Lichaam,
    *,
    versie: int | None,
    sleutel: str,
) -> Vastlegging:
    """Take a step, and record that it was asked; versie is what the caller saw (None: whichever it is).

    Raises:
        Probleem: when it is refused, the pupil has moved on, or he does not exist for this caller.

    """
    dienst = dienst_van(request)
    await eis_overstap(dienst, overstap_id)
    verzoek = verzoek_van(naam, lichaam)
    inhoud = b"|".join((naam.encode(), overstap_id.bytes, CANONIEK.encode(lichaam)))
    opdracht = Opdracht(
        soort=OVERSTAP,
        stroom=overstap_id,
        verzoek=_maker(dienst, verzoek, overstap_id),
        actor=actor,
        aanspraken=await _aanspraken(request, verzoek, overstap_id, actor),
        kwitantie=dienst.kwitanties.maak(actor, sleutel, inhoud),
        correlatie=request.scope["overstap.correlatie"],
        verwachte_versie=versie,
    )
    resultaat = await draag_op(request, opdracht, handeling=naam, onderwerp=OVERSTAP.naam, overstap=overstap_id)
    if isinstance(verzoek, v.VervangPgn) and isinstance(resultaat, Vastgelegd):
        await _koppel_wachtende(dienst, opdracht)
    return await _vastlegging(request, resultaat, overstap_id, actor)


def _maker(dienst: Dienst, verzoek: v.Vraag, stroom: UUID) -> Callable[[Dossier | None], v.Vraag | None]:
    """Seal the request when the bus comes to it: the pupil's key is there by then."""

    def maak(dossier: Dossier | None) -> v.Vraag | None:
        return verzegel(dienst.bus.app.kluis, verzoek, stroom, dossier) if dossier else verzoek

    return maak


async def _aanspraken(request: Request, verzoek: v.Vraag, stroom: UUID, actor: Actor) -> tuple[Aanspraak, ...]:
    dienst = dienst_van(request)
    if not isinstance(verzoek, v.VervangPgn):
        return ()
    gezien = await lees_overstap(request, dienst, stroom, actor)
    pgn_hash = dienst.kwitanties.pgn_hash(verzoek.pgn)
    return (pgn_aanspraak(actor.regio, gezien.dossier.overstap.overstapjaar, pgn_hash, stroom),)


async def _koppel_wachtende(dienst: Dienst, opdracht: Opdracht) -> None:
    """Send on what waited in the wachtbak for the number that the pupil has now."""
    [nummer] = opdracht.aanspraken
    correlatie, jaar = opdracht.correlatie, nummer.overstapjaar
    if correlatie is not None and jaar is not None:
        await dienst.werkplaats.doe(
            lambda app: Wachtbak(app, correlatie).koppel_bij_pgn(opdracht.actor.regio, jaar, {nummer.sleutel})
        )


async def _vastlegging(request: Request, resultaat: Resultaat, stroom: UUID, actor: Actor) -> Vastlegging:
    dienst = dienst_van(request)
    match resultaat:
        case Weigering():
            raise van_weigering(resultaat)
        case NietUniek():
            raise van_weigering(AL_OPGEVOERD)
        case Vastgelegd():
            uitkomst = Vastlegging(overstap=stroom, **vastgelegd(resultaat))
            dienst.eigen.bewaar(stroom, uitkomst.versie)
            return uitkomst
        case EerderVastgelegd():
            await lees_overstap(request, dienst, stroom, actor)  # who may not see him any more is not told again
            return Vastlegging(overstap=stroom, **vastgelegd(resultaat))
        case _:
            gezien = await lees_overstap(request, dienst, stroom, actor)
            return Vastlegging(overstap=stroom, **ongewijzigd(gezien.dossier.versie))


for _naam, _soort in STAPPEN.items():
    if _naam != KOPPEL_WACHTBAK:
        voeg_stap_toe(
            router,
            "/overstappen/{overstapId:uuid}",
            _naam,
            _neemt(_naam, _soort),
            lichaam=_soort,
            vraag_voorbeeld=VOORBEELDEN[_naam],
            antwoord=Vastlegging,
            voorbeeld=VASTGELEGD,
            label="stappen",
        )
