"""The one place that says whether something may happen to a pupil: a request in, facts or a refusal out."""

from datetime import datetime

from overstap.domain import verzoeken as v
from overstap.domain.overstap import Overstap
from overstap.domain.rollen import Actor
from overstap.domain.weigering import Weigering
from overstap.statemachine.aanmeldingsstappen import decide_aanmelding, decide_aanmeldingsstap
from overstap.statemachine.andere_verzoeken import decide_ander_verzoek, decide_opvoer
from overstap.statemachine.herziening import decide_herziening
from overstap.statemachine.kader import Besluit, Kader
from overstap.statemachine.koppelbericht import decide_koppelbericht
from overstap.statemachine.moment import moment_van
from overstap.statemachine.overstapstappen import decide_overstapstap
from overstap.statemachine.weigeringen import onbekende_leerling
from overstap.statemachine.wissen import beletsel_na_wissen
from overstap.statemachine.zaak import Zaak


def decide(  # one return a kind of request
    overstap: Overstap | None, verzoek: v.Verzoek, actor: Actor, nu: datetime, kader: Kader
) -> Besluit | Weigering:
    """Judge a request against the state, the rules and the calendar; time comes in, nothing goes out but the answer.

    nu is the moment of judging (UTC); the request's own gebeurd_op (default: nu) may lie at most five minutes after
    it, and then counts as nu. Given the same arguments the answer is always the same.
    """
    gebeurd_op = moment_van(verzoek, nu)
    if isinstance(gebeurd_op, Weigering):
        return gebeurd_op
    if isinstance(verzoek, v.VoerOp):
        return decide_opvoer(overstap, verzoek, actor, gebeurd_op, kader)
    if overstap is None:
        return onbekende_leerling()
    if overstap.is_gewist and (beletsel := beletsel_na_wissen(overstap, verzoek, actor, nu, kader)):
        return beletsel
    zaak = Zaak(overstap=overstap, verzoek=verzoek, actor=actor, nu=nu, gebeurd_op=gebeurd_op, kader=kader)
    if isinstance(verzoek, v.VerwerkKoppelbericht):
        return decide_koppelbericht(zaak, verzoek)
    if isinstance(verzoek, v.MeldAan):
        return decide_aanmelding(zaak, verzoek)
    if isinstance(verzoek, v.Herzie):
        return decide_herziening(zaak, verzoek)
    if isinstance(verzoek, v.Aanmeldingsverzoek):
        return decide_aanmeldingsstap(zaak, verzoek)
    if isinstance(verzoek, v.Overstapsverzoek):
        return decide_overstapstap(zaak, verzoek)
    return decide_ander_verzoek(zaak, verzoek)
