"""What the notary signed, to look at: what stands over one event, and whether each checkpoint follows the one before.

Checked while one looks: a signature, a link and a path of hashes cost some rows each, whatever the size of the log.
"""

import json
from datetime import datetime
from typing import Any, Final

import msgspec
import psycopg

from overstap.adapters.bewijs import opslag, verify
from overstap.adapters.bewijs.aantonen import toon_inclusie, toon_samenhang
from overstap.adapters.bewijs.fouten import BewijsFout
from overstap.adapters.bewijs.opslag import BewaardeSleutel, Getekend
from overstap.adapters.bewijs.sleutels import is_ondertekend
from overstap.adapters.bewijs.teksten import (
    GEEN,
    Controlepunt,
    TekstOngeldig,
    lees_controlepunt,
    sleutelnaam,
    vingerafdruk,
)

_ERNA: Final = "SELECT coalesce(max(positie), 0) FROM log.gebeurtenissen"
_EERSTE_OVER: Final = "SELECT nummer FROM log.controlepunten WHERE grootte >= %s ORDER BY nummer LIMIT 1"
_RIJ: Final = """
SELECT g.state, coalesce((
           SELECT v.hash FROM log.gebeurtenissen AS v
            WHERE v.originator_id = g.originator_id AND v.originator_version < g.originator_version
            ORDER BY v.originator_version DESC LIMIT 1), decode(repeat('00', 32), 'hex'))
  FROM log.gebeurtenissen AS g WHERE g.positie = %s
"""


class Bewijsstand(msgspec.Struct, frozen=True, kw_only=True):
    """Where an event stands: the first checkpoint over it (None: none yet), and what is wrong with that; '' nothing.

    schakel is the hash before it in its stream, velden what the fact as it is stored has: names, no values.
    """

    controlepunt: int | None
    tijdstip: datetime | None
    mis: str
    schakel: bytes
    velden: dict[str, tuple[str, ...]]


class Punt(msgspec.Struct, frozen=True, kw_only=True):
    """A checkpoint; inhoud is None when its text cannot be read, mis says what is wrong ('' nothing).

    erbij counts the events since the one before it.
    """

    nummer: int
    inhoud: Controlepunt | None
    erbij: int
    mis: str


class Overzicht(msgspec.Struct, frozen=True, kw_only=True):
    """A page of checkpoints, newest first; verder: the number before which the next begins. tot: events in the log."""

    punten: list[Punt]
    verder: int | None
    tot: int
    sleutels: int


def bewijsstand(verbinding: psycopg.Connection[Any], positie: int) -> Bewijsstand:
    """Tell under which checkpoint an event stands, and compute it again from the event up to the signature.

    Raises:
        BewijsFout: when there is no such event.

    """
    rij = verbinding.execute(_RIJ, (positie,), binary=True).fetchone()
    if rij is None:
        raise BewijsFout(f"Positie {positie} ontbreekt in het log. Draai `overstap audit verify`.")
    eerste = verbinding.execute(_EERSTE_OVER, (positie,)).fetchone()
    mis, tijdstip = "", None
    if eerste is not None:
        mis, tijdstip = _nagerekend(verbinding, positie, int(eerste[0]))
    return Bewijsstand(
        controlepunt=int(eerste[0]) if eerste else None,
        tijdstip=tijdstip,
        mis=mis,
        schakel=bytes(rij[1]),
        velden=_velden(bytes(rij[0])),
    )


def _velden(state: bytes) -> dict[str, tuple[str, ...]]:
    """Name the fields of a stored fact, and of those that hold fields themselves these."""
    try:
        inhoud = json.loads(state)
    except ValueError:
        return {}
    return {veld: tuple(waarde) if isinstance(waarde, dict) else () for veld, waarde in inhoud.items()}


def _nagerekend(verbinding: psycopg.Connection[Any], positie: int, nummer: int) -> tuple[str, datetime | None]:
    gevonden: list[str] = []
    try:
        bewijs = toon_inclusie(verbinding, positie, nummer)
        verify.toets_inclusie(_als_gelezen(bewijs), gevonden.append)
        tijdstip = lees_controlepunt(bewijs.controlepunt.tekst).tijdstip
    except (BewijsFout, *verify.ONLEESBAAR) as fout:
        return str(fout) or type(fout).__name__, None
    return " ".join(gevonden), tijdstip


def _als_gelezen(bewijs: msgspec.Struct) -> Any:  # noqa: ANN401  # as verify.py reads it from a file
    return json.loads(msgspec.json.encode(bewijs))


def lees_overzicht(verbinding: psycopg.Connection[Any], voor: int | None, aantal: int) -> Overzicht:
    """Give a page of checkpoints before a number (None: the newest), each held against the one before it."""
    sleutels = opslag.sleutels(verbinding)
    rijen = opslag.controlepunten_voor(verbinding, voor, aantal + 1)
    ervoor: list[Getekend | None] = [*rijen, None][1:]
    punten = [_punt(verbinding, rij, vorige, sleutels) for rij, vorige in zip(rijen[:aantal], ervoor, strict=False)]
    [(tot,)] = verbinding.execute(_ERNA).fetchall()
    return Overzicht(
        punten=punten,
        verder=rijen[aantal - 1].nummer if len(rijen) > aantal else None,
        tot=int(tot),
        sleutels=len(sleutels),
    )


def _punt(
    verbinding: psycopg.Connection[Any], rij: Getekend, ervoor: Getekend | None, sleutels: list[BewaardeSleutel]
) -> Punt:
    try:
        inhoud = lees_controlepunt(rij.tekst)
    except TekstOngeldig:
        return Punt(nummer=rij.nummer, inhoud=None, erbij=0, mis="Zijn tekst is niet te lezen.")
    return Punt(
        nummer=rij.nummer,
        inhoud=inhoud,
        erbij=rij.grootte - (ervoor.grootte if ervoor else 0),
        mis=_mis(verbinding, rij, inhoud, ervoor, sleutels),
    )


def _mis(
    verbinding: psycopg.Connection[Any],
    rij: Getekend,
    inhoud: Controlepunt,
    ervoor: Getekend | None,
    sleutels: list[BewaardeSleutel],
) -> str:
    """Say what is wrong with a checkpoint; whether its keys follow each other tells a verification of the whole."""
    publiek = next((een.publiek for een in sleutels if sleutelnaam(een.publiek) == inhoud.sleutel), None)
    if publiek is None or not is_ondertekend(rij.tekst, rij.handtekening, publiek):
        return "De handtekening eronder is niet van de notaris."
    if (inhoud.nummer, inhoud.grootte) != (rij.nummer, rij.grootte):
        return "Zijn nummer of grootte is niet die van zijn tekst."
    if inhoud.vorige != (vingerafdruk(ervoor.tekst) if ervoor else GEEN):
        return "Hij volgt niet op het controlepunt ervoor."
    if ervoor is None:
        return ""
    gevonden: list[str] = []
    try:
        verify.toets_samenhang(_als_gelezen(toon_samenhang(verbinding, ervoor.nummer, rij.nummer)), gevonden.append)
    except (BewijsFout, *verify.ONLEESBAAR) as fout:
        return str(fout) or type(fout).__name__
    return " ".join(gevonden)
