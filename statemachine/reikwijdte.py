"""For whom a pupil exists, told from the little that decides it: what zicht.py says of a whole overstap."""

from collections.abc import Collection
from datetime import date

import msgspec

from overstap.domain.rollen import Actor, Rol
from overstap.statemachine.feitzicht import eigen_code


class Plek(msgspec.Struct, frozen=True):
    """An aanmelding: its number at the pupil, and the MBO."""

    nummer: int
    brin: str


class Reikwijdte(msgspec.Struct, frozen=True, kw_only=True):
    """What of a pupil decides who sees him, as the read model actueel keeps it.

    mbos are the BRIN's (four characters) of every MBO that ever had an aanmelding; leerplicht_ziet_tot is the last day
    on which Leerplicht of his gemeente sees him.
    """

    regio: str
    school: str
    vestiging: str
    klas: str
    gemeente: str
    mbos: tuple[str, ...]
    leerplicht_ziet_tot: date | None
    aanmeldingen: tuple[Plek, ...] = ()


def bestaat_voor(actor: Actor, reikwijdte: Reikwijdte, vandaag: date, scholen: Collection[str]) -> bool:
    """Tell whether a pupil exists for the actor today; scholen are those of a samenwerkingsverband.

    The same as the row policies of actueel, which stand under every query; for a stream of events that many read at
    once they would be asked too often.
    """
    if actor.regio != reikwijdte.regio:
        return False
    eigen = eigen_code(actor.organisatie)
    match actor.rol:
        case Rol.VO_BEHEERDER:
            return reikwijdte.school == eigen
        case Rol.DECAAN:
            return reikwijdte.school == eigen and actor.vestiging in {None, reikwijdte.vestiging}
        case Rol.MENTOR:
            is_eigen = reikwijdte.school == eigen and actor.vestiging in {None, reikwijdte.vestiging}
            return is_eigen and actor.klas == reikwijdte.klas
        case Rol.MBO_INTAKER | Rol.KOPPELING:
            return eigen in reikwijdte.mbos
        case Rol.LEERPLICHTAMBTENAAR:
            tot = reikwijdte.leerplicht_ziet_tot
            return reikwijdte.gemeente == eigen and tot is not None and vandaag <= tot
        case Rol.SAMENWERKINGSVERBAND:
            return reikwijdte.school in scholen
        case Rol.REGIEBEHEERDER | Rol.AUDITOR:
            return True
        case Rol.MBO_BEHEERDER | Rol.MANAGER | Rol.SYSTEEM:
            return False
