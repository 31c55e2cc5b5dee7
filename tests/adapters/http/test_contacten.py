"""Whom to call at an organisation, and who has an account there: names for who may know them, and nobody else."""

from typing import Any

import pytest

from overstap.adapters.app import App
from overstap.adapters.opdracht import Opdracht
from overstap.adapters.stroomsoorten import ORGANISATIE
from overstap.adapters.vault import naam_van_soort
from overstap.domain.feiten.organisatie import ContactVastgelegd
from overstap.domain.rollen import Actor, Rol
from overstap.domain.stromen import stroom_van_organisatie
from overstap.domain.verzoeken_organisatie import LegContactVast
from overstap.domain.weigering import Weigering
from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import DECAAN, MBO, REGIEBEHEERDER, REGIO, SCHOOL, VO_BEHEERDER

_INTAKER = Actor(account="intaker-99xx", rol=Rol.MBO_INTAKER, organisatie=MBO, regio=REGIO)
_MANAGER = Actor(account="manager-99aa", rol=Rol.MANAGER, organisatie=SCHOOL, regio=REGIO)
_REDEN = {"Reden": "Wie is er te bellen"}


@pytest.fixture
def positie(geheel: App) -> int:
    stroom = stroom_van_organisatie(REGIO, SCHOOL)
    naam = naam_van_soort(ContactVastgelegd)
    contact = geheel.kluis.verzegel_velden(stroom, naam, {"naam": "M. Kanarie", "telefoon": "020 555 00 00"})
    verzoek = LegContactVast(onderwerp="overstap", contact=contact)
    [resultaat] = geheel.bus.verwerk([Opdracht(soort=ORGANISATIE, stroom=stroom, verzoek=verzoek, actor=VO_BEHEERDER)])
    assert not isinstance(resultaat, Weigering), resultaat
    return geheel.log.laatste_positie()


def _haal(deur: Deur, wat: str, wie: Actor, positie: int, **koppen: str) -> list[dict[str, Any]]:
    antwoord = deur.client.get(
        f"/v1/organisaties/{SCHOOL}/{wat}", params={"minPositie": positie}, headers={**deur.als(wie), **koppen}
    )
    assert antwoord.status_code == 200, antwoord.text
    bladen: list[dict[str, Any]] = antwoord.json()
    return bladen


@pytest.mark.parametrize("wie", [DECAAN, _INTAKER], ids=lambda wie: str(wie.rol))
def test_whom_to_call_is_told_to_who_works_with_the_school(deur: Deur, positie: int, wie: Actor) -> None:
    [blad] = _haal(deur, "contacten", wie, positie)
    assert blad["onderwerp"] == "overstap"
    assert blad["contact"] == {"naam": "M. Kanarie", "telefoon": "020 555 00 00"}


def test_who_may_know_no_persons_is_told_no_name(deur: Deur, positie: int) -> None:
    [blad] = _haal(deur, "contacten", _MANAGER, positie)
    assert "contact" not in blad


def test_the_region_opens_a_name_with_a_reason_alone(deur: Deur, positie: int) -> None:
    [zonder] = _haal(deur, "contacten", REGIEBEHEERDER, positie)
    [met] = _haal(deur, "contacten", REGIEBEHEERDER, positie, **_REDEN)
    assert ("contact" in zonder, met["contact"]["naam"]) == (False, "M. Kanarie")


def test_who_has_an_account_is_told_to_the_administrator_and_to_the_region_with_a_reason(deur: Deur) -> None:
    inhoud = {"account": "mentor-kanarie", "rol": "mentor", "functionaris": {"naam": "N. Kanarie"}}
    koppen = {**deur.als(VO_BEHEERDER), "If-Match": "*", "Idempotency-Key": "kanarie"}
    gegeven = deur.client.post(f"/v1/organisaties/{SCHOOL}/stappen/ken-rol-toe", json=inhoud, headers=koppen)
    positie = gegeven.json()["positie"]

    def naam(wie: Actor, **koppen: str) -> object:
        accounts = {een["account"]: een for een in _haal(deur, "accounts", wie, positie, **koppen)}
        return accounts.get("mentor-kanarie", {}).get("functionaris")

    assert naam(VO_BEHEERDER) == {"naam": "N. Kanarie"}
    assert naam(REGIEBEHEERDER) is None
    assert naam(REGIEBEHEERDER, **_REDEN) == {"naam": "N. Kanarie"}
    assert naam(DECAAN) is None
