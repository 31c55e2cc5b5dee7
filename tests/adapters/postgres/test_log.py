"""The append takes each request whole or not at all, in order, and says what came of it."""

from uuid import uuid4

from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.toevoeging import Afloop, Toevoeging
from tests.adapters.postgres.gebeurtenissen import gebeurtenis


def test_what_is_added_can_be_loaded_and_read_back(log: Log) -> None:
    stroom = uuid4()
    wat = [gebeurtenis(stroom, 1), gebeurtenis(stroom, 2)]
    begin = log.laatste_positie()
    [uitkomst] = log.voeg_toe([Toevoeging(wat)])
    assert (uitkomst.afloop, uitkomst.positie, uitkomst.versie) == (Afloop.VASTGELEGD, begin + 1, 2)
    geladen = log.laad([stroom])[stroom]
    assert [een.feit for een in geladen] == [een.feit for een in wat]
    assert geladen == log.lees(begin, 10)
