"""Somebody in every role, each with a pupil to look at: what a walk through all pages needs."""

from uuid import UUID

from overstap.adapters.app import App
from overstap.adapters.opdracht import Opdracht
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.stroomsoorten import ORGANISATIE
from overstap.domain.rollen import Actor, Rol, SoortOrganisatie
from overstap.domain.stromen import stroom_van_organisatie
from overstap.domain.verzoeken_organisatie import KenRolToe, NeemOrganisatieOp, OrganisatieVerzoek
from overstap.domain.weigering import Weigering
from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import DECAAN, GEMEENTE, MBO, REGIEBEHEERDER, REGIO, SCHOOL, VO_BEHEERDER, app

SWV = "SWV2101"
WAAR = {
    Rol.MENTOR: SCHOOL,
    Rol.DECAAN: SCHOOL,
    Rol.VO_BEHEERDER: SCHOOL,
    Rol.MBO_INTAKER: MBO,
    Rol.MBO_BEHEERDER: MBO,
    Rol.LEERPLICHTAMBTENAAR: GEMEENTE,
    Rol.SAMENWERKINGSVERBAND: SWV,
    Rol.MANAGER: SCHOOL,
    Rol.REGIEBEHEERDER: REGIO,
    Rol.AUDITOR: REGIO,
}
"""At which organisation one is somebody in the trial."""


def richt_in_voor_iedereen(databank: Databank, deur: Deur, leerlingen: dict[str, UUID]) -> None:
    """Let a mentor have the pupils' class, a samenwerkingsverband their school, and Leerplicht one of them."""
    swv = NeemOrganisatieOp(code=SWV, soort=SoortOrganisatie.SAMENWERKINGSVERBAND, naam="Verband", accounts=True)
    school = NeemOrganisatieOp(
        code=SCHOOL, soort=SoortOrganisatie.VO, naam="Eerste School", accounts=True, aangesloten=SWV
    )
    mentor = KenRolToe(account="mentor-van-4a", rol=Rol.MENTOR, klas="4a")
    with app(databank) as geheel:
        _vraag(geheel, SWV, swv, REGIEBEHEERDER)
        _vraag(geheel, SCHOOL, school, REGIEBEHEERDER)
        _vraag(geheel, SCHOOL, mentor, VO_BEHEERDER)
    overleg = {"overleg": {"contact": "Team Noord", "overlegDatum": "2026-01-09"}}
    antwoord = deur.stap(leerlingen["Buizerd"], "schakel-leerplicht-in", overleg, DECAAN)
    assert antwoord.status_code == 200, antwoord.text


def _vraag(geheel: App, code: str, verzoek: OrganisatieVerzoek, door: Actor) -> None:
    opdracht = Opdracht(soort=ORGANISATIE, stroom=stroom_van_organisatie(REGIO, code), verzoek=verzoek, actor=door)
    [resultaat] = geheel.bus.verwerk([opdracht])
    assert not isinstance(resultaat, Weigering), resultaat
