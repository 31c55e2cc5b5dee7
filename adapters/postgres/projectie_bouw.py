"""Build read models anew beside those that serve: whole streams out of the log, folded in memory, rows written once.

Streams are divided over as many processes as there are processors, a few at most: each reads, folds and writes its own.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from itertools import zip_longest
from typing import Any
from uuid import UUID

import psycopg
from psycopg.sql import SQL, Identifier

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.ernaast import EVEN, Ernaast
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_afronden import voer_uit
from overstap.adapters.postgres.projectie_deel import (
    Opbrengst,
    Stand,
    Vooraf,
    oids_van,
    schrijf_gedeelde,
    vouw_deel,
)
from overstap.adapters.postgres.projectie_lezing import Deel, aantal_delen
from overstap.adapters.postgres.projectie_parkeren import eis_weinig, parkeer
from overstap.adapters.postgres.projectie_tabellen import Plek, begin_opnieuw, haal_indexen_weg, kies
from overstap.projections.projectie import PerStroom, Projectie

_OPGEGEVEN = """
INSERT INTO beeld_schaduw.geparkeerd SELECT * FROM beeld.geparkeerd WHERE projectie = %s AND opgegeven_op IS NOT NULL
RETURNING stroom, versie
"""


def bouw(databank: Databank, projecties: Sequence[type[Projectie]], tot: int, meld: Stand) -> None:
    """Fill tables of these read models in the shadow with what the log says up to position `tot`.

    One whose rows do not each come from one stream gets empty tables at position 0, to be folded batch by batch.
    """
    with databank.verbind(Login.PROJECTIE) as verbinding:
        kalen = [_Kaal(projectie) for projectie in projecties if isinstance(projectie(), PerStroom)]
        with verbinding.transaction():
            for projectie in projecties:
                begin_opnieuw(verbinding, projectie, Plek.SCHADUW)
            for kaal in kalen:
                kaal.bereid_voor(verbinding)
        if not kalen:
            return
        vooraf = [Vooraf(kaal.soort, oids_van(verbinding, kaal.soort.tabellen), kaal.opgegeven) for kaal in kalen]
        per_kaal = zip(*_vouw(databank, vooraf, tot, meld), strict=True)
        opbrengsten = [_samen(eigen) for eigen in per_kaal]
        for kaal, opbrengst in zip(kalen, opbrengsten, strict=True):
            for tabel, rijen in opbrengst.gedeeld.items():
                schrijf_gedeelde(databank, kaal.soort, tabel, rijen)
        delen = aantal_delen(tot)
        voer_uit(databank, verbinding, delen, _om_en_om([reeks for kaal in kalen for reeks in kaal.indexen]))
        voer_uit(databank, verbinding, delen, [opdracht for kaal in kalen for opdracht in kaal.metingen])
        with verbinding.transaction():
            for kaal, opbrengst in zip(kalen, opbrengsten, strict=True):
                kaal.rond_af(verbinding, tot, opbrengst)


def _vouw(databank: Databank, vooraf: Sequence[Vooraf], tot: int, meld: Stand) -> list[list[Opbrengst]]:
    """Fold one part here and the others beside it; give what came of each part, per read model."""
    delen = aantal_delen(tot)
    with ExitStack() as stapel:
        ernaast = [
            stapel.enter_context(
                Ernaast[int, list[Opbrengst]](
                    "de herbouw", partial(vouw_deel, databank, vooraf, Deel(tot, nummer, delen))
                )
            )
            for nummer in range(1, delen)
        ]
        gedaan = [0] * delen

        def meld_samen(hier: int, geduld: float = 0.0) -> None:
            gedaan[0] = hier
            for nummer, een in enumerate(ernaast, 1):
                gedaan[nummer] = max(een.hoor(geduld), default=gedaan[nummer])
            meld(sum(gedaan))

        meld_samen(0)
        eigen = vouw_deel(databank, vooraf, Deel(tot, 0, delen), meld_samen)
        while not all(een.is_klaar for een in ernaast):
            meld_samen(gedaan[0], EVEN)
        return [eigen, *(een.opbrengst for een in ernaast if een.opbrengst is not None)]


def _samen(opbrengsten: Sequence[Opbrengst]) -> Opbrengst:
    """Put together what the parts gave of one read model."""
    samen = Opbrengst()
    for een in opbrengsten:
        samen.geparkeerd += een.geparkeerd
        for tabel, rijen in een.gedeeld.items():
            samen.gedeeld.setdefault(tabel, set()).update(rijen)
    eis_weinig(samen.geparkeerd)
    return samen


def _om_en_om(reeksen: Sequence[Sequence[str]]) -> list[str]:
    """Take one of each in turn, so that those who work beside each other seldom want the same table."""
    return [een for beurt in zip_longest(*reeksen) for een in beurt if een is not None]


class _Kaal:
    """The shadow tables of one read model while they are filled: without indexes, and open to COPY by their owner.

    Autovacuum stays away: an index or statistics wanted while it is at work would wait a second before it gives way.
    """

    def __init__(self, soort: type[Projectie]) -> None:
        self.soort = soort
        self.opgegeven: Mapping[UUID, int] = {}
        self.indexen: list[list[str]] = []
        """What makes the keys and indexes of each table again, its key first."""
        self.metingen = [
            SQL("ANALYZE {}").format(Identifier(Plek.SCHADUW, tabel)).as_string() for tabel in soort.tabellen
        ]
        """What gathers the statistics of each table."""

    def bereid_voor(self, verbinding: psycopg.Connection[Any]) -> None:
        """Let the owner copy rows straight into the bare tables, and take over which streams a person gave up."""
        self._wijzig(verbinding, SQL("NO FORCE ROW LEVEL SECURITY, SET (autovacuum_enabled = false)"))
        for tabel in self.soort.tabellen:
            self.indexen.append(haal_indexen_weg(verbinding, Plek.SCHADUW, tabel))
        self.opgegeven = dict(verbinding.execute(_OPGEGEVEN, (self.soort.naam,)).fetchall())

    def rond_af(self, verbinding: psycopg.Connection[Any], tot: int, opbrengst: Opbrengst) -> None:
        """Put row security and autovacuum back, and say how far the tables are and which streams stand aside."""
        self._wijzig(verbinding, SQL("FORCE ROW LEVEL SECURITY, RESET (autovacuum_enabled)"))
        kies(verbinding, Plek.SCHADUW)
        with verbinding.cursor() as cursor:
            for een in opbrengst.geparkeerd:
                parkeer(cursor, self.soort.naam, een)
            cursor.execute("UPDATE voortgang SET positie = %s WHERE naam = %s", (tot, self.soort.naam))

    def _wijzig(self, verbinding: psycopg.Connection[Any], hoe: SQL) -> None:
        for tabel in self.soort.tabellen:
            verbinding.execute(SQL("ALTER TABLE {} {}").format(Identifier(Plek.SCHADUW, tabel), hoe))
