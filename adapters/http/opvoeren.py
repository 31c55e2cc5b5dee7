"""Enter pupils over HTTP, one or many: each is judged on its own, and known again by the caller's key."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID, uuid4

import msgspec
from fastapi import APIRouter, Request, Response
from msgspec import Meta

from overstap.adapters.app import App
from overstap.adapters.http.antwoorden import etag, in_json
from overstap.adapters.http.dienst import dienst_van
from overstap.adapters.http.identiteit.wie import Wie
from overstap.adapters.http.lichaam import lees
from overstap.adapters.http.metingen import meet_uitkomst
from overstap.adapters.http.operaties import VASTLEGGEND, operatie
from overstap.adapters.http.problemen import Fout, ongeldig, van_weigering
from overstap.adapters.http.stappen import VASTGELEGD, IdempotencyKey, Vastlegging
from overstap.adapters.http.verantwoording import verantwoord
from overstap.adapters.http.vormen import Gemeente, Klas, Lichaam, Naam, Overstapjaar, Pgn, Vestiging
from overstap.adapters.koppelingen import fouten
from overstap.adapters.koppelingen.leerlingen import signaleer_dubbele_opvoer
from overstap.adapters.koppelingen.levering import AL_OPGEVOERD, pgn_aanspraak
from overstap.adapters.koppelingen.velden import geboortedatum as eis_geboortedatum
from overstap.adapters.koppelingen.velden import klas as eis_klas
from overstap.adapters.koppelingen.wachtbak import Wachtbak
from overstap.adapters.opdracht import EerderVastgelegd, NietUniek, Opdracht, Resultaat, Vastgelegd
from overstap.adapters.postgres.toevoeging import Kwitantie
from overstap.adapters.stroomsoorten import OVERSTAP, Dossier
from overstap.adapters.toegangslog import Uitkomst
from overstap.adapters.vault import PERSOONSVELDEN
from overstap.adapters.vault.persoon import OPGEVOERD
from overstap.domain.identificaties import BRIN_ZONDER_VESTIGING, SoortPgn, soort_pgn
from overstap.domain.kalender import achttien_op, datum_in_amsterdam, maand_van
from overstap.domain.redenen import Leerweg
from overstap.domain.rollen import Actor
from overstap.domain.verzoeken import VoerOp
from overstap.domain.weigering import Weigering
from overstap.statemachine.zicht import ziet

router: Final = APIRouter()
MEESTE: Final = 500
_CANONIEK: Final = msgspec.json.Encoder(order="sorted")


class Opvoer(Lichaam, frozen=True, kw_only=True):
    """A pupil who may go to an MBO, as his school enters him."""

    pgn: Pgn
    achternaam: Naam
    voornaam: Naam
    geboortedatum: date
    leerweg: Leerweg
    klas: Klas
    gemeente: Gemeente
    tussenvoegsel: Naam | None = None
    vestiging: Vestiging = "00"
    overstapjaar: Overstapjaar | None = None
    startkwalificatie: bool = False
    adres: Naam | None = None
    postcode: Naam | None = None
    woonplaats: Naam | None = None
    email: Naam | None = None
    telefoon: Naam | None = None

    def persoon(self) -> dict[str, str]:
        """Give the fields that are sealed."""
        return {veld: str(waarde) for veld in PERSOONSVELDEN if (waarde := getattr(self, veld)) is not None}


class Opvoerlijst(Lichaam, frozen=True, kw_only=True):
    """Many pupils at once."""

    leerlingen: Annotated[list[Opvoer], Meta(min_length=1, max_length=MEESTE)]


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
    _keur([opvoer], dienst.nu(), "body")
    kwitantie = dienst.kwitanties.maak(actor, sleutel, b"voer_op|" + _CANONIEK.encode(opvoer))
    correlatie: UUID = request.scope["overstap.correlatie"]
    with dienst.kwitanties.loopt(kwitantie):
        [resultaat] = await dienst.werkplaats.doe(lambda app: _voer_op(app, [opvoer], [kwitantie], actor, correlatie))
    meet_uitkomst(resultaat)
    uitkomst = await dienst.werkplaats.doe(lambda app: _vastlegging(app, resultaat, actor))
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
    _keur(lijst, dienst.nu(), "body.leerlingen")
    hele = dienst.kwitanties.maak(actor, sleutel, b"voer_velen_op|" + _CANONIEK.encode(lijst))
    kwitanties = [
        dienst.kwitanties.maak(actor, f"{sleutel}\x00{nummer}", hele.vingerafdruk) for nummer in range(len(lijst))
    ]
    correlatie: UUID = request.scope["overstap.correlatie"]

    def voer(app: App) -> list[Vastlegging | Weigering]:
        resultaten = _voer_op(app, lijst, kwitanties, actor, correlatie)
        return [_vastlegging(app, een, actor) for een in resultaten]

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


def _keur(lijst: Sequence[Opvoer], nu: datetime, plaats: str) -> None:
    """Check what a schema cannot say, and tell all of it."""
    mis: list[Fout] = []
    for nummer, een in enumerate(lijst):
        waar = plaats if plaats == "body" else f"{plaats}[{nummer}]"
        if soort_pgn(een.pgn) is None:
            mis.append(Fout(plaats=f"{waar}.pgn", code="pgn_ongeldig", uitleg=fouten.PGN_ONGELDIG.zin))
        for veld, eis in (
            ("geboortedatum", lambda een=een: eis_geboortedatum(een.geboortedatum.isoformat(), datum_in_amsterdam(nu))),
            ("klas", lambda een=een: eis_klas(een.klas)),
        ):
            try:
                eis()
            except fouten.Onbruikbaar as fout:
                mis.append(Fout(plaats=f"{waar}.{veld}", code=fout.weigering.code, uitleg=fout.weigering.zin))
    if mis:
        raise ongeldig(*mis)


def _voer_op(
    app: App, lijst: Sequence[Opvoer], kwitanties: Sequence[Kwitantie], actor: Actor, correlatie: UUID
) -> list[Resultaat]:
    """Enter each, send on what waited for him, and tell the regiebeheerder of a second school."""
    hashes = [app.kluis.pgn_hash(een.pgn) for een in lijst]
    jaren = [een.overstapjaar or next(iter(app.kaders.open_jaren(actor.regio)), 0) for een in lijst]
    bekend = {
        jaar: app.opzoeker.eerdere_overstappen(
            actor.regio, jaar, {een for een, van in zip(hashes, jaren, strict=True) if van == jaar}
        )
        for jaar in set(jaren)
    }
    personen = app.bus.staten(OVERSTAP, {stroom for van_jaar in bekend.values() for stroom in van_jaar.values()})
    opdrachten = []
    for een, pgn_hash, jaar, kwitantie in zip(lijst, hashes, jaren, kwitanties, strict=True):
        eerder: Dossier | None = personen.get(bekend[jaar].get(pgn_hash))  # type: ignore[arg-type]
        leerling = eerder.overstap.leerling if eerder else uuid4()
        opdrachten.append(_opdracht(app, een, jaar, pgn_hash, leerling, kwitantie, actor, correlatie))
    resultaten = app.bus.verwerk(opdrachten)
    for jaar in set(jaren):
        van_jaar = {
            pgn_hash
            for pgn_hash, van, wat in zip(hashes, jaren, resultaten, strict=True)
            if van == jaar and isinstance(wat, Vastgelegd)
        }
        Wachtbak(app, correlatie).koppel_bij_pgn(actor.regio, jaar, van_jaar)
    houders = {een.houder for een in resultaten if isinstance(een, NietUniek) and een.houder}
    elders = {
        stroom
        for stroom, dossier in app.bus.staten(OVERSTAP, houders).items()
        if dossier is not None and dossier.overstap.school != actor.organisatie[:BRIN_ZONDER_VESTIGING]
    }
    signaleer_dubbele_opvoer(app, elders, actor, correlatie)
    return resultaten


def _opdracht(  # noqa: PLR0913, PLR0917  # what one entry is made of
    app: App,
    een: Opvoer,
    jaar: int,
    pgn_hash: bytes,
    leerling: UUID,
    kwitantie: Kwitantie,
    actor: Actor,
    correlatie: UUID,
) -> Opdracht:
    stroom = uuid4()

    def maak(_dossier: Dossier | None) -> VoerOp | Weigering:
        if not jaar or jaar not in app.kaders.open_jaren(actor.regio):
            return fouten.GEEN_JAAR
        return VoerOp(
            leerling=leerling,
            overstapjaar=jaar,
            school=actor.organisatie[:BRIN_ZONDER_VESTIGING],
            vestiging=een.vestiging,
            klas=een.klas,
            leerweg=een.leerweg,
            gemeente=een.gemeente,
            soort_pgn=soort_pgn(een.pgn) or SoortPgn.BSN,
            kwalificatieplicht_tot=None if een.startkwalificatie else maand_van(achttien_op(een.geboortedatum)),
            persoon=app.kluis.verzegel_velden(stroom, OPGEVOERD, een.persoon()),
        )

    return Opdracht(
        soort=OVERSTAP,
        stroom=stroom,
        verzoek=maak,
        actor=actor,
        aanspraken=(pgn_aanspraak(actor.regio, jaar, pgn_hash, stroom),),
        kwitantie=kwitantie,
        correlatie=correlatie,
    )


def _vastlegging(app: App, resultaat: Resultaat, actor: Actor) -> Vastlegging | Weigering:
    match resultaat:
        case Weigering():
            return resultaat
        case Vastgelegd():
            eerste = resultaat.gebeurtenissen[0]
            return Vastlegging(
                overstap=eerste.originator_id,
                versie=1,
                gebeurtenissen=1,
                positie=resultaat.positie,
                vastgelegd_op=resultaat.vastgelegd_op,
            )
        case EerderVastgelegd(kwitantie=eerder) if eerder.stroom is not None:
            dossier: Dossier | None = app.bus.staat(OVERSTAP, eerder.stroom)
            kader = dossier and app.kaders.kader(actor.regio, dossier.overstap.overstapjaar)
            if dossier is None or not kader or not ziet(actor, dossier.overstap, app.klok(), kader):
                return AL_OPGEVOERD  # entered then; who may not see him any more is not told where he is
            return Vastlegging(
                overstap=eerder.stroom,
                versie=eerder.versie or 1,
                gebeurtenissen=eerder.aantal,
                positie=eerder.positie,
                vastgelegd_op=eerder.vastgelegd_op,
            )
        case _:
            return AL_OPGEVOERD


def _regel(nummer: int, uitkomst: Vastlegging | Weigering) -> Opvoeruitkomst:
    if isinstance(uitkomst, Weigering):
        return Opvoeruitkomst(regel=nummer, code=uitkomst.code, uitleg=uitkomst.zin)
    return Opvoeruitkomst(regel=nummer, overstap=uitkomst.overstap, versie=uitkomst.versie, code="aanvaard")
