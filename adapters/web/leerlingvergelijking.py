"""What came to be known of a pupil between two days, as far as the visitor may know of it."""

from datetime import date, datetime, timedelta
from typing import Final

from overstap.adapters.http.lezen import Gezien
from overstap.adapters.http.overstappen import zichtbare_aanmeldingen
from overstap.adapters.web.bezoeker import Bezoeker
from overstap.domain.kalender import einde_van
from overstap.projections.kennisverschil import Verschil, verschillen
from overstap.statemachine.veldgroepen import Veldgroep

_EVEN: Final = timedelta(microseconds=1)
_LEERLING: Final = 0


def einde_of_nu(dag: date | None, nu: datetime) -> datetime:
    """Give the last instant of a day that is over, else now."""
    return min(einde_van(dag) - _EVEN, nu) if dag else nu


def vergelijk(bezoeker: Bezoeker, gezien: Gezien, bekend: date, later: date | None) -> list[Verschil]:
    """Give what was known otherwise on a later day (None: now) than on a day, by line and in order of time.

    A line is the pupil, where the visitor may know his status, or an aanmelding that he may know of.
    """
    nu = bezoeker.dienst.nu()
    eigen = zichtbare_aanmeldingen(gezien, bezoeker.actor) or ()
    nummers = {een.nummer for een in eigen} | ({_LEERLING} if Veldgroep.STATUS in gezien.groepen else set())
    van, tot = sorted((einde_of_nu(bekend, nu), einde_of_nu(later, nu)))
    return [een for een in verschillen(gezien.gebeurtenissen, van, tot) if een.nummer in nummers]
