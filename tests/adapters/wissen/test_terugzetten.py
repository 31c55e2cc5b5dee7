"""A real backup, put back: who was erased since is erased again, and an old master key opens nothing any more."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import pytest

from overstap.adapters.app import App, app_op, hoofdsleutel_van
from overstap.adapters.bewijs.export import exporteer
from overstap.adapters.bewijs.gewistenlijst import lijst_van, onthoud
from overstap.adapters.bewijs.notaris import open_notaris
from overstap.adapters.bewijs.toetsing import toets_log
from overstap.adapters.gezondheid import Bevinding, onderzoek_alles
from overstap.adapters.instellingen import Instellingen
from overstap.adapters.klok import GezetteKlok
from overstap.adapters.postgres.databank import NAAM, Databank
from overstap.adapters.postgres.logins import SUPERGEBRUIKER, Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.server import Server
from overstap.adapters.stroomsoorten import OVERSTAP
from overstap.adapters.vault import HoofdsleutelPastNiet, Kluis, Sleutelbestand
from overstap.adapters.vault.omsleutelen import verpak_alles
from overstap.adapters.wissen.uitvoering import wis_personen
from overstap.domain.feiten.overstap import OverstapGewist
from tests.adapters.koppelingen.bestanden import bsn
from tests.adapters.opstelling import IN_JANUARI, REGIEBEHEERDER, REGIO, richt_regio_in
from tests.adapters.wissen.conftest import OP_VERZOEK, Streek
from tests.postgres_fixture import _SNEL, een_server

WAT = "wie gewist is, is gewist gebleven"


class Teruggezet(NamedTuple):
    """A server as it was put back, who was erased after its backup and who never was; how the key was wrapped then."""

    instellingen: Instellingen
    gewist: UUID
    ander: UUID
    export: Path
    verpakt: dict[UUID, bytes]
    wal: bytes
    oude_sleutel: bytes


def _app(databank: Databank, instellingen: Instellingen) -> contextlib.AbstractContextManager[App]:
    return app_op(databank, hoofdsleutel_van(instellingen), instellingen, GezetteKlok(IN_JANUARI))


def _databank(server: Server) -> Databank:
    return Databank(server.adres(Login.EIGENAAR, NAAM), server.wachtwoorden)


@pytest.fixture(scope="module")
def teruggezet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Teruggezet]:
    map_ = tmp_path_factory.mktemp("terug")
    with een_server() as server:
        data = server.data
        server.maak_databank(NAAM)
        databank = _databank(server)
        databank.migreer(Soort.DEMO)
        instellingen = Instellingen(regio=REGIO, datamap=data, _env_file=None)  # type: ignore[call-arg]
        with _app(databank, instellingen) as app, open_notaris(databank, data / "notaris") as notaris:
            richt_regio_in(app)
            streek = Streek(app, map_)
            gewist, ander, *_ = streek.voer_op(*(bsn() for _ in range(9)))
            with databank.verbind(Login.SCHRIJVER) as verbinding:
                verpakt = dict(verbinding.execute("SELECT stroom, verpakt FROM kluis.datasleutels").fetchall())
            notaris.onderteken()
            _maak_kopie(server, map_ / "kopie")
            list(wis_personen(app, [gewist], OP_VERZOEK, REGIEBEHEERDER, data))
            notaris.onderteken()
            with databank.verbind(Login.AUDIT) as lezer:
                exporteer(lezer, map_ / "export")
        oude_sleutel = (data / "hoofdsleutel").read_bytes()
        cluster = server.cluster
        wal = b"".join(pad.read_bytes() for pad in sorted((cluster / "pg_wal").iterdir()) if pad.is_file())
    _zet_terug(cluster, map_ / "kopie")
    terug = Server(data, instellingen=_SNEL)
    yield Teruggezet(instellingen, gewist, ander, map_ / "export", verpakt, wal, oude_sleutel)
    terug.laat_los()


def _maak_kopie(server: Server, naar: Path) -> None:
    subprocess.run(
        [server.binaries / "pg_basebackup", "--pgdata", naar, "--wal-method", "stream", "--checkpoint", "fast",
         "--dbname", server.conninfo(SUPERGEBRUIKER)],
        check=True,
        capture_output=True,
    )  # fmt: skip


def _zet_terug(cluster: Path, kopie: Path) -> None:
    """Put the files of a backup where the cluster was, for the user that the server runs as."""
    wie = cluster.stat()
    shutil.rmtree(cluster)
    shutil.copytree(kopie, cluster)
    for pad in (cluster, *cluster.rglob("*")):
        os.chown(pad, wie.st_uid, wie.st_gid)
    cluster.chmod(0o700)


def _dokter(teruggezet: Teruggezet, export: Path | None = None) -> Bevinding:
    [bevinding] = [een for een in onderzoek_alles(teruggezet.instellingen, export) if een.wat == WAT]
    return bevinding


def test_an_old_backup_has_the_person_and_the_doctor_erases_him_again(teruggezet: Teruggezet) -> None:
    server = Server(teruggezet.instellingen.datamap, instellingen=_SNEL)
    databank = _databank(server)
    with _app(databank, teruggezet.instellingen) as app:
        persoon = app.bus.staat(OVERSTAP, teruggezet.gewist).persoon
        assert app.kluis.open_persoon(teruggezet.gewist, persoon).achternaam == "Zwartevlinder"

    bevinding = _dokter(teruggezet)

    assert bevinding.is_goed
    assert bevinding.uitleg.startswith("1 overstappen stonden terug")
    with _app(databank, teruggezet.instellingen) as app:
        assert app.bus.staat(OVERSTAP, teruggezet.gewist).overstap.is_gewist
        assert app.kluis.open_persoon(teruggezet.gewist, persoon).achternaam is None
        ander = app.bus.staat(OVERSTAP, teruggezet.ander).persoon
        assert app.kluis.open_persoon(teruggezet.ander, ander).achternaam == "Zwartevlinder"
        laatste = app.log.laad([teruggezet.gewist])[teruggezet.gewist][-1].feit
        assert isinstance(laatste, OverstapGewist)
        assert laatste.aanleiding == "teruggezet"
    with databank.verbind(Login.AUDIT) as lezer:
        assert toets_log(lezer).is_goed
    assert _dokter(teruggezet).uitleg == "", "once is enough"
    server.laat_los()


def test_without_lists_here_an_export_that_somebody_else_kept_says_who_was_erased(teruggezet: Teruggezet) -> None:
    server = Server(teruggezet.instellingen.datamap, instellingen=_SNEL)
    databank, data = _databank(server), teruggezet.instellingen.datamap
    with _app(databank, teruggezet.instellingen) as app:
        streek = Streek(app, teruggezet.export.parent)
        [[nummer]] = streek.vraag("SELECT databank FROM log.kenmerk")
    for map_ in (data, data / "notaris"):
        lijst_van(map_, UUID(str(nummer))).unlink(missing_ok=True)
    assert _dokter(teruggezet, teruggezet.export).is_goed
    regels = lijst_van(data, UUID(str(nummer))).read_text(encoding="utf-8")
    assert str(teruggezet.gewist) in regels
    vals = teruggezet.export.parent / "vals"
    shutil.copytree(teruggezet.export, vals)
    (vals / "gewist.ndjson").write_text(f'"{teruggezet.ander}"\n', encoding="utf-8")
    bevinding = _dokter(teruggezet, vals)
    assert not bevinding.is_goed
    assert "niet die van het controlepunt" in bevinding.uitleg
    server.laat_los()


def test_after_the_old_master_key_is_destroyed_old_backups_and_old_wal_open_nothing(teruggezet: Teruggezet) -> None:
    server = Server(teruggezet.instellingen.datamap, instellingen=_SNEL)
    bestand = Sleutelbestand(teruggezet.instellingen.datamap / "hoofdsleutel")
    in_wal = {stroom: een for stroom, een in teruggezet.verpakt.items() if een in teruggezet.wal}
    assert in_wal, "wrapped keys stand in the log of writing, but for one that a page cuts in two"
    oud = {teruggezet.gewist: teruggezet.verpakt[teruggezet.gewist], **in_wal}
    Kluis(bestand.lees(), lambda _: oud).laad(list(oud))  # the key of now opens what stands there
    bestand.vervang()
    with _databank(server).verbind(Login.SCHRIJVER) as verbinding:
        assert verpak_alles(verbinding, bestand.lees()) > 0
        assert verpak_alles(verbinding, bestand.lees()) == 0
        sleutels = dict(verbinding.execute("SELECT stroom, verpakt FROM kluis.datasleutels").fetchall())
    bestand.vernietig_vorige()

    nieuw = bestand.lees()
    for stroom in oud:
        with pytest.raises(HoofdsleutelPastNiet):
            Kluis(nieuw, lambda _: oud).laad([stroom])
    Kluis(nieuw, lambda _: sleutels).laad(list(sleutels))
    overal = [pad for pad in teruggezet.instellingen.datamap.iterdir() if pad.is_file()]
    assert not [pad for pad in overal if teruggezet.oude_sleutel.strip() in pad.read_bytes()]
    server.laat_los()


def test_who_is_back_and_cannot_be_erased_is_told(teruggezet: Teruggezet) -> None:
    server = Server(teruggezet.instellingen.datamap, instellingen=_SNEL)
    lijst = next(teruggezet.instellingen.datamap.glob("gewist-*.ndjson"))
    onthoud(lijst, [teruggezet.ander])
    elders = teruggezet.instellingen.model_copy(update={"regio": "22"})
    [bevinding] = [een for een in onderzoek_alles(elders) if een.wat == WAT]
    assert not bevinding.is_goed
    assert "1 onbekende_leerling" in bevinding.uitleg
    server.laat_los()


def test_a_list_with_something_else_in_it_is_told_and_nobody_is_erased(teruggezet: Teruggezet) -> None:
    server = Server(teruggezet.instellingen.datamap, instellingen=_SNEL)
    lijst = next(teruggezet.instellingen.datamap.glob("gewist-*.ndjson"))
    lijst.write_text("iets anders\n", encoding="utf-8")
    bevinding = _dokter(teruggezet)
    assert not bevinding.is_goed
    assert "niet alleen nummers" in bevinding.uitleg or "iets anders dan nummers" in bevinding.uitleg
    server.laat_los()
