"""Row policies and column grants alone, without any filter of ours, show each role what the table says."""

import asyncio
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg import AsyncConnection
from psycopg.sql import SQL, Identifier

from overstap.adapters.postgres.bereik import in_bereik, lees_rij, telbereik_van
from overstap.adapters.postgres.bereik_kolommen import (
    KOLOMMEN,
    SLEUTELS,
    inzagevraag,
    kolommen_van,
    lees_verzegelden,
    leesvraag,
    personenvraag,
)
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import GROEPSROLLEN, Login, groepsrol
from overstap.adapters.postgres.migreer import Soort
from overstap.domain.feiten import FeitVanAanmelding, FeitVanOverstap, naam_van
from overstap.domain.rollen import Actor, Rol
from overstap.projections.cijfers import cijfers_op, standen_op
from overstap.statemachine.feitzicht import feitzicht, gemaskeerd, ziet_feit
from overstap.statemachine.veldgroepen import (
    VAN_ROL,
    Veldgroep,
    zichtbare_groepen,
    zichtbare_persoonsvelden,
)
from overstap.statemachine.zicht import ziet
from tests.adapters.postgres.streekje import ANDERE_REGIO, DERDE_MBO, NU, Streekje
from tests.adapters.postgres.streekje import PERSOON as PERSOON_VAN_DE_LEERLING
from tests.postgres_fixture import MakeDatabank
from tests.rechtentabel import Kring, kringen, veldcellen
from tests.statemachine.spelers import DECAAN, INTAKER, KADER, LEERPLICHT, MANAGER, REGIEBEHEERDER, speler
from tests.statemachine.test_rechten import actor as actor_in

ZIET_LEERLINGEN = sorted(rol for rol in Rol if VAN_ROL[rol])
PERSOON = ("naam", "geboortedatum", "adres", "contact", "pgn")
LEESBAAR = ("actueel", "persoonsgegevens", "statusperiodes", "wachtbak", "accounts")


@pytest.fixture(scope="module")
def streekje(maak_databank: MakeDatabank) -> Streekje:
    return Streekje(maak_databank(Soort.DEMO))


def eigen(rol: Rol) -> Actor:
    return actor_in(rol, Kring.EIGEN)


def een(cursor: psycopg.Cursor[Any], vraag: str, *wat: object) -> Any:  # noqa: ANN401
    """Give the only value a question has, None when it may not be asked or has no answer."""
    try:
        with cursor.connection.transaction():
            rij = cursor.execute(vraag.encode(), wat).fetchone()
    except psycopg.errors.InsufficientPrivilege:
        return None
    return rij[0] if rij else None


def kolom(naam: str, tabel: str = "actueel") -> Callable[[psycopg.Cursor[Any], Any], Any]:
    return lambda cursor, stroom: een(cursor, f"SELECT {naam} FROM beeld.{tabel} WHERE overstap = %s", stroom)


def feit(naam: str, deel: str) -> Callable[[psycopg.Cursor[Any], Any], Any]:
    vraag = f"SELECT inhoud ->> '{deel}' FROM toegang.gebeurtenissen WHERE stroom = %s AND feit = '{naam}'"
    return lambda cursor, stroom: een(cursor, vraag, stroom)


def bericht(aan: str) -> Callable[[psycopg.Cursor[Any], Any], Any]:
    vraag = "SELECT inhoud ->> 'aan' FROM toegang.gebeurtenissen WHERE stroom = %s AND inhoud ->> 'aan' = %s"
    return lambda cursor, stroom: een(cursor, vraag, stroom, aan)


def bij_mbo(wat: str) -> Callable[[psycopg.Cursor[Any], Any], Any]:
    vraag = f"SELECT m.{wat} FROM beeld.actueel AS a CROSS JOIN LATERAL toegang.bij_mbo(a.overstap) AS m"
    return lambda cursor, stroom: een(cursor, f"{vraag} WHERE a.overstap = %s", stroom)


