"""Every seeded trouble stands at the line where the list says it stands, and is what it is called."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.adapters.synthetische_regio.lezers import Bestanden, Regel, is_pgn

AANMELDDATUM = datetime(2026, 3, 31, 22, tzinfo=UTC)
CODES = {"AO", "IG", "NO", "IA", "WL", "PB", "IS", "ST", "LI", "IT", "NV", "OB", "UI", "WA", "EX"}
Proef = Callable[[Bestanden, Regel, dict[str, Any]], bool]


def _verzoek(naam: str, **velden: object) -> Proef:
    def proef(_: Bestanden, __: Regel, inhoud: dict[str, Any]) -> bool:
        return inhoud["verzoek"] == naam and all(inhoud.get(veld) == waarde for veld, waarde in velden.items())

    return proef


def _status(*codes: str) -> Proef:
    def proef(_: Bestanden, __: Regel, inhoud: dict[str, Any]) -> bool:
        stappen = {"wijs_af": "LI", "trek_in": "IT", "meld_niet_verschenen": "NV"}
        return inhoud.get("status", stappen.get(inhoud.get("verzoek", ""))) in codes

    return proef


def _eerder(bestanden: Bestanden, regel: Regel, **gelijk: object) -> list[Regel]:
    """Give the lines delivered before this one, with these fields, about the same pupil."""
    return [
        ander
        for ander in bestanden.regels
        if ander.op < regel.op
        and ander.inhoud
        and ander.pgn == regel.pgn
        and all(ander.inhoud.get(veld) == waarde for veld, waarde in gelijk.items())
    ]


def _op_een_lijst(bestanden: Bestanden, regel: Regel, voor: datetime | None = None) -> list[str]:
    """Give the schools whose lists named the pupil rightly, before a moment or ever."""
    lijsten = [ander for ander in bestanden.van("leerlingen") if ander.pgn == regel.pgn and bestanden.mag(ander)]
    return [ander.namens for ander in lijsten if voor is None or ander.op < voor]


def _wacht(bestanden: Bestanden, regel: Regel, _: dict[str, Any]) -> bool:
    return not _op_een_lijst(bestanden, regel, regel.op)


def _later_bekend(bestanden: Bestanden, regel: Regel, inhoud: dict[str, Any]) -> bool:
    if inhoud.get("verzoek") == "vervang_pgn":
        return any(ander.pgn == inhoud["nieuwePgn"] for ander in bestanden.van("koppeling") if ander.op < regel.op)
    later = bool(_op_een_lijst(bestanden, regel))
    wissels = {r.inhoud["nieuwePgn"] for r in bestanden.verzoeken("vervang_pgn") if r.inhoud and r.op > regel.op}
    return _wacht(bestanden, regel, inhoud) and (later or regel.pgn in wissels)


def _nooit_bekend(bestanden: Bestanden, regel: Regel, _: dict[str, Any]) -> bool:
    return not _op_een_lijst(bestanden, regel)


def _dubbel(bestanden: Bestanden, regel: Regel, inhoud: dict[str, Any]) -> bool:
    return any(ander.inhoud == inhoud for ander in _eerder(bestanden, regel))


def _te_laat(bestanden: Bestanden, regel: Regel, inhoud: dict[str, Any]) -> bool:
    zelfde = _eerder(bestanden, regel, ketenId=inhoud["ketenId"])
    volgnummer = inhoud["wijzigingsvolgnummer"]
    return any(ander.inhoud and ander.inhoud["wijzigingsvolgnummer"] > volgnummer for ander in zelfde)


def _botst(bestanden: Bestanden, regel: Regel, inhoud: dict[str, Any]) -> bool:
    keuzes = _eerder(bestanden, regel, verzoek="kies_vervolg_vo")
    return inhoud["status"] == "PB" and bool(keuzes) and not _eerder(bestanden, regel, verzoek="trek_vervolgkeuze_in")


def _vreemde_school(bestanden: Bestanden, regel: Regel, _: dict[str, Any]) -> bool:
    scholen = set(_op_een_lijst(bestanden, regel, regel.op))
    return bool(scholen) and regel.namens not in scholen


def _zonder_overleg(bestanden: Bestanden, regel: Regel, inhoud: dict[str, Any]) -> bool:
    eerder = _eerder(bestanden, regel, verzoek="leg_overleg_vast")
    return inhoud["verzoek"] == "schakel_leerplicht_in" and "overleg" not in inhoud and not eerder


def _niets_afgehandeld(bestanden: Bestanden, regel: Regel, inhoud: dict[str, Any]) -> bool:
    return inhoud["verzoek"] == "hervat" and not _eerder(bestanden, regel, verzoek="handel_leerplicht_af")


def _niets_gekozen(bestanden: Bestanden, regel: Regel, inhoud: dict[str, Any]) -> bool:
    return inhoud["verzoek"] == "trek_vervolgkeuze_in" and not _eerder(bestanden, regel, verzoek="kies_vervolg_vo")


def _wisselt_van_pgn(bestanden: Bestanden, regel: Regel, inhoud: dict[str, Any]) -> bool:
    if inhoud.get("verzoek") == "vervang_pgn":
        return regel.pgn.startswith("10") and str(inhoud["nieuwePgn"]).startswith("9")
    zelfde_keten = [r for r in bestanden.van("koppeling") if r.inhoud and r.inhoud["ketenId"] == inhoud["ketenId"]]
    return any(r.op <= regel.op and r.pgn.startswith("10") for r in zelfde_keten) and regel.pgn.startswith("9")


def _andere_brin(_: Bestanden, regel: Regel, inhoud: dict[str, Any]) -> bool:
    return bool(inhoud["brin"]) and inhoud["brin"] != regel.namens


def _rij(veld: str, goed: Callable[[str], bool]) -> Proef:
    return lambda _, __, inhoud: not goed(inhoud[veld])


def _vroeg(_: Bestanden, __: Regel, inhoud: dict[str, Any]) -> bool:
    return datetime.fromisoformat(inhoud.get("gebeurdOp") or inhoud["laatsteWijziging"]) < AANMELDDATUM


PROEVEN: dict[str, Proef] = {
    "afgewezen": _status("LI"),
    "heropend_na_afwijzing": _status("LI"),
    "ingetrokken_na_plaatsing": _status("IT"),
    "niet_verschenen": _status("NV"),
    "tegenstrijdig": _botst,
    "pgn_wijziging": _wisselt_van_pgn,
    "schoolwissel": lambda _, __, inhoud: inhoud["verzoek"] in {"draag_over", "aanvaard_overdracht"},
    "uitgeschreven_en_heropend": lambda _, __, inhoud: inhoud["verzoek"] in {"schrijf_uit", "heropen_overstap"},
    "koppeling_neemt_over": _verzoek("meld_aan"),
    "verkeerd_pgn": lambda b, r, i: i.get("verzoek") == "koppel_wachtbak" or _nooit_bekend(b, r, i),
    "onbekend_pgn_later_bekend": _later_bekend,
    "onbekend_pgn_nooit_bekend": _nooit_bekend,
    "dubbel_bericht": _dubbel,
    "stap_nog_eens": _dubbel,
    "verkeerde_volgorde": _te_laat,
    "onbekende_code": lambda _, __, inhoud: inhoud["status"] not in CODES,
    "wachtlijst_te_vroeg": lambda b, r, i: i["status"] in {"WL", "WA"} and _vroeg(b, r, i),
    "bericht_van_ander_mbo": _andere_brin,
    "bericht_zonder_status": lambda _, __, inhoud: "status" not in inhoud,
    "bericht_pgn_ongeldig": lambda _, regel, __: not is_pgn(regel.pgn),
    "overleg_ontbreekt": _zonder_overleg,
    "overleg_in_toekomst": lambda _, regel, i: i["overleg"]["overlegDatum"] > str(regel.op.date()),
    "keuze_te_vroeg": lambda b, r, i: i["verzoek"] == "kies_vervolg_vo" and _vroeg(b, r, i),
    "mentor_beslist": lambda _, regel, i: regel.rol == "mentor" and i["verzoek"] == "kies_vervolg_vo",
    "hervat_zonder_afhandeling": _niets_afgehandeld,
    "trekt_niets_in": _niets_gekozen,
    "onbekend_verzoek": _verzoek("schakel_rmc_in"),
    "reden_ontbreekt": _verzoek("kies_vervolg_vo", reden=None),
    "reden_ongeldig": _verzoek("kies_vervolg_vo", reden="uitgeloot"),
    "veld_ontbreekt": _verzoek("leg_overleg_vast", contact=None),
    "onbekende_leerling": lambda b, regel, i: is_pgn(regel.pgn) and _nooit_bekend(b, regel, i),
    "leerling_van_andere_school": _vreemde_school,
    "in_de_toekomst": lambda _, regel, i: datetime.fromisoformat(i["gebeurdOp"]) > regel.op,
    "datum_bestaat_niet": _verzoek("leg_warme_overdracht_vast", datum="2026-02-30"),
    "pgn_niet_terug": lambda _, regel, i: regel.pgn.startswith("9") and i["nieuwePgn"].startswith("10"),
    "dubbel_opgevoerd": _vreemde_school,
    "lijst_pgn_ongeldig": _rij("pgn", is_pgn),
    "lijst_datum_bestaat_niet": _rij("geboortedatum", lambda waarde: "30" not in waarde or "02" not in waarde),
    "lijst_zonder_achternaam": _rij("achternaam", bool),
    "lijst_onbekende_leerweg": _rij("leerweg", lambda waarde: waarde != "mavo-plus"),
    "lijst_onbekende_gemeente": _rij("gemeente", lambda waarde: len(waarde) == 4),
    "lijst_andere_school": _andere_brin,
    "lijst_ander_jaar": _rij("overstapjaar", lambda waarde: waarde == "2026"),
    "functionaris_van_andere_school": lambda _, regel, i: i["code"] != regel.namens,
    "rol_van_een_mbo": lambda _, regel, i: i["code"] == regel.namens and i["rol"] == "mbo_intaker",
}
ONLEESBAAR = {"regel_onleesbaar", "bericht_onleesbaar"}


def test_every_trouble_stands_where_the_list_says(klein: Bestanden) -> None:
    mis = [
        geval
        for geval in klein.moeilijkheden
        if geval["soort"] not in ONLEESBAAR and not _klopt(klein, geval, PROEVEN[geval["soort"]])
    ]
    assert mis == []


def test_unreadable_lines_cannot_be_read(klein: Bestanden) -> None:
    gevallen = [geval for geval in klein.moeilijkheden if geval["soort"] in ONLEESBAAR]
    assert {geval["soort"] for geval in gevallen} == ONLEESBAAR
    for geval in gevallen:
        regel = (klein.map / geval["bestand"]).read_text(encoding="utf-8").splitlines()[geval["regel"] - 1]
        with pytest.raises(json.JSONDecodeError):
            json.loads(regel)


def test_the_region_of_full_size_has_every_kind_of_trouble(groot: Bestanden) -> None:
    assert {geval["soort"] for geval in groot.moeilijkheden} == PROEVEN.keys() | ONLEESBAAR


def test_what_must_be_refused_says_with_which_code(klein: Bestanden) -> None:
    for geval in klein.moeilijkheden:
        met_code = geval["verwacht"] in {"geweigerd", "signaal"}
        assert ("code" in geval) == met_code
        assert geval["verwacht"] in {"geweigerd", "wachtbak", "signaal", "ongewijzigd", "niet_toegepast", "aanvaard"}


def test_the_list_and_the_expected_counts_agree(groot: Bestanden) -> None:
    for verwacht in ("geweigerd", "signaal"):
        codes = Counter(geval["code"] for geval in groot.moeilijkheden if geval["verwacht"] == verwacht)
        assert codes == groot.verwacht["codes"][verwacht]
    wachtbak = sum(geval["verwacht"] == "wachtbak" for geval in groot.moeilijkheden)
    assert wachtbak == groot.verwacht["regels"]["koppeling"]["wachtbak"]


def test_no_trouble_goes_unlisted(klein: Bestanden) -> None:
    for regel in klein.regels:
        if klein.mag(regel):
            assert regel.inhoud is not None
            assert regel.soort == "organisaties" or is_pgn(regel.pgn)


def test_what_a_list_got_wrong_a_later_list_mends(klein: Bestanden) -> None:
    for geval in klein.moeilijkheden:
        if geval["soort"].startswith("lijst_") and geval["soort"] != "lijst_pgn_ongeldig":
            regel = klein.op_plaats[geval["bestand"], geval["regel"]]
            later = [ander for ander in klein.van("leerlingen") if ander.pgn == regel.pgn and ander.op > regel.op]
            assert any(klein.mag(ander) and ander.namens == regel.namens for ander in later)


def _klopt(bestanden: Bestanden, geval: dict[str, Any], proef: Proef) -> bool:
    regel = bestanden.op_plaats.get((geval["bestand"], geval["regel"]))
    return regel is not None and regel.inhoud is not None and proef(bestanden, regel, regel.inhoud)
