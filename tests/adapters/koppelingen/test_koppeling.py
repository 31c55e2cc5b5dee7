"""Messages of a koppeling reach their pupil, once and in order, or wait for him in the wachtbak; nothing is lost."""

import json
from pathlib import Path
from typing import Any

import pytest

from overstap.adapters.app import App
from overstap.adapters.koppelingen.levering import KETENID, keten_sleutel
from overstap.adapters.stroomsoorten import WACHTBAK
from overstap.domain.feiten.aanmelding import AanmeldingOntvangen, KoppelberichtNietToegepast
from overstap.domain.feiten.overstap import PgnVervangen, SignaalGegeven
from overstap.domain.feiten.wachtbak import WachtbakBerichtOntvangen, WachtbakItemGekoppeld
from overstap.domain.rollen import Rol
from overstap.domain.statussen import AanmeldingStatus, OverstapStatus
from overstap.domain.stromen import stroom_van_wachtbak
from overstap.domain.wachtbak import WachtbakItem
from tests.adapters.koppelingen.bestanden import (
    bericht,
    bsn,
    keten_id,
    leerling,
    lijst,
    onderwijsnummer,
    pagina,
    stap,
    stappen,
)
from tests.adapters.koppelingen.conftest import Lever, codes, dossier_van, feiten_van, stroom_van
from tests.adapters.opstelling import ANDER_MBO, ANDERE_SCHOOL, MBO, REGIO, SCHOOL, opvoer


@pytest.fixture
def bekend(als_school: Lever, tmp_path: Path) -> str:
    """A pupil whom his school entered."""
    pgn = bsn()
    als_school(lijst(tmp_path / "bekend.csv", leerling(pgn)))
    return pgn


def item_van(geheel: App, keten: str) -> WachtbakItem:
    item: WachtbakItem = geheel.bus.staat(WACHTBAK, stroom_van_wachtbak(REGIO, MBO, keten))
    return item


def test_a_message_reaches_its_pupil_with_both_times(als_mbo: Lever, geheel: App, bekend: str, tmp_path: Path) -> None:
    verslag = als_mbo(pagina(tmp_path / "p.json", bericht(bekend, keten_id())))

    dossier = dossier_van(geheel, bekend)
    ontvangen = next(
        een
        for een in geheel.log.laad([dossier.overstap.id])[dossier.overstap.id]
        if isinstance(een.feit, AanmeldingOntvangen)
    )
    assert verslag.aanvaard == 1
    assert dossier.overstap.status is OverstapStatus.AANGEMELD
    assert (ontvangen.gebeurd_op.isoformat(), ontvangen.rol) == ("2026-01-10T09:30:00.123456+00:00", Rol.KOPPELING)
    assert ontvangen.vastgelegd_op == geheel.klok()


def test_an_item_is_read_with_the_sector_s_own_misspelling(
    als_mbo: Lever, geheel: App, bekend: str, tmp_path: Path
) -> None:
    als_mbo(pagina(tmp_path / "p.json", bericht(bekend, keten_id(), leertraject=None, leeratraject="BBL")))

    assert dossier_van(geheel, bekend).overstap.aanmeldingen[0].leertraject == "BBL"


def test_several_messages_of_one_page_are_applied_in_order(
    als_mbo: Lever, geheel: App, bekend: str, tmp_path: Path
) -> None:
    keten = keten_id()

    als_mbo(pagina(tmp_path / "p.json", *(bericht(bekend, keten, n, s) for n, s in ((1, "AO"), (2, "IG"), (3, "PB")))))

    [aanmelding] = dossier_van(geheel, bekend).overstap.aanmeldingen
    assert (aanmelding.status, aanmelding.volgnummer) == (AanmeldingStatus.VOORLOPIG_GEPLAATST, 3)


def test_a_message_sent_again_in_another_page_is_unchanged(als_mbo: Lever, bekend: str, tmp_path: Path) -> None:
    keten = keten_id()
    als_mbo(pagina(tmp_path / "een.json", bericht(bekend, keten)))

    verslag = als_mbo(pagina(tmp_path / "twee.json", bericht(bekend, keten), bericht(bekend, keten, 2, "IG")))

    assert (verslag.ongewijzigd, verslag.aanvaard) == (1, 1)


def test_an_older_message_is_recorded_and_not_applied(als_mbo: Lever, geheel: App, bekend: str, tmp_path: Path) -> None:
    keten = keten_id()
    als_mbo(pagina(tmp_path / "een.json", bericht(bekend, keten, 5, "PB")))

    verslag = als_mbo(pagina(tmp_path / "twee.json", bericht(bekend, keten, 4, "IG")))

    feit = feiten_van(geheel, stroom_van(geheel, bekend))[-1]
    while isinstance(feit, SignaalGegeven):
        feit = feiten_van(geheel, stroom_van(geheel, bekend))[-2]
    assert verslag.aanvaard == 1
    assert isinstance(feit, KoppelberichtNietToegepast)
    assert feit.reden == "verouderd"


