"""Who plays in the tests: one region with its schools, MBO's and gemeenten, and an actor of each role in it."""

from datetime import UTC, datetime

from overstap.domain.kalender import Regels, kalender_van
from overstap.domain.organisatie import Organisatie
from overstap.domain.rollen import Actor, Rol, SoortOrganisatie
from overstap.statemachine.kader import Kader

REGIO = "21"
SCHOOL, ANDERE_SCHOOL = "99AA", "99BB"
MBO, ANDER_MBO = "99XX", "99YY"
MBO_ZONDER_ACCOUNTS, MBO_ZONDER_KOPPELING = "99WW", "99VV"
BUITEN_DE_REGIO = "98ZZ"
GEMEENTE, ANDERE_GEMEENTE, GEMEENTE_ZONDER_ACCOUNTS = "0363", "0599", "0394"
SWV, ANDER_SWV = "SWV2101", "SWV2102"

REGELS = Regels(regio=REGIO, overstapjaar=2026, revisie=1, kalender=kalender_van(2026))


def _organisatie(  # noqa: PLR0913  # what an organisation is
    code: str,
    soort: SoortOrganisatie,
    *,
    koppeling: bool = False,
    accounts: bool = True,
    gemeente: str | None = None,
    aangesloten: str | None = None,
) -> Organisatie:
    return Organisatie(
        code=code,
        soort=soort,
        naam=f"Organisatie {code}",
        koppeling=koppeling,
        accounts=accounts,
        gemeente=gemeente,
        aangesloten=aangesloten,
    )


ORGANISATIES = {
    organisatie.code: organisatie
    for organisatie in (
        _organisatie(SCHOOL, SoortOrganisatie.VO, gemeente=GEMEENTE, aangesloten=SWV),
        _organisatie(ANDERE_SCHOOL, SoortOrganisatie.VO, gemeente=GEMEENTE, aangesloten=ANDER_SWV),
        _organisatie(MBO, SoortOrganisatie.MBO, koppeling=True),
        _organisatie(ANDER_MBO, SoortOrganisatie.MBO, koppeling=True),
        _organisatie(MBO_ZONDER_ACCOUNTS, SoortOrganisatie.MBO, accounts=False),
        _organisatie(MBO_ZONDER_KOPPELING, SoortOrganisatie.MBO),
        _organisatie(GEMEENTE, SoortOrganisatie.GEMEENTE),
        _organisatie(ANDERE_GEMEENTE, SoortOrganisatie.GEMEENTE),
        _organisatie(GEMEENTE_ZONDER_ACCOUNTS, SoortOrganisatie.GEMEENTE, accounts=False),
        _organisatie(SWV, SoortOrganisatie.SAMENWERKINGSVERBAND),
        _organisatie(ANDER_SWV, SoortOrganisatie.SAMENWERKINGSVERBAND),
        _organisatie(REGIO, SoortOrganisatie.REGIO),
    )
}
KADER = Kader(regels=REGELS, organisaties=ORGANISATIES)


def speler(rol: Rol, organisatie: str, *, vestiging: str | None = None, klas: str | None = None) -> Actor:
    """Give somebody of a role at an organisation of the region."""
    account = f"{str(rol).replace('_', '-')}-{organisatie.lower()}"
    return Actor(account=account, rol=rol, organisatie=organisatie, regio=REGIO, vestiging=vestiging, klas=klas)


MENTOR = speler(Rol.MENTOR, SCHOOL, vestiging="01", klas="4B")
DECAAN = speler(Rol.DECAAN, SCHOOL, vestiging="01")
VO_BEHEERDER = speler(Rol.VO_BEHEERDER, SCHOOL)
INTAKER = speler(Rol.MBO_INTAKER, MBO)
MBO_BEHEERDER = speler(Rol.MBO_BEHEERDER, MBO)
LEERPLICHT = speler(Rol.LEERPLICHTAMBTENAAR, GEMEENTE)
SAMENWERKINGSVERBAND = speler(Rol.SAMENWERKINGSVERBAND, SWV)
MANAGER = speler(Rol.MANAGER, SCHOOL)
REGIEBEHEERDER = speler(Rol.REGIEBEHEERDER, REGIO)
AUDITOR = speler(Rol.AUDITOR, REGIO)
KOPPELING = speler(Rol.KOPPELING, MBO)
SYSTEEM = speler(Rol.SYSTEEM, REGIO)

SPELERS: dict[Rol, Actor] = {
    actor.rol: actor
    for actor in (
        MENTOR,
        DECAAN,
        VO_BEHEERDER,
        INTAKER,
        MBO_BEHEERDER,
        LEERPLICHT,
        SAMENWERKINGSVERBAND,
        MANAGER,
        REGIEBEHEERDER,
        AUDITOR,
        KOPPELING,
        SYSTEEM,
    )
}
"""One actor of each of the twelve roles, each at the organisation that has to do with the pupil."""

ELDERS: dict[Rol, Actor] = {
    Rol.MENTOR: speler(Rol.MENTOR, ANDERE_SCHOOL, klas="4B"),
    Rol.DECAAN: speler(Rol.DECAAN, ANDERE_SCHOOL),
    Rol.VO_BEHEERDER: speler(Rol.VO_BEHEERDER, ANDERE_SCHOOL),
    Rol.MBO_INTAKER: speler(Rol.MBO_INTAKER, ANDER_MBO),
    Rol.LEERPLICHTAMBTENAAR: speler(Rol.LEERPLICHTAMBTENAAR, ANDERE_GEMEENTE),
    Rol.SAMENWERKINGSVERBAND: speler(Rol.SAMENWERKINGSVERBAND, ANDER_SWV),
    Rol.KOPPELING: speler(Rol.KOPPELING, ANDER_MBO),
    Rol.REGIEBEHEERDER: Actor(account="regie-22", rol=Rol.REGIEBEHEERDER, organisatie="22", regio="22"),
    Rol.AUDITOR: Actor(account="auditor-22", rol=Rol.AUDITOR, organisatie="22", regio="22"),
    Rol.SYSTEEM: Actor(account="systeem-22", rol=Rol.SYSTEEM, organisatie="22", regio="22"),
}
"""The same role at an organisation that has nothing to do with the pupil."""


def op(tekst: str) -> datetime:
    """Read an instant, such as 2026-04-01T00:00+02:00, as UTC."""
    return datetime.fromisoformat(tekst).astimezone(UTC)


ALLES_OPEN = op("2026-10-05T12:00+02:00")
"""A moment at which the calendar closes no step."""
EERDER = op("2026-09-01T12:00+02:00")
"""When what is given happened, unless it says otherwise: in time for Leerplicht, which looks back three months."""
