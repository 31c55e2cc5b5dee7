"""Organisations over HTTP, and who may act for them: granted by the own administrator, once, on the version he saw."""

from typing import Any
from uuid import uuid4

import httpx

from overstap.adapters.app import App
from overstap.domain.rollen import Actor, Rol
from tests.adapters.http.deur import Deur
from tests.adapters.http.meelezen import laatste_positie
from tests.adapters.opstelling import ANDERE_SCHOOL, DECAAN, REGIEBEHEERDER, REGIO, SCHOOL, VO_BEHEERDER

ANDERE_BEHEERDER = Actor(account="beheer-99ab", rol=Rol.VO_BEHEERDER, organisatie=ANDERE_SCHOOL, regio=REGIO)


def haal(deur: Deur, pad: str, actor: Actor) -> httpx.Response:
    return deur.client.get(f"/v1/organisaties{pad}", headers=deur.als(actor))


def stap(  # noqa: PLR0913  # what a step is made of
    deur: Deur,
    naam: str,
    inhoud: dict[str, Any],
    actor: Actor,
    *,
    versie: str = "*",
    sleutel: str | None = None,
) -> httpx.Response:
    koppen = {**deur.als(actor), "If-Match": versie, "Idempotency-Key": sleutel or uuid4().hex}
    return deur.client.post(f"/v1/organisaties/{SCHOOL}/stappen/{naam}", json=inhoud, headers=koppen)


def test_everybody_may_know_who_takes_part(deur: Deur) -> None:
    codes = [een["code"] for een in haal(deur, "", DECAAN).json()]
    assert codes == sorted(codes)
    een = haal(deur, f"/{SCHOOL}", DECAAN)
    assert (een.json()["naam"], een.headers["ETag"]) == ("Eerste School", f'"{een.json()["versie"]}"')
    assert haal(deur, "/98ZZ", DECAAN).status_code == 404


def test_the_administrator_grants_a_role_and_ends_it(deur: Deur, geheel: App) -> None:
    versie = haal(deur, f"/{SCHOOL}", VO_BEHEERDER).headers["ETag"]
    toekenning = {"account": "mentor-4b", "rol": "mentor", "klas": "4b", "functionaris": {"naam": "M. Voorbeeld"}}
    gegeven = stap(deur, "ken-rol-toe", toekenning, VO_BEHEERDER, versie=versie)
    assert (gegeven.status_code, gegeven.json()["gebeurtenissen"]) == (200, 1), gegeven.text
    laatste_positie(geheel)
    accounts = haal(deur, f"/{SCHOOL}/accounts", VO_BEHEERDER)
    assert [(een["rol"], een["klas"], een["door"]) for een in accounts.json() if een["account"] == "mentor-4b"] == [
        ("mentor", "4b", VO_BEHEERDER.account)
    ]
    assert "Voorbeeld" not in haal(deur, f"/{SCHOOL}/accounts", REGIEBEHEERDER).text
    genomen = stap(deur, "trek-rol-in", {"account": "mentor-4b", "rol": "mentor"}, VO_BEHEERDER)
    assert genomen.json()["versie"] == gegeven.json()["versie"] + 1
    laatste_positie(geheel)
    assert "mentor-4b" not in haal(deur, f"/{SCHOOL}/accounts", VO_BEHEERDER).text


def test_the_same_grant_again_gets_the_same_answer(deur: Deur) -> None:
    inhoud = {"account": "mentor-2x", "rol": "mentor"}
    eerste, tweede = (stap(deur, "ken-rol-toe", inhoud, VO_BEHEERDER, sleutel="tweemaal") for _ in range(2))
    assert (tweede.status_code, tweede.json()) == (200, eerste.json())


def test_a_version_that_has_passed_is_told(deur: Deur) -> None:
    antwoord = stap(deur, "ken-rol-toe", {"account": "mentor-oud", "rol": "mentor"}, VO_BEHEERDER, versie='"1000"')
    assert antwoord.status_code == 412


def test_nobody_grants_at_another_school_nor_to_himself(deur: Deur) -> None:
    elders = stap(deur, "ken-rol-toe", {"account": "mentor-x", "rol": "mentor"}, ANDERE_BEHEERDER)
    zelf = stap(deur, "ken-rol-toe", {"account": VO_BEHEERDER.account, "rol": "decaan"}, VO_BEHEERDER)
    decaan = stap(deur, "ken-rol-toe", {"account": "mentor-x", "rol": "mentor"}, DECAAN)
    assert [elders.status_code, zelf.status_code, decaan.status_code] == [403, 403, 403]


def test_who_may_act_is_for_the_own_administrator_and_the_region(deur: Deur, geheel: App) -> None:
    stap(deur, "ken-rol-toe", {"account": "mentor-zichtbaar", "rol": "mentor"}, VO_BEHEERDER)
    laatste_positie(geheel)
    gezien = {
        wie.account: "mentor-zichtbaar" in haal(deur, f"/{SCHOOL}/accounts", wie).text
        for wie in (VO_BEHEERDER, REGIEBEHEERDER, ANDERE_BEHEERDER, DECAAN)
    }
    assert gezien == {"beheer-99aa": True, "regie-21": True, "beheer-99ab": False, "decaan-99aa": False}


def test_what_is_wrong_with_a_grant_is_told_at_once(deur: Deur) -> None:
    antwoord = stap(deur, "ken-rol-toe", {"account": "X", "rol": "baas", "vreemd": 1}, VO_BEHEERDER)
    assert antwoord.status_code == 400
    assert sorted(een["plaats"] for een in antwoord.json()["errors"]) == ["body.account", "body.rol", "body.vreemd"]


def test_the_rules_of_the_year_are_for_everybody(deur: Deur) -> None:
    antwoord = deur.client.get("/v1/procedure", headers=deur.als(DECAAN))
    assert antwoord.status_code == 200, antwoord.text
    regels = antwoord.json()
    assert (regels["versie"], regels["kalender"]["aanmelddatum"]) == ("2026.21.1", "2026-04-01")


def test_lists_come_in_pages_that_hold_all_of_it_once(deur: Deur, geheel: App) -> None:
    for nummer in range(3):
        stap(deur, "ken-rol-toe", {"account": f"mentor-blad-{nummer}", "rol": "mentor"}, VO_BEHEERDER)
        contact = {"onderwerp": f"blad {nummer}", "contact": {"naam": "M. Voorbeeld"}}
        assert stap(deur, "leg-contact-vast", contact, VO_BEHEERDER).status_code == 200
    laatste_positie(geheel)
    for pad in ("", f"/{SCHOOL}/accounts", f"/{SCHOOL}/contacten"):
        heel = haal(deur, pad, VO_BEHEERDER)
        gelezen, volgende = [], f"/v1/organisaties{pad}?limit=2"
        while volgende:
            bladzijde = deur.client.get(volgende, headers=deur.als(VO_BEHEERDER))
            assert len(bladzijde.json()) <= 2
            gelezen += bladzijde.json()
            volgende = bladzijde.links.get("next", {}).get("url", "")
        assert gelezen == heel.json()
        assert len(gelezen) > 2


def test_a_bookmark_of_another_list_is_refused(deur: Deur) -> None:
    bladwijzer = deur.client.get("/v1/organisaties?limit=1", headers=deur.als(VO_BEHEERDER)).links["next"]["url"]
    ander = bladwijzer.replace("/organisaties?", f"/organisaties/{SCHOOL}/accounts?")
    antwoord = deur.client.get(ander, headers=deur.als(VO_BEHEERDER))
    assert (antwoord.status_code, antwoord.json()["errors"][0]["plaats"]) == (400, "query.na")
