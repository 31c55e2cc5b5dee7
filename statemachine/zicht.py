"""Which pupils exist for an actor: what a role may not see does not exist for it."""

from datetime import date, datetime

from overstap.domain.feiten import overstap as o
from overstap.domain.identificaties import is_brin
from overstap.domain.kalender import MAANDEN_NA_AFHANDELING, datum_in_amsterdam, maanden_later
from overstap.domain.overstap import Overstap
from overstap.domain.rollen import Actor, Rol
from overstap.domain.statussen import OverstapStatus
from overstap.statemachine.kader import Kader, zelfde_instelling


def _leerplicht_ziet(overstap: Overstap, vandaag: date) -> bool:
    if overstap.status is OverstapStatus.LEERPLICHT_INGESCHAKELD:
        return True
    is_ingeschakeld, einde = False, None
    for stap in overstap.geldende_stappen:
        match stap.feit:
            case o.LeerplichtIngeschakeld():
                is_ingeschakeld = True
            case o.LeerplichtAfgehandeld():
                is_ingeschakeld, einde = False, datum_in_amsterdam(stap.gebeurd_op)
            case o.LeerlingUitgeschreven() if is_ingeschakeld:
                is_ingeschakeld, einde = False, datum_in_amsterdam(stap.gebeurd_op)
    return einde is not None and vandaag <= maanden_later(einde, MAANDEN_NA_AFHANDELING)


def _is_eigen_school(actor: Actor, overstap: Overstap) -> bool:
    if not zelfde_instelling(actor.organisatie, overstap.school):
        return False
    if actor.rol in {Rol.DECAAN, Rol.MENTOR} and actor.vestiging not in {None, overstap.vestiging}:
        return False
    return actor.rol is not Rol.MENTOR or actor.klas == overstap.klas


def ziet(actor: Actor, overstap: Overstap, nu: datetime, kader: Kader) -> bool:
    """Tell whether this pupil exists for the actor, now.

    The table of roles says so: a school its own pupils (a mentor his class), an MBO those with an aanmelding there,
    Leerplicht its gemeente's from inschakeling until three months after afhandeling, the region all.
    """
    if actor.regio != overstap.regio:
        return False
    match actor.rol:
        case Rol.MENTOR | Rol.DECAAN | Rol.VO_BEHEERDER:
            return _is_eigen_school(actor, overstap)
        case Rol.MBO_INTAKER | Rol.KOPPELING:
            return any(zelfde_instelling(actor.organisatie, x.brin) for x in overstap.aanmeldingen)
        case Rol.LEERPLICHTAMBTENAAR:
            return actor.organisatie == overstap.gemeente and _leerplicht_ziet(overstap, datum_in_amsterdam(nu))
        case Rol.SAMENWERKINGSVERBAND:
            school = kader.organisatie(overstap.school)
            return school is not None and school.aangesloten == actor.organisatie
        case Rol.REGIEBEHEERDER | Rol.AUDITOR | Rol.SYSTEEM:
            return True
        case Rol.MBO_BEHEERDER | Rol.MANAGER:
            return False


def organisatie_ziet(code: str, overstap: Overstap, nu: datetime) -> bool:
    """Tell whether somebody at an organisation may see the pupil and read a message about him.

    His VO school, an MBO with an aanmelding, or Leerplicht in its time; a samenwerkingsverband gets no messages.
    """
    if is_brin(code):
        bekend = (overstap.school, *(aanmelding.brin for aanmelding in overstap.aanmeldingen))
        return any(zelfde_instelling(code, brin) for brin in bekend)
    return code == overstap.gemeente and _leerplicht_ziet(overstap, datum_in_amsterdam(nu))
