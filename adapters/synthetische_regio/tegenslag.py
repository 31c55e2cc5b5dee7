"""Makes up what goes wrong with one application: refused, withdrawn after placement, not turned up."""

from overstap.adapters.synthetische_regio.aanmeldingen import Aanvragen, Gang, gang, tot_en_met, volg
from overstap.adapters.synthetische_regio.plan import Aanvraag, Beweging
from overstap.adapters.synthetische_regio.reis import Reis

_GRONDEN = (
    "capaciteit",
    "vooropleiding",
    "te_laat",
    "geen_intake",
    "niet_gehandhaafd",
    "diploma_niet_behaald",
    "overig",
)
_ZONDER_GROND = 0.3
_HEROPEND = 0.05


def wijs_af(reis: Reis, aanvraag: Aanvraag, t: int) -> int:
    """Refuse an application, from a koppeling sometimes without a ground; give when it happened."""
    zonder = aanvraag.mbo is not None and aanvraag.mbo.koppeling and reis.kans(_ZONDER_GROND)
    grond = "" if zonder else reis.toeval.choice(_GRONDEN)
    reis.beweeg(aanvraag, Beweging("afgewezen", t, "afgewezen", grond))
    return aanvraag.t


def eerst_afgewezen(reis: Reis, aanvragen: Aanvragen, hoofd: Aanvraag, t: int) -> int:
    """Let one application be refused; give when the accepted one begins: beside it, or after it as plan B."""
    ander = aanvragen.in_regio(reis)
    stappen = tot_en_met(gang(reis, min(t, reis.jaar.dag(4, 20))), "intake_afgerond")
    volg(reis, ander, stappen)
    afgewezen = wijs_af(reis, ander, reis.tussen((2, 10), (6, 25)))
    if hoofd.mbo is not None and hoofd.mbo.koppeling and reis.kans(_HEROPEND):
        return _eerst_afgewezen_daarna_heropend(reis, hoofd)
    if reis.kans(0.5):
        return stappen[0].t + reis.dagen(0, 25)
    return max(t, afgewezen + reis.dagen(1, 12))


def _eerst_afgewezen_daarna_heropend(reis: Reis, hoofd: Aanvraag) -> int:
    t = reis.tussen((2, 1), (3, 10))
    reis.beweeg(hoofd, Beweging("aangemeld", t))
    reis.beweeg(hoofd, Beweging("afgewezen", t + reis.dagen(5, 12), "heropend_na_afwijzing", "geen_intake"))
    return hoofd.t + reis.dagen(8, 20)


def eerst_ingetrokken(reis: Reis, aanvraag: Aanvraag, t: int) -> int:
    """Let a placed application be withdrawn in summer; give the moment of delivery."""
    geplaatst = volg(reis, aanvraag, tot_plaatsing(reis, t))
    weg = max(reis.tussen((6, 10), (8, 18)), geplaatst + reis.dagen(0.2, 2))
    return reis.beweeg(aanvraag, Beweging("ingetrokken", weg, "ingetrokken_na_plaatsing")) or weg


def eerst_niet_verschenen(reis: Reis, aanvraag: Aanvraag, t: int) -> int:
    """Let an enrolled pupil not turn up in September; give the moment of delivery."""
    volg(reis, aanvraag, [*tot_plaatsing(reis, t), Beweging("definitief_geplaatst", reis.tussen((6, 20), (7, 15)))])
    weg = reis.tussen((8, 31), (9, 8))
    return reis.beweeg(aanvraag, Beweging("niet_verschenen", weg, "niet_verschenen")) or weg


def tot_plaatsing(reis: Reis, t: int) -> Gang:
    """Make up an application that is surely placed before June."""
    stappen = tot_en_met(gang(reis, min(t, reis.jaar.dag(4, 10))), "intake_afgerond")
    plaatsing = max(stappen[-1].t + reis.dagen(2, 9), reis.tussen((4, 1), (5, 25)))
    return [*stappen, Beweging("voorlopig_geplaatst", plaatsing)]
