"""What a decision was judged against: the organisations and the rules as they were where it stands in the log."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from msgspec.structs import replace

from overstap.adapters.kaderverloop import TRAAGHEID, Kaderverloop
from overstap.domain.feiten import Feit
from overstap.domain.feiten.organisatie import OrganisatieOpgenomen
from overstap.domain.feiten.overstap import OverstapHervat
from overstap.domain.feiten.procedure import ProcedureVastgesteld
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.kalender import Regels, inhoud_hash, kalender_van
from overstap.domain.rollen import Rol, SoortOrganisatie
from overstap.statemachine.herbeoordeling import Bezwaar
from overstap.statemachine.kader import Kader

BEGIN = datetime(2026, 1, 12, 9, 30, tzinfo=UTC)
UUR = timedelta(hours=1)
REGELS = Regels(regio="21", overstapjaar=2026, revisie=1, kalender=kalender_van(2026))
LATER = replace(REGELS, revisie=2, stil_weken=8)
MBO = OrganisatieOpgenomen(code="99XX", soort=SoortOrganisatie.MBO, naam="Eerste MBO")


def gebeurtenis(positie: int, feit: Feit, op: datetime, procedure: str | None = None) -> Gebeurtenis:
    return Gebeurtenis(
        originator_id=UUID(int=7 if isinstance(feit, OrganisatieOpgenomen) else 8),
        originator_version=positie,
        positie=positie,
        feit=feit,
        regio="21",
        gebeurd_op=op,
        vastgelegd_op=op,
        actor="account-1",
        rol=Rol.DECAAN,
        organisatie="99AA",
        procedure=procedure,
    )


def vastgesteld(regels: Regels) -> ProcedureVastgesteld:
    return ProcedureVastgesteld(regels=regels, inhoud_hash=inhoud_hash(regels))


VERLOOP = Kaderverloop(
    [
        gebeurtenis(1, vastgesteld(REGELS), BEGIN),
        gebeurtenis(2, MBO, BEGIN + UUR),
        gebeurtenis(5, replace(MBO, accounts=True), BEGIN + 5 * UUR),
        gebeurtenis(8, vastgesteld(LATER), BEGIN + 8 * UUR),
    ]
)


def stap(positie: int, op: datetime, procedure: str | None = "2026.21.1") -> Gebeurtenis:
    return gebeurtenis(positie, OverstapHervat(), op, procedure)


def toen(positie: int, op: datetime, procedure: str | None = "2026.21.1", jaar: int = 2026) -> list[Kader] | str:
    gevonden = VERLOOP.toen(stap(positie, op, procedure), jaar)
    return gevonden.code if isinstance(gevonden, Bezwaar) else list(gevonden)


def heeft_accounts(kaders: list[Kader] | str) -> list[bool]:
    assert not isinstance(kaders, str)
    return [kader.heeft_accounts("99XX") for kader in kaders]


def test_organisations_are_as_they_were_where_the_event_stands() -> None:
    assert heeft_accounts(toen(4, BEGIN + 4 * UUR)) == [False]
    assert heeft_accounts(toen(7, BEGIN + 7 * UUR)) == [True]


def test_just_after_a_change_what_was_before_it_counts_too() -> None:
    assert heeft_accounts(toen(6, BEGIN + 5 * UUR + TRAAGHEID)) == [True, False]
    assert heeft_accounts(toen(6, BEGIN + 5 * UUR + 2 * TRAAGHEID)) == [True]


def test_of_many_changes_at_once_each_state_between_them_counts() -> None:
    namen = ("een", "twee", "drie")
    ineens = Kaderverloop(
        [
            gebeurtenis(1, vastgesteld(REGELS), BEGIN),
            *(gebeurtenis(2 + nummer, replace(MBO, naam=naam), BEGIN) for nummer, naam in enumerate(namen)),
        ]
    )
    kaders = ineens.toen(stap(9, BEGIN), 2026)
    assert not isinstance(kaders, Bezwaar)
    gevonden = [kader.organisatie("99XX") for kader in kaders]
    assert [een.naam if een else None for een in gevonden] == ["drie", "twee", "een", None]


def test_the_rules_are_those_that_the_event_names() -> None:
    kaders = toen(9, BEGIN + 9 * UUR, "2026.21.2")
    assert not isinstance(kaders, str)
    assert {kader.regels.stil_weken for kader in kaders} == {8}


def test_rules_that_were_not_in_force_there_are_objected_to() -> None:
    assert toen(7, BEGIN + 7 * UUR, "2026.21.2") == "onbekende_procedure"  # not laid down yet
    assert toen(9, BEGIN + 9 * UUR) == "onbekende_procedure"  # long replaced
    assert toen(7, BEGIN + 7 * UUR, "2026.22.1") == "onbekende_procedure"
    assert toen(7, BEGIN + 7 * UUR, None) == "onbekende_procedure"
    assert toen(7, BEGIN + 7 * UUR, jaar=2027) == "onbekende_procedure"


def test_who_decided_just_after_new_rules_may_not_have_known_them() -> None:
    assert not isinstance(toen(9, BEGIN + 8 * UUR + TRAAGHEID), str)


def test_now_means_the_last_rules_of_the_year_and_the_organisations_of_then() -> None:
    kaders = VERLOOP.nu(stap(4, BEGIN + 4 * UUR), 2026)
    assert not isinstance(kaders, Bezwaar)
    [kader] = kaders
    assert (kader.regels.revisie, kader.heeft_accounts("99XX")) == (2, False)


def test_the_last_version_of_a_year_is_named() -> None:
    assert VERLOOP.laatste_na("2026.21.1") == "2026.21.2"
    assert VERLOOP.laatste_na("2026.22.1") == "2026.22.1"


def test_rules_of_a_file_are_for_their_own_region_and_year() -> None:
    anders = replace(REGELS, stil_weken=2)
    vind = VERLOOP.onder(anders)
    kaders = vind(stap(4, BEGIN + 4 * UUR), 2026)
    assert not isinstance(kaders, Bezwaar)
    assert [kader.regels for kader in kaders] == [anders]
    assert vind(stap(4, BEGIN + 4 * UUR), 2027) == ()
