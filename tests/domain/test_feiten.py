"""Facts as the archive keeps them: the same bytes for ever, readable for ever, and nothing personal in the clear."""

import re
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overstap.domain.feiten import ARCHIEF, TYPES, Verzegeld, Vorm, naam_van, naar_bytes, uit_bytes, zonder_versie
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten.organisatie import ContactVastgelegd
from overstap.domain.kalender import Regels
from overstap.domain.statussen import AanmeldingStatus
from tests.domain.feitstrategie import feit_van

VOORBEELDEN = Path(__file__).parent / "voorbeelden"

IN_HET_OPEN = {
    # Where, which application, which opleiding.
    *("school", "vestiging", "klas", "gemeente", "nieuwe_gemeente", "brin", "crebo", "keten_id", "aanbieder", "code"),
    *("aan", "van", "naar", "aangesloten", "onderwerp"),
    # When, as far as it says nothing about a person.
    *("startdatum", "overleg_datum", "datum", "laatste_wijziging", "kwalificatieplicht_tot"),
    # Words of our own, opaque ids and hashes.
    *("stap", "signaal", "voor", "account", "vingerafdruk", "inhoud_hash"),
}
"""The fields that may hold text in the clear, wherever they stand."""

ALLEEN_HIER_IN_HET_OPEN = {
    ("organisatie-opgenomen.v1", "naam"),  # of an institution
    ("opleiding-onderbroken.v1", "reden"),  # one word of a list
    (
        "overstap-gewist.v1",
        "reden",
    ),  # the regiebeheerder's, held against the person's names and numbers (docs/adr/0008)
    ("regel-geweigerd.v1", "reden"),  # our own sentence, never the line's content
}


@pytest.mark.parametrize("naam", TYPES)
def test_a_fact_is_named_after_what_happened_with_a_version(naam: str) -> None:
    woorden, _, versie = naam.rpartition(".")
    assert woorden.replace("-", "").isalpha()
    assert woorden == woorden.lower()
    assert re.fullmatch(r"v[1-9][0-9]*", versie)


def test_every_version_of_every_type_has_one_stored_sample() -> None:
    namen = sorted(f"{naam}.json" for naam in (*TYPES, *ARCHIEF.oud))
    assert sorted(pad.name for pad in VOORBEELDEN.iterdir()) == namen


@pytest.mark.parametrize("pad", sorted(VOORBEELDEN.iterdir()), ids=lambda pad: pad.stem)
def test_a_stored_sample_of_any_version_is_read_as_the_current_version_of_its_name(pad: Path) -> None:
    feit = uit_bytes(pad.read_bytes())
    assert naam_van(feit) in TYPES
    assert zonder_versie(naam_van(feit)) == zonder_versie(pad.stem)


@pytest.mark.parametrize("naam", TYPES)
def test_a_stored_sample_is_read_and_written_back_as_the_same_bytes(naam: str) -> None:
    opgeslagen = (VOORBEELDEN / f"{naam}.json").read_bytes().removesuffix(b"\n")
    feit = uit_bytes(opgeslagen)
    assert naam_van(feit) == naam
    assert type(feit) is TYPES[naam]
    assert naar_bytes(feit) == opgeslagen


@pytest.mark.parametrize("naam", TYPES)
def test_a_stored_sample_has_every_field_so_that_no_name_changes_unseen(naam: str) -> None:
    velden = msgspec.json.decode((VOORBEELDEN / f"{naam}.json").read_bytes(), type=dict[str, Any])
    assert set(velden) == {"feit", *TYPES[naam].__struct_encode_fields__}


