"""The short way of the append, for what goes in as a whole, and the long one, request by request, come to the same."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib.resources import files
from random import Random
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.toevoeging import (
    Aanspraak,
    Afloop,
    Datasleutel,
    Kwitantie,
    Toevoeging,
    Uitkomst,
    Vrijgave,
    Wachtbakrij,
)
from tests.adapters.postgres.gebeurtenissen import MOMENT, gebeurtenis
from tests.postgres_fixture import MakeDatabank

NU = MOMENT + timedelta(hours=1)
STAPELS = 250
KORT = "gaat_in boolean := coalesce(cardinality(v_verzoek), 0) = 0;"
TABELLEN = {
    "log.gebeurtenissen": "positie",
    "log.kwitanties": "client, sleutel",
    "log.aanspraken": "soort, sleutel",
    "kluis.pgn": "pgn_hash",
    "kluis.datasleutels": "stroom",
    "kluis.wachtbak": "item",
}


class Toeval:
    """Makes requests about few streams, keys and claims, so that they often meet; new ones now and then."""

    def __init__(self, zaad: int) -> None:
        self._rng = Random(zaad)  # noqa: S311 - the same requests in every run

    def stapel(self, log: Log) -> list[Toevoeging]:
        """Make a batch on what the log has now."""
        if not hasattr(self, "_stromen") or self._soms(0.1):
            self._stromen, self._ketens, self._nummers, self._sleutels = (
                [UUID(bytes=self._rng.randbytes(16), version=4) for _ in range(4)] for _ in range(4)
            )
        staat = log.laad(self._stromen)
        self._versies = {stroom: len(staat[stroom]) for stroom in self._stromen}
        return [self._verzoek() for _ in range(self._rng.randint(1, 6))]

    def _soms(self, kans: float) -> bool:
        return self._rng.random() < kans

    def _uit(self, waarden: list[UUID]) -> bytes:
        return self._rng.choice(waarden).bytes

    def _verzoek(self) -> Toevoeging:
        stromen = self._rng.choices(self._stromen, k=self._rng.choice((0, 1, 1, 2, 3)))
        gebeurd_op = NU + timedelta(minutes=6) if self._soms(0.03) else MOMENT
        gebeurtenissen = []
        for stroom in stromen:
            self._versies[stroom] += 1
            versie = self._versies[stroom] + (self._rng.choice((-1, 1)) if self._soms(0.05) else 0)
            gebeurtenissen.append(gebeurtenis(stroom, max(1, versie), gebeurd_op=gebeurd_op))
        stroom = stromen[0] if stromen else self._stromen[0]
        aanspraken = []
        if self._soms(0.2):
            aanspraken.append(Aanspraak("ketenid", self._uit(self._ketens), stroom))
        if self._soms(0.2):
            aanspraken.append(Aanspraak("pgn", self._uit(self._nummers), stroom, "21", 2026))
        kwitantie = None
        if self._soms(0.5):
            sleutel = self._uit(self._sleutels) if self._soms(0.3) else self._rng.randbytes(16)
            kwitantie = Kwitantie("99XX", sleutel, bytes([self._soms(0.2)]), stroom=stroom, versie=7)
        return Toevoeging(
            gebeurtenissen,
            aanspraken=aanspraken,
            kwitantie=kwitantie,
            datasleutels=[Datasleutel(stroom, b"verpakt")] if self._soms(0.1) else (),
            wachtbak=[Wachtbakrij("21", 2026, b"h", UUID(bytes=self._rng.randbytes(16)))] if self._soms(0.1) else (),
            vrijgaven=[Vrijgave("ketenid", stroom, self._uit(self._ketens))] if self._soms(0.05) else (),
        )


def altijd_lang(databank: Databank) -> None:
    """Let the append of this database never take the short way."""
    sql = (files("overstap.adapters.postgres.migraties") / "0052-voeg_toe.sql").read_text(encoding="utf-8")
    assert KORT in sql
    lang = sql.replace(KORT, "gaat_in boolean := false;")
    with databank.verbind(Login.EIGENAAR) as verbinding:
        verbinding.execute(lang.encode())


@contextmanager
def log_van(databank: Databank) -> Iterator[Log]:
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        yield Log(verbinding)


def inhoud(databank: Databank) -> dict[str, list[Any]]:
    with databank.verbind(Login.EIGENAAR) as verbinding:
        return {
            tabel: verbinding.execute(f"SELECT * FROM {tabel} ORDER BY {volgorde}".encode()).fetchall()
            for tabel, volgorde in TABELLEN.items()
        }


def test_whatever_a_batch_holds_both_ways_leave_and_answer_the_same(maak_op_elke: MakeDatabank) -> None:
    kort, lang = maak_op_elke(Soort.DEMO), maak_op_elke(Soort.DEMO)
    altijd_lang(lang)
    toeval, aflopen = Toeval(2026), Counter[Afloop]()
    ging_in_zijn_geheel = 0
    with log_van(kort) as korte, log_van(lang) as lange:
        for _ in range(STAPELS):
            stapel = toeval.stapel(korte)
            uitkomsten = korte.voeg_toe(stapel, NU)
            assert lange.voeg_toe(stapel, NU) == uitkomsten
            soorten = {uitkomst.afloop for uitkomst in uitkomsten}
            aflopen.update(soorten)
            ging_in_zijn_geheel += soorten == {Afloop.VASTGELEGD}
    assert inhoud(kort) == inhoud(lang)
    assert set(aflopen) == set(Afloop)
    assert STAPELS // 5 < ging_in_zijn_geheel < STAPELS


def alles_erbij(stroom: UUID) -> Toevoeging:
    return Toevoeging(
        [gebeurtenis(stroom, 1), gebeurtenis(stroom, 2)],
        aanspraken=[Aanspraak("ketenid", stroom.bytes, stroom), Aanspraak("pgn", stroom.bytes, stroom, "21", 2026)],
        kwitantie=Kwitantie("99XX", stroom.bytes, b"v"),
        datasleutels=[Datasleutel(stroom, b"verpakt")],
        wachtbak=[Wachtbakrij("21", 2026, b"h", uuid4())],
    )


def test_what_goes_in_as_a_whole_takes_the_short_way_alone(maak_op_elke: MakeDatabank) -> None:
    databank = maak_op_elke(Soort.ECHT)
    with databank.verbind(Login.EIGENAAR) as verbinding:
        verbinding.execute("DROP FUNCTION log.voeg_toe_per_verzoek")
    with log_van(databank) as log:
        uitkomsten: list[Uitkomst] = log.voeg_toe([alles_erbij(uuid4()), alles_erbij(uuid4())])
    assert [uitkomst.afloop for uitkomst in uitkomsten] == [Afloop.VASTGELEGD] * 2


def test_nobody_but_the_append_takes_the_long_way(maak_databank: MakeDatabank) -> None:
    with (
        maak_databank(Soort.ECHT).verbind(Login.SCHRIJVER) as verbinding,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        verbinding.execute(f"SELECT log.voeg_toe_per_verzoek({', '.join(['NULL'] * 43)})".encode())
