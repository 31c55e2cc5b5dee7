"""Every file has the form that docs/bestandsformaten.md gives it, and says nothing that cannot be known yet."""

import re
import tomllib
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from tests.adapters.synthetische_regio.lezers import Bestanden, Regel, is_pgn

VERZOEKEN = {
    "meld_aan",
    "wijzig_aanmelding",
    "plan_intake",
    "start_onderzoek",
    "rond_intake_af",
    "plaats_op_wachtlijst",
    "plaats_voorlopig",
    "plaats_definitief",
    "bevestig_start",
    "trek_in",
    "meld_niet_verschenen",
    "wijs_af",
    "onderbreek",
    "heropen",
    "kies_vervolg_vo",
    "trek_vervolgkeuze_in",
    "hervat",
    "leg_overleg_vast",
    "schakel_leerplicht_in",
    "handel_leerplicht_af",
    "sluit_af_met_reden",
    "schrijf_uit",
    "heropen_overstap",
    "herzie",
    "wijzig_persoonsgegevens",
    "vervang_pgn",
    "plaats_bericht",
    "leg_warme_overdracht_vast",
    "leg_ddd_status_vast",
    "draag_over",
    "aanvaard_overdracht",
    "koppel_wachtbak",
}
PER_ROL = {
    "mentor": {"plaats_bericht", "leg_warme_overdracht_vast", "leg_ddd_status_vast"},
    "leerplichtambtenaar": {"plaats_bericht", "handel_leerplicht_af"},
    "regiebeheerder": {"handel_leerplicht_af", "koppel_wachtbak", "heropen_overstap"},
    "vo_beheerder": {"vervang_pgn", "schrijf_uit"},
}
LEERWEGEN = {
    "bb",
    "kb",
    "gl",
    "tl",
    "havo",
    "pro",
    "vso",
    "isk",
    "vavo",
    "gl/tl",
    "g/t",
    "basis",
    "kader",
    "havo-3",
    "havo-4",
}
DATUM = re.compile(r"(\d{2}-\d{2}-\d{4}|\d{2}/\d{2}/\d{4}|\d{4}-\d{2}-\d{2})")


def test_the_manifest_names_exactly_the_files_there_are_in_order_of_delivery(klein: Bestanden) -> None:
    leveringen = klein.manifest["leveringen"]
    eigen = {"manifest.json", "moeilijkheden.ndjson", "verwacht.json"}
    op_schijf = {str(pad.relative_to(klein.map)) for pad in klein.map.rglob("*") if pad.is_file()} - eigen
    assert sorted(levering["bestand"] for levering in leveringen) == sorted(op_schijf)
    momenten = [levering["op"] for levering in leveringen]
    assert all(eerder < later for eerder, later in pairwise(momenten))
    assert momenten[0] == "2025-10-01T06:00:00Z"
    assert "2026-10-02" < momenten[-1] < "2026-10-11"
    assert leveringen[0]["soort"] == "parameters"


def test_no_file_is_empty_and_no_line_is_too_long(klein: Bestanden) -> None:
    for levering in klein.manifest["leveringen"]:
        regels = (klein.map / levering["bestand"]).read_bytes().splitlines()
        assert regels
        assert max(map(len, regels)) < 65_536


def test_the_parameters_are_toml_for_the_region_and_year(klein: Bestanden) -> None:
    pad = next(levering["bestand"] for levering in klein.manifest["leveringen"] if levering["soort"] == "parameters")
    parameters = tomllib.loads((klein.map / pad).read_text(encoding="utf-8"))
    assert (parameters["regio"], parameters["overstapjaar"], parameters["revisie"]) == ("21", 2026, 1)
    assert len(parameters["kalender"]) == 9
    assert parameters["koppelcodes"]["standaard"]["AO"] == "aangemeld"


def test_the_region_has_its_organisations(groot: Bestanden) -> None:
    soorten = [
        (r.inhoud["soort"], r.inhoud["koppeling"], r.inhoud["accounts"]) for r in _organisaties(groot) if r.inhoud
    ]
    assert soorten.count(("vo", "nee", "ja")) == 62
    assert [soorten.count(("mbo", *deel)) for deel in (("ja", "ja"), ("nee", "ja"), ("nee", "nee"))] == [6, 1, 1]
    assert [soorten.count(("gemeente", "nee", deel)) for deel in ("ja", "nee")] == [15, 1]


