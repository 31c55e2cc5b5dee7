"""What a preview says is what the import then does: the same code, and a log that answers as the append does."""

from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from overstap.adapters.app import App, app_op, droge_app_op
from overstap.adapters.instellingen import Instellingen
from overstap.adapters.klok import GezetteKlok
from overstap.adapters.koppelingen import Verslag, importeer
from overstap.adapters.koppelingen.voorbeeld import Voorbeeld, bekijk_vooraf
from overstap.adapters.opdracht import Opdracht
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.toevoeging import Afloop, Kwitantie, Toevoeging
from overstap.adapters.synthetische_regio import genereer
from overstap.domain.feiten.overstap import SignaalGegeven
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.rollen import Rol
from tests.adapters.koppelingen.bestanden import bericht, bsn, keten_id, leerling, lijst, pagina, stap, stappen
from tests.adapters.koppelingen.conftest import Lever
from tests.adapters.opstelling import (
    DECAAN,
    HOOFDSLEUTEL,
    IN_JANUARI,
    KOPPELING,
    REGIO,
    VO_BEHEERDER,
    opgevoerd,
    opvoer,
)

LEERLINGEN = 24
_TABELLEN = (
    "log.gebeurtenissen",
    "log.kwitanties",
    "log.aanspraken",
    "kluis.pgn",
    "kluis.datasleutels",
    "kluis.wachtbak",
)


def vooraf(app: App, pad: Path, actor: object = VO_BEHEERDER) -> Voorbeeld:
    return bekijk_vooraf(app.databank, HOOFDSLEUTEL, app.klok, pad, actor)  # type: ignore[arg-type]


def oordeel(verslag: Verslag) -> tuple[object, ...]:
    """Give everything that a report says of lines."""
    regels = [(een.regel, een.code, een.reden) for een in verslag.geweigerd]
    return verslag.regels, verslag.aanvaard, verslag.ongewijzigd, verslag.wachtbak, verslag.per_code, regels


def stand(app: App) -> list[int]:
    with app.databank.verbind(Login.EIGENAAR) as verbinding:
        gelezen = [verbinding.execute(f"SELECT count(*) FROM {een}".encode()).fetchone() for een in _TABELLEN]
    return [rij[0] for rij in gelezen if rij]


@pytest.fixture(scope="module")
def jaar(demo_databank: Databank, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Verslag, Verslag]]:
    """Play the year of a small region, each file tried before it is delivered."""
    map_: Path = tmp_path_factory.mktemp("voorbeeld") / "regio"
    manifest = genereer(LEERLINGEN, 2026, 3, map_)
    klok = GezetteKlok(datetime.fromisoformat(manifest.leveringen[0].op))
    instellingen = Instellingen(regio=REGIO, _env_file=None)  # type: ignore[call-arg]
    uit = []
    with app_op(demo_databank, HOOFDSLEUTEL, instellingen, klok) as app:
        for levering in manifest.leveringen:
            klok.zet(datetime.fromisoformat(levering.op))
            pad, namens, rol = map_ / levering.bestand, levering.namens, Rol(levering.rol)
            eerst = app.log.laatste_positie()
            with droge_app_op(demo_databank, HOOFDSLEUTEL, REGIO, klok) as (droog, _):
                geproefd = importeer(droog, pad, namens, rol)
            assert app.log.laatste_positie() == eerst
            uit.append((levering.bestand, geproefd, importeer(app, pad, namens, rol)))
    return uit


def test_a_year_of_files_is_judged_in_advance_as_it_is_taken_in(jaar: list[tuple[str, Verslag, Verslag]]) -> None:
    anders = {naam: (oordeel(droog), oordeel(echt)) for naam, droog, echt in jaar if oordeel(droog) != oordeel(echt)}
    assert anders == {}
    codes = {code for _, _, echt in jaar for code in echt.per_code}
    assert sum(echt.aanvaard for _, _, echt in jaar) > 10 * LEERLINGEN
    assert {"andere_organisatie", "niet_bevoegd"} <= codes
    assert sum(echt.ongewijzigd for _, _, echt in jaar) > 0


def test_new_changed_unchanged_and_refused_are_told_apart(geheel: App, als_school: Lever, tmp_path: Path) -> None:
    zelfde, anders = bsn(), bsn()
    als_school(lijst(tmp_path / "a.csv", leerling(zelfde), leerling(anders)))
    tweede = lijst(
        tmp_path / "b.csv", leerling(zelfde), leerling(anders, klas="4b"), leerling(bsn()), leerling("123456789")
    )
    voorbeeld = vooraf(geheel, tweede)
    assert (voorbeeld.nieuw, voorbeeld.gewijzigd, voorbeeld.verslag.ongewijzigd) == (1, 1, 1)
    assert voorbeeld.verslag.per_code == {"pgn_ongeldig": 1}


