"""What the bus promises: decided on the latest state, recorded whole or not at all, and the same request only once."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from overstap.adapters import bus, delen
from overstap.adapters.app import App
from overstap.adapters.opdracht import ANDERE_INHOUD, ONGEWIJZIGD, EerderVastgelegd, NietUniek, Opdracht, Vastgelegd
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.toevoeging import Kwitantie, Vrijgave
from overstap.adapters.stroomsoorten import OVERSTAP, Dossier, Oordeel, Waargenomen
from overstap.domain.feiten.overstap import SignaalGegeven
from overstap.domain.rollen import Actor, Rol
from overstap.domain.verzoeken import LegDddStatusVast, VerwerkKoppelbericht, WijzigPersoonsgegevens
from overstap.domain.weigering import Weigering
from tests.adapters.opstelling import (
    DECAAN,
    IN_JANUARI,
    JAAR,
    KOPPELING,
    MBO,
    REGIO,
    VO_BEHEERDER,
    app,
    opgevoerd,
    opvoer,
    richt_regio_in,
)

PGNS = iter(range(900_000_000, 999_999_999))


def nieuw_pgn() -> str:
    """The bus does not judge numbers; each test has its own."""
    return str(next(PGNS))


@pytest.fixture(autouse=True, params=[delen.PER_DEEL, 1], ids=["whole", "cut"])
def _deel(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold every promise whichever requests go in together."""
    monkeypatch.setattr(delen, "PER_DEEL", request.param)


@pytest.fixture
def eerste(demo_databank: Databank) -> Iterator[App]:
    with app(demo_databank) as geheel:
        richt_regio_in(geheel)
        yield geheel


@pytest.fixture
def tweede(eerste: App) -> Iterator[App]:
    """Another process on the same database."""
    with app(eerste.databank) as geheel:
        yield geheel


def klas(opdracht_klas: str, stroom: UUID, actor: Actor = VO_BEHEERDER) -> Opdracht:
    return Opdracht(soort=OVERSTAP, stroom=stroom, verzoek=WijzigPersoonsgegevens(klas=opdracht_klas), actor=actor)


def bericht(volgnummer: int, code: str) -> VerwerkKoppelbericht:
    return VerwerkKoppelbericht(
        keten_id="99XX:90001119",
        volgnummer=volgnummer,
        code=code,
        laatste_wijziging="2026-01-12T09:00:00Z",
        brin=MBO,
        crebo="25647",
    )


def test_what_is_recorded_is_there_for_another_process(eerste: App, tweede: App) -> None:
    stroom = opgevoerd(eerste, nieuw_pgn())

    assert tweede.bus.staat(OVERSTAP, stroom) == eerste.bus.staat(OVERSTAP, stroom)


def test_a_new_stream_comes_with_its_own_data_key(eerste: App, tweede: App) -> None:
    pgn = nieuw_pgn()
    stroom = opgevoerd(eerste, pgn)

    assert tweede.kluis.open_persoon(stroom, tweede.bus.staat(OVERSTAP, stroom).persoon).pgn == pgn


def test_a_later_request_of_a_batch_sees_what_an_earlier_one_decided(eerste: App) -> None:
    opdracht = opvoer(eerste, nieuw_pgn())

    eerst, dan, nogmaals = eerste.bus.verwerk([opdracht, klas("4b", opdracht.stroom), klas("4b", opdracht.stroom)])

    assert isinstance(eerst, Vastgelegd)
    assert isinstance(dan, Vastgelegd)
    assert [een.originator_version for een in dan.gebeurtenissen] == [2]
    assert nogmaals == ONGEWIJZIGD


def test_a_refused_request_leaves_its_neighbours_as_they_are(eerste: App) -> None:
    opdrachten = [opvoer(eerste, nieuw_pgn()), klas("4b", uuid4()), opvoer(eerste, nieuw_pgn())]

    eerst, geweigerd, laatst = eerste.bus.verwerk(opdrachten)

    assert isinstance(eerst, Vastgelegd)
    assert isinstance(geweigerd, Weigering)
    assert geweigerd.code == "onbekende_leerling"
    assert isinstance(laatst, Vastgelegd)


