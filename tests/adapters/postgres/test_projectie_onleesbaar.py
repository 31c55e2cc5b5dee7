"""An event that this program cannot read puts its own stream aside for each read model; the rest go on."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from msgspec.structs import replace

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.projectie_herbouw import controleer, herbouw, niemand
from overstap.adapters.postgres.projectie_parkeren import (
    Geparkeerd,
    TeVeelGeparkeerd,
    geef_op,
    probeer_opnieuw,
    toon,
)
from overstap.adapters.postgres.projectie_tabellen import PROJECTIES
from overstap.adapters.postgres.projectie_werker import Werker
from overstap.adapters.postgres.rij import Schrijfrij, schrijfrijen
from overstap.adapters.postgres.toevoeging import Afloop, Toevoeging
from overstap.adapters.postgres.voeg_toe import ontvang, verstuur
from overstap.domain.feiten import Verzegeld, naar_bytes
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.feiten.archief import Archief
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.projections.actueel_tabel import ActueelProjectie
from tests.adapters.postgres.beelden import alle_rijen, een_leerling, leg_ook_vast
from tests.postgres_fixture import MakeDatabank
from tests.projections.geschiedenissen import BEGIN, Boek, opvoer
from tests.projections.vastleggen import leg_vast

ONBEKEND = b'{"feit":"leerling-verhuisd-naar-mars.v1","kenmerk":"geheim"}'
NIEUWERE_VORM = b'{"feit":"persoonsgegevens-gewijzigd.v1","klas":{"naam":"4A"}}'
KAPOT = b'{"feit":"persoonsgegevens-gewijzigd.v1","klas":'
TWEE_INEEN = naar_bytes(o.PersoonsgegevensGewijzigd(klas="4A")) + b"," + naar_bytes(o.PersoonsgegevensGewijzigd())


@pytest.fixture
def databank(maak_databank: MakeDatabank) -> Databank:
    return maak_databank(Soort.DEMO)


@pytest.fixture
def log(databank: Databank) -> Iterator[Log]:
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        yield Log(verbinding)


def leg_onleesbaar_vast(log: Log, stroom: UUID, inhoud: bytes = ONBEKEND, rol: str | None = None) -> int:
    """Record an event as a later program would: content that this one cannot read; give its version."""
    laatste = log.laad([stroom])[stroom][-1]
    versie = laatste.originator_version + 1
    [rij] = schrijfrijen([replace(laatste, originator_version=versie)])
    herkomst = rij.herkomst if rol is None else rij.herkomst._replace(rol=rol)
    _leg_rij_vast(log, laatste, rij._replace(herkomst=herkomst, topic="onbekend.v1", state=inhoud))
    return versie


def vervolg(log: Log, stroom: UUID, versie: int) -> None:
    """Record one more event, that can be read, of a stream in which something cannot."""
    eerste = next(g for g in log.lees(0, 1) if g.originator_id == stroom)
    erna = replace(eerste, originator_version=versie + 1, feit=o.PersoonsgegevensGewijzigd(klas="na"))
    [uitkomst] = log.voeg_toe([Toevoeging([erna])], eerste.vastgelegd_op)
    assert uitkomst.afloop is Afloop.VASTGELEGD


def _leg_rij_vast(log: Log, voorbeeld: Gebeurtenis, rij: Schrijfrij) -> None:
    stapel = ontvang(verstuur(log._verbinding, [Toevoeging([voorbeeld])], [[rij]], voorbeeld.vastgelegd_op))
    assert [een.afloop for een in stapel.uitkomsten] == [Afloop.VASTGELEGD]


def werk_bij(databank: Databank, omvang: int = 20_000) -> None:
    with Werker(databank, omvang=omvang) as werker:
        werker.bijwerken_tot()


def geparkeerd(databank: Databank) -> list[Geparkeerd]:
    with databank.verbind(Login.PROJECTIE) as verbinding:
        return toon(verbinding)


def klassen(databank: Databank) -> dict[UUID, tuple[int, str]]:
    with databank.verbind(Login.PROJECTIE) as verbinding:
        rijen = verbinding.execute("SELECT overstap, versie, klas FROM beeld.actueel").fetchall()
        return {overstap: (versie, klas) for overstap, versie, klas in rijen}


@pytest.mark.parametrize("omvang", [1, 2, 20_000])
@pytest.mark.parametrize("inhoud", [ONBEKEND, NIEUWERE_VORM, KAPOT, TWEE_INEEN, b"\xff\xfe"])
def test_its_stream_stands_aside_for_every_read_model_and_the_rest_go_on(
    databank: Databank, log: Log, inhoud: bytes, omvang: int
) -> None:
    stuk, heel = een_leerling(log), een_leerling(log)
    versie = leg_onleesbaar_vast(log, stuk, inhoud)
    vervolg(log, stuk, versie)
    leg_ook_vast(log, heel)
    werk_bij(databank, omvang)
    assert klassen(databank) == {stuk: (1, "4A"), heel: (2, "K1")}
    assert [(een.projectie, een.stroom, een.versie, een.wacht) for een in geparkeerd(databank)] == [
        (naam, stuk, 2, 2) for naam in sorted(projectie.naam for projectie in PROJECTIES)
    ]


def test_an_unknown_role_is_as_unreadable_as_an_unknown_fact(databank: Databank, log: Log) -> None:
    stuk, heel = een_leerling(log), een_leerling(log)
    leg_onleesbaar_vast(log, stuk, naar_bytes(o.PersoonsgegevensGewijzigd(klas="x")), rol="toekomstrol")
    werk_bij(databank)
    assert {een.stroom for een in geparkeerd(databank)} == {stuk}
    assert klassen(databank).keys() == {stuk, heel}


def test_the_state_tells_the_name_of_the_fact_and_no_value_of_it(databank: Databank, log: Log) -> None:
    leg_onleesbaar_vast(log, een_leerling(log))
    werk_bij(databank)
    een = geparkeerd(databank)[0]
    assert een.feit == "onbekend.v1"
    assert een.fout.startswith("ValidationError: ")
    assert "geheim" not in een.fout
    assert "mars" not in een.fout


def test_a_rebuild_parks_the_same_stream_at_the_same_event_and_gives_the_same_rows(
    databank: Databank, log: Log
) -> None:
    stuk = een_leerling(log)
    een_leerling(log)
    vervolg(log, stuk, leg_onleesbaar_vast(log, stuk, KAPOT))
    werk_bij(databank)
    live, voor = alle_rijen(databank), [(een.projectie, een.stroom, een.versie) for een in geparkeerd(databank)]
    verslagen = herbouw(databank, PROJECTIES, niemand)
    assert {(een.geparkeerd, een.aantal_verschillen) for een in verslagen} == {(1, 0)}
    assert alle_rijen(databank) == live
    assert [(een.projectie, een.stroom, een.versie) for een in geparkeerd(databank)] == voor


def test_a_rebuild_keeps_what_a_person_gave_up(databank: Databank, log: Log) -> None:
    stuk = een_leerling(log)
    leg_onleesbaar_vast(log, stuk)
    werk_bij(databank)
    geef_op(databank, "actueel", stuk, "account-1", "hoort hier niet")
    herbouw(databank, [ActueelProjectie], niemand)
    assert [een.opgegeven_reden for een in geparkeerd(databank) if een.projectie == "actueel"] == ["hoort hier niet"]


def test_a_program_that_can_read_it_folds_what_waited(
    databank: Databank, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuk = een_leerling(log)
    versie = leg_onleesbaar_vast(log, stuk, KAPOT)
    vervolg(log, stuk, versie)
    werk_bij(databank)
    nog = probeer_opnieuw(databank, ActueelProjectie, stuk)
    assert nog is not None
    assert (nog.stroom, nog.versie, klassen(databank)[stuk]) == (stuk, 2, (1, "4A"))

    def later(archief: Archief[object], inhoud: bytes) -> object:
        return o.PersoonsgegevensGewijzigd(klas="nu wel") if inhoud == KAPOT else lees(archief, inhoud)

    lees = Archief.uit_bytes
    monkeypatch.setattr(Archief, "uit_bytes", later)
    assert probeer_opnieuw(databank, ActueelProjectie, stuk) is None
    assert klassen(databank)[stuk] == (3, "na")


def test_a_fold_that_asks_for_whole_streams_gets_what_comes_before_it(databank: Databank, log: Log) -> None:
    boek = Boek()
    for stroom in (UUID(int=1), UUID(int=2)):
        ontvangen = a.AanmeldingOntvangen(nummer=1, brin="99XX", crebo="25647")
        herzien = o.GebeurtenisHerzien(gebeurtenis=2, reden=Verzegeld("AAAA"))
        boek.voeg_toe(stroom, [opvoer(), ontvangen, herzien], BEGIN, BEGIN)
    stuk, heel = dict.fromkeys(g.originator_id for g in leg_vast(log, boek))
    leg_onleesbaar_vast(log, stuk)
    werk_bij(databank)
    assert {(een.stroom, een.versie) for een in geparkeerd(databank)} == {(stuk, 4)}
    assert klassen(databank) == {stuk: (3, "4A"), heel: (3, "4A")}


def test_very_many_of_them_are_not_the_fault_of_their_streams(databank: Databank, log: Log) -> None:
    for _ in range(101):
        leg_onleesbaar_vast(log, een_leerling(log))
    with pytest.raises(TeVeelGeparkeerd):
        werk_bij(databank)
    assert geparkeerd(databank) == []


def test_verify_finds_no_difference(databank: Databank, log: Log) -> None:
    leg_onleesbaar_vast(log, een_leerling(log))
    werk_bij(databank)
    assert {een.aantal_verschillen for een in controleer(databank, PROJECTIES, niemand)} == {0}
