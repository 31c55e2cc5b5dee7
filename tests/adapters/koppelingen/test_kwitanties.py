"""What was recorded leaves a receipt: sent again it has the same outcome, and its key serves no other content."""

from pathlib import Path
from typing import Any

import pytest

from overstap.adapters.app import App
from overstap.adapters.koppelingen import Verslag
from overstap.adapters.koppelingen.levering import KETENID
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.toevoeging import Kwitantie, Uitkomst
from overstap.domain.feiten.overstap import PgnVervangen
from overstap.domain.rollen import Rol
from overstap.domain.stromen import stroom_van_wachtbak
from tests.adapters.koppelingen.bestanden import bericht, bsn, keten_id, leerling, lijst, pagina, stap, stappen
from tests.adapters.koppelingen.conftest import Lever, codes, feiten_van, stroom_van
from tests.adapters.opstelling import ANDER_MBO, MBO, REGIO


@pytest.fixture
def bekend(als_school: Lever, tmp_path: Path) -> str:
    """A pupil whom his school entered."""
    pgn = bsn()
    als_school(lijst(tmp_path / "bekend.csv", leerling(pgn)))
    return pgn


def geweigerd(verslag: Verslag) -> list[str]:
    return [code for _, code in codes(verslag)]


def kwitantie_van(geheel: App, keten: str, volgnummer: int = 1, mbo: str = MBO) -> Uitkomst | None:
    client, sleutel = f"{REGIO}:{mbo}:koppeling", f"{keten}/{volgnummer}".encode()
    gevonden = geheel.opzoeker.kwitanties([Kwitantie(client, sleutel, b"")]).get((client, sleutel))
    return gevonden[1] if gevonden else None


def test_a_message_leaves_a_receipt_that_says_what_became_of_it(
    als_mbo: Lever, geheel: App, bekend: str, tmp_path: Path
) -> None:
    begin, keten, stroom = geheel.log.laatste_positie(), keten_id(), stroom_van(geheel, bekend)
    als_mbo(pagina(tmp_path / "p.json", bericht(bekend, keten), bericht(bekend, keten, 2, "IG")))

    eerste, tweede = kwitantie_van(geheel, keten), kwitantie_van(geheel, keten, 2)
    feiten = geheel.log.lees(begin, 100)
    assert eerste is not None
    assert tweede is not None
    assert (eerste.code, eerste.stroom, eerste.versie, eerste.aantal) == ("aanvaard", stroom, 3, 2)
    assert (tweede.versie, tweede.aantal, tweede.vastgelegd_op) == (5, 2, geheel.klok())
    assert [een.positie for een in feiten if een.originator_id == stroom][::2] == [eerste.positie, tweede.positie]


def test_a_message_that_waits_leaves_one_too(als_mbo: Lever, geheel: App, tmp_path: Path) -> None:
    keten = keten_id()
    als_mbo(pagina(tmp_path / "p.json", bericht(bsn(), keten)))

    kwitantie = kwitantie_van(geheel, keten)
    assert kwitantie is not None
    assert (kwitantie.code, kwitantie.stroom) == ("wachtbak", stroom_van_wachtbak(REGIO, MBO, keten))


@pytest.mark.parametrize("anders", [{"status": "IG"}, {"opleidingCreboCode": "25001"}, {"pgn": bsn()}])
def test_a_number_that_was_used_serves_no_other_message(
    anders: dict[str, Any], als_mbo: Lever, geheel: App, bekend: str, tmp_path: Path
) -> None:
    keten = keten_id()
    als_mbo(pagina(tmp_path / "een.json", bericht(bekend, keten)))
    feiten = feiten_van(geheel, stroom_van(geheel, bekend))

    verslag = als_mbo(pagina(tmp_path / "twee.json", bericht(bekend, keten, **anders), bericht(bekend, keten)))

    assert geweigerd(verslag) == ["andere_inhoud"]
    assert verslag.ongewijzigd == 1
    assert feiten_van(geheel, stroom_van(geheel, bekend)) == feiten


def test_nor_within_one_page_and_then_the_pupil_keeps_his_number(
    als_mbo: Lever, geheel: App, bekend: str, tmp_path: Path
) -> None:
    keten = keten_id()
    verslag = als_mbo(pagina(tmp_path / "p.json", bericht(bekend, keten), bericht(bsn(), keten)))

    assert geweigerd(verslag) == ["andere_inhoud"]
    assert not any(isinstance(een, PgnVervangen) for een in feiten_van(geheel, stroom_van(geheel, bekend)))


def test_nor_while_it_waits(als_mbo: Lever, geheel: App, tmp_path: Path) -> None:
    keten, pgn = keten_id(), bsn()
    item = stroom_van_wachtbak(REGIO, MBO, keten)
    als_mbo(pagina(tmp_path / "een.json", bericht(pgn, keten)))
    feiten = feiten_van(geheel, item)

    verslag = als_mbo(pagina(tmp_path / "twee.json", bericht(pgn, keten, 1, "LI"), bericht(pgn, keten)))

    assert geweigerd(verslag) == ["andere_inhoud"]
    assert verslag.ongewijzigd == 1
    assert "wijzigingsvolgnummer" in verslag.geweigerd[0].reden
    assert feiten_van(geheel, item) == feiten


