"""`overstap audit replay` on a small year played by the demo: nothing to find, until rules or rows are changed."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from overstap.adapters.cli.fouten import Uitgang
from overstap.adapters.postgres.logins import SUPERGEBRUIKER
from overstap.adapters.postgres.server import Server
from tests.adapters.cli.conftest import GESPEELD, Overstap, Uitvoer

_KEUZES = """
SELECT originator_id::text FROM log.gebeurtenissen
 WHERE topic = 'vervolgkeuze-vo-gekozen.v1' AND (gebeurd_op AT TIME ZONE 'Europe/Amsterdam')::date < '2026-06-10'
"""
_NEEM_OVER = """
INSERT INTO log.gebeurtenissen
SELECT (SELECT max(positie) + 1 FROM log.gebeurtenissen), originator_id, originator_version + 1, topic, state, regio,
       gebeurd_op, vastgelegd_op, actor, rol, organisatie, correlatie, oorzaak, procedure, hash
  FROM log.gebeurtenissen g
 WHERE topic = 'status-gewijzigd.v1'
   AND originator_version = (SELECT max(originator_version) FROM log.gebeurtenissen
                              WHERE originator_id = g.originator_id)
 ORDER BY positie LIMIT 1
RETURNING originator_id::text, positie
"""


@pytest.fixture(scope="module")
def datamap(gespeelde_datamap: Path) -> Path:
    return gespeelde_datamap


@contextmanager
def supergebruiker(datamap: Path) -> Iterator[psycopg.Connection[Any]]:
    """Go round every right and trigger; what was done is undone at the end."""
    server = Server(datamap)
    try:
        adres = make_conninfo(**server.adres(SUPERGEBRUIKER, "overstap"))
        with psycopg.connect(adres, autocommit=True) as verbinding:
            yield verbinding
    finally:
        server.laat_los()


def regels(uitvoer: Uitvoer) -> list[dict[str, Any]]:
    return [json.loads(regel) for regel in uitvoer.uit.splitlines()]


@pytest.fixture(scope="module")
def latere_keuze(datamap: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The region's own parameters, with a vervolgkeuze from 10 juni on; a next revision."""
    [eigen] = (datamap / "demo" / "parameters").iterdir()
    tekst = re.sub(r"vervolgkeuze_vanaf = \S+", "vervolgkeuze_vanaf = 2026-06-10", eigen.read_text(encoding="utf-8"))
    anders = tmp_path_factory.mktemp("regels") / "later.toml"
    anders.write_text(re.sub(r"revisie = \d+", "revisie = 2", tekst), encoding="utf-8")
    return anders


def test_under_the_rules_of_then_nothing_is_found(overstap: Overstap) -> None:
    gevonden = overstap("audit", "replay")
    assert gevonden.uitgang == Uitgang.GELUKT, gevonden.uit
    assert "Alles is zoals de procedure het toelaat" in gevonden.uit
    assert overstap("audit", "replay", "--json", "--rules", "now").uit == ""


def test_under_a_changed_rule_exactly_the_pupils_it_touches_are_found(
    overstap: Overstap, datamap: Path, latere_keuze: Path
) -> None:
    with supergebruiker(datamap) as verbinding:
        geraakt = {stroom for (stroom,) in verbinding.execute(_KEUZES)}
    assert 0 < len(geraakt) < GESPEELD
    gevonden = overstap("audit", "replay", "--json", "--rules", str(latere_keuze))
    assert gevonden.uitgang == Uitgang.GEWEIGERD
    assert {een["stroom"] for een in regels(gevonden)} == geraakt
    assert {(een["soort"], een["code"]) for een in regels(gevonden)} == {("geweigerd", "te_vroeg")}


def test_one_pupil_or_one_school_is_judged_alone(overstap: Overstap, datamap: Path, latere_keuze: Path) -> None:
    alle = regels(overstap("audit", "replay", "--json", "--rules", str(latere_keuze)))
    een = alle[0]["stroom"]
    alleen = regels(overstap("audit", "replay", "--json", "--rules", str(latere_keuze), "--pupil", een[:13]))
    assert {gevonden["stroom"] for gevonden in alleen} == {een}
    with supergebruiker(datamap) as verbinding:
        scholen = dict(verbinding.execute("SELECT overstap::text, school FROM beeld.actueel").fetchall())
    van_school = regels(overstap("audit", "replay", "--json", "--rules", str(latere_keuze), "--school", scholen[een]))
    nu_daar = {stroom for stroom in (gevonden["stroom"] for gevonden in alle) if scholen[stroom] == scholen[een]}
    assert nu_daar <= {gevonden["stroom"] for gevonden in van_school} < {gevonden["stroom"] for gevonden in alle}
    assert overstap("audit", "replay", "--region", "99", "--rules", str(latere_keuze)).uitgang == Uitgang.GELUKT


