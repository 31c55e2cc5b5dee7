"""What the command line does to pupils stands in the log of access."""

import json
from pathlib import Path
from uuid import UUID

from overstap.adapters.app import App
from overstap.adapters.cli.inzage import meld_levering
from overstap.adapters.koppelingen.invoer import importeer
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.domain.rollen import Rol
from tests.adapters.opstelling import SCHOOL, app, opgevoerd, richt_regio_in

_LEES = b"SELECT overstap, account, handeling, onderwerp, herkomst FROM toegang.toegangslog ORDER BY op, nummer"


def _regel(overstap: UUID) -> str:
    stap = {"verzoek": "leg_warme_overdracht_vast", "leerling": {"overstap": str(overstap)}, "datum": "2026-01-09"}
    return json.dumps(stap) + "\n"


def _neem_in(geheel: App, bestand: Path) -> UUID | None:
    begin = geheel.log.laatste_positie()
    verslag = importeer(geheel, bestand, SCHOOL, Rol.DECAAN)
    meld_levering(geheel, verslag.aanlevering, begin)
    return verslag.aanlevering


def test_a_file_taken_in_stands_with_each_pupil_it_changed(demo_databank: Databank, tmp_path: Path) -> None:
    bestand = tmp_path / "stappen.ndjson"
    with app(demo_databank) as geheel:
        richt_regio_in(geheel)
        leerling, _ander = opgevoerd(geheel, "940000003"), opgevoerd(geheel, "940000015")
        bestand.write_text(_regel(leerling), encoding="utf-8")
        eerste, _tweede = (_neem_in(geheel, bestand) for _ in range(2))  # the second time it changes nobody
    with demo_databank.verbind(Login.AUDIT) as verbinding:
        regels = verbinding.execute(_LEES).fetchall()
    wat = ("opdrachtregel", "import", f"aanlevering {eerste}", "opdrachtregel")
    assert regels == [(None, *wat), (leerling, *wat), (None, *wat)]
