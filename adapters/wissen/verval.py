"""Give up messages that still wait for a pupil whom nobody entered: the item's key, its number and its receipts go."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import psycopg

from overstap.adapters.klok import Klok
from overstap.adapters.postgres.fouten import DatabankOnbereikbaar
from overstap.adapters.postgres.log import SLOT, Log
from overstap.adapters.postgres.toevoeging import Toevoeging, Vrijgave
from overstap.adapters.wissen.wisser import PER_KEER, gebeurtenis_van
from overstap.domain.feiten.wachtbak import WachtbakItemVervallen
from overstap.domain.rollen import Actor

_WACHT_NOG = "SELECT item FROM kluis.wachtbak WHERE item = ANY(%s)"
_KWITANTIES = "SELECT count(*) FROM log.wis_kwitanties(%s)"


def laat_vervallen(verbinding: psycopg.Connection[Any], items: Sequence[UUID], actor: Actor, klok: Klok) -> None:
    """Give up items of the wachtbak; those that went to their pupil meanwhile are left alone.

    verbinding is overstap_schrijver's, in autocommit, with nothing going on.

    Raises:
        DatabankOnbereikbaar: when the database is lost: do it again, it ends in the same.

    """
    try:
        for begin in range(0, len(items), PER_KEER):
            with verbinding.transaction():
                verbinding.execute("SELECT pg_advisory_xact_lock(%s)", (SLOT,))
                _laat_vervallen(verbinding, items[begin : begin + PER_KEER], actor, klok)
    except psycopg.OperationalError as fout:
        raise DatabankOnbereikbaar(
            f"De verbinding met de database is weg ({str(fout).strip()}). Probeer het opnieuw."
        ) from None


def _laat_vervallen(verbinding: psycopg.Connection[Any], items: Sequence[UUID], actor: Actor, klok: Klok) -> None:
    log, nu, correlatie = Log(verbinding), klok(), uuid4()
    wachtend = [item for (item,) in verbinding.execute(_WACHT_NOG, (list(items),))]
    log.voeg_toe(
        [
            Toevoeging(
                gebeurtenissen=[
                    gebeurtenis_van(
                        item,
                        len(eerder) + 1,
                        WachtbakItemVervallen(reden="te_oud"),
                        actor=actor,
                        op=nu,
                        correlatie=correlatie,
                        procedure=None,
                    )
                ],
                vrijgaven=[Vrijgave("wachtbak", item), Vrijgave("datasleutel", item)],
            )
            for item, eerder in log.laad(wachtend).items()
        ],
        klok.voor_het_log(),
    )
    verbinding.execute(_KWITANTIES, (wachtend,))
