"""Erase any number of persons, a part at a time, with the list outside the database and the certificate."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

from overstap.adapters.app import App
from overstap.adapters.bewijs import opslag
from overstap.adapters.bewijs.gewistenlijst import lijst_van, onthoud
from overstap.adapters.bewijs.notaris import open_notaris
from overstap.adapters.postgres.logins import Login
from overstap.adapters.wissen.wisbewijs import Wisbewijs, maak_wisbewijs, onder_controlepunt
from overstap.adapters.wissen.wisser import PER_KEER, Wissing, wis
from overstap.domain.rollen import Actor
from overstap.domain.verzoeken_wissen import WisPersoon


def wis_personen(  # noqa: PLR0913  # whom, why, by whom, and what is written beside the database
    app: App,
    overstappen: Sequence[UUID],
    verzoek: WisPersoon,
    actor: Actor,
    lijstmap: Path,
    *,
    procedure: str | None = None,
) -> Iterator[tuple[Wissing, Wisbewijs]]:
    """Erase persons, PER_KEER in a transaction, and give of each what was done and its certificate.

    Their ids are added to the list in lijstmap, by which they are erased again after a backup is put back.

    Raises:
        DatabankOnbereikbaar: when the database is lost; what was given is done, and doing it again does the rest.

    """
    with app.databank.verbind(Login.SCHRIJVER) as schrijver, app.databank.verbind(Login.AUDIT) as lezer:
        lijst = lijst_van(lijstmap, opslag.databank_van(lezer))
        for begin in range(0, len(overstappen), PER_KEER):
            wissing = wis(
                schrijver, overstappen[begin : begin + PER_KEER], verzoek, actor, app.klok, procedure=procedure
            )
            onthoud(lijst, [een.overstap for een in wissing.gewist if een.positie is not None])
            for een in wissing.gewist:
                app.kluis.vergeet(een.overstap)
            yield wissing, maak_wisbewijs(lezer, wissing, verzoek, actor)


def laat_ondertekenen(app: App, bewijs: Wisbewijs, notarismap: Path) -> Wisbewijs:
    """Let the notary sign, where this process has its key, and add the proof; else leave it to the next checkpoint.

    Raises:
        NotarisWeigert: when the notary finds that something is not right.

    """
    if not _is_bereikbaar(notarismap):
        return bewijs
    with open_notaris(app.databank, notarismap) as notaris:
        notaris.onderteken()
    with app.databank.verbind(Login.AUDIT) as lezer:
        return onder_controlepunt(lezer, bewijs)


def _is_bereikbaar(notarismap: Path) -> bool:
    """Tell whether a key lies there that we may read; without one no key is made here: whose it is, is not for us."""
    try:
        with (notarismap / "sleutel.pem").open("rb"):
            return True
    except OSError:
        return False
