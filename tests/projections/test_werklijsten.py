"""A worklist says whom somebody must do something about, since when and why; the calendar alone fills some of them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import Cursor

from overstap.adapters.postgres.bereik import bereik_van, in_bereik
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_werker import Werker
from overstap.domain.feiten import Feit
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.feiten import wachtbak as w
from overstap.domain.kalender import Regels, einde_van, kalender_van
from overstap.domain.redenen import Grond, RedenAfsluiting, RedenVervolgkeuze
from overstap.domain.rollen import Actor, Rol
from overstap.domain.statussen import OverstapStatus
from overstap.projections import werklijsten
from overstap.projections.actueel import Actueel
from overstap.projections.actueel_lijst import Vraag, tel
from overstap.projections.actueel_tabel import lees
from overstap.projections.projectie import Batch
from overstap.projections.selectie import BladwijzerOngeldig, Selectie
from overstap.projections.standen import standen
from overstap.projections.werklijsten import Post, Werklijst, is_in_beeld, lijsten_van, verantwoordelijke
from tests.bewijzen import IS_VOL
from tests.projections.geschiedenissen import Boek, logboeken, opvoer, wachtbakbericht
from tests.projections.test_actueel import ONTVANGEN, TWEEDE, na, status
from tests.projections.vastleggen import blik, een_jaar, een_regio, leg_op_zijn_dag_vast, leg_vast

Stap = tuple[tuple[int, int], Sequence[Feit]]
L = Werklijst
NIET, AAN, KEUZE = OverstapStatus.NOG_NIET_AANGEMELD, OverstapStatus.AANGEMELD, OverstapStatus.VERVOLGKEUZE_VO
GEPLAATST, GESTART, AFGEROND = OverstapStatus.GEPLAATST, OverstapStatus.GESTART, OverstapStatus.AFGEROND
MET_LEERPLICHT = OverstapStatus.LEERPLICHT_INGESCHAKELD


@pytest.fixture(scope="module")
def werker(demo_databank: Databank) -> Iterator[Werker]:
    with Werker(demo_databank) as werker:
        yield werker


class Regio:
    """Tell what happened to pupils at noon of days (month, day) of a year of its own, and look at worklists."""

    def __init__(self, databank: Databank, log: Log, werker: Werker) -> None:
        self.databank, self.log, self.werker, self.naam, self.jaar = databank, log, werker, een_regio(), een_jaar()
        kalender = kalender_van(self.jaar)
        self.regels = Regels(regio=self.naam, overstapjaar=self.jaar, revisie=1, kalender=kalender)
        self.boek = Boek()
        self.gebeurd: list[tuple[datetime, UUID, Sequence[Feit]]] = []

    def leerling(self, *stappen: Stap, school: str = "99AA") -> UUID:
        stroom = uuid4()
        begin = datetime(self.jaar - 1, 10, 1, 12, tzinfo=UTC)
        self.gebeurd.append((begin, stroom, [opvoer(self.jaar, school)]))
        self.gebeurd += [(self.op(*dag), stroom, feiten) for dag, feiten in stappen]
        return stroom

    def op(self, maand: int, dag: int) -> datetime:
        return datetime(self.jaar, maand, dag, 12, tzinfo=UTC)

    def leg_vast(self) -> None:
        boek = Boek()
        for moment, stroom, feiten in sorted(self.gebeurd, key=lambda regel: regel[0]):
            boek.voeg_toe(stroom, feiten, moment, moment)
        self.gebeurd = []
        if boek.gebeurtenissen:
            leg_op_zijn_dag_vast(self.log, boek, self.naam)

    def posten(self, lijst: Werklijst, op: tuple[int, int], **bereik: str) -> list[Post]:
        self.leg_vast()
        with blik(self.databank, self.werker, self.naam) as cursor:
            return werklijsten.lees(cursor, lijst, self.regels, self.op(*op), selectie=Selectie(**bereik)).posten

    def op_lijst(self, lijst: Werklijst, op: tuple[int, int]) -> dict[UUID, datetime]:
        return {post.onderwerp: post.sinds for post in self.posten(lijst, op)}


@pytest.fixture
def regio(demo_databank: Databank, werker: Werker) -> Iterator[Regio]:
    with demo_databank.verbind(Login.SCHRIJVER) as verbinding:
        yield Regio(demo_databank, Log(verbinding), werker)


def test_who_has_no_aanmelding_is_listed_when_the_aanmelddatum_is_over_without_any_event(regio: Regio) -> None:
    zonder = regio.leerling()
    regio.leerling(((3, 1), [ONTVANGEN, status(NIET, AAN, 2)]))
    assert regio.op_lijst(L.NIET_AANGEMELD, (4, 1)) == {}
    assert regio.op_lijst(L.NIET_AANGEMELD, (4, 2)) == {zonder: einde_van(regio.regels.kalender.aanmelddatum)}
    [post] = regio.posten(L.NIET_AANGEMELD, (4, 2))
    assert post.waarom == f"Nog geen aanmelding na de aanmelddatum (1 april {regio.jaar})."


def test_who_loses_a_place_is_listed_as_fallen_and_as_ended_until_a_person_decides(regio: Regio) -> None:
    val: list[Stap] = [
        ((3, 1), [ONTVANGEN, a.VoorlopigGeplaatst(nummer=1), status(NIET, GEPLAATST, 3)]),
        ((7, 5), [a.AanmeldingIngetrokken(nummer=1), status(GEPLAATST, NIET, 5)]),
    ]
    gevallen = regio.leerling(*val)
    keuze = o.VervolgkeuzeVoGekozen(reden=RedenVervolgkeuze.HAVO)
    regio.leerling(*val, ((7, 9), [keuze, status(NIET, KEUZE, 7)]))
    for lijst in (L.NIVEAU_GEDAALD, L.ALLE_AANMELDINGEN_BEEINDIGD):
        assert regio.op_lijst(lijst, (7, 20)) == {gevallen: regio.op(7, 5)}
    [post] = regio.posten(L.NIVEAU_GEDAALD, (7, 20))
    assert post.waarom == f"Op 5 juli {regio.jaar} gezakt van voorlopig geplaatst naar geen actieve aanmelding."
    [post] = regio.posten(L.ALLE_AANMELDINGEN_BEEINDIGD, (7, 20))
    assert post.waarom == f"De enige aanmelding is beëindigd, de laatste op 5 juli {regio.jaar}."


def test_silence_is_listed_after_the_weeks_of_the_rules(regio: Regio) -> None:
    stil = regio.leerling(((3, 1), [ONTVANGEN, status(NIET, AAN, 2)]))
    regio.leerling(((3, 1), [ONTVANGEN, status(NIET, AAN, 2)]), ((4, 10), [o.DddStatusVastgelegd(datum="2026-04-10")]))
    regio.leerling(((3, 1), [ONTVANGEN, a.StartBevestigd(nummer=1), status(NIET, GESTART, 3)]))
    assert regio.op_lijst(L.STIL, (4, 11)) == {}
    assert regio.op_lijst(L.STIL, (4, 13)) == {stil: regio.op(3, 1) + timedelta(weeks=6)}
    [post] = regio.posten(L.STIL, (4, 13))
    assert post.waarom == f"Al 6 weken of langer stil: het laatste bericht is van 1 maart {regio.jaar}."


def test_who_was_erased_is_on_no_list_and_counts_as_before(regio: Regio) -> None:
    gewist = o.OverstapGewist(aanleiding="verzoek")
    val: list[Stap] = [
        ((3, 1), [ONTVANGEN, a.VoorlopigGeplaatst(nummer=1), status(NIET, GEPLAATST, 3)]),
        ((4, 5), [a.AanmeldingIngetrokken(nummer=1), status(GEPLAATST, NIET, 5)]),
    ]
    leerplicht: list[Stap] = [((4, 6), [o.LeerplichtIngeschakeld(), status(NIET, MET_LEERPLICHT, 2)])]
    for stappen in (val, leerplicht, []):
        regio.leerling(*stappen)
        regio.leerling(*stappen, ((5, 1), [gewist]))
    regio.leg_vast()
    with blik(regio.databank, regio.werker, regio.naam) as cursor:
        aantallen = werklijsten.omvang(cursor, regio.regels, regio.op(9, 1))
        assert standen(cursor, regio.regels) == {NIET: 4, MET_LEERPLICHT: 2}
    assert aantallen == {
        **dict.fromkeys(L, 0),
        L.NIVEAU_GEDAALD: 1,
        L.ALLE_AANMELDINGEN_BEEINDIGD: 1,
        L.MET_LEERPLICHT: 1,
        L.NIET_AANGEMELD: 1,
        L.STIL: 2,
        L.UIT_BEELD: 2,
    }


def test_before_the_aanmelddatum_silence_of_who_has_not_applied_is_normal(regio: Regio) -> None:
    stil = regio.leerling()
    assert regio.op_lijst(L.STIL, (3, 31)) == {}
    assert list(regio.op_lijst(L.STIL, (4, 2))) == [stil]


def test_a_no_show_is_listed_until_placed_elsewhere(regio: Regio) -> None:
    weg: Stap = ((9, 1), [ONTVANGEN, a.DefinitiefGeplaatst(nummer=1), a.NietVerschenenGemeld(nummer=1)])
    verdwenen = regio.leerling(weg)
    regio.leerling(weg, ((9, 8), [TWEEDE, a.VoorlopigGeplaatst(nummer=2), status(NIET, GEPLAATST, 6)]))
    assert regio.op_lijst(L.NIET_VERSCHENEN, (9, 20)) == {verdwenen: regio.op(9, 1)}


def test_who_is_with_leerplicht_is_listed_since_the_call(regio: Regio) -> None:
    leerling = regio.leerling(((5, 1), [o.LeerplichtIngeschakeld(), status(NIET, MET_LEERPLICHT, 2)]))
    assert regio.op_lijst(L.MET_LEERPLICHT, (5, 20)) == {leerling: regio.op(5, 1)}
    assert regio.op_lijst(L.NIET_AANGEMELD, (5, 20)) == regio.op_lijst(L.UIT_BEELD, (9, 1)) == {}


def test_leerplicht_reads_its_own_list_without_what_is_said_of_aanmeldingen(regio: Regio) -> None:
    leerling = regio.leerling(
        ((3, 1), [ONTVANGEN, status(NIET, AAN, 2)]),
        ((5, 1), [o.LeerplichtIngeschakeld(), status(AAN, MET_LEERPLICHT, 4)]),
    )
    regio.leg_vast()
    regio.werker.bijwerken_tot()
    ambtenaar = Actor(account="lpa-1", rol=Rol.LEERPLICHTAMBTENAAR, organisatie="0363", regio=regio.naam)
    with (
        regio.databank.verbind(Login.APP) as verbinding,
        in_bereik(verbinding, bereik_van(ambtenaar, regio.op(5, 20))) as cursor,
    ):
        [post] = werklijsten.lees(cursor, L.MET_LEERPLICHT, regio.regels, regio.op(5, 20)).posten
        omvang = werklijsten.omvang(cursor, regio.regels, regio.op(5, 20), lijsten=[L.MET_LEERPLICHT])
    assert (post.onderwerp, post.mbo, omvang) == (leerling, None, {L.MET_LEERPLICHT: 1})


def test_out_of_sight_is_who_has_no_place_no_choice_and_no_leerplicht_after_the_start_of_the_mbo_year(
    regio: Regio,
) -> None:
    uit_beeld = regio.leerling(((3, 1), [ONTVANGEN, status(NIET, AAN, 2)]))
    regio.leerling(((3, 1), [ONTVANGEN, a.VoorlopigGeplaatst(nummer=1), status(NIET, GEPLAATST, 3)]))
    later: list[Stap] = [
        ((3, 1), [ONTVANGEN, a.VoorlopigGeplaatst(nummer=1), status(NIET, GEPLAATST, 3)]),
        ((8, 20), [a.AanmeldingAfgewezen(nummer=1, grond=Grond.OVERIG), status(GEPLAATST, NIET, 5)]),
    ]
    raakt_uit_beeld = regio.leerling(*later)
    assert regio.op_lijst(L.UIT_BEELD, (8, 1)) == {}
    assert regio.op_lijst(L.UIT_BEELD, (8, 21)) == {
        uit_beeld: einde_van(regio.regels.kalender.mbo_start),
        raakt_uit_beeld: regio.op(8, 20),
    }


def test_a_conflict_between_a_decision_and_the_aanmeldingen_is_listed(regio: Regio) -> None:
    leerling = regio.leerling(
        ((3, 1), [ONTVANGEN, status(NIET, AAN, 2)]),
        ((5, 1), [o.VervolgkeuzeVoGekozen(reden=RedenVervolgkeuze.HAVO), status(AAN, KEUZE, 4)]),
        ((6, 1), [a.VoorlopigGeplaatst(nummer=1), o.SignaalGegeven(signaal="tegenstrijdig", voor="decaan", oorzaak=6)]),
    )
    [post] = regio.posten(L.TEGENSTRIJDIG, (6, 2))
    assert (post.onderwerp, post.sinds) == (leerling, regio.op(6, 1))
    assert post.waarom == "De status is vervolgkeuze VO, maar er is een aanmelding: voorlopig geplaatst."


def test_a_message_about_an_unknown_pupil_waits_until_it_is_matched(regio: Regio) -> None:
    item, gekoppeld = uuid4(), uuid4()
    for stroom in (item, gekoppeld):
        bericht = w.WachtbakBerichtOntvangen(
            brin="99XX", keten_id="99XX:1", volgnummer=1, overstapjaar=regio.jaar, bericht=wachtbakbericht(1).bericht
        )
        regio.gebeurd.append((regio.op(2, 1), stroom, [bericht]))
    regio.gebeurd.append((regio.op(2, 3), gekoppeld, [w.WachtbakItemGekoppeld(overstap=uuid4())]))
    [post] = regio.posten(L.WACHTBAK, (3, 1))
    assert (post.onderwerp, post.sinds, post.mbo) == (item, regio.op(2, 1), "99XX")
    assert post.waarom == "Een bericht van 99XX over een leerling die geen school heeft opgevoerd."


def test_pages_follow_one_another_by_who_waits_longest_and_can_be_of_one_school(regio: Regio) -> None:
    eerste = regio.leerling(
        ((4, 5), [o.OverlegVastgelegd(overleg_datum="2026-04-05", contact=wachtbakbericht(1).bericht)])
    )
    for school in ("99BB", "99CC", "99BB"):
        regio.leerling(school=school)
    regio.leg_vast()
    with blik(regio.databank, regio.werker, regio.naam) as cursor:
        alle = werklijsten.lees(cursor, L.STIL, regio.regels, regio.op(6, 1))
        een = werklijsten.lees(cursor, L.STIL, regio.regels, regio.op(6, 1), aantal=3)
        twee = werklijsten.lees(cursor, L.STIL, regio.regels, regio.op(6, 1), na=een.verder)
        eigen = werklijsten.lees(cursor, L.STIL, regio.regels, regio.op(6, 1), selectie=Selectie(school="99BB"))
    assert [post.onderwerp for post in alle.posten][-1] == eerste
    assert een.posten + twee.posten == alle.posten
    assert (alle.verder, twee.verder) == (None, None)
    assert [post.school for post in eigen.posten] == ["99BB", "99BB"]


def test_a_list_is_narrowed_to_what_is_known_of_a_pupil(regio: Regio) -> None:
    gevonden = regio.leerling(((3, 1), [ONTVANGEN, status(NIET, AAN, 2)]))
    regio.leerling(((3, 1), [TWEEDE.__class__(nummer=1, brin="99YY", crebo="25655"), status(NIET, AAN, 2)]))
    regio.leerling(school="99BB")
    assert [post.onderwerp for post in regio.posten(L.STIL, (6, 1), mbo="99XX", gemeente="0363")] == [gevonden]
    for bereik in ({"klas": "4Z"}, {"leerweg": "tl"}, {"vestiging": "07"}, {"gemeente": "0599"}, {"mbo": "99ZZ"}):
        assert regio.posten(L.STIL, (6, 1), **bereik) == []


@pytest.mark.parametrize(
    ("lijst", "nummer", "is_vervolg"),
    [
        (lijst, nummer, is_vervolg)
        for lijst, takken in werklijsten.TAKKEN.items()
        if lijst is not L.WACHTBAK
        for nummer in range(len(takken))
        for is_vervolg in (False, True)
    ],
)
def test_a_page_is_read_from_an_index_in_order(regio: Regio, lijst: Werklijst, nummer: int, is_vervolg: bool) -> None:  # noqa: FBT001 - a parameter
    regio.leerling()
    regio.leg_vast()
    tak = werklijsten.TAKKEN[lijst][nummer]
    plek = {"tot": regio.op(10, 1), "na_moment": regio.op(2, 1), "na_onderwerp": uuid4(), "aantal": 50}
    plek |= {"regio": regio.naam, "overstapjaar": regio.jaar}
    vraag = werklijsten.vraag_naar(lijst, tak, is_vervolg=is_vervolg)
    with blik(regio.databank, regio.werker, regio.naam) as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
        [(plan,)] = cursor.execute(b"EXPLAIN (FORMAT JSON) " + vraag.encode(), plek).fetchall()
    knopen = list(_knopen(plan[0]["Plan"]))
    gelezen = [knoop for knoop in knopen if knoop.get("Relation Name") == "actueel"]
    assert "Sort" not in {knoop["Node Type"] for knoop in knopen}
    assert [(knoop["Node Type"], tak.kolom in knoop["Index Cond"]) for knoop in gelezen] == [("Index Scan", True)]


def _knopen(knoop: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield knoop
    for kind in knoop.get("Plans", ()):
        yield from _knopen(kind)


def test_a_bookmark_of_something_else_is_refused_with_what_to_do(regio: Regio) -> None:
    with blik(regio.databank, regio.werker, regio.naam) as cursor:
        for vreemd in ("", "niets", "bnVsbA", "é"):
            with pytest.raises(BladwijzerOngeldig, match="Begin bij de eerste bladzijde"):
                werklijsten.lees(cursor, L.STIL, regio.regels, regio.op(6, 1), na=vreemd)


@pytest.mark.proof
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200 if IS_VOL else 6)
@given(boek=logboeken(), dagen=st.integers(0, 330))
def test_the_lists_in_sql_are_those_of_each_pupil_in_python(regio: Regio, boek: Boek, dagen: int) -> None:
    naam = een_regio()
    vastgelegd = leg_vast(regio.log, boek, naam)
    begin = vastgelegd[0].gebeurd_op
    regels = Regels(regio=naam, overstapjaar=2026, revisie=1, kalender=kalender_van(begin.year + 1))
    op = begin + timedelta(days=dagen)
    with blik(regio.databank, regio.werker, naam) as cursor:
        omvang = werklijsten.omvang(cursor, regels, op)
        in_sql = {
            lijst: {p.onderwerp: p.sinds for p in werklijsten.lees(cursor, lijst, regels, op).posten}
            for lijst in Werklijst
        }
        in_stukjes = {lijst: _bladerend(cursor, lijst, regels, op) for lijst in Werklijst}
        aantallen = {
            lijst: tel(cursor, regels, op, Vraag(werklijst=lijst)) for lijst in Werklijst if lijst is not L.WACHTBAK
        }
        rijen = [_rij(cursor, stroom) for stroom in Batch(vastgelegd).overstappen]
    in_python: dict[Werklijst, dict[UUID, datetime]] = {lijst: {} for lijst in Werklijst}
    for rij in rijen:
        for lijst, sinds in lijsten_van(rij, regels, op).items():
            in_python[lijst][rij.overstap] = sinds
    in_python[L.WACHTBAK] = in_sql[L.WACHTBAK]
    assert in_sql == in_python
    assert omvang == {lijst: len(posten) for lijst, posten in in_sql.items()}
    assert aantallen.items() <= omvang.items()
    for lijst, stukjes in in_stukjes.items():
        assert {post.onderwerp: post.sinds for post in stukjes} == in_sql[lijst]
        assert len(stukjes) == len(in_sql[lijst])
        assert [post.sinds for post in stukjes] == sorted(post.sinds for post in stukjes)


def _bladerend(cursor: Cursor[object], lijst: Werklijst, regels: Regels, op: datetime) -> list[Post]:
    """Read a whole list one entry a page."""
    posten: list[Post] = []
    na = None
    while True:
        blad = werklijsten.lees(cursor, lijst, regels, op, na=na, aantal=1)
        posten += blad.posten
        if (na := blad.verder) is None:
            return posten


def _rij(cursor: Cursor[object], stroom: UUID) -> Actueel:
    rij = lees(cursor, stroom)
    assert rij is not None
    return rij


def test_the_responsible_party_goes_from_vo_to_mbo_and_from_leerplicht_to_doorstroompunt_at_18() -> None:
    nu, op_achttien = datetime(2028, 3, 31, tzinfo=UTC), datetime(2028, 4, 2, tzinfo=UTC)
    bij_leerplicht = na([o.LeerplichtIngeschakeld(), status(NIET, MET_LEERPLICHT, 2)])
    begonnen = na([ONTVANGEN, a.StartBevestigd(nummer=1), status(NIET, GESTART, 3)])
    overgedragen = o.OverstapAfgesloten(reden=RedenAfsluiting.OVERGEDRAGEN_AAN_DOORSTROOMPUNT)
    assert verantwoordelijke(na(), nu) == "vo"
    assert verantwoordelijke(begonnen, nu) == "mbo"
    assert (verantwoordelijke(bij_leerplicht, nu), verantwoordelijke(bij_leerplicht, op_achttien)) == (
        "leerplicht",
        "doorstroompunt",
    )
    assert verantwoordelijke(na([overgedragen, status(NIET, AFGEROND, 2)]), nu) == "doorstroompunt"


def test_everybody_is_in_sight_until_the_mbo_year_starts() -> None:
    regels = Regels(regio="21", overstapjaar=2026, revisie=1, kalender=kalender_van(2026))
    assert is_in_beeld(na(), regels, datetime(2026, 8, 1, 12, tzinfo=UTC))
    assert not is_in_beeld(na(), regels, datetime(2026, 8, 2, 12, tzinfo=UTC))
