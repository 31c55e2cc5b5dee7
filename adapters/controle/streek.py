"""The made-up region that the check writes about: an MBO, a school, and pupils who cannot be mistaken for real ones."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID, uuid5

from overstap.adapters.app import App
from overstap.adapters.opdracht import Opdracht
from overstap.adapters.postgres.toevoeging import Aanspraak, Kwitantie
from overstap.adapters.stroomsoorten import ORGANISATIE, OVERSTAP, PROCEDURE, Dossier
from overstap.adapters.vault import Kluis
from overstap.adapters.vault.persoon import OPGEVOERD
from overstap.domain.identificaties import SoortPgn
from overstap.domain.kalender import Regels, kalender_van
from overstap.domain.redenen import Leerweg
from overstap.domain.rollen import Actor, Rol, SoortOrganisatie
from overstap.domain.stromen import stroom_van_organisatie, stroom_van_procedure
from overstap.domain.verzoeken import VerwerkKoppelbericht, VoerOp
from overstap.domain.verzoeken_organisatie import NeemOrganisatieOp
from overstap.domain.verzoeken_procedure import StelProcedureVast

REGIO = "21"
JAAR = 2026
MOMENT = datetime(JAAR, 1, 12, 9, 30, tzinfo=UTC)
SCHOOL, MBO = "99AA", "99XX"
CODES = ("AO", "IG", "PB")
"""What the MBO reports of each pupil, one message after the other."""
OM_DE_ZOVEEL = 8
"""Of so many pupils one is entered by every writer at once."""

_REGIEBEHEERDER = Actor(account="controle", rol=Rol.REGIEBEHEERDER, organisatie=REGIO, regio=REGIO)
_SCHOOL = Actor(account="controle-vo", rol=Rol.VO_BEHEERDER, organisatie=SCHOOL, regio=REGIO)
_KOPPELING = Actor(account="controle-mbo", rol=Rol.KOPPELING, organisatie=MBO, regio=REGIO)


def richt_in(app: App) -> None:
    """Record the two organisations and the rules of the year, unless they are there."""
    organisaties = ((SCHOOL, SoortOrganisatie.VO, "Controleschool"), (MBO, SoortOrganisatie.MBO, "Controle-MBO"))
    opdrachten = [
        Opdracht(
            soort=ORGANISATIE,
            stroom=stroom_van_organisatie(REGIO, code),
            verzoek=NeemOrganisatieOp(code=code, soort=soort, naam=naam, accounts=True, koppeling=code == MBO),
            actor=_REGIEBEHEERDER,
        )
        for code, soort, naam in organisaties
    ]
    regels = Regels(regio=REGIO, overstapjaar=JAAR, revisie=1, kalender=kalender_van(JAAR))
    opdrachten.append(
        Opdracht(
            soort=PROCEDURE,
            stroom=stroom_van_procedure(REGIO, JAAR),
            verzoek=StelProcedureVast(regels=regels),
            actor=_REGIEBEHEERDER,
        )
    )
    app.bus.verwerk(opdrachten)


class Stappen:
    """What one writer asks about its pupils: the same requests under the same keys however often it begins anew.

    kluis gives the vault that the bus works with at the moment it decides.
    """

    def __init__(
        self, kluis: Callable[[], Kluis], pgn_hash: Callable[[str], bytes], proef: UUID, schrijver: int
    ) -> None:
        self._kluis = kluis
        self._pgn_hash = pgn_hash
        self._proef = proef
        self._schrijver = schrijver

    def van(self, leerling: int) -> list[Opdracht]:
        """Give the requests about one pupil in order: each must be answered before the next is put."""
        eigen = f"{self._schrijver}-{leerling}"
        verzoeken = [self._voer_op(eigen, f"{leerling}-0")]
        verzoeken += [self._bericht(eigen, eigen, nr, code, f"{leerling}-{nr}") for nr, code in enumerate(CODES, 1)]
        if leerling % OM_DE_ZOVEEL == 0:
            samen = f"samen-{leerling}"
            verzoeken.append(self._voer_op(samen, f"{leerling}-{len(CODES) + 1}"))
            verzoeken.append(self._bericht(samen, f"s-{eigen}", 1, CODES[0], f"{leerling}-{len(CODES) + 2}"))
        return verzoeken

    def _voer_op(self, wie: str, sleutel: str) -> Opdracht:
        stroom = uuid5(self._proef, wie)
        pgn = f"proef-{self._proef}-{wie}"

        def maak(dossier: Dossier | None) -> VoerOp:
            persoon = {} if dossier else self._kluis().verzegel_velden(stroom, OPGEVOERD, {"pgn": pgn})
            return VoerOp(
                leerling=stroom,
                overstapjaar=JAAR,
                school=SCHOOL,
                vestiging="00",
                klas="4a",
                leerweg=Leerweg.KB,
                gemeente="0363",
                soort_pgn=SoortPgn.BSN,
                persoon=persoon,
            )

        return Opdracht(
            soort=OVERSTAP,
            stroom=stroom,
            verzoek=maak,
            actor=_SCHOOL,
            aanspraken=(Aanspraak("pgn", self._pgn_hash(pgn), stroom, REGIO, JAAR),),
            kwitantie=self._kwitantie(sleutel),
        )

    def _bericht(self, wie: str, keten: str, nummer: int, code: str, sleutel: str) -> Opdracht:
        return Opdracht(
            soort=OVERSTAP,
            stroom=uuid5(self._proef, wie),
            verzoek=VerwerkKoppelbericht(
                keten_id=f"{MBO}:{keten}",
                volgnummer=nummer,
                code=code,
                laatste_wijziging="2026-01-12T09:00:00Z",
                brin=MBO,
                crebo="25647",
            ),
            actor=_KOPPELING,
            kwitantie=self._kwitantie(sleutel),
        )

    def _kwitantie(self, sleutel: str) -> Kwitantie:
        volledig = f"{self._schrijver}-{sleutel}".encode()
        return Kwitantie(client_van(self._proef), volledig, volledig)


def client_van(proef: UUID) -> str:
    """Name the sender under whose keys all of one check is recorded."""
    return f"controle-{proef}"
