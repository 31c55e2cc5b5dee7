"""Whether the user that the database server runs as can read the notary's key: then it could sign too."""

from pathlib import Path
from typing import Final

from overstap.adapters.bewijs.notaris import SLEUTEL
from overstap.adapters.postgres.databank import Databank

_GEWONE_POORT: Final = "5432"


def sleutel_in_bereik(databank: Databank, map_: Path) -> str | None:
    """Say that whoever takes over the database can sign, with what to do; None when he cannot, or nobody can tell.

    map_ is the notary's folder. The owner of a server's socket is the user it runs as; of a server that is reached by
    TCP this machine does not know who that is.
    """
    gastheer = databank.adres.get("host", "")
    if not gastheer.startswith("/"):
        return None
    sleutel = map_ / SLEUTEL
    try:
        van_databank = (Path(gastheer) / f".s.PGSQL.{databank.adres.get('port', _GEWONE_POORT)}").stat().st_uid
        van_notaris = sleutel.stat().st_uid
    except (FileNotFoundError, PermissionError):
        return None
    if van_databank != van_notaris:
        return None
    return (
        f"De databaseserver draait als de gebruiker van wie {sleutel} is: wie de server overneemt, kan zelf "
        "ondertekenen. Bewaar controlepunten buiten deze machine, of laat de notaris als een andere gebruiker draaien "
        "(docs/audit-format.md)."
    )
