"""The statuses, their ranks, and the pupil's status by the best rank: the table of the procedure, written once more."""

import pytest

from overstap.domain.redenen import ONDERWIJSREDENEN, VMBO
from overstap.domain.statussen import RANG, VOLGT_AANMELDINGEN, AanmeldingStatus, OverstapStatus, status_bij_rang

RANGEN = {
    "aangemeld": 10,
    "intake_gepland": 20,
    "nader_onderzoek": 25,
    "intake_afgerond": 30,
    "wachtlijst": 35,
    "voorlopig_geplaatst": 40,
    "definitief_geplaatst": 50,
    "gestart": 60,
    "afgewezen": 0,
    "ingetrokken": 0,
    "niet_verschenen": 0,
    "onderbroken": 0,
}
BIJ_RANG = {
    0: "nog_niet_aangemeld",
    10: "aangemeld",
    20: "intake",
    25: "intake",
    30: "intake",
    35: "intake",
    40: "geplaatst",
    50: "geplaatst",
    60: "gestart",
}


def test_the_statuses_of_an_aanmelding_have_the_ranks_of_the_procedure() -> None:
    assert {str(status): rang for status, rang in RANG.items()} == RANGEN
    assert {str(status) for status in AanmeldingStatus} == set(RANGEN)


@pytest.mark.parametrize(("rang", "status"), BIJ_RANG.items())
def test_the_best_rank_gives_the_status_of_the_pupil(rang: int, status: str) -> None:
    assert str(status_bij_rang(rang)) == status


def test_the_statuses_of_a_pupil_are_the_ten_of_the_procedure() -> None:
    assert [str(status) for status in OverstapStatus] == [
        "nog_niet_aangemeld",
        "aangemeld",
        "intake",
        "geplaatst",
        "gestart",
        "vervolgkeuze_vo",
        "leerplicht_ingeschakeld",
        "leerplicht_afgehandeld",
        "afgerond",
        "uitgeschreven",
    ]


def test_a_decision_of_a_person_or_a_closed_overstap_does_not_follow_the_aanmeldingen() -> None:
    assert {str(status) for status in set(OverstapStatus) - VOLGT_AANMELDINGEN} == {
        "vervolgkeuze_vo",
        "leerplicht_ingeschakeld",
        "afgerond",
        "uitgeschreven",
    }


def test_six_reasons_keep_a_pupil_in_education() -> None:
    assert {str(reden) for reden in ONDERWIJSREDENEN} == {
        "mbo_buiten_regio",
        "doubleert",
        "andere_leerweg",
        "havo",
        "vavo",
        "particulier",
    }


def test_vmbo_is_four_leerwegen() -> None:
    assert {str(leerweg) for leerweg in VMBO} == {"bb", "kb", "gl", "tl"}
