"""The tree over the writers of the log of access is that of the definition, however it came about."""

from hashlib import sha256
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from overstap.adapters.bewijs import verify
from overstap.adapters.bewijs.boom import Boom
from overstap.adapters.bewijs.koppenboom import Kop, Koppenboom
from overstap.adapters.bewijs.teksten import Stand

_STAPPEN = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 2**40)), max_size=40)


def _zoals_gezegd(koppen: dict[int, int]) -> Stand:
    """Give the root as docs/audit-format.md says it: a leaf for each writer, in order."""
    boom = Boom()
    boom.groei([sha256(b"\x00" + _keten(wie).bytes + nummer.to_bytes(8) + _hash(nummer)).digest()
                for wie, nummer in sorted(koppen.items())])  # fmt: skip
    return Stand(sum(koppen.values()), boom.wortel())


def _keten(wie: int) -> UUID:
    return UUID(int=wie * 2**120)


def _hash(nummer: int) -> bytes:
    return sha256(nummer.to_bytes(8)).digest()


@given(_STAPPEN)
def test_after_each_line_that_moved_the_root_is_that_of_the_definition(stappen: list[tuple[int, int]]) -> None:
    eigen, elders = Koppenboom(), verify.Koppenboom()
    koppen: dict[int, int] = {}
    for wie, nummer in stappen:
        koppen[wie] = nummer
        eigen.zet(_keten(wie), Kop(nummer, _hash(nummer)))
        elders.zet(_keten(wie).bytes, nummer, _hash(nummer))
        verwacht = _zoals_gezegd(koppen)
        assert eigen.stand() == verwacht
        assert elders.stand() == (verwacht.aantal, verwacht.wortel.hex())
    assert Koppenboom({_keten(wie): Kop(nummer, _hash(nummer)) for wie, nummer in koppen.items()}).stand() == (
        _zoals_gezegd(koppen)
    )


def test_of_no_writers_it_is_the_root_of_the_empty_tree() -> None:
    assert Koppenboom().stand() == Stand()
    assert verify.Koppenboom().stand() == (0, Stand().wortel.hex())
