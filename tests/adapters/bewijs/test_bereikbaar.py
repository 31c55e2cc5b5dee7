"""Who runs the database must not be able to sign; where he can, it is told."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from overstap.adapters.bewijs.bereikbaar import sleutel_in_bereik
from overstap.adapters.bewijs.sleutels import maak_sleutel
from overstap.adapters.postgres.databank import Databank


@pytest.fixture
def databank(tmp_path: Path) -> Iterator[Databank]:
    """Give a database whose server, by its socket, runs as who runs this test."""
    with socket.socket(socket.AF_UNIX) as luisterend:
        luisterend.bind(str(tmp_path / ".s.PGSQL.5432"))
        yield Databank({"host": str(tmp_path), "port": "5432"})


def test_a_key_of_the_user_that_the_server_runs_as_is_in_its_reach(databank: Databank, tmp_path: Path) -> None:
    maak_sleutel(tmp_path / "notaris" / "sleutel.pem")
    bezwaar = sleutel_in_bereik(databank, tmp_path / "notaris")
    assert bezwaar is not None
    assert "kan zelf ondertekenen" in bezwaar


def test_a_key_of_another_user_is_not(databank: Databank, tmp_path: Path) -> None:
    pad = tmp_path / "notaris" / "sleutel.pem"
    maak_sleutel(pad)
    if os.geteuid() == 0:
        os.chown(pad, 65534, -1)
    else:
        pad.unlink()
        pad.symlink_to("/")  # what is root's
    assert sleutel_in_bereik(databank, pad.parent) is None


def test_of_a_server_elsewhere_nobody_can_tell(tmp_path: Path) -> None:
    maak_sleutel(tmp_path / "sleutel.pem")
    assert sleutel_in_bereik(Databank({"host": "database.example"}), tmp_path) is None
