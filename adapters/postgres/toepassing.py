"""Offer the log as an application of the eventsourcing library, so that its tools and habits work on our store."""

from collections.abc import Callable, Iterable
from functools import reduce
from typing import cast
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import Mapper
from psycopg.conninfo import conninfo_to_dict

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.mapper import GebeurtenisMapper
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.overstap import Overstap, evolve


def projecteer(overstap: Overstap | None, gebeurtenissen: Iterable[Gebeurtenis]) -> Overstap | None:
    """Bring an overstap up to date; the projector function for `repository.get`."""
    return reduce(evolve, gebeurtenissen, overstap)


def omgeving(databank: Databank, login: Login = Login.SCHRIJVER) -> dict[str, str]:
    """Give the library's settings for this database; they hold a password."""
    adres = conninfo_to_dict(databank.conninfo(login))
    return {
        "PERSISTENCE_MODULE": "overstap.adapters.postgres.fabriek",
        "POSTGRES_DBNAME": str(adres.get("dbname") or ""),
        "POSTGRES_HOST": str(adres.get("host") or ""),
        "POSTGRES_PORT": str(adres.get("port") or "5432"),
        "POSTGRES_USER": str(adres.get("user") or ""),
        "POSTGRES_PASSWORD": str(adres.get("password") or ""),
        "POSTGRES_OPTIONS": str(adres.get("options") or ""),
    }


class Overstappen(Application[UUID]):
    """The overstappen as the library knows an application: `Overstappen(env=omgeving(databank))`."""

    def construct_mapper(self) -> Mapper[UUID]:
        """Make our mapper, by stable names."""
        return self.factory.mapper(transcoder=self.construct_transcoder(), mapper_class=GebeurtenisMapper)

    def haal(self, overstap_id: UUID) -> Overstap:
        """Load one overstap.

        Raises:
            AggregateNotFoundError: when there is none of this id.

        """
        # The library's types want aggregates with attributes of its own; its code wants only this function.
        haal = cast("Callable[..., Overstap]", self.repository.get)
        return haal(overstap_id, projector_func=projecteer)