def test_a_status_nobody_knows_is_recorded_and_signalled_never_guessed(
    als_mbo: Lever, geheel: App, bekend: str, tmp_path: Path
) -> None:
    als_mbo(pagina(tmp_path / "p.json", bericht(bekend, keten_id(), status="QX")))

    feiten = feiten_van(geheel, stroom_van(geheel, bekend))
    assert isinstance(feiten[-2], KoppelberichtNietToegepast)
    assert feiten[-2].reden == "onbekende_code"
    assert isinstance(feiten[-1], SignaalGegeven)


@pytest.mark.parametrize(
    ("anders", "code"),
    [
        ({"brin": ANDER_MBO}, "andere_organisatie"),
        ({"status": None}, "veld_ontbreekt"),
        ({"ketenId": "99XX-1"}, "veld_ongeldig"),
        ({"wijzigingsvolgnummer": 0}, "veld_ongeldig"),
        ({"wijzigingsvolgnummer": True}, "veld_ongeldig"),
        ({"wijzigingsvolgnummer": 2**63}, "veld_ongeldig"),
        ({"pgn": "900180731"}, "pgn_ongeldig"),
        ({"laatsteWijziging": "2026-02-30T09:30:00Z"}, "datum_ongeldig"),
        ({"laatsteWijziging": "2026-01-10T09:30:00"}, "veld_ongeldig"),
        ({"laatsteWijziging": "2026-01-13T09:30:00Z"}, "in_de_toekomst"),
        ({"opleidingAanmeldjaar": "2026-2028"}, "veld_ongeldig"),
        ({"opleidingAanmeldjaar": "2031-2032"}, "geen_jaar"),
        ({"opleidingCreboCode": "2564"}, "veld_ongeldig"),
        ({"startdatumOpleiding": "2026-02-30"}, "datum_ongeldig"),
        ({"leertraject": "BOLLEN"}, "veld_ongeldig"),
        ({"status": "een heel verhaal"}, "veld_ongeldig"),
    ],
)
def test_an_item_that_is_not_right_is_refused_alone(  # noqa: PLR0913, PLR0917
    anders: dict[str, Any], code: str, als_mbo: Lever, geheel: App, bekend: str, tmp_path: Path
) -> None:
    fout = bericht(bekend, keten_id(), **anders)

    verslag = als_mbo(pagina(tmp_path / "p.json", fout, bericht(bekend, keten_id())))

    assert [een.code for een in verslag.geweigerd] == [code]
    assert len(dossier_van(geheel, bekend).overstap.aanmeldingen) == 1


def test_a_ketenid_of_another_mbo_is_refused(als: Lever, als_mbo: Lever, bekend: str, tmp_path: Path) -> None:
    keten = keten_id()
    als_mbo(pagina(tmp_path / "een.json", bericht(bekend, keten)))

    verslag = als(
        pagina(tmp_path / "twee.json", bericht(bekend, keten, 2, "IG", brin=ANDER_MBO)), ANDER_MBO, Rol.KOPPELING
    )

    assert [een.code for een in verslag.geweigerd] == ["andere_organisatie"]


def test_a_message_about_an_unknown_pupil_waits_sealed_and_is_unchanged_when_sent_again(
    als_mbo: Lever, geheel: App, tmp_path: Path
) -> None:
    pgn, keten = bsn(), keten_id()

    eerst = als_mbo(pagina(tmp_path / "een.json", bericht(pgn, keten)))
    dan = als_mbo(pagina(tmp_path / "twee.json", bericht(pgn, keten), bericht(pgn, keten, 2, "IG")))

    [feit, _] = feiten_van(geheel, stroom_van_wachtbak(REGIO, MBO, keten))
    assert (eerst.wachtbak, dan.ongewijzigd, dan.wachtbak) == (1, 1, 1)
    assert isinstance(feit, WachtbakBerichtOntvangen)
    assert "25647" not in feit.bericht
    assert item_van(geheel, keten).wacht


