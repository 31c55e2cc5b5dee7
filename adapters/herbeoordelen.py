"""Play the whole log again as a judge: would each event still be legal, and does everyone stand where the views say?

All of it is the database at one moment, read as overstap_audit; nothing is changed and nobody is kept waiting. A large
log is divided, as for a rebuild, over as many processes as there are processors, a few at most; all see that moment.
"""

import re
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from psycopg.sql import SQL, Literal

from overstap.adapters.beeldvergelijking import Beeld
from overstap.adapters.bewijs.rijen import een_moment
from overstap.adapters.herbeoordelen_stroom import Bevinding, Naspeler, Onder, Stuk, Telling
from overstap.adapters.kaderverloop import Kaderverloop
from overstap.adapters.opruimen import zelden_opruimen
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.ernaast import EVEN, Ernaast
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_lezing import Deel, Stroom, aantal_delen, lees_stromen
from overstap.adapters.postgres.rij import KOLOMMEN_MET_TOPIC, gebeurtenis_of_onleesbaar
from overstap.domain.feiten import FeitVanOrganisatie, FeitVanProcedure
from overstap.domain.gebeurtenis import Gebeurtenis, Onleesbaar, tot_onleesbaar

Vorderen = Callable[[int], None]
"""Told how many events have been read."""
_Stromen = Generator[Stroom[Gebeurtenis], None, None]
_NUMMER = re.compile(r"[0-9a-f][0-9a-f-]{2,35}")
_PER_KEER = 200  # streams
_OMGEVING = f"""
SELECT {KOLOMMEN_MET_TOPIC} FROM log.gebeurtenissen
 WHERE regio IS NOT NULL AND split_part(topic, '.', 1) = ANY(%s) ORDER BY positie
"""  # noqa: S608 - our own names
_VAN_SCHOOL = """
SELECT DISTINCT originator_id FROM log.gebeurtenissen
 WHERE split_part(topic, '.', 1) IN ('overstap-opgevoerd', 'leerling-overgedragen') AND regio = %(regio)s
   AND left(coalesce(convert_from(state, 'UTF8')::jsonb ->> 'school', convert_from(state, 'UTF8')::jsonb ->> 'naar'), 4)
       = %(school)s
"""
_BEGIN = """
SELECT DISTINCT originator_id FROM log.gebeurtenissen WHERE originator_id::text LIKE %s AND regio IS NOT NULL LIMIT 3
"""
_NAMEN_OMGEVING = sorted(
    {
        str(soort.__struct_config__.tag).rpartition(".")[0]
        for soort in (*FeitVanOrganisatie.__args__, *FeitVanProcedure.__args__)
    }
)


class Keuze(NamedTuple):
    """Which streams are judged: all, those of a region, of a school's pupils (who ever was there), or of one pupil."""

    regio: str | None = None
    school: str | None = None
    leerling: UUID | None = None


def oordeel_opnieuw(
    databank: Databank,
    onder: Onder = "then",
    keuze: Keuze | None = None,
    telling: Telling | None = None,
    vorderen: Vorderen = lambda _: None,
) -> Generator[Bevinding, None, None]:
    """Fold every stream from its first event, judge each event again, and give what is found as it is found.

    telling is filled in as it goes. Who stops before the end closes the iterator.

    Raises:
        DeelAfgebroken: when a process that judges a part is gone.
        ValueError: when a stream of an organisation cannot be folded.

    """
    keuze, telling = keuze or Keuze(), telling or Telling()
    with databank.verbind(Login.AUDIT) as verbinding, een_moment(verbinding), ExitStack() as stapel:
        eigen, *andere = _delen(verbinding, keuze)
        [(momentopname,)] = verbinding.execute("SELECT pg_export_snapshot()").fetchall()
        werk = partial(oordeel_deel, Moment(databank, momentopname), onder, keuze)
        ernaast = [stapel.enter_context(Ernaast[Stuk, None]("het naspelen", partial(werk, deel))) for deel in andere]
        hier = stapel.enter_context(closing(_oordeel(verbinding, onder, keuze, eigen)))
        for stuk in _samen(hier, ernaast):
            telling.neem_op(stuk)
            yield from stuk.bevindingen
            vorderen(telling.gebeurtenissen)