def test_an_event_that_somebody_wrote_past_the_procedure_is_found(overstap: Overstap, datamap: Path) -> None:
    with supergebruiker(datamap) as verbinding:
        verbinding.execute("ALTER TABLE log.gebeurtenissen DISABLE TRIGGER ALL")
        [(stroom, positie)] = verbinding.execute(_NEEM_OVER).fetchall()
        try:
            gevonden = overstap("audit", "replay", "--json")
            woorden = overstap("audit", "replay")
        finally:
            verbinding.execute("DELETE FROM log.gebeurtenissen WHERE positie = %s", (positie,))
            verbinding.execute("ALTER TABLE log.gebeurtenissen ENABLE ALWAYS TRIGGER weiger_wijziging")
    assert gevonden.uitgang == Uitgang.GEWEIGERD
    [bevinding] = regels(gevonden)
    assert (bevinding["stroom"], bevinding["positie"], bevinding["code"]) == (stroom, positie, "anders")
    assert f"MIS  positie {positie}" in woorden.uit


def test_an_event_that_was_made_unreadable_is_found_and_the_rest_goes_on(overstap: Overstap, datamap: Path) -> None:
    zet = "UPDATE log.gebeurtenissen SET state = %s WHERE positie = %s"
    with supergebruiker(datamap) as verbinding:
        verbinding.execute("ALTER TABLE log.gebeurtenissen DISABLE TRIGGER ALL")
        [(stroom, positie, state)] = verbinding.execute(
            "SELECT originator_id::text, positie, state FROM log.gebeurtenissen WHERE topic = 'status-gewijzigd.v1'"
            " ORDER BY positie LIMIT 1"
        ).fetchall()
        try:
            verbinding.execute(zet, (b'{"feit":"uit-een-later-programma.v1"}', positie))
            gevonden = overstap("audit", "replay", "--json")
        finally:
            verbinding.execute(zet, (state, positie))
            verbinding.execute("ALTER TABLE log.gebeurtenissen ENABLE ALWAYS TRIGGER weiger_wijziging")
    assert gevonden.uitgang == Uitgang.GEWEIGERD
    beschadigd = [een for een in regels(gevonden) if een["code"] == "beschadigd"]
    assert [(een["stroom"], een["positie"]) for een in beschadigd] == [(stroom, positie)]
    assert {een["stroom"] for een in regels(gevonden)} == {stroom}


def test_a_pupil_whom_the_live_view_shows_elsewhere_is_found(overstap: Overstap, datamap: Path) -> None:
    with supergebruiker(datamap) as verbinding:
        [(overstap_id, was)] = verbinding.execute("SELECT overstap, status FROM beeld.actueel LIMIT 1").fetchall()
        wijzig = "UPDATE beeld.actueel SET status = %s WHERE overstap = %s"
        verbinding.execute(wijzig, ("uitgeschreven", overstap_id))
        gevonden = overstap("audit", "replay", "--json")
        verbinding.execute(wijzig, (was, overstap_id))
    assert gevonden.uitgang == Uitgang.GEWEIGERD
    [bevinding] = regels(gevonden)
    assert (bevinding["stroom"], bevinding["code"]) == (str(overstap_id), "andere_status")
    assert bevinding["zin"] == f"Het beeld zegt uitgeschreven, het log {was}."


def test_what_an_auditor_does_stands_in_the_log_of_actions(overstap: Overstap, datamap: Path) -> None:
    overstap("audit", "replay", "--rules", "now")
    with supergebruiker(datamap) as verbinding:
        gelogd = verbinding.execute(
            "SELECT rol, onderwerp FROM toegang.toegangslog WHERE handeling = 'audit_naspelen'"
        ).fetchall()
    assert set(gelogd) == {("auditor", "log")}


def test_rules_that_cannot_be_read_are_refused(overstap: Overstap, tmp_path: Path) -> None:
    (tmp_path / "leeg.toml").write_text("regio = '21'", encoding="utf-8")
    assert overstap("audit", "replay", "--rules", str(tmp_path / "leeg.toml")).uitgang == Uitgang.GEWEIGERD
    assert overstap("audit", "replay", "--rules", "toen").uitgang == Uitgang.VERKEERD_GEBRUIK


def test_under_the_rules_of_now_the_same_pupils_are_found_once_these_are_in_force(
    overstap: Overstap, datamap: Path, latere_keuze: Path
) -> None:
    ingenomen = overstap("import", str(latere_keuze), "--namens", "21", "--rol", "regiebeheerder")
    assert ingenomen.uitgang == Uitgang.GELUKT, ingenomen.fout
    with supergebruiker(datamap) as verbinding:
        geraakt = {stroom for (stroom,) in verbinding.execute(_KEUZES)}
    gevonden = overstap("audit", "replay", "--json", "--rules", "now")
    assert {een["stroom"] for een in regels(gevonden)} == geraakt
    assert {(een["code"], een["onder"]) for een in regels(gevonden)} == {("te_vroeg", "2026.21.2")}
    assert overstap("audit", "replay", "--rules", "then").uitgang == Uitgang.GELUKT
