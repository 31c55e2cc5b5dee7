"""How old the last checkpoint is, and when that is too old."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from overstap.adapters.bewijs.notaris import open_notaris
from overstap.adapters.bewijs.ouderdom import GEDULD, duur_in_woorden, ouderdom
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.toevoeging import Toevoeging
from tests.adapters.postgres.gebeurtenissen import gebeurtenis


def stroom(aantal: int) -> Toevoeging:
    nieuw = uuid4()
    return Toevoeging(gebeurtenissen=[gebeurtenis(nieuw, nummer) for nummer in range(1, aantal + 1)])


def test_events_that_wait_too_long_for_a_signature_are_told(databank: Databank, log: Log, tmp_path: Path) -> None:
    later = datetime.now(UTC) + 2 * GEDULD + timedelta(seconds=30)
    with databank.verbind(Login.AUDIT) as verbinding, open_notaris(databank, tmp_path / "notaris") as notaris:
        log.voeg_toe([stroom(3)])
        assert ouderdom(verbinding, later) == (
            True,
            "Nog nooit ondertekend; `overstap serve` of `overstap audit checkpoint` doet dat.",
        )
        notaris.onderteken()
        assert ouderdom(verbinding, later) == (True, "Controlepunt 1 is 20 minuten oud; 0 gebeurtenissen erna.")
        log.voeg_toe([stroom(2)])
        assert ouderdom(verbinding, datetime.now(UTC))[0], "the notary gets its time"
        is_goed, uitleg = ouderdom(verbinding, later)
    assert not is_goed
    assert uitleg == (
        "Controlepunt 1 is 20 minuten oud; 2 gebeurtenissen erna. "
        "Laat de notaris ondertekenen: overstap serve, of overstap audit checkpoint --follow."
    )


@pytest.mark.parametrize(
    ("duur", "zin"),
    [
        (timedelta(seconds=59), "geen minuut"),
        (timedelta(seconds=-5), "geen minuut"),
        (timedelta(minutes=1), "1 minuut"),
        (timedelta(minutes=59), "59 minuten"),
        (timedelta(hours=5), "5 uur"),
        (timedelta(days=1), "1 dag"),
        (timedelta(days=9, hours=3), "9 dagen"),
    ],
)
def test_a_duration_is_said_in_its_largest_unit(duur: timedelta, zin: str) -> None:
    assert duur_in_woorden(duur) == zin
