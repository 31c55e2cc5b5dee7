"""What a reader of the live feed sees is told in memory; it is the same, byte for byte, as row security gives him."""

import asyncio
from collections.abc import Iterable
from uuid import UUID

import psycopg
import pytest
from hypothesis import given, settings
from msgspec.structs import replace
from psycopg import AsyncConnection, IsolationLevel

from overstap.adapters.http.cloudevent import cloudevent, schrijf
from overstap.adapters.http.kijker import Kijker
from overstap.adapters.http.nieuws import als_bericht
from overstap.adapters.http.uitzender import Stapel, lees_stapel
from overstap.adapters.postgres.bereik import Bereik, bereik_van, in_bereik
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.gezien import Filter, lees_gezien
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.postgres.projectie_werker import Werker
from overstap.domain.kalender import datum_in_amsterdam
from overstap.domain.organisatie import Organisatie
from overstap.domain.rollen import Actor, Rol, SoortOrganisatie
from tests.adapters.postgres.streekje import NU, Streekje
from tests.postgres_fixture import MakeDatabank
from tests.projections.geschiedenissen import Boek, logboeken
from tests.projections.vastleggen import leg_vast
from tests.rechtentabel import Kring, kringen
from tests.statemachine.spelers import KADER
from tests.statemachine.test_rechten import actor as actor_in

BRON = "urn:nld:oin:00000000000000000000:systeem:overstap"
ALLES = Filter()


@pytest.fixture(scope="module")
def streekje(maak_databank: MakeDatabank) -> Streekje:
    return Streekje(maak_databank(Soort.DEMO))


async def _stapel(databank: Databank, na: int) -> Stapel:
    async with await AsyncConnection.connect(databank.conninfo(Login.PROJECTIE)) as verbinding:
        await verbinding.set_isolation_level(IsolationLevel.REPEATABLE_READ)
        stapel = await lees_stapel(verbinding, na, BRON)
        assert stapel is not None
        return stapel


def in_het_geheugen(stapel: Stapel, actor: Actor, organisaties: Iterable[Organisatie]) -> bytes:
    scholen = frozenset(een.code for een in organisaties if een.aangesloten == actor.organisatie)
    return stapel.voor(Kijker(actor, ALLES), datum_in_amsterdam(NU), scholen)


def door_rijbeveiliging(verbinding: psycopg.Connection[tuple[object, ...]], bereik: Bereik, na: int) -> bytes:
    with in_bereik(verbinding, bereik) as cursor:
        deel = lees_gezien(cursor, ALLES, na, 10_000)
    return b"".join(als_bericht(een.positie, schrijf(cloudevent(een, BRON))) for een in deel.gebeurtenissen)


@pytest.mark.parametrize("rol", Rol)
@pytest.mark.parametrize("kring", Kring)
def test_each_role_sees_in_memory_what_row_security_gives_it(streekje: Streekje, rol: Rol, kring: Kring) -> None:
    if kring not in kringen(rol):
        return
    wie = actor_in(rol, kring)
    stapel = asyncio.run(_stapel(streekje.databank, 0))
    organisaties = KADER.organisaties.values() if wie.regio == "21" else ()
    with streekje.databank.verbind(Login.APP) as verbinding:
        verwacht = door_rijbeveiliging(verbinding, streekje.bereik(wie), 0)
    assert in_het_geheugen(stapel, wie, organisaties) == verwacht


def test_what_was_decided_for_one_holds_for_his_like_and_for_nobody_else(streekje: Streekje) -> None:
    stapel = asyncio.run(_stapel(streekje.databank, 0))
    decaan = Actor(account="een", rol=Rol.DECAAN, organisatie="99AA", regio="21")
    gezien = in_het_geheugen(stapel, decaan, ())
    assert gezien
    assert in_het_geheugen(stapel, replace(decaan, account="ander"), ()) is gezien
    for ander in (replace(decaan, vestiging="77"), replace(decaan, regio="22"), replace(decaan, organisatie="99XX")):
        assert in_het_geheugen(stapel, ander, ()) != gezien
    niets = Kijker(decaan, Filter(overstap=UUID(int=7)))
    assert stapel.voor(niets, datum_in_amsterdam(NU), frozenset()) == b""


KIJKERS = tuple(
    Actor(account=f"iemand-{nummer}", rol=rol, organisatie=organisatie, regio="21", vestiging=vestiging, klas=klas)
    for nummer, (rol, organisatie, vestiging, klas) in enumerate(
        (
            (Rol.DECAAN, "99AA", None, None),
            (Rol.DECAAN, "99BB", "00", None),
            (Rol.MENTOR, "99AA", None, "4B"),
            (Rol.VO_BEHEERDER, "99BB", None, None),
            (Rol.MBO_INTAKER, "99XX", None, None),
            (Rol.MBO_INTAKER, "99ZZ", None, None),
            (Rol.KOPPELING, "99YY", None, None),
            (Rol.LEERPLICHTAMBTENAAR, "0363", None, None),
            (Rol.LEERPLICHTAMBTENAAR, "0394", None, None),
            (Rol.SAMENWERKINGSVERBAND, "SWV1", None, None),
            (Rol.REGIEBEHEERDER, "21", None, None),
        )
    )
)
AANGESLOTEN = (Organisatie(code="99BB", soort=SoortOrganisatie.VO, aangesloten="SWV1"),)


@settings(max_examples=12)
@given(boek=logboeken())
def test_over_any_history_memory_and_row_security_agree(demo_databank: Databank, boek: Boek) -> None:
    with demo_databank.verbind(Login.SCHRIJVER) as schrijver:
        log = Log(schrijver)
        na = log.laatste_positie()
        leg_vast(log, boek)
    with Werker(demo_databank) as werker:
        werker.bijwerken_tot()
    stapel = asyncio.run(_stapel(demo_databank, na))
    with demo_databank.verbind(Login.APP) as verbinding:
        for wie in KIJKERS:
            verwacht = door_rijbeveiliging(verbinding, bereik_van(wie, NU, AANGESLOTEN), na)
            assert in_het_geheugen(stapel, wie, AANGESLOTEN) == verwacht, wie
