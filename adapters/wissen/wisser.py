"""Erase persons: the event, the key, the number, the wachtbak and the receipts, all in one transaction or not at all.

It takes the turn of the append before it looks: nothing about these pupils can be recorded between looking and erasing,
and what was decided on before is judged again by whoever decided it (docs/adr/0008).
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
import psycopg

from overstap.adapters.klok import Klok
from overstap.adapters.postgres.fouten import DatabankOnbereikbaar
from overstap.adapters.postgres.log import SLOT, Log
from overstap.adapters.postgres.toevoeging import Afloop, Toevoeging, Uitkomst, Vrijgave
from overstap.domain.feiten import Feit
from overstap.domain.feiten.overstap import OverstapOpgevoerd
from overstap.domain.feiten.wachtbak import WachtbakItemVervallen
from overstap.domain.gebeurtenis import Gebeurtenis, Onleesbaar
from overstap.domain.overstap import Overstap, evolve
from overstap.domain.rollen import Actor
from overstap.domain.stromen import stroom_van_wachtbak
from overstap.domain.verzoeken_wissen import WisPersoon
from overstap.domain.weigering import Weigering, weiger
from overstap.statemachine.weigeringen import onbekende_leerling
from overstap.statemachine.wissen import decide_wissen

PER_KEER = 200
"""So many persons are erased in one transaction: while it lasts nobody else records anything."""
_PGN = "SELECT stroom, regio, overstapjaar, pgn_hash FROM kluis.pgn WHERE stroom = ANY(%s)"
_WACHTENDEN = """
SELECT p.stroom, w.item FROM kluis.pgn AS p
  JOIN kluis.wachtbak AS w USING (regio, overstapjaar, pgn_hash) WHERE p.stroom = ANY(%s)
"""
_SLEUTELS = "SELECT stroom FROM kluis.datasleutels WHERE stroom = ANY(%s)"
_AANTAL_SLEUTELS = "SELECT count(*) FROM kluis.datasleutels"
_KWITANTIES = "SELECT stroom, aantal FROM log.wis_kwitanties(%s)"
_ONLEESBAAR = weiger(
    "onleesbaar",
    "Van deze overstap staat er iets in het log dat dit programma niet kan lezen.",
    "Wis hem met het programma dat het vastlegde.",
)


class Vernietigd(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What was destroyed of one overstap: how many data keys, keyed hashes of his number, wachtbak items, receipts."""

    datasleutels: int
    nummers: int
    wachtbakitems: int
    kwitanties: int


class Gewist(msgspec.Struct, frozen=True, kw_only=True):
    """One person who was erased: at which position the log says so, None when it said so before; what went."""

    overstap: UUID
    positie: int | None
    vernietigd: Vernietigd