class Moment(NamedTuple):
    """The database as a transaction that is still open sees it, for connections of other processes."""

    databank: Databank
    momentopname: str

    @contextmanager
    def verbind(self) -> Iterator[psycopg.Connection[Any]]:
        """Connect as overstap_audit, in a transaction that sees this moment."""
        with self.databank.verbind(Login.AUDIT) as verbinding, een_moment(verbinding):
            verbinding.execute(SQL("SET TRANSACTION SNAPSHOT {}").format(Literal(self.momentopname)))
            yield verbinding


def oordeel_deel(moment: Moment, onder: Onder, keuze: Keuze, deel: Deel, stuur: Callable[[Stuk], None]) -> None:
    """Judge a part of the log as it was at a moment, and send what comes of it."""
    with moment.verbind() as verbinding, closing(_oordeel(verbinding, onder, keuze, deel)) as stukken:
        for stuk in stukken:
            stuur(stuk)


def _delen(verbinding: psycopg.Connection[Any], keuze: Keuze) -> list[Deel] | list[None]:
    """Give the parts of the log; None when streams were chosen, which are few."""
    if keuze.leerling is not None or keuze.school is not None:
        return [None]
    [(tot,)] = verbinding.execute("SELECT coalesce(max(positie), 0) FROM log.gebeurtenissen").fetchall()
    delen = aantal_delen(tot)
    return [Deel(tot, nummer, delen) for nummer in range(delen)]


def _oordeel(
    verbinding: psycopg.Connection[Any], onder: Onder, keuze: Keuze, deel: Deel | None
) -> Generator[Stuk, None, None]:
    # What stops a generator keeps it alive: unless it is closed, its COPY goes on and the transaction waits for that.
    with zelden_opruimen(), closing(_stromen(verbinding, keuze, deel)) as stromen:
        kaders = Kaderverloop(een for een in _lees_omgeving(verbinding) if isinstance(een, Gebeurtenis))
        naspeler = Naspeler(kaders, Beeld(verbinding, keuze.regio, deel), onder, keuze.regio)
        yield from naspeler.in_stukken(stromen)


def _samen(hier: Iterator[Stuk], ernaast: Sequence[Ernaast[Stuk, None]]) -> Iterator[Stuk]:
    """Give what comes of this process's own part and of those beside it, as it comes."""
    for stuk in hier:
        yield stuk
        for een in ernaast:
            yield from een.hoor()
    while bezig := [een for een in ernaast if not een.is_klaar]:
        for een in bezig:
            yield from een.hoor(EVEN)


def stromen_met_begin(verbinding: psycopg.Connection[Any], begin: str) -> list[UUID]:
    """Give the streams whose number begins so, three at most."""
    if not _NUMMER.fullmatch(begin):
        return []
    return [stroom for (stroom,) in verbinding.execute(_BEGIN, (f"{begin}%",))]


def _lees_omgeving(verbinding: psycopg.Connection[Any]) -> list[Gebeurtenis | Onleesbaar]:
    with verbinding.cursor(binary=True) as cursor:
        return [gebeurtenis_of_onleesbaar(rij) for rij in cursor.execute(_OMGEVING, (_NAMEN_OMGEVING,))]


def _stromen(verbinding: psycopg.Connection[Any], keuze: Keuze, deel: Deel | None) -> _Stromen:
    if deel is not None:
        return lees_stromen(verbinding, deel)
    if keuze.leerling is not None:
        return _gekozen(verbinding, [keuze.leerling])
    vraag = {"regio": keuze.regio, "school": keuze.school}
    return _gekozen(verbinding, [stroom for (stroom,) in verbinding.execute(_VAN_SCHOOL, vraag, binary=True)])


def _gekozen(verbinding: psycopg.Connection[Any], gekozen: Sequence[UUID]) -> _Stromen:
    log = Log(verbinding)
    for begin in range(0, len(gekozen), _PER_KEER):
        for stroom in log.laad_wat_kan(gekozen[begin : begin + _PER_KEER]).values():
            yield tot_onleesbaar(stroom), next((een for een in stroom if isinstance(een, Onleesbaar)), None)
