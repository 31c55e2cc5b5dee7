"""The chain can be computed without the database, and shows every change."""

from collections.abc import Callable
from datetime import UTC, datetime
from operator import itemgetter
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overstap.adapters.postgres.controle import breuken, gaten
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.keten import BEGIN, keten_hash, oude_keten_hash
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.toevoeging import Toevoeging
from overstap.domain.feiten import naam_van, naar_bytes
from overstap.domain.feiten.aanlevering import RegelGeweigerd
from overstap.domain.gebeurtenis import Gebeurtenis
from tests.adapters.postgres.gebeurtenissen import gebeurtenis
from tests.postgres_fixture import MakeDatabank

_tekst = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40)
_of_leeg = st.none() | _tekst
_moment = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive
_rij = st.tuples(
    st.binary(min_size=32, max_size=32),
    st.uuids(),
    st.integers(0, 2**63 - 1),
    _tekst,
    st.binary(max_size=400),
    _of_leeg,
    st.none() | _moment,
    _of_leeg,
    _of_leeg,
    _of_leeg,
    st.none() | st.uuids(),
    _of_leeg,
    _of_leeg,
)
_RIJ = """
WITH rij (vorige, stroom, versie, topic, state, regio, op, actor, rol, organisatie, correlatie, oorzaak, procedure) AS (
    VALUES (%b::bytea, %b::uuid, %b::bigint, %b::text, %b::bytea, %b::text, %b::timestamptz, %b::text, %b::text,
            %b::text, %b::uuid, %b::text, %b::text)
)
"""
_NU = """
SELECT log.schakel(
           vorige, log.herkomst(stroom, regio, op, actor, rol, organisatie, correlatie, procedure),
           versie, topic, state, oorzaak)
  FROM rij
"""
_TOEN = """
SELECT log.keten_hash(
           vorige, stroom, versie, topic, state, regio, op, actor, rol, organisatie, correlatie, oorzaak, procedure)
  FROM rij
"""
Rij = tuple[bytes, UUID, int, str, bytes, None, None, None, None, None, None, None, None]
KetenHash = Callable[..., bytes]


@pytest.fixture(scope="module")
def databank(maak_op_elke: MakeDatabank) -> Databank:
    return maak_op_elke(Soort.ECHT)


@pytest.mark.parametrize(("vraag", "hash_"), [(_NU, keten_hash), (_TOEN, oude_keten_hash)])
def test_python_and_the_database_agree_on_the_hash_of_any_row(databank: Databank, vraag: str, hash_: KetenHash) -> None:
    with databank.verbind(Login.AUDIT) as verbinding:

        @given(_rij)
        def stemmen_overeen(rij: Rij) -> None:
            assert verbinding.execute(f"{_RIJ}{vraag}".encode(), rij).fetchone() == (hash_(*rij),)

        stemmen_overeen()


@pytest.mark.parametrize("hash_", [keten_hash, oude_keten_hash])
@given(rij=_rij, data=st.data())
def test_another_value_in_any_column_gives_another_hash(hash_: KetenHash, rij: Rij, data: st.DataObject) -> None:
    plek = data.draw(st.integers(0, len(rij) - 1))
    ander = data.draw(_rij.map(itemgetter(plek)).filter(lambda ander: ander != rij[plek]))
    assert hash_(*rij[:plek], ander, *rij[plek + 1 :]) != hash_(*rij)


@pytest.mark.parametrize("hash_", [keten_hash, oude_keten_hash])
def test_null_and_empty_are_told_apart(hash_: KetenHash) -> None:
    stroom = uuid4()
    leeg = (BEGIN, stroom, 1, "x.v1", b"{}", "", None, None, None, None, None, None, None)
    niets = (BEGIN, stroom, 1, "x.v1", b"{}", None, None, None, None, None, None, None, None)
    assert hash_(*leeg) != hash_(*niets)


def test_a_change_of_form_is_a_change_of_hash() -> None:
    rij = (BEGIN, uuid4(), 1, "x.v1", b"{}", *[None] * 8)
    assert keten_hash(*rij) != oude_keten_hash(*rij)  # type: ignore[arg-type]


def _kolommen(wat: Gebeurtenis) -> tuple[Any, ...]:
    feit = naam_van(wat.feit), naar_bytes(wat.feit)
    wie = wat.actor, wat.rol, wat.organisatie, wat.correlatie, wat.oorzaak, wat.procedure
    return wat.originator_id, wat.originator_version, *feit, wat.regio, wat.gebeurd_op, *wie


def test_the_append_chains_each_stream_on_its_own(log: Log, databank: Databank) -> None:
    een, ander = uuid4(), uuid4()
    wat = [gebeurtenis(een, 1), gebeurtenis(ander, 1), gebeurtenis(een, 2)]
    log.voeg_toe([Toevoeging(wat[:2]), Toevoeging(wat[2:])])
    log.voeg_toe([Toevoeging([gebeurtenis(een, 3)])])
    eerste = keten_hash(BEGIN, *_kolommen(wat[0]))
    tweede = keten_hash(eerste, *_kolommen(wat[2]))
    derde = keten_hash(tweede, *_kolommen(gebeurtenis(een, 3)))
    with databank.verbind(Login.AUDIT) as verbinding:
        vraag = "SELECT hash FROM log.gebeurtenissen WHERE originator_id = %s ORDER BY originator_version"
        assert verbinding.execute(vraag, (een,)).fetchall() == [(eerste,), (tweede,), (derde,)]
        assert verbinding.execute(vraag, (ander,)).fetchall() == [(keten_hash(BEGIN, *_kolommen(wat[1])),)]


def test_a_row_changed_behind_our_back_is_found(maak_databank: MakeDatabank) -> None:
    databank = maak_databank(Soort.ECHT)
    stroom = uuid4()
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        Log(verbinding).voeg_toe([Toevoeging([gebeurtenis(stroom, nummer) for nummer in (1, 2, 3, 4)])])
    with databank.verbind(Login.AUDIT) as verbinding:
        assert (breuken(verbinding), gaten(verbinding)) == ([], [])
    with databank.verbind(Login.EIGENAAR) as eigenaar:  # who takes the protection out first can do this
        eigenaar.execute("ALTER TABLE log.gebeurtenissen DISABLE TRIGGER ALL")
        eigenaar.execute("GRANT ALL ON log.gebeurtenissen TO overstap_eigenaar")
        eigenaar.execute("UPDATE log.gebeurtenissen SET rol = 'mentor' WHERE positie = 2")
        eigenaar.execute("DELETE FROM log.gebeurtenissen WHERE positie = 3")
    with databank.verbind(Login.AUDIT) as verbinding:
        assert breuken(verbinding) == [2, 4]
        assert gaten(verbinding) == [(3, 3)]


def test_the_example_of_the_document_is_right() -> None:
    document = (Path(__file__).parents[3] / "docs" / "log.md").read_text(encoding="utf-8")
    berekend = keten_hash(
        BEGIN,
        UUID("0f0e0d0c-0b0a-4908-8706-050403020100"),
        1,
        "regel-geweigerd.v1",
        naar_bytes(RegelGeweigerd(regel=17, code="onbekende_leerling", reden="onbekend")),
        "21",
        datetime(2026, 1, 12, 9, 30, tzinfo=UTC),
        "koppeling-99xx",
        "koppeling",
        "99XX",
        None,
        None,
        None,
    )
    assert f"hash          {berekend.hex()}\n" in document
