"""What is too small in the flow is not there at all: neither its figure, nor that it exists."""

from overstap.adapters.http.doorstroom import _afgerond
from overstap.domain.statussen import AanmeldingStatus, OverstapStatus
from overstap.projections.doorstroom import Bestemming, Duur, Stroom, Uitval


def _stroom(school: str, mbo: str, leerlingen: int) -> Stroom:
    return Stroom(school=school, soort=Bestemming.MBO, bestemming=mbo, leerlingen=leerlingen, gestart=0)


def test_a_stream_that_is_too_small_is_not_told_of() -> None:
    stromen = [
        _stroom("99AA", "99XX", 40),
        _stroom("99AA", "99YY", 30),
        _stroom("99AA", "99ZZ", 1),
        _stroom("99AB", "99XX", 20),
        _stroom("99AB", "99YY", 25),
        _stroom("99AB", "99ZZ", 2),
    ]
    gezien = {(een.school, een.bestemming): een.leerlingen for een in _afgerond(stromen, [], []).stromen}
    assert gezien == {("99AB", "99YY"): 25}  # beside a small one a second is hidden, in its row and in its column


def test_a_status_in_which_too_few_were_is_not_told_of() -> None:
    duren = [
        Duur(status=OverstapStatus.INTAKE, beeindigd=20, lopend=10, mediaan=3.0, p90=9.0),
        Duur(status=OverstapStatus.LEERPLICHT_INGESCHAKELD, beeindigd=1, lopend=1, mediaan=3.0, p90=9.0),
    ]
    assert [een.status for een in _afgerond([], duren, []).duur] == ["intake"]


def test_an_end_that_too_few_met_is_not_told_of() -> None:
    def uitval(naar: AanmeldingStatus, aantal: int) -> Uitval:
        return Uitval(mbo="99XX", van=AanmeldingStatus.AANGEMELD, naar=naar, aantal=aantal, nog_zonder_plaats=0)

    einden = [uitval(AanmeldingStatus.AFGEWEZEN, 30), uitval(AanmeldingStatus.INGETROKKEN, 1)]
    assert _afgerond([], [], einden).uitval == []  # the second would tell the first
