"""Log lines: one a command, JSON without a terminal, nothing personal whatever a caller passes."""

import io
import json
import sys
from collections.abc import Iterator

import pytest
import structlog

from overstap.adapters.telemetry import opdracht, richt_in


@pytest.fixture(autouse=True)
def eigen_instelling() -> Iterator[None]:
    richt_in()
    yield
    structlog.contextvars.clear_contextvars()
    structlog.reset_defaults()


class Terminal(io.StringIO):
    """A stderr that says a person looks on."""

    def isatty(self) -> bool:
        return True


def regels(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(regel) for regel in capsys.readouterr().err.splitlines()]


def test_a_command_is_one_line_with_its_duration_and_counts(capsys: pytest.CaptureFixture[str]) -> None:
    with opdracht("import", namens="99AA") as uitkomst:
        uitkomst["aanvaard"] = 12
    [regel] = regels(capsys)
    assert (regel["event"], regel["namens"], regel["aanvaard"], regel["level"]) == ("import", "99AA", 12, "info")
    assert isinstance(regel["seconden"], float)
    assert str(regel["tijdstip"]).endswith("Z")


def test_an_id_of_a_command_stands_in_every_line_meanwhile(capsys: pytest.CaptureFixture[str]) -> None:
    with opdracht("demo", uitvoering="7d1c"), opdracht("import", bestand="a.csv"):
        structlog.get_logger().info("batch")
    assert [(regel["event"], regel["uitvoering"]) for regel in regels(capsys)] == [
        ("batch", "7d1c"),
        ("import", "7d1c"),
        ("demo", "7d1c"),
    ]


def test_ids_of_one_command_do_not_stick_to_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    with opdracht("een", bestand="a.csv"):
        pass
    with opdracht("twee"):
        pass
    assert [regel.get("bestand") for regel in regels(capsys)] == ["a.csv", None]


@pytest.mark.parametrize("naam", ["naam", "pgn", "BSN", "nieuwePgn", "achternaam", "email", "persoon"])
def test_a_personal_name_is_left_out_and_marked(naam: str, capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().info("regel", **{naam: "Jansen"}, regel=3)
    [regel] = regels(capsys)
    assert "Jansen" not in json.dumps(regel)
    assert (regel["geweerd"], regel["regel"]) == ([naam], 3)


def test_a_personal_name_deep_inside_a_value_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().info("regel", inhoud={"lijst": [{"achternaam": "Jansen", "klas": "4B"}]})
    [regel] = regels(capsys)
    assert regel["inhoud"] == {"lijst": [{"klas": "4B"}]}
    assert regel["geweerd"] == ["inhoud.lijst.achternaam"]


def test_a_pgn_in_text_is_hidden_and_another_number_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().warning("regel", melding="leerling 900180730 of 100310303 kent positie 123456789")
    [regel] = regels(capsys)
    assert regel["melding"] == "leerling [pgn] of [pgn] kent positie 123456789"


def test_an_exception_is_told_by_class_and_place_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    def lees_regel() -> None:
        raise ValueError("Jansen staat er dubbel in")

    with pytest.raises(ValueError, match="Jansen"), opdracht("import"):
        lees_regel()
    [regel] = regels(capsys)
    assert (regel["fout"], regel["level"]) == ("ValueError", "error")
    assert "lees_regel" in str(regel["waar"])
    assert "Jansen" not in json.dumps(regel)


def test_a_terminal_shows_warnings_and_who_looked_and_no_other_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    richt_in()
    logger = structlog.get_logger()
    logger.info("batch", regels=1000)
    logger.info("inzage", overstap="3f2a")
    logger.warning("loopt_achter", posities=7)
    getoond = terminal.getvalue()
    assert "batch" not in getoond
    assert "3f2a" in getoond
    assert "loopt_achter" in getoond