def test_a_refusal_is_judged_on_what_another_process_recorded_meanwhile(eerste: App, tweede: App) -> None:
    stroom = opgevoerd(eerste, nieuw_pgn())
    tweede.bus.staat(OVERSTAP, stroom)
    eerste.bus.verwerk([klas("4b", stroom)])

    assert tweede.bus.verwerk([klas("4b", stroom)]) == [ONGEWIJZIGD]


def test_who_comes_second_decides_again_on_the_new_state(eerste: App, tweede: App) -> None:
    stroom = opgevoerd(eerste, nieuw_pgn())
    gezien: list[str] = []

    def maak(dossier: Dossier) -> WijzigPersoonsgegevens:
        gezien.append(dossier.overstap.klas)
        if len(gezien) == 1:
            eerste.bus.verwerk([klas("4b", stroom)])
        return WijzigPersoonsgegevens(klas="4c")

    [resultaat] = tweede.bus.verwerk([Opdracht(soort=OVERSTAP, stroom=stroom, verzoek=maak, actor=VO_BEHEERDER)])

    assert gezien == ["4a", "4b"]
    assert isinstance(resultaat, Vastgelegd)
    assert [een.originator_version for een in resultaat.gebeurtenissen] == [3]


def test_after_five_lost_races_a_request_is_given_up(eerste: App, tweede: App) -> None:
    stroom = opgevoerd(eerste, nieuw_pgn())
    pogingen: list[int] = []

    def maak(_dossier: Dossier) -> WijzigPersoonsgegevens:
        pogingen.append(1)
        eerste.bus.verwerk([klas(f"1{len(pogingen)}", stroom)])
        return WijzigPersoonsgegevens(klas="4c")

    [resultaat] = tweede.bus.verwerk([Opdracht(soort=OVERSTAP, stroom=stroom, verzoek=maak, actor=VO_BEHEERDER)])

    assert isinstance(resultaat, Weigering)
    assert (resultaat.code, len(pogingen)) == ("druk", 5)


def test_what_was_judged_on_a_request_that_lost_its_race_is_judged_again(eerste: App, tweede: App) -> None:
    stroom = opgevoerd(eerste, nieuw_pgn())
    gestoord: list[int] = []

    def maak(_dossier: Dossier) -> WijzigPersoonsgegevens | None:
        if not gestoord:
            gestoord.append(1)
            eerste.bus.verwerk([klas("4b", stroom)])
            return WijzigPersoonsgegevens(klas="4c")
        return None

    eerst, dan = tweede.bus.verwerk(
        [Opdracht(soort=OVERSTAP, stroom=stroom, verzoek=maak, actor=VO_BEHEERDER), klas("4c", stroom)]
    )

    assert eerst == ONGEWIJZIGD
    assert isinstance(dan, Vastgelegd), "on the state that the first would have made this was nothing new"


def test_one_pupil_entered_by_two_processes_is_entered_once(eerste: App, tweede: App) -> None:
    pgn = nieuw_pgn()
    stroom = opgevoerd(eerste, pgn)

    [resultaat] = tweede.bus.verwerk([opvoer(tweede, pgn)])

    assert resultaat == NietUniek("pgn", stroom)


def test_two_processes_that_begin_one_stream_end_with_one_key(eerste: App, tweede: App) -> None:
    stroom, pgn = uuid4(), nieuw_pgn()
    werkelijk = opvoer(tweede, pgn, stroom)

    def maak(dossier: Dossier | None) -> object:
        if dossier is None:
            eerste.bus.verwerk([opvoer(eerste, pgn, stroom)])
        return werkelijk.verzoek(dossier)

    [resultaat] = tweede.bus.verwerk(
        [Opdracht(soort=OVERSTAP, stroom=stroom, verzoek=maak, actor=VO_BEHEERDER, aanspraken=werkelijk.aanspraken)]
    )

    assert isinstance(resultaat, Weigering)
    assert resultaat.code == "al_opgevoerd"
    assert tweede.kluis.open_persoon(stroom, tweede.bus.staat(OVERSTAP, stroom).persoon).pgn == pgn


