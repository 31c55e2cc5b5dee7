"""A fact's shape can change by a new version alone, and what was stored in an old one reads as the current one."""

from pathlib import Path
from typing import Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overstap.domain.feiten import ARCHIEF, Archief, Vorm
from overstap.domain.feiten.aanmelding import IntakeGepland
from overstap.domain.feiten.archief import Opwaardering
from tests.domain import vormen
from tests.domain.feitstrategie import feit_van
from tests.domain.oude_versies import PROEF, ProefV1, ProefV2, ProefV3

# What is stored in an old version.


@given(feit=feit_van(ProefV1))
def test_a_fact_of_an_old_version_reads_as_the_current_one_by_way_of_every_version_between(feit: ProefV1) -> None:
    gelezen = PROEF.uit_bytes(msgspec.json.encode(feit, order="sorted"))
    assert gelezen == ProefV3(plaatsen=(feit.plaats,), aantal=feit.aantal or 1, reden="onbekend")


@given(feit=feit_van(ProefV1) | feit_van(ProefV2) | feit_van(ProefV3))
def test_a_fact_that_was_brought_up_to_date_stays_as_it_is(feit: Vorm) -> None:
    gelezen = PROEF.uit_bytes(msgspec.json.encode(feit, order="sorted"))
    assert PROEF.naam_van(gelezen) == "proef-gehouden.v3"
    assert PROEF.uit_bytes(PROEF.naar_bytes(gelezen)) == gelezen


@given(feiten=st.lists(feit_van(ProefV1) | feit_van(ProefV2) | feit_van(ProefV3) | feit_van(IntakeGepland)))
def test_facts_in_a_row_read_as_each_of_them_alone(feiten: list[Vorm]) -> None:
    ruw = [msgspec.json.encode(feit, order="sorted") for feit in feiten]
    assert PROEF.uit_reeks(b",".join(ruw)) == [PROEF.uit_bytes(een) for een in ruw]


def test_an_old_version_is_written_no_more() -> None:
    with pytest.raises(KeyError):
        PROEF.naam_van(ProefV1(plaats="99XX"))


@pytest.mark.parametrize(
    ("huidig", "opwaarderingen"),
    [
        ([ProefV2], {}),  # nothing says how to read the first one
        ([ProefV3], {ProefV1: lambda feit: feit}),  # nor the second
        ([ProefV2, ProefV3], {ProefV1: lambda feit: feit}),  # two are written
        ([IntakeGepland], {ProefV1: lambda feit: feit}),  # nothing is written
        ([ProefV1], {ProefV2: lambda feit: feit}),  # the wrong way round
    ],
)
def test_an_archive_with_a_version_it_cannot_bring_up_to_date_is_refused(
    huidig: list[type[Vorm]], opwaarderingen: dict[type[Vorm], Opwaardering]
) -> None:
    with pytest.raises(ValueError, match="the last version is written and every one before it has an upcaster"):
        Archief(huidig, opwaarderingen)


# The list of shapes.


def test_no_fact_changed_its_shape() -> None:
    fouten = vormen.gewijzigd(vormen.opgeschreven(), vormen.vormen_van(ARCHIEF))
    assert not fouten, "\n\n".join(fouten.values())


def test_the_list_has_every_shape() -> None:
    assert vormen.opgeschreven() == vormen.vormen_van(ARCHIEF), "New: run `python -m tests.domain.vormen`."


class Deel(msgspec.Struct, omit_defaults=True):
    """A part of a fact."""

    sinds: str


class Gehouden(Vorm, frozen=True, kw_only=True, tag="proef-gehouden.v1"):
    """A fact whose shape is on the list."""

    plaats: str
    aantal: int = 1
    soort: Literal["a", "b"] = "a"
    deel: Deel | None = None


class MetVeld(Gehouden, frozen=True, kw_only=True, tag="proef-gehouden.v1"):
    """A field came, even one that may be left out."""

    later: bool = False


class ZonderVeld(Vorm, frozen=True, kw_only=True, tag="proef-gehouden.v1"):
    """A field went."""

    plaats: str
    soort: Literal["a", "b"] = "a"
    deel: Deel | None = None


