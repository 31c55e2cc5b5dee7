"""Hold what the live view actueel says of each pupil against his stream, folded from zero."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import psycopg

from overstap.adapters.postgres.projectie_lezing import Deel, in_deel
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.overstap import Overstap, evolve

_REGIOS = "SELECT DISTINCT regio FROM log.gebeurtenissen WHERE regio IS NOT NULL ORDER BY regio"
_HEEFT_BEELD = "SELECT to_regclass('beeld.actueel') IS NOT NULL"
_BEELD = f"SELECT overstap, versie, status, aanmeldingen::text FROM beeld.actueel WHERE {in_deel('overstap')}"  # noqa: S608 - our own names
_PLAATS = "SELECT positie FROM beeld.voortgang WHERE naam = 'actueel'"


class Beeldverschil(NamedTuple):
    """What the view has otherwise than the log: a stable code, and a Dutch sentence."""

    overstap: UUID
    code: str
    zin: str


class _Aanmeldingstand(msgspec.Struct):
    nummer: int
    status: str


_aanmeldingen = msgspec.json.Decoder(list[_Aanmeldingstand]).decode


class Beeld:
    """What the live view says of each pupil (of one region, None: all), held against the state that his stream gives.

    deel is the part of the streams that is compared, each of them, so that whoever is left over has none; None: some
    are. The connection is overstap_audit's, in a transaction that sees one moment.
    """

    def __init__(self, verbinding: psycopg.Connection[Any], regio: str | None, deel: Deel | None) -> None:
        self._standen: dict[int, tuple[int, str, str]] = {}
        self._is_alles = deel is not None
        self.ontbreekt = verbinding.execute(_HEEFT_BEELD).fetchone() != (True,)
        if self.ontbreekt:
            return
        plaats = verbinding.execute(_PLAATS).fetchone()
        self._plaats = int(plaats[0]) if plaats else 0
        waarvan = {"nummer": deel.nummer, "van": deel.van} if deel else {"nummer": 0, "van": 1}
        regios = [regio] if regio else [een for (een,) in verbinding.execute(_REGIOS)]
        for eigen in regios:
            verbinding.execute("SELECT set_config('overstap.regio', %s, true)", (eigen,))
            for overstap, versie, status, aanmeldingen in verbinding.execute(_BEELD, waarvan, binary=True):
                self._standen[overstap.int] = (versie, status, aanmeldingen)

    def vergelijk(self, stroom: Sequence[Gebeurtenis], overstap: Overstap | None) -> Iterator[Beeldverschil]:
        """Compare one pupil; what the view has not folded yet is no difference."""
        if self.ontbreekt or overstap is None:
            return
        stand = self._standen.pop(overstap.id.int, None)
        gevouwen = stroom
        if (stroom[-1].positie or 0) > self._plaats:
            gevouwen = [g for g in stroom if (g.positie or 0) <= self._plaats]
        if stand is None:
            if gevouwen:
                yield Beeldverschil(
                    overstap.id, "ontbreekt", f"Het beeld kent deze leerling niet; het log zegt {overstap.status}."
                )
            return
        versie, status, aanmeldingen = stand
        if gevouwen and gevouwen[-1].originator_version != versie:
            laatste = gevouwen[-1].originator_version
            yield Beeldverschil(
                overstap.id,
                "andere_versie",
                f"Het beeld staat bij gebeurtenis {versie} van zijn stroom, het log bij {laatste}.",
            )
            return
        if versie != overstap.versie:
            overstap = _gevouwen(gevouwen)
        if overstap is None:
            return
        if overstap.status != status:
            yield Beeldverschil(overstap.id, "andere_status", f"Het beeld zegt {status}, het log {overstap.status}.")
        volgens_beeld = {een.nummer: een.status for een in _aanmeldingen(aanmeldingen)}
        volgens_log = {een.nummer: str(een.status) for een in overstap.aanmeldingen}
        for nummer in sorted(volgens_beeld.keys() | volgens_log.keys()):
            beeld, log = volgens_beeld.get(nummer, "niets"), volgens_log.get(nummer, "niets")
            if beeld != log:
                yield Beeldverschil(
                    overstap.id, "andere_status", f"Van aanmelding {nummer} zegt het beeld {beeld}, het log {log}."
                )

    def sla_over(self, stroom: UUID) -> None:
        """Compare nothing of a pupil."""
        self._standen.pop(stroom.int, None)

    def zonder_stroom(self) -> Iterator[Beeldverschil]:
        """Give who stands in the view and has no stream in the log."""
        if self._is_alles:
            for overstap in self._standen:
                yield Beeldverschil(UUID(int=overstap), "zonder_stroom", "Het beeld kent deze leerling, het log niet.")


def _gevouwen(stroom: Iterable[Gebeurtenis]) -> Overstap | None:
    overstap = None
    for gebeurtenis in stroom:
        overstap = evolve(overstap, gebeurtenis)
    return overstap
