"""A small region to test on: one MBO, two VO schools, a gemeente, the rules of one year; all through the bus."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime
from uuid import UUID, uuid4

from overstap.adapters.app import App, app_op
from overstap.adapters.instellingen import Instellingen
from overstap.adapters.klok import GezetteKlok
from overstap.adapters.opdracht import Opdracht, Vastgelegd
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.toevoeging import Aanspraak
from overstap.adapters.stroomsoorten import ORGANISATIE, OVERSTAP, PROCEDURE, Dossier
from overstap.adapters.vault import Hoofdsleutel
from overstap.domain.identificaties import SoortPgn
from overstap.domain.kalender import Regels, kalender_van
from overstap.domain.redenen import Leerweg
from overstap.domain.rollen import Actor, Rol, SoortOrganisatie
from overstap.domain.stromen import stroom_van_organisatie, stroom_van_procedure
from overstap.domain.verzoeken import VoerOp
from overstap.domain.verzoeken_organisatie import NeemOrganisatieOp
from overstap.domain.verzoeken_procedure import StelProcedureVast

REGIO = "21"
JAAR = 2026
SCHOOL, ANDERE_SCHOOL, MBO, ANDER_MBO, GEMEENTE = "99AA", "99AB", "99XX", "99YY", "0363"
IN_JANUARI = datetime(2026, 1, 12, 9, 30, tzinfo=UTC)
HOOFDSLEUTEL = Hoofdsleutel(bytes(range(32)))

REGIEBEHEERDER = Actor(account="regie-21", rol=Rol.REGIEBEHEERDER, organisatie=REGIO, regio=REGIO)
VO_BEHEERDER = Actor(account="beheer-99aa", rol=Rol.VO_BEHEERDER, organisatie=SCHOOL, regio=REGIO)
DECAAN = Actor(account="decaan-99aa", rol=Rol.DECAAN, organisatie=SCHOOL, regio=REGIO)
KOPPELING = Actor(account="koppeling-99xx", rol=Rol.KOPPELING, organisatie=MBO, regio=REGIO)

_ORGANISATIES = (
    (SCHOOL, SoortOrganisatie.VO, "Eerste School"),
    (ANDERE_SCHOOL, SoortOrganisatie.VO, "Tweede School"),
    (MBO, SoortOrganisatie.MBO, "Eerste MBO"),
    (ANDER_MBO, SoortOrganisatie.MBO, "Tweede MBO"),
    (GEMEENTE, SoortOrganisatie.GEMEENTE, "Gemeente"),
)


def app(databank: Databank, moment: datetime = IN_JANUARI, *, toestanden: int = 10_000) -> AbstractContextManager[App]:
    """Open the whole on a demo database, with its clock set."""
    instellingen = Instellingen(regio=REGIO, toestanden=toestanden, _env_file=None)  # type: ignore[call-arg]
    return app_op(databank, HOOFDSLEUTEL, instellingen, GezetteKlok(moment))


def richt_regio_in(app: App) -> None:
    """Record the organisations and the rules, unless they are there."""
    opdrachten = [
        Opdracht(
            soort=ORGANISATIE,
            stroom=stroom_van_organisatie(REGIO, code),
            verzoek=NeemOrganisatieOp(
                code=code, soort=soort, naam=naam, accounts=True, koppeling=soort is SoortOrganisatie.MBO
            ),
            actor=REGIEBEHEERDER,
        )
        for code, soort, naam in _ORGANISATIES
    ]
    regels = Regels(regio=REGIO, overstapjaar=JAAR, revisie=1, kalender=kalender_van(JAAR))
    opdrachten.append(
        Opdracht(
            soort=PROCEDURE,
            stroom=stroom_van_procedure(REGIO, JAAR),
            verzoek=StelProcedureVast(regels=regels),
            actor=REGIEBEHEERDER,
        )
    )
    app.bus.verwerk(opdrachten)


def opvoer(app: App, pgn: str, stroom: UUID | None = None, *, school: str = SCHOOL) -> Opdracht:
    """Make the entry of a pupil by his school, claiming his PGN."""
    stroom = stroom or uuid4()

    def maak(dossier: Dossier | None) -> VoerOp:
        persoon = {} if dossier else app.kluis.verzegel_velden(stroom, "overstap-opgevoerd.v1", {"pgn": pgn})
        return VoerOp(
            leerling=uuid4(),
            overstapjaar=JAAR,
            school=school,
            vestiging="00",
            klas="4a",
            leerweg=Leerweg.KB,
            gemeente=GEMEENTE,
            soort_pgn=SoortPgn.BSN,
            persoon=persoon,
        )

    return Opdracht(
        soort=OVERSTAP,
        stroom=stroom,
        verzoek=maak,
        actor=Actor(account=f"beheer-{school.lower()}", rol=Rol.VO_BEHEERDER, organisatie=school, regio=REGIO),
        aanspraken=(Aanspraak("pgn", app.kluis.pgn_hash(pgn), stroom, REGIO, JAAR),),
    )


def opgevoerd(app: App, pgn: str) -> UUID:
    """Enter a pupil and give his overstap."""
    opdracht = opvoer(app, pgn)
    [resultaat] = app.bus.verwerk([opdracht])
    assert isinstance(resultaat, Vastgelegd), resultaat
    return opdracht.stroom
