"""A school's list: who is new is entered, what differs is changed, and nobody is followed twice."""

from pathlib import Path

import pytest

from overstap.adapters.app import App
from overstap.domain.feiten.overstap import OverstapOpgevoerd, PersoonsgegevensGewijzigd, SignaalGegeven
from overstap.domain.identificaties import SoortPgn
from overstap.domain.redenen import Leerweg
from overstap.domain.rollen import Rol
from tests.adapters.koppelingen.bestanden import KOP, bsn, csv, leerling, lijst, onderwijsnummer
from tests.adapters.koppelingen.conftest import Lever, codes, dossier_van, feiten_van, stroom_van
from tests.adapters.opstelling import ANDERE_SCHOOL, SCHOOL


def test_a_new_pupil_is_entered_with_what_may_be_known_in_clear_and_the_rest_sealed(
    als_school: Lever, geheel: App, tmp_path: Path
) -> None:
    pgn = bsn()

    verslag = als_school(lijst(tmp_path / "l.csv", leerling(pgn)))

    stroom = stroom_van(geheel, pgn)
    assert stroom is not None
    [feit] = feiten_van(geheel, stroom)
    assert isinstance(feit, OverstapOpgevoerd)
    assert (verslag.aanvaard, verslag.gebeurtenissen) == (1, 3)
    assert (feit.school, feit.vestiging, feit.klas, feit.leerweg) == (SCHOOL, "00", "4a", Leerweg.KB)
    assert (feit.overstapjaar, feit.gemeente, feit.soort_pgn) == (2026, "0363", SoortPgn.BSN)
    assert feit.kwalificatieplicht_tot == "2028-02"
    persoon = geheel.kluis.open_persoon(stroom, feit.persoon)
    assert (persoon.achternaam, persoon.pgn, persoon.geboortedatum) == ("Vermeulen", pgn, "2010-02-03")


@pytest.mark.parametrize(
    ("geschreven", "gelezen"),
    [("gl/tl", "tl"), ("G/T", "tl"), ("basis", "bb"), ("HAVO-3", "havo"), ("havo 4", None), ("gymnasium", None)],
)
def test_a_leerweg_is_read_as_schools_write_it(
    geschreven: str, gelezen: str | None, als_school: Lever, geheel: App, tmp_path: Path
) -> None:
    pgn = bsn()

    verslag = als_school(lijst(tmp_path / "l.csv", leerling(pgn, leerweg=geschreven)))

    assert codes(verslag) == ([] if gelezen else [(2, "veld_ongeldig")])
    assert not gelezen or dossier_van(geheel, pgn).overstap.leerweg == gelezen


@pytest.mark.parametrize("geschreven", ["3-2-2010", "03/02/2010", "2010-02-03"])
def test_a_date_of_birth_is_read_in_three_spellings(
    geschreven: str, als_school: Lever, geheel: App, tmp_path: Path
) -> None:
    pgn = bsn()

    als_school(lijst(tmp_path / "l.csv", leerling(pgn, geboortedatum=geschreven)))

    dossier = dossier_van(geheel, pgn)
    assert geheel.kluis.open_persoon(dossier.overstap.id, dossier.persoon).geboortedatum == "2010-02-03"