def test_everybody_who_takes_a_step_was_made_known_first(klein: Bestanden) -> None:
    bekend: dict[str, tuple[str, str]] = {}
    for regel in klein.van("organisaties"):
        if regel.inhoud and regel.inhoud["regel"] == "functionaris" and klein.mag(regel):
            bekend[regel.inhoud["account"]] = (regel.inhoud["code"], regel.inhoud["rol"])
    wie = [regel for regel in klein.van("stappen") if regel.inhoud and regel.rol != "regiebeheerder"]
    assert len({regel.inhoud["account"] for regel in wie if regel.inhoud}) > 50
    for regel in wie:
        assert regel.inhoud
        assert bekend[regel.inhoud["account"]] == (regel.namens, regel.rol)


def test_mentors_write_about_their_own_class(klein: Bestanden) -> None:
    klas_van: dict[str, str] = {}
    for regel in klein.regels:
        if regel.soort == "leerlingen" and klein.mag(regel) and regel.inhoud:
            klas_van[regel.pgn] = regel.inhoud["klas"]
        elif regel.rol == "mentor" and regel.inhoud:
            assert regel.inhoud["account"].endswith("-" + klas_van[regel.pgn].lower())


def test_pupils_are_listed_in_every_dialect(groot: Bestanden) -> None:
    koppen, codes, datums = set(), set(), set()
    for levering in groot.manifest["leveringen"]:
        if levering["soort"] == "leerlingen":
            rauw = (groot.map / levering["bestand"]).read_bytes()
            koppen.add(b";" if rauw.split(b"\n")[0].count(b";") > 3 else b",")
            codes.add("bom" if rauw.startswith(b"\xef\xbb\xbf") else "utf-8" if _is_utf8(rauw) else "cp1252")
    for regel in groot.van("leerlingen"):
        assert regel.inhoud
        datums.add(re.sub(r"\d", "9", regel.inhoud["geboortedatum"]))
    assert koppen == {b";", b","}
    assert codes == {"bom", "utf-8", "cp1252"}
    assert datums == {"99-99-9999", "99/99/9999", "9999-99-99"}


def test_every_good_row_of_a_list_can_be_read(klein: Bestanden) -> None:
    for regel in klein.van("leerlingen"):
        rij = regel.inhoud
        assert rij is not None
        if not klein.mag(regel):
            continue
        assert is_pgn(rij["pgn"])
        assert rij["pgn"][0] == "9" or rij["pgn"][:2] == "10"
        assert rij["achternaam"]
        assert rij["voornaam"]
        assert DATUM.fullmatch(rij["geboortedatum"])
        assert rij["leerweg"].lower() in LEERWEGEN
        assert re.fullmatch(r"\d{4}", rij["gemeente"])
        assert rij.get("brin", regel.namens) == regel.namens


def test_names_survive_their_code_page(groot: Bestanden) -> None:
    namen = {f"{r.inhoud['voornaam']} {r.inhoud['achternaam']}" for r in groot.van("leerlingen") if r.inhoud}
    assert not any("?" in naam or "\ufffd" in naam or "Ã" in naam for naam in namen)
    assert any("ő" in naam or "ł" in naam or "ğ" in naam for naam in namen)
    assert any("é" in naam for naam in namen)


def test_every_good_message_has_its_fields(klein: Bestanden) -> None:
    vormen = {
        "ketenId": r"[0-9]{2}[A-Z]{2}([0-9]{2})?:[0-9]{8}",
        "pgn": r"[0-9]{9}",
        "brin": r"[0-9]{2}[A-Z]{2}",
        "onderwijsAanbiederCode": r"[0-9]{3}A[0-9]{3}",
        "opleidingCreboCode": r"[0-9]{5}",
        "opleidingAanmeldjaar": r"2026-2027",
        "startdatumOpleiding": r"2026-08-[0-9]{2}",
        "laatsteWijziging": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z",
    }
    for regel in klein.van("koppeling"):
        if klein.mag(regel):
            assert regel.inhoud is not None
            assert all(re.fullmatch(vorm, regel.inhoud[veld]) for veld, vorm in vormen.items())
            assert is_pgn(regel.pgn)
            assert regel.inhoud.get("leertraject", regel.inhoud.get("leeratraject")) in {"BOL", "BBL"}


