"""A token found genuine a moment ago is not checked again, until it ends, a minute passed or the keys changed."""

import time
from pathlib import Path

import jwt
import pytest

from overstap.adapters.http.identiteit.proefuitgever import Proefuitgever
from overstap.adapters.http.identiteit.tokens import HOUDBAAR, Herkend, uitgever_van
from tests.adapters.opstelling import DECAAN


class Klok:
    def __init__(self) -> None:
        self.nu = 1_000.0

    def __call__(self) -> float:
        return self.nu


@pytest.mark.parametrize(("einde", "tot"), [(1_010.0, 1_010.0), (9_000.0, 1_000.0 + HOUDBAAR)], ids=["end", "minute"])
def test_it_is_known_until_it_ends_and_a_minute_at_most(einde: float, tot: float) -> None:
    klok = Klok()
    herkend: Herkend[str] = Herkend(klok)
    herkend.bewaar("token", "wie", einde)
    klok.nu = tot - 0.1
    assert herkend.geef("token") == "wie"
    klok.nu = tot
    assert herkend.geef("token") is None


def test_one_letter_more_is_another_token() -> None:
    herkend: Herkend[str] = Herkend()
    herkend.bewaar("token", "wie", time.time() + 60)
    assert (herkend.geef("token"), herkend.geef("token="), herkend.geef("toke")) == ("wie", None, None)


def test_when_the_keys_change_none_is_known() -> None:
    herkend: Herkend[str] = Herkend()
    herkend.bewaar("token", "wie", time.time() + 60)
    herkend.vergeet()
    assert herkend.geef("token") is None


def test_no_more_are_kept_than_that_many_and_the_oldest_goes_first() -> None:
    herkend: Herkend[int] = Herkend(hoogstens=2)
    for nummer in range(3):
        herkend.bewaar(f"token-{nummer}", nummer, time.time() + 60)
    assert [herkend.geef(f"token-{nummer}") for nummer in range(3)] == [None, 1, 2]


def test_a_token_with_another_signature_is_refused_also_after_the_right_one_was_seen(tmp_path: Path) -> None:
    uitgever = Proefuitgever(tmp_path)
    token = uitgever.token(DECAAN)
    assert uitgever.lees(token) == DECAAN
    kop, inhoud, _ = token.split(".")
    ander = uitgever.token(DECAAN).rpartition(".")[2]
    assert uitgever.lees(token) == DECAAN
    with pytest.raises(jwt.InvalidSignatureError):
        uitgever.lees(f"{kop}.{inhoud}.{ander[:-4]}AAAA")


def test_an_issuer_is_read_from_a_token_without_believing_it(tmp_path: Path) -> None:
    assert uitgever_van(Proefuitgever(tmp_path).token(DECAAN)) == "urn:overstap:proef"


@pytest.mark.parametrize(
    "token", ["", "a.b", "a.b.c.d", "a.é.c", "a.e30.c", "a.eyJpc3MiOjF9.c", "a.!!!!.c", "a.____.c"]
)
def test_what_is_no_token_has_no_issuer(token: str) -> None:
    with pytest.raises(jwt.InvalidTokenError):
        uitgever_van(token)
