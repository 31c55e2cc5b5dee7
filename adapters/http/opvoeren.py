"""Enter pupils over HTTP, one or many: each is judged on its own, and known again by the caller's key."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request, Response

from overstap.adapters.app import App
from overstap.adapters.http.antwoorden import etag, in_json
from overstap.adapters.http.dienst import dienst_van
from overstap.adapters.http.identiteit.wie import Wie
from overstap.adapters.http.lichaam import lees
from overstap.adapters.http.metingen import meet_uitkomst
from overstap.adapters.http.operaties import VASTLEGGEND, operatie
from overstap.adapters.http.opvoer import Opvoer, Opvoerlijst, keur, vastlegging, voer_in
from overstap.adapters.http.problemen import van_weigering
from overstap.adapters.http.stapbron import CANONIEK
from overstap.adapters.http.stappen import VASTGELEGD, IdempotencyKey, Vastlegging
from overstap.adapters.http.verantwoording import verantwoord
from overstap.adapters.toegangslog import Uitkomst
from overstap.domain.rollen import Actor
from overstap.domain.weigering import Weigering

router: Final = APIRouter()


class Opvoeruitkomst(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What came of one pupil of a list: his overstap, or the code and sentence of the refusal."""

    regel: int
    overstap: UUID | None = None
    versie: int | None = None
    code: str
    uitleg: str = ""


class Opvoerverslag(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What came of a list, line by line."""

    aanvaard: int
    geweigerd: int
    regels: list[Opvoeruitkomst]


_VOORBEELD: Final = {
    "pgn": "182071649",
    "achternaam": "Voorbeeld",
    "voornaam": "Noor",
    "geboortedatum": "2010-03-14",
    "leerweg": "kb",
    "klas": "4b",
    "gemeente": "0363",
}


@router.post(
    "/overstappen",
    operation_id="voer_op",
    tags=["overstappen"],
    status_code=201,
    openapi_extra=operatie(
        status=201,
        antwoord=Vastlegging,
        voorbeeld={**VASTGELEGD, "versie": 1, "gebeurtenissen": 1},
        betekenis="De leerling is opgevoerd.",
        lichaam=Opvoer,
        vraag_voorbeeld=_VOORBEELD,
        problemen=VASTLEGGEND,
        koppen={"Location": "Het adres van de overstap.", "ETag": "De versie."},
    ),
)
async def voer_op(request: Request, actor: Wie, sleutel: IdempotencyKey) -> Response:
    """Voer een leerling van de eigen school op."""
    uitkomst = await doe_opvoer(request, actor, await lees(request, Opvoer), sleutel)
    adres = f"/v1/overstappen/{uitkomst.overstap}"
    return in_json(uitkomst, 201, {"Location": adres, "ETag": etag(uitkomst.versie)})


async def doe_opvoer(request: Request, actor: Actor, opvoer: Opvoer, sleutel: str) -> Vastlegging:
    """Enter one pupil, and record that it was asked.

    Raises:
        Probleem: when a field is wrong, or it is refused.

    """
    dienst = dienst_van(request)
    keur([opvoer], dienst.nu(), "body")
    kwitantie = dienst.kwitanties.maak(actor, sleutel, b"voer_op|" + CANONIEK.encode(opvoer))
    correlatie: UUID = request.scope["overstap.correlatie"]
    with dienst.kwitanties.loopt(kwitantie):
        [resultaat] = await dienst.werkplaats.doe(lambda app: voer_in(app, [opvoer], [kwitantie], actor, correlatie))
    meet_uitkomst(resultaat)
    uitkomst = await dienst.werkplaats.doe(lambda app: vastlegging(app, resultaat, actor))
    await _verantwoord(request, actor, [uitkomst])
    if isinstance(uitkomst, Weigering):
        raise van_weigering(uitkomst)
    return uitkomst


@router.post(
    "/overstappen/_opvoeren",
    operation_id="voer_velen_op",
    tags=["overstappen"],
    openapi_extra=operatie(
        antwoord=Opvoerverslag,
        voorbeeld={
            "aanvaard": 1,
            "geweigerd": 0,
            "regels": [{"regel": 1, "overstap": VASTGELEGD["overstap"], "versie": 1, "code": "aanvaard", "uitleg": ""}],
        },
        betekenis="Wat er van elke leerling kwam.",
        lichaam=Opvoerlijst,
        vraag_voorbeeld={"leerlingen": [_VOORBEELD]},
        problemen=VASTLEGGEND,
    ),
)
async def voer_velen_op(request: Request, actor: Wie, sleutel: IdempotencyKey) -> Response:
    """Voer leerlingen van de eigen school op; elke regel wordt apart beoordeeld."""
    dienst = dienst_van(request)
    lijst = (await lees(request, Opvoerlijst)).leerlingen
    keur(lijst, dienst.nu(), "body.leerlingen")
    hele = dienst.kwitanties.maak(actor, sleutel, b"voer_velen_op|" + CANONIEK.encode(lijst))
    kwitanties = [
        dienst.kwitanties.maak(actor, f"{sleutel}\x00{nummer}", hele.vingerafdruk) for nummer in range(len(lijst))
    ]
    correlatie: UUID = request.scope["overstap.correlatie"]

    def voer(app: App) -> list[Vastlegging | Weigering]:
        resultaten = voer_in(app, lijst, kwitanties, actor, correlatie)
        return [vastlegging(app, een, actor) for een in resultaten]

    with dienst.kwitanties.loopt(hele):
        uitkomsten = await dienst.werkplaats.doe(voer)
    await _verantwoord(request, actor, uitkomsten)
    regels = [_regel(nummer, een) for nummer, een in enumerate(uitkomsten, 1)]
    goed = sum(een.overstap is not None for een in regels)
    if goed == 0 and all(een.code == "andere_inhoud" for een in regels):
        raise van_weigering(next(een for een in uitkomsten if isinstance(een, Weigering)))
    return in_json(Opvoerverslag(aanvaard=goed, geweigerd=len(regels) - goed, regels=regels))


async def _verantwoord(request: Request, actor: Actor, uitkomsten: Sequence[Vastlegging | Weigering]) -> None:
    """Account for each pupil who was entered; of who was refused nothing is known but that he was."""
    opgevoerd = [een.overstap for een in uitkomsten if isinstance(een, Vastlegging)]
    if opgevoerd:
        await verantwoord(request, actor, opgevoerd, handeling="voer_op", onderwerp="overstap")
    if len(opgevoerd) < len(uitkomsten):
        await verantwoord(
            request, actor, [None], handeling="voer_op", onderwerp="overstap", uitkomst=Uitkomst.GEWEIGERD
        )


def _regel(nummer: int, uitkomst: Vastlegging | Weigering) -> Opvoeruitkomst:
    if isinstance(uitkomst, Weigering):
        return Opvoeruitkomst(regel=nummer, code=uitkomst.code, uitleg=uitkomst.zin)
    return Opvoeruitkomst(regel=nummer, overstap=uitkomst.overstap, versie=uitkomst.versie, code="aanvaard")
