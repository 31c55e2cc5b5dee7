"""The kinds of streams the bus works on: how each folds its events, decides, and whether it keeps personal data."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from overstap.adapters.kaders import Kaders
from overstap.domain.feiten import Feit, Verzegeld
from overstap.domain.feiten.organisatie import ContactVastgelegd
from overstap.domain.feiten.overstap import OverstapOpgevoerd, PersoonsgegevensGewijzigd, PgnVervangen
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.organisatie import Organisatie, evolve_organisatie
from overstap.domain.overstap import Overstap, evolve
from overstap.domain.procedure import Jaar, evolve_procedure
from overstap.domain.rollen import Actor
from overstap.domain.verzoeken import Verzoek, VoerOp
from overstap.domain.verzoeken_organisatie import OrganisatieVerzoek
from overstap.domain.verzoeken_procedure import ProcedureVerzoek
from overstap.domain.wachtbak import WachtbakItem, evolve_wachtbak
from overstap.domain.weigering import Weigering, weiger
from overstap.statemachine.decide import decide
from overstap.statemachine.kader import Besluit
from overstap.statemachine.organisatie import decide_organisatie
from overstap.statemachine.procedure import decide_procedure
from overstap.statemachine.weigeringen import onbekende_leerling
from overstap.statemachine.wissen import GEWIST
from overstap.statemachine.zicht import ziet


class Dossier(msgspec.Struct, frozen=True, gc=False):
    """An overstap with the person's fields as they are now, sealed."""

    overstap: Overstap
    persoon: dict[str, Verzegeld]

    @property
    def versie(self) -> int:
        """The number of the stream's last event."""
        return self.overstap.versie


class Organisatiedossier(msgspec.Struct, frozen=True):
    """An organisation with its contacts by subject, sealed."""

    organisatie: Organisatie
    contacten: dict[str, dict[str, Verzegeld]]

    @property
    def versie(self) -> int:
        """The number of the stream's last event."""
        return self.organisatie.versie


class Waargenomen(msgspec.Struct, frozen=True, kw_only=True):
    """Facts that the receiving side itself established (a signal, a message kept aside): recorded as they are."""

    feiten: tuple[Feit, ...]


class Oordeel(msgspec.Struct, frozen=True, gc=False):
    """A decision, and the version of the rules it was made under."""

    besluit: Besluit
    procedure: str | None = None


