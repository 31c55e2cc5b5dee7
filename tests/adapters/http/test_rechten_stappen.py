"""The permission matrix over HTTP, what a role may do: every step, own pupil, other organisation's, other region's."""

from collections.abc import Callable, Iterator
from uuid import UUID

import msgspec
import pytest

from overstap.adapters.http.stapverzoeken import STAPPEN, pad_van
from overstap.adapters.postgres.databank import Databank
from overstap.domain.rollen import Rol
from tests.adapters.http.binnendeur import Binnendeur, Vraag
from tests.adapters.http.gebied import ANDERE_REGIO, Gebied, open_gebied, schrijf
from tests.adapters.http.klaarstaand import lichaam
from tests.rechtentabel import Cel, Kring, verzoekcellen
from tests.statemachine.spelers import REGIO
from tests.statemachine.test_rechten import actor as actor_in
from tests.statemachine.test_rechten import geval

CELLEN = [cel for cel in verzoekcellen() if cel.wat in STAPPEN]


class Matrix:
    """Each cell with a pupil of its own, for whom the step is in order."""

    def __init__(self, gebied: Gebied, deur: Binnendeur) -> None:
        self.gebied = gebied
        self.deur = deur
        leerlingen = {cel: gebied.leerling(geval(cel)[0], _regio(cel)) for cel in CELLEN}
        self.leerlingen: dict[Cel, UUID] = {cel: stroom for cel, (stroom, _) in leerlingen.items()}
        gebied.leg_vast(toevoeging for _, toevoeging in leerlingen.values())

    def vraag(self, cel: Cel) -> Vraag:
        """Ask for the step, as somebody of the region who stands to the pupil like this."""
        wie = actor_in(cel.rol, Kring.EIGEN if cel.kring is Kring.ANDERE_REGIO else cel.kring)
        pad = f"/v1/overstappen/{self.leerlingen[cel]}/stappen/{pad_van(cel.wat)}"
        return schrijf(pad, self.gebied.als(wie), msgspec.json.encode(lichaam(cel.wat, geval(cel)[1])))


def _regio(cel: Cel) -> str:
    return ANDERE_REGIO if cel.kring is Kring.ANDERE_REGIO else REGIO


@pytest.fixture(scope="module")
def matrix(demo_databank: Databank, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Matrix]:
    with open_gebied(demo_databank, tmp_path_factory.mktemp("stappen")) as (gebied, deur):
        yield Matrix(gebied, deur)


@pytest.mark.parametrize("rol", Rol)
def test_a_role_takes_the_steps_that_the_table_gives_it_and_no_other(
    matrix: Matrix, rol: Rol, record_property: Callable[[str, object], None]
) -> None:
    cellen = [cel for cel in CELLEN if cel.rol is rol]
    record_property("cellen over HTTP", len(cellen))
    antwoorden = matrix.deur.vraag([matrix.vraag(cel) for cel in cellen])
    mis = [
        (cel, een.status_code, een.text)
        for cel, een in zip(cellen, antwoorden, strict=True)
        if een.status_code not in _mag_zijn(cel)
    ]
    assert mis == []


def _mag_zijn(cel: Cel) -> set[int]:
    """Say what a cell may answer: a pupil who does not exist for somebody does not show in how he is refused."""
    if cel.mag:
        return {200}
    ziet_misschien = Kring.EIGEN if cel.wat != "aanvaard_overdracht" else Kring.ANDER  # who offers him has him still
    return {403, 404} if cel.kring in {Kring.EIGEN, ziet_misschien} else {404}