class AnderType(Gehouden, frozen=True, kw_only=True, tag="proef-gehouden.v1"):
    """A field holds something else."""

    plaats: int  # type: ignore[assignment]  # that is the point


class AndereBasis(Gehouden, frozen=True, kw_only=True, tag="proef-gehouden.v1"):
    """What is left out means something else."""

    aantal: int = 2


class Verplicht(Gehouden, frozen=True, kw_only=True, tag="proef-gehouden.v1"):
    """What was left out must be there."""

    aantal: int


class MinderWoorden(Gehouden, frozen=True, kw_only=True, tag="proef-gehouden.v1"):
    """A word that may be stored is no longer known."""

    soort: Literal["a"] = "a"


class AnderDeel(msgspec.Struct, omit_defaults=True):
    """A part of a fact that changed."""

    sinds: str
    tot: str | None = None


class MetAnderDeel(Gehouden, frozen=True, kw_only=True, tag="proef-gehouden.v1"):
    """What the fact holds within a field changed."""

    deel: AnderDeel | None = None  # type: ignore[assignment]  # that is the point


class MeerWoorden(Gehouden, frozen=True, kw_only=True, tag="proef-gehouden.v1"):
    """A word came: every stored fact can still be read."""

    soort: Literal["a", "b", "c"] = "a"  # type: ignore[assignment]  # that is the point


class AndereVolgorde(Vorm, frozen=True, kw_only=True, tag="proef-gehouden.v1"):
    """The same fields in another order, under another class name."""

    deel: Deel | None = None
    soort: Literal["b", "a"] = "a"
    aantal: int = 1
    plaats: str


OPGESCHREVEN = vormen.vormen_van(Archief([Gehouden], {}))


@pytest.mark.parametrize(
    ("soort", "verschil"),
    [
        (MetVeld, "/properties/later is new"),
        (ZonderVeld, "/properties/aantal is gone"),
        (AnderType, "/properties/plaats/type was string and is integer"),
        (AndereBasis, "/properties/aantal/default was 1 and is 2"),
        (Verplicht, "/properties/aantal/default is gone"),
        (MinderWoorden, "/properties/soort/enum lacks b"),
        (MetAnderDeel, "/properties/deel/anyOf/properties/tot is new"),
    ],
)
def test_another_shape_under_the_same_version_is_found_with_what_to_do(soort: type[Vorm], verschil: str) -> None:
    fouten = vormen.gewijzigd(OPGESCHREVEN, vormen.vormen_van(Archief([soort], {})))
    zin = fouten["proef-gehouden.v1"]
    assert zin.startswith(f"The shape of proef-gehouden.v1 changed: {verschil}.")
    assert "give the new shape the tag proef-gehouden.v2" in zin
    assert "add tests/domain/voorbeelden/proef-gehouden.v2.json" in zin


def test_a_version_that_can_no_longer_be_read_is_found() -> None:
    assert "it is gone" in vormen.gewijzigd(OPGESCHREVEN, {})["proef-gehouden.v1"]


@pytest.mark.parametrize("soort", [MeerWoorden, AndereVolgorde])
def test_what_leaves_every_stored_fact_readable_is_no_other_shape(soort: type[Vorm]) -> None:
    assert vormen.gewijzigd(OPGESCHREVEN, vormen.vormen_van(Archief([soort], {}))) == {}


def test_a_new_version_beside_the_old_one_is_no_other_shape() -> None:
    oud = vormen.vormen_van(Archief([ProefV1], {}))
    assert vormen.gewijzigd(oud, vormen.vormen_van(PROEF)) == {}


def test_the_command_writes_what_the_list_has_and_refuses_to_write_over_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lijst = tmp_path / "vormen.json"
    monkeypatch.setattr(vormen, "LIJST", lijst)
    assert vormen.hoofd() == 0
    assert lijst.read_text(encoding="utf-8") == (Path(__file__).parent / "vormen.json").read_text(encoding="utf-8")
    anders = lijst.read_bytes().replace(b'"regel"', b'"nummer"')
    lijst.write_bytes(anders)
    assert vormen.hoofd() == 1
    assert lijst.read_bytes() == anders
    assert "The shape of regel-geweigerd.v1 changed: /properties/nummer is gone." in capsys.readouterr().err
