"""The notary beside a service: a process of its own, which ends with the one that began it.

Apart, because verifying takes a processor and its key is nobody else's business; and one for all processes that serve.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from uuid import uuid4

import psycopg
import structlog

from overstap.adapters.bewijs.bereikbaar import sleutel_in_bereik
from overstap.adapters.bewijs.bewaard import Uitgegeven
from overstap.adapters.bewijs.fouten import BewijsFout
from overstap.adapters.bewijs.notaris import open_notaris
from overstap.adapters.bewijs.volgen import onderteken_doorlopend
from overstap.adapters.instellingen import Instellingen
from overstap.adapters.postgres.controle import ontbrekende_migraties
from overstap.adapters.postgres.databank import open_databank
from overstap.adapters.postgres.fouten import DatabankFout, MigratieFout
from overstap.adapters.postgres.logins import Login
from overstap.adapters.stopteken import Stopteken
from overstap.adapters.telemetry import richt_in
from overstap.adapters.toegangslog import leg_toegang_vast, toegang_tot
from overstap.domain.rollen import Actor, Rol

_NETJES = 20.0  # seconds in which it may sign what still waits
_OPNIEUW = 5.0  # seconds until a database that was lost is tried again


@contextmanager
def notaris_ernaast(instellingen: Instellingen) -> Iterator[None]:
    """Let the notary sign as the log grows, as long as the `with` lasts; what waits at the end is signed too.

    When it refuses to sign it says so in a line of log and stops: the service goes on, and `overstap doctor` tells how
    old the last checkpoint is.
    """
    # A fresh process: a fork would take over connections and threads of this one.
    proces = get_context("spawn").Process(target=_waak, args=(instellingen,), name="notaris")
    proces.start()
    try:
        yield
    finally:
        proces.terminate()
        proces.join(_NETJES)
        if proces.is_alive():
            proces.kill()  # a checkpoint is stored whole or not at all
            proces.join()


def _waak(instellingen: Instellingen) -> None:
    richt_in(instellingen.logniveau)
    ouder = parent_process()
    with Stopteken(ook=[ouder.sentinel] if ouder else []) as stop:
        while not stop.is_gegeven:
            try:
                _onderteken(instellingen, stop)
            except BewijsFout as fout:
                structlog.get_logger().error("notaris_weigert", uitleg=str(fout))
                return
            except (DatabankFout, psycopg.OperationalError) as fout:
                structlog.get_logger().warning("notaris_wacht_op_de_database", soort=type(fout).__name__)
                stop.wacht(_OPNIEUW)


def _onderteken(instellingen: Instellingen, stop: Stopteken) -> None:
    url = instellingen.database_url.get_secret_value() if instellingen.database_url else None
    actor = Actor(account="notaris", rol=Rol.SYSTEEM, organisatie=instellingen.regio, regio=instellingen.regio)
    keten = uuid4()
    with (
        open_databank(instellingen.datamap, url) as databank,
        databank.verbind(Login.AUDIT) as luisteraar,
        open_notaris(databank, instellingen.map_van_notaris) as notaris,
        databank.verbind(Login.APP) as melder,
    ):
        if url is None:
            databank.migreer()
        if ontbrekende_migraties(luisteraar):
            raise MigratieFout("Deze database is van een oudere versie. Draai `overstap migrate`.")

        if bezwaar := sleutel_in_bereik(databank, instellingen.map_van_notaris):
            structlog.get_logger().warning("notarissleutel_in_bereik_van_de_database", uitleg=bezwaar)

        def kondig_aan() -> None:
            regels = toegang_tot(actor, [None], handeling="audit_controlepunt", onderwerp="log", herkomst="notaris")
            leg_toegang_vast(melder, keten, regels)

        def meld(punt: Uitgegeven) -> None:
            structlog.get_logger().info("controlepunt", nummer=punt.nummer)

        onderteken_doorlopend(
            notaris,
            luisteraar,
            instellingen.notaris_gebeurtenissen,
            instellingen.notaris_seconden,
            stop=stop,
            vooraf=kondig_aan,
            meld=meld,
        )
