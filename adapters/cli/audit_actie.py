"""What every command of an auditor begins with: the database, and a line in the log of actions."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID, uuid4

import psycopg

from overstap.adapters.beelden import OPDRACHTREGEL
from overstap.adapters.cli.fouten import geweigerd
from overstap.adapters.cli.sessie import lees_instellingen
from overstap.adapters.instellingen import Instellingen
from overstap.adapters.postgres.controle import ontbrekende_migraties
from overstap.adapters.postgres.databank import Databank, open_databank
from overstap.adapters.postgres.fouten import DatabankOnbereikbaar
from overstap.adapters.postgres.logins import Login
from overstap.adapters.toegangslog import leg_toegang_vast, toegang_tot
from overstap.domain.rollen import Actor, Rol


@contextmanager
def open_databank_voor_audit() -> Iterator[tuple[Databank, Instellingen]]:
    """Open the database of the settings; no master key is needed, for nothing is unsealed.

    Raises:
        Afgebroken: when it lacks what is asked of it here.

    """
    instellingen = lees_instellingen()
    url = instellingen.database_url.get_secret_value() if instellingen.database_url else None
    with open_databank(instellingen.datamap, url) as databank:
        if url is None:
            databank.migreer()
        with databank.verbind(Login.AUDIT) as verbinding:
            if ontbrekende_migraties(verbinding):
                raise geweigerd("Deze database is van een oudere versie. Draai `overstap migrate`.")
        try:
            yield databank, instellingen
        except psycopg.OperationalError as fout:
            raise DatabankOnbereikbaar(f"De verbinding met de database is weg ({str(fout).strip()}).") from None


def auditor(regio: str) -> Actor:
    """Give the actor of every command that only looks at the log."""
    return Actor(account=OPDRACHTREGEL, rol=Rol.AUDITOR, organisatie=regio, regio=regio)


def log_actie(
    databank: Databank,
    instellingen: Instellingen,
    handeling: str,
    overstappen: Sequence[UUID | None] = (None,),
    *,
    keten: UUID | None = None,
    actor: Actor | None = None,
    onderwerp: str = "log",
    reden: str = "",
) -> None:
    """Record what an auditor (or another actor) is about to do: of which pupils, or [None] with the log as a whole.

    keten chains the lines of one that does so again and again.
    """
    regels = toegang_tot(
        actor or auditor(instellingen.regio),
        overstappen,
        handeling=handeling,
        onderwerp=onderwerp,
        herkomst="opdrachtregel",
        reden=reden,
    )
    with databank.verbind(Login.APP) as verbinding:
        leg_toegang_vast(verbinding, keten or uuid4(), regels)
