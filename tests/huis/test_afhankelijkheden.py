"""What the project needs of others: declared, locked with hashes, explained, and no more than that."""

import json
import re
from importlib.metadata import packages_distributions

import pytest

from tests.huis.bron import REPO, bestanden, pyproject, vreemde_modules

SLOTEN = ("requirements.lock", "requirements-dev.lock")
NODE = "adapters/web/node.lock"
"""What stands in for a Node that the machine lacks."""
NPM = "adapters/web/package-lock.json"


@pytest.mark.parametrize("slot", [*SLOTEN, NODE])
def test_a_lock_names_no_address(slot: str) -> None:
    tekst = (REPO / slot).read_text(encoding="utf-8")
    assert "://" not in tekst
    assert not re.search(r"^\s*-", re.sub(r"^    --hash=.*$", "", tekst, flags=re.MULTILINE), flags=re.MULTILINE)


def test_the_lock_of_npm_names_no_address_and_has_every_hash() -> None:
    tekst = (REPO / NPM).read_text(encoding="utf-8")
    assert "://" not in tekst
    pakketten = {naam: een for naam, een in json.loads(tekst)["packages"].items() if naam}
    assert pakketten
    assert [naam for naam, een in pakketten.items() if not een["integrity"].startswith("sha512-")] == []


def test_every_package_of_npm_is_pinned_exactly_and_explained() -> None:
    soorten = json.loads((REPO / "adapters/web/package.json").read_bytes())
    alle = soorten["dependencies"] | soorten["devDependencies"]
    assert [versie for versie in alle.values() if not re.fullmatch(r"[0-9]+(\.[0-9]+){2}", versie)] == []
    uitleg = (REPO / "docs" / "dependencies.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| `([@a-z0-9/.-]+)`", uitleg, re.MULTILINE)) == sorted(alle)


@pytest.mark.parametrize("slot", [*SLOTEN, NODE])
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