def kwitantie(sleutel: bytes, inhoud: bytes) -> Kwitantie:
    return Kwitantie(client="99AA:decaan", sleutel=sleutel, vingerafdruk=inhoud)


def ddd(stroom: UUID, bewijs: Kwitantie) -> Opdracht:
    verzoek = LegDddStatusVast(datum=IN_JANUARI.date())
    return Opdracht(soort=OVERSTAP, stroom=stroom, verzoek=verzoek, actor=DECAAN, kwitantie=bewijs)


@pytest.mark.parametrize("tegelijk", [True, False], ids=["in one batch", "later"])
def test_the_same_request_is_recorded_once(tegelijk: bool, eerste: App) -> None:  # noqa: FBT001
    stroom, sleutel = opgevoerd(eerste, nieuw_pgn()), uuid4().bytes
    opdracht = ddd(stroom, kwitantie(sleutel, b"inhoud"))

    if tegelijk:
        eerst, dan = eerste.bus.verwerk([opdracht, opdracht])
    else:
        [eerst], [dan] = eerste.bus.verwerk([opdracht]), eerste.bus.verwerk([opdracht])

    assert isinstance(eerst, Vastgelegd)
    assert isinstance(dan, EerderVastgelegd)
    assert (dan.kwitantie.positie, dan.kwitantie.vastgelegd_op) == (eerst.positie, eerst.vastgelegd_op)
    assert (dan.kwitantie.stroom, dan.kwitantie.versie) == (stroom, 2)


@pytest.mark.parametrize("tegelijk", [True, False], ids=["in one batch", "later"])
def test_a_key_used_again_for_something_else_is_refused(tegelijk: bool, eerste: App) -> None:  # noqa: FBT001
    stroom, sleutel = opgevoerd(eerste, nieuw_pgn()), uuid4().bytes
    opdrachten = [ddd(stroom, kwitantie(sleutel, b"inhoud")), ddd(stroom, kwitantie(sleutel, b"andere inhoud"))]

    resultaten = (
        eerste.bus.verwerk(opdrachten) if tegelijk else [r for een in opdrachten for r in eerste.bus.verwerk([een])]
    )

    assert isinstance(resultaten[0], Vastgelegd)
    assert resultaten[1] == ANDERE_INHOUD


def test_a_refused_request_leaves_no_receipt(eerste: App) -> None:
    sleutel, opdracht = uuid4().bytes, opvoer(eerste, nieuw_pgn())
    [geweigerd] = eerste.bus.verwerk([ddd(opdracht.stroom, kwitantie(sleutel, b"inhoud"))])
    eerste.bus.verwerk([opdracht])

    [nu_wel] = eerste.bus.verwerk([ddd(opdracht.stroom, kwitantie(sleutel, b"inhoud"))])

    assert isinstance(geweigerd, Weigering)
    assert isinstance(nu_wel, Vastgelegd)


def test_a_consequence_names_its_cause_and_every_event_the_rules_it_was_judged_under(eerste: App) -> None:
    stroom = opgevoerd(eerste, nieuw_pgn())

    [resultaat] = eerste.bus.verwerk(
        [Opdracht(soort=OVERSTAP, stroom=stroom, verzoek=bericht(1, "AO"), actor=KOPPELING)]
    )

    assert isinstance(resultaat, Vastgelegd)
    ontvangen, gewijzigd = resultaat.gebeurtenissen
    assert (ontvangen.oorzaak, gewijzigd.oorzaak) == (None, f"{stroom}@2")
    assert (ontvangen.procedure, gewijzigd.procedure) == ("2026.21.1", "2026.21.1")
    assert ontvangen.correlatie == gewijzigd.correlatie is not None


def test_a_year_without_rules_takes_no_pupils(eerste: App) -> None:
    opdracht = opvoer(eerste, nieuw_pgn())

    def maak(dossier: Dossier | None) -> object:
        return replace(opdracht.verzoek(dossier), overstapjaar=JAAR + 1)

    [resultaat] = eerste.bus.verwerk([replace(opdracht, verzoek=maak)])

    assert isinstance(resultaat, Weigering)
    assert resultaat.code == "geen_jaar"


