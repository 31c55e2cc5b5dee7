"""The trial on one's own machine: where it may run."""

import ipaddress

from overstap.adapters.http.dienst import Dienst
from overstap.adapters.postgres.fouten import DatabankFout


class GeenProef(DatabankFout):
    """This is no place for a trial."""


async def eis_proefdatabank(dienst: Dienst) -> None:
    """See to it that the trial runs on loopback, on a database that was made as a demo.

    Raises:
        GeenProef: when it would not.

    """
    if not is_eigen_machine(dienst.opties.host):
        raise GeenProef("De proef luistert alleen op deze machine zelf: laat --host weg, of geef 127.0.0.1.")
    async with dienst.lezer() as verbinding:
        rij = await (await verbinding.execute("SELECT soort = 'demo' FROM log.kenmerk")).fetchone()
    if rij != (True,):
        raise GeenProef("De proef werkt alleen op een demodatabase. Maak er een met: overstap demo --once")


def is_eigen_machine(host: str) -> bool:
    """Tell whether a host to listen on is this machine alone."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
