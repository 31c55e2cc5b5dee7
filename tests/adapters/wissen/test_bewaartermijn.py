"""Nobody is kept longer than the region decided."""

import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from overstap.adapters.bewijs.gewistenlijst import lees_lijst
from overstap.adapters.klok import GezetteKlok
from overstap.adapters.opdracht import Opdracht, Vastgelegd
from overstap.adapters.stroomsoorten import OVERSTAP
from overstap.adapters.telemetry import richt_in
from overstap.adapters.wissen.bewaartermijn import Opgeruimd, aan_de_beurt, ruim_op, vat_samen, verlopen
from overstap.adapters.wissen.bewaking import bewakend, houd_termijn_aan
from overstap.domain.feiten.overstap import OverstapGewist
from overstap.domain.verzoeken import Overleg, SchakelLeerplichtIn
from tests.adapters.koppelingen.bestanden import bsn
from tests.adapters.opstelling import DECAAN, IN_JANUARI, JAAR, app
from tests.adapters.wissen.conftest import Streek

MAANDEN = 12
OP_DE_DAG = datetime(2027, 10, 1, 22, 30, tzinfo=UTC)  # 2 oktober 2027 in Amsterdam
DAG_ERVOOR = datetime(2027, 10, 1, 21, 30, tzinfo=UTC)


def zet(streek: Streek, moment: datetime) -> None:
    assert isinstance(streek.app.klok, GezetteKlok)
    streek.app.klok.zet(moment)


def test_a_year_ends_so_many_months_after_it_closed(streek: Streek) -> None:
    overstappen = streek.voer_op(bsn(), bsn())
    zet(streek, DAG_ERVOOR)
    assert verlopen(streek.app, MAANDEN) == []
    zet(streek, OP_DE_DAG)
    [een] = verlopen(streek.app, MAANDEN)
    assert (een.overstapjaar, set(een.overstappen)) == (JAAR, set(overstappen))
    assert verlopen(streek.app, MAANDEN + 1) == []


def test_everybody_of_that_year_is_erased_once(streek: Streek, tmp_path: Path) -> None:
    overstappen = streek.voer_op(bsn(), bsn(), bsn())
    zet(streek, OP_DE_DAG)
    [een] = verlopen(streek.app, MAANDEN)
    gedaan = list(ruim_op(streek.app, een, MAANDEN, tmp_path))
    opgeruimd = vat_samen(een, [wissing for wissing, _ in gedaan])
    assert opgeruimd == Opgeruimd(overstapjaar=JAAR, gewist=3, geweigerd={}, wachtbakitems=0)
    laatste = streek.app.log.laad(overstappen)[overstappen[0]][-1]
    assert laatste.feit == OverstapGewist(aanleiding="bewaartermijn", reden="12 maanden na 2 oktober 2026")
    assert (laatste.rol, laatste.procedure) == ("systeem", "2026.21.1")
    assert verlopen(streek.app, MAANDEN) == []
    [lijst] = tmp_path.glob("gewist-*.ndjson")
    assert set(lees_lijst(lijst)) == set(overstappen)


def test_who_is_with_leerplicht_waits_until_that_is_done(streek: Streek, tmp_path: Path) -> None:
    [overstap, ander] = streek.voer_op(bsn(), bsn())
    kluis = streek.app.kluis

    def schakel_in(_dossier: object) -> SchakelLeerplichtIn:
        contact = kluis.verzegel(overstap, "overleg-vastgelegd", "contact", "Fladderkamp")
        return SchakelLeerplichtIn(overleg=Overleg(contact=contact, overleg_datum=IN_JANUARI.date()))

    [antwoord] = streek.app.bus.verwerk([Opdracht(soort=OVERSTAP, stroom=overstap, verzoek=schakel_in, actor=DECAAN)])
    assert isinstance(antwoord, Vastgelegd)
    zet(streek, OP_DE_DAG)
    [een] = verlopen(streek.app, MAANDEN)
    wissingen = [wissing for wissing, _ in ruim_op(streek.app, een, MAANDEN, tmp_path)]
    assert vat_samen(een, wissingen).geweigerd == {"met_leerplicht": 1}
    assert [gewist.overstap for gewist in wissingen[0].gewist] == [ander]
    assert [een.overstappen for een in verlopen(streek.app, MAANDEN)] == [(overstap,)]


def test_what_waits_for_somebody_nobody_entered_is_given_up(streek: Streek, tmp_path: Path) -> None:
    assert streek.meld(bsn(), "99XX:70000001")["wachtbak"] == 1
    zet(streek, OP_DE_DAG)
    [een] = verlopen(streek.app, MAANDEN)
    assert list(ruim_op(streek.app, een, MAANDEN, tmp_path)) == []
    assert streek.vraag("SELECT item FROM kluis.wachtbak") == []
    [item] = een.wachtbakitems
    assert streek.vraag("SELECT 1 FROM kluis.datasleutels WHERE stroom = %s", item) == []
    assert streek.vraag("SELECT 1 FROM log.kwitanties WHERE stroom = %s", item) == []
    laatste = streek.app.log.laad([item])[item][-1]
    assert getattr(laatste.feit, "reden", "") == "te_oud"
    assert verlopen(streek.app, MAANDEN) == []


def test_two_at_once_do_not_both_erase(streek: Streek, tmp_path: Path) -> None:
    streek.voer_op(bsn())
    zet(streek, OP_DE_DAG)
    with aan_de_beurt(streek.app) as eerste, aan_de_beurt(streek.app) as tweede:
        assert (eerste, tweede) == (True, False)
        houd_termijn_aan(streek.app, MAANDEN, tmp_path)
        assert verlopen(streek.app, MAANDEN) != []
    houd_termijn_aan(streek.app, MAANDEN, tmp_path)
    assert verlopen(streek.app, MAANDEN) == []


def test_who_serves_erases_in_the_background_and_tries_again_after_a_failure(
    streek: Streek, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    streek.voer_op(bsn())
    zet(streek, OP_DE_DAG)
    richt_in("debug")
    keren = 0

    def open_app():  # type: ignore[no-untyped-def]  # noqa: ANN202  # a context manager, or a failure first
        nonlocal keren
        keren += 1
        if keren == 1:
            raise OSError
        return app(streek.databank, OP_DE_DAG)

    einde = time.monotonic() + 30
    with bewakend(open_app, MAANDEN, 0.02, tmp_path):
        while verlopen(streek.app, MAANDEN) and time.monotonic() < einde:
            threading.Event().wait(0.02)
    assert verlopen(streek.app, MAANDEN) == []
    assert "bewaartermijn_mislukt" in "".join(capsys.readouterr())
