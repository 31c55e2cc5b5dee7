"""Organisations, their functionaries and contacts: who may bring them in, and that persons are sealed."""

from pathlib import Path

import pytest

from overstap.adapters.app import App
from overstap.domain.feiten.organisatie import ContactVastgelegd, RolToegekend, RolVoorgesteld
from overstap.domain.rollen import Rol
from overstap.domain.stromen import stroom_van_organisatie
from tests.adapters.koppelingen.bestanden import csv
from tests.adapters.koppelingen.conftest import Lever, codes, feiten_van
from tests.adapters.opstelling import ANDERE_SCHOOL, GEMEENTE, MBO, REGIO, SCHOOL

KOP = (
    "regel;code;soort;naam;gemeente;koppeling;accounts;account;rol;vestiging;klas;onderwerp;email;telefoon;aangesloten"
)


def regel(**velden: str) -> str:
    return ";".join(velden.get(kolom, "") for kolom in KOP.split(";"))


def functionaris(code: str, account: str, rol: str, **verder: str) -> str:
    return regel(
        regel="functionaris", code=code, account=account, rol=rol, naam="Sil Boer", email="s@x.example", **verder
    )


def test_an_organisation_takes_part_once_it_is_brought_in(als: Lever, geheel: App, tmp_path: Path) -> None:
    nieuw = regel(regel="organisatie", code="99AC", soort="vo", naam="Derde School", gemeente=GEMEENTE, accounts="ja")

    verslag = als(csv(tmp_path / "o.csv", KOP, nieuw, nieuw), REGIO, Rol.REGIEBEHEERDER)

    organisatie = geheel.kaders.organisatie(REGIO, "99AC")
    assert (verslag.aanvaard, verslag.ongewijzigd) == (1, 1)
    assert organisatie is not None
    assert (organisatie.naam, organisatie.accounts, organisatie.koppeling) == ("Derde School", True, False)


def test_a_functionary_is_sealed_under_the_key_of_his_organisation(als: Lever, geheel: App, tmp_path: Path) -> None:
    als(csv(tmp_path / "o.csv", KOP, functionaris(SCHOOL, "mentor-1", "mentor", klas="4a")), SCHOOL, Rol.VO_BEHEERDER)

    stroom = stroom_van_organisatie(REGIO, SCHOOL)
    feit = feiten_van(geheel, stroom)[-1]
    assert isinstance(feit, RolToegekend)
    assert (feit.account, feit.rol, feit.klas) == ("mentor-1", Rol.MENTOR, "4a")
    assert geheel.kluis.open(stroom, "rol-toegekend.v1", "naam", feit.functionaris["naam"]) == "Sil Boer"


def test_the_organisation_and_its_people_may_come_in_one_file(als: Lever, geheel: App, tmp_path: Path) -> None:
    regels = (
        regel(regel="organisatie", code="99AD", soort="vo", naam="Vierde School", gemeente=GEMEENTE),
        functionaris("99AD", "beheer-99ad", "vo_beheerder"),
        functionaris("99AD", "beheer-99ad", "vo_beheerder"),
    )

    verslag = als(csv(tmp_path / "o.csv", KOP, *regels), REGIO, Rol.REGIEBEHEERDER)

    stroom = stroom_van_organisatie(REGIO, "99AD")
    feit = feiten_van(geheel, stroom)[1]
    assert (verslag.aanvaard, verslag.ongewijzigd) == (2, 1)
    assert isinstance(feit, RolToegekend)
    geheel.kluis.vergeet(stroom)
    assert geheel.kluis.open(stroom, "rol-toegekend.v1", "naam", feit.functionaris["naam"]) == "Sil Boer"


def test_a_contact_that_is_the_same_is_unchanged_and_another_one_is_recorded(
    als: Lever, geheel: App, tmp_path: Path
) -> None:
    def lever(naam: str, bestand: str) -> tuple[int, int]:
        contact = regel(regel="contact", code=SCHOOL, onderwerp="overstap", naam=naam, telefoon="0612345678")
        verslag = als(csv(tmp_path / bestand, KOP, contact, f"#{bestand}"), SCHOOL, Rol.VO_BEHEERDER)
        return verslag.aanvaard, verslag.ongewijzigd

    assert lever("Sil Boer", "een.csv") == (1, 0)
    assert lever("Sil Boer", "twee.csv") == (0, 1)
    assert lever("Bo Maas", "drie.csv") == (1, 0)
    feiten = feiten_van(geheel, stroom_van_organisatie(REGIO, SCHOOL))
    assert sum(isinstance(een, ContactVastgelegd) for een in feiten) == 2