@pytest.mark.parametrize("naam", TYPES)
@settings(max_examples=settings().max_examples // 6)
@given(data=st.data())
def test_any_fact_comes_back_from_its_bytes_and_its_bytes_are_canonical(naam: str, data: st.DataObject) -> None:
    feit = data.draw(feit_van(TYPES[naam]))
    inhoud = naar_bytes(feit)
    assert uit_bytes(inhoud) == feit
    assert naar_bytes(uit_bytes(inhoud)) == inhoud
    sleutels = list(msgspec.json.decode(inhoud, type=dict[str, Any]))
    assert sleutels == sorted(sleutels)


def test_the_order_in_which_a_fact_is_filled_does_not_show() -> None:
    naam, email = Verzegeld("a"), Verzegeld("b")
    ene = ContactVastgelegd(onderwerp="x", contact={"naam": naam, "email": email})
    andere = ContactVastgelegd(contact={"email": email, "naam": naam}, onderwerp="x")
    assert naar_bytes(ene) == naar_bytes(andere)


def test_defaults_are_left_out_and_letters_are_utf_8() -> None:
    feit = a.OpleidingOnderbroken(nummer=1, reden="één")
    assert naar_bytes(feit) == '{"feit":"opleiding-onderbroken.v1","nummer":1,"reden":"één"}'.encode()


@pytest.mark.parametrize(
    "inhoud",
    [
        b"",
        b"{}",
        b"[]",
        b'{"feit":"onbekend.v1"}',
        b'{"feit":"intake-gepland.v1"}',
        b'{"feit":"intake-gepland.v1","nummer":"1"}',
        b'{"feit":"aanmelding-afgewezen.v1","nummer":1,"grond":"geen_zin"}',
    ],
)
def test_bytes_that_hold_no_known_fact_are_an_error(inhoud: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        uit_bytes(inhoud)


def test_a_key_that_a_later_version_adds_is_no_reason_to_stop_reading() -> None:
    assert uit_bytes(b'{"feit":"intake-gepland.v1","later":true,"nummer":1}') == a.IntakeGepland(nummer=1)


def test_a_fact_cannot_be_changed() -> None:
    feit = a.IntakeGepland(nummer=1)
    with pytest.raises(AttributeError):
        feit.nummer = 2  # type: ignore[misc]


def test_the_status_after_each_fact_has_each_status_but_the_first_once() -> None:
    assert sorted(a.STATUS_NA.values()) == sorted(set(AanmeldingStatus) - {AanmeldingStatus.AANGEMELD})


@pytest.mark.parametrize("naam", TYPES)
def test_no_fact_has_a_field_for_personal_text_in_the_clear(naam: str) -> None:
    assert {veld for veld in _open_teksten(TYPES[naam]) if (naam, veld) not in ALLEEN_HIER_IN_HET_OPEN} <= IN_HET_OPEN


def test_what_is_personal_is_sealed_wherever_it_stands() -> None:
    persoonlijk = {"persoon", "functionaris", "contact", "pgn", "tekst", "toelichting"}
    soorten = {
        (naam, veld): deel
        for naam, soort in TYPES.items()
        for veld, deel in get_type_hints(soort).items()
        if veld in persoonlijk
    }
    assert {veld for _, veld in soorten} == persoonlijk
    verzegeld = (Verzegeld, Verzegeld | None, dict[str, Verzegeld])
    assert {plek for plek, deel in soorten.items() if deel not in verzegeld} == set()


def _open_teksten(soort: type[Vorm] | type[a.Koppelbericht]) -> set[str]:
    return {veld for veld, deel in get_type_hints(soort).items() if _kan_tekst_dragen(deel)}


def _kan_tekst_dragen(soort: Any) -> bool:  # noqa: ANN401  # the type of a field, as the annotation gives it
    """Tell whether a field of this type could hold a person's words: neither sealed, a number, an id nor a choice."""
    oorsprong = get_origin(soort)
    if soort is Verzegeld or oorsprong is Literal or soort is type(None):
        return False
    if soort == dict[str, Verzegeld]:
        return False
    if oorsprong in {Union, UnionType}:
        return any(_kan_tekst_dragen(deel) for deel in get_args(soort))
    if soort is a.Koppelbericht:
        return not _open_teksten(soort) <= IN_HET_OPEN
    if soort is Regels:
        return False
    return not (isinstance(soort, type) and issubclass(soort, int | bool | UUID | Enum))


def test_a_clear_text_field_would_be_seen() -> None:
    class Verklikker(Vorm, frozen=True, kw_only=True, tag="verklikker.v1"):
        roepnaam: str
        lijst: dict[str, str]
        soort: Literal["a"]
        geheim: Verzegeld | None = None

    assert _open_teksten(Verklikker) == {"roepnaam", "lijst"}
