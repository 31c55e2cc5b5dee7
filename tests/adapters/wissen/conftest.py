"""A small region in which somebody can be erased, with all that is kept of him; a database a test."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from uuid import UUID

import pytest

from overstap.adapters.app import App
from overstap.adapters.koppelingen import importeer
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.wissen.wisser import Wissing, wis
from overstap.domain.rollen import Actor, Rol
from overstap.domain.verzoeken_wissen import WisPersoon
from tests.adapters.koppelingen.bestanden import bericht, csv, pagina
from tests.adapters.opstelling import JAAR, MBO, REGIEBEHEERDER, REGIO, SCHOOL, app, richt_regio_in
from tests.postgres_fixture import MakeDatabank

KOP = "BSN;Achternaam;Roepnaam;Geboortedatum;Niveau;Klas;Gemeente"
OP_VERZOEK = WisPersoon(aanleiding="verzoek", reden="brief 12")


class Streek:
    """The region, and what its institutions deliver."""

    def __init__(self, geheel: App, map_: Path) -> None:
        self.app, self._map, self._nummer = geheel, map_, 0

    @property
    def databank(self) -> Databank:
        return self.app.databank

    def voer_op(self, *pgns: str, school: str = SCHOOL) -> list[UUID]:
        """Let the school enter pupils, and give their overstappen."""
        regels = [f"{pgn};Zwartevlinder;Quispelaer;2010-02-03;kb;4a;0363" for pgn in pgns]
        importeer(self.app, csv(self._pad(".csv"), KOP, *regels), school, Rol.VO_BEHEERDER)
        hashes = [self.app.kluis.pgn_hash(pgn) for pgn in pgns]
        gevonden = self.app.opzoeker.overstappen_bij_pgn(REGIO, JAAR, hashes)
        return [gevonden[een] for een in hashes]

    def meld(self, pgn: str, keten_id: str, volgnummer: int = 1, code: str = "AO") -> dict[str, int]:
        """Let the MBO send a message; give how many lines came to what."""
        verslag = importeer(
            self.app, pagina(self._pad(".json"), bericht(pgn, keten_id, volgnummer, code)), MBO, Rol.KOPPELING
        )
        return {**verslag.per_code, "aanvaard": verslag.aanvaard, "wachtbak": verslag.wachtbak}

    def wis(self, *overstappen: UUID, verzoek: WisPersoon = OP_VERZOEK, door: Actor = REGIEBEHEERDER) -> Wissing:
        with self.databank.verbind(Login.SCHRIJVER) as verbinding:
            return wis(verbinding, overstappen, verzoek, door, self.app.klok)

    def vraag(self, vraag: str, *waarden: object) -> Sequence[tuple[object, ...]]:
        """Ask the database, as who records."""
        with self.databank.verbind(Login.SCHRIJVER) as verbinding:
            return verbinding.execute(vraag.encode(), waarden).fetchall()

    def _pad(self, soort: str) -> Path:
        self._nummer += 1
        return self._map / f"{self._nummer}{soort}"


MaakStreek = Callable[[], Streek]


@pytest.fixture
def maak_streek(maak_databank: MakeDatabank, tmp_path: Path) -> Iterator[MaakStreek]:
    with contextlib.ExitStack() as stapel:

        def maak() -> Streek:
            geheel = stapel.enter_context(app(maak_databank(Soort.DEMO)))
            richt_regio_in(geheel)
            return Streek(geheel, tmp_path)

        yield maak


@pytest.fixture
def streek(maak_streek: MaakStreek) -> Streek:
    return maak_streek()