@pytest.mark.parametrize("codering", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_name_survives_the_encoding_of_its_file(
    codering: str, als_school: Lever, geheel: App, tmp_path: Path
) -> None:
    pgn = bsn()

    als_school(
        csv(
            tmp_path / "l.csv",
            KOP,
            leerling(pgn, achternaam="Güneş" if codering != "cp1252" else "Günéy"),
            codering=codering,
        )
    )

    dossier = dossier_van(geheel, pgn)
    persoon = geheel.kluis.open_persoon(dossier.overstap.id, dossier.persoon)
    assert persoon.achternaam == ("Güneş" if codering != "cp1252" else "Günéy")


def test_who_has_a_startkwalificatie_is_not_kwalificatieplichtig(
    als_school: Lever, geheel: App, tmp_path: Path
) -> None:
    pgn = bsn()

    als_school(csv(tmp_path / "l.csv", f"{KOP};Vrijgesteld", f"{leerling(pgn)};ja"))

    assert dossier_van(geheel, pgn).overstap.kwalificatieplicht_tot is None


def test_the_same_pupil_again_is_unchanged(als_school: Lever, tmp_path: Path) -> None:
    pgn = bsn()
    als_school(lijst(tmp_path / "een.csv", leerling(pgn)))

    verslag = als_school(lijst(tmp_path / "twee.csv", leerling(pgn), leerling(bsn())))

    assert (verslag.aanvaard, verslag.ongewijzigd) == (1, 1)


def test_a_pupil_twice_in_one_list_is_entered_once(als_school: Lever, geheel: App, tmp_path: Path) -> None:
    pgn = bsn()

    verslag = als_school(lijst(tmp_path / "l.csv", leerling(pgn), leerling(pgn), leerling(pgn, klas="4b")))

    assert (verslag.aanvaard, verslag.ongewijzigd) == (2, 1)
    assert dossier_van(geheel, pgn).overstap.klas == "4b"


def test_only_what_differs_is_recorded(als_school: Lever, geheel: App, tmp_path: Path) -> None:
    pgn = bsn()
    als_school(lijst(tmp_path / "een.csv", leerling(pgn)))

    als_school(lijst(tmp_path / "twee.csv", leerling(pgn, achternaam="Vermeulen-Smit", klas="4c")))

    feit = feiten_van(geheel, stroom_van(geheel, pgn))[-1]
    assert isinstance(feit, PersoonsgegevensGewijzigd)
    assert (set(feit.persoon), feit.klas, feit.leerweg, feit.gemeente) == ({"achternaam"}, "4c", None, None)


def test_a_column_that_is_not_delivered_changes_nothing(als_school: Lever, geheel: App, tmp_path: Path) -> None:
    pgn = bsn()
    als_school(csv(tmp_path / "een.csv", f"{KOP};Woonplaats;Startkwalificatie", f"{leerling(pgn)};Diemen;ja"))

    verslag = als_school(lijst(tmp_path / "twee.csv", leerling(pgn)))

    dossier = dossier_van(geheel, pgn)
    assert verslag.ongewijzigd == 1
    assert geheel.kluis.open_persoon(dossier.overstap.id, dossier.persoon).woonplaats == "Diemen"
    assert dossier.overstap.kwalificatieplicht_tot is None


def test_a_pupil_of_another_school_is_refused_and_the_regiebeheerder_told_once_for_each_school(
    als_school: Lever, als: Lever, geheel: App, tmp_path: Path
) -> None:
    pgn = bsn()
    als_school(lijst(tmp_path / "een.csv", leerling(pgn)))

    for naam in ("twee.csv", "drie.csv"):
        verslag = als(lijst(tmp_path / naam, leerling(pgn), leerling(bsn())), ANDERE_SCHOOL, Rol.VO_BEHEERDER)
        assert codes(verslag) == [(2, "al_opgevoerd")]
        assert SCHOOL not in verslag.geweigerd[0].reden

    signalen = [een for een in feiten_van(geheel, stroom_van(geheel, pgn)) if isinstance(een, SignaalGegeven)]
    assert [(een.signaal, een.voor) for een in signalen] == [("dubbele_opvoer", "regiebeheerder")]


def test_a_decaan_may_deliver_the_list_too(als: Lever, geheel: App, tmp_path: Path) -> None:
    pgn = bsn()

    als(lijst(tmp_path / "l.csv", leerling(pgn)), SCHOOL, Rol.DECAAN)

    assert dossier_van(geheel, pgn).overstap.school == SCHOOL


@pytest.mark.parametrize(
    ("anders", "code"),
    [
        ({"pgn": "900180731"}, "pgn_ongeldig"),
        ({"pgn": "1821"}, "pgn_ongeldig"),
        ({"pgn": ""}, "veld_ontbreekt"),
        ({"achternaam": ""}, "veld_ontbreekt"),
        ({"achternaam": "x" * 400}, "veld_ongeldig"),
        ({"geboortedatum": "30-02-2010"}, "datum_ongeldig"),
        ({"geboortedatum": "2010"}, "datum_ongeldig"),
        ({"geboortedatum": "01-01-2031"}, "datum_ongeldig"),
        ({"gemeente": "Amsterdam"}, "veld_ongeldig"),
        ({"klas": "900180730"}, "veld_ongeldig"),
        ({"klas": "Vermeulen"}, "veld_ongeldig"),
        ({"klas": "4a\x01"}, "veld_ongeldig"),
    ],
)
def test_a_field_that_is_not_of_its_form_costs_its_own_line_alone(
    anders: dict[str, str], code: str, als_school: Lever, geheel: App, tmp_path: Path
) -> None:
    goed = bsn()

    verslag = als_school(lijst(tmp_path / "l.csv", leerling(bsn(), **anders), leerling(goed)))

    assert codes(verslag) == [(2, code)]
    assert stroom_van(geheel, goed) is not None


@pytest.mark.parametrize(
    ("brin", "code"), [(ANDERE_SCHOOL, "andere_organisatie"), ("school", "veld_ongeldig"), (f"{SCHOOL}01", "")]
)
def test_a_line_belongs_to_the_school_that_delivers_it(
    brin: str, code: str, als_school: Lever, geheel: App, tmp_path: Path
) -> None:
    pgn = bsn()

    verslag = als_school(csv(tmp_path / "l.csv", f"{KOP};BRIN", f"{leerling(pgn)};{brin}"))

    assert codes(verslag) == ([(2, code)] if code else [])
    assert code or dossier_van(geheel, pgn).overstap.vestiging == "01"


@pytest.mark.parametrize("jaar", ["2027", "2025"])
def test_a_year_that_is_not_open_takes_no_pupils(jaar: str, als_school: Lever, tmp_path: Path) -> None:
    verslag = als_school(csv(tmp_path / "l.csv", f"{KOP};Overstapjaar", f"{leerling(bsn())};{jaar}"))

    assert codes(verslag) == [(2, "geen_jaar")]


def test_a_list_without_a_column_that_must_be_there_is_refused_at_its_header(als_school: Lever, tmp_path: Path) -> None:
    verslag = als_school(csv(tmp_path / "l.csv", "BSN;Achternaam;Roepnaam;Niveau;Klas;Gemeente", "1;2;3;4;5;6"))

    assert codes(verslag) == [(1, "veld_ontbreekt")]
    assert "geboortedatum" in verslag.geweigerd[0].reden


def test_an_onderwijsnummer_is_a_number_too(als_school: Lever, geheel: App, tmp_path: Path) -> None:
    pgn = onderwijsnummer()

    als_school(lijst(tmp_path / "l.csv", leerling(pgn)))

    assert dossier_van(geheel, pgn).overstap.soort_pgn is SoortPgn.ONDERWIJSNUMMER
