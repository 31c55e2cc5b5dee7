"""Ids made many at a time are what uuid4 makes one by one."""

from uuid import RFC_4122, uuid4

import pytest

from overstap.adapters.willekeurig import willekeurige_ids


@pytest.mark.parametrize("aantal", [0, 1, 2_000])
def test_as_many_random_ids_as_asked_all_different(aantal: int) -> None:
    ids = list(willekeurige_ids(aantal))
    assert len(set(ids)) == aantal
    assert {(een.version, een.variant) for een in ids} == ({(4, RFC_4122)} if aantal else set())


def test_every_bit_that_is_random_is_both_0_and_1_somewhere() -> None:
    """By chance one of the 122 stays the same in 2,000 ids once in 10^600 runs."""
    getrokken, gewoon = list(willekeurige_ids(2_000)), [uuid4() for _ in range(2_000)]
    assert _wisselend([een.int for een in getrokken]) == _wisselend([een.int for een in gewoon])


def _wisselend(getallen: list[int]) -> int:
    """Give the bits that are not the same in all of them."""
    samen, ergens = getallen[0], 0
    for getal in getallen:
        samen &= getal
        ergens |= getal
    return ergens & ~samen