def of(*vragen: Callable[[psycopg.Cursor[Any], Any], Any]) -> Callable[[psycopg.Cursor[Any], Any], Any]:
    return lambda cursor, stroom: next(filter(None, (vraag(cursor, stroom) for vraag in vragen)), None)


VRAAG: dict[str, Callable[[psycopg.Cursor[Any], Any], Any]] = {
    **{groep: kolom(groep, "persoonsgegevens") for groep in PERSOON},
    "school": kolom("klas"),
    "gemeente": kolom("gemeente"),
    "status": kolom("status"),
    "signalen": kolom("signalen"),
    "eigen_aanmeldingen": of(kolom("aanmeldingen"), bij_mbo("eigen_aanmeldingen")),
    "andere_aanmeldingen": kolom("aanmeldingen"),
    "elders_geplaatst": of(kolom("aanmeldingen"), bij_mbo("elders_geplaatst")),
    "leerplicht": kolom("leerplicht_sinds"),
    "overleg": kolom("overleg_datum"),
    "contactpersoon": feit("overleg-vastgelegd.v1", "contact"),
    "reden": feit("vervolgkeuze-vo-gekozen.v1", "reden"),
    "eigen_berichten": of(bericht("99XX"), bericht("0363")),
    "andere_berichten": bericht(DERDE_MBO),
    "warme_overdracht": kolom("warme_overdracht"),
}
"""What somebody would ask the database to get hold of a group of fields."""


@pytest.mark.parametrize("met_reden", [True, False])
@pytest.mark.parametrize("rol", Rol)
def test_the_database_shows_a_role_what_the_table_says_and_nothing_else(
    streekje: Streekje, rol: Rol, record_property: Callable[[str, object], None], *, met_reden: bool
) -> None:
    cellen = [cel for cel in veldcellen(met_reden=met_reden) if cel.rol is rol]
    record_property("cellen in SQL", len(cellen))
    for kring in kringen(rol):
        with streekje.blik(actor_in(rol, kring), "controle" if met_reden else None) as cursor:
            gezien = {groep for groep, vraag in VRAAG.items() if vraag(cursor, streekje.bewogen)}
        verwacht = {cel.wat for cel in cellen if cel.kring is kring and cel.mag}
        assert gezien == verwacht, kring


@pytest.mark.parametrize("rol", Rol)
@pytest.mark.parametrize("kring", Kring)
def test_exactly_the_pupils_exist_for_a_role_that_the_core_shows_it(streekje: Streekje, rol: Rol, kring: Kring) -> None:
    if kring not in kringen(rol):
        return
    wie = actor_in(rol, kring)
    toestanden = streekje.toestanden()
    verwacht = {stroom for stroom, stand in toestanden.items() if VAN_ROL[rol] and ziet(wie, stand, NU, KADER)}
    if rol is Rol.SAMENWERKINGSVERBAND and wie.regio == ANDERE_REGIO:
        verwacht = set()  # its schools are told by the organisations of its own region
    with streekje.blik(wie, "controle") as cursor:
        assert {x for (x,) in cursor.execute("SELECT overstap FROM beeld.actueel")} == verwacht
        if Veldgroep.NAAM in VAN_ROL[rol]:
            assert {x for (x,) in cursor.execute("SELECT overstap FROM beeld.persoonsgegevens")} == verwacht
            sleutels = {x for (x,) in cursor.execute("SELECT stroom FROM toegang.datasleutels")}
            assert sleutels & set(toestanden) == verwacht
        if Veldgroep.STATUS in VAN_ROL[rol]:
            assert {x for (x,) in cursor.execute("SELECT overstap FROM beeld.statusperiodes")} == verwacht


