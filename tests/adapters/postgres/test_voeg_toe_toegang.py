"""Who changed something stands in the log of access with the change; what did not go in has no line there."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.fouten import LogFout
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.toevoeging import Afloop, Datasleutel, Toevoeging
from overstap.adapters.toegangslog import Toegang, toegang_tot
from overstap.adapters.toegangslog_lezen import breuken
from tests.adapters.postgres.gebeurtenissen import gebeurtenis
from tests.postgres_fixture import MakeDatabank
from tests.statemachine.spelers import DECAAN


@contextmanager
def log_van(databank: Databank) -> Iterator[Log]:
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        yield Log(verbinding)


def regels(stroom: UUID) -> list[Toegang]:
    return toegang_tot(DECAAN, [stroom], handeling="hervat", onderwerp="overstap", herkomst="http", spoor="4bf9")


def verzoek(stroom: UUID, versie: int = 1, *, met_sleutel: bool = False) -> Toevoeging:
    return Toevoeging(
        [gebeurtenis(stroom, versie)],
        datasleutels=[Datasleutel(stroom, b"verpakt")] if met_sleutel else (),
        toegang=regels(stroom),
    )


def gezegd(databank: Databank) -> list[UUID]:
    with databank.verbind(Login.AUDIT) as verbinding:
        assert breuken(verbinding) == []
        return [rij[0] for rij in verbinding.execute("SELECT overstap FROM toegang.toegangslog ORDER BY nummer")]


@pytest.mark.parametrize("met_sleutel", [False, True], ids=["bare", "with what goes in beside"])
def test_only_what_went_in_has_its_line(maak_op_elke: MakeDatabank, *, met_sleutel: bool) -> None:
    databank = maak_op_elke(Soort.ECHT)
    een, ander, derde = uuid4(), uuid4(), uuid4()
    with log_van(databank) as log:
        samen = [verzoek(een, met_sleutel=met_sleutel), verzoek(ander, versie=7), verzoek(derde)]
        aflopen = [uitkomst.afloop for uitkomst in log.voeg_toe(samen)]
        log.voeg_toe([verzoek(een, 2), Toevoeging([gebeurtenis(ander, 1)])])
    assert aflopen == [Afloop.VASTGELEGD, Afloop.VERSIECONFLICT, Afloop.VASTGELEGD]
    assert gezegd(databank) == [een, derde, een]


def test_what_cannot_be_accounted_for_does_not_happen(maak_databank: MakeDatabank) -> None:
    databank, stroom = maak_databank(Soort.ECHT), uuid4()
    fout = Toevoeging([gebeurtenis(stroom, 1)], toegang=[replace(regels(stroom)[0], uitkomst="anders")])
    with log_van(databank) as log:
        with pytest.raises(LogFout):
            log.voeg_toe([fout])
        assert log.laad([stroom]) == {stroom: []}
        log.voeg_toe([verzoek(stroom)])
    assert gezegd(databank) == [stroom]


def test_batches_that_are_under_way_together_are_chained_in_order(maak_databank: MakeDatabank) -> None:
    databank = maak_databank(Soort.ECHT)
    stromen = [uuid4() for _ in range(2)]
    with log_van(databank) as log:
        for onderweg in [log.verstuur([verzoek(stroom)]) for stroom in stromen]:
            log.ontvang(onderweg)
    assert gezegd(databank) == stromen
