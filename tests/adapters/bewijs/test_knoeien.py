"""Whatever is changed at or below a checkpoint that somebody kept is found, and the place is named; nothing else is."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from random import Random

import msgspec
import pytest

from overstap.adapters.bewijs import verify
from overstap.adapters.bewijs.export import exporteer
from overstap.adapters.bewijs.toegangsregels import lees_koppen, lees_toegangsregels
from overstap.adapters.bewijs.toetsing import toets_log
from tests.adapters.bewijs.conftest import Bewaakt, MaakBewaakt, Superverbinding
from tests.adapters.bewijs.knoeien import KNOEIERIJEN, Knoeierij, Plaats
from tests.adapters.bewijs.knoeien_toegang import TOEGANGSKNOEIERIJEN, Toegangsknoei

IS_VOL = os.environ.get("OVERSTAP_PROOF") == "full"
GEBEURTENISSEN, PER_SOORT, ONGEREPT = (20_000, 27, 200) if IS_VOL else (440, 2, 4)


@pytest.fixture(scope="module")
def bewaakt(maak_bewaakt: MaakBewaakt) -> Bewaakt:
    """Give a log with a checkpoint each twentieth of it, and some events that no checkpoint covers."""
    bewaakt = maak_bewaakt()
    for _ in range(20):
        gegroeid = bewaakt.groei(GEBEURTENISSEN // 20 - 3, stromen=1 + GEBEURTENISSEN // 200)
        bewaakt.groei_vreemd(2)
        bewaakt.wis(gegroeid[:1])
        bewaakt.kijk(5 + GEBEURTENISSEN // 100)
        bewaakt.onderteken()
    bewaakt.groei(20)
    return bewaakt


def bevindingen(map_: Path, bewaard: Sequence[object]) -> list[str]:
    """Give what verify.py finds in an export, against checkpoints that were kept."""
    gevonden: list[str] = []
    verify.Export(map_, gevonden.append).toets(msgspec.to_builtins(bewaard))
    return gevonden


def noemt(gevonden: list[str], plaats: Plaats) -> bool:
    """Tell whether the place is named by one of the findings."""
    for zin in gevonden:
        if plaats.noemt and plaats.noemt in zin:
            return True
        for van, tot in re.findall(r"Positie (-?\d+)(?: tot en met (\d+))?", zin):
            if plaats.posities.intersection(range(int(van), int(tot or van) + 1)):
                return True
    return False


def bevindingen_over_toegang(map_: Path, verbinding: Superverbinding, bewaard: Sequence[object]) -> list[str]:
    """Give what verify.py finds in the log of access as it is now, exported beside the events of before."""
    inhoud = msgspec.json.decode((map_ / "export.json").read_bytes())
    for bestand, veld, lees in (
        ("toegangskoppen.ndjson", "toegangskoppen", lees_koppen),
        ("toegangslog.ndjson", "toegangsregels", lees_toegangsregels),
    ):
        regels = list(lees(verbinding))
        (map_ / bestand).write_bytes(b"".join(regels))
        inhoud[veld] = len(regels)
    gevonden: list[str] = []
    punten = [verify.lees_los(een, "Het controlepunt", gevonden.append) for een in msgspec.to_builtins(bewaard)]
    verify.Toegang(map_, gevonden.append).toets(punten, inhoud)
    return gevonden


def test_an_untouched_log_is_not_accused(bewaakt: Bewaakt, tmp_path: Path) -> None:
    exporteer(bewaakt.lezer, tmp_path / "export", met_toegangslog=True)
    assert bevindingen(tmp_path / "export", bewaakt.punten) == []
    assert toets_log(bewaakt.lezer, bewaakt.punten).bevindingen == []


@pytest.mark.proof
@pytest.mark.parametrize("knoei", KNOEIERIJEN, ids=lambda knoei: knoei.__name__)
def test_every_change_is_found_and_its_place_named(bewaakt: Bewaakt, knoei: Knoeierij, tmp_path: Path) -> None:
    for poging in range(PER_SOORT):
        toeval = Random(f"{knoei.__name__} {poging}")  # noqa: S311 - the same changes in every run
        map_ = tmp_path / str(poging)
        with bewaakt.als_supergebruiker() as beheerder:
            plaats = knoei(toeval, beheerder, GEBEURTENISSEN)
            exporteer(beheerder, map_)
            verslag = toets_log(beheerder, bewaakt.punten[-1:])
        gevonden = bevindingen(map_, [bewaakt.punten[-1]])
        assert noemt(gevonden, plaats), (plaats.wat, gevonden[:5])
        assert not verslag.is_goed, plaats.wat
        for bestand in map_.iterdir():
            bestand.unlink()


@pytest.mark.proof
@pytest.mark.parametrize("knoei", TOEGANGSKNOEIERIJEN, ids=lambda knoei: knoei.__name__)
def test_every_change_of_the_log_of_access_is_found_and_its_line_named(
    bewaakt: Bewaakt, knoei: Toegangsknoei, tmp_path: Path
) -> None:
    exporteer(bewaakt.lezer, tmp_path, met_toegangslog=True)
    for poging in range(PER_SOORT):
        toeval = Random(f"{knoei.__name__} {poging}")  # noqa: S311 - the same changes in every run
        with bewaakt.als_supergebruiker() as beheerder:
            wat, plaats = knoei(toeval, beheerder)
            verslag = toets_log(beheerder, bewaakt.punten[-1:])
            elders = bevindingen_over_toegang(tmp_path, beheerder, bewaakt.punten)
        for gevonden in ([een.zin for een in verslag.bevindingen], elders):
            assert any(plaats in zin for zin in gevonden), (wat, plaats, gevonden[:5])


@pytest.mark.proof
def test_every_change_of_an_exported_list_of_who_was_erased_is_found(bewaakt: Bewaakt, tmp_path: Path) -> None:
    exporteer(bewaakt.lezer, tmp_path)
    lijst = tmp_path / "gewist.ndjson"
    goed = lijst.read_bytes()
    regels = goed.splitlines(keepends=True)
    vreemd = b'"3f2a0c1e-8d1b-4c57-9a55-0d8f6b1f2e3a"\n'
    for plek in range(len(regels)):
        for anders in (
            [*regels[:plek], *regels[plek + 1 :]],
            [*regels[:plek], vreemd, *regels[plek:]],
            [*regels[:plek], vreemd, *regels[plek + 1 :]],
            [*regels[plek:], *regels[:plek]] if plek else regels[::-1],
        ):
            lijst.write_bytes(b"".join(anders))
            assert any("gewiste overstappen" in zin for zin in bevindingen(tmp_path, bewaakt.punten[-1:])), plek
    lijst.write_bytes(goed)
    assert bevindingen(tmp_path, bewaakt.punten[-1:]) == []


@pytest.mark.proof
def test_logs_of_every_shape_are_not_accused(maak_bewaakt: MaakBewaakt, tmp_path: Path) -> None:
    for nummer in range(ONGEREPT):
        toeval = Random(nummer)  # noqa: S311 - the same logs in every run
        bewaakt = maak_bewaakt()
        for _ in range(toeval.randint(1, 6)):
            bewaakt.groei(toeval.choice([1, 2, 31, 32, 33, toeval.randint(1, 300)]), stromen=toeval.randint(1, 9))
            if toeval.random() < 0.3:
                bewaakt.groei_vreemd(toeval.randint(1, 3))
            if toeval.random() < 0.3:
                bewaakt.notaris.wissel_sleutel()
            if toeval.random() < 0.7:
                bewaakt.onderteken()
        bewaard = toeval.sample(bewaakt.punten, toeval.randint(0, len(bewaakt.punten)))
        exporteer(bewaakt.lezer, tmp_path / str(nummer))
        assert bevindingen(tmp_path / str(nummer), bewaard) == []
        assert toets_log(bewaakt.lezer, bewaard).bevindingen == []
        bewaakt.sluit()


def test_a_kept_checkpoint_of_another_log_is_refused(
    bewaakt: Bewaakt, maak_bewaakt: MaakBewaakt, tmp_path: Path
) -> None:
    ander = maak_bewaakt()
    ander.groei(GEBEURTENISSEN // 20, stromen=3)
    vreemd = ander.onderteken()
    exporteer(bewaakt.lezer, tmp_path / "export")
    assert len(bevindingen(tmp_path / "export", [vreemd])) >= 2
    assert not toets_log(bewaakt.lezer, [vreemd]).is_goed
