"""Who looks at an event or at the checkpoints sees at once whether they are what the notary signed."""

import pytest

from overstap.adapters.bewijs.fouten import BewijsFout
from overstap.adapters.bewijs.overzicht import bewijsstand, lees_overzicht
from tests.adapters.bewijs.conftest import Bewaakt

VERANDER_EEN = "UPDATE log.gebeurtenissen SET rol = 'decaan' WHERE positie = 20"
VERANDER_WORTEL = "UPDATE log.boom SET hash = sha256(hash) WHERE niveau = 5 AND nummer = 2"
VERANDER_PUNT = "UPDATE log.controlepunten SET tekst = replace(tekst, 'grootte 60', 'grootte 61') WHERE nummer = 1"


@pytest.fixture
def ondertekend(bewaakt: Bewaakt) -> Bewaakt:
    for _ in range(3):
        bewaakt.groei(60)
        bewaakt.onderteken()
    bewaakt.groei(5)
    return bewaakt


@pytest.mark.parametrize(("positie", "nummer"), [(1, 1), (60, 1), (61, 2), (180, 3), (181, None)])
def test_an_event_stands_under_the_first_checkpoint_over_it(
    ondertekend: Bewaakt, positie: int, nummer: int | None
) -> None:
    stand = bewijsstand(ondertekend.lezer, positie)
    assert (stand.controlepunt, stand.mis) == (nummer, "")
    assert (stand.tijdstip is None) is (nummer is None)


def test_an_event_that_was_changed_no_longer_stands_under_its_checkpoint(ondertekend: Bewaakt) -> None:
    with ondertekend.als_supergebruiker() as verbinding:
        verbinding.execute(VERANDER_EEN)
        assert "20" in bewijsstand(verbinding, 20).mis
        assert not bewijsstand(verbinding, 21).mis


def test_of_an_event_that_is_not_there_nothing_is_said(ondertekend: Bewaakt) -> None:
    with pytest.raises(BewijsFout, match="ontbreekt"):
        bewijsstand(ondertekend.lezer, 10_000)


def test_checkpoints_are_told_newest_first_in_pages(ondertekend: Bewaakt) -> None:
    eerste = lees_overzicht(ondertekend.lezer, None, 2)
    assert [(een.nummer, een.erbij, een.mis) for een in eerste.punten] == [(3, 60, ""), (2, 60, "")]
    assert (eerste.verder, eerste.tot) == (2, 185)
    tweede = lees_overzicht(ondertekend.lezer, eerste.verder, 2)
    assert [(een.nummer, een.erbij, een.mis) for een in tweede.punten] == [(1, 60, "")]
    assert tweede.verder is None


def test_where_nothing_was_signed_there_is_nothing_to_tell(bewaakt: Bewaakt) -> None:
    bewaakt.groei(3)
    overzicht = lees_overzicht(bewaakt.lezer, None, 2)
    assert (overzicht.punten, overzicht.verder, overzicht.tot) == ([], None, 3)


@pytest.mark.parametrize(
    ("knoei", "fout"),
    [
        (VERANDER_WORTEL, {2: "gaat niet verder", 3: "gaat niet verder"}),
        (VERANDER_PUNT, {1: "handtekening", 2: "volgt niet"}),
    ],
)
def test_a_checkpoint_that_does_not_follow_the_one_before_says_so(
    ondertekend: Bewaakt, knoei: str, fout: dict[int, str]
) -> None:
    with ondertekend.als_supergebruiker() as verbinding:
        verbinding.execute(knoei.encode())
        mis = {een.nummer: een.mis for een in lees_overzicht(verbinding, None, 10).punten if een.mis}
    assert mis.keys() == fout.keys()
    assert all(deel in mis[nummer] for nummer, deel in fout.items())