def test_the_same_number_twice_in_one_page_with_other_content_is_refused_once(
    als_mbo: Lever, geheel: App, bekend: str, tmp_path: Path
) -> None:
    keten = keten_id()
    verslag = als_mbo(pagina(tmp_path / "p.json", bericht(bekend, keten), bericht(bekend, keten, 1, "IG")))

    assert geweigerd(verslag) == ["andere_inhoud"]
    assert verslag.aanvaard == 1


def test_sent_again_after_its_pupil_was_found_it_adds_nothing(
    als_mbo: Lever, als_school: Lever, geheel: App, tmp_path: Path
) -> None:
    pgn, keten = bsn(), keten_id()
    als_mbo(pagina(tmp_path / "een.json", bericht(pgn, keten), bericht(pgn, keten, 2, "IG")))
    als_school(lijst(tmp_path / "l.csv", leerling(pgn)))
    feiten = feiten_van(geheel, stroom_van(geheel, pgn))

    verslag = als_mbo(pagina(tmp_path / "twee.json", bericht(pgn, keten), bericht(pgn, keten, 2, "IG")))

    assert verslag.ongewijzigd == 2
    assert feiten_van(geheel, stroom_van(geheel, pgn)) == feiten
    assert len(feiten) > 2


def test_a_refusal_leaves_none_so_that_the_mended_message_is_judged_anew(
    als_mbo: Lever, geheel: App, bekend: str, tmp_path: Path
) -> None:
    keten = keten_id()
    fout = bericht(bekend, keten, opleidingAanmeldjaar="2031-2032")
    assert geweigerd(als_mbo(pagina(tmp_path / "een.json", fout))) == ["geen_jaar"]
    assert kwitantie_van(geheel, keten) is None

    assert als_mbo(pagina(tmp_path / "twee.json", bericht(bekend, keten))).aanvaard == 1


def test_the_key_of_one_koppeling_says_nothing_of_another_s(
    als_mbo: Lever, geheel: App, bekend: str, tmp_path: Path
) -> None:
    keten = keten_id()
    als_mbo(pagina(tmp_path / "een.json", bericht(bekend, keten)))
    assert kwitantie_van(geheel, keten, mbo=ANDER_MBO) is None

    verslag = als_mbo(pagina(tmp_path / "ander.json", bericht(bekend, keten, brin=ANDER_MBO)), ANDER_MBO)

    assert geweigerd(verslag) != ["andere_inhoud"]


def test_who_says_whose_an_item_is_leaves_a_receipt_under_the_key_of_that_line(
    als: Lever, als_mbo: Lever, geheel: App, bekend: str, tmp_path: Path
) -> None:
    keten, ander = keten_id(), keten_id()
    als_mbo(pagina(tmp_path / "een.json", bericht(bsn(), keten), bericht(bsn(), ander)))
    lijn = stap("koppel_wachtbak", bekend, ketenId=keten, sleutel="lijn-1")

    def lever(naam: str, *regels: dict[str, Any]) -> Verslag:
        return als(stappen(tmp_path / naam, regels), REGIO, Rol.REGIEBEHEERDER)

    assert lever("een.ndjson", lijn).aanvaard == 1
    assert lever("twee.ndjson", lijn, lijn).ongewijzigd == 2
    assert geweigerd(lever("drie.ndjson", lijn | {"ketenId": ander})) == ["andere_inhoud"]
    assert feiten_van(geheel, stroom_van_wachtbak(REGIO, MBO, ander))[1:] == []


def test_the_receipts_about_a_pupil_are_found_by_his_stream_and_by_those_of_what_waited_for_him(
    als_mbo: Lever, als_school: Lever, geheel: App, demo_databank: Databank, tmp_path: Path
) -> None:
    pgn, ander, keten = bsn(), bsn(), keten_id()
    als_mbo(pagina(tmp_path / "een.json", bericht(pgn, keten)))
    als_school(lijst(tmp_path / "l.csv", leerling(pgn), leerling(ander)))
    als_mbo(pagina(tmp_path / "twee.json", bericht(pgn, keten, 2, "IG"), bericht(ander, keten_id())))
    stroom = stroom_van(geheel, pgn)

    with demo_databank.verbind(Login.SCHRIJVER) as verbinding:
        ketens = verbinding.execute(
            "SELECT sleutel FROM log.aanspraken WHERE soort = %s AND stroom = %s", (KETENID, stroom)
        ).fetchall()
        stromen = [stroom, *(stroom_van_wachtbak(REGIO, MBO, een.decode().partition("/")[2]) for (een,) in ketens)]
        sleutels = verbinding.execute(
            "SELECT sleutel FROM log.kwitanties WHERE stroom = ANY(%s) ORDER BY sleutel", (stromen,)
        ).fetchall()
    assert sleutels == [(f"{keten}/1".encode(),), (f"{keten}/2".encode(),)]
