"""What an entry of a pupil is, what is asked of it, and what it comes to; the edge is opvoeren.py."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID, uuid4

from msgspec import Meta

from overstap.adapters.app import App
from overstap.adapters.http.problemen import Fout, ongeldig
from overstap.adapters.http.stappen import Vastlegging
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
from overstap.adapters.vault import PERSOONSVELDEN
from overstap.adapters.vault.persoon import OPGEVOERD
from overstap.domain.identificaties import BRIN_ZONDER_VESTIGING, SoortPgn, soort_pgn
from overstap.domain.kalender import achttien_op, datum_in_amsterdam, maand_van
from overstap.domain.redenen import Leerweg
from overstap.domain.rollen import Actor
from overstap.domain.verzoeken import VoerOp
from overstap.domain.weigering import Weigering
from overstap.statemachine.zicht import ziet

MEESTE: Final = 500


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


def keur(lijst: Sequence[Opvoer], nu: datetime, plaats: str) -> None:
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


def voer_in(
    app: App, lijst: Sequence[Opvoer], kwitanties: Sequence[Kwitantie], actor: Actor, correlatie: UUID
) -> list[Resultaat]:
    """Enter each, send on what waited for him, and tell the regiebeheerder of a second school."""
    hashes = [app.kluis.pgn_hash(een.pgn) for een in lijst]
    lopend = app.kaders.lopend_jaar(actor.regio, datum_in_amsterdam(app.klok())) or 0
    jaren = [een.overstapjaar or lopend for een in lijst]
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


def vastlegging(app: App, resultaat: Resultaat, actor: Actor) -> Vastlegging | Weigering:
    """Tell what came of an entry: recorded, recorded before, or refused."""
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
