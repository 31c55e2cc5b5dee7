"""Deciding to erase a person, and what may still happen to his overstap afterwards (docs/adr/0008)."""

from datetime import datetime

from overstap.domain import verzoeken as v
from overstap.domain.feiten.overstap import OverstapGewist
from overstap.domain.overstap import Overstap
from overstap.domain.rollen import Actor, Rol
from overstap.domain.statussen import OverstapStatus
from overstap.domain.verzoeken_wissen import WisPersoon
from overstap.domain.weigering import Weigering, weiger
from overstap.statemachine.kader import Besluit, Kader
from overstap.statemachine.weigeringen import niet_bevoegd, onbekende_leerling
from overstap.statemachine.zicht import ziet

GEWIST = weiger(
    "gewist",
    "De persoon van deze overstap is gewist; er wordt niets meer over hem vastgelegd.",
    "Wordt de leerling weer gevolgd, dan voert zijn school hem opnieuw op.",
)
_MET_LEERPLICHT = weiger(
    "met_leerplicht",
    "Leerplicht is met deze leerling nog bezig; de bewaartermijn wacht tot dat klaar is.",
    "Laat Leerplicht de inschakeling afhandelen, of wis hem op verzoek.",
)
_WIE = frozenset({Rol.REGIEBEHEERDER, Rol.SYSTEEM})


def decide_wissen(overstap: Overstap | None, verzoek: WisPersoon, actor: Actor, nu: datetime) -> Besluit | Weigering:
    """Judge whether a person may be erased; who was erased before gives no facts.

    The term is the system's; on request, and after a backup was put back, the regiebeheerder says so.
    """
    if overstap is None or actor.regio != overstap.regio:
        return onbekende_leerling()
    if actor.rol not in _WIE:
        return niet_bevoegd("wis_persoon", actor, _WIE)
    if overstap.is_gewist:
        return Besluit(feiten=(), gebeurd_op=nu)
    if verzoek.aanleiding == "bewaartermijn" and overstap.status is OverstapStatus.LEERPLICHT_INGESCHAKELD:
        return _MET_LEERPLICHT
    return Besluit(feiten=(OverstapGewist(aanleiding=verzoek.aanleiding, reden=verzoek.reden),), gebeurd_op=nu)


def beletsel_na_wissen(
    overstap: Overstap, verzoek: v.Verzoek, actor: Actor, nu: datetime, kader: Kader
) -> Weigering | None:
    """Refuse what is asked about who was erased; that his overstap closes with its year says nothing of him."""
    if not overstap.is_gewist or isinstance(verzoek, v.SluitAf):
        return None
    return GEWIST if ziet(actor, overstap, nu, kader) else onbekende_leerling()
