"""How far the notary's last signature reaches, for who asks whether the log is being signed."""

from datetime import datetime, timedelta
from typing import Any

import psycopg

from overstap.adapters.bewijs import opslag
from overstap.adapters.bewijs.teksten import lees_controlepunt

_ERNA = "SELECT coalesce(max(positie), 0) FROM log.gebeurtenissen"
GEDULD = timedelta(minutes=10)
"""How long events may wait for a signature before it is told; a notary that runs signs after a minute."""


def ouderdom(verbinding: psycopg.Connection[Any], nu: datetime, geduld: timedelta = GEDULD) -> tuple[bool, str]:
    """Tell whether the log is signed as it grows, and in words when it was last.

    Nothing is wrong as long as nobody ever signed here, or nothing came since; the sentence says so.

    Raises:
        TekstOngeldig: when the last checkpoint was damaged.

    """
    laatste = opslag.controlepunt(verbinding, None)
    [(tot,)] = verbinding.execute(_ERNA).fetchall()
    if laatste is None:
        return True, "Nog nooit ondertekend; `overstap serve` of `overstap audit checkpoint` doet dat." if tot else ""
    ouder = nu - lees_controlepunt(laatste.tekst).tijdstip
    erna = int(tot) - laatste.grootte
    uitleg = f"Controlepunt {laatste.nummer} is {duur_in_woorden(ouder)} oud; {erna} gebeurtenissen erna."
    if erna <= 0 or ouder <= geduld:
        return True, uitleg
    return False, f"{uitleg} Laat de notaris ondertekenen: overstap serve, of overstap audit checkpoint --follow."


def duur_in_woorden(duur: timedelta) -> str:
    """Say how long something lasted, such as '3 uur' or '12 dagen'; less than a minute is 'geen minuut'."""
    minuten = max(0, int(duur.total_seconds() // 60))
    uren, dagen = minuten // 60, minuten // 1440
    if dagen:
        return f"{dagen} {'dag' if dagen == 1 else 'dagen'}"
    if uren:
        return f"{uren} uur"
    return f"{minuten} {'minuut' if minuten == 1 else 'minuten'}" if minuten else "geen minuut"