@pytest.mark.parametrize("met_reden", [True, False])
@pytest.mark.parametrize("rol", Rol)
def test_the_log_shows_each_event_as_the_core_would_mask_it(streekje: Streekje, rol: Rol, *, met_reden: bool) -> None:
    wie, toestanden = eigen(rol), streekje.toestanden()
    verwacht = {}
    for g in streekje.gebeurtenissen:
        zicht = feitzicht(rol, type(g.feit), met_reden=met_reden)
        overstap = toestanden.get(g.originator_id)
        bestaat = overstap is None or ziet(wie, overstap, NU, KADER)
        if zicht and bestaat and ziet_feit(wie, g, zicht, overstap):
            verwacht[g.positie] = (naam_van(g.feit), gemaskeerd(g, zicht))
    with streekje.blik(wie, "controle" if met_reden else None) as cursor:
        gezien = {
            positie: (naam, inhoud)
            for positie, naam, inhoud in cursor.execute("SELECT positie, feit, inhoud FROM toegang.gebeurtenissen")
        }
    assert gezien == verwacht
    assert isinstance(streekje.gebeurtenissen[-1].feit, FeitVanOverstap | FeitVanAanmelding)


@pytest.mark.parametrize("rol", Rol)
def test_the_columns_that_are_granted_are_those_of_the_groups_of_the_role(streekje: Streekje, rol: Rol) -> None:
    alle = {*SLEUTELS, *(naam for namen in KOLOMMEN.values() for naam in namen)}
    assert kolommen(streekje.databank, "actueel", Login.AUDIT) == alle
    verwacht = set(kolommen_van(rol)) or {"overstap"}
    assert kolommen(streekje.databank, "actueel", groepsrol(rol)) == verwacht
    groepen = zichtbare_groepen(rol, met_reden=True)
    persoon = {groep for groep in PERSOON if Veldgroep(groep) in groepen}
    sleutels = {"overstap", "regio"} if persoon else set()
    assert kolommen(streekje.databank, "persoonsgegevens", groepsrol(rol)) == persoon | sleutels


def kolommen(databank: Databank, tabel: str, wie: str) -> set[str]:
    vraag = SQL(
        "SELECT attname FROM pg_attribute WHERE attrelid = {}::regclass AND attnum > 0 AND NOT attisdropped "
        "AND has_column_privilege(%s, attrelid, attnum, 'SELECT')"
    ).format(f"beeld.{tabel}")
    with databank.verbind(Login.PROJECTIE) as verbinding:
        return {naam for (naam,) in verbinding.execute(vraag, (wie,))}


def test_an_mbo_learns_whether_another_placed_the_pupil_and_nothing_else_of_it(streekje: Streekje) -> None:
    with streekje.blik(INTAKER) as cursor:
        [rij] = cursor.execute("SELECT * FROM toegang.bij_mbo(%s)", (streekje.bewogen,)).fetchall()
        nummers = {x for (x,) in cursor.execute("SELECT nummer FROM beeld.statusperiodes")}
    aanmeldingen, eigen_nummers, elders = rij
    assert ([x["brin"] for x in aanmeldingen], eigen_nummers, elders) == (["99XX"], [1], True)
    assert nummers == {1}


@pytest.mark.parametrize("rol", ZIET_LEERLINGEN)
def test_a_pupil_is_read_whole_as_far_as_he_is_the_role_s(streekje: Streekje, rol: Rol) -> None:
    with streekje.blik(eigen(rol), "controle") as cursor:
        rij = cursor.execute(leesvraag(rol) + SQL(" WHERE a.overstap = %s"), (streekje.bewogen,)).fetchone()
        namen = [kolom.name for kolom in cursor.description or ()]
    assert rij is not None
    gelezen = dict(zip(namen, rij, strict=True))
    assert gelezen["overstap"] == streekje.bewogen
    assert set(gelezen) >= set(kolommen_van(rol))
    if rol is Rol.MBO_INTAKER:
        assert [x["brin"] for x in gelezen["eigen_aanmeldingen"]] == ["99XX"]


@pytest.mark.parametrize("rol", [rol for rol in ZIET_LEERLINGEN if Veldgroep.NAAM in VAN_ROL[rol]])
def test_the_sealed_fields_of_a_role_come_with_the_key_that_opens_them(streekje: Streekje, rol: Rol) -> None:
    with streekje.blik(eigen(rol), "controle") as cursor:
        [(overstap, velden, verpakt)] = lees_verzegelden(cursor, rol, [streekje.bewogen, *streekje.elders])
    assert (overstap, verpakt) == (streekje.bewogen, b"verpakt")
    assert set(velden) == set(PERSOON_VAN_DE_LEERLING) & zichtbare_persoonsvelden(rol, met_reden=True)


