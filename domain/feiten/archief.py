"""Read and write facts by their stable names, in every version they ever had."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar, Union

import msgspec

from overstap.domain.feiten._vorm import Vorm

_F = TypeVar("_F")

Opwaardering = Callable[[Any], Vorm]
"""Gives a fact of an old version in the version after it."""


class Archief(Generic[_F]):
    """The facts that are written now (huidig), and how one that was written before becomes one of these.

    What is stored stays as it is, and so does its hash: a fact is brought up to date each time it is read.

    Raises:
        ValueError: when a version is missing between an old one and the current one of its name, or two share a name.

    """

    def __init__(self, huidig: Iterable[type[Vorm]], opwaarderingen: Mapping[type[Vorm], Opwaardering]) -> None:
        self._namen = {soort: naam_van_soort(soort) for soort in huidig}
        self._opwaarderingen = dict(opwaarderingen)
        self.huidig = {naam: soort for soort, naam in self._namen.items()}
        """The class of each stable name that is written."""
        self.oud = {naam_van_soort(soort): soort for soort in opwaarderingen}
        """The class of each stable name that is still read and no longer written."""
        self._eis_aaneensluitend()
        alle: Any = Union[(*self.huidig.values(), *self.oud.values())]
        self._naar_json = msgspec.json.Encoder(order="sorted")
        self._uit_json = msgspec.json.Decoder(alle)
        self._uit_reeks = msgspec.json.Decoder(list[alle])

    def naam_van(self, feit: _F) -> str:
        """Give the stable name of a fact, such as aanmelding-ontvangen.v1."""
        return self._namen[type(feit)]  # type: ignore[index]  # the facts are classes of Vorm

    def naar_bytes(self, feit: _F) -> bytes:
        """Write a fact as canonical UTF-8 JSON: keys sorted, defaults left out, no white space."""
        return self._naar_json.encode(feit)

    def uit_bytes(self, inhoud: bytes) -> _F:
        """Read a fact back from its canonical JSON, in its current version.

        Raises:
            msgspec.ValidationError: when the bytes hold no fact of a known name and shape.

        """
        return self._bijgewerkt(self._uit_json.decode(inhoud))

    def uit_reeks(self, inhoud: bytes) -> list[_F]:
        """Read facts back that stand one after the other with a comma between them; takes half the time.

        Raises:
            msgspec.ValidationError: when the bytes hold something else than facts of known names and shapes.

        """
        feiten = self._uit_reeks.decode(b"[" + inhoud + b"]")
        return list(map(self._bijgewerkt, feiten)) if self._opwaarderingen else feiten

    def _bijgewerkt(self, feit: Any) -> _F:  # noqa: ANN401 - in any version
        while type(feit) not in self._namen:
            feit = self._opwaarderingen[type(feit)](feit)
        return feit  # type: ignore[no-any-return]  # the current versions are what this archive gives

    def _eis_aaneensluitend(self) -> None:
        versies: dict[str, list[int]] = {}
        for naam in (*self._namen.values(), *map(naam_van_soort, self._opwaarderingen)):
            kaal, _, versie = naam.rpartition(".v")
            versies.setdefault(kaal, []).append(int(versie))
        for kaal, gevonden in versies.items():
            laatste = max(gevonden)
            huidige = [naam for naam in self._namen.values() if naam.rpartition(".v")[0] == kaal]
            if sorted(gevonden) != list(range(1, laatste + 1)) or huidige != [f"{kaal}.v{laatste}"]:
                message = f"{kaal}: the last version is written and every one before it has an upcaster, from v1 on"
                raise ValueError(message)


def naam_van_soort(soort: type[Vorm]) -> str:
    """Give the stable name of a class of facts, such as overstap-opgevoerd.v1."""
    return str(soort.__struct_config__.tag)


def zonder_versie(naam: str) -> str:
    """Give what stays the same of a stable name when its fact gets a new version, such as overstap-opgevoerd."""
    return naam.rpartition(".")[0]
