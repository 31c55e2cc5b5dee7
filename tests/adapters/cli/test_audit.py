"""`overstap audit` as somebody uses it: sign, verify, export, prove, change keys."""

import json
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from overstap.adapters.bewijs import verify
from overstap.adapters.cli.fouten import Uitgang
from overstap.adapters.postgres.logins import SUPERGEBRUIKER
from overstap.adapters.postgres.server import Server
from tests.adapters.cli.conftest import Overstap


class Opzet(NamedTuple):
    """A data folder with a small log, and the first checkpoint of it, kept elsewhere."""

    overstap: Overstap
    datamap: Path
    bewaard: Path


@pytest.fixture(scope="module")
def opzet(overstap: Overstap, datamap: Path, tmp_path_factory: pytest.TempPathFactory) -> Opzet:
    assert overstap("open-jaar", "2026").uitgang == Uitgang.GELUKT
    gezet = overstap("audit", "checkpoint", "--json")
    assert gezet.uitgang == Uitgang.GELUKT
    bewaard = tmp_path_factory.mktemp("elders") / "controlepunten.ndjson"
    bewaard.write_text(gezet.uit, encoding="utf-8")
    return Opzet(overstap, datamap, bewaard)


def test_a_checkpoint_is_set_once(opzet: Opzet) -> None:
    opnieuw = opzet.overstap("audit", "checkpoint")
    assert opnieuw.uitgang == Uitgang.GELUKT
    assert "niets bijgekomen" in opnieuw.uit
    assert (opzet.datamap / "notaris" / "sleutel.pem").exists()


def test_an_untouched_log_verifies(opzet: Opzet) -> None:
    verslag = opzet.overstap("audit", "verify", "--json", "--tegen", str(opzet.bewaard))
    assert verslag.uitgang == Uitgang.GELUKT
    assert verslag.json["isGoed"] is True
    assert verslag.json["bewaardTot"] == verslag.json["gebeurtenissen"] > 0
    assert "Alles klopt" in opzet.overstap("audit", "verify").uit


def test_an_export_and_a_proof_verify_elsewhere(opzet: Opzet, tmp_path: Path) -> None:
    assert opzet.overstap("audit", "export", str(tmp_path / "export")).uitgang == Uitgang.GELUKT
    (tmp_path / "bewijs.json").write_text(opzet.overstap("audit", "proof", "1").uit, encoding="utf-8")
    (tmp_path / "samenhang.json").write_text(opzet.overstap("audit", "consistency", "1").uit, encoding="utf-8")
    for wat in ("export", "bewijs.json", "samenhang.json"):
        assert verify.hoofd([str(tmp_path / wat), "--tegen", str(opzet.bewaard)]) == 0


def test_the_log_of_access_goes_along_with_a_reason_and_verifies_elsewhere(opzet: Opzet, tmp_path: Path) -> None:
    def exporteer(naam: str, *opties: str) -> int:
        return opzet.overstap("audit", "export", str(tmp_path / naam), *opties).uitgang

    assert exporteer("zonder", "--toegangslog") == exporteer("los", "--reden", "controle") == Uitgang.VERKEERD_GEBRUIK
    assert exporteer("export", "--toegangslog", "--reden", "jaarlijkse controle") == Uitgang.GELUKT
    regels = list(map(json.loads, (tmp_path / "export" / "toegangslog.ndjson").read_text("utf-8").splitlines()))
    eigen = [een for een in regels if (een["handeling"], een["reden"]) == ("audit_export", "jaarlijkse controle")]
    assert [een["onderwerp"] for een in eigen] == ["toegangslog"]
    assert verify.hoofd([str(tmp_path / "export"), "--tegen", str(opzet.bewaard)]) == 0


def test_a_proof_of_what_no_checkpoint_covers_says_what_to_do(opzet: Opzet) -> None:
    geweigerd = opzet.overstap("audit", "proof", "999")
    assert geweigerd.uitgang == Uitgang.GEWEIGERD
    assert "overstap audit checkpoint" in geweigerd.zin


def test_a_changed_log_is_found_and_the_place_named(opzet: Opzet) -> None:
    server = Server(opzet.datamap)
    try:
        adres = make_conninfo(**server.adres(SUPERGEBRUIKER, "overstap"))
        with psycopg.connect(adres, autocommit=True) as beheerder:
            beheerder.execute("ALTER TABLE log.gebeurtenissen DISABLE TRIGGER ALL")
            beheerder.execute("UPDATE log.gebeurtenissen SET rol = 'mentor' WHERE positie = 1")
            gevonden = opzet.overstap("audit", "verify", "--json")
            woorden = opzet.overstap("audit", "verify")
            beheerder.execute("UPDATE log.gebeurtenissen SET rol = 'regiebeheerder' WHERE positie = 1")
            beheerder.execute("ALTER TABLE log.gebeurtenissen ENABLE ALWAYS TRIGGER weiger_wijziging")
    finally:
        server.laat_los()
    assert gevonden.uitgang == Uitgang.GEWEIGERD
    [bevinding] = gevonden.json["bevindingen"]
    assert (bevinding["soort"], bevinding["van"], bevinding["tot"]) == ("keten", 1, 1)
    assert "MIS  De gebeurtenis op positie 1 past niet bij haar hash" in woorden.uit


def test_keys_change_and_are_listed(opzet: Opzet) -> None:
    assert opzet.overstap("audit", "keys", "rotate").uitgang == Uitgang.GELUKT
    sleutels = opzet.overstap("audit", "keys", "list", "--json").json
    assert [sleutel["nummer"] for sleutel in sleutels] == list(range(1, len(sleutels) + 1))
    assert sleutels[-1]["vanaf"] == 2
    assert opzet.overstap("audit", "verify", "--tegen", str(opzet.bewaard)).uitgang == Uitgang.GELUKT


def test_a_file_without_checkpoints_is_refused(opzet: Opzet, tmp_path: Path) -> None:
    (tmp_path / "leeg").write_text(json.dumps({"nummer": 1}), encoding="utf-8")
    geweigerd = opzet.overstap("audit", "verify", "--tegen", str(tmp_path / "leeg"))
    assert geweigerd.uitgang == Uitgang.GEWEIGERD
    assert "geen controlepunt" in geweigerd.zin


def test_each_action_of_an_auditor_stands_in_the_log_of_access(opzet: Opzet, tmp_path: Path) -> None:
    opdrachten = {
        "audit_controlepunt": ("checkpoint",),
        "audit_narekenen": ("verify",),
        "audit_export": ("export", str(tmp_path / "nog-een")),
        "audit_bewijs": ("proof", "1"),
        "audit_samenhang": ("consistency", "1"),
        "audit_naspelen": ("replay",),
        "audit_sleutelwissel": ("keys", "rotate"),
    }
    server = Server(opzet.datamap)
    vraag = "SELECT rol, account, organisatie FROM toegang.toegangslog WHERE handeling = %s"
    try:
        adres = make_conninfo(**server.adres(SUPERGEBRUIKER, "overstap"))
        with psycopg.connect(adres, autocommit=True) as beheerder:
            for handeling, opdracht in opdrachten.items():
                eerder = len(beheerder.execute(vraag, (handeling,)).fetchall())
                assert opzet.overstap("audit", *opdracht).uitgang == Uitgang.GELUKT, opdracht
                gelogd = beheerder.execute(vraag, (handeling,)).fetchall()
                assert len(gelogd) == eerder + 1, handeling
                assert set(gelogd) == {("auditor", "opdrachtregel", "21")}
    finally:
        server.laat_los()
