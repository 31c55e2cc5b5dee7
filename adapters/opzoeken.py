"""What must be looked up before a request can be put, such as the stream of a number or ketenId: one query a batch."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from overstap.adapters.postgres.fouten import DatabankOnbereikbaar
from overstap.adapters.postgres.reeksen import inhouden, teksten, uuids
from overstap.adapters.postgres.toevoeging import Afloop, Kwitantie, Uitkomst

_DATASLEUTELS = b"SELECT stroom, verpakt FROM kluis.datasleutels WHERE stroom = ANY(%b)"
_PGN = b"SELECT pgn_hash, stroom FROM kluis.pgn WHERE regio = %s AND overstapjaar = %s AND pgn_hash = ANY(%b)"
_EERDER = b"""
SELECT DISTINCT ON (pgn_hash) pgn_hash, stroom FROM kluis.pgn
 WHERE regio = %s AND overstapjaar < %s AND pgn_hash = ANY(%b) ORDER BY pgn_hash, overstapjaar DESC
"""
_OVERSTAPPEN = b"SELECT DISTINCT stroom FROM kluis.pgn WHERE stroom = ANY(%b) AND regio = %s"
_WACHTBAK = b"SELECT pgn_hash, item FROM kluis.wachtbak WHERE regio = %s AND overstapjaar = %s AND pgn_hash = ANY(%b)"
_WACHTENDEN = b"SELECT item, pgn_hash FROM kluis.wachtbak WHERE item = ANY(%b)"
_AANSPRAKEN = b"SELECT sleutel, stroom FROM log.aanspraken WHERE soort = %s AND sleutel = ANY(%b)"
_VASTE_STROMEN = b"SELECT soort, stroom FROM log.aanspraken WHERE soort = ANY(%b)"
_KWITANTIES = b"""
SELECT k.* FROM unnest(%b, %b) AS g (client, sleutel)
 CROSS JOIN LATERAL (
     SELECT client, sleutel, vingerafdruk, uitkomst, positie, aantal, stroom, versie, vastgelegd_op
       FROM log.kwitanties WHERE client = g.client AND sleutel = g.sleutel LIMIT 1
 ) AS k
"""


_AANLEVERING = b"""
SELECT coalesce(max(originator_version), 0), coalesce(bool_or(is_verwerkt), false),
       coalesce(bool_or(greatest(feit -> 'aanvaard', feit -> 'ongewijzigd', feit -> 'wachtbak') > '0'), false)
  FROM (SELECT originator_version, convert_from(state, 'UTF8')::jsonb AS feit,
               split_part(topic, '.', 1) = 'aanlevering-verwerkt' AS is_verwerkt
          FROM log.gebeurtenissen WHERE originator_id = %b) AS g
"""
_GEWEIGERDE_REGELS = b"""
SELECT (feit ->> 'regel')::integer, feit ->> 'code', feit ->> 'reden'
  FROM (SELECT originator_version, convert_from(state, 'UTF8')::jsonb AS feit
          FROM log.gebeurtenissen WHERE originator_id = %b AND split_part(topic, '.', 1) = 'regel-geweigerd') AS g
 ORDER BY originator_version
"""
_GERAAKT = b"""
SELECT DISTINCT g.originator_id
  FROM log.gebeurtenissen AS g JOIN kluis.pgn AS p ON p.stroom = g.originator_id AND p.regio = %s
 WHERE g.positie > %s AND g.correlatie = %s
 ORDER BY g.originator_id
"""
_STAND = b"""
SELECT coalesce((SELECT vastgelegd_op FROM log.gebeurtenissen ORDER BY positie DESC LIMIT 1), now())
  FROM log.kenmerk WHERE soort = 'demo'