class Stroomsoort(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of stream: each has a state and requests of its own, which only its own two functions know.

    begint_met_sleutel tells, from the state, whether the next event comes with a new data key. staat_vast kinds are few
    and always in memory; their streams are claimed under naam, so that they can be found.
    """

    naam: str
    evolve: Callable[[Any, Gebeurtenis], Any]
    decide: Callable[[Any, Any, Actor, datetime, Kaders], Oordeel | Weigering]
    begint_met_sleutel: Callable[[Any], bool]
    staat_vast: bool = False


def _evolve_dossier(dossier: Dossier | None, gebeurtenis: Gebeurtenis) -> Dossier:
    overstap = evolve(dossier.overstap if dossier else None, gebeurtenis)
    persoon = dossier.persoon if dossier else {}
    match gebeurtenis.feit:
        case OverstapOpgevoerd() | PersoonsgegevensGewijzigd() as feit:
            persoon = {**persoon, **feit.persoon}
        case PgnVervangen() as feit:
            persoon = {**persoon, "pgn": feit.pgn}
        case _:
            pass
    return Dossier(overstap, persoon)


def _decide_dossier(
    dossier: Dossier | None, verzoek: Verzoek | Waargenomen, actor: Actor, nu: datetime, kaders: Kaders
) -> Oordeel | Weigering:
    overstap = dossier.overstap if dossier else None
    if overstap is not None:
        overstapjaar = overstap.overstapjaar
    elif isinstance(verzoek, VoerOp):
        overstapjaar = verzoek.overstapjaar
    else:
        return weiger("onbekende_leerling", "Deze leerling is hier niet bekend.")
    kader = kaders.kader(actor.regio, overstapjaar)
    if kader is None:
        return weiger("geen_jaar", "Dit overstapjaar is niet open.", "Vraag de regiebeheerder het jaar te openen.")
    if isinstance(verzoek, Waargenomen):
        if overstap is not None and overstap.is_gewist:
            return GEWIST
        return Oordeel(Besluit(feiten=verzoek.feiten, gebeurd_op=nu), kader.regels.versie)
    besluit = decide(overstap, verzoek, actor, nu, kader)
    return besluit if isinstance(besluit, Weigering) else Oordeel(besluit, kader.regels.versie)


def weigering_zonder_sleutel(toestand: object | None, actor: Actor, nu: datetime, kaders: Kaders) -> Weigering:
    """Say to somebody whose words cannot be sealed, for the key is gone, what he may know of it."""
    if isinstance(toestand, Dossier) and toestand.overstap.is_gewist:
        kader = kaders.kader(toestand.overstap.regio, toestand.overstap.overstapjaar)
        if kader is not None and ziet(actor, toestand.overstap, nu, kader):
            return GEWIST
    return onbekende_leerling()


def _evolve_organisatiedossier(dossier: Organisatiedossier | None, gebeurtenis: Gebeurtenis) -> Organisatiedossier:
    organisatie = evolve_organisatie(dossier.organisatie if dossier else None, gebeurtenis)
    contacten = dossier.contacten if dossier else {}
    if isinstance(gebeurtenis.feit, ContactVastgelegd):
        contacten = {**contacten, gebeurtenis.feit.onderwerp: gebeurtenis.feit.contact}
    return Organisatiedossier(organisatie, contacten)


def _decide_organisatiedossier(
    dossier: Organisatiedossier | None, verzoek: OrganisatieVerzoek, actor: Actor, nu: datetime, _kaders: Kaders
) -> Oordeel | Weigering:
    besluit = decide_organisatie(dossier.organisatie if dossier else None, verzoek, actor, nu)
    return besluit if isinstance(besluit, Weigering) else Oordeel(besluit)


def _decide_jaar(
    jaar: Jaar | None, verzoek: ProcedureVerzoek, actor: Actor, nu: datetime, _kaders: Kaders
) -> Oordeel | Weigering:
    besluit = decide_procedure(jaar, verzoek, actor, nu)
    return besluit if isinstance(besluit, Weigering) else Oordeel(besluit)


def _decide_wachtbak(
    _item: WachtbakItem | None, verzoek: Waargenomen, _actor: Actor, nu: datetime, _kaders: Kaders
) -> Oordeel | Weigering:
    return Oordeel(Besluit(feiten=verzoek.feiten, gebeurd_op=nu))


def is_nieuw(toestand: object | None) -> bool:
    """Tell whether a stream has no events yet."""
    return toestand is None


OVERSTAP = Stroomsoort(naam="overstap", evolve=_evolve_dossier, decide=_decide_dossier, begint_met_sleutel=is_nieuw)
ORGANISATIE = Stroomsoort(
    naam="organisatie",
    evolve=_evolve_organisatiedossier,
    decide=_decide_organisatiedossier,
    begint_met_sleutel=is_nieuw,
    staat_vast=True,
)
PROCEDURE = Stroomsoort(
    naam="procedure",
    evolve=evolve_procedure,
    decide=_decide_jaar,
    begint_met_sleutel=lambda _jaar: False,
    staat_vast=True,
)
WACHTBAK = Stroomsoort(naam="wachtbak", evolve=evolve_wachtbak, decide=_decide_wachtbak, begint_met_sleutel=is_nieuw)
VASTE_SOORTEN = {ORGANISATIE.naam: ORGANISATIE, PROCEDURE.naam: PROCEDURE}
