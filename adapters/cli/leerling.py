"""Which pupil a command is about: by the beginning of his overstap's id, or by a PGN that comes on stdin."""

import re
import sys
from uuid import UUID

from rich.console import Console

from overstap.adapters.app import App
from overstap.adapters.beelden import leesblik
from overstap.adapters.cli.fouten import geweigerd, verkeerd_gebruik
from overstap.domain.identificaties import soort_pgn

_BEGIN = re.compile(r"[0-9a-f][0-9a-f-]{2,35}")
_ZOEK = "SELECT overstap FROM beeld.actueel WHERE overstap::text LIKE %s ORDER BY overstap LIMIT 3"


def vind(app: App, welke: str, jaar: int | None = None) -> UUID:
    """Give the overstap that is meant; when a PGN is given that of a year, without one the latest.

    Raises:
        Afgebroken: when there is none, or more than one.

    """
    return _bij_pgn(app, jaar) if welke == "-" else _bij_begin(app, welke.lower())


def _bij_begin(app: App, begin: str) -> UUID:
    if re.fullmatch(r"[0-9]{9}", begin):
        raise verkeerd_gebruik("Geef een PGN nooit als argument, want dat blijft staan. Geef - en typ het op stdin.")
    if not _BEGIN.fullmatch(begin):
        raise verkeerd_gebruik("Geef ten minste drie tekens van het nummer van de overstap (cijfers, a tot en met f).")
    with leesblik(app) as cursor:
        gevonden = [overstap for (overstap,) in cursor.execute(_ZOEK, (f"{begin}%",))]
    if not gevonden:
        raise geweigerd(f"Er is geen overstap waarvan het nummer met {begin} begint. Controleer het nummer.")
    if len(gevonden) > 1:
        raise geweigerd(f"Meer dan één overstap begint met {begin}. Geef meer tekens van het nummer.")
    return UUID(str(gevonden[0]))


def _bij_pgn(app: App, jaar: int | None) -> UUID:
    pgn = _lees_pgn()
    if soort_pgn(pgn) is None:
        raise verkeerd_gebruik("Dit is geen burgerservicenummer of onderwijsnummer. Geef negen cijfers.")
    pgn_hash = app.kluis.pgn_hash(pgn)
    gevonden = (
        app.opzoeker.eerdere_overstappen(app.regio, 9999, [pgn_hash])
        if jaar is None
        else app.opzoeker.overstappen_bij_pgn(app.regio, jaar, [pgn_hash])
    )
    if pgn_hash not in gevonden:
        raise geweigerd("Deze leerling is hier niet bekend. Controleer het nummer, of vraag het de VO-school.")
    return gevonden[pgn_hash]


def _lees_pgn() -> str:
    if sys.stdin.isatty():
        return Console(stderr=True).input("PGN (niet zichtbaar): ", password=True).strip()
    return sys.stdin.readline().strip()
