"""The certificate of an erasure: what was destroyed, and that to the log nothing else was done than to say so.

The log before is given by the whole subtrees of its tree (docs/audit-format.md): together they are its root. With the
leaves of the events that were added they must give the root after. So who checks it sees that what was there is there
still, and that nothing came but this; the notary's next checkpoint ties it to what somebody keeps elsewhere.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from overstap.adapters.bewijs import opslag
from overstap.adapters.bewijs.aantonen import Inclusiebewijs, toon_inclusie
from overstap.adapters.bewijs.boom import Boom, toppen_van
from overstap.adapters.bewijs.fouten import BewijsFout
from overstap.adapters.wissen.wisser import Gewist, Wissing
from overstap.domain.feiten.overstap import Aanleiding
from overstap.domain.rollen import Actor
from overstap.domain.verzoeken_wissen import WisPersoon

_ONDERTEKEND = "SELECT coalesce(max(grootte), 0) FROM log.controlepunten WHERE grootte <= %s"
_BLADEREN = """
SELECT sha256('\\x00' || int8send(positie) || timestamptz_send(vastgelegd_op) || hash)
  FROM log.gebeurtenissen WHERE positie > %s AND positie <= %s ORDER BY positie
"""
_OP = "SELECT vastgelegd_op FROM log.gebeurtenissen WHERE positie = %s"


class Omvang(msgspec.Struct, frozen=True, kw_only=True):
    """The log at some moment: how many events, and the root of the tree over them (hexadecimal)."""

    grootte: int
    wortel: str


class Wisbewijs(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", tag="overstap-wisbewijs-1", tag_field="vorm"
):
    """What one transaction erased: whom, why, by whom; and the log and the vault before and after.

    toppen are the whole subtrees of the tree before, from left to right; bladeren the leaves that came. inclusie, where
    the notary signed meanwhile, shows the first event under a checkpoint (verify.py checks it apart).
    """

    databank: UUID
    vastgelegd_op: datetime | None
    door: str
    rol: str
    aanleiding: Aanleiding
    reden: str
    gewist: tuple[Gewist, ...]
    voor: Omvang
    na: Omvang
    toppen: tuple[str, ...]
    bladeren: tuple[str, ...]
    sleutels_voor: int
    sleutels_na: int
    inclusie: Inclusiebewijs | None = None


def maak_wisbewijs(
    verbinding: psycopg.Connection[Any], wissing: Wissing, verzoek: WisPersoon, actor: Actor
) -> Wisbewijs:
    """Write the certificate of what was erased; verbinding may read the log (overstap_audit).

    Raises:
        BewijsFout: when the stored part of the tree is damaged.

    """
    boom, bladeren = _boom_bij(verbinding, wissing.voor), _bladeren(verbinding, wissing.voor, wissing.na)
    toppen, voor = boom.toppen(), Omvang(grootte=boom.grootte, wortel=boom.wortel().hex())
    boom.groei(bladeren)
    [op] = verbinding.execute(_OP, (wissing.na,)).fetchone() or [None]
    return Wisbewijs(
        databank=opslag.databank_van(verbinding),
        vastgelegd_op=op,
        door=actor.account,
        rol=actor.rol,
        aanleiding=verzoek.aanleiding,
        reden=verzoek.reden,
        gewist=wissing.gewist,
        voor=voor,
        na=Omvang(grootte=boom.grootte, wortel=boom.wortel().hex()),
        toppen=tuple(top.hex() for top in toppen),
        bladeren=tuple(blad.hex() for blad in bladeren),
        sleutels_voor=wissing.sleutels_voor,
        sleutels_na=wissing.sleutels_na,
    )


def onder_controlepunt(verbinding: psycopg.Connection[Any], bewijs: Wisbewijs) -> Wisbewijs:
    """Add the proof that the first of its events is under the last checkpoint; as it was where that is not so yet."""
    punt = opslag.controlepunt(verbinding, None)
    if punt is None or bewijs.na.grootte == bewijs.voor.grootte or punt.grootte < bewijs.na.grootte:
        return bewijs
    return msgspec.structs.replace(bewijs, inclusie=toon_inclusie(verbinding, bewijs.voor.grootte + 1))


def mis_met_wisbewijs(verbinding: psycopg.Connection[Any], bewijs: Wisbewijs) -> str:
    """Say what is not right about a certificate, by itself and beside the database; empty when all is."""
    toppen = [bytes.fromhex(top) for top in bewijs.toppen]
    plekken = toppen_van(bewijs.voor.grootte)
    if len(plekken) != len(toppen):
        return "Het bewijs past niet bij de grootte van het log ervoor."
    boom = Boom(bewijs.voor.grootte, {plek.niveau: top for plek, top in zip(plekken, toppen, strict=True)})
    if boom.wortel().hex() != bewijs.voor.wortel:
        return "Wat er van het log ervoor gegeven is, geeft niet de wortel ervoor."
    boom.groei([bytes.fromhex(blad) for blad in bewijs.bladeren])
    if (boom.grootte, boom.wortel().hex()) != (bewijs.na.grootte, bewijs.na.wortel):
        return "Het log erna is niet dat ervoor met alleen deze gebeurtenissen erbij."
    vernietigd = sum(een.vernietigd.datasleutels for een in bewijs.gewist)
    if bewijs.sleutels_voor - vernietigd != bewijs.sleutels_na:
        return "Het aantal sleutels in de kluis is anders veranderd dan door wat er vernietigd is."
    if opslag.databank_van(verbinding) != bewijs.databank:
        return "Het bewijs hoort bij een andere database."
    if _boom_bij(verbinding, bewijs.na.grootte).wortel().hex() != bewijs.na.wortel:
        return "Het log van nu gaat niet verder waar dat van het bewijs was."
    return ""


def _boom_bij(verbinding: psycopg.Connection[Any], grootte: int) -> Boom:
    """Give the tree as it was at a size: from what a checkpoint signed, and the leaves after it."""
    [[ondertekend]] = verbinding.execute(_ONDERTEKEND, (grootte,)).fetchall()
    plekken = toppen_van(ondertekend)
    knopen = opslag.knopen(verbinding, plekken)
    if len(knopen) != len(plekken):
        raise BewijsFout("De boom is beschadigd. Draai `overstap audit verify`.")
    boom = Boom(ondertekend, {plek.niveau: knopen[plek] for plek in plekken})
    boom.groei(_bladeren(verbinding, ondertekend, grootte))
    return boom


def _bladeren(verbinding: psycopg.Connection[Any], na: int, tot: int) -> list[bytes]:
    return [blad for (blad,) in verbinding.execute(_BLADEREN, (na, tot), binary=True)]
