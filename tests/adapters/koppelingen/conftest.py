"""A region of two schools and two MBO's on a database of its own, for each module."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from overstap.adapters.app import App
from overstap.adapters.klok import GezetteKlok
from overstap.adapters.koppelingen import Verslag, importeer
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.stroomsoorten import OVERSTAP, Dossier
from overstap.domain.feiten import Feit
from overstap.domain.rollen import Rol
from tests.adapters.opstelling import IN_JANUARI, JAAR, MBO, REGIO, SCHOOL, app, richt_regio_in

Lever = Callable[..., Verslag]


@pytest.fixture(scope="module")
def open_app(demo_databank: Databank) -> Iterator[App]:
    with app(demo_databank) as app_:
        richt_regio_in(app_)
        yield app_


@pytest.fixture
def geheel(open_app: App) -> App:
    """Give the whole as it is opened: its clock where it began."""
    klok = open_app.klok
    assert isinstance(klok, GezetteKlok)
    klok.zet(IN_JANUARI)
    return open_app


@pytest.fixture
def als_school(geheel: App) -> Lever:
    """Deliver as the administrator of the first school."""

    def lever(pad: Path, namens: str = SCHOOL, rol: Rol = Rol.VO_BEHEERDER, **verder: object) -> Verslag:
        return importeer(geheel, pad, namens, rol, **verder)  # type: ignore[arg-type]

    return lever


@pytest.fixture
def als_mbo(geheel: App) -> Lever:
    """Deliver as the student system of the first MBO."""

    def lever(pad: Path, namens: str = MBO, **verder: object) -> Verslag:
        return importeer(geheel, pad, namens, Rol.KOPPELING, **verder)  # type: ignore[arg-type]

    return lever


@pytest.fixture
def als(geheel: App) -> Lever:
    """Deliver as anybody."""

    def lever(pad: Path, namens: str, rol: Rol, **verder: object) -> Verslag:
        return importeer(geheel, pad, namens, rol, **verder)  # type: ignore[arg-type]

    return lever


def stroom_van(geheel: App, pgn: str) -> UUID | None:
    """Find the overstap of a persoonsgebonden nummer."""
    pgn_hash = geheel.kluis.pgn_hash(pgn)
    return geheel.opzoeker.overstappen_bij_pgn(REGIO, JAAR, [pgn_hash]).get(pgn_hash)


def dossier_van(geheel: App, pgn: str) -> Dossier:
    """Give the state of the pupil with this persoonsgebonden nummer."""
    stroom = stroom_van(geheel, pgn)
    assert stroom is not None, "this pupil is not known"
    dossier: Dossier = geheel.bus.staat(OVERSTAP, stroom)
    return dossier


def feiten_van(geheel: App, stroom: UUID | None) -> list[Feit]:
    """Give the facts of a stream in order."""
    return [een.feit for een in geheel.log.laad([stroom])[stroom]] if stroom else []


def codes(verslag: Verslag) -> list[tuple[int, str]]:
    """Give the refused lines of a report with their codes."""
    return [(een.regel, een.code) for een in verslag.geweigerd]
