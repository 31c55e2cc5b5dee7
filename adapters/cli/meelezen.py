"""Write events as they come into the log: what is there, and then each batch when PostgreSQL says so."""

from collections.abc import Iterable

from overstap.adapters.app import App
from overstap.adapters.cli.inzage import laat_dicht
from overstap.adapters.cli.sessie import noemer
from overstap.adapters.cli.uitvoer import schrijf, schrijf_json_regel
from overstap.adapters.postgres.logins import Login
from overstap.adapters.stopteken import Stopteken
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.projections.tijdlijn import Regel, vertel

_BATCH = 1_000
_KANAAL = "gebeurtenissen"
_GEDULD = 5.0  # seconds; a poll for when a notification was missed


def lees_mee(app: App, na: int, *, als_json: bool, blijf: bool) -> None:
    """Write every event after a position; with blijf wait for more, until the user has seen enough (Ctrl-C)."""
    schrijf_regel = schrijf_json_regel if als_json else _schrijf_regel
    with Stopteken() as stop, app.databank.verbind(Login.SCHRIJVER) as luisteraar:
        # Listen first: what comes in while we read what is there is then announced.
        luisteraar.execute(f"LISTEN {_KANAAL}")
        while not stop.is_gegeven:
            if nieuwe := app.log.lees(na, _BATCH):
                na = nieuwe[-1].positie or na
                for regel in _verteld(app, nieuwe):
                    schrijf_regel(regel)
            elif blijf:
                stop.wacht_op(luisteraar.fileno(), _GEDULD)
                for _ in luisteraar.notifies(timeout=0):
                    pass
            else:
                return


def _verteld(app: App, gebeurtenissen: Iterable[Gebeurtenis]) -> list[Regel]:
    return vertel(gebeurtenissen, laat_dicht, noemer(app))


def _schrijf_regel(regel: Regel) -> None:
    waarom = f" {regel.waarom[0].upper()}{regel.waarom[1:]}." if regel.waarom else ""
    schrijf(f"{regel.positie:>8}  {regel.vastgelegd}  {regel.stroom[:8]}  {regel.zin}{waarom}")
