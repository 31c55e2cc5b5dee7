"""Grant roles as the organisations of the test region do."""

from overstap.adapters.app import App
from overstap.adapters.beelden import werk_bij
from overstap.adapters.opdracht import Opdracht
from overstap.adapters.stroomsoorten import ORGANISATIE
from overstap.domain.rollen import Actor, Rol
from overstap.domain.stromen import stroom_van_organisatie
from overstap.domain.verzoeken_organisatie import KenRolToe, OrganisatieVerzoek, TrekRolIn
from overstap.domain.weigering import Weigering
from tests.adapters.opstelling import REGIEBEHEERDER, REGIO


def _vraag(app: App, organisatie: str, verzoek: OrganisatieVerzoek, door: Actor) -> None:
    opdracht = Opdracht(
        soort=ORGANISATIE, stroom=stroom_van_organisatie(REGIO, organisatie), verzoek=verzoek, actor=door
    )
    [resultaat] = app.bus.verwerk([opdracht])
    assert not isinstance(resultaat, Weigering), resultaat
    werk_bij(app)  # who comes in now has his role


def geef_rol(app: App, organisatie: str, account: str, rol: Rol, door: Actor = REGIEBEHEERDER) -> None:
    _vraag(app, organisatie, KenRolToe(account=account, rol=rol), door)


def neem_rol_af(app: App, organisatie: str, account: str, rol: Rol, door: Actor) -> None:
    _vraag(app, organisatie, TrekRolIn(account=account, rol=rol), door)
