"""The notary's watch, as a process of its own: it signs as the log grows, until it is told to stop."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from overstap.adapters.cli.fouten import Uitgang
from tests.adapters.cli.conftest import Overstap

GEDULD = 90.0  # seconds; it takes one or two
_SCRIPT = "import sys; from overstap.adapters.cli import main; sys.exit(main(sys.argv[1:]))"


@pytest.mark.parametrize(("jaar", "gebeurtenissen", "seconden"), [(2026, "1", "3600"), (2028, "1000000", "0.2")])
def test_it_signs_after_so_many_events_or_seconds(
    overstap: Overstap, datamap: Path, jaar: int, gebeurtenissen: str, seconden: str
) -> None:
    omgeving = {**os.environ, "OVERSTAP_DATAMAP": str(datamap)}
    omgeving |= {"OVERSTAP_NOTARIS_GEBEURTENISSEN": gebeurtenissen, "OVERSTAP_NOTARIS_SECONDEN": seconden}
    assert overstap("open-jaar", str(jaar)).uitgang == Uitgang.GELUKT
    opdracht = [sys.executable, "-c", _SCRIPT, "audit", "checkpoint", "--follow", "--json"]
    with subprocess.Popen(
        opdracht, cwd=datamap.parent, env=omgeving, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as wacht:
        wekker = threading.Timer(GEDULD, wacht.kill)
        wekker.start()
        assert wacht.stdout is not None
        eerste = json.loads(wacht.stdout.readline())
        assert overstap("open-jaar", str(jaar + 1)).uitgang == Uitgang.GELUKT
        tweede = json.loads(wacht.stdout.readline())
        wacht.send_signal(signal.SIGTERM)
        assert wacht.wait() == Uitgang.GELUKT
        wekker.cancel()
    assert tweede["nummer"] == eerste["nummer"] + 1
    assert overstap("audit", "verify", "--json").json["beschermdTot"] > 0
