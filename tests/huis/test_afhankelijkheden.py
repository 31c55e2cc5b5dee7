"""What the project needs of others: declared, locked with hashes, explained, and no more than that."""

import re
from importlib.metadata import packages_distributions

import pytest

from tests.huis.bron import REPO, bestanden, pyproject, vreemde_modules

SLOTEN = ("requirements.lock", "requirements-dev.lock")


@pytest.mark.parametrize("slot", SLOTEN)
def test_a_lock_names_no_address(slot: str) -> None:
    tekst = (REPO / slot).read_text(encoding="utf-8")
    assert "://" not in tekst
    assert not re.search(r"^\s*-", re.sub(r"^    --hash=.*$", "", tekst, flags=re.MULTILINE), flags=re.MULTILINE)


@pytest.mark.parametrize("slot", SLOTEN)
def test_every_locked_package_has_one_version_and_its_hashes(slot: str) -> None:
    regels = [regel for regel in _zonder_commentaar(slot) if regel]
    for regel in regels:
        assert re.fullmatch(r"[a-z0-9-]+==[0-9][^ ]*( ; [^\\]+?)?( --hash=sha256:[0-9a-f]{64})+", regel), regel
    namen = [_naam(regel) for regel in regels]
    assert len(namen) == len(set(namen))


def test_both_locks_hold_the_same_versions() -> None:
    gebruik, ontwikkeling = (dict(map(_naam_en_versie, _zonder_commentaar(slot))) for slot in SLOTEN)
    assert gebruik.items() <= ontwikkeling.items()


def test_every_declared_dependency_is_locked() -> None:
    project = pyproject()["project"]
    gebruik, ontwikkeling = ({_naam(regel) for regel in _zonder_commentaar(slot)} for slot in SLOTEN)
    assert set(map(_naam, project["dependencies"])) <= gebruik
    assert set(map(_naam, project["optional-dependencies"]["dev"])) <= ontwikkeling


def test_domain_imports_the_standard_library_and_msgspec_only() -> None:
    vreemd = {
        naam for pad in bestanden() if pad.parts[0] == "domain" and pad.suffix == ".py" for naam in vreemde_modules(pad)
    }
    assert vreemd == {"msgspec"}


def test_every_imported_library_is_declared() -> None:
    declared = set(map(_naam, pyproject()["project"]["dependencies"]))
    distributies = packages_distributions()
    for pad in bestanden():
        if pad.suffix == ".py":
            for module in vreemde_modules(pad):
                van = {_naam(naam) for naam in distributies.get(module, [])}
                assert van & declared, f"{pad} imports {module}, which pyproject.toml does not declare"


def test_every_declared_dependency_is_explained() -> None:
    project = pyproject()["project"]
    alle = set(map(_naam, [*project["dependencies"], *project["optional-dependencies"]["dev"]]))
    rijen = re.findall(
        r"^\| ([a-z0-9-]+)", (REPO / "docs" / "dependencies.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(naam for naam in rijen if naam != "package") == sorted(alle)


def _zonder_commentaar(slot: str) -> list[str]:
    """Give a lock as one line a package: name==version ; marker --hash=... --hash=..."""
    tekst = (REPO / slot).read_text(encoding="utf-8")
    tekst = re.sub(r"^\s*#.*\n", "", tekst, flags=re.MULTILINE)
    return re.sub(r" \\\n\s+", " ", tekst).splitlines()


def _naam(eis: str) -> str:
    gevonden = re.match(r"[A-Za-z0-9._-]+", eis)
    assert gevonden, eis
    return re.sub(r"[-_.]+", "-", gevonden[0]).lower()


def _naam_en_versie(regel: str) -> tuple[str, str]:
    return _naam(regel), regel.partition("==")[2].split()[0]
