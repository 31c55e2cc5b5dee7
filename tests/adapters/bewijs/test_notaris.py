"""The notary signs what is right and nothing else, with a key that the database never sees."""

import os
import stat
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from overstap.adapters.bewijs import opslag
from overstap.adapters.bewijs.fouten import NotarisWeigert
from overstap.adapters.bewijs.notaris import Notaris
from overstap.adapters.bewijs.sleutels import maak_sleutel
from overstap.adapters.bewijs.teksten import lees_controlepunt, vingerafdruk
from overstap.adapters.bewijs.toetsing import toets_log
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.toegangslog import leg_toegang_vast, toegang_tot
from overstap.domain.rollen import Actor, Rol
from tests.adapters.bewijs.conftest import Bewaakt

TABELLEN = ("controlepunten", "boom", "notarissleutels", "toegangskoppen")


def test_an_empty_log_has_nothing_to_sign(bewaakt: Bewaakt) -> None:
    assert bewaakt.notaris.onderteken() is None


def test_a_checkpoint_covers_all_and_names_the_one_before(bewaakt: Bewaakt) -> None:
    bewaakt.groei(40)
    eerste = bewaakt.onderteken()
    bewaakt.groei(30)
    tweede = bewaakt.onderteken()
    gelezen = lees_controlepunt(tweede.tekst)
    assert (gelezen.nummer, gelezen.grootte) == (2, 70)
    assert gelezen.vorige == vingerafdruk(eerste.tekst)
    assert bewaakt.notaris.onderteken() is None


def test_growing_in_steps_gives_the_same_root_as_at_once(bewaakt: Bewaakt) -> None:
    for stap in (1, 31, 1, 40, 64, 7):
        bewaakt.groei(stap)
        bewaakt.onderteken()
    assert toets_log(bewaakt.lezer, bewaakt.punten).is_goed


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE log.gebeurtenissen SET rol = 'mentor' WHERE positie = 45",
        "UPDATE log.gebeurtenissen SET vastgelegd_op = vastgelegd_op - interval '1 year' WHERE positie = 45",
        "DELETE FROM log.gebeurtenissen WHERE positie = 45",
        "UPDATE log.gebeurtenissen SET positie = 99 WHERE positie = 45",
        "UPDATE log.gebeurtenissen SET hash = sha256(hash) WHERE positie = 40",
        "UPDATE log.boom SET hash = sha256(hash) WHERE nummer = 0",
        "DELETE FROM log.boom",
        "UPDATE log.controlepunten SET tekst = replace(tekst, 'grootte 40', 'grootte 39')",
        "UPDATE log.controlepunten SET handtekening = set_byte(handtekening, 3, 7)",
        "DELETE FROM log.controlepunten",
        "UPDATE log.notarissleutels SET publiek = sha256(publiek)",
    ],
)
def test_it_refuses_what_is_not_right(bewaakt: Bewaakt, sql: str) -> None:
    bewaakt.groei(40)
    bewaakt.onderteken()
    bewaakt.groei(10)
    with bewaakt.als_supergebruiker() as beheerder:
        beheerder.execute(sql.encode())
        beheerder.commit()
    with pytest.raises(NotarisWeigert):
        bewaakt.notaris.onderteken()


def test_it_remembers_what_it_signed_when_the_database_is_put_back(bewaakt: Bewaakt) -> None:
    bewaakt.groei(40)
    bewaakt.onderteken()
    bewaakt.groei(10)
    bewaakt.onderteken()
    with bewaakt.als_supergebruiker() as beheerder:  # everything of before the second checkpoint, as a backup has it
        beheerder.execute("DELETE FROM log.controlepunten WHERE nummer = 2")
        beheerder.execute("DELETE FROM log.gebeurtenissen WHERE positie > 40")
        beheerder.commit()
    with pytest.raises(NotarisWeigert, match="teruggezet of veranderd"):
        bewaakt.notaris.onderteken()


