"""Deliver a file or messages: streamed in, judged line by line, and readable later by its number."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Annotated, Any, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as Pad
from psycopg import Cursor

from overstap.adapters.app import App
from overstap.adapters.http import cloudevents
from overstap.adapters.http.antwoorden import in_json, volgende_bladzijde
from overstap.adapters.http.dienst import Dienst, dienst_van
from overstap.adapters.http.identiteit.wie import Wie
from overstap.adapters.http.lichaam import eis_json
from overstap.adapters.http.operaties import MET_LICHAAM, VASTLEGGEND, operatie, schema_van
from overstap.adapters.http.problemen import onbekend, van_weigering
from overstap.adapters.http.stappen import IdempotencyKey
from overstap.adapters.http.verantwoording import verantwoord
from overstap.adapters.http.wachten import haal_in
from overstap.adapters.koppelingen.invoer import importeer_als
from overstap.adapters.koppelingen.verslag import Luisteraar
from overstap.adapters.koppelingen.vooronderzoek import Soort
from overstap.adapters.opdracht import ANDERE_INHOUD
from overstap.adapters.postgres.toevoeging import Afloop, Toevoeging
from overstap.adapters.vault import naam_van_soort
from overstap.domain.feiten.aanlevering import AanleveringOntvangen, AanleveringVerwerkt, RegelGeweigerd
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.rollen import Actor
from overstap.domain.weigering import Weigering

router: Final = APIRouter()
NDJSON: Final = "application/x-ndjson"
SOORTEN: Final = {
    NDJSON: None,
    "text/csv": None,
    "application/toml": Soort.PARAMETERS,
    "application/json": Soort.KOPPELING,
}
"""The media types of files; what kind of delivery NDJSON or CSV is shows in the file itself."""
MEESTE: Final = 1_000
_GROOT: Final = 1 << 18
_EERSTE: Final = """
SELECT inhoud, organisatie, rol, gebeurd_op FROM toegang.gebeurtenissen WHERE stroom = %s AND versie = 1 AND feit = %s
"""
_LAATSTE: Final = """
SELECT inhoud FROM toegang.gebeurtenissen WHERE stroom = %s AND feit = %s ORDER BY versie DESC LIMIT 1
"""
_REGELS: Final = """
SELECT versie, inhoud FROM toegang.gebeurtenissen
 WHERE stroom = %s AND feit = %s AND versie > %s ORDER BY versie LIMIT %s
"""
AanleveringId = Annotated[UUID, Pad(alias="aanleveringId", description="Het nummer van de aanlevering.")]


class Geweigerd(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A refused line: its number (0: the whole file), code and reason, never what it said."""

    regel: int
    code: str
    reden: str


class Aanleveringblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One delivery and what came of it; geweigerde_regels are the first of them."""

    id: UUID
    soort: str
    organisatie: str
    rol: str
    bytes: int
    ontvangen_op: datetime
    is_verwerkt: bool
    regels: int = 0
    aanvaard: int = 0
    ongewijzigd: int = 0
    wachtbak: int = 0
    geweigerd: int = 0
    geweigerde_regels: list[Geweigerd]


_VOORBEELD: Final = {
    "id": "0a5f3c52-7f0e-5a53-9d8e-6f3a86b0d3c1",
    "soort": "stappen",
    "organisatie": "99AA",
    "rol": "decaan",
    "bytes": 133,
    "ontvangenOp": "2026-01-12T09:30:00Z",
    "isVerwerkt": True,
    "regels": 1,
    "aanvaard": 1,
    "ongewijzigd": 0,
    "wachtbak": 0,
    "geweigerd": 0,
    "geweigerdeRegels": [],
}
_STAPREGEL: Final = {
    "verzoek": "leg_warme_overdracht_vast",
    "leerling": {"overstap": "3f2a0c1e-8d1b-4c57-9a55-0d8f6b1f2e3a"},
    "datum": "2026-01-09",
}
_CLOUDEVENT: Final = {
    "specversion": "1.0",
    "id": "7001",
    "source": "urn:nld:oin:00000001003214345000:systeem:leerlingvolg",
    "type": "nl.overstappen.verzoek.leg-warme-overdracht-vast.v1",
    "datacontenttype": "application/json",
    "data": {"leerling": _STAPREGEL["leerling"], "datum": "2026-01-09"},
}


def _inhoud() -> dict[str, Any]:
    tekst: dict[str, Any] = {}  # not JSON: a schema has nothing to say of it
    return {
        NDJSON: {"schema": tekst, "example": msgspec.json.encode(_STAPREGEL).decode() + "\n"},
        "text/csv": {
            "schema": tekst,
            "example": "pgn;achternaam;voornaam;geboortedatum;leerweg;klas;gemeente\n"
            "182071649;Voorbeeld;Noor;14-03-2010;kb;4b;0363\n",
        },
        "application/toml": {"schema": tekst},
        "application/json": {"schema": tekst},
        cloudevents.EEN: {"schema": schema_van(cloudevents.Gebeurd), "example": _CLOUDEVENT},
        cloudevents.VELE: {
            "schema": {"type": "array", "items": schema_van(cloudevents.Gebeurd)},
            "example": [_CLOUDEVENT],
        },
    }


@router.post(
    "/aanleveringen",
    operation_id="lever_aan",
    tags=["aanleveringen"],
    status_code=201,
    openapi_extra=operatie(
        status=201,
        antwoord=Aanleveringblad,
        voorbeeld=_VOORBEELD,
        betekenis="De aanlevering is verwerkt; elke regel is apart beoordeeld.",
        lichaam=_inhoud(),
        problemen=(*MET_LICHAAM, *VASTLEGGEND),
        koppen={"Location": "Het adres van de aanlevering."},
    ),
)
async def lever_aan(request: Request, actor: Wie, sleutel: IdempotencyKey) -> Response:
    """Lever een bestand of berichten aan; dezelfde inhoud nog eens voegt niets toe."""
    media = eis_json(request, *SOORTEN, cloudevents.EEN, cloudevents.VELE)
    async with _bewaard(request, media) as (bestand, soort):
        blad = await doe_aanlevering(request, actor, bestand, soort, sleutel=sleutel)
    return in_json(blad, 201, {"Location": f"/v1/aanleveringen/{blad.id}"})


async def doe_aanlevering(  # noqa: PLR0913  # a file, whose it is, how it is known again, and who listens
    request: Request,
    actor: Actor,
    bestand: IO[bytes],
    soort: Soort | None,
    *,
    sleutel: str,
    voortgang: Luisteraar | None = None,
) -> Aanleveringblad:
    """Take a file in, and record that it was delivered and which pupils it changed.

    Raises:
        Probleem: when the key was used for another file.

    """
    dienst = dienst_van(request)
    uitslag = await dienst.werkplaats.doe(lambda app: _neem_in(app, dienst, bestand, soort, actor, sleutel, voortgang))
    if isinstance(uitslag, Weigering):
        raise van_weigering(uitslag)
    blad, leerlingen = uitslag
    wat = f"aanlevering {blad.id}"
    await verantwoord(request, actor, [None], handeling="lever_aan", onderwerp=wat)
    await verantwoord(request, actor, leerlingen, handeling="lever_aan", onderwerp=wat)
    return blad


@router.get(
    "/aanleveringen/{aanleveringId}",
    operation_id="toon_aanlevering",
    tags=["aanleveringen"],
    openapi_extra=operatie(
        antwoord=Aanleveringblad,
        voorbeeld=_VOORBEELD,
        problemen=("niet-gevonden",),
        koppen={"Link": 'De volgende geweigerde regels, rel="next".'},
    ),
)
async def toon_aanlevering(
    request: Request,
    aanlevering_id: AanleveringId,
    actor: Wie,
    na: Annotated[int, Query(ge=0, le=10_000_000, description="Waar de vorige bladzijde ophield.")] = 0,
    limit: Annotated[int, Query(ge=1, le=MEESTE, description="Hoeveel geweigerde regels u nu wilt.")] = 100,
) -> Response:
    """Toon een aanlevering van uw organisatie: wat ervan kwam, en welke regels waarom zijn geweigerd."""
    dienst = dienst_van(request)
    await haal_in(dienst, aanlevering_id)

    def lees(cursor: Cursor[Any]) -> tuple[Aanleveringblad, int | None] | None:
        return lees_aanlevering(cursor, aanlevering_id, na, limit)

    gelezen = await dienst.lees_als(actor, lees)
    if gelezen is None:
        raise onbekend()
    blad, verder = gelezen
    return in_json(blad, koppen=volgende_bladzijde(request, verder))


@asynccontextmanager
async def _bewaard(request: Request, media: str) -> AsyncIterator[tuple[IO[bytes], Soort | None]]:
    """Keep the body in a file without a name, which is gone when this is over."""
    with tempfile.TemporaryFile() as bestand:
        async for stuk in request.stream():
            await asyncio.to_thread(bestand.write, stuk) if len(stuk) > _GROOT else bestand.write(stuk)
        soort = SOORTEN.get(media)
        if media in {cloudevents.EEN, cloudevents.VELE}:
            bestand.seek(0)
            soort, regels = cloudevents.regels_van(bestand.read(), media)
            bestand.seek(0)
            bestand.truncate()
            bestand.write(regels)
        bestand.flush()
        yield bestand, soort


def _neem_in(  # noqa: PLR0913, PLR0917  # a delivery, whose it is, how it is known again, and who listens
    app: App,
    dienst: Dienst,
    bestand: IO[bytes],
    soort: Soort | None,
    actor: Actor,
    sleutel: str,
    voortgang: Luisteraar | None,
) -> tuple[Aanleveringblad, list[UUID]] | Weigering:
    """Bind the key to the content, and take the file in; give what came of it, and which pupils it changed."""
    pad = Path(f"/proc/self/fd/{bestand.fileno()}")
    vingerafdruk = app.kluis.begin_vingerafdruk()
    bestand.seek(0)
    while stuk := bestand.read(_GROOT):
        vingerafdruk.update(stuk)
    kwitantie = dienst.kwitanties.maak(actor, sleutel, b"aanlevering|" + vingerafdruk.digest())
    [uitkomst] = app.log.voeg_toe([Toevoeging(kwitantie=kwitantie)], app.klok.voor_het_log())
    if uitkomst.afloop is Afloop.ANDERE_INHOUD:
        return ANDERE_INHOUD
    begin = app.log.laatste_positie()
    verslag = importeer_als(app, pad, actor, soort=soort, voortgang=voortgang)
    if verslag.aanlevering is None:
        raise AssertionError("a delivery of somebody known has a stream")
    blad = _blad(app.log.laad([verslag.aanlevering])[verslag.aanlevering])
    eerste = msgspec.structs.replace(blad, geweigerde_regels=blad.geweigerde_regels[:MEESTE])
    return eerste, app.opzoeker.geraakte_overstappen(app.regio, verslag.aanlevering, begin)


def lees_aanlevering(
    cursor: Cursor[Any], aanlevering: UUID, na: int, limit: int
) -> tuple[Aanleveringblad, int | None] | None:
    """Read a delivery in the scope of who asks, and where the next page of refused lines begins; None: not his."""
    eerste = cursor.execute(_EERSTE, (aanlevering, naam_van_soort(AanleveringOntvangen))).fetchone()
    if eerste is None:
        return None
    ontvangen, organisatie, rol, ontvangen_op = eerste
    eind = cursor.execute(_LAATSTE, (aanlevering, naam_van_soort(AanleveringVerwerkt))).fetchone()
    rijen = cursor.execute(_REGELS, (aanlevering, naam_van_soort(RegelGeweigerd), na, limit + 1)).fetchall()
    blad = Aanleveringblad(
        id=aanlevering,
        soort=ontvangen["soort"],
        organisatie=organisatie,
        rol=rol,
        bytes=ontvangen["bytes"],
        ontvangen_op=ontvangen_op,
        is_verwerkt=eind is not None,
        geweigerde_regels=[
            Geweigerd(regel=inhoud["regel"], code=inhoud["code"], reden=inhoud["reden"]) for _, inhoud in rijen[:limit]
        ],
        **({} if eind is None else {veld: eind[0][veld] for veld in AanleveringVerwerkt.__struct_fields__}),
    )
    return blad, rijen[limit - 1][0] if len(rijen) > limit else None


def _blad(gebeurtenissen: Sequence[Gebeurtenis]) -> Aanleveringblad:
    """Tell a delivery from its events.

    Raises:
        TypeError: when they are those of something else.

    """
    eerste, ontvangen = gebeurtenissen[0], gebeurtenissen[0].feit
    if not isinstance(ontvangen, AanleveringOntvangen):
        raise TypeError(f"stream {eerste.originator_id} is no delivery")
    feiten = [een.feit for een in gebeurtenissen]
    eind = next((feit for feit in reversed(feiten) if isinstance(feit, AanleveringVerwerkt)), None)
    tellingen = {} if eind is None else {veld: getattr(eind, veld) for veld in eind.__struct_fields__}
    return Aanleveringblad(
        id=eerste.originator_id,
        soort=ontvangen.soort,
        organisatie=eerste.organisatie,
        rol=eerste.rol,
        bytes=ontvangen.bytes,
        ontvangen_op=eerste.gebeurd_op,
        is_verwerkt=eind is not None,
        geweigerde_regels=[
            Geweigerd(regel=feit.regel, code=feit.code, reden=feit.reden)
            for feit in feiten
            if isinstance(feit, RegelGeweigerd)
        ],
        **tellingen,
    )
