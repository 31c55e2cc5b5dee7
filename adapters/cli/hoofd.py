"""Where the command line begins: the list of commands, log lines set up, and the exit code."""

import os
import sys
from collections.abc import Callable, Sequence
from functools import cache
from secrets import token_hex
from typing import Annotated

import structlog
import typer

from overstap.adapters.cli import (
    access_log,
    audit,
    check,
    counts,
    deliveries,
    demo,
    diff,
    doctor,
    flow,
    generate,
    history,
    import_,
    migrate,
    open_jaar,
    openapi,
    privacy,
    procedure,
    project,
    projections,
    pupils,
    serve,
    show,
    sluit_jaar,
    tail,
    token,
    worklist,
)
from overstap.adapters.cli.fouten import Uitgang, vertaal
from overstap.adapters.cli.gesprek import meld_fout
from overstap.adapters.opruimen import zelden_opruimen

app = typer.Typer(
    name="overstap",
    help="Volgt elke leerling van VO naar MBO: wat mag, wat gebeurde en waar de regio staat.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_OPDRACHTEN: dict[str, Callable[..., None]] = {
    "demo": demo.speel_demo,
    "generate": generate.verzin_bestanden,
    "import": import_.neem_in,
    "counts": counts.tel,
    "deliveries": deliveries.toon_aanleveringen,
    "pupils": pupils.toon_leerlingen,
    "flow": flow.toon_doorstroom,
    "show": show.toon_leerling,
    "diff": diff.vergelijk_kennis,
    "history": history.vertel_geschiedenis,
    "worklist": worklist.toon_werklijst,
    "tail": tail.volg_log,
    "access-log": access_log.toon_toegang,
    "procedure": procedure.teken_procedure,
    "open-jaar": open_jaar.open_overstapjaar,
    "sluit-jaar": sluit_jaar.sluit_overstapjaar,
    "serve": serve.bedien,
    "token": token.maak_token,
    "openapi": openapi.schrijf_document,
    "migrate": migrate.migreer_databank,
    "doctor": doctor.onderzoek,
    "project": project.houd_bij,
}
for _naam, _functie in _OPDRACHTEN.items():
    app.command(_naam)(_functie)
app.add_typer(audit.app, name="audit")
app.add_typer(check.app, name="check")
app.add_typer(privacy.app, name="privacy")
app.add_typer(projections.app, name="projections")
_NAMEN = {*_OPDRACHTEN, "audit", "check", "privacy", "projections"}


def _toon_versie(gevraagd: bool) -> None:
    if gevraagd:
        from importlib.metadata import version

        sys.stdout.write(f"overstap {version('overstap')}\n")
        raise typer.Exit


@app.callback()
def begin(
    _versie: Annotated[
        bool, typer.Option("--version", callback=_toon_versie, is_eager=True, help="Toon de versie en stop.")
    ] = False,
) -> None:
    """Prepare what every command shares."""


def main(argumenten: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code.

    0 done, 1 refused, 2 used wrongly, 3 something nobody foresaw, 4 database unreachable, 130 interrupted.
    """
    from overstap.adapters.telemetry import opdracht, richt_in

    richt_in()
    gegeven = list(sys.argv[1:] if argumenten is None else argumenten)
    if not gegeven:
        _voer_uit(["--help"])
        return Uitgang.VERKEERD_GEBRUIK
    naam = next((deel for deel in gegeven if deel in _NAMEN), None)
    if naam is None or {"-h", "--help"} & set(gegeven):
        return _voer_uit(gegeven)
    with zelden_opruimen(), opdracht(f"overstap {naam}", uitvoering=token_hex(4)) as uitkomst:
        uitgang = uitkomst["uitgang"] = int(_voer_uit(gegeven))
    return uitgang


@cache
def _opdrachtregel() -> typer.core.TyperGroup:
    """Read the commands once: their options are found in the functions' signatures, which takes as long as a query."""
    return typer.main.get_group(app)


def _voer_uit(gegeven: list[str]) -> int:
    try:
        uitgang = _opdrachtregel().main(args=gegeven, prog_name="overstap", standalone_mode=False)
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):
        # Whoever read our output has seen enough (typer makes a SystemExit of it); nothing may be written any more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)
        return Uitgang.GELUKT
    except (KeyboardInterrupt, typer.Abort):
        return Uitgang.ONDERBROKEN
    except typer.TyperException as fout:
        bij = " ".join(["overstap", *(naam for naam in gegeven[:1] if naam in _NAMEN)])
        meld_fout(f"{fout.format_message()} Zie: {bij} --help")
        return Uitgang.VERKEERD_GEBRUIK
    except Exception as fout:  # noqa: BLE001  # the last one to answer: every error becomes a sentence and an exit code
        afgebroken = vertaal(fout)
        if afgebroken.uitgang is Uitgang.INTERNE_FOUT:
            structlog.get_logger().exception("onvoorzien")
        meld_fout(str(afgebroken))
        return afgebroken.uitgang
    return uitgang if isinstance(uitgang, int) else Uitgang.GELUKT
