"""What the generator expects and what the engine does, side by side: two models of one procedure, written apart."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from overstap.adapters.app import App, app_op
from overstap.adapters.beelden import leesblik, werk_bij
from overstap.adapters.instellingen import Instellingen
from overstap.adapters.klok import GezetteKlok
from overstap.adapters.koppelingen.invoer import importeer
from overstap.adapters.koppelingen.verslag import GeweigerdeRegel
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.synthetische_regio import genereer
from overstap.domain.feiten.aanmelding import KoppelberichtNietToegepast
from overstap.domain.feiten.overstap import OverstapOpgevoerd, SignaalGegeven, StatusGewijzigd
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.kalender import datum_in_amsterdam
from overstap.domain.rollen import Rol
from overstap.projections.cijfers import Cijfers, cijfers_op, standen_op
from tests.adapters.opstelling import HOOFDSLEUTEL, REGIO
from tests.adapters.synthetische_regio.lezers import Bestanden

LEERLINGEN = 200
SOM_VAN = ("aanvaard", "signaal", "niet_toegepast")
"""What the engine's report calls accepted: it is recorded, though not always applied."""
ALTIJD = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass
class Afgespeeld:
    """A year that went through the engine: what was expected, what became of each line, every event."""

    bestanden: Bestanden
    geweigerd: set[tuple[str, int, str]] = field(default_factory=set)
    uitkomsten: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    gebeurtenissen: list[Gebeurtenis] = field(default_factory=list)
    cijfers: dict[tuple[str, str], Cijfers] = field(default_factory=dict)
    standen: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)

    def statussen_op(self, gebeurd: datetime, bekend: datetime) -> dict[str, int]:
        """Count where pupils stood on a moment as it was known at another, from the events alone."""
        stand: dict[object, str] = {}
        for gebeurtenis in self.gebeurtenissen:
            vastgelegd = gebeurtenis.vastgelegd_op
            if vastgelegd is None or vastgelegd > bekend or gebeurtenis.gebeurd_op > gebeurd:
                continue
            match gebeurtenis.feit:
                case OverstapOpgevoerd():
                    stand[gebeurtenis.originator_id] = "nog_niet_aangemeld"
                case StatusGewijzigd(naar=naar):
                    stand[gebeurtenis.originator_id] = str(naar)
                case _:
                    pass
        return dict(sorted(Counter(stand.values()).items()))


def lees_cijfers(app: App, afgespeeld: Afgespeeld) -> None:
    """Ask the read models for the region on each measuring day, as known then and as known in the end."""
    werk_bij(app)
    kader = app.kaders.kader(REGIO, 2026)
    assert kader is not None
    with leesblik(app) as cursor:
        for peilmoment, verwacht in afgespeeld.bestanden.verwacht["peilmomenten"].items():
            moment = datetime.fromisoformat(verwacht["moment"])
            for bekend, op in (("toen", moment), ("eind", ALTIJD)):
                dag = datum_in_amsterdam(moment)
                afgespeeld.cijfers[peilmoment, bekend] = cijfers_op(cursor, kader.regels, dag, op)[0]
                standen = standen_op(cursor, kader.regels, dag, op)
                afgespeeld.standen[peilmoment, bekend] = {str(status): n for status, n in standen.items() if n}


@pytest.fixture(scope="module")
def jaar(demo_databank: Databank, tmp_path_factory: pytest.TempPathFactory) -> Afgespeeld:
    map_: Path = tmp_path_factory.mktemp("vergelijking") / "regio"
    manifest = genereer(LEERLINGEN, 2026, 4, map_)
    afgespeeld = Afgespeeld(Bestanden(map_))
    klok = GezetteKlok(datetime.fromisoformat(manifest.leveringen[0].op))
    instellingen = Instellingen(regio=REGIO, _env_file=None)  # type: ignore[call-arg]
    with app_op(demo_databank, HOOFDSLEUTEL, instellingen, klok) as app:
        for levering in manifest.leveringen:
            klok.zet(datetime.fromisoformat(levering.op))

            def onthoud(regel: GeweigerdeRegel, bestand: str = levering.bestand) -> None:
                afgespeeld.geweigerd.add((bestand, regel.regel, regel.code))

            rol = Rol(levering.rol)
            verslag = importeer(app, map_ / levering.bestand, levering.namens, rol, bij_weigering=onthoud)
            for uitkomst in ("aanvaard", "ongewijzigd", "wachtbak"):
                afgespeeld.uitkomsten[levering.soort][uitkomst] += getattr(verslag, uitkomst)
        afgespeeld.gebeurtenissen = app.log.lees(0, app.log.laatste_positie())
        lees_cijfers(app, afgespeeld)
    return afgespeeld


