"""What a command works with: the settings, the whole they open, and whoever sits at this command line."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from pydantic import ValidationError

from overstap.adapters.app import App, open_app
from overstap.adapters.beelden import OPDRACHTREGEL
from overstap.adapters.cli.fouten import geweigerd, verkeerd_gebruik
from overstap.adapters.instellingen import Instellingen
from overstap.adapters.jaarwisseling import Aanvraag
from overstap.adapters.postgres.databank import Databank, open_databank
from overstap.adapters.postgres.migreer import Soort
from overstap.adapters.telemetry import richt_in
from overstap.domain.rollen import Actor, Rol
from overstap.domain.weigering import Weigering

Resultaat = TypeVar("Resultaat")


def lees_instellingen() -> Instellingen:
    """Read the settings, and let log lines follow them.

    Raises:
        Afgebroken: when one of them cannot be understood.

    """
    try:
        instellingen = Instellingen()
    except ValidationError as fout:
        namen = ", ".join(f"OVERSTAP_{veld}".upper() for veld in {str(een["loc"][0]) for een in fout.errors()})
        raise verkeerd_gebruik(
            f"Deze instelling klopt niet: {namen}. Verbeter haar in de omgeving of in .env."
        ) from None
    richt_in(instellingen.logniveau)
    return instellingen


@contextmanager
def open_sessie() -> Iterator[App]:
    """Open the database of the settings for one command."""
    with open_app(lees_instellingen()) as app:
        yield app


@contextmanager
def open_databank_van() -> Iterator[Databank]:
    """Open the database of the settings for a command that needs no key; the embedded one is migrated first."""
    instellingen = lees_instellingen()
    url = instellingen.database_url.get_secret_value() if instellingen.database_url else None
    with open_databank(instellingen.datamap, url) as databank:
        if url is None:
            databank.migreer(Soort.ECHT)
        yield databank


def regiebeheerder(app: App) -> Actor:
    """Give the actor of every command that changes something, import excepted."""
    return Actor(account=OPDRACHTREGEL, rol=Rol.REGIEBEHEERDER, organisatie=app.regio, regio=app.regio)


def aanvraag(app: App) -> Aanvraag:
    """Give who asks for a step that the log of access tells of: the command line, as regiebeheerder."""
    return Aanvraag(regiebeheerder(app), "opdrachtregel")


def noemer(app: App) -> Callable[[str], str]:
    """Give a function that names an organisation by its code, where its name is known."""

    def noem(code: str) -> str:
        organisatie = app.kaders.organisatie(app.regio, code)
        return f"{organisatie.naam} ({code})" if organisatie and organisatie.naam else code

    return noem


def eis(uitkomst: Resultaat | Weigering) -> Resultaat:
    """Give what came of a request, or stop with the sentence of its refusal."""
    if isinstance(uitkomst, Weigering):
        raise geweigerd(" ".join(deel for deel in (uitkomst.zin, uitkomst.wat_nodig, f"[{uitkomst.code}]") if deel))
    return uitkomst
