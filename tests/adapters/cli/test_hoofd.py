"""The command line as a whole: help, exit codes, and where each kind of text goes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from overstap.adapters.cli import main
from overstap.adapters.cli.fouten import Uitgang, vertaal
from overstap.adapters.cli.hoofd import app
from overstap.adapters.postgres.fouten import DatabankOnbereikbaar, MigratieFout

OPDRACHTEN = {
    "demo",
    "deliveries",
    "flow",
    "pupils",
    "generate",
    "import",
    "counts",
    "show",
    "diff",
    "history",
    "worklist",
    "tail",
    "access-log",
    "procedure",
    "open-jaar",
    "sluit-jaar",
    "serve",
    "token",
    "openapi",
    "migrate",
    "doctor",
    "project",
}


def test_these_are_the_commands() -> None:
    assert {opdracht.name for opdracht in app.registered_commands} == OPDRACHTEN
    assert {groep.name for groep in app.registered_groups} == {"audit", "check", "privacy", "projections"}


def test_without_arguments_the_help_is_shown_and_the_use_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == Uitgang.VERKEERD_GEBRUIK
    assert "procedure" in capsys.readouterr().out


def test_help_leaves_no_log_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["procedure", "--help"]) == Uitgang.GELUKT
    assert capsys.readouterr().err == ""


def test_an_unknown_command_is_one_clear_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bestaat-niet"]) == Uitgang.VERKEERD_GEBRUIK
    [regel] = capsys.readouterr().err.splitlines()
    assert regel.startswith("overstap: ")
    assert regel.endswith("Zie: overstap --help")


def test_a_wrong_option_points_to_the_help_of_its_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["procedure", "--format", "pdf"]) == Uitgang.VERKEERD_GEBRUIK
    uitvoer = capsys.readouterr()
    assert uitvoer.out == ""
    assert "Zie: overstap procedure --help" in uitvoer.err


def test_a_command_ends_with_one_log_line_in_json_when_no_person_looks_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["procedure"]) == Uitgang.GELUKT
    [regel] = capsys.readouterr().err.splitlines()
    assert json.loads(regel)["event"] == "overstap procedure"
    assert json.loads(regel)["uitgang"] == 0


def test_what_nobody_foresaw_is_told_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    afgebroken = vertaal(ValueError("Jansen staat er dubbel in"))
    assert afgebroken.uitgang == Uitgang.INTERNE_FOUT
    assert "Jansen" not in str(afgebroken)


@pytest.mark.parametrize(
    ("fout", "uitgang"),
    [
        (DatabankOnbereikbaar("weg"), Uitgang.DATABASE_ONBEREIKBAAR),
        (MigratieFout("oud"), Uitgang.GEWEIGERD),
        (FileNotFoundError(2, "weg", "lijst.csv"), Uitgang.VERKEERD_GEBRUIK),
    ],
)
def test_an_error_of_a_lower_layer_has_its_exit_code(fout: Exception, uitgang: Uitgang) -> None:
    assert vertaal(fout).uitgang is uitgang


@pytest.mark.parametrize(("vorm", "begin"), [("md", "# The procedure"), ("mermaid", "flowchart LR"), ("svg", "<svg ")])
def test_the_procedure_is_drawn_in_three_forms(vorm: str, begin: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["procedure", "--format", vorm]) == Uitgang.GELUKT
    assert capsys.readouterr().out.startswith(begin)


def test_a_reader_who_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    script = "import sys; from overstap.adapters.cli import main; sys.exit(main())"
    with subprocess.Popen(
        [sys.executable, "-c", script, "procedure"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=dict(os.environ),
    ) as proces:
        assert proces.stdout is not None
        assert proces.stderr is not None
        proces.stdout.close()
        gemeld = proces.stderr.read().decode()
        assert proces.wait() == 0
    assert "Traceback" not in gemeld
