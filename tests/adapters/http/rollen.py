"""Grant roles as the organisations of the test region do."""

from overstap.adapters.app import App
from overstap.adapters.beelden import werk_bij
from overstap.adapters.opdracht import Opdracht
from overstap.adapters.stroomsoorten import ORGANISATIE
from overstap.domain.rollen import Actor, Rol
from overstap.domain.stromen import stroom_van_organisatie
from overstap.domain.verzoeken_organisatie import KenRolToe, OrganisatieVerzoek, TrekRolIn
from overstap.domain.weigering import Weigering
from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import REGIEBEHEERDER, REGIO
from tests.adapters.postgres.beelden import wacht_tot


def _vraag(app: App, organisatie: str, verzoek: OrganisatieVerzoek, door: Actor) -> None:
    opdracht = Opdracht(
        soort=ORGANISATIE, stroom=stroom_van_organisatie(REGIO, organisatie), verzoek=verzoek, actor=door
    )
    [resultaat] = app.bus.verwerk([opdracht])
    assert not isinstance(resultaat, Weigering), resultaat
    werk_bij(app)  # who comes in now has his role


def geef_rol(  # noqa: PLR0913 - who gives which role to whom
    app: App, organisatie: str, account: str, rol: Rol, door: Actor = REGIEBEHEERDER, *, bij: Deur | None = None
) -> None:
    """Grant a role; a door that is open already reads of it within a quarter of a second, and is waited for."""
    _vraag(app, organisatie, KenRolToe(account=account, rol=rol), door)
    if bij is not None:
        wacht_tot(lambda: _heeft(bij, organisatie, account, rol))


def neem_rol_af(app: App, organisatie: str, account: str, rol: Rol, door: Actor) -> None:
    _vraag(app, organisatie, TrekRolIn(account=account, rol=rol), door)


def _heeft(deur: Deur, organisatie: str, account: str, rol: Rol) -> bool:
    bekend = deur.dienst.kaders.organisatie(REGIO, organisatie)
    return bekend is not None and (account, rol) in bekend.rollen
