"""What else is known of one pupil: signals, Leerplicht, consultations, messages and the handing over, for who may know.

What is in the clear comes from his stream, as his status does; sealed texts come from the database in the caller's own
scope (toegang.gebeurtenissen), where what is not his is left out before it leaves.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType
from psycopg import Cursor

from overstap.adapters.http.dienst import Dienst
from overstap.adapters.http.lezen import Gezien
from overstap.adapters.http.wachten import haal_in
from overstap.domain.feiten import Verzegeld, naam_van
from overstap.domain.feiten.overstap import BerichtGeplaatst, GebeurtenisHerzien, OverlegVastgelegd
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.rollen import Actor
from overstap.projections.actueel import Actueel
from overstap.statemachine.feitzicht import feitzicht, ziet_feit
from overstap.statemachine.veldgroepen import Veldgroep

_MET_TEKST: Final[Mapping[type, str]] = {BerichtGeplaatst: "tekst", OverlegVastgelegd: "contact"}
_TEKSTEN: Final = "SELECT versie, inhoud FROM toegang.gebeurtenissen WHERE stroom = %s AND versie = ANY(%s)"


class Signaalblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Something about a pupil that asks for attention, and when it was last said."""

    signaal: str
    gegeven_op: datetime


class Leerplichtblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Since when Leerplicht has the pupil (null: it has not), and how it handed him back the last time."""

    ingeschakeld_op: datetime | None
    afgehandeld_op: datetime | None
    uitkomst: str | None


class Overlegblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A consultation: its event, its day, and with whom (null: that cannot be read any more)."""

    gebeurtenis: int
    organisatie: str
    overleg_datum: date
    contact: str | UnsetType | None = UNSET


class Berichtblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A message: its event, from whom to whom, and what it says (null: that cannot be read any more)."""

    gebeurtenis: int
    organisatie: str
    rol: str
    aan: str
    gebeurd_op: datetime
    tekst: str | UnsetType | None = UNSET


class Overdrachtblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """On which day the pupil was first handed over in person, and on which his file; null: not yet."""

    warme_overdracht_datum: date | None
    ddd_status_datum: date | None


async def dossierdelen(dienst: Dienst, gezien: Gezien, actor: Actor, reden: str | None) -> dict[str, Any]:
    """Give the parts that the caller may have, by the name that they have in the answer.

    Raises:
        DatabankOnbereikbaar: when the sealed texts cannot be read.
        Probleem: 503 when what was recorded just now does not show in time.

    """
    groepen = gezien.groepen
    delen = _uit_rij(gezien.stand.rij, groepen)
    leesbaar = _leesbare(gezien, actor, met_reden=reden is not None)
    teksten = await _teksten(dienst, gezien, actor, reden, leesbaar)
    if Veldgroep.OVERLEG in groepen:
        delen["overleg"] = [
            Overlegblad(
                gebeurtenis=een.originator_version,
                organisatie=een.organisatie,
                overleg_datum=date.fromisoformat(een.feit.overleg_datum),
                contact=teksten.get(een.originator_version, UNSET),
            )
            for een in leesbaar
            if isinstance(een.feit, OverlegVastgelegd)
        ]
    if Veldgroep.EIGEN_BERICHTEN in groepen:
        delen["berichten"] = [
            Berichtblad(
                gebeurtenis=een.originator_version,
                organisatie=een.organisatie,
                rol=een.rol,
                aan=een.feit.aan,
                gebeurd_op=een.gebeurd_op,
                tekst=teksten.get(een.originator_version, UNSET),
            )
            for een in leesbaar
            if isinstance(een.feit, BerichtGeplaatst)
        ]
    return delen


def _uit_rij(rij: Actueel, groepen: frozenset[Veldgroep]) -> dict[str, Any]:
    delen: dict[str, Any] = {}
    if Veldgroep.SIGNALEN in groepen:
        delen["signalen"] = [Signaalblad(signaal=naam, gegeven_op=op) for naam, op in sorted(rij.signalen.items())]
    if Veldgroep.LEERPLICHT in groepen:
        delen["leerplicht"] = Leerplichtblad(
            ingeschakeld_op=rij.leerplicht_sinds,
            afgehandeld_op=rij.leerplicht_afgehandeld_op,
            uitkomst=rij.leerplicht_uitkomst,
        )
    if Veldgroep.WARME_OVERDRACHT in groepen:
        delen["overdracht"] = Overdrachtblad(
            warme_overdracht_datum=rij.warme_overdracht, ddd_status_datum=rij.ddd_status
        )
    return delen


def _leesbare(gezien: Gezien, actor: Actor, *, met_reden: bool) -> list[Gebeurtenis]:
    """Give the consultations and messages that the caller may know of; what was corrected counts for nothing."""
    herzien = {een.feit.gebeurtenis for een in gezien.gebeurtenissen if isinstance(een.feit, GebeurtenisHerzien)}
    return [
        een
        for een in gezien.gebeurtenissen
        if type(een.feit) in _MET_TEKST
        and een.originator_version not in herzien
        and (zicht := feitzicht(actor.rol, type(een.feit), met_reden=met_reden)) is not None
        and ziet_feit(actor, een, zicht, gezien.dossier.overstap)
    ]


async def _teksten(
    dienst: Dienst, gezien: Gezien, actor: Actor, reden: str | None, leesbaar: Sequence[Gebeurtenis]
) -> dict[int, str | None]:
    """Open the sealed texts of these events that are the caller's, by their numbers."""
    velden = {
        een.originator_version: (naam_van(een.feit), _MET_TEKST[type(een.feit)])
        for een in leesbaar
        if (zicht := feitzicht(actor.rol, type(een.feit), met_reden=reden is not None)) is not None
        and _MET_TEKST[type(een.feit)] in zicht.velden
    }
    if not velden:
        return {}

    def vraag(cursor: Cursor[Any]) -> dict[int, Mapping[str, Any]]:
        return dict(cursor.execute(_TEKSTEN, (gezien.stroom, list(velden))).fetchall())

    inhoud = await dienst.lees_als(actor, vraag, reden)
    if inhoud.keys() != velden.keys():
        await haal_in(dienst, gezien.stroom)  # the log shows nothing that is not folded yet
        inhoud = await dienst.lees_als(actor, vraag, reden)
    return {
        nummer: gezien.kluis.open(gezien.stroom, feit, veld, Verzegeld(inhoud[nummer][veld]))
        for nummer, (feit, veld) in velden.items()
        if veld in inhoud.get(nummer, {})
    }
