"""Facts as the events of one stream, an hour apart, and the state they fold to."""

from datetime import UTC, datetime, timedelta
from functools import reduce
from uuid import UUID

from overstap.domain.feiten import Feit, Verzegeld
from overstap.domain.feiten.overstap import OverstapOpgevoerd
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.identificaties import SoortPgn
from overstap.domain.overstap import Overstap, evolve
from overstap.domain.redenen import Leerweg
from overstap.domain.rollen import Rol

STROOM = UUID("3f2a0000-0000-4000-8000-000000000001")
BEGIN = datetime(2026, 1, 12, 9, 30, tzinfo=UTC)
OPGEVOERD = OverstapOpgevoerd(
    leerling=UUID("7d7f6a52-5a7e-4b0e-9a53-0d8f1f6f2c11"),
    overstapjaar=2026,
    school="99AA",
    vestiging="01",
    klas="4B",
    leerweg=Leerweg.KB,
    gemeente="0363",
    soort_pgn=SoortPgn.ONDERWIJSNUMMER,
    kwalificatieplicht_tot="2028-03",
    persoon={"achternaam": Verzegeld("geheim"), "pgn": Verzegeld("geheim")},
)


def uur(nummer: int) -> datetime:
    """Give the moment at which the event of that number happened."""
    return BEGIN + timedelta(hours=nummer)


def als_stroom(*feiten: Feit, rol: Rol = Rol.DECAAN, actor: str = "decaan-99aa-1") -> list[Gebeurtenis]:
    """Make facts the events 1, 2, ... of one stream."""
    return [
        Gebeurtenis(
            originator_id=STROOM,
            originator_version=nummer,
            feit=feit,
            regio="21",
            gebeurd_op=uur(nummer),
            actor=actor,
            rol=rol,
            organisatie="99AA",
        )
        for nummer, feit in enumerate(feiten, start=1)
    ]


def vouw(gebeurtenissen: list[Gebeurtenis]) -> Overstap:
    """Fold a stream of at least one event."""
    eerste, *rest = gebeurtenissen
    return reduce(evolve, rest, evolve(None, eerste))


def na(*feiten: Feit) -> Overstap:
    """Give the overstap after it was entered and these facts happened, numbered from 2."""
    return vouw(als_stroom(OPGEVOERD, *feiten))
