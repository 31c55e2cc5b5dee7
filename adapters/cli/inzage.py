"""Seeing a person: only with a reason, told in the log, and never a name in that line."""

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import islice
from uuid import UUID, uuid4

import structlog

from overstap.adapters.app import App
from overstap.adapters.beelden import OPDRACHTREGEL, leesblik
from overstap.adapters.cli.fouten import verkeerd_gebruik
from overstap.adapters.cli.sessie import regiebeheerder
from overstap.adapters.postgres.bereik_kolommen import lees_verzegelden
from overstap.adapters.postgres.logins import Login
from overstap.adapters.telemetry.logboek import INZAGE
from overstap.adapters.toegangslog import PER_KEER, leg_toegang_vast, toegang_tot
from overstap.adapters.vault import Persoon
from overstap.domain.feiten import Verzegeld, naam_van
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.rollen import Rol
from overstap.projections.zinnen import OpenZegel
from overstap.statemachine.veldgroepen import zichtbare_groepen

_LANGSTE = 200
_KORTSTE_NAAM = 3


def controleer(reden: str) -> str:
    """Give the reason as it may be logged.

    Raises:
        Afgebroken: when it is empty, too long, or holds a number of a person.

    """
    kort = " ".join(reden.split())
    if not kort or len(kort) > _LANGSTE:
        raise verkeerd_gebruik(f"Geef met --reden in hooguit {_LANGSTE} tekens waarom u deze gegevens inziet.")
    if re.search(r"[0-9]{8}", kort):
        raise verkeerd_gebruik("De reden komt in het logboek. Zet er geen nummer van een persoon in.")
    return kort


def meld_inzage(
    app: App, handeling: str, personen: Mapping[UUID, Persoon], reden: str, *, onderwerp: str = "overstap"
) -> None:
    """Record who sees which pupils and why, before anything is shown.

    Raises:
        Afgebroken: when the reason names one of them.

    """
    woorden = {woord for woord in re.findall(r"\w+", reden.casefold()) if len(woord) >= _KORTSTE_NAAM}
    for persoon in personen.values():
        namen = " ".join(filter(None, (persoon.voornaam, persoon.achternaam))).casefold()
        if woorden & set(re.findall(r"\w+", namen)):
            raise verkeerd_gebruik("De reden komt in het logboek. Noem een leerling er niet in bij naam.")
    meld(app, handeling, list(personen), reden, onderwerp=onderwerp)


def meld(
    app: App, handeling: str, overstappen: Sequence[UUID | None], reden: str, *, onderwerp: str = "overstap"
) -> None:
    """Record in the log of access that the command line looks at these pupils, and why; [None]: at no pupil."""
    regels = toegang_tot(
        regiebeheerder(app),
        overstappen,
        handeling=handeling,
        onderwerp=onderwerp,
        herkomst="opdrachtregel",
        velden=zichtbare_groepen(Rol.REGIEBEHEERDER, met_reden=True) if onderwerp == "overstap" else (),
        reden=reden,
    )
    with app.databank.verbind(Login.APP) as verbinding:
        leg_toegang_vast(verbinding, uuid4(), regels)
    structlog.get_logger().info(
        INZAGE,
        handeling=handeling,
        overstappen=[str(overstap) for overstap in overstappen if overstap],
        account=OPDRACHTREGEL,
        rol=str(Rol.REGIEBEHEERDER),
        organisatie=app.regio,
        reden=reden,
    )


def meld_zonder_namen(app: App, handeling: str, overstap: UUID) -> None:
    """Record that the command line looks at a pupil's course without asking who he is."""
    regels = toegang_tot(
        regiebeheerder(app),
        [overstap],
        handeling=handeling,
        onderwerp="overstap",
        herkomst="opdrachtregel",
        velden=zichtbare_groepen(Rol.REGIEBEHEERDER, met_reden=False),
    )
    with app.databank.verbind(Login.APP) as verbinding:
        leg_toegang_vast(verbinding, uuid4(), regels)


def meld_levering(app: App, aanlevering: UUID | None, na: int) -> None:
    """Record that a delivery was taken in by the command line, and which pupils it changed after a position."""
    if aanlevering is None:
        return
    actor, wat = regiebeheerder(app), f"aanlevering {aanlevering}"
    geraakt = app.opzoeker.geraakte_overstappen(app.regio, aanlevering, na)
    regels = iter(toegang_tot(actor, [None, *geraakt], handeling="import", onderwerp=wat, herkomst="opdrachtregel"))
    keten = uuid4()
    with app.databank.verbind(Login.APP) as verbinding:
        while deel := list(islice(regels, PER_KEER)):
            leg_toegang_vast(verbinding, keten, deel)


def noem_persoon(persoon: Persoon) -> str:
    """Write a name as people do; somebody who was erased has none."""
    return " ".join(filter(None, (persoon.voornaam, persoon.tussenvoegsel, persoon.achternaam))) or "(gewist)"


def personen_van(app: App, overstappen: Collection[UUID], reden: str) -> dict[UUID, Persoon]:
    """Open the persons behind overstappen; without fields who was erased, and nobody who does not exist here."""
    with leesblik(app, reden) as cursor:
        gelezen = lees_verzegelden(cursor, Rol.REGIEBEHEERDER, overstappen)
    return {overstap: _geopend(app, overstap, velden, verpakt) for overstap, velden, verpakt in gelezen}


def _geopend(app: App, overstap: UUID, velden: Mapping[str, tuple[str, str]], verpakt: bytes | None) -> Persoon:
    app.kluis.onthoud({overstap: verpakt})
    return Persoon(
        **{veld: app.kluis.open(overstap, feit, veld, Verzegeld(zegel)) for veld, (feit, zegel) in velden.items()}
    )


def persoon_van(app: App, overstap: UUID, reden: str) -> Persoon:
    """Open the person behind an overstap; without fields when he was erased."""
    return personen_van(app, [overstap], reden).get(overstap, Persoon())


def open_tekst(app: App) -> OpenZegel:
    """Give a function that opens sealed text of events."""

    def open_zegel(gebeurtenis: Gebeurtenis, veld: str, verzegeld: Verzegeld) -> str | None:
        return app.kluis.open(gebeurtenis.originator_id, naam_van(gebeurtenis.feit), veld, verzegeld)

    return open_zegel


def laat_dicht(_gebeurtenis: Gebeurtenis, _veld: str, _verzegeld: Verzegeld) -> str | None:
    """Leave sealed text closed: no reason was given to open it."""
    return None