class Wissing(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one transaction; voor and na are the sizes of the log, sleutels_ of the vault, around it."""

    gewist: tuple[Gewist, ...]
    geweigerd: dict[UUID, Weigering]
    voor: int
    na: int
    sleutels_voor: int
    sleutels_na: int


class _Spullen(msgspec.Struct):
    """What there is of one person outside the log."""

    nummers: list[tuple[str, int, bytes]]
    wachtenden: list[UUID]
    eerdere_items: list[UUID]
    sleutels: list[UUID]

    @property
    def stromen(self) -> list[UUID]:
        return [*self.wachtenden, *self.eerdere_items]


def wis(  # noqa: PLR0913  # whom, why, by whom, when, under which rules
    verbinding: psycopg.Connection[Any],
    overstappen: Sequence[UUID],
    verzoek: WisPersoon,
    actor: Actor,
    klok: Klok,
    *,
    procedure: str | None = None,
) -> Wissing:
    """Erase persons, at most PER_KEER; who was erased before loses what is left of him, without another event.

    verbinding is overstap_schrijver's, in autocommit, with nothing going on.

    Raises:
        DatabankOnbereikbaar: when the database is lost: do it again, it ends in the same.

    """
    try:
        with verbinding.transaction():
            verbinding.execute("SELECT pg_advisory_xact_lock(%s)", (SLOT,))
            return _wis(verbinding, overstappen, verzoek, actor, klok, procedure)
    except psycopg.OperationalError as fout:
        raise DatabankOnbereikbaar(
            f"De verbinding met de database is weg ({str(fout).strip()}). Probeer het opnieuw."
        ) from None


def _wis(  # noqa: PLR0913, PLR0917  # as above
    verbinding: psycopg.Connection[Any],
    overstappen: Sequence[UUID],
    verzoek: WisPersoon,
    actor: Actor,
    klok: Klok,
    procedure: str | None,
) -> Wissing:
    log, nu, correlatie = Log(verbinding), klok(), uuid4()
    voor, [sleutels_voor] = log.laatste_positie(), verbinding.execute(_AANTAL_SLEUTELS).fetchall()[0]
    staten, geweigerd = _staten(log, overstappen)
    spullen = _spullen(verbinding, staten)
    items = log.laad([item for een in spullen.values() for item in een.wachtenden])
    toevoegingen: dict[UUID, Toevoeging] = {}
    for stroom, overstap in staten.items():
        besluit = decide_wissen(overstap, verzoek, actor, nu)
        if isinstance(besluit, Weigering):
            geweigerd[stroom] = besluit
            continue
        feiten = [(stroom, overstap.versie + 1, feit) for feit in besluit.feiten]
        feiten += [
            (item, len(items[item]) + 1, WachtbakItemVervallen(reden="gewist")) for item in spullen[stroom].wachtenden
        ]
        toevoegingen[stroom] = Toevoeging(
            gebeurtenissen=[
                gebeurtenis_van(*feit, actor=actor, op=besluit.gebeurd_op, correlatie=correlatie, procedure=procedure)
                for feit in feiten
            ],
            vrijgaven=_vrijgaven(stroom, spullen[stroom]),
        )
    uitkomsten = dict(zip(toevoegingen, log.voeg_toe(list(toevoegingen.values()), klok.voor_het_log()), strict=True))
    kwitanties = _wis_kwitanties(verbinding, {stroom: spullen[stroom].stromen for stroom in toevoegingen})
    [[sleutels_na]] = verbinding.execute(_AANTAL_SLEUTELS).fetchall()
    return Wissing(
        gewist=tuple(
            _gewist(stroom, staten[stroom], uitkomst, spullen[stroom], kwitanties[stroom])
            for stroom, uitkomst in uitkomsten.items()
        ),
        geweigerd=geweigerd,
        voor=voor,
        na=log.laatste_positie(),
        sleutels_voor=sleutels_voor,
        sleutels_na=sleutels_na,
    )


def _staten(log: Log, overstappen: Collection[UUID]) -> tuple[dict[UUID, Overstap], dict[UUID, Weigering]]:
    """Fold the streams that are a pupil's and can be read; say what is wrong with the others."""
    staten: dict[UUID, Overstap] = {}
    geweigerd: dict[UUID, Weigering] = {}
    for stroom, alle in log.laad_wat_kan(overstappen).items():
        leesbaar = [een for een in alle if not isinstance(een, Onleesbaar)]
        if len(leesbaar) < len(alle):
            geweigerd[stroom] = _ONLEESBAAR
        elif not leesbaar or not isinstance(leesbaar[0].feit, OverstapOpgevoerd):
            geweigerd[stroom] = onbekende_leerling()
        else:
            overstap: Overstap | None = None
            for een in leesbaar:
                overstap = evolve(overstap, een)
            if overstap is not None:
                staten[stroom] = overstap
    return staten, geweigerd


def _spullen(verbinding: psycopg.Connection[Any], staten: dict[UUID, Overstap]) -> dict[UUID, _Spullen]:
    welke = list(staten)
    gevonden = {
        stroom: _Spullen(nummers=[], wachtenden=[], eerdere_items=_eerdere_items(overstap), sleutels=[])
        for stroom, overstap in staten.items()
    }
    for stroom, *nummer in verbinding.execute(_PGN, (welke,)):
        gevonden[stroom].nummers.append((nummer[0], nummer[1], bytes(nummer[2])))
    for stroom, item in verbinding.execute(_WACHTENDEN, (welke,)):
        gevonden[stroom].wachtenden.append(item)
    van = {stroom: eigen for eigen, een in gevonden.items() for stroom in (eigen, *een.wachtenden)}
    for (stroom,) in verbinding.execute(_SLEUTELS, (list(van),)):
        gevonden[van[stroom]].sleutels.append(stroom)
    return gevonden


def _eerdere_items(overstap: Overstap) -> list[UUID]:
    """Name the wachtbak items in which messages about his aanmeldingen may have waited before he was known."""
    return [
        stroom_van_wachtbak(overstap.regio, een.brin[:4], een.keten_id) for een in overstap.aanmeldingen if een.keten_id
    ]


def _vrijgaven(stroom: UUID, spullen: _Spullen) -> list[Vrijgave]:
    return [
        *(Vrijgave("datasleutel", eigen) for eigen in (stroom, *spullen.wachtenden)),
        *(
            Vrijgave("pgn", stroom, sleutel=pgn_hash, regio=regio, overstapjaar=overstapjaar)
            for regio, overstapjaar, pgn_hash in spullen.nummers
        ),
        *(Vrijgave("wachtbak", item) for item in spullen.wachtenden),
    ]


def _wis_kwitanties(verbinding: psycopg.Connection[Any], van: dict[UUID, list[UUID]]) -> dict[UUID, int]:
    alle = {stroom for eigen, items in van.items() for stroom in (eigen, *items)}
    weg: dict[UUID, int] = dict(verbinding.execute(_KWITANTIES, (list(alle),)).fetchall())
    return {eigen: sum(weg.get(stroom, 0) for stroom in (eigen, *items)) for eigen, items in van.items()}


def gebeurtenis_van(  # noqa: PLR0913  # the columns beside a fact
    stroom: UUID, versie: int, feit: Feit, *, actor: Actor, op: datetime, correlatie: UUID, procedure: str | None
) -> Gebeurtenis:
    """Make an event with all that the log keeps beside its fact."""
    return Gebeurtenis(
        originator_id=stroom,
        originator_version=versie,
        feit=feit,
        regio=actor.regio,
        gebeurd_op=op,
        actor=actor.account,
        rol=actor.rol,
        organisatie=actor.organisatie,
        correlatie=correlatie,
        procedure=procedure,
    )


def _gewist(stroom: UUID, voor: Overstap, uitkomst: Uitkomst, spullen: _Spullen, kwitanties: int) -> Gewist:
    if uitkomst.afloop is not Afloop.VASTGELEGD:
        raise AssertionError(f"whoever has the turn of the append cannot be refused: {uitkomst.afloop}")
    return Gewist(
        overstap=stroom,
        positie=None if voor.is_gewist else uitkomst.positie,
        vernietigd=Vernietigd(
            datasleutels=len(spullen.sleutels),
            nummers=len(spullen.nummers),
            wachtbakitems=len(spullen.wachtenden),
            kwitanties=kwitanties,
        ),
    )