def test_nothing_is_delivered_before_it_happened(klein: Bestanden) -> None:
    for regel in klein.van("koppeling"):
        if regel.inhoud:
            assert datetime.fromisoformat(regel.inhoud["laatsteWijziging"]) < regel.op
    for regel in klein.van("stappen"):
        if regel.inhoud and klein.mag(regel):
            assert datetime.fromisoformat(regel.inhoud["gebeurdOp"]) < regel.op
            assert regel.inhoud.get("datum", "") <= regel.inhoud["gebeurdOp"]


def test_change_numbers_of_an_mbo_rise_with_gaps_but_for_what_comes_again_or_too_late(klein: Bestanden) -> None:
    oud = {
        (g["bestand"], g["regel"])
        for g in klein.moeilijkheden
        if g["soort"] in {"dubbel_bericht", "verkeerde_volgorde"}
    }
    assert oud
    for brin in {regel.namens for regel in klein.van("koppeling")}:
        op_volgorde = [
            r for r in klein.van("koppeling") if r.namens == brin and r.inhoud and (r.bestand, r.nummer) not in oud
        ]
        nummers = [regel.inhoud["wijzigingsvolgnummer"] for regel in op_volgorde if regel.inhoud]
        sprongen = [later - eerder for eerder, later in pairwise(nummers)]
        assert min(sprongen) >= 1
        assert max(sprongen) > 1


def test_a_keten_id_names_one_application(groot: Bestanden) -> None:
    gezien: dict[str, set[str]] = {}
    for regel in groot.van("koppeling"):
        if regel.inhoud:
            gezien.setdefault(regel.inhoud["ketenId"], set()).add(regel.inhoud["caKetenId"])
    assert all(len(ketens) == 1 for ketens in gezien.values())


def test_people_ask_what_their_role_may_ask(klein: Bestanden) -> None:
    for regel in klein.van("stappen"):
        if regel.inhoud and klein.mag(regel):
            assert regel.inhoud["verzoek"] in PER_ROL.get(regel.rol, VERZOEKEN)
            assert regel.inhoud["overstapjaar"] == 2026


@pytest.mark.parametrize(
    ("verzoek", "vanaf"),
    [
        ("kies_vervolg_vo", "2026-04-01"),
        ("plaats_op_wachtlijst", "2026-04-01"),
        ("bevestig_start", "2026-08-01"),
        ("meld_niet_verschenen", "2026-08-01"),
    ],
)
def test_people_wait_for_the_calendar(groot: Bestanden, verzoek: str, vanaf: str) -> None:
    momenten = [regel.inhoud["gebeurdOp"] for regel in groot.verzoeken(verzoek) if regel.inhoud]
    assert momenten
    assert min(momenten) >= vanaf


def test_nobody_is_spoken_of_before_his_school_entered_him_but_by_a_koppeling(klein: Bestanden) -> None:
    ingevoerd: dict[str, datetime] = {}
    nieuw = {r.inhoud["nieuwePgn"]: r.pgn for r in klein.verzoeken("vervang_pgn") if r.inhoud}
    for regel in klein.van("leerlingen"):
        if klein.mag(regel):
            ingevoerd.setdefault(regel.pgn, regel.op)
    door_koppeling = {r.pgn for r in klein.van("koppeling")} - ingevoerd.keys()
    for regel in klein.van("stappen"):
        if regel.inhoud and klein.mag(regel) and regel.pgn not in door_koppeling:
            op = ingevoerd.get(regel.pgn) or ingevoerd[nieuw[regel.pgn]]
            assert datetime.fromisoformat(regel.inhoud["gebeurdOp"]) >= op


def test_late_messages_come_late(groot: Bestanden) -> None:
    dagen = [r.op - datetime.fromisoformat(r.inhoud["laatsteWijziging"]) for r in groot.van("koppeling") if r.inhoud]
    laat = sum(verschil > timedelta(days=8) for verschil in dagen)
    assert 0.01 < laat / len(dagen) < 0.05
    na_de_meting = datetime(2026, 10, 2, tzinfo=UTC)
    assert any(r.op > na_de_meting and r.inhoud and r.inhoud["status"] == "ST" for r in groot.van("koppeling"))


def _organisaties(bestanden: Bestanden) -> list[Regel]:
    return [regel for regel in bestanden.van("organisaties") if regel.inhoud and regel.inhoud["regel"] == "organisatie"]


def _is_utf8(rauw: bytes) -> bool:
    try:
        rauw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
