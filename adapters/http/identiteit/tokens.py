"""Tokens that were found genuine a moment ago: the caller's next request costs no signature, and no more than that."""

import base64
import time
from collections.abc import Callable
from typing import Generic, TypeVar

import jwt
import msgspec

W = TypeVar("W")
HOUDBAAR = 60.0
"""For so many seconds a signature counts as checked."""
HOOGSTENS = 10_000


class _Inhoud(msgspec.Struct):
    iss: str


_lees: msgspec.json.Decoder[_Inhoud] = msgspec.json.Decoder(_Inhoud)


def uitgever_van(token: str) -> str:
    """Give who a token says it is from, which nobody has checked: only to find who can check it.

    Raises:
        InvalidTokenError: when it says nothing of the kind.

    """
    try:
        _, inhoud, _ = token.split(".")
        return _lees.decode(base64.urlsafe_b64decode(inhoud + "=" * (-len(inhoud) % 4))).iss
    except (ValueError, msgspec.DecodeError):
        raise jwt.InvalidTokenError("iss") from None


class Herkend(Generic[W]):
    """What genuine tokens said, by their whole text, until they end or were checked too long ago.

    It holds only what was verified: who sends nonsense fills nothing. klok gives seconds as time.time does.
    """

    def __init__(self, klok: Callable[[], float] = time.time, hoogstens: int = HOOGSTENS) -> None:
        self._klok = klok
        self._hoogstens = hoogstens
        self._bewaard: dict[str, tuple[float, W]] = {}

    def geef(self, token: str) -> W | None:
        """Give what a token said, None when it must be checked (again)."""
        gevonden = self._bewaard.get(token)
        if gevonden is None:
            return None
        tot, wat = gevonden
        if self._klok() < tot:
            return wat
        del self._bewaard[token]
        return None

    def bewaar(self, token: str, wat: W, einde: float) -> None:
        """Keep what a token said that ends at an instant (`exp`)."""
        self._bewaard.pop(token, None)
        while len(self._bewaard) >= self._hoogstens:
            del self._bewaard[next(iter(self._bewaard))]
        self._bewaard[token] = (min(einde, self._klok() + HOUDBAAR), wat)

    def vergeet(self) -> None:
        """Check every token again: the keys changed."""
        self._bewaard.clear()
