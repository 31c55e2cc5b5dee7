"""Deals out persoonsgebonden nummers that pass their eleven-test and that nobody has."""

from collections.abc import Iterator

_GEWICHTEN = (9, 8, 7, 6, 5, 4, 3, 2)
_BSN_REST = 0
_ONDERWIJSNUMMER_REST = 5
_MODULUS = 11
_STAP = 6_700_417  # a prime that is no factor of ten: walks over every number once, and looks like chance


def bsns(begin: int) -> Iterator[str]:
    """Give every BSN in the range 9xxxxxxxx once, in an order that the first one (any number) decides."""
    return _reeks("9", 10_000_000, begin, _BSN_REST)


def onderwijsnummers(begin: int) -> Iterator[str]:
    """Give every onderwijsnummer once, in an order that the first one (any number) decides."""
    return _reeks("10", 1_000_000, begin, _ONDERWIJSNUMMER_REST)


def bedorven(pgn: str) -> str:
    """Give a number of nine digits that differs in its last digit only and fails both eleven-tests."""
    anderen = (pgn[:8] + str((int(pgn[8]) + erbij) % 10) for erbij in (1, 2, 3))
    return next(ander for ander in anderen if _rest(ander) not in {_BSN_REST, _ONDERWIJSNUMMER_REST})


def _reeks(begin_met: str, omvang: int, begin: int, rest: int) -> Iterator[str]:
    breedte = 8 - len(begin_met)
    for nummer in range(omvang):
        acht = f"{begin_met}{(begin + nummer * _STAP) % omvang:0{breedte}d}"
        controle = (sum(gewicht * int(cijfer) for gewicht, cijfer in zip(_GEWICHTEN, acht, strict=True)) - rest) % 11
        if controle < _MODULUS - 1:  # ten is no digit
            yield f"{acht}{controle}"


def _rest(pgn: str) -> int:
    gewogen = sum(gewicht * int(cijfer) for gewicht, cijfer in zip(_GEWICHTEN, pgn[:8], strict=True))
    return (gewogen - int(pgn[8])) % _MODULUS
