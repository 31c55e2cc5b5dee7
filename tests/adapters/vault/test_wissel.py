"""Replacing the master key while others work: nothing is lost, and it can be taken up where it was cut short."""

import os
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.toevoeging import Toevoeging
from overstap.adapters.vault import (
    HoofdsleutelOngeldig,
    HoofdsleutelPastNiet,
    Kluis,
    Sleutelbestand,
    maak_sleutelbestand,
    omsleutelen,
)
from overstap.adapters.vault.omsleutelen import verpak_alles
from tests.postgres_fixture import MakeDatabank

FEIT, VELD = "bericht-geplaatst", "tekst"


@pytest.fixture
def bestand(tmp_path: Path) -> Sleutelbestand:
    maak_sleutelbestand(tmp_path / "hoofdsleutel")
    return Sleutelbestand(tmp_path / "hoofdsleutel")


@pytest.fixture
def databank(maak_databank: MakeDatabank) -> Databank:
    """Give a database of its own to each test: every one has keys of its own."""
    return maak_databank(Soort.ECHT)


def _vul(log: Log, kluis: Kluis, aantal: int) -> list[UUID]:
    stromen = [uuid4() for _ in range(aantal)]
    log.voeg_toe([Toevoeging(datasleutels=(kluis.nieuwe_sleutel(stroom),)) for stroom in stromen])
    return stromen


def _lees(databank: Databank, stromen: list[UUID]) -> dict[UUID, bytes]:
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        vraag = "SELECT stroom, verpakt FROM kluis.datasleutels WHERE stroom = ANY(%s)"
        return dict(verbinding.execute(vraag, (stromen,)).fetchall())


def test_who_runs_follows_a_replacement_both_ways(bestand: Sleutelbestand, databank: Databank, log: Log) -> None:
    loopt = bestand.lees()
    eerst = Kluis(loopt, lambda stromen: _lees(databank, list(stromen)))
    [stroom] = _vul(log, eerst, 1)
    zegel = eerst.verzegel(stroom, FEIT, VELD, "hallo")
    bestand.vervang()
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        assert verpak_alles(verbinding, bestand.lees()) == 1
    # The same process, without what it had in memory: the key it began with opens nothing any more.
    assert Kluis(loopt, lambda stromen: _lees(databank, list(stromen))).open(stroom, FEIT, VELD, zegel) == "hallo"
    [nieuw] = _vul(log, eerst, 1)
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        assert verpak_alles(verbinding, bestand.lees()) == 0, "what it makes now is wrapped by the new key"
    bestand.vernietig_vorige()
    assert Kluis(bestand.lees(), lambda stromen: _lees(databank, list(stromen))).open(stroom, FEIT, VELD, zegel)
    assert nieuw in _lees(databank, [nieuw])


def test_a_replacement_that_was_cut_short_goes_on(
    bestand: Sleutelbestand, databank: Databank, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(omsleutelen, "PER_KEER", 2)
    stromen = _vul(log, Kluis(bestand.lees(), lambda _: {}), 5)
    bestand.vervang()

    def breek_af(_gelezen: int) -> None:
        raise KeyboardInterrupt

    with databank.verbind(Login.SCHRIJVER) as verbinding:
        with pytest.raises(KeyboardInterrupt):
            verpak_alles(verbinding, bestand.lees(), breek_af)
        Kluis(bestand.lees(), lambda _: _lees(databank, stromen)).laad(stromen)  # half and half opens
        with pytest.raises(HoofdsleutelOngeldig, match="Maak die wissel eerst af"):
            bestand.vervang()
        assert 0 < verpak_alles(verbinding, bestand.lees()) < len(stromen)
        bestand.vernietig_vorige()
        assert verpak_alles(verbinding, bestand.lees()) == 0


def test_a_stop_between_two_files_does_not_lose_the_key(bestand: Sleutelbestand) -> None:
    oud = bestand.lees().inpakken
    os.link(bestand.pad, bestand.vorige)  # as far as it came
    assert not bestand.is_bezig()
    assert bestand.lees().inpakken == oud
    bestand.vervang()
    assert bestand.is_bezig()
    assert bestand.lees().inpakken != oud


def test_the_keyed_hashes_stay_as_they_are(bestand: Sleutelbestand) -> None:
    voor = bestand.lees()
    bestand.vervang()
    bestand.vernietig_vorige()
    bestand.vervang()
    na = bestand.lees()
    assert (na.pgn, na.vingerafdruk) == (voor.pgn, voor.vingerafdruk)
    assert na.inpakken != voor.inpakken
    assert {pad.stat().st_mode & 0o777 for pad in bestand.pad.parent.iterdir()} == {0o600}


def test_a_key_of_neither_is_told_and_nothing_is_lost(
    bestand: Sleutelbestand, databank: Databank, log: Log, tmp_path: Path
) -> None:
    maak_sleutelbestand(tmp_path / "anders")
    [stroom] = _vul(log, Kluis(Sleutelbestand(tmp_path / "anders").lees(), lambda _: {}), 1)
    voor = _lees(databank, [stroom])
    bestand.vervang()
    with databank.verbind(Login.SCHRIJVER) as verbinding, pytest.raises(HoofdsleutelPastNiet):
        verpak_alles(verbinding, bestand.lees())
    assert _lees(databank, [stroom]) == voor


def test_who_runs_wraps_by_the_new_key_soon_after_a_replacement(
    bestand: Sleutelbestand, monkeypatch: pytest.MonkeyPatch
) -> None:
    nu = 100.0
    monkeypatch.setattr("overstap.adapters.vault.hoofdsleutel.time.monotonic", lambda: nu)
    loopt = bestand.lees()
    bestand.vervang()
    nu += 0.06
    nonce, sleutel, plaats = bytes(12), bytes(range(32)), b"datasleutel|1"
    assert bestand.lees().is_ingepakt(nonce, loopt.pak_in(nonce, sleutel, plaats), plaats)


def test_a_key_file_that_is_away_for_a_moment_stops_nobody_who_runs(
    bestand: Sleutelbestand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("overstap.adapters.vault.hoofdsleutel._GEZIEN", -1.0)  # it looks each time
    loopt = Kluis(bestand.lees(), lambda _: {})
    bestand.pad.rename(bestand.pad.with_name("weg"))
    assert loopt.nieuwe_sleutel(uuid4()).verpakt
