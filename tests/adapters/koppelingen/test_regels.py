"""Lines come out the same however the file is cut, and a line that is too long takes no memory."""

import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overstap.adapters.koppelingen.regels import LANGSTE_REGEL, Bronregel, bronregels


def in_stukken(inhoud: bytes, grootte: int) -> list[bytes]:
    return [inhoud[plek : plek + grootte] for plek in range(0, len(inhoud), grootte)]


@given(st.lists(st.binary(max_size=20).map(lambda b: b.replace(b"\n", b"").replace(b"\r", b""))), st.integers(1, 30))
def test_lines_are_the_same_however_the_file_is_cut(regels: list[bytes], grootte: int) -> None:
    inhoud = b"".join(regel + b"\r\n" for regel in regels)

    gelezen = list(bronregels(in_stukken(inhoud, grootte)))

    assert gelezen == [Bronregel(nummer, regel) for nummer, regel in enumerate(regels, 1)]


def test_a_last_line_without_an_end_says_so() -> None:
    assert list(bronregels([b"een\ntwee"])) == [Bronregel(1, b"een"), Bronregel(2, b"twee", is_af=False)]


def test_lines_of_an_old_file_end_with_a_carriage_return() -> None:
    assert [regel.inhoud for regel in bronregels([b"een\rtwee\r"], b"\r")] == [b"een", b"twee"]


@pytest.mark.parametrize("te_veel", [0, 1])
@pytest.mark.parametrize("grootte", [1_000, 1 << 18])
def test_a_line_may_be_just_so_long(te_veel: int, grootte: int) -> None:
    regel = b"x" * (LANGSTE_REGEL + te_veel)

    eerste, tweede = bronregels(in_stukken(regel + b"\r\nnog een\r\n", grootte))

    assert eerste.is_te_lang == bool(te_veel)
    assert len(eerste.inhoud) == LANGSTE_REGEL
    assert tweede == Bronregel(2, b"nog een")


def test_a_huge_line_takes_no_memory() -> None:
    def reus() -> Iterator[bytes]:
        for _ in range(200):
            yield b"x" * (1 << 18)
        yield b"\nnog een\n"

    tracemalloc.start()
    regels = list(bronregels(reus()))
    _, hoogste = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert [(regel.nummer, regel.is_te_lang) for regel in regels] == [(1, True), (2, False)]
    assert hoogste < 4_000_000