"""


class Opzoeker:
    """The look-ups over one connection as overstap_schrijver; the same connection as a Log may be used.

    Every method raises DatabankOnbereikbaar when the connection is lost.
    """

    def __init__(self, verbinding: psycopg.Connection[Any]) -> None:
        self._verbinding = verbinding

    def datasleutels(self, stromen: Collection[UUID]) -> Mapping[UUID, bytes]:
        """Give the wrapped data keys there are of these streams."""
        return dict(self._vraag(_DATASLEUTELS, uuids(stromen)))

    def overstappen_bij_pgn(self, regio: str, overstapjaar: int, hashes: Collection[bytes]) -> dict[bytes, UUID]:
        """Give the overstap of each persoonsgebonden nummer (keyed hash) that is known in this region and year."""
        return dict(self._vraag(_PGN, regio, overstapjaar, inhouden(hashes))) if hashes else {}

    def eerdere_overstappen(self, regio: str, overstapjaar: int, hashes: Collection[bytes]) -> dict[bytes, UUID]:
        """Give the latest overstap in an earlier year of each persoonsgebonden nummer that came back."""
        return dict(self._vraag(_EERDER, regio, overstapjaar, inhouden(hashes))) if hashes else {}

    def bekende_overstappen(self, regio: str, stromen: Collection[UUID]) -> set[UUID]:
        """Give those of these streams that are an overstap of somebody in this region."""
        return {stroom for (stroom,) in self._vraag(_OVERSTAPPEN, uuids(stromen), regio)} if stromen else set()

    def wachtbak_bij_pgn(self, regio: str, overstapjaar: int, hashes: Collection[bytes]) -> dict[UUID, bytes]:
        """Give the wachtbak items that wait for one of these numbers, each with the hash it waits for."""
        rijen = self._vraag(_WACHTBAK, regio, overstapjaar, inhouden(hashes)) if hashes else []
        return {item: pgn_hash for pgn_hash, item in rijen}

    def wachtende_hashes(self, items: Collection[UUID]) -> dict[UUID, bytes]:
        """Give the hash each of these wachtbak items waits for."""
        return dict(self._vraag(_WACHTENDEN, uuids(items))) if items else {}

    def houders(self, soort: str, sleutels: Collection[bytes]) -> dict[bytes, UUID]:
        """Give the stream that holds each claim of one kind."""
        return dict(self._vraag(_AANSPRAKEN, soort, inhouden(sleutels))) if sleutels else {}

    def vaste_stromen(self, soorten: Collection[str]) -> list[tuple[str, UUID]]:
        """Give every stream that is claimed under these kinds, each with its kind."""
        return [(soort, stroom) for soort, stroom in self._vraag(_VASTE_STROMEN, teksten(soorten))]

    def kwitanties(self, gevraagd: Sequence[Kwitantie]) -> dict[tuple[str, bytes], tuple[bytes, Uitkomst]]:
        """Give of each receipt that exists, by client and key, its fingerprint and what it says."""
        if not gevraagd:
            return {}
        rijen = self._vraag(
            _KWITANTIES, teksten(een.client for een in gevraagd), inhouden(een.sleutel for een in gevraagd)
        )
        return {
            (client, sleutel): (vingerafdruk, Uitkomst(Afloop.AL_VASTGELEGD, *wat))
            for client, sleutel, vingerafdruk, *wat in rijen
        }

    def aanlevering(self, stroom: UUID) -> tuple[int, bool, bool]:
        """Give of one delivery its version, whether it was read to its end, and whether anything in it was of use."""
        [(versie, is_verwerkt, gaf_iets)] = self._vraag(_AANLEVERING, stroom)
        return versie, is_verwerkt, gaf_iets

    def geweigerde_regels(self, stroom: UUID) -> list[tuple[int, str, str]]:
        """Give the refused lines of one delivery in order: number, code and reason."""
        return [(regel, code, reden) for regel, code, reden in self._vraag(_GEWEIGERDE_REGELS, stroom)]

    def geraakte_overstappen(self, regio: str, correlatie: UUID, na: int) -> list[UUID]:
        """Give the pupils to whom something happened after a position because of one delivery or request."""
        return [stroom for (stroom,) in self._vraag(_GERAAKT, regio, na, correlatie)]

    def stand_van_de_demo(self) -> datetime | None:
        """Give the last moment in a demo database's log; None in a real database."""
        rijen = self._vraag(_STAND)
        return rijen[0][0] if rijen else None

    def _vraag(self, vraag: bytes, *parameters: object) -> list[Any]:
        try:
            with self._verbinding.cursor(binary=True) as cursor:
                return cursor.execute(vraag, parameters, prepare=True).fetchall()
        except psycopg.OperationalError as fout:
            raise DatabankOnbereikbaar(
                f"De verbinding met de database is weg ({str(fout).strip()}). Probeer het opnieuw."
            ) from None
