"""Entering pupils over HTTP: once in a region and year, each judged on its own."""

from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx

from overstap.adapters.app import App
from overstap.adapters.opdracht import Opdracht
from overstap.adapters.stroomsoorten import PROCEDURE
from overstap.domain.identificaties import is_bsn
from overstap.domain.kalender import Regels, kalender_van
from overstap.domain.rollen import Actor, Rol
from overstap.domain.stromen import stroom_van_procedure
from overstap.domain.verzoeken_procedure import StelProcedureVast
from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import (
    ANDERE_SCHOOL,
    DECAAN,
    JAAR,
    KOPPELING,
    REGIEBEHEERDER,
    REGIO,
    VO_BEHEERDER,
)

_ANDER = Actor(account="beheer-99ab", rol=Rol.VO_BEHEERDER, organisatie=ANDERE_SCHOOL, regio=REGIO)
_PGNS = (str(nummer) for nummer in count(900_000_000) if is_bsn(str(nummer)))


def _leerling(**anders: Any) -> dict[str, Any]:  # noqa: ANN401  # any field
    return {
        "pgn": next(_PGNS),
        "achternaam": "Achternaam-van-de-proef",
        "voornaam": "Noor",
        "geboortedatum": "2010-03-14",
        "leerweg": "kb",
        "klas": "4b",
        "gemeente": "0363",
        **anders,
    }


def _voer_op(
    deur: Deur, inhoud: dict[str, Any], actor: Actor, sleutel: str | None = None, pad: str = ""
) -> httpx.Response:
    koppen = {**deur.als(actor), "Idempotency-Key": sleutel or uuid4().hex}
    return deur.client.post(f"/v1/overstappen{pad}", json=inhoud, headers=koppen)


def test_a_school_enters_a_pupil_and_finds_him_where_it_is_told(deur: Deur) -> None:
    leerling = _leerling()
    antwoord = _voer_op(deur, leerling, VO_BEHEERDER)
    assert antwoord.status_code == 201, antwoord.text
    blad = deur.client.get(antwoord.headers["Location"], headers=deur.als(DECAAN)).json()
    assert (blad["id"], blad["persoon"]["pgn"], blad["kwalificatieplichtTot"]) == (
        antwoord.json()["overstap"],
        leerling["pgn"],
        "2028-03",
    )


def test_the_same_entry_again_is_the_same_pupil(deur: Deur) -> None:
    leerling = _leerling()
    eerste, tweede = (_voer_op(deur, leerling, VO_BEHEERDER, "eens") for _ in range(2))
    assert (tweede.status_code, tweede.json()) == (201, eerste.json())


def test_a_second_school_is_refused_without_the_name_of_the_first_and_the_region_is_told(
    deur: Deur, geheel: App
) -> None:
    leerling = _leerling()
    overstap = _voer_op(deur, leerling, VO_BEHEERDER).json()["overstap"]
    antwoord = _voer_op(deur, leerling, _ANDER)
    assert (antwoord.status_code, antwoord.json()["code"]) == (409, "al_opgevoerd")
    assert "99AA" not in antwoord.text
    [*_, laatste] = geheel.log.laad([UUID(overstap)]).popitem()[1]
    assert getattr(laatste.feit, "signaal", None) == "dubbele_opvoer"


def test_who_enters_no_pupils_is_told_who_does(deur: Deur) -> None:
    antwoord = _voer_op(deur, _leerling(), KOPPELING)
    assert (antwoord.status_code, antwoord.json()["code"]) == (403, "niet_bevoegd")


def test_a_number_that_is_none_is_told_with_the_other_mistakes(deur: Deur) -> None:
    antwoord = _voer_op(deur, _leerling(pgn="123456789", geboortedatum="1910-01-01", klas="Jansen"), VO_BEHEERDER)
    assert [fout["plaats"] for fout in antwoord.json()["errors"]] == ["body.pgn", "body.geboortedatum", "body.klas"]
    assert "123456789" not in antwoord.text


def test_of_a_list_each_pupil_is_judged_on_its_own(deur: Deur) -> None:
    bekend = _leerling()
    _voer_op(deur, bekend, VO_BEHEERDER)
    antwoord = _voer_op(deur, {"leerlingen": [_leerling(), bekend, _leerling()]}, VO_BEHEERDER, pad="/_opvoeren")
    assert antwoord.status_code == 200, antwoord.text
    verslag = antwoord.json()
    assert [een["code"] for een in verslag["regels"]] == ["aanvaard", "al_opgevoerd", "aanvaard"]
    assert (verslag["aanvaard"], verslag["geweigerd"]) == (2, 1)


def test_the_same_list_again_gets_the_same_answer(deur: Deur) -> None:
    lijst = {"leerlingen": [_leerling(), _leerling()]}
    eerste, tweede = (_voer_op(deur, lijst, VO_BEHEERDER, "lijst", "/_opvoeren") for _ in range(2))
    assert (tweede.status_code, tweede.json()) == (200, eerste.json())


def test_an_entry_without_a_year_is_about_the_one_that_began_not_one_opened_for_later(deur: Deur, geheel: App) -> None:
    regels = Regels(regio=REGIO, overstapjaar=JAAR + 2, revisie=1, kalender=kalender_van(JAAR + 2))
    geheel.bus.verwerk(
        [
            Opdracht(
                soort=PROCEDURE,
                stroom=stroom_van_procedure(REGIO, JAAR + 2),
                verzoek=StelProcedureVast(regels=regels),
                actor=REGIEBEHEERDER,
            )
        ]
    )
    te_vroeg = _voer_op(deur, _leerling(overstapjaar=JAAR + 2), VO_BEHEERDER).json()
    antwoord = _voer_op(deur, _leerling(), VO_BEHEERDER)
    blad = deur.client.get(antwoord.headers["Location"], headers=deur.als(DECAAN)).json()
    assert (te_vroeg["code"], blad["overstapjaar"]) == ("te_vroeg", JAAR)
