"""`overstap privacy` on a small year: who was erased stands nowhere any more, and nothing else has changed."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import psycopg
import pytest

from overstap.adapters.bewijs import verify
from overstap.adapters.bewijs.bewaard import Uitgegeven
from overstap.adapters.cli.fouten import Uitgang
from overstap.adapters.postgres.databank import NAAM, Databank
from overstap.adapters.postgres.logins import SUPERGEBRUIKER, Login
from overstap.adapters.postgres.server import Server
from overstap.adapters.wissen.wisbewijs import Wisbewijs, mis_met_wisbewijs
from tests.adapters.cli.conftest import Overstap
from tests.postgres_fixture import _SNEL

LEERLINGEN = 7_000 if os.environ.get("OVERSTAP_PROOF") == "full" else 100
DEEL = max(1, LEERLINGEN // 100)
"""One in a hundred is erased."""
TE_KORT = 5
"""A word of a name with fewer letters may stand anywhere by chance."""


class Jaar(NamedTuple):
    """A year of which some pupils were erased: who they were, and what was known before."""

    overstap: Overstap
    datamap: Path
    bewaard: Path
    gewist: dict[str, dict[str, str]]
    bewijzen: list[Wisbewijs]
    tellingen: Any
    verhaal: Any
    ander: str
    bewijs_van_ander: dict[str, Any]


@pytest.fixture(scope="module")
def jaar(overstap: Overstap, datamap: Path, tmp_path_factory: pytest.TempPathFactory) -> Jaar:
    """Play a year, let the notary sign, and erase one pupil in a hundred."""
    assert overstap("demo", "--once", "--json", "--pupils", str(LEERLINGEN)).uitgang == Uitgang.GELUKT
    elders = tmp_path_factory.mktemp("elders")
    bewaard = elders / "controlepunt.ndjson"
    bewaard.write_text(overstap("audit", "checkpoint", "--json").uit, encoding="utf-8")
    posten = overstap("worklist", "met_leerplicht", "--json").json
    bladen = overstap("pupils", "--json", "--aantal", "500").json["leerlingen"]
    nummers = list(dict.fromkeys([*(post["onderwerp"] for post in posten), *(blad["overstap"] for blad in bladen)]))
    te_wissen, ander = nummers[:DEEL], nummers[DEEL]
    personen = {een: overstap("show", een, "--json", "--reden", "proef").json["persoon"] for een in te_wissen}
    tellingen = _tellingen(overstap)
    verhaal = overstap("history", ander, "--json", "--reden", "proef").json
    positie = next(
        regel["positie"]
        for regel in map(json.loads, overstap("tail", "--once", "--json", "--na", "0").uit.splitlines())
        if regel["stroom"] == ander
    )
    bewijs_van_ander = overstap("audit", "proof", str(positie), "--controlepunt", "1").json
    certificaat = elders / "certificaten.ndjson"
    for een in te_wissen:
        uitvoer = overstap("privacy", "erase", een, "--reason", "brief 12", "--certificaat", str(certificaat))
        assert uitvoer.uitgang == Uitgang.GELUKT, uitvoer.fout
    bewijzen = [msgspec.json.decode(regel, type=Wisbewijs) for regel in certificaat.read_bytes().splitlines()]
    return Jaar(
        overstap,
        datamap,
        bewaard,
        personen,
        bewijzen,
        tellingen,
        verhaal,
        ander,
        {"positie": positie} | bewijs_van_ander,
    )


def _tellingen(overstap: Overstap) -> Any:  # noqa: ANN401 - several commands' JSON
    return [
        overstap("counts", "--json", "--op", dag, "--per", per).json
        for dag in ("2026-04-01", "2026-10-01")
        for per in ("school", "leerweg", "gemeente")
    ] + [overstap("flow", "--op", "2026-10-01", "--json").json]


def gezocht(jaar: Jaar) -> re.Pattern[bytes]:
    """Look for names and numbers of who was erased, alone and beside the others."""
    woorden = {
        waarde
        for persoon in jaar.gewist.values()
        for veld, waarde in persoon.items()
        if veld != "woonplaats" and len(waarde) >= TE_KORT
    }
    assert woorden
    return re.compile(_een_van(sorted(woorden)).encode())


def _een_van(woorden: list[str]) -> str:
    """Write a pattern that finds any of these by their letters in common: a tenth of the time of trying each."""
    if "" in woorden:
        return ""
    verder: dict[str, list[str]] = {}
    for woord in woorden:
        verder.setdefault(woord[0], []).append(woord[1:])
    takken = [re.escape(letter) + _een_van(rest) for letter, rest in verder.items()]
    return takken[0] if len(takken) == 1 else f"(?:{'|'.join(takken)})"


def test_the_search_finds_each_word_of_a_list() -> None:
    woorden = ["Zwart", "Zwartevlinder", "Zebra", "182071649", "a.b@x.example"]
    patroon = re.compile(_een_van(woorden))
    assert all(patroon.search(f"..{woord}..") for woord in woorden)
    assert patroon.search("Zwar tevlinder 18207164 aXb@x.example") is None


def databank_van(datamap: Path) -> tuple[Server, Databank]:
    server = Server(datamap, instellingen=_SNEL)
    return server, Databank(server.adres(Login.EIGENAAR, NAAM), server.wachtwoorden)


@pytest.fixture(scope="module")
def cluster(jaar: Jaar) -> Iterator[Server]:
    """Give the server with everything written to its files."""
    server, databank = databank_van(jaar.datamap)
    with psycopg.connect(**server.adres(SUPERGEBRUIKER, NAAM), autocommit=True) as db:  # type: ignore[arg-type]
        db.execute("CHECKPOINT")
    del databank
    yield server
    server.laat_los()


def _staat_in(woorden: re.Pattern[bytes], map_: Path) -> set[tuple[str, bytes]]:
    return {
        (str(pad.relative_to(map_)), woord)
        for pad in map_.rglob("*")
        if pad.is_file() and not pad.is_symlink()
        for woord in woorden.findall(pad.read_bytes())
    }


@pytest.mark.proof
def test_who_was_erased_stands_in_no_file_of_the_database(jaar: Jaar, cluster: Server) -> None:
    assert any((cluster.cluster / "pg_wal").iterdir())
    assert _staat_in(gezocht(jaar), cluster.cluster) == set()


@pytest.mark.proof
def test_who_was_erased_stands_in_no_dump_or_export(jaar: Jaar, cluster: Server, tmp_path: Path) -> None:
    dump = subprocess.run(
        [cluster.binaries / "pg_dump", "--dbname", cluster.conninfo(SUPERGEBRUIKER, NAAM)],
        capture_output=True,
        check=True,
    ).stdout
    assert b"COPY log.gebeurtenissen" in dump
    assert gezocht(jaar).findall(dump) == []
    assert jaar.overstap("audit", "export", str(tmp_path / "export")).uitgang == Uitgang.GELUKT
    assert _staat_in(gezocht(jaar), tmp_path) == set()


def test_what_every_command_says_of_him_is_that_he_was_erased(jaar: Jaar) -> None:
    for overstap in jaar.gewist:
        getoond = jaar.overstap("show", overstap, "--reden", "proef")
        assert "gewist" in getoond.uit
        verteld = jaar.overstap("history", overstap, "--reden", "proef")
        assert "heeft de persoon gewist" in verteld.uit
        assert gezocht(jaar).findall((getoond.uit + verteld.uit).encode()) == []
    lijst = jaar.overstap("worklist", "stil", "--json", "--reden", "proef")
    assert lijst.uitgang == Uitgang.GELUKT
    [nummer, *_] = [persoon["pgn"] for persoon in jaar.gewist.values()]
    onbekend = jaar.overstap("show", "-", "--json", invoer=f"{nummer}\n")
    assert (onbekend.uitgang, onbekend.uit) == (Uitgang.GEWEIGERD, "")


@pytest.mark.proof
def test_the_counts_and_the_others_are_as_they_were(jaar: Jaar) -> None:
    assert _tellingen(jaar.overstap) == jaar.tellingen
    assert jaar.overstap("history", jaar.ander, "--json", "--reden", "proef").json == jaar.verhaal
    assert jaar.overstap("projections", "verify", "--all").uitgang == Uitgang.GELUKT
    assert [een for een in jaar.overstap("doctor", "--json").json if not een["isGoed"]] == []
    gespeeld = jaar.overstap("audit", "replay")
    assert gespeeld.uitgang == Uitgang.GELUKT, gespeeld.uit


@pytest.mark.proof
def test_verification_passes_against_the_checkpoint_of_before(jaar: Jaar, tmp_path: Path) -> None:
    verslag = jaar.overstap("audit", "verify", "--json", "--tegen", str(jaar.bewaard))
    assert verslag.uitgang == Uitgang.GELUKT, verslag.uit
    assert jaar.overstap("audit", "export", str(tmp_path / "export")).uitgang == Uitgang.GELUKT
    assert verify.hoofd([str(tmp_path / "export"), "--tegen", str(jaar.bewaard)]) == 0
    regels = (tmp_path / "export" / "gewist.ndjson").read_text(encoding="utf-8").splitlines()
    assert [json.loads(regel) for regel in regels] == list(jaar.gewist)


@pytest.mark.proof
def test_the_proof_of_another_pupil_is_the_same(jaar: Jaar) -> None:
    bewijs = dict(jaar.bewijs_van_ander)
    positie = bewijs.pop("positie")
    assert jaar.overstap("audit", "proof", str(positie), "--controlepunt", "1").json == bewijs


@pytest.mark.proof
def test_a_certificate_says_what_went_and_that_nothing_else_did(jaar: Jaar, tmp_path: Path) -> None:
    server, databank = databank_van(jaar.datamap)
    with databank.verbind(Login.AUDIT) as lezer:
        for een in jaar.bewijzen:
            [gewist] = een.gewist
            assert gewist.vernietigd.datasleutels == gewist.vernietigd.nummers == 1
            assert een.na.grootte == een.voor.grootte + 1 == gewist.positie
            assert mis_met_wisbewijs(lezer, een) == ""
        eerste = jaar.bewijzen[0]
        for vals in (
            {"na": msgspec.structs.replace(eerste.na, wortel="00" * 32)},
            {"bladeren": ("11" * 32,)},
            {"toppen": eerste.toppen[::-1]},
            {"sleutels_na": eerste.sleutels_na - 1},
            {"voor": msgspec.structs.replace(eerste.voor, grootte=eerste.voor.grootte - 1)},
        ):
            assert mis_met_wisbewijs(lezer, msgspec.structs.replace(eerste, **vals))
    server.laat_los()
    (tmp_path / "inclusie.json").write_bytes(msgspec.json.encode(jaar.bewijzen[-1].inclusie))
    punt: Uitgegeven = jaar.bewijzen[-1].inclusie.controlepunt  # type: ignore[union-attr]
    (tmp_path / "bewaard.ndjson").write_bytes(msgspec.json.encode(punt) + b"\n")
    assert verify.hoofd([str(tmp_path / "inclusie.json"), "--tegen", str(tmp_path / "bewaard.ndjson")]) == 0


def test_erasing_again_is_told_and_records_nothing(jaar: Jaar) -> None:
    opnieuw = jaar.overstap("privacy", "erase", next(iter(jaar.gewist)), "--reason", "nog eens", "--json").json
    assert opnieuw["voor"] == opnieuw["na"]
    assert opnieuw["gewist"][0]["positie"] is None


@pytest.mark.parametrize("reden", ["", "nummer 900180730"])
def test_a_reason_that_says_nothing_or_a_number_is_refused(jaar: Jaar, reden: str) -> None:
    assert jaar.overstap("privacy", "erase", jaar.ander, "--reason", reden).uitgang == Uitgang.VERKEERD_GEBRUIK


def test_a_reason_that_names_the_pupil_is_refused_and_he_stays(jaar: Jaar) -> None:
    persoon = jaar.overstap("show", jaar.ander, "--json", "--reden", "proef").json["persoon"]
    geweigerd = jaar.overstap("privacy", "erase", jaar.ander, "--reason", f"moeder van {persoon['voornaam']}")
    assert geweigerd.uitgang == Uitgang.VERKEERD_GEBRUIK
    assert jaar.overstap("show", jaar.ander, "--json", "--reden", "proef").json["persoon"] == persoon


def test_insight_holds_the_data_of_all_years_the_story_and_who_looked(jaar: Jaar) -> None:
    persoon = jaar.overstap("show", jaar.ander, "--json", "--reden", "vraag 17 van de school").json["persoon"]
    [dossier] = jaar.overstap("privacy", "export", jaar.ander, "--json", "--reason", "inzageverzoek 3").json
    assert dossier["persoon"] == persoon
    assert not dossier["isGewist"]
    vastgelegd = {(een["veld"], een["waarde"]) for een in dossier["gegevensDoorDeTijd"]}
    assert set(persoon.items()) <= vastgelegd
    assert [regel["zin"] for regel in dossier["geschiedenis"]] == [regel["zin"] for regel in jaar.verhaal]
    redenen = [inzage["reden"] for inzage in dossier["inzagen"]]
    assert "vraag 17 van de school" in redenen
    assert redenen[-1] == "inzageverzoek 3", "that this was gathered stands in it too"


def test_insight_can_be_read_by_a_person(jaar: Jaar) -> None:
    gelezen = jaar.overstap("privacy", "export", jaar.ander).uit
    for kop in ("Wie u bent", "Wat er over u is vastgelegd", "Wat er gebeurde", "Wie keek, en waarom"):
        assert kop in gelezen
    naam = jaar.overstap("show", jaar.ander, "--json", "--reden", "proef").json["persoon"]["achternaam"]
    assert naam in gelezen


def test_of_who_was_erased_insight_tells_that_and_nothing_of_the_person(jaar: Jaar) -> None:
    gewist = next(iter(jaar.gewist))
    [dossier] = jaar.overstap("privacy", "export", gewist, "--json").json
    assert (dossier["isGewist"], dossier["persoon"]) == (True, {})
    assert {een["waarde"] for een in dossier["gegevensDoorDeTijd"]} == {None}
    tekst = jaar.overstap("privacy", "export", gewist).uit
    assert "is gewist" in tekst
    assert gezocht(jaar).findall(tekst.encode()) == []


def test_nobody_of_a_year_that_closed_today_is_kept_too_long(jaar: Jaar) -> None:
    for proef in ((), ("--dry-run",)):
        assert jaar.overstap("privacy", "retention", *proef, "--json").json == []
        assert "Niemand is te lang bewaard." in jaar.overstap("privacy", "retention", *proef).uit


def test_the_master_key_is_replaced_and_the_old_one_destroyed_after_a_while(jaar: Jaar) -> None:
    voor = jaar.overstap("show", jaar.ander, "--json", "--reden", "proef").json
    sleutel = jaar.datamap / "hoofdsleutel"
    oud = sleutel.read_bytes()
    gewisseld = jaar.overstap("privacy", "rotate-key")
    assert gewisseld.uitgang == Uitgang.GELUKT, gewisseld.fout
    assert sleutel.read_bytes() != oud
    assert jaar.overstap("show", jaar.ander, "--json", "--reden", "proef").json == voor
    te_vroeg = jaar.overstap("privacy", "rotate-key", "--destroy-old")
    assert te_vroeg.uitgang == Uitgang.GEWEIGERD
    assert "Probeer het over" in te_vroeg.zin
    os.utime(sleutel, (1, 1))  # as if that was long ago
    assert jaar.overstap("privacy", "rotate-key", "--destroy-old").uitgang == Uitgang.GELUKT
    assert not (jaar.datamap / "hoofdsleutel.vorige").exists()
    assert jaar.overstap("show", jaar.ander, "--json", "--reden", "proef").json == voor
    nummer = voor["persoon"]["pgn"]
    assert jaar.overstap("show", "-", "--json", invoer=f"{nummer}\n").json["overstap"] == jaar.ander
    nogmaals = jaar.overstap("privacy", "rotate-key", "--destroy-old")
    assert (nogmaals.uitgang, "geen oude sleutel" in nogmaals.zin) == (Uitgang.GEWEIGERD, True)
    gelogd = jaar.overstap("access-log", "--account", "opdrachtregel", "--reden", "proef", "--json").json
    daden = [een["handeling"] for een in gelogd if een["onderwerp"] == "hoofdsleutel"]
    assert sorted(daden) == ["hoofdsleutel_vernietiging", *["hoofdsleutel_wissel"] * 4]
    assert [een for een in jaar.overstap("doctor", "--json").json if not een["isGoed"]] == []


def test_a_pupil_is_erased_by_his_pgn_on_stdin_in_the_year_that_is_named(jaar: Jaar) -> None:
    nummer = jaar.overstap("show", jaar.ander, "--json", "--reden", "proef").json["persoon"]["pgn"]
    ander_jaar = jaar.overstap("privacy", "erase", "-", "--jaar", "2031", "--reason", "brief 13", invoer=f"{nummer}\n")
    assert ander_jaar.uitgang == Uitgang.GEWEIGERD
    gewist = jaar.overstap("privacy", "erase", "-", "--jaar", "2026", "--reason", "brief 13", invoer=f"{nummer}\n")
    assert gewist.uitgang == Uitgang.GELUKT
    assert f"Overstap {jaar.ander}: gewist." in gewist.uit
    assert nummer not in gewist.uit + gewist.fout
