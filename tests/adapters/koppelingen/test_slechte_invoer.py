"""Whatever is wrong with a file, the report says what and where, nothing is half-written, and the rest is taken in."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from overstap.adapters.app import App
from overstap.adapters.koppelingen import Verslag
from overstap.domain.feiten.aanlevering import AanleveringOntvangen, AanleveringVerwerkt, RegelGeweigerd
from overstap.domain.rollen import Rol
from tests.adapters.koppelingen.bestanden import KOP, bericht, bsn, keten_id, leerling
from tests.adapters.koppelingen.conftest import Lever, codes, feiten_van, stroom_van
from tests.adapters.opstelling import ANDER_MBO, MBO, REGIO, SCHOOL

Proef = Callable[..., Verslag]


@pytest.fixture
def proef(als: Lever, tmp_path: Path) -> Proef:
    """Deliver bytes under a name."""

    def _proef(inhoud: bytes, naam: str = "l.csv", namens: str = SCHOOL, rol: Rol = Rol.VO_BEHEERDER) -> Verslag:
        pad = tmp_path / naam
        pad.write_bytes(inhoud)
        return als(pad, namens, rol)

    return _proef


def als_lijst(*regels: str, codering: str = "utf-8") -> bytes:
    return "".join(f"{regel}\r\n" for regel in (KOP, *regels)).encode(codering)


@pytest.mark.parametrize(
    ("inhoud", "code"),
    [
        (b"", "bestand_leeg"),
        (b"\n\n", "bestand_leeg"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "bestand_onleesbaar"),
        (b"PK\x03\x04\x14\x00\x06\x00" + b"\x00" * 100, "bestand_onleesbaar"),
        ("BSN;Achternaam\r\n".encode("utf-16"), "codering_ongeldig"),
        (b"Beste collega\nHierbij de leerlingen.\n", "bestand_onleesbaar"),
    ],
    ids=["empty", "blank", "picture", "spreadsheet", "utf-16", "letter"],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole_and_recorded_as_such(
    inhoud: bytes, code: str, proef: Proef, geheel: App
) -> None:
    verslag = proef(inhoud)

    assert codes(verslag) == [(0, code)]
    assert verslag.heeft_weigeringen
    assert [type(een) for een in feiten_van(geheel, verslag.aanlevering)] == [
        AanleveringOntvangen,
        RegelGeweigerd,
        AanleveringVerwerkt,
    ]


@pytest.mark.parametrize("namens", ["99ZZ", "school", "", "9999"])
def test_a_deliverer_nobody_knows_is_refused_and_leaves_nothing(namens: str, proef: Proef, geheel: App) -> None:
    begin = geheel.log.laatste_positie()

    verslag = proef(als_lijst(leerling(bsn())), namens=namens)

    assert codes(verslag) == [(0, "onbekende_organisatie")]
    assert geheel.log.laatste_positie() == begin


@pytest.mark.parametrize(
    ("namens", "rol"),
    [
        (SCHOOL, Rol.MBO_INTAKER),
        (MBO, Rol.VO_BEHEERDER),
        (SCHOOL, Rol.REGIEBEHEERDER),
        (SCHOOL, Rol.SYSTEEM),
        (REGIO, Rol.SYSTEEM),
        (SCHOOL, Rol.MENTOR),
        (SCHOOL, Rol.KOPPELING),
    ],
)
def test_a_role_that_may_not_bring_in_this_file_is_refused(namens: str, rol: Rol, proef: Proef, geheel: App) -> None:
    pgn = bsn()

    verslag = proef(als_lijst(leerling(pgn)), namens=namens, rol=rol)

    assert [een.regel for een in verslag.geweigerd] == [0]
    assert verslag.geweigerd[0].code in {"niet_bevoegd", "onbekende_organisatie"}
    assert stroom_van(geheel, pgn) is None


def rest_komt_erin(verslag: Verslag, geheel: App, *pgns: str) -> bool:
    return verslag.aanvaard == len(pgns) and all(stroom_van(geheel, pgn) for pgn in pgns)


@pytest.mark.parametrize(
    ("fout", "code"),
    [
        (leerling("900180731"), "pgn_ongeldig"),
        (leerling("900180730", geboortedatum="31-04-2010"), "datum_ongeldig"),
        (leerling("900180730", achternaam="x" * 70_000), "regel_te_lang"),
        (leerling("900180730", leerweg="mavo"), "veld_ongeldig"),
        (leerling("900180730", gemeente="Diemen"), "veld_ongeldig"),
        ("900180730;Vermeulen", "regel_onleesbaar"),
        (leerling("900180730", achternaam='"Vermeulen'), "regel_onleesbaar"),
        (leerling("900180730", achternaam="Ver\0meulen"), "codering_ongeldig"),
    ],
    ids=["wrong number", "no such date", "huge", "no such leerweg", "no such code", "too short", "open quote", "nul"],
)
def test_one_bad_line_of_a_list_costs_that_line(fout: str, code: str, proef: Proef, geheel: App) -> None:
    voor, na = bsn(), bsn()
    ver_weg = [leerling(bsn()) for _ in range(30)]

    verslag = proef(als_lijst(*ver_weg, leerling(voor), fout, leerling(na)))

    assert codes(verslag) == [(33, code)]
    assert stroom_van(geheel, voor) and stroom_van(geheel, na)  # noqa: PT018


def test_a_line_in_the_wrong_encoding_costs_that_line(proef: Proef, geheel: App) -> None:
    een, twee = bsn(), bsn()
    inhoud = als_lijst(leerling(een, achternaam="Güneş"), leerling(bsn(), achternaam="QQ"), leerling(twee))

    verslag = proef(b"\xef\xbb\xbf" + inhoud.replace(b"QQ", b"G\xfcney"))

    assert codes(verslag) == [(3, "codering_ongeldig")]
    assert rest_komt_erin(verslag, geheel, een, twee)


def test_a_list_cut_off_gives_its_whole_lines_and_says_where_it_ends(proef: Proef, geheel: App) -> None:
    een, twee = bsn(), bsn()

    verslag = proef(als_lijst(leerling(een), leerling(twee), leerling(bsn()))[:-25])

    assert codes(verslag) == [(4, "bestand_afgebroken")]
    assert rest_komt_erin(verslag, geheel, een, twee)


def test_a_page_cut_off_gives_its_whole_items_and_says_where_it_ends(proef: Proef, geheel: App) -> None:
    inhoud = json.dumps([bericht(bsn(), keten_id()) for _ in range(3)], indent=1).encode()

    verslag = proef(inhoud[:-200], "p.json", MBO, Rol.KOPPELING)

    assert (verslag.wachtbak, [een.code for een in verslag.geweigerd]) == (2, ["bestand_afgebroken"])


def test_steps_cut_off_give_their_whole_lines_and_say_where_they_end(proef: Proef) -> None:
    inhoud = f'{{"verzoek": "hervat", "leerling": {{"pgn": "{bsn()}"}}}}\n{{"verzoek": "herv'

    verslag = proef(inhoud.encode(), "s.ndjson", rol=Rol.DECAAN)

    assert codes(verslag) == [(1, "onbekende_leerling"), (2, "bestand_afgebroken")]


@pytest.mark.parametrize(
    ("anders", "uitkomst"),
    [
        ({"brin": ANDER_MBO}, "andere_organisatie"),
        ({"brin": "99ZZ"}, "andere_organisatie"),
        ({"brin": "MBO"}, "veld_ongeldig"),
        ({"startdatumOpleiding": "2026-02-29"}, "datum_ongeldig"),
        ({"pgn": "123456789"}, "pgn_ongeldig"),
        ({"extra": "y" * 70_000}, "regel_te_lang"),
    ],
    ids=["another mbo", "unknown brin", "no brin", "no such date", "wrong number", "huge"],
)
def test_one_bad_item_of_a_page_costs_that_item(anders: dict[str, object], uitkomst: str, proef: Proef) -> None:
    items = [bericht(bsn(), keten_id()), bericht(bsn(), keten_id()) | anders, bericht(bsn(), keten_id())]

    verslag = proef(json.dumps(items).encode(), "p.json", MBO, Rol.KOPPELING)

    assert (verslag.wachtbak, [een.code for een in verslag.geweigerd]) == (2, [uitkomst])


def test_a_status_nobody_knows_about_a_pupil_nobody_knows_waits_as_any_message(proef: Proef) -> None:
    verslag = proef(json.dumps([bericht(bsn(), keten_id(), 1, "QX")]).encode(), "p.json", MBO, Rol.KOPPELING)

    assert verslag.wachtbak == 1


def test_a_file_of_garbage_lines_refuses_every_one_and_goes_on(proef: Proef) -> None:
    verslag = proef(als_lijst(*("x;" * (n % 9) + '"' * (n % 3) for n in range(300))))

    assert (verslag.aanvaard, verslag.aantal_geweigerd) == (0, verslag.regels)
    assert set(verslag.per_code) <= {"regel_onleesbaar", "pgn_ongeldig", "veld_ontbreekt", "bestand_afgebroken"}