def test_its_key_lies_in_a_file_that_nobody_else_can_read(bewaakt: Bewaakt) -> None:
    bewaakt.groei(3)
    bewaakt.onderteken()
    sleutel = bewaakt.map / "sleutel.pem"
    assert stat.S_IMODE(sleutel.stat().st_mode) == 0o600
    sleutel.chmod(0o640)
    bewaakt.groei(3)
    with pytest.raises(NotarisWeigert, match="chmod 600"):
        bewaakt.notaris.onderteken()


@pytest.mark.skipif(os.geteuid() != 0, reason="the embedded server has a user of its own only where we are root")
def test_the_user_of_the_database_cannot_read_the_key(bewaakt: Bewaakt) -> None:
    bewaakt.groei(3)
    bewaakt.onderteken()
    with bewaakt.als_supergebruiker() as beheerder, pytest.raises(psycopg.errors.InsufficientPrivilege, match="denied"):
        beheerder.execute("SELECT pg_read_file(%s)", (str(bewaakt.map / "sleutel.pem"),))


def test_without_its_key_it_does_not_sign(bewaakt: Bewaakt) -> None:
    bewaakt.groei(3)
    bewaakt.onderteken()
    bewaakt.groei(3)
    (bewaakt.map / "sleutel.pem").unlink()
    with pytest.raises(NotarisWeigert, match="OVERSTAP_NOTARISMAP"):
        bewaakt.notaris.onderteken()


def test_another_key_does_not_sign_for_this_database(bewaakt: Bewaakt, tmp_path: Path) -> None:
    bewaakt.groei(3)
    bewaakt.onderteken()
    bewaakt.groei(3)
    maak_sleutel(tmp_path / "sleutel.pem")
    ander = Notaris(bewaakt.lezer, bewaakt.schrijver, tmp_path)
    with pytest.raises(NotarisWeigert, match="niet de laatste"):
        ander.onderteken()


def test_after_a_change_of_keys_the_old_one_is_gone_and_what_it_signed_still_verifies(bewaakt: Bewaakt) -> None:
    bewaakt.groei(10)
    oud = bewaakt.onderteken()
    eerder = (bewaakt.map / "sleutel.pem").read_bytes()
    bewaakt.notaris.wissel_sleutel()
    bewaakt.groei(10)
    nieuw = bewaakt.onderteken()
    assert eerder not in [pad.read_bytes() for pad in bewaakt.map.iterdir()]
    assert oud.publiek != nieuw.publiek
    assert toets_log(bewaakt.lezer, [oud, nieuw]).is_goed


def test_the_old_key_signs_nothing_new(bewaakt: Bewaakt) -> None:
    bewaakt.groei(10)
    bewaakt.onderteken()
    eerder = (bewaakt.map / "sleutel.pem").read_bytes()
    bewaakt.notaris.wissel_sleutel()
    (bewaakt.map / "sleutel.pem").write_bytes(eerder)
    bewaakt.groei(10)
    with pytest.raises(NotarisWeigert, match="niet de laatste"):
        bewaakt.notaris.onderteken()


def test_a_change_of_keys_that_was_cut_short_is_finished(bewaakt: Bewaakt) -> None:
    bewaakt.groei(10)
    bewaakt.onderteken()
    eerder = (bewaakt.map / "sleutel.pem").read_bytes()
    bewaakt.notaris.wissel_sleutel()
    (bewaakt.map / "sleutel.pem").rename(bewaakt.map / "sleutel.volgende.pem")
    (bewaakt.map / "sleutel.pem").write_bytes(eerder)
    (bewaakt.map / "sleutel.pem").chmod(0o600)
    bewaakt.groei(10)
    bewaakt.onderteken()
    assert toets_log(bewaakt.lezer, bewaakt.punten).is_goed


