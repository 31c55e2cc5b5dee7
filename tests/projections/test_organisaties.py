"""organisaties says who takes part and who may act for whom: as `evolve_organisatie` does, in a table."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import Cursor

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_werker import Werker
from overstap.domain.feiten import Feit, Verzegeld
from overstap.domain.feiten import organisatie as f
from overstap.domain.feiten import overstap as o
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.organisatie import evolve_organisatie
from overstap.domain.rollen import Rol, SoortOrganisatie
from overstap.projections.organisaties import Vouwsel
from tests.bewijzen import IS_VOL
from tests.projections.geschiedenissen import BEGIN, Boek, opvoer
from tests.projections.vastleggen import blik, een_regio, leg_vast

ZEGEL = Verzegeld("AAAA")
SCHOOL = f.OrganisatieOpgenomen(code="99AA", soort=SoortOrganisatie.VO, naam="Eerste School", aangesloten="SWV2101")
REGIO = f.OrganisatieOpgenomen(code="21", soort=SoortOrganisatie.REGIO, naam="De regio", accounts=True)
DECAAN = f.RolToegekend(account="decaan-1", rol=Rol.DECAAN, vestiging="01", functionaris={"naam": ZEGEL})
_FEITEN: tuple[Feit, ...] = (
    REGIO,
    DECAAN,
    f.RolToegekend(account="decaan-1", rol=Rol.DECAAN),
    f.RolToegekend(account="mentor-1", rol=Rol.MENTOR, vestiging="00", klas="4A"),
    f.RolToegekend(account="auditor-1", rol=Rol.AUDITOR),
    f.RolVoorgesteld(account="auditor-1", rol=Rol.AUDITOR),
    f.RolIngetrokken(account="decaan-1", rol=Rol.DECAAN),
    f.RolIngetrokken(account="auditor-1", rol=Rol.AUDITOR),
    f.ContactVastgelegd(onderwerp="overstap", contact={"naam": ZEGEL}),
)


class Opstelling:
    """A real log that is folded, and looked at within a region of its own."""

    def __init__(self, databank: Databank, log: Log, werker: Werker) -> None:
        self.databank, self.log, self.werker, self.regio = databank, log, werker, een_regio()

    def leg_vast(self, *stromen: Sequence[Feit]) -> list[Gebeurtenis]:
        boek = Boek()
        for feiten in stromen:
            stroom = uuid4()
            for dag, feit in enumerate(feiten):
                moment = BEGIN + timedelta(days=dag)
                boek.voeg_toe(stroom, [feit], moment, moment)
        boek.gebeurtenissen.sort(key=lambda g: (g.vastgelegd_op or BEGIN, g.originator_version))
        return leg_vast(self.log, boek, self.regio)

    def rijen(self, vraag: str) -> list[Any]:
        with blik(self.databank, self.werker, self.regio) as cursor:
            return lees(cursor, vraag)


def lees(cursor: Cursor[Any], vraag: str) -> list[Any]:
    return cursor.execute(vraag.encode()).fetchall()


@pytest.fixture(scope="module")
def werker(demo_databank: Databank) -> Iterator[Werker]:
    with Werker(demo_databank) as werker:
        yield werker


@pytest.fixture
def opstelling(demo_databank: Databank, werker: Werker) -> Iterator[Opstelling]:
    with demo_databank.verbind(Login.SCHRIJVER) as verbinding:
        yield Opstelling(demo_databank, Log(verbinding), werker)


@pytest.mark.proof
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200 if IS_VOL else 4)
@given(feiten=st.lists(st.sampled_from(_FEITEN), max_size=12), omvang=st.integers(1, 5))
def test_the_roles_in_the_table_are_those_in_force(opstelling: Opstelling, feiten: list[Feit], omvang: int) -> None:
    opstelling.regio = een_regio()
    vastgelegd = opstelling.leg_vast([SCHOOL, *feiten])
    with Werker(opstelling.databank, omvang=omvang) as klein:
        klein.bijwerken_tot()
    staat = None
    for g in vastgelegd:
        staat = evolve_organisatie(staat, g)
    assert staat is not None
    rijen = opstelling.rijen("SELECT account, rol, vestiging, klas FROM beeld.accounts WHERE NOT wacht")
    verwacht: Mapping[tuple[str, Rol], tuple[str | None, str | None]] = staat.rollen
    assert {(account, Rol(rol)): (vestiging, klas) for account, rol, vestiging, klas in rijen} == verwacht
    velden = "code, soort, naam, gemeente, aangesloten, koppeling, accounts, versie"
    [rij] = opstelling.rijen(f"SELECT {velden} FROM beeld.organisaties")
    assert rij == tuple(getattr(staat, veld) for veld in velden.split(", "))


def test_a_proposed_role_waits_and_gives_no_right(opstelling: Opstelling) -> None:
    opstelling.leg_vast([REGIO, f.RolVoorgesteld(account="auditor-1", rol=Rol.AUDITOR)])
    assert opstelling.rijen("SELECT account, rol, door, wacht FROM beeld.accounts") == [
        ("auditor-1", "auditor", "account-1", True)
    ]


def test_of_a_person_only_sealed_values_are_kept_with_the_fact_they_were_sealed_for(opstelling: Opstelling) -> None:
    opstelling.leg_vast([SCHOOL, DECAAN, f.ContactVastgelegd(onderwerp="overstap", contact={"naam": ZEGEL})])
    assert opstelling.rijen("SELECT functionaris, code FROM beeld.accounts") == [
        ({"naam": ["rol-toegekend.v1", "AAAA"]}, "99AA")
    ]
    assert opstelling.rijen("SELECT onderwerp, contact FROM beeld.contacten") == [
        ("overstap", {"naam": ["contact-vastgelegd.v1", "AAAA"]})
    ]


def test_a_school_has_the_vestigingen_that_its_pupils_were_ever_at(opstelling: Opstelling) -> None:
    opstelling.leg_vast(
        [
            opvoer(),
            o.PersoonsgegevensGewijzigd(vestiging="02"),
            o.PersoonsgegevensGewijzigd(klas="4C"),
            o.LeerlingOvergedragen(van="99AA", naar="99BB", vestiging="01"),
        ],
        [opvoer()],
    )
    assert opstelling.rijen("SELECT school, vestiging FROM beeld.vestigingen ORDER BY 1, 2") == [
        ("99AA", "00"),
        ("99AA", "02"),
        ("99BB", "01"),
    ]


def test_a_stream_that_does_not_begin_with_an_organisation_is_damage() -> None:
    boek = Boek()
    boek.voeg_toe(uuid4(), [DECAAN], BEGIN, BEGIN)
    with pytest.raises(ValueError, match="begins with RolToegekend"):
        Vouwsel([], []).voeg_in(boek.gebeurtenissen[0], DECAAN)
