"""`make prove` goes on where it was, of the very same code alone."""

import pytest

from tests.bewijzen import Boekhouder, hash_van_de_code, lees

pytest_plugins = ["pytester"]
_BESTAND = """
import pytest

@pytest.mark.proof
@pytest.mark.parametrize("n", range(3))
def test_bewijs(n):
    assert n != 1

def test_gewoon():
    pass
"""
_KORT = ("-p", "no:cacheprovider", "-p", "no:unraisableexception")
"""The latter would collect all garbage of this process five times, at the end of each run."""


@pytest.fixture
def proef(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeini("[pytest]\nmarkers = proof: een bewijs")
    pytester.makepyfile(_BESTAND)
    return pytester


def _draai(proef: pytest.Pytester, code: str) -> dict[str, int]:
    uit = proef.inline_run(*_KORT, plugins=[Boekhouder(proef.path / "build" / "b.ndjson", code)])
    return {soort: len(wat) for soort, wat in zip(("goed", "over", "mis"), uit.listoutcomes(), strict=True)}


def test_what_held_is_not_proved_again_and_what_failed_is(proef: pytest.Pytester) -> None:
    assert _draai(proef, "a") == {"goed": 3, "over": 0, "mis": 1}
    assert _draai(proef, "a") == {"goed": 1, "over": 0, "mis": 1}


def test_of_other_code_all_is_proved_again(proef: pytest.Pytester) -> None:
    _draai(proef, "a")
    assert _draai(proef, "b") == {"goed": 3, "over": 0, "mis": 1}


def test_each_proof_that_held_has_its_line_and_one_that_was_cut_short_counts_for_nothing(
    proef: pytest.Pytester,
) -> None:
    _draai(proef, "a")
    pad = proef.path / "build" / "b.ndjson"
    with pad.open("a") as bestand:
        bestand.write('{"naam": "half')
    namen = [een.naam.partition("::")[2] for een in lees(pad)]
    assert namen == ["test_bewijs[0]", "test_bewijs[2]"]
    assert all(een.code == "a" for een in lees(pad))


def test_the_code_is_another_when_any_file_of_it_is(pytester: pytest.Pytester) -> None:
    for map_ in ("domain", "statemachine", "projections", "adapters", "tests"):
        (pytester.path / map_).mkdir()
    (pytester.path / "requirements-dev.lock").touch()
    bestand = pytester.path / "projections" / "a.sql"
    bestand.write_text("SELECT 1")
    eerst = hash_van_de_code(pytester.path)
    (pytester.path / "projections" / "a.md").write_text("niets")
    assert hash_van_de_code(pytester.path) == eerst
    bestand.write_text("SELECT 2")
    assert hash_van_de_code(pytester.path) != eerst
