"""Makes up what happens between a decaan and Leerplicht: consultation, handing over, handing back."""

from overstap.adapters.synthetische_regio import namen
from overstap.adapters.synthetische_regio.organisaties import REGIO
from overstap.adapters.synthetische_regio.reis import HIERVAN_DE_DAG, Reis

_UITKOMSTEN = ("terug_naar_vo", "naar_mbo", "overig")
_OVERLEG_IN_HETZELFDE_VERZOEK = 0.3


def schakel_in(reis: Reis, t: int) -> int:
    """Let the decaan consult Leerplicht and hand the pupil over; give the moment of delivery of the latter."""
    contact = f"{namen.voornaam(reis.toeval, ruim=False)} {namen.achternaam(reis.toeval, ruim=False)}"
    overleg = {"contact": contact, "overlegDatum": HIERVAN_DE_DAG}
    if reis.kans(_OVERLEG_IN_HETZELFDE_VERZOEK):
        return reis.decaan(t, "schakel_leerplicht_in", overleg=overleg)
    reis.decaan(t, "leg_overleg_vast", **overleg)
    return reis.decaan(reis.leerling.regels[-1].t + reis.dagen(0.01, 3), "schakel_leerplicht_in")


def handel_af(reis: Reis, t: int) -> int:
    """Let Leerplicht hand the pupil back (the regiebeheerder where his gemeente has no accounts); give the delivery."""
    uitkomst = reis.toeval.choice(_UITKOMSTEN)
    if reis.leerling.gemeente_heeft_accounts:
        return reis.stap(_ambtenaar(reis), t, "handel_leerplicht_af", uitkomst=uitkomst)
    reden = "Gemeente zonder accounts; per brief ontvangen."
    return reis.stap((REGIO, "regiebeheerder"), t, "handel_leerplicht_af", uitkomst=uitkomst, reden=reden)


def meldt_zich(reis: Reis, t: int) -> None:
    """Let the leerplichtambtenaar tell the school something, where he has an account."""
    leerling = reis.leerling
    if leerling.gemeente_heeft_accounts:
        tekst = "Ik heb contact met de leerling en laat voor de maand om is weten hoe het verder gaat."
        school = leerling.school_op(t).brin
        reis.stap(_ambtenaar(reis), t, "plaats_bericht", aan=school, tekst=tekst)


def heen_en_terug(reis: Reis, t: int) -> int:
    """Hand the pupil over and back; a next message or choice picks him up. Give the moment from which that may be."""
    ingeschakeld = schakel_in(reis, t)
    terug = handel_af(reis, ingeschakeld + reis.dagen(18, 40))
    reis.rust(ingeschakeld, terug + 1)
    return terug


def heen_terug_en_hervat(reis: Reis, t: int) -> int:
    """Hand the pupil over and back, and let his decaan pick him up; give the moment of delivery of the last."""
    ingeschakeld = schakel_in(reis, t)
    terug = handel_af(reis, ingeschakeld + reis.dagen(18, 40))
    hervat = reis.decaan(terug + reis.dagen(1, 6), "hervat")
    reis.rust(ingeschakeld, hervat + 1)
    return hervat


def _ambtenaar(reis: Reis) -> tuple[str, str]:
    return reis.leerling.persoon["gemeente"], "leerplichtambtenaar"
