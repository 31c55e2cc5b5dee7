"""Searching pupils: within what the caller may see, by what his role may know, and never by address."""

from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from overstap.domain.identificaties import is_bsn
from overstap.domain.rollen import Actor, Rol
from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import ANDERE_SCHOOL, DECAAN, MBO, REGIEBEHEERDER, REGIO, VO_BEHEERDER

_PGNS = (str(nummer) for nummer in count(900_400_000) if is_bsn(str(nummer)))
_INTAKER = Actor(account="intaker-99xx", rol=Rol.MBO_INTAKER, organisatie=MBO, regio=REGIO)
_VREEMD = Actor(account="decaan-99ab", rol=Rol.DECAAN, organisatie=ANDERE_SCHOOL, regio=REGIO)


@pytest.fixture(scope="module")
def leerlingen(deur: Deur) -> dict[str, str]:
    """Enter three pupils; give the number of each by his name."""
    nummers = {}
    for naam in ("Adelaar", "Buizerd", "Buizerdman"):
        pgn = next(_PGNS)
        leerling = {
            "pgn": pgn,
            "achternaam": naam,
            "voornaam": "Noor",
            "geboortedatum": "2010-03-14",
            "leerweg": "kb",
            "klas": "4z",
            "gemeente": "0363",
        }
        koppen = {**deur.als(VO_BEHEERDER), "Idempotency-Key": uuid4().hex}
        opgevoerd = deur.client.post("/v1/overstappen", json=leerling, headers=koppen)
        assert deur.toon(UUID(opgevoerd.json()["overstap"]), DECAAN).status_code == 200
        nummers[naam] = pgn
    return nummers


def _zoek(deur: Deur, actor: Actor, vraag: dict[str, Any], **koppen: str) -> httpx.Response:
    return deur.client.post("/v1/overstappen/_zoek", json=vraag, headers={**deur.als(actor), **koppen})


def _namen(antwoord: httpx.Response) -> list[str]:
    assert antwoord.status_code == 200, antwoord.text
    return sorted(een["persoon"]["achternaam"] for een in antwoord.json()["gevonden"])


@pytest.mark.usefixtures("leerlingen")
def test_a_school_finds_its_pupils_by_a_part_of_their_name(deur: Deur) -> None:
    assert _namen(_zoek(deur, DECAAN, {"naam": "buizerd"})) == ["Buizerd", "Buizerdman"]


@pytest.mark.usefixtures("leerlingen")
def test_another_school_finds_nobody(deur: Deur) -> None:
    assert _zoek(deur, _VREEMD, {"naam": "buizerd"}).json()["gevonden"] == []


def test_a_pupil_is_found_by_his_number(deur: Deur, leerlingen: dict[str, str]) -> None:
    assert _namen(_zoek(deur, DECAAN, {"pgn": leerlingen["Adelaar"]})) == ["Adelaar"]


def test_the_region_searches_by_number_with_a_reason(deur: Deur, leerlingen: dict[str, str]) -> None:
    vraag = {"pgn": leerlingen["Adelaar"]}
    zonder, met = _zoek(deur, REGIEBEHEERDER, vraag), _zoek(deur, REGIEBEHEERDER, vraag, Reden="Dubbele opvoer")
    assert (zonder.status_code, zonder.json()["code"], _namen(met)) == (403, "niet_doorzoekbaar", ["Adelaar"])


@pytest.mark.parametrize("vraag", [{"pgn": "900180730"}, {"status": "geplaatst"}, {"gemeente": "0363"}])
def test_nobody_searches_by_what_he_may_not_know(deur: Deur, vraag: dict[str, str]) -> None:
    assert _zoek(deur, _INTAKER, vraag).status_code == 403


@pytest.mark.usefixtures("leerlingen")
def test_a_long_list_comes_in_pages(deur: Deur) -> None:
    gevonden, na = [], None
    while True:
        antwoord = _zoek(deur, DECAAN, {"klas": "4z", "limit": 2, **({"na": na} if na else {})}).json()
        gevonden.append(len(antwoord["gevonden"]))
        if (na := antwoord["na"]) is None:
            break
    assert gevonden == [2, 1]


def test_a_bookmark_of_elsewhere_is_refused(deur: Deur) -> None:
    antwoord = _zoek(deur, DECAAN, {"na": "x"})
    assert (antwoord.status_code, antwoord.json()["errors"][0]["plaats"]) == (400, "body.na")
