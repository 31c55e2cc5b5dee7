"""The library's application works on our log with our columns, and a subscription misses nothing."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from unittest import mock
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.application import AggregateNotFoundError
from eventsourcing.persistence import DataError, IntegrityError, NotSupportedError, ProgrammingError

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.opgeslagen import GemeldeGebeurtenis, OpgeslagenGebeurtenis
from overstap.adapters.postgres.recorder import LogSubscription
from overstap.adapters.postgres.toepassing import Overstappen, omgeving
from overstap.adapters.postgres.toevoeging import Toevoeging
from overstap.domain.feiten import Verzegeld
from overstap.domain.feiten.overstap import OverstapOpgevoerd
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.identificaties import SoortPgn
from overstap.domain.redenen import Leerweg
from overstap.domain.rollen import Rol
from overstap.domain.statussen import OverstapStatus
from tests.adapters.postgres.gebeurtenissen import gebeurtenis


@pytest.fixture
def toepassing(databank: Databank) -> Iterator[Overstappen]:
    with Overstappen(env=omgeving(databank)) as deze:
        yield deze


def opgevoerd() -> Gebeurtenis:
    return Gebeurtenis(
        originator_id=uuid4(),
        originator_version=1,
        feit=OverstapOpgevoerd(
            leerling=uuid4(),
            overstapjaar=2026,
            school="99AA",
            vestiging="00",
            klas="4b",
            leerweg=Leerweg.KB,
            gemeente="0363",
            soort_pgn=SoortPgn.BSN,
            persoon={"achternaam": Verzegeld("AAAA")},
        ),
        regio="21",
        gebeurd_op=datetime(2025, 10, 3, 9, 0, tzinfo=UTC),
        actor="decaan-99aa-1",
        rol=Rol.DECAAN,
        organisatie="99AA",
        correlatie=uuid4(),
        oorzaak=f"{uuid4()}@3",
        procedure="2026.21.1",
    )


def test_an_overstap_is_saved_and_got_by_the_librarys_application(toepassing: Overstappen) -> None:
    wat = opgevoerd()
    [recording] = toepassing.save(wat)
    assert recording.notification.id == toepassing.recorder.max_notification_id()
    assert toepassing.haal(wat.originator_id).status is OverstapStatus.NOG_NIET_AANGEMELD


def test_an_unknown_overstap_is_not_found(toepassing: Overstappen) -> None:
    with pytest.raises(AggregateNotFoundError):
        toepassing.haal(uuid4())


def test_every_column_comes_back_through_the_librarys_interfaces(toepassing: Overstappen, log: Log) -> None:
    wat = opgevoerd()
    toepassing.save(wat)
    [uit_het_log] = log.laad([wat.originator_id])[wat.originator_id]
    [opgeslagen] = toepassing.recorder.select_events(wat.originator_id)
    [gemeld] = toepassing.recorder.select_notifications(uit_het_log.positie, 1)
    assert isinstance(opgeslagen, OpgeslagenGebeurtenis)
    assert isinstance(gemeld, GemeldeGebeurtenis)
    assert opgeslagen.topic == "overstap-opgevoerd.v1"
    assert toepassing.mapper.to_domain_event(opgeslagen) == uit_het_log
    assert toepassing.mapper.to_domain_event(gemeld) == uit_het_log
    assert uit_het_log.correlatie == wat.correlatie


def test_a_stale_save_is_an_integrity_error(toepassing: Overstappen) -> None:
    wat = opgevoerd()
    toepassing.save(wat)
    with pytest.raises(IntegrityError):
        toepassing.save(wat)


def test_an_event_of_ours_may_not_skip_a_version(toepassing: Overstappen) -> None:
    with pytest.raises(IntegrityError):
        toepassing.save(gebeurtenis(uuid4(), 2))


def test_an_event_of_tomorrow_is_a_data_error(toepassing: Overstappen) -> None:
    with pytest.raises(DataError):
        toepassing.save(gebeurtenis(uuid4(), 1, gebeurd_op=datetime.now(UTC) + timedelta(days=1)))


@pytest.mark.parametrize(
    ("instelling", "fout"),
    [
        ({"POSTGRES_ENABLE_DB_FUNCTIONS": "y"}, OSError),
        ({"ORIGINATOR_ID_TYPE": "text"}, OSError),
        ({"COMPRESSOR_TOPIC": "eventsourcing.compressor:ZlibCompressor"}, ProgrammingError),
    ],
)
def test_a_setting_that_would_lose_or_change_events_is_refused(
    databank: Databank, instelling: dict[str, str], fout: type[Exception]
) -> None:
    with pytest.raises(fout):
        Overstappen(env={**omgeving(databank), **instelling})


def test_there_is_no_second_log_for_a_process_recorder(toepassing: Overstappen) -> None:
    with pytest.raises(NotSupportedError):
        toepassing.factory.process_recorder()


def test_a_subscription_gets_an_event_recorded_between_its_first_read_and_its_listen(
    toepassing: Overstappen, log: Log
) -> None:
    """The library's own subscription waits for ever here: it has read already, and was not listening yet."""
    wat = gebeurtenis(uuid4(), 1)
    geschreven = threading.Event()
    luister = LogSubscription._listen

    def schrijf_eerst(subscription: LogSubscription) -> None:
        while subscription._has_been_notified.is_set() or not subscription._pull_thread.is_alive():
            pass
        threading.Event().wait(0.2)  # the first read is over by now
        log.voeg_toe([Toevoeging([wat])])
        geschreven.set()
        luister(subscription)

    na = log.laatste_positie()
    with mock.patch.object(LogSubscription, "_listen", schrijf_eerst):
        subscription = toepassing.recorder.subscribe(gt=na)
    nood = threading.Timer(3, subscription.stop)
    nood.start()
    with subscription:
        ontvangen = [melding.originator_id for melding in [next(subscription, None)] if melding]
    nood.cancel()
    assert geschreven.is_set()
    assert ontvangen == [wat.originator_id]


def test_a_subscription_looks_by_itself_when_no_wake_up_comes(
    toepassing: Overstappen, log: Log, databank: Databank, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("overstap.adapters.postgres.recorder._STIL", 2)
    monkeypatch.setattr(psycopg.Connection, "notifies", lambda *_, **__: iter(()))
    na = log.laatste_positie()
    with toepassing.recorder.subscribe(gt=na) as subscription, databank.verbind(Login.SCHRIJVER) as verbinding:
        threading.Event().wait(0.2)
        Log(verbinding).voeg_toe([Toevoeging([gebeurtenis(uuid4(), 1)])])
        assert next(subscription).id == na + 1