def test_once_a_key_is_destroyed_nothing_personal_can_be_added(eerste: App) -> None:
    stroom = opgevoerd(eerste, nieuw_pgn())
    gewist = Opdracht(
        soort=OVERSTAP,
        stroom=stroom,
        verzoek=Waargenomen(feiten=(SignaalGegeven(signaal="gewist", voor="regiebeheerder"),)),
        actor=Actor(account="systeem", rol=Rol.SYSTEEM, organisatie=REGIO, regio=REGIO),
        vrijgaven=(Vrijgave("datasleutel", stroom),),
    )
    eerste.bus.verwerk([gewist])

    def maak(_dossier: Dossier) -> WijzigPersoonsgegevens:
        velden = eerste.kluis.verzegel_velden(stroom, "persoonsgegevens-gewijzigd.v1", {"woonplaats": "Diemen"})
        return WijzigPersoonsgegevens(persoon=velden)

    [resultaat] = eerste.bus.verwerk([Opdracht(soort=OVERSTAP, stroom=stroom, verzoek=maak, actor=VO_BEHEERDER)])

    assert isinstance(resultaat, Weigering)
    assert resultaat.code == "onbekende_leerling"


def test_no_more_states_stay_in_memory_than_allowed(eerste: App) -> None:
    with app(eerste.databank, toestanden=3) as klein:
        stromen = [opgevoerd(klein, nieuw_pgn()) for _ in range(6)]

        assert list(klein.bus._toestanden._wisselend) == [stroom.int for stroom in stromen[-3:]]
        assert isinstance(klein.bus.verwerk([klas("4b", stromen[0])])[0], Vastgelegd)


def test_many_events_of_others_make_the_bus_begin_anew(eerste: App, tweede: App) -> None:
    stroom = opgevoerd(eerste, nieuw_pgn())
    tweede.bus.staat(OVERSTAP, stroom)
    for begin in range(0, 2_400, 400):
        eerste.bus.verwerk([klas(f"k{begin}-{n}", stroom) for n in range(400)])

    assert tweede.bus.staat(OVERSTAP, stroom).overstap.klas == "k2000-399"


def test_something_in_the_future_is_refused_by_the_log_itself(eerste: App) -> None:
    opdracht = opvoer(eerste, nieuw_pgn())

    def decide(*alles: Any) -> object:  # noqa: ANN401  # whatever the bus gives
        oordeel = OVERSTAP.decide(*alles)
        assert isinstance(oordeel, Oordeel)
        return Oordeel(replace(oordeel.besluit, gebeurd_op=IN_JANUARI + timedelta(minutes=6)), oordeel.procedure)

    [resultaat] = eerste.bus.verwerk([replace(opdracht, soort=replace(OVERSTAP, decide=decide))])

    assert isinstance(resultaat, Weigering)
    assert resultaat.code == "in_de_toekomst"


def test_what_adds_nothing_is_judged_again_when_others_wrote_before_the_pass_was_sent(
    eerste: App, tweede: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus, "VERS", 60.0)  # as if all this were within a moment
    stroom, ander = opgevoerd(eerste, nieuw_pgn()), opgevoerd(eerste, nieuw_pgn())
    tweede.bus.staten(OVERSTAP, (stroom, ander))
    ronde = tweede.bus.begin([klas("4a", stroom), klas("4b", ander)])
    eerste.bus.verwerk([klas("4c", stroom)])
    tweede.bus.staat(OVERSTAP, stroom)

    tweede.bus.verstuur(ronde)
    tweede.bus.ontvang(ronde)
    opnieuw, vastgelegd = tweede.bus.rond_af(ronde)

    assert opnieuw is None
    assert isinstance(vastgelegd, Vastgelegd)


def test_nothing_new_is_judged_on_what_another_process_recorded_meanwhile(eerste: App, tweede: App) -> None:
    stroom = opgevoerd(eerste, nieuw_pgn())
    tweede.bus.staat(OVERSTAP, stroom)
    eerste.bus.verwerk([klas("4b", stroom)])

    assert isinstance(tweede.bus.verwerk([klas("4a", stroom)])[0], Vastgelegd)