@pytest.mark.parametrize("login", list(Login))
def test_no_login_changes_what_the_notary_stored(databank: Databank, login: Login) -> None:
    wijzigingen = ["UPDATE log.{} SET nummer = 0", "DELETE FROM log.{}", "TRUNCATE log.{}"]
    if login is not Login.EIGENAAR:
        wijzigingen.append("INSERT INTO log.{0} SELECT * FROM log.{0}")
    with databank.verbind(login) as verbinding:
        for sql in (wijziging.format(tabel) for wijziging in wijzigingen for tabel in TABELLEN):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                verbinding.execute(sql.encode())


def test_only_the_writer_stores_a_checkpoint(bewaakt: Bewaakt) -> None:
    nieuw = opslag.Getekend(1, 1, "tekst", b"")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        opslag.leg_controlepunt_vast(bewaakt.lezer, nieuw)
    bewaakt.groei(1)
    assert opslag.leg_controlepunt_vast(bewaakt.schrijver, nieuw)
    assert not opslag.leg_controlepunt_vast(bewaakt.schrijver, nieuw)


def test_a_checkpoint_cannot_cover_more_than_the_log(bewaakt: Bewaakt) -> None:
    bewaakt.groei(5)
    with pytest.raises(psycopg.errors.InvalidParameterValue, match="niet meer dan het log"):
        opslag.leg_controlepunt_vast(bewaakt.schrijver, opslag.Getekend(1, 6, "tekst", b""))


def kijk(bewaakt: Bewaakt, keten: UUID, aantal: int) -> None:
    """Write lines in the log of access."""
    wie = Actor(account="a-1", rol=Rol.DECAAN, organisatie="99XX", regio="21")
    regels = toegang_tot(wie, [uuid4()], handeling="inzage", onderwerp="overstap", herkomst="http")
    leg_toegang_vast(bewaakt.schrijver, keten, regels * aantal)


def test_the_log_of_access_is_under_every_checkpoint(bewaakt: Bewaakt) -> None:
    een, ander = uuid4(), uuid4()
    bewaakt.groei(10)
    kijk(bewaakt, een, 3)
    assert lees_controlepunt(bewaakt.onderteken().tekst).toegang.aantal == 3
    kijk(bewaakt, ander, 2)
    kijk(bewaakt, een, 1)
    assert bewaakt.notaris.wachtend() == 3
    assert lees_controlepunt(bewaakt.onderteken().tekst).toegang.aantal == 6
    bewaakt.groei(1)
    bewaakt.onderteken()
    assert toets_log(bewaakt.lezer, bewaakt.punten).bevindingen == []
    assert bewaakt.notaris.wachtend() == 0


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE toegang.toegangslog SET account = 'iemand-anders' WHERE nummer = 2",
        "DELETE FROM toegang.toegangslog WHERE nummer > 2",
        "DELETE FROM toegang.toegangslog",
        "UPDATE log.toegangskoppen SET hash = sha256(hash)",
        "DELETE FROM log.toegangskoppen",
    ],
)
def test_a_change_in_the_log_of_access_is_found(bewaakt: Bewaakt, sql: str) -> None:
    bewaakt.groei(10)
    kijk(bewaakt, uuid4(), 4)
    bewaakt.onderteken()
    with bewaakt.als_supergebruiker() as beheerder:
        beheerder.execute(sql.encode())
        verslag = toets_log(beheerder, bewaakt.punten)
    assert {een.soort for een in verslag.bevindingen} == {"toegang"}


def test_it_does_not_sign_a_log_of_access_that_was_changed_since(bewaakt: Bewaakt) -> None:
    keten = uuid4()
    bewaakt.groei(10)
    kijk(bewaakt, keten, 4)
    bewaakt.onderteken()
    kijk(bewaakt, keten, 4)
    with bewaakt.als_supergebruiker() as beheerder:
        beheerder.execute("UPDATE toegang.toegangslog SET account = 'iemand-anders' WHERE nummer = 6")
        beheerder.commit()
    with pytest.raises(NotarisWeigert, match="Regel 6"):
        bewaakt.notaris.onderteken()