@pytest.mark.parametrize("rol", [Rol.DECAAN, Rol.MBO_INTAKER, Rol.REGIEBEHEERDER])
def test_names_and_keys_are_found_by_an_index_never_by_asking_of_every_row_whose_it_is(
    streekje: Streekje, rol: Rol
) -> None:
    vraag = SQL("EXPLAIN ") + personenvraag(rol) + SQL(" WHERE p.overstap = ANY(%s)")
    with streekje.blik(eigen(rol), "controle") as cursor:
        plan = "\n".join(regel for (regel,) in cursor.execute(vraag, ([streekje.bewogen],)))
    assert "datasleutels_pkey" in plan
    assert "Seq Scan on datasleutels" not in plan


@pytest.mark.parametrize(("klas", "aantal"), [("4C", 1), (None, 0)])
def test_a_mentor_sees_a_class_and_without_one_nobody(streekje: Streekje, klas: str | None, aantal: int) -> None:
    with streekje.blik(speler(Rol.MENTOR, "99AA", klas=klas)) as cursor:
        assert een(cursor, "SELECT count(*) FROM beeld.actueel") == aantal


def test_leerplicht_loses_sight_when_its_time_is_over(streekje: Streekje) -> None:
    vandaag = "SELECT count(*) FROM beeld.actueel"
    with streekje.blik(LEERPLICHT) as cursor:
        assert een(cursor, vandaag) == 2
        cursor.execute("SELECT set_config('overstap.vandaag', '', true)")
        assert een(cursor, vandaag) == 0