def test_what_waits_goes_to_the_pupil_in_order_when_his_school_enters_him_and_its_key_is_destroyed(
    als_mbo: Lever, als_school: Lever, geheel: App, tmp_path: Path
) -> None:
    pgn, keten = bsn(), keten_id()
    item = stroom_van_wachtbak(REGIO, MBO, keten)
    als_mbo(pagina(tmp_path / "een.json", bericht(pgn, keten, 7, "PB")))
    als_mbo(pagina(tmp_path / "twee.json", bericht(pgn, keten, 3, "AO"), bericht(pgn, keten, 5, "IG")))

    als_school(lijst(tmp_path / "l.csv", leerling(pgn)))

    dossier = dossier_van(geheel, pgn)
    assert [(een.status, een.volgnummer) for een in dossier.overstap.aanmeldingen] == [
        (AanmeldingStatus.VOORLOPIG_GEPLAATST, 7)
    ]
    assert not any(isinstance(een, KoppelberichtNietToegepast) for een in feiten_van(geheel, dossier.overstap.id))
    assert feiten_van(geheel, item)[-1] == WachtbakItemGekoppeld(overstap=dossier.overstap.id)
    assert geheel.opzoeker.datasleutels([item]) == {}
    assert geheel.opzoeker.wachtende_hashes([item]) == {}


def test_what_waits_goes_before_a_newer_message(als_mbo: Lever, als_school: Lever, geheel: App, tmp_path: Path) -> None:
    """Also when the wachtbak was left waiting by a run that was stopped just after the pupil was entered."""
    pgn, keten = bsn(), keten_id()
    als_mbo(pagina(tmp_path / "een.json", bericht(pgn, keten, 1, "AO")))
    als_school(lijst(tmp_path / "l.csv", leerling(bsn())))
    geheel.bus.verwerk([opvoer(geheel, pgn)])

    als_mbo(pagina(tmp_path / "twee.json", bericht(pgn, keten, 2, "IG")))

    [aanmelding] = dossier_van(geheel, pgn).overstap.aanmeldingen
    assert (aanmelding.status, aanmelding.volgnummer) == (AanmeldingStatus.INTAKE_GEPLAND, 2)
    assert not item_van(geheel, keten).wacht


def test_a_list_sent_again_finishes_what_a_stopped_run_left_waiting(
    als_mbo: Lever, als_school: Lever, geheel: App, tmp_path: Path
) -> None:
    pgn, keten = bsn(), keten_id()
    als_mbo(pagina(tmp_path / "een.json", bericht(pgn, keten)))
    geheel.bus.verwerk([opvoer(geheel, pgn)])

    als_school(lijst(tmp_path / "l.csv", leerling(pgn)))

    assert not item_van(geheel, keten).wacht


def test_a_message_with_a_new_number_replaces_the_pupil_s_number_and_frees_what_waits_for_it(
    als_mbo: Lever, als_school: Lever, geheel: App, tmp_path: Path
) -> None:
    oud, nieuw, keten, andere_keten = onderwijsnummer(), bsn(), keten_id(), keten_id()
    als_school(lijst(tmp_path / "l.csv", leerling(oud)))
    als_mbo(pagina(tmp_path / "een.json", bericht(oud, keten), bericht(nieuw, andere_keten)))

    als_mbo(pagina(tmp_path / "twee.json", bericht(nieuw, keten, 2, "IG")))

    dossier = dossier_van(geheel, nieuw)
    assert dossier == dossier_van(geheel, oud)
    assert geheel.kluis.open_persoon(dossier.overstap.id, dossier.persoon).pgn == nieuw
    assert {een.keten_id for een in dossier.overstap.aanmeldingen} == {keten, andere_keten}


def test_a_bsn_is_not_given_back_for_an_onderwijsnummer(
    als_mbo: Lever, geheel: App, bekend: str, tmp_path: Path
) -> None:
    keten = keten_id()
    als_mbo(pagina(tmp_path / "een.json", bericht(bekend, keten)))

    verslag = als_mbo(pagina(tmp_path / "twee.json", bericht(onderwijsnummer(), keten, 2, "IG")))

    dossier = dossier_van(geheel, bekend)
    assert verslag.aanvaard == 1
    assert dossier.overstap.aanmeldingen[0].status is AanmeldingStatus.INTAKE_GEPLAND
    assert geheel.kluis.open_persoon(dossier.overstap.id, dossier.persoon).pgn == bekend


def test_a_message_with_the_number_of_another_pupil_is_applied_and_signalled_once(
    als_mbo: Lever, als_school: Lever, geheel: App, bekend: str, tmp_path: Path
) -> None:
    keten, ander = keten_id(), bsn()
    als_school(lijst(tmp_path / "l.csv", leerling(ander)))
    als_mbo(pagina(tmp_path / "een.json", bericht(bekend, keten)))

    for nummer in (2, 3):
        als_mbo(pagina(tmp_path / f"{nummer}.json", bericht(ander, keten, nummer, "IG")))

    signalen = [een for een in feiten_van(geheel, stroom_van(geheel, bekend)) if isinstance(een, SignaalGegeven)]
    assert [een.signaal for een in signalen] == ["pgn_tegenstrijdig"]
    assert dossier_van(geheel, ander).overstap.aanmeldingen == ()