def test_one_regiebeheerder_only_proposes_an_auditor(als: Lever, geheel: App, tmp_path: Path) -> None:
    regio = regel(regel="organisatie", code=REGIO, soort="regio", naam="Onze regio")
    voorstel = functionaris(REGIO, "audit-1", "auditor")

    verslag = als(csv(tmp_path / "o.csv", KOP, regio, voorstel, voorstel), REGIO, Rol.REGIEBEHEERDER)

    stroom = stroom_van_organisatie(REGIO, REGIO)
    feit = feiten_van(geheel, stroom)[-1]
    assert (verslag.aanvaard, verslag.ongewijzigd) == (2, 1)
    assert isinstance(feit, RolVoorgesteld)
    assert geheel.kluis.open(stroom, "rol-voorgesteld.v1", "naam", feit.functionaris["naam"]) == "Sil Boer"


@pytest.mark.parametrize(
    ("regels", "namens", "rol", "code"),
    [
        (functionaris(ANDERE_SCHOOL, "decaan-9", "decaan"), SCHOOL, Rol.VO_BEHEERDER, "andere_organisatie"),
        (functionaris(SCHOOL, "intaker-9", "mbo_intaker"), SCHOOL, Rol.VO_BEHEERDER, "niet_bevoegd"),
        (functionaris(GEMEENTE, "lp-9", "leerplichtambtenaar"), SCHOOL, Rol.VO_BEHEERDER, "niet_bevoegd"),
        (functionaris("99ZZ", "decaan-9", "decaan"), REGIO, Rol.REGIEBEHEERDER, "onbekende_organisatie"),
        (functionaris(SCHOOL, "Sil Boer", "decaan"), SCHOOL, Rol.VO_BEHEERDER, "veld_ongeldig"),
        (functionaris(SCHOOL, "decaan-9", "rector"), SCHOOL, Rol.VO_BEHEERDER, "veld_ongeldig"),
        (functionaris(SCHOOL, "koppel-9", "koppeling"), REGIO, Rol.REGIEBEHEERDER, "veld_ongeldig"),
        (regel(regel="organisatie", code="99AE", soort="vo", naam="X"), SCHOOL, Rol.VO_BEHEERDER, "niet_bevoegd"),
        (regel(regel="organisatie", code="99AE", soort="po", naam="X"), REGIO, Rol.REGIEBEHEERDER, "veld_ongeldig"),
        (regel(regel="organisatie", code="22", soort="regio", naam="X"), REGIO, Rol.REGIEBEHEERDER, "veld_ongeldig"),
        (regel(regel="organisatie", code="12345", soort="vo", naam="X"), REGIO, Rol.REGIEBEHEERDER, "veld_ongeldig"),
        (
            regel(regel="organisatie", code="900180730", soort="vo", naam="X"),
            REGIO,
            Rol.REGIEBEHEERDER,
            "veld_ongeldig",
        ),
        (regel(regel="organisatie", code="99AE", soort="vo"), REGIO, Rol.REGIEBEHEERDER, "veld_ontbreekt"),
        (regel(regel="contact", code=SCHOOL, naam="Sil"), SCHOOL, Rol.VO_BEHEERDER, "veld_ontbreekt"),
        (regel(regel="leerling", code=SCHOOL), SCHOOL, Rol.VO_BEHEERDER, "veld_ongeldig"),
    ],
)
def test_a_line_that_its_deliverer_may_not_bring_in_is_refused_alone(  # noqa: PLR0913, PLR0917
    regels: str, namens: str, rol: Rol, code: str, als: Lever, tmp_path: Path
) -> None:
    verslag = als(csv(tmp_path / "o.csv", KOP, regels), namens, rol)

    assert codes(verslag) == [(2, code)]


def test_an_mbo_keeps_its_own_people(als: Lever, geheel: App, tmp_path: Path) -> None:
    verslag = als(csv(tmp_path / "o.csv", KOP, functionaris(MBO, "intaker-1", "mbo_intaker")), MBO, Rol.MBO_BEHEERDER)

    organisatie = geheel.kaders.organisatie(REGIO, MBO)
    assert verslag.aanvaard == 1
    assert organisatie is not None
    assert organisatie.heeft_rol("intaker-1", Rol.MBO_INTAKER)
