"""Where one may be somebody in a trial: every role with its organisations, and how many pupils each of them sees."""

from collections import Counter
from typing import Any, Final

import msgspec
from psycopg import Cursor

from overstap.adapters.http.dienst import Dienst
from overstap.adapters.http.identiteit.proefrollen import proefactor
from overstap.adapters.web.taal import Taal
from overstap.domain.kalender import datum_in_amsterdam
from overstap.domain.organisatie import Organisatie
from overstap.domain.rollen import ROLLEN_VAN, Rol
from overstap.domain.weigering import Weigering

_MENSEN: Final = tuple(rol for rol in Rol if rol not in {Rol.SYSTEEM, Rol.KOPPELING})
_VAN_DE_REGIO: Final = frozenset({Rol.REGIEBEHEERDER, Rol.AUDITOR})
_ZONDER_LEERLINGEN: Final = frozenset({Rol.MBO_BEHEERDER})
_PER_ORGANISATIE: Final = b"""
SELECT a.school, count(*)::int FROM beeld.actueel AS a
 WHERE a.regio = %(regio)s AND a.overstapjaar = %(jaar)s GROUP BY a.school
UNION ALL
SELECT m.brin, count(*)::int FROM beeld.actueel AS a CROSS JOIN LATERAL unnest(a.mbos) AS m (brin)
 WHERE a.regio = %(regio)s AND a.overstapjaar = %(jaar)s GROUP BY m.brin
UNION ALL
SELECT a.gemeente, count(*)::int FROM beeld.actueel AS a
 WHERE a.regio = %(regio)s AND a.overstapjaar = %(jaar)s AND a.leerplicht_ziet_tot >= %(vandaag)s GROUP BY a.gemeente
"""


class Plek(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation where one may be somebody; leerlingen: how many pupils he sees or counts there, None: none."""

    code: str
    naam: str
    leerlingen: int | None


class Rolkeuze(msgspec.Struct, frozen=True, kw_only=True):
    """A role of the trial and where it can be had; the first is what the sentence names."""

    rol: Rol
    plekken: list[Plek]


async def lees_rolkeuzen(dienst: Dienst, taal: Taal) -> list[Rolkeuze]:
    """Give every role that somebody can be, each with the place that has most pupils first."""
    organisaties = sorted(dienst.kaders.organisaties(dienst.regio), key=lambda een: (een.naam, een.code))
    aantallen = await _aantallen(dienst, organisaties)
    keuzes = []
    for rol in _MENSEN:
        if rol in _VAN_DE_REGIO:
            eigen = dienst.kaders.organisatie(dienst.regio, dienst.regio)
            naam = eigen.naam if eigen and eigen.naam else taal("woord.regio", code=dienst.regio)
            plekken = [Plek(code=dienst.regio, naam=naam, leerlingen=aantallen[dienst.regio])]
        else:
            van = [een for een in organisaties if rol in ROLLEN_VAN[een.soort]]
            plekken = [_plek(een, None if rol in _ZONDER_LEERLINGEN else aantallen[een.code]) for een in van]
        if plekken:
            keuzes.append(Rolkeuze(rol=rol, plekken=sorted(plekken, key=lambda een: -(een.leerlingen or 0))))
    return keuzes


def _plek(een: Organisatie, leerlingen: int | None) -> Plek:
    return Plek(code=een.code, naam=een.naam or een.code, leerlingen=leerlingen)


async def _aantallen(dienst: Dienst, organisaties: list[Organisatie]) -> Counter[str]:
    """Count the pupils of each organisation, as the region's own role that the trial offers may see them too."""
    vandaag = datum_in_amsterdam(dienst.nu())
    jaar = dienst.kaders.lopend_jaar(dienst.regio, vandaag)
    regie = proefactor(dienst.kaders, dienst.regio, Rol.REGIEBEHEERDER, dienst.regio)
    if jaar is None or isinstance(regie, Weigering):
        return Counter()
    waarden = {"regio": dienst.regio, "jaar": jaar, "vandaag": vandaag}

    def tel(cursor: Cursor[Any]) -> Counter[str]:
        return Counter(dict(cursor.execute(_PER_ORGANISATIE, waarden).fetchall()))

    aantallen = await dienst.lees_als(regie, tel)
    scholen = [een for een in organisaties if Rol.DECAAN in ROLLEN_VAN[een.soort]]
    for school in scholen:
        aantallen[dienst.regio] += aantallen[school.code]
        if school.aangesloten:
            aantallen[school.aangesloten] += aantallen[school.code]
    return aantallen