@pytest.mark.parametrize(("namens", "rol"), [(REGIO, Rol.REGIEBEHEERDER), (SCHOOL, Rol.VO_BEHEERDER)])
def test_a_person_says_whose_an_item_is_and_the_number_does_not_overrule_him(  # noqa: PLR0913, PLR0917
    namens: str, rol: Rol, als: Lever, als_mbo: Lever, geheel: App, bekend: str, tmp_path: Path
) -> None:
    verkeerd, keten = bsn(), keten_id()
    als_mbo(pagina(tmp_path / "een.json", bericht(verkeerd, keten)))

    verslag = als(stappen(tmp_path / "s.ndjson", [stap("koppel_wachtbak", bekend, ketenId=keten)]), namens, rol)
    als_mbo(pagina(tmp_path / "twee.json", bericht(verkeerd, keten, 2, "IG")))

    dossier = dossier_van(geheel, bekend)
    assert verslag.aanvaard == 1
    assert dossier.overstap.aanmeldingen[0].status is AanmeldingStatus.INTAKE_GEPLAND
    assert stroom_van(geheel, verkeerd) is None
    feiten = feiten_van(geheel, dossier.overstap.id)
    assert not any(isinstance(een, PgnVervangen) for een in feiten)
    assert [een.signaal for een in feiten if isinstance(een, SignaalGegeven)] == ["pgn_tegenstrijdig"]


def test_a_school_may_not_say_that_an_item_is_about_another_school_s_pupil(
    als: Lever, als_mbo: Lever, geheel: App, bekend: str, tmp_path: Path
) -> None:
    keten = keten_id()
    als_mbo(pagina(tmp_path / "een.json", bericht(bsn(), keten)))

    verslag = als(
        stappen(tmp_path / "s.ndjson", [stap("koppel_wachtbak", bekend, ketenId=keten)]),
        ANDERE_SCHOOL,
        Rol.VO_BEHEERDER,
    )

    assert codes(verslag) == [(1, "onbekende_leerling")]
    assert item_van(geheel, keten).wacht


def test_the_number_of_a_waiting_item_may_change_within_one_page(
    als_mbo: Lever, als_school: Lever, geheel: App, tmp_path: Path
) -> None:
    oud, nieuw, keten = onderwijsnummer(), bsn(), keten_id()

    verslag = als_mbo(pagina(tmp_path / "p.json", bericht(oud, keten, 1, "AO"), bericht(nieuw, keten, 2, "IG")))
    als_school(lijst(tmp_path / "l.csv", leerling(nieuw)))

    assert verslag.wachtbak == 2
    [aanmelding] = dossier_van(geheel, nieuw).overstap.aanmeldingen
    assert (aanmelding.status, aanmelding.volgnummer) == (AanmeldingStatus.INTAKE_GEPLAND, 2)


def test_a_ketenid_belongs_to_one_pupil(als_mbo: Lever, geheel: App, bekend: str, tmp_path: Path) -> None:
    keten = keten_id()
    als_mbo(pagina(tmp_path / "p.json", bericht(bekend, keten)))

    sleutel = keten_sleutel(REGIO, keten)
    assert geheel.opzoeker.houders(KETENID, [sleutel]) == {sleutel: stroom_van(geheel, bekend)}


def test_a_page_on_one_line_tells_every_refused_item_and_none_twice(
    als_mbo: Lever, bekend: str, tmp_path: Path
) -> None:
    items = [bericht(bekend, keten_id(), status=None), bericht(bekend, keten_id()), bericht("1", keten_id())]
    pad = tmp_path / "p.json"
    pad.write_text(json.dumps(items), encoding="utf-8")

    eerst, nogmaals = als_mbo(pad), als_mbo(pad)

    assert codes(eerst) == codes(nogmaals) == [(1, "veld_ontbreekt"), (1, "pgn_ongeldig")]
    assert nogmaals.gebeurtenissen == 0


def test_a_year_of_one_pupil_is_no_other_year(als_mbo: Lever, bekend: str, tmp_path: Path) -> None:
    verslag = als_mbo(pagina(tmp_path / "p.json", bericht(bekend, keten_id(), opleidingAanmeldjaar="2025-2026")))

    assert [een.code for een in verslag.geweigerd] == ["geen_jaar"]
