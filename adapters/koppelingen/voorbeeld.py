"""What would come of a delivery: it is taken in as ever, by a log that records nothing."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import msgspec
import structlog

from overstap.adapters.app import droge_app_op
from overstap.adapters.klok import Klok
from overstap.adapters.koppelingen.invoer import importeer_als
from overstap.adapters.koppelingen.verslag import Verslag
from overstap.adapters.koppelingen.vooronderzoek import Soort
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.vault import Hoofdsleutel
from overstap.domain.feiten.overstap import OverstapOpgevoerd, PersoonsgegevensGewijzigd
from overstap.domain.rollen import Actor


class Voorbeeld(msgspec.Struct, frozen=True, kw_only=True):
    """The report that would be made, and how many pupils of it are new; is_eerder: the same file was of use before.

    anders counts of how many pupils each thing that is known changes, by its name.
    """

    verslag: Verslag
    nieuw: int
    anders: Mapping[str, int]
    is_eerder: bool

    @property
    def gewijzigd(self) -> int:
        """How many accepted lines are about somebody who is there already."""
        return self.verslag.aanvaard - self.nieuw

    @property
    def verandert_iets(self) -> bool:
        """Whether anything would be recorded but the refusals."""
        return self.verslag.aanvaard + self.verslag.wachtbak > 0


def bekijk_vooraf(  # noqa: PLR0913, PLR0917  # a file, who delivers it, and where
    databank: Databank,
    hoofdsleutel: Hoofdsleutel,
    klok: Klok,
    pad: Path,
    actor: Actor,
    soort: Soort | None = None,
) -> Voorbeeld:
    """Judge a file line by line as importeer_als does, on the state as it is now; nothing is recorded.

    Raises:
        OSError: when the file cannot be read.
        DatabankFout: when the database cannot be reached.

    """
    proef = structlog.contextvars.bound_contextvars(voorbeeld=True)
    with proef, droge_app_op(databank, hoofdsleutel, actor.regio, klok) as (app, log):
        verslag = importeer_als(app, pad, actor, soort=soort)
        eerder = app.opzoeker.aanlevering(verslag.aanlevering) if verslag.aanlevering else (0, False, False)
        nieuw = sum(isinstance(een.feit, OverstapOpgevoerd) for een in log.gebeurtenissen)
        anders = Counter(wat for een in log.gebeurtenissen for wat in _wat_anders_wordt(een.feit))
    _, is_verwerkt, gaf_iets = eerder
    return Voorbeeld(verslag=verslag, nieuw=nieuw, anders=anders, is_eerder=is_verwerkt and gaf_iets)


def _wat_anders_wordt(feit: object) -> list[str]:
    """Name what a fact changes of what is known of a pupil; what it becomes is not told."""
    if not isinstance(feit, PersoonsgegevensGewijzigd):
        return []
    gezet = [naam for naam in ("klas", "leerweg", "gemeente", "vestiging") if getattr(feit, naam) is not None]
    return [*feit.persoon, *gezet, *(["kwalificatieplicht"] if feit.kwalificatieplicht_gewijzigd else [])]
