"""The tree is that of RFC 9162: compared with the definitions there, written down as they stand."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overstap.adapters.bewijs import verify
from overstap.adapters.bewijs.boom import (
    BEWAARD_VANAF,
    LEEG,
    Boom,
    Plek,
    blad,
    plekken_in,
    stukken_van_inclusie,
    stukken_van_samenhang,
    toppen_van,
    wortel_van,
)

_grootte = st.integers(1, 300)


def bladeren(aantal: int) -> list[bytes]:
    return [sha256(bytes([0, nummer % 256, nummer // 256])).digest() for nummer in range(aantal)]


def mth(rij: list[bytes]) -> bytes:
    """Merkle Tree Hash of RFC 9162, 2.1.1, over leaves that are hashed already."""
    if not rij:
        return sha256(b"").digest()
    if len(rij) == 1:
        return rij[0]
    k = 1
    while 2 * k < len(rij):
        k *= 2
    return sha256(b"\x01" + mth(rij[:k]) + mth(rij[k:])).digest()


def pad_van(stukken: list[tuple[int, int]], rij: list[bytes]) -> list[bytes]:
    def hash_van(plek: Plek) -> bytes:
        return mth(rij[plek.nummer << plek.niveau : plek.nummer + 1 << plek.niveau])

    return [wortel_van(stuk, hash_van) for stuk in stukken]


@given(st.lists(st.integers(0, 100), max_size=6))
def test_however_it_grows_the_root_is_that_of_the_definition(stappen: list[int]) -> None:
    rij, boom = bladeren(sum(stappen)), Boom()
    for stap in stappen:
        boom.groei(rij[boom.grootte : boom.grootte + stap])
        assert boom.wortel() == mth(rij[: boom.grootte])
    assert boom.grootte == sum(stappen)


def test_the_empty_tree_has_the_root_of_the_definition() -> None:
    assert Boom().wortel() == LEEG == mth([]) == verify.LEEG


@given(_grootte, _grootte)
def test_growing_gives_every_node_that_became_whole_once(eerst: int, erbij: int) -> None:
    rij, boom = bladeren(eerst + erbij), Boom()
    geheel = boom.groei(rij[:eerst]) + boom.groei(rij[eerst:])
    verwacht = {
        Plek(niveau, nummer): mth(rij[nummer << niveau : nummer + 1 << niveau])
        for niveau in range(BEWAARD_VANAF, 10)
        for nummer in range(len(rij) >> niveau)
    }
    assert dict(geheel) == verwacht
    assert len(geheel) == len(verwacht)


@given(_grootte, _grootte)
def test_a_tree_goes_on_from_its_tops(eerst: int, erbij: int) -> None:
    rij = bladeren(eerst + erbij)
    toppen = {
        plek.niveau: mth(rij[plek.nummer << plek.niveau : plek.nummer + 1 << plek.niveau]) for plek in toppen_van(eerst)
    }
    boom = Boom(eerst, toppen)
    assert boom.wortel() == mth(rij[:eerst])
    boom.groei(rij[eerst:])
    assert boom.wortel() == mth(rij)


@given(_grootte, st.data())
def test_the_path_of_a_leaf_gives_the_root_and_no_other_leaf_does(grootte: int, data: st.DataObject) -> None:
    nummer = data.draw(st.integers(0, grootte - 1))
    rij = bladeren(grootte)
    pad = pad_van(stukken_van_inclusie(nummer, grootte), rij)
    assert len(pad) <= (grootte - 1).bit_length()
    assert verify.wortel_uit_inclusie(nummer, grootte, rij[nummer], pad) == mth(rij)
    assert verify.wortel_uit_inclusie(nummer, grootte, sha256(b"anders").digest(), pad) != mth(rij)


@given(_grootte, st.data())
def test_a_path_of_another_length_is_refused(grootte: int, data: st.DataObject) -> None:
    nummer = data.draw(st.integers(0, grootte - 1))
    rij = bladeren(grootte)
    pad = pad_van(stukken_van_inclusie(nummer, grootte), rij)
    for ander in ([*pad, rij[0]], pad[1:]):
        if len(ander) != len(pad):
            with pytest.raises(ValueError, match=r"unpack|shift"):
                verify.wortel_uit_inclusie(nummer, grootte, rij[nummer], ander)


@given(_grootte, st.data())
def test_the_path_between_two_sizes_gives_both_roots(nieuw: int, data: st.DataObject) -> None:
    oud = data.draw(st.integers(1, nieuw))
    rij = bladeren(nieuw)
    pad = pad_van(stukken_van_samenhang(oud, nieuw), rij)
    assert verify.wortels_uit_samenhang(oud, nieuw, mth(rij[:oud]), pad) == (mth(rij[:oud]), mth(rij))


@given(st.integers(2, 300), st.data())
def test_a_log_that_was_changed_does_not_go_on_where_the_old_one_was(nieuw: int, data: st.DataObject) -> None:
    oud, anders = data.draw(st.integers(1, nieuw - 1)), data.draw(st.integers(0, nieuw - 1))
    rij = bladeren(nieuw)
    veranderd = [*rij[: anders % oud], sha256(b"anders").digest(), *rij[anders % oud + 1 :]]
    pad = pad_van(stukken_van_samenhang(oud, nieuw), veranderd)
    wortels = (mth(rij[:oud]), mth(veranderd))
    assert verify.wortels_uit_samenhang(oud, nieuw, wortels[0], pad) != wortels


@given(_grootte, st.data())
def test_a_proof_asks_for_few_nodes(grootte: int, data: st.DataObject) -> None:
    nummer = data.draw(st.integers(0, grootte - 1))
    assert len(plekken_in(stukken_van_inclusie(nummer, grootte))) <= 2 * grootte.bit_length()


def test_both_implementations_agree_on_a_leaf() -> None:
    rij = {"positie": 2**40, "vastgelegd_op": -5, "hash": "ab" * 32}
    assert blad(2**40, -5, bytes.fromhex("ab" * 32)) == verify.blad(rij)
