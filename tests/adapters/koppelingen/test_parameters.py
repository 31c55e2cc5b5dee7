"""Calendar and parameters: a file is in force as a whole or not at all, and a known revision does not change."""

from collections.abc import Callable
from pathlib import Path

import pytest

from overstap.adapters.app import App
from overstap.adapters.koppelingen import Verslag
from overstap.domain.kalender import kalender_van
from overstap.domain.rollen import Rol
from overstap.domain.statussen import AanmeldingStatus
from tests.adapters.koppelingen.bestanden import bsn, leerling, lijst, stap, stappen
from tests.adapters.koppelingen.conftest import Lever, codes, dossier_van
from tests.adapters.opstelling import JAAR, REGIO, SCHOOL

TOML = """
regio = "21"
overstapjaar = 2028
revisie = 1
[kalender]
opvoer_vanaf = 2027-10-01
mbo_regels = 2028-02-01
aanmelddatum = 2028-04-01
vervolgkeuze_vanaf = 2028-04-01
voorlopig_op = 2028-06-01
handhaven_tot = 2028-07-01
mbo_start = 2028-08-01
meting_op = 2028-10-01
sluit_vanaf = 2028-10-02
[normen]
aangemeld_vmbo = 96
[signalen]
stil_weken = 4
[bewijs]
overleg = false
[open_voor]
kies_vervolg_vo = ["decaan", "mentor"]
[koppelcodes.standaard]
AO = "aangemeld"
[koppelcodes.99XX]
XX = "intake_gepland"
"""


@pytest.fixture
def stel_vast(als: Lever, tmp_path: Path) -> Callable[..., Verslag]:
    def _stel_vast(
        tekst: str | bytes, naam: str = "p.toml", rol: Rol = Rol.REGIEBEHEERDER, namens: str = REGIO
    ) -> Verslag:
        pad = tmp_path / naam
        pad.write_bytes(tekst if isinstance(tekst, bytes) else tekst.encode())
        return als(pad, namens, rol)

    return _stel_vast


def test_a_file_of_parameters_opens_its_year_under_its_rules(stel_vast: Callable[..., Verslag], geheel: App) -> None:
    verslag = stel_vast(TOML)

    kader = geheel.kaders.kader(REGIO, 2028)
    assert verslag.aanvaard == 1
    assert kader is not None
    regels = kader.regels
    assert regels.kalender == kalender_van(2028)
    assert (regels.versie, regels.stil_weken, regels.overleg_vereist) == ("2028.21.1", 4, False)
    assert (regels.normen.aangemeld_vmbo, regels.normen.aangemeld_alle) == (96, 90)
    assert regels.open_voor == {"kies_vervolg_vo": ("decaan", "mentor")}
    assert regels.status_bij_code("99XX", "XX") is AanmeldingStatus.INTAKE_GEPLAND
    assert 2028 in geheel.kaders.open_jaren(REGIO)


def test_a_list_and_a_step_without_a_year_are_about_the_one_that_began_not_one_opened_for_later(
    stel_vast: Callable[..., Verslag], als: Lever, geheel: App, tmp_path: Path
) -> None:
    stel_vast(TOML)
    pgn = bsn()
    stap_ = stap("leg_warme_overdracht_vast", pgn, datum="2026-01-10")
    del stap_["overstapjaar"]

    ingevoerd = als(lijst(tmp_path / "l.csv", leerling(pgn)), SCHOOL, Rol.VO_BEHEERDER)
    gezet = als(stappen(tmp_path / "s.ndjson", [stap_]), SCHOOL, Rol.DECAAN)

    assert (codes(ingevoerd), codes(gezet), gezet.aanvaard) == ([], [], 1)
    assert dossier_van(geheel, pgn).overstap.overstapjaar == JAAR


def test_a_known_revision_is_unchanged_and_with_other_content_refused(stel_vast: Callable[..., Verslag]) -> None:
    tekst = TOML.replace("2028", "2029").replace("2027-", "2028-")
    stel_vast(tekst)

    assert stel_vast(f"# {REGIO}\n{tekst}").ongewijzigd == 1
    assert codes(stel_vast(tekst.replace("stil_weken = 4", "stil_weken = 5"))) == [(1, "revisie_bestaat")]
    assert (
        stel_vast(tekst.replace("stil_weken = 4", "stil_weken = 5").replace("revisie = 1", "revisie = 2")).aanvaard == 1
    )


@pytest.mark.parametrize(
    ("van", "naar", "code"),
    [
        ("2028-02-01", "2028-02-30", "datum_ongeldig"),
        ("2028-02-01", "2028-02-01T10:00:00", "datum_ongeldig"),
        ("2028-02-01", '"1 februari"', "datum_ongeldig"),
        ("mbo_regels = 2028-02-01\n", "", "veld_ontbreekt"),
        ("mbo_regels", "mbo_regel", "veld_ongeldig"),
        ("opvoer_vanaf = 2027-10-01", "opvoer_vanaf = 2029-10-01", "veld_ongeldig"),
        ("stil_weken = 4", "stil_weken = 0", "veld_ongeldig"),
        ("stil_weken = 4", "zwijgt_weken = 4", "veld_ongeldig"),
        ("aangemeld_vmbo = 96", "aangemeld_vmbo = 196", "veld_ongeldig"),
        ("revisie = 1", "revisie = 0", "veld_ongeldig"),
        ("revisie = 1", 'revisie = "een"', "veld_ongeldig"),
        ("revisie = 1\n", "", "veld_ontbreekt"),
        ("kies_vervolg_vo", "kies_maar", "veld_ongeldig"),
        ('"mentor"', '"rector"', "veld_ongeldig"),
        ('"aangemeld"', '"aangekomen"', "veld_ongeldig"),
        ("koppelcodes.99XX", "koppelcodes.school", "veld_ongeldig"),
        ('regio = "21"', 'regio = "22"', "andere_organisatie"),
        ("[normen]", "[normen", "bestand_onleesbaar"),
    ],
)
def test_a_file_that_is_not_right_changes_nothing_and_says_where(
    van: str, naar: str, code: str, stel_vast: Callable[..., Verslag], geheel: App
) -> None:
    assert van in TOML
    tekst = TOML.replace(van, naar, 1).replace("overstapjaar = 2028", "overstapjaar = 2031")

    verslag = stel_vast(tekst)

    assert codes(verslag) == [(1, code)]
    assert geheel.kaders.jaar(REGIO, 2031) is None


@pytest.mark.parametrize(("namens", "rol"), [(SCHOOL, Rol.VO_BEHEERDER), (SCHOOL, Rol.DECAAN)])
def test_only_the_regiebeheerder_sets_the_rules(namens: str, rol: Rol, stel_vast: Callable[..., Verslag]) -> None:
    assert codes(stel_vast(TOML, rol=rol, namens=namens)) == [(0, "niet_bevoegd")]


def test_a_file_in_another_encoding_is_refused(stel_vast: Callable[..., Verslag]) -> None:
    assert codes(stel_vast(b"# Zo\xeb\n" + TOML.encode())) == [(1, "codering_ongeldig")]


def test_a_file_of_many_megabytes_is_refused_unread(stel_vast: Callable[..., Verslag]) -> None:
    assert codes(stel_vast(b"#" * 2_000_000 + TOML.encode())) == [(1, "regel_te_lang")]
