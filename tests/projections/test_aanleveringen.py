"""aanleveringen says what each organisation delivered and what came of it, as the report of the import does."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from overstap.adapters.app import App
from overstap.adapters.beelden import leesblik, werk_bij
from overstap.adapters.klok import GezetteKlok
from overstap.adapters.koppelingen import Verslag, importeer
from overstap.adapters.postgres.databank import Databank
from overstap.domain.feiten.aanlevering import RegelGeweigerd
from overstap.domain.rollen import Rol
from overstap.projections.aanleveringen import rij_na
from tests.adapters.koppelingen.bestanden import bericht, bsn, csv, pagina
from tests.adapters.opstelling import IN_JANUARI, MBO, SCHOOL, app, richt_regio_in
from tests.projections.geschiedenissen import BEGIN, Boek

KOP = "BSN;Achternaam;Roepnaam;Geboortedatum;Niveau;Klas;Gemeente"
UUR = timedelta(hours=1)


def regel(pgn: str, niveau: str = "kb") -> str:
    return f"{pgn};Achternaam;Roepnaam;2010-02-03;{niveau};4a;0363"


@pytest.fixture
def geheel(demo_databank: Databank) -> Iterator[App]:
    with app(demo_databank) as app_:
        richt_regio_in(app_)
        yield app_


def rij_van(geheel: App, verslag: Verslag) -> dict[str, Any]:
    werk_bij(geheel)
    with leesblik(geheel) as cursor:
        cursor.execute("SELECT * FROM beeld.aanleveringen WHERE aanlevering = %s", (verslag.aanlevering,))
        assert cursor.description is not None
        [rij] = cursor.fetchall()
        return {kolom.name: waarde for kolom, waarde in zip(cursor.description, rij, strict=True)}


def test_a_delivery_is_told_as_the_import_reported_it(geheel: App, tmp_path: Path) -> None:
    pgn = bsn()
    bestand = csv(tmp_path / "l.csv", KOP, regel(pgn), regel(bsn()), regel(pgn), regel("123456789"), regel("12"))
    verslag = importeer(geheel, bestand, SCHOOL, Rol.VO_BEHEERDER)
    rij = rij_van(geheel, verslag)
    assert (rij["organisatie"], rij["rol"], rij["soort"]) == (SCHOOL, "vo_beheerder", "leerlingen")
    assert (rij["ontvangen_op"], rij["verwerkt_op"], rij["bytes"]) == (IN_JANUARI, IN_JANUARI, bestand.stat().st_size)
    assert (rij["regels"], rij["aanvaard"], rij["ongewijzigd"]) == (5, verslag.aanvaard, verslag.ongewijzigd)
    assert verslag.aanvaard > 0
    assert (rij["geweigerd"], rij["per_code"]) == (verslag.aantal_geweigerd, verslag.per_code)
    assert len(verslag.per_code) > 0


def test_the_same_delivery_again_stays_one_and_adds_up_what_it_brought(geheel: App, tmp_path: Path) -> None:
    onbekend = bericht(bsn(), "99XX:70000011")
    eerste = importeer(geheel, pagina(tmp_path / "p.json", onbekend), MBO, Rol.KOPPELING)
    weer = importeer(geheel, pagina(tmp_path / "p.json", onbekend), MBO, Rol.KOPPELING)
    assert eerste.aanlevering == weer.aanlevering
    rij = rij_van(geheel, eerste)
    assert (rij["keren"], rij["regels"], rij["wachtbak"], rij["ongewijzigd"]) == (1, 1, 1, 0)


def test_it_says_when_a_delivery_last_had_something_new(geheel: App, tmp_path: Path) -> None:
    assert isinstance(geheel.klok, GezetteKlok)
    verslag = importeer(geheel, csv(tmp_path / "n.csv", KOP, regel(bsn())), SCHOOL, Rol.VO_BEHEERDER)
    geheel.klok.zet(IN_JANUARI + UUR)
    importeer(geheel, csv(tmp_path / "n.csv", KOP, regel(bsn())), SCHOOL, Rol.VO_BEHEERDER)
    rij = rij_van(geheel, verslag)
    assert (rij["ontvangen_op"], rij["laatste_op"]) == (IN_JANUARI, IN_JANUARI)


def test_a_stream_that_does_not_begin_with_a_receipt_is_damage() -> None:
    boek = Boek()
    geweigerd = RegelGeweigerd(regel=1, code="onbekende_leerling", reden="onbekend")
    boek.voeg_toe(UUID(int=1), [geweigerd], BEGIN, BEGIN)
    with pytest.raises(ValueError, match="begins with RegelGeweigerd"):
        rij_na(None, boek.gebeurtenissen[0], geweigerd)
