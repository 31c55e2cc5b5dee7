"""The append takes each request whole or not at all, in order, and says what came of it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from msgspec.structs import replace

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.fouten import LogFout
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.toevoeging import (
    Aanspraak,
    Afloop,
    Datasleutel,
    Kwitantie,
    Toevoeging,
    Vrijgave,
    Wachtbakrij,
)
from tests.adapters.postgres.gebeurtenissen import gebeurtenis
from tests.postgres_fixture import MakeDatabank


@pytest.fixture(scope="module")
def databank(maak_op_elke: MakeDatabank) -> Databank:
    return maak_op_elke(Soort.ECHT)


@pytest.fixture(scope="module")
def demo_databank(maak_op_elke: MakeDatabank) -> Databank:
    return maak_op_elke(Soort.DEMO)


def een(stroom: UUID, *versies: int) -> Toevoeging:
    return Toevoeging([gebeurtenis(stroom, versie) for versie in versies])


def aflopen(log: Log, *toevoegingen: Toevoeging) -> list[str]:
    return [uitkomst.afloop.value for uitkomst in log.voeg_toe(toevoegingen)]


def test_what_is_added_can_be_loaded_and_read_back(log: Log) -> None:
    stroom, begin = uuid4(), log.laatste_positie()
    wat = [gebeurtenis(stroom, 1), gebeurtenis(stroom, 2)]
    [uitkomst] = log.voeg_toe([Toevoeging(wat)])
    assert (uitkomst.afloop, uitkomst.positie, uitkomst.versie) == (Afloop.VASTGELEGD, begin + 1, 2)
    geladen = log.laad([stroom])[stroom]
    assert [een.feit for een in geladen] == [een.feit for een in wat]
    assert geladen == log.lees(begin, 10)


def test_an_unknown_stream_is_loaded_as_empty(log: Log) -> None:
    stroom = uuid4()
    assert log.laad([stroom]) == {stroom: []}


def test_positions_follow_each_other_over_batches_and_refusals(log: Log) -> None:
    eerste, begin = uuid4(), log.laatste_positie()
    stapel = [een(eerste, 1, 2), een(eerste, 3, 7), een(uuid4(), 1)]  # the second fails half-way
    posities = [uitkomst.positie for wat in (stapel, [een(uuid4(), 1)]) for uitkomst in log.voeg_toe(wat)]
    assert posities == [begin + 1, None, begin + 3, begin + 4]
    assert [wat.positie for wat in log.lees(begin, 10)] == [begin + 1, begin + 2, begin + 3, begin + 4]


def test_requests_for_one_stream_in_one_batch_follow_each_other(log: Log) -> None:
    stroom = uuid4()
    assert aflopen(log, een(stroom, 1), een(uuid4(), 1), een(stroom, 2, 3)) == ["vastgelegd"] * 3


def test_a_stale_version_fails_its_request_alone_and_names_where_the_stream_stands(log: Log) -> None:
    stroom = uuid4()
    log.voeg_toe([een(stroom, 1, 2)])
    goed, oud, ook_goed = log.voeg_toe([een(uuid4(), 1), een(stroom, 2), een(uuid4(), 1)])
    assert (goed.afloop, ook_goed.afloop) == (Afloop.VASTGELEGD, Afloop.VASTGELEGD)
    assert (oud.afloop, oud.stroom, oud.versie, oud.positie) == (Afloop.VERSIECONFLICT, stroom, 2, None)


def test_a_version_that_skips_one_is_a_conflict(log: Log) -> None:
    assert aflopen(log, een(uuid4(), 2)) == ["versieconflict"]


def test_what_follows_a_failed_request_on_its_stream_fails_too(log: Log) -> None:
    stroom, ander = uuid4(), uuid4()
    log.voeg_toe([een(stroom, 1)])
    samen = Toevoeging(
        [gebeurtenis(stroom, 1), gebeurtenis(ander, 1)]
    )  # stale for one stream, so not for the other either
    assert aflopen(log, samen, een(stroom, 2), een(ander, 1)) == ["versieconflict"] * 3
    assert aflopen(log, een(stroom, 2), een(ander, 1)) == ["vastgelegd"] * 2


def test_a_request_that_fails_leaves_nothing_behind(log: Log, databank: Databank) -> None:
    stroom, sleutel = uuid4(), uuid4().bytes
    mislukt = Toevoeging(
        [gebeurtenis(stroom, 1), gebeurtenis(stroom, 9)],
        aanspraken=[Aanspraak("ketenid", sleutel, stroom)],
        kwitantie=Kwitantie("99XX", sleutel, b"v"),
        datasleutels=[Datasleutel(stroom, b"verpakt")],
        wachtbak=[Wachtbakrij("21", 2026, sleutel, stroom)],
    )
    assert aflopen(log, mislukt) == ["versieconflict"]
    assert log.laad([stroom])[stroom] == []
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        for tabel, kolom in (
            ("log.aanspraken", "stroom"),
            ("kluis.datasleutels", "stroom"),
            ("kluis.wachtbak", "item"),
        ):
            assert verbinding.execute(f"SELECT FROM {tabel} WHERE {kolom} = %s".encode(), (stroom,)).fetchall() == []
        assert verbinding.execute("SELECT FROM log.kwitanties WHERE sleutel = %s", (sleutel,)).fetchall() == []


class TestAanspraken:
    def test_the_second_stream_to_claim_a_pgn_is_refused_and_hears_who_has_it(self, log: Log) -> None:
        eerste, tweede, sleutel = uuid4(), uuid4(), uuid4().bytes
        log.voeg_toe([self.met_pgn(eerste, sleutel)])
        [uitkomst] = log.voeg_toe([self.met_pgn(tweede, sleutel)])
        assert (uitkomst.afloop, uitkomst.code, uitkomst.stroom) == (Afloop.NIET_UNIEK, "pgn", eerste)

    def test_two_claims_in_one_batch_go_to_the_first(self, log: Log) -> None:
        sleutel = uuid4().bytes
        assert aflopen(log, self.met_pgn(uuid4(), sleutel), self.met_pgn(uuid4(), sleutel)) == [
            "vastgelegd",
            "niet_uniek",
        ]

    def test_a_claim_of_a_failed_request_does_not_count(self, log: Log) -> None:
        sleutel = uuid4().bytes
        assert aflopen(log, self.met_pgn(uuid4(), sleutel, versie=5), self.met_pgn(uuid4(), sleutel)) == [
            "versieconflict",
            "vastgelegd",
        ]

    def test_the_same_pgn_in_another_year_or_region_is_another_claim(self, log: Log) -> None:
        sleutel = uuid4().bytes
        verzoeken = [
            Toevoeging([gebeurtenis(stroom, 1)], [Aanspraak("pgn", sleutel, stroom, regio, jaar)])
            for stroom, regio, jaar in ((uuid4(), "21", 2026), (uuid4(), "21", 2027), (uuid4(), "22", 2026))
        ]
        assert aflopen(log, *verzoeken) == ["vastgelegd"] * 3

    def test_a_stream_may_claim_again_what_it_has(self, log: Log) -> None:
        stroom, sleutel = uuid4(), uuid4().bytes
        log.voeg_toe([self.met_pgn(stroom, sleutel)])
        assert aflopen(log, self.met_pgn(stroom, sleutel, versie=2)) == ["vastgelegd"]

    def test_other_kinds_are_unique_by_kind(self, log: Log) -> None:
        sleutel = uuid4().bytes
        verzoeken = [
            Toevoeging(aanspraken=[Aanspraak(soort, sleutel, uuid4())]) for soort in ("ketenid", "account", "ketenid")
        ]
        assert aflopen(log, *verzoeken) == ["vastgelegd", "vastgelegd", "niet_uniek"]

    def test_what_is_released_can_be_claimed_by_the_next_batch(self, log: Log) -> None:
        oud, nieuw, sleutel = uuid4(), uuid4(), uuid4().bytes
        log.voeg_toe([self.met_pgn(oud, sleutel)])
        log.voeg_toe([Toevoeging([gebeurtenis(oud, 2)], vrijgaven=[Vrijgave("pgn", oud, sleutel, "21", 2026)])])
        assert aflopen(log, self.met_pgn(nieuw, sleutel)) == ["vastgelegd"]

    def test_a_stream_cannot_release_what_another_has(self, log: Log) -> None:
        houder, sleutel = uuid4(), uuid4().bytes
        log.voeg_toe([self.met_pgn(houder, sleutel)])
        log.voeg_toe([Toevoeging(vrijgaven=[Vrijgave("pgn", uuid4(), sleutel, "21", 2026)])])
        assert aflopen(log, self.met_pgn(uuid4(), sleutel)) == ["niet_uniek"]

    def met_pgn(self, stroom: UUID, sleutel: bytes, *, versie: int = 1) -> Toevoeging:
        return Toevoeging([gebeurtenis(stroom, versie)], [Aanspraak("pgn", sleutel, stroom, "21", 2026)])


class TestKluis:
    def test_a_data_key_comes_with_its_stream_and_goes_when_released(self, log: Log, databank: Databank) -> None:
        stroom = uuid4()
        log.voeg_toe([Toevoeging([gebeurtenis(stroom, 1)], datasleutels=[Datasleutel(stroom, b"verpakt")])])
        with databank.verbind(Login.SCHRIJVER) as verbinding:
            vraag = "SELECT verpakt FROM kluis.datasleutels WHERE stroom = %s"
            assert verbinding.execute(vraag, (stroom,)).fetchall() == [(b"verpakt",)]
            log.voeg_toe([Toevoeging([gebeurtenis(stroom, 2)], vrijgaven=[Vrijgave("datasleutel", stroom)])])
            assert verbinding.execute(vraag, (stroom,)).fetchall() == []

    def test_a_second_data_key_for_a_stream_is_refused(self, log: Log) -> None:
        stroom = uuid4()
        sleutel = Toevoeging(datasleutels=[Datasleutel(stroom, b"verpakt")])
        [eerste, tweede] = log.voeg_toe([sleutel, sleutel])
        [derde] = log.voeg_toe([sleutel])
        assert eerste.afloop is Afloop.VASTGELEGD
        assert (tweede.afloop, tweede.code, tweede.stroom) == (Afloop.NIET_UNIEK, "datasleutel", None)
        assert derde.afloop is Afloop.NIET_UNIEK

    def test_a_wachtbak_row_waits_until_released(self, log: Log, databank: Databank) -> None:
        item, pgn_hash = uuid4(), uuid4().bytes
        log.voeg_toe([Toevoeging([gebeurtenis(item, 1)], wachtbak=[Wachtbakrij("21", 2026, pgn_hash, item)])])
        with databank.verbind(Login.SCHRIJVER) as verbinding:
            vraag = "SELECT item FROM kluis.wachtbak WHERE pgn_hash = %s"
            assert verbinding.execute(vraag, (pgn_hash,)).fetchall() == [(item,)]
            log.voeg_toe([Toevoeging([gebeurtenis(item, 2)], vrijgaven=[Vrijgave("wachtbak", item)])])
            assert verbinding.execute(vraag, (pgn_hash,)).fetchall() == []


class TestKwitanties:
    @pytest.fixture
    def kwitantie(self) -> Kwitantie:
        return Kwitantie("99XX", uuid4().bytes, b"vingerafdruk", "aanvaard")

    def test_the_same_request_again_gets_the_answer_of_the_first(self, log: Log, kwitantie: Kwitantie) -> None:
        stroom = uuid4()
        verzoek = Toevoeging([gebeurtenis(stroom, 1), gebeurtenis(stroom, 2)], kwitantie=kwitantie)
        [eerste] = log.voeg_toe([verzoek])
        [weer] = log.voeg_toe([verzoek])
        assert weer.afloop is Afloop.AL_VASTGELEGD
        assert weer.code == "aanvaard"
        assert (weer.positie, weer.aantal, weer.stroom, weer.versie, weer.vastgelegd_op) == (
            (eerste.positie, eerste.aantal, eerste.stroom, eerste.versie, eerste.vastgelegd_op)
        )
        assert len(log.laad([stroom])[stroom]) == 2

    def test_the_same_key_for_other_content_is_refused(self, log: Log, kwitantie: Kwitantie) -> None:
        log.voeg_toe([Toevoeging(kwitantie=kwitantie)])
        ander = Kwitantie(kwitantie.client, kwitantie.sleutel, b"iets anders")
        assert aflopen(log, Toevoeging([gebeurtenis(uuid4(), 1)], kwitantie=ander)) == ["andere_inhoud"]

    def test_the_same_key_of_another_client_is_another_request(self, log: Log, kwitantie: Kwitantie) -> None:
        log.voeg_toe([Toevoeging(kwitantie=kwitantie)])
        ander = Kwitantie("99YY", kwitantie.sleutel, b"iets anders")
        assert aflopen(log, Toevoeging(kwitantie=ander)) == ["vastgelegd"]

    def test_a_request_twice_in_one_batch_is_recorded_once(self, log: Log, kwitantie: Kwitantie) -> None:
        stroom = uuid4()
        verzoek = Toevoeging([gebeurtenis(stroom, 1)], kwitantie=kwitantie)
        [eerste, weer] = log.voeg_toe([verzoek, verzoek])
        assert (eerste.afloop, weer.afloop) == (Afloop.VASTGELEGD, Afloop.AL_VASTGELEGD)
        assert (weer.positie, weer.versie) == (eerste.positie, eerste.versie)

    def test_a_refused_request_leaves_no_receipt(self, log: Log, kwitantie: Kwitantie) -> None:
        stroom = uuid4()
        te_ver = Toevoeging([gebeurtenis(stroom, 2)], kwitantie=kwitantie)
        goed = Toevoeging([gebeurtenis(stroom, 1)], kwitantie=kwitantie)
        assert aflopen(log, te_ver) == ["versieconflict"]
        assert aflopen(log, goed) == ["vastgelegd"]

    def test_a_request_without_events_keeps_the_version_it_was_given(self, log: Log) -> None:
        stroom, sleutel = uuid4(), uuid4().bytes
        niets = Toevoeging(kwitantie=Kwitantie("99XX", sleutel, b"v", "ongewijzigd", stroom, 4))
        log.voeg_toe([niets])
        [weer] = log.voeg_toe([niets])
        assert (weer.code, weer.stroom, weer.versie, weer.positie, weer.aantal) == ("ongewijzigd", stroom, 4, None, 0)


class TestTijd:
    def test_an_event_of_more_than_five_minutes_ahead_is_refused_alone(self, log: Log) -> None:
        nu = datetime.now(UTC)
        straks = Toevoeging([gebeurtenis(uuid4(), 1, gebeurd_op=nu + timedelta(minutes=6))])
        bijna = Toevoeging([gebeurtenis(uuid4(), 1, gebeurd_op=nu + timedelta(minutes=4))])
        assert aflopen(log, straks, bijna) == ["in_de_toekomst", "vastgelegd"]

    def test_a_real_database_knows_no_other_clock(self, log: Log) -> None:
        with pytest.raises(LogFout, match="geen demo"):
            log.voeg_toe([een(uuid4(), 1)], klok=datetime(2026, 1, 1, tzinfo=UTC))

    def test_a_demo_runs_on_its_clock_which_never_goes_back(self, demo_databank: Databank) -> None:
        januari, februari = (datetime(2026, maand, 20, tzinfo=UTC) for maand in (1, 2))
        with demo_databank.verbind(Login.SCHRIJVER) as verbinding:
            log = Log(verbinding)
            momenten = [log.voeg_toe([een(uuid4(), 1)], klok)[0].vastgelegd_op for klok in (januari, februari, januari)]
        assert momenten == [januari, februari, februari]


def test_one_batch_sends_one_wake_up_with_the_last_position(log: Log, databank: Databank) -> None:
    with databank.verbind(Login.PROJECTIE) as luisteraar:
        luisteraar.execute("LISTEN gebeurtenissen")
        log.voeg_toe([een(uuid4(), 1) for _ in range(3)])
        berichten = [bericht.payload for bericht in luisteraar.notifies(timeout=0.5)]
    assert berichten == [str(log.laatste_positie())]


def test_a_batch_in_which_nothing_is_recorded_wakes_nobody(log: Log, databank: Databank) -> None:
    with databank.verbind(Login.PROJECTIE) as luisteraar:
        luisteraar.execute("LISTEN gebeurtenissen")
        log.voeg_toe([een(uuid4(), 2), Toevoeging()])
        assert list(luisteraar.notifies(timeout=0.2)) == []


def test_the_next_batch_may_be_sent_before_the_answer_to_this_one_is_in(log: Log) -> None:
    stroom, begin = uuid4(), log.laatste_positie()
    eerste = log.verstuur([een(stroom, 1)])
    geweigerd = log.verstuur([een(uuid4(), 1)], klok=datetime(2026, 1, 1, tzinfo=UTC))
    derde = log.verstuur([een(stroom, 2), een(stroom, 2), een(uuid4(), 1)])
    with pytest.raises(AssertionError, match="order"):
        log.ontvang(derde)
    assert [wat.positie for wat in log.ontvang(eerste).uitkomsten] == [begin + 1]
    with pytest.raises(LogFout, match="klok"):
        log.ontvang(geweigerd)
    assert [wat.positie for wat in log.ontvang(derde).uitkomsten] == [begin + 2, None, begin + 3]
    assert log.laatste_positie() == begin + 3


def test_no_requests_is_no_batch(log: Log) -> None:
    assert log.voeg_toe([]) == []


def test_an_older_view_on_the_log_is_refused(databank: Databank) -> None:
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        verbinding.execute("SET default_transaction_isolation TO 'repeatable read'")
        with pytest.raises(LogFout, match="READ COMMITTED"):
            Log(verbinding).voeg_toe([een(uuid4(), 1)])


def test_a_log_in_a_transaction_of_its_caller_is_refused(databank: Databank) -> None:
    with databank.verbind(Login.SCHRIJVER, autocommit=False) as verbinding, pytest.raises(LogFout, match="autocommit"):
        Log(verbinding)


def test_a_text_that_jsonb_cannot_hold_does_not_spoil_the_view(log: Log, databank: Databank) -> None:
    stroom = uuid4()
    log.voeg_toe([Toevoeging([gebeurtenis(stroom, 1, reden="nul \x00 teken")])])
    with databank.verbind(Login.AUDIT) as verbinding:
        vraag = "SELECT state->>'reden' FROM log.gebeurtenissen_json WHERE originator_id = %s"
        assert verbinding.execute(vraag, (stroom,)).fetchall() == [("nul \ufffd teken",)]
    assert log.laad([stroom])[stroom][0].feit == gebeurtenis(stroom, 1, reden="nul \x00 teken").feit


def test_plain_sql_finds_what_a_fact_says(log: Log, databank: Databank) -> None:
    stroom = uuid4()
    log.voeg_toe([Toevoeging([gebeurtenis(stroom, 1, reden="geen leerling met dit nummer")])])
    with databank.verbind(Login.AUDIT) as verbinding:
        vraag = "SELECT state->>'reden', rol FROM log.gebeurtenissen_json WHERE originator_id = %s"
        assert verbinding.execute(vraag, (stroom,)).fetchall() == [("geen leerling met dit nummer", "koppeling")]


def test_receipts_are_kept_as_long_as_asked_and_at_least_a_day(maak_databank: MakeDatabank) -> None:
    databank = maak_databank(Soort.DEMO)
    toen = datetime(2026, 1, 1, tzinfo=UTC)
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        log = Log(verbinding)
        for dag in range(4):
            moment = toen + timedelta(days=dag)
            wat = replace(gebeurtenis(uuid4(), 1), gebeurd_op=moment)
            log.voeg_toe([Toevoeging([wat], kwitantie=Kwitantie("een", bytes([dag]), b"inhoud"))], moment)

        over = [
            (log.ruim_kwitanties_op(bewaar), _sleutels(verbinding))
            for bewaar in (timedelta(days=3), timedelta(days=2), timedelta(0))
        ]

    assert over == [(0, [0, 1, 2, 3]), (1, [1, 2, 3]), (1, [2, 3])]


def _sleutels(verbinding: psycopg.Connection[Any]) -> list[int]:
    return [sleutel[0] for (sleutel,) in verbinding.execute("SELECT sleutel FROM log.kwitanties ORDER BY sleutel")]