@pytest.mark.parametrize("tabel", ["beeld.actueel", "beeld.persoonsgegevens", "beeld.statusperiodes", "beeld.accounts"])
def test_the_app_itself_reads_nothing(streekje: Streekje, tabel: str) -> None:
    with streekje.databank.verbind(Login.APP) as verbinding:
        verbinding.execute("SELECT set_config('overstap.regio', '21', false)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            verbinding.execute(f"SELECT * FROM {tabel}".encode())


@pytest.mark.parametrize("login", sorted(set(Login) - {Login.EIGENAAR}))
def test_what_an_mbo_may_know_is_told_to_no_login_that_named_an_mbo_itself(streekje: Streekje, login: Login) -> None:
    with streekje.databank.verbind(login) as verbinding:
        verbinding.execute("SELECT set_config('overstap.regio', '21', false)")
        verbinding.execute("SELECT set_config('overstap.organisatie', '99XX', false)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            verbinding.execute("SELECT * FROM toegang.bij_mbo(%s)", (streekje.bewogen,))


@pytest.mark.parametrize("rol", GROEPSROLLEN)
def test_a_role_without_a_scope_sees_nobody(streekje: Streekje, rol: str) -> None:
    with streekje.databank.verbind(Login.APP) as verbinding, verbinding.transaction(), verbinding.cursor() as cursor:
        cursor.execute(SQL("SET LOCAL ROLE {}").format(Identifier(rol)))
        for tabel in LEESBAAR:
            assert not een(cursor, f"SELECT count(*) FROM beeld.{tabel}")
        assert not een(cursor, "SELECT count(*) FROM toegang.gebeurtenissen")
        assert not een(cursor, "SELECT count(*) FROM toegang.datasleutels")


def test_a_connection_keeps_nothing_of_an_earlier_request(streekje: Streekje) -> None:
    with streekje.databank.verbind(Login.APP) as verbinding:
        with in_bereik(verbinding, streekje.bereik(REGIEBEHEERDER, "controle")) as cursor:
            assert een(cursor, "SELECT count(*) FROM beeld.persoonsgegevens") == 5
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            verbinding.execute("SELECT * FROM beeld.persoonsgegevens")
        instellingen = "SELECT count(*) FROM pg_settings WHERE name LIKE 'overstap.%' AND setting <> ''"
        assert verbinding.execute(instellingen).fetchone() == (0,)
        assert verbinding.execute("SELECT current_user::text").fetchone() == (Login.APP,)
        with in_bereik(verbinding, streekje.bereik(DECAAN)) as cursor:
            assert {x for (x,) in cursor.execute("SELECT vestiging FROM beeld.actueel")} == {"01"}
        with verbinding.transaction(), verbinding.cursor() as cursor:
            cursor.execute(SQL("SET LOCAL ROLE {}").format(Identifier(groepsrol(Rol.DECAAN))))
            assert een(cursor, "SELECT count(*) FROM beeld.actueel") == 0


def test_one_question_asked_with_its_scope_is_a_transaction_of_its_own(streekje: Streekje) -> None:
    async def speel() -> None:
        async with await AsyncConnection.connect(streekje.databank.conninfo(Login.APP), autocommit=True) as verbinding:
            decaan = streekje.bereik(DECAAN)
            aantal = b"SELECT count(*), current_user::text FROM beeld.actueel WHERE regio = %s"
            assert await lees_rij(verbinding, decaan, aantal, ("21",)) == (3, groepsrol(Rol.DECAAN))
            for fout in (b"SELECT 1 / (count(*) - 3) FROM beeld.actueel", b"CREATE TEMP TABLE iets (wat text)"):
                with pytest.raises((psycopg.errors.DivisionByZero, psycopg.errors.ReadOnlySqlTransaction)):
                    await lees_rij(verbinding, decaan, fout, ())
            wie = "SELECT current_user::text, current_setting('overstap.regio', true)"
            assert await (await verbinding.execute(wie)).fetchone() == (Login.APP, "")

    asyncio.run(speel())


@pytest.mark.parametrize("rol", ZIET_LEERLINGEN)
@pytest.mark.parametrize("met_persoon", [True, False])
def test_one_pupil_is_read_with_his_sealed_fields_and_key_as_the_role_has_them(
    streekje: Streekje, rol: Rol, *, met_persoon: bool
) -> None:
    with streekje.blik(eigen(rol), "controle") as cursor:
        verzegeld = lees_verzegelden(cursor, rol, [streekje.bewogen]) if Veldgroep.NAAM in VAN_ROL[rol] else []
        vraag = inzagevraag(rol, met_persoon=met_persoon and bool(verzegeld))
        [(versie, *persoon)] = cursor.execute(vraag, (streekje.bewogen,)).fetchall()
        assert versie == een(cursor, f"SELECT versie FROM beeld.actueel WHERE overstap = '{streekje.bewogen}'")
    assert persoon == (list(verzegeld[0][1:]) if met_persoon and verzegeld else [None, None])


def test_nothing_of_a_request_stays_when_it_fails(streekje: Streekje) -> None:
    with streekje.databank.verbind(Login.APP) as verbinding:
        with pytest.raises(ZeroDivisionError), in_bereik(verbinding, streekje.bereik(DECAAN)):
            raise ZeroDivisionError
        assert verbinding.execute("SELECT current_user::text").fetchone() == (Login.APP,)


def test_a_reader_s_transaction_writes_nothing(streekje: Streekje) -> None:
    with (
        streekje.databank.verbind(Login.APP) as verbinding,
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
        in_bereik(verbinding, streekje.bereik(DECAAN)) as cursor,
    ):
        cursor.execute("CREATE TEMP TABLE iets (wat text)")


@pytest.mark.parametrize(
    ("actor", "aantal"), [(MANAGER, 4), (REGIEBEHEERDER, 5), (INTAKER, 1), (LEERPLICHT, 4)], ids=lambda x: str(x)[:30]
)
def test_who_counts_sees_the_pupils_of_the_organisation_and_no_person(
    streekje: Streekje, actor: Actor, aantal: int
) -> None:
    bereik = telbereik_van(actor, NU, KADER.organisaties.values())
    with streekje.databank.verbind(Login.APP) as verbinding, in_bereik(verbinding, bereik) as cursor:
        assert een(cursor, "SELECT count(*) FROM beeld.actueel") == aantal
        assert een(cursor, "SELECT count(DISTINCT overstap) FROM beeld.statusperiodes") == aantal
        for vraag in ("SELECT naam FROM beeld.persoonsgegevens", "SELECT klas FROM beeld.actueel"):
            assert een(cursor, vraag) is None


@pytest.mark.parametrize("wie", [MANAGER, INTAKER, LEERPLICHT, eigen(Rol.SAMENWERKINGSVERBAND)], ids=str)
def test_what_an_index_finds_of_an_organisation_is_all_that_row_security_gives_it(
    streekje: Streekje, wie: Actor
) -> None:
    bereik = telbereik_van(wie, NU, KADER.organisaties.values())
    with streekje.databank.verbind(Login.APP) as verbinding, in_bereik(verbinding, bereik) as cursor:
        gegeven = set(cursor.execute("SELECT overstap FROM beeld.actueel").fetchall())
        assert gegeven
        assert set(cursor.execute("SELECT toegang.in_bereik()").fetchall()) == gegeven


def test_whom_an_mbo_has_is_told_to_who_counts_alone(streekje: Streekje) -> None:
    with streekje.blik(INTAKER) as cursor:
        assert een(cursor, "SELECT toegang.van_mbo()") is None


def test_figures_of_an_organisation_are_those_of_its_own_pupils(streekje: Streekje) -> None:
    for wie, aantal in ((MANAGER, 4), (INTAKER, 1), (REGIEBEHEERDER, 5)):
        bereik = telbereik_van(wie, NU, KADER.organisaties.values())
        with streekje.databank.verbind(Login.APP) as verbinding, in_bereik(verbinding, bereik) as cursor:
            geheel, *_ = cijfers_op(cursor, KADER.regels, NU.date())
            assert geheel.leerlingen == aantal
            assert sum(standen_op(cursor, KADER.regels, NU.date()).values()) == aantal


@pytest.mark.parametrize("rol", GROEPSROLLEN)
@pytest.mark.parametrize("wat", ["log.gebeurtenissen", "kluis.datasleutels", "kluis.pgn", "kluis.wachtbak"])
def test_no_role_of_people_comes_at_the_log_or_the_vault_themselves(streekje: Streekje, rol: str, wat: str) -> None:
    with streekje.databank.verbind(Login.PROJECTIE) as verbinding:
        vraag = "SELECT has_schema_privilege(%s, %s, 'USAGE')"
        assert verbinding.execute(vraag, (rol, wat.partition(".")[0])).fetchone() == (False,)


def test_only_the_app_takes_on_a_role_of_people_and_inherits_none(streekje: Streekje) -> None:
    vraag = """
        SELECT g.rolname, m.rolname, m.rolinherit FROM pg_auth_members AS l
          JOIN pg_roles AS g ON g.oid = l.roleid JOIN pg_roles AS m ON m.oid = l.member
         WHERE g.rolname LIKE 'overstap%'
    """
    with streekje.databank.verbind(Login.PROJECTIE) as verbinding:
        assert set(verbinding.execute(vraag)) == {(rol, str(Login.APP), False) for rol in GROEPSROLLEN}


def test_every_postgresql_at_hand_shows_a_role_its_own(maak_op_elke: MakeDatabank) -> None:
    elders = Streekje(maak_op_elke(Soort.DEMO))
    with elders.blik(INTAKER) as cursor:
        assert een(cursor, "SELECT overstap FROM beeld.actueel") == elders.bewogen
        assert een(cursor, "SELECT count(*) FROM toegang.gebeurtenissen WHERE stroom = %s", elders.bewogen) == 4
        assert een(cursor, "SELECT pgn FROM beeld.persoonsgegevens") is None
    with elders.databank.verbind(Login.APP) as verbinding, pytest.raises(psycopg.errors.InsufficientPrivilege):
        verbinding.execute("SELECT overstap FROM beeld.actueel")
