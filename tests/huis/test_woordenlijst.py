"""The glossary has every word that code stores: checked against the code."""

import re
from enum import StrEnum
from typing import get_args

import msgspec
import pytest

from overstap.domain.redenen import (
    Grond,
    Leerweg,
    RedenAfsluiting,
    RedenUitschrijving,
    RedenVervolgkeuze,
    Uitkomst,
)
from overstap.domain.rollen import Rol
from overstap.domain.statussen import AanmeldingStatus, OverstapStatus
from overstap.domain.verzoeken import Verzoek
from overstap.domain.verzoeken_organisatie import OrganisatieVerzoek
from overstap.domain.verzoeken_procedure import ProcedureVerzoek
from overstap.statemachine.tabel import AANMELDING, OVERSTAP, Tabel
from tests.huis.bron import REPO

LIJST = (REPO / "docs" / "woordenlijst.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("kop", "woorden"),
    [
        ("Wie", Rol),
        ("Status van een aanmelding", AanmeldingStatus),
        ("Status van een overstap", OverstapStatus),
    ],
)
def test_a_section_lists_exactly_the_words_of_the_code(kop: str, woorden: type[StrEnum]) -> None:
    assert re.findall(r"^\| `(\w+)` \|", _deel(kop), re.MULTILINE) == [woord.value for woord in woorden]


@pytest.mark.parametrize(
    ("kop", "tabel"), [("Stappen van een aanmelding", AANMELDING), ("Stappen van een overstap", OVERSTAP)]
)
def test_a_section_lists_exactly_the_steps_of_the_chart(kop: str, tabel: Tabel) -> None:
    assert sorted(re.findall(r"^\| `(\w+)` \|", _deel(kop), re.MULTILINE)) == sorted({stap for _, stap in tabel})


@pytest.mark.parametrize(
    "woorden",
    [Grond, RedenVervolgkeuze, Uitkomst, RedenUitschrijving, RedenAfsluiting],
    ids=lambda soort: soort.__name__,
)
def test_every_reason_is_in_the_list(woorden: type[StrEnum]) -> None:
    genoemd = set(re.findall(r"`(\w+)`", _deel("Gronden, redenen en uitkomsten")))
    assert {woord.value for woord in woorden} <= genoemd


def test_every_leerweg_is_in_the_list() -> None:
    (rij,) = re.findall(r"^\| leerweg \|.*$", LIJST, re.MULTILINE)
    assert re.findall(r"`(\w+)`", rij) == [leerweg.value for leerweg in Leerweg]


@pytest.mark.parametrize("verzoek", get_args(Verzoek | OrganisatieVerzoek | ProcedureVerzoek), ids=lambda v: v.__name__)
def test_every_request_is_in_the_list(verzoek: type[msgspec.Struct]) -> None:
    assert f"\n| `{verzoek.__struct_config__.tag}` |" in LIJST


def _deel(kop: str) -> str:
    return LIJST.split(f"\n## {kop}\n")[1].split("\n## ")[0]
