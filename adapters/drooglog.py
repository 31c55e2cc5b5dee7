"""A log that says what it would do and does nothing: so a delivery can be tried by the very code that takes it in."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg

from overstap.adapters.opzoeken import Opzoeker
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.toevoeging import Aanspraak, Afloop, Kwitantie, Toevoeging, Uitkomst
from overstap.adapters.postgres.voeg_toe import Onderweg, Stapel
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.kalender import SPELING_VAN_DE_KLOK

_Ding = tuple[str, str | None, int | None, bytes]
"""What may exist once: the kind of claim, region and year where they count, and its key."""


class Drooglog(Log):
    """The log for who only wants to know: it reads what is there, and keeps what is added in memory.

    Its answers are those of the append (docs/log.md), which a test holds it to. What others add meanwhile is not waited
    for: what is tried is judged anew when it is done. The connection refuses to write.
    """

    def __init__(self, verbinding: psycopg.Connection[Any], opzoeker: Opzoeker) -> None:
        super().__init__(verbinding)
        verbinding.execute("SET default_transaction_read_only = on")
        self._opzoeker = opzoeker
        self._erbij: dict[UUID, list[Gebeurtenis]] = defaultdict(list)
        self._houders: dict[_Ding, UUID] = {}
        self._kwitanties: dict[tuple[str, bytes], tuple[bytes, Uitkomst]] = {}
        self._aantal = 0

    @property
    def gebeurtenissen(self) -> Iterator[Gebeurtenis]:
        """Give what would have been added."""
        return (een for stroom in self._erbij.values() for een in stroom)

    def verstuur(self, toevoegingen: Sequence[Toevoeging], klok: datetime | None = None) -> Onderweg:
        """Take a batch; the answer is made when it is asked for."""
        self._nu = klok or datetime.now(UTC)
        return Onderweg(self._verbinding, toevoegingen, ())

    def ontvang(self, onderweg: Onderweg) -> Stapel:
        """Say what the append would have answered to a batch."""
        toevoegingen = onderweg.toevoegingen
        bekend = self._opzoeker.kwitanties([een.kwitantie for een in toevoegingen if een.kwitantie]) | self._kwitanties
        houders = self._bekende_houders(een for toevoeging in toevoegingen for een in toevoeging.aanspraken)
        houders |= self._houders
        gemist: set[UUID] = set()
        return Stapel(0, [self._neem(toevoeging, bekend, houders, gemist) for toevoeging in toevoegingen])

    def laad(self, stromen: Iterable[UUID]) -> dict[UUID, list[Gebeurtenis]]:
        """Load streams with what would have been added; of a stream that others added to, as it is."""
        gelezen = super().laad(stromen)
        for stroom, gebeurtenissen in gelezen.items():
            erbij = self._erbij.get(stroom)
            if erbij and erbij[0].originator_version == len(gebeurtenissen) + 1:
                gebeurtenissen.extend(erbij)
        return gelezen

    def _neem(
        self,
        toevoeging: Toevoeging,
        bekend: dict[tuple[str, bytes], tuple[bytes, Uitkomst]],
        houders: dict[_Ding, UUID],
        gemist: set[UUID],
    ) -> Uitkomst:
        eerder = _eerder(toevoeging.kwitantie, bekend)
        if eerder is not None:
            uitkomst = eerder
        elif (bezet := next((een for een in toevoeging.aanspraken if _is_bezet(een, houders)), None)) is not None:
            uitkomst = Uitkomst(Afloop.NIET_UNIEK, bezet.soort, stroom=houders[_ding(bezet)])
        else:
            uitkomst = self._voeg_bij(toevoeging, gemist)
        if uitkomst.afloop is not Afloop.VASTGELEGD:
            gemist.update(een.originator_id for een in toevoeging.gebeurtenissen)
            return uitkomst
        for aanspraak in toevoeging.aanspraken:
            houders[_ding(aanspraak)] = self._houders[_ding(aanspraak)] = aanspraak.stroom
        if (kwitantie := toevoeging.kwitantie) is not None:
            al_zo = (kwitantie.vingerafdruk, uitkomst)
            bekend[kwitantie.client, kwitantie.sleutel] = self._kwitanties[kwitantie.client, kwitantie.sleutel] = al_zo
        return uitkomst

    def _voeg_bij(self, toevoeging: Toevoeging, gemist: set[UUID]) -> Uitkomst:
        for een in toevoeging.gebeurtenissen:
            if een.originator_id in gemist:
                return Uitkomst(Afloop.VERSIECONFLICT, stroom=een.originator_id, versie=een.originator_version - 1)
            if een.gebeurd_op > self._nu + SPELING_VAN_DE_KLOK:
                return Uitkomst(Afloop.IN_DE_TOEKOMST, stroom=een.originator_id)
        for een in toevoeging.gebeurtenissen:
            self._erbij[een.originator_id].append(een)
        begin, self._aantal = self._aantal + 1, self._aantal + len(toevoeging.gebeurtenissen)
        laatste = toevoeging.gebeurtenissen[-1] if toevoeging.gebeurtenissen else None
        return Uitkomst(
            Afloop.VASTGELEGD,
            toevoeging.kwitantie.code if toevoeging.kwitantie else None,
            begin if laatste else None,
            len(toevoeging.gebeurtenissen),
            laatste.originator_id if laatste else None,
            laatste.originator_version if laatste else None,
            self._nu,
        )

    def _bekende_houders(self, aanspraken: Iterable[Aanspraak]) -> dict[_Ding, UUID]:
        """Look up who has what is claimed, a question for each kind."""
        per_soort: dict[tuple[str, str | None, int | None], set[bytes]] = defaultdict(set)
        for een in aanspraken:
            per_soort[een.soort, een.regio, een.overstapjaar].add(een.sleutel)
        houders: dict[_Ding, UUID] = {}
        for (soort, regio, jaar), sleutels in per_soort.items():
            if regio is not None and jaar is not None:
                gevonden = self._opzoeker.overstappen_bij_pgn(regio, jaar, sleutels)
            else:
                gevonden = self._opzoeker.houders(soort, sleutels)
            houders |= {(soort, regio, jaar, sleutel): stroom for sleutel, stroom in gevonden.items()}
        return houders


def _ding(aanspraak: Aanspraak) -> _Ding:
    return aanspraak.soort, aanspraak.regio, aanspraak.overstapjaar, aanspraak.sleutel


def _is_bezet(aanspraak: Aanspraak, houders: dict[_Ding, UUID]) -> bool:
    return houders.get(_ding(aanspraak), aanspraak.stroom) != aanspraak.stroom


def _eerder(kwitantie: Kwitantie | None, bekend: dict[tuple[str, bytes], tuple[bytes, Uitkomst]]) -> Uitkomst | None:
    """Give the answer to a request whose receipt is there, None to a new one."""
    gevonden = bekend.get((kwitantie.client, kwitantie.sleutel)) if kwitantie else None
    if kwitantie is None or gevonden is None:
        return None
    vingerafdruk, uitkomst = gevonden
    afloop = Afloop.AL_VASTGELEGD if vingerafdruk == kwitantie.vingerafdruk else Afloop.ANDERE_INHOUD
    return Uitkomst(
        afloop,
        uitkomst.code,
        uitkomst.positie,
        uitkomst.aantal,
        uitkomst.stroom,
        uitkomst.versie,
        uitkomst.vastgelegd_op,
    )