def test_one_pupil_twice_in_a_file_is_entered_once(geheel: App, tmp_path: Path) -> None:
    pgn = bsn()
    voorbeeld = vooraf(geheel, lijst(tmp_path / "a.csv", leerling(pgn), leerling(pgn, klas="4b")))
    assert (voorbeeld.nieuw, voorbeeld.gewijzigd) == (1, 1)


def test_a_pupil_twice_with_more_than_a_batch_between_is_entered_once(
    geheel: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("overstap.adapters.koppelingen.invoer.REGELS_PER_BATCH", 1)
    pgn = bsn()
    regels = [leerling(pgn), leerling(bsn()), leerling(pgn), leerling(pgn, klas="4b")]
    voorbeeld = vooraf(geheel, lijst(tmp_path / "a.csv", *regels))
    assert (voorbeeld.nieuw, voorbeeld.gewijzigd, voorbeeld.verslag.ongewijzigd) == (2, 1, 1)


def test_nothing_is_recorded_and_nothing_can_be(geheel: App, tmp_path: Path) -> None:
    elders, wachtend = bsn(), bsn()
    opdracht = opvoer(geheel, elders, school="99AB")
    geheel.bus.verwerk([opdracht])
    eerst = stand(geheel)
    vooraf(geheel, lijst(tmp_path / "a.csv", leerling(bsn()), leerling(elders)))
    van_mbo = vooraf(geheel, pagina(tmp_path / "a.json", bericht(wachtend, keten_id())), KOPPELING)
    assert (van_mbo.verslag.wachtbak, van_mbo.verandert_iets) == (1, True)
    assert stand(geheel) == eerst
    with (
        droge_app_op(geheel.databank, HOOFDSLEUTEL, REGIO, geheel.klok) as (_, log),
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
    ):
        log._verbinding.execute("DELETE FROM log.kwitanties")


def test_a_file_that_was_of_use_before_says_so(geheel: App, als_school: Lever, tmp_path: Path) -> None:
    pad = lijst(tmp_path / "a.csv", leerling(bsn()))
    assert not vooraf(geheel, pad).is_eerder
    als_school(pad)
    weer = vooraf(geheel, pad)
    assert (weer.is_eerder, weer.verandert_iets) == (True, False)


def test_a_step_that_rests_on_an_earlier_line_is_judged_on_it(geheel: App, tmp_path: Path) -> None:
    pgn = bsn()
    opgevoerd(geheel, pgn)
    regels = [
        stap("schakel_leerplicht_in", pgn),
        stap("leg_overleg_vast", pgn, contact="Team Noord", overlegDatum="2026-01-09"),
        stap("schakel_leerplicht_in", pgn),
    ]
    verslag = vooraf(geheel, stappen(tmp_path / "a.ndjson", regels), DECAAN).verslag
    assert (verslag.aanvaard, verslag.per_code) == (2, {"overleg_ontbreekt": 1})


def _signaal(app: App, sleutel: bytes, vingerafdruk: bytes, versie: int, stroom: object) -> Toevoeging:
    feit = SignaalGegeven(signaal="dubbele_opvoer", voor=Rol.REGIEBEHEERDER)
    gebeurtenis = Gebeurtenis(
        originator_id=stroom,  # type: ignore[arg-type]
        originator_version=versie,
        feit=feit,
        regio=REGIO,
        gebeurd_op=IN_JANUARI,
        actor="beheer-99aa",
        rol=Rol.VO_BEHEERDER,
        organisatie="99AA",
    )
    return Toevoeging(gebeurtenissen=(gebeurtenis,), kwitantie=Kwitantie("ik", sleutel, vingerafdruk))


def test_the_log_that_records_nothing_answers_as_the_append_does(geheel: App) -> None:
    pgn = bsn()
    stroom = opgevoerd(geheel, pgn)
    ander: Opdracht = opvoer(geheel, pgn)
    batch = [
        _signaal(geheel, b"1", b"a", 2, stroom),
        _signaal(geheel, b"1", b"a", 2, stroom),
        _signaal(geheel, b"1", b"b", 2, stroom),
        Toevoeging(aanspraken=ander.aanspraken),
        _signaal(geheel, b"2", b"a", 3, stroom),
    ]
    with droge_app_op(geheel.databank, HOOFDSLEUTEL, REGIO, geheel.klok) as (_, droog):
        geproefd = [een.afloop for een in droog.voeg_toe(batch, IN_JANUARI)]
        assert [een.originator_version for een in droog.laad([stroom])[stroom]] == [1, 2]
    echt = [een.afloop for een in geheel.log.voeg_toe(batch, IN_JANUARI)]
    assert geproefd == echt
    assert set(echt) == set(Afloop) - {Afloop.IN_DE_TOEKOMST}