def test_exactly_the_seeded_lines_are_refused_each_with_its_code(jaar: Afgespeeld) -> None:
    verwacht = {
        (geval["bestand"], geval["regel"], geval["code"])
        for geval in jaar.bestanden.moeilijkheden
        if geval["verwacht"] == "geweigerd"
    }
    assert len(verwacht) > 25
    assert jaar.geweigerd == verwacht


@pytest.mark.parametrize("soort", ["organisaties", "parameters", "leerlingen", "koppeling", "stappen"])
def test_every_other_line_becomes_what_was_expected(jaar: Afgespeeld, soort: str) -> None:
    verwacht = jaar.bestanden.verwacht["regels"][soort]
    gekregen = jaar.uitkomsten[soort]
    assert gekregen["aanvaard"] == sum(verwacht.get(deel, 0) for deel in SOM_VAN)
    assert gekregen["ongewijzigd"] == verwacht.get("ongewijzigd", 0)
    assert gekregen["wachtbak"] == verwacht.get("wachtbak", 0)


def test_every_pupil_is_followed_once(jaar: Afgespeeld) -> None:
    opgevoerd = [een.originator_id for een in jaar.gebeurtenissen if isinstance(een.feit, OverstapOpgevoerd)]
    assert len(opgevoerd) == len(set(opgevoerd)) == LEERLINGEN


@pytest.mark.parametrize("peilmoment", ["1 apr", "1 jun", "1 okt"])
@pytest.mark.parametrize("bekend", ["toen", "eind"])
def test_pupils_stand_where_they_were_expected_on_each_measuring_day(
    jaar: Afgespeeld, peilmoment: str, bekend: str
) -> None:
    verwacht = jaar.bestanden.verwacht["peilmomenten"][peilmoment]
    moment = datetime.fromisoformat(verwacht["moment"])
    assert jaar.statussen_op(moment, moment if bekend == "toen" else ALTIJD) == verwacht[bekend]["perStatus"]


@pytest.mark.parametrize("peilmoment", ["1 apr", "1 jun", "1 okt"])
@pytest.mark.parametrize("bekend", ["toen", "eind"])
def test_the_read_models_say_the_same_in_both_times(jaar: Afgespeeld, peilmoment: str, bekend: str) -> None:
    verwacht = jaar.bestanden.verwacht["peilmomenten"][peilmoment][bekend]
    rij = jaar.cijfers[peilmoment, bekend]
    gevonden = {
        "alle": rij.leerlingen,
        "alleAangemeld": rij.aangemeld.aantal,
        "vmbo": rij.aangemeld_vmbo.van,
        "vmboAangemeld": rij.aangemeld_vmbo.aantal,
        "aangemeldOp1April": rij.voorlopig_geplaatst.van,
        "voorlopigGeplaatst": rij.voorlopig_geplaatst.aantal,
        "geplaatstEnGestart": rij.geplaatst_en_gestart.aantal,
    }
    assert {naam: gevonden[naam] for naam in verwacht["norm"]} == verwacht["norm"]
    assert jaar.standen[peilmoment, bekend] == verwacht["perStatus"]


def test_pupils_end_where_they_were_expected(jaar: Afgespeeld) -> None:
    assert jaar.statussen_op(ALTIJD, ALTIJD) == jaar.bestanden.verwacht["statusAanHetEind"]


def test_the_seeded_messages_give_their_signals(jaar: Afgespeeld) -> None:
    verwacht = jaar.bestanden.verwacht["codes"]["signaal"]
    signalen = Counter(str(een.feit.signaal) for een in jaar.gebeurtenissen if isinstance(een.feit, SignaalGegeven))
    assert verwacht
    assert {signaal: signalen[signaal] for signaal in verwacht} == verwacht


def test_messages_in_the_wrong_order_are_kept_and_not_applied(jaar: Afgespeeld) -> None:
    redenen = Counter(
        str(een.feit.reden) for een in jaar.gebeurtenissen if isinstance(een.feit, KoppelberichtNietToegepast)
    )
    assert redenen["verouderd"] == jaar.bestanden.verwacht["regels"]["koppeling"]["niet_toegepast"]
