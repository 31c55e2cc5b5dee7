"""A log that two processes judge: what one alone finds, as it was at one moment, and no process left behind."""

import os
import signal
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from uuid import UUID

import pytest

from overstap.adapters import herbeoordelen, herbeoordelen_stroom
from overstap.adapters.herbeoordelen import oordeel_opnieuw
from overstap.adapters.herbeoordelen_stroom import Bevinding, Telling
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.ernaast import DeelAfgebroken
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_werker import Werker
from tests.adapters.postgres.beelden import een_leerling
from tests.kinderen import kinderen

VREEMD = [UUID(int=nummer) for nummer in range(1, 7)]
"""Pupils whom the log does not have, some in each of two parts."""
_VREEMD_ERBIJ = """
DO $$ BEGIN EXECUTE (
    SELECT format('INSERT INTO beeld.actueel (%1$s) SELECT %2$s FROM (SELECT * FROM beeld.actueel LIMIT 1) AS een,'
                  ' generate_series(1, 6) AS nummer',
                  string_agg(quote_ident(attname), ', '),
                  string_agg(CASE attname WHEN 'overstap' THEN $q$lpad(nummer::text, 32, '0')::uuid$q$
                                          ELSE quote_ident(attname) END, ', '))
      FROM pg_attribute WHERE attrelid = 'beeld.actueel'::regclass AND attnum > 0 AND NOT attisdropped
); END $$
"""


@pytest.fixture(scope="module")
def vol_verschil(demo_databank: Databank) -> Databank:
    """Give twenty pupils under rules that nobody knows; of most the view says something else, in each way it can."""
    with demo_databank.verbind(Login.SCHRIJVER) as verbinding:
        leerlingen = [een_leerling(Log(verbinding)) for _ in range(20)]
    with Werker(demo_databank) as werker:
        werker.bijwerken_tot()
    with demo_databank.verbind(Login.PROJECTIE) as verbinding:
        verbinding.execute(_VREEMD_ERBIJ)
        weg, verder, elders = leerlingen[:5], leerlingen[5:10], leerlingen[10:15]
        verbinding.execute("DELETE FROM beeld.actueel WHERE overstap = ANY(%s)", (weg,))
        verbinding.execute("UPDATE beeld.actueel SET versie = 7 WHERE overstap = ANY(%s)", (verder,))
        verbinding.execute("UPDATE beeld.actueel SET status = 'afgerond' WHERE overstap = ANY(%s)", (elders,))
    return demo_databank


@pytest.fixture(scope="module")
def alleen(vol_verschil: Databank) -> tuple[list[Bevinding], Telling]:
    """Give what one process finds and counts."""
    telling = Telling()
    return op_volgorde(oordeel_opnieuw(vol_verschil, telling=telling)), telling


@pytest.fixture(autouse=True)
def samen(alleen: tuple[list[Bevinding], Telling], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two processes judge from here on, however small the log is, and this one give each stream by itself."""
    assert alleen
    monkeypatch.setattr(herbeoordelen, "aantal_delen", lambda _tot: 2)
    monkeypatch.setattr(herbeoordelen_stroom, "_PER_STUK", 1)


def op_volgorde(bevindingen: Iterable[Bevinding]) -> list[Bevinding]:
    return sorted(bevindingen, key=lambda een: (een.stroom, een.positie or 0, een.code))


def test_two_processes_find_and_count_what_one_does(
    vol_verschil: Databank, alleen: tuple[list[Bevinding], Telling]
) -> None:
    telling, standen = Telling(), list[int]()
    gevonden = list(oordeel_opnieuw(vol_verschil, telling=telling, vorderen=standen.append))
    assert (op_volgorde(gevonden), telling) == alleen
    assert standen == sorted(standen)
    assert standen[-1] == telling.gebeurtenissen == 20
    assert {een.stroom for een in gevonden if een.code == "zonder_stroom"} == set(VREEMD)
    codes = Counter(een.code for een in gevonden)
    assert [codes[een] for een in ("onbekende_procedure", "ontbreekt", "andere_versie", "andere_status")] == [
        20,
        5,
        5,
        5,
    ]


def test_a_process_beside_sees_the_moment_at_which_it_all_began(
    vol_verschil: Databank, alleen: tuple[list[Bevinding], Telling]
) -> None:
    with vol_verschil.verbind(Login.PROJECTIE) as verbinding:
        with closing(oordeel_opnieuw(vol_verschil)) as bevindingen:
            gevonden = [next(bevindingen)]
            verbinding.execute("UPDATE beeld.actueel SET versie = versie + 1")
            gevonden += bevindingen
        verbinding.execute("UPDATE beeld.actueel SET versie = versie - 1")
    assert op_volgorde(gevonden) == alleen[0]


def test_a_process_that_is_killed_is_told_while_this_one_still_reads(vol_verschil: Databank) -> None:
    eerdere = kinderen()
    with closing(oordeel_opnieuw(vol_verschil)) as bevindingen:
        next(bevindingen)
        for proces in kinderen() - eerdere:
            os.kill(proces, signal.SIGKILL)
        with pytest.raises(DeelAfgebroken, match=r"aan het naspelen meewerkte is gestopt\. Er is niets veranderd"):
            list(bevindingen)


def test_who_stops_early_leaves_no_process_behind(vol_verschil: Databank) -> None:
    eerdere = kinderen()
    with closing(oordeel_opnieuw(vol_verschil)) as bevindingen:
        next(bevindingen)
        assert len(kinderen() - eerdere) == 1
    assert kinderen() == eerdere
