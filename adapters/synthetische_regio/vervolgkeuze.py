"""Makes up what the decaan decides for pupils who do not go to an MBO of the region."""

from overstap.adapters.synthetische_regio.aanmeldingen import Aanvragen, Gang, eerste_aanmelding, gang, tot_en_met, volg
from overstap.adapters.synthetische_regio.organisaties import BUITEN_REGIO
from overstap.adapters.synthetische_regio.plan import NOOIT, Aanvraag, Beweging, Verwacht
from overstap.adapters.synthetische_regio.reis import Reis
from overstap.adapters.synthetische_regio.tegenslag import eerst_ingetrokken, wijs_af
from overstap.adapters.synthetische_regio.verdeling import Eindstand, Verhaal

_UITERSTE_DAG = (9, 24)  # so that the decision is known before 1 October
# When a decaan records each choice: from, to, share of those who choose in that period.
_KEUZEDAGEN = {
    Eindstand.MBO_BUITEN_REGIO: (((4, 2), (5, 22), 0.78), ((5, 23), (7, 8), 0.16), ((8, 31), (9, 18), 0.06)),
    Eindstand.HAVO: (((6, 12), (7, 14), 0.94), ((8, 31), (9, 11), 0.06)),
    Eindstand.DOUBLEERT: (((6, 10), (7, 14), 0.93), ((8, 31), (9, 11), 0.07)),
    Eindstand.VAVO_OF_PARTICULIER: (((6, 25), (7, 14), 0.6), ((8, 31), (9, 18), 0.4)),
    Eindstand.ANDERS: (((4, 8), (7, 10), 0.8), ((8, 31), (9, 18), 0.2)),
}
_ANDERE_REDENEN = ("werk", "vrijstelling", "dagbesteding", "buitenland", "zorginstelling", "overig", "andere_leerweg")
_HOE_VER = ("aangemeld", "intake_afgerond", "voorlopig_geplaatst")
_HOE_VAAK = (34, 30, 36)
_MET_AANMELDING_BUITEN_REGIO = 0.55
_OOK_GEPLAATST = 0.3
_TREKT_EERST_IN = 0.2


def kiest_anders(reis: Reis, aanvragen: Aanvragen) -> None:
    """Write down the year of somebody whose decaan records a vervolgkeuze."""
    lot = reis.leerling.lot
    periodes = _KEUZEDAGEN[lot.eindstand]
    van, tot, _ = reis.toeval.choices(periodes, [deel for _, _, deel in periodes])[0]
    keuze = max(reis.tussen(van, tot), max((einde for _, einde in reis.leerling.vensters), default=0))
    uiterlijk = keuze - reis.dagen(30, 50)
    if lot.verhaal is Verhaal.TEGENSTRIJDIG:
        _ondanks_de_keuze_geplaatst(reis, aanvragen, keuze, uiterlijk)
        return
    over, elders = lot.aanmeldingen, None
    if lot.verhaal is Verhaal.INGETROKKEN:
        weg = eerst_ingetrokken(reis, aanvragen.in_regio(reis), eerste_aanmelding(reis))
        keuze, over = max(keuze, weg + reis.dagen(1, 18)), over - 1
    elif lot.verhaal is Verhaal.AFGEWEZEN:
        afgewezen = _eerst_in_de_regio_afgewezen(reis, aanvragen)
        elders, over = aanvragen.buiten_regio(reis), over - 2
        geplaatst = volg(reis, elders, _tot_plaatsing(reis, afgewezen + reis.dagen(2, 9)))
        keuze = max(keuze, geplaatst)
    elif over and lot.eindstand is Eindstand.MBO_BUITEN_REGIO and reis.kans(_MET_AANMELDING_BUITEN_REGIO):
        elders, over = aanvragen.buiten_regio(reis), over - 1
    gekozen = kies(reis, lot.eindstand, keuze, elders.brin if elders is not None else "")
    if elders is not None and not elders.regels:
        stappen = _tot_plaatsing(reis, eerste_aanmelding(reis, uiterlijk))
        volg(reis, elders, stappen if reis.kans(_OOK_GEPLAATST) else stappen[:1])
    for _ in range(over):
        _begin_en_laat_liggen(reis, aanvragen.in_regio(reis), uiterlijk, gekozen)


def kiest_en_komt_terug(reis: Reis, hoofd: Aanvraag, t: int) -> None:
    """Let the decaan choose for somebody, the MBO place him all the same, and the decaan take the choice back."""
    gekozen = kies(reis, Eindstand.MBO_BUITEN_REGIO, reis.tussen((4, 14), (6, 5)))
    volg(reis, hoofd, tot_en_met(gang(reis, t), "intake_afgerond"))
    botst = _plaats_toch(reis, hoofd, gekozen)
    terug = reis.decaan(botst + reis.dagen(0.5, 3), "trek_vervolgkeuze_in")
    reis.leerling.vensters[-1] = (gekozen, terug + 1)
    verder = gang(reis, terug + reis.dagen(1, 4))
    volg(reis, hoofd, [stap for stap in verder if stap.status in {"definitief_geplaatst", "gestart"}])


def kies(reis: Reis, eindstand: Eindstand, t: int, brin: str = "") -> int:
    """Record a vervolgkeuze and let no aanmelding move from then on; give the moment of delivery."""
    velden = _reden(reis, eindstand, brin)
    op = reis.decaan(min(t, reis.jaar.dag(*_UITERSTE_DAG)), "kies_vervolg_vo", **velden)
    reis.rust(op)
    return op


def _reden(reis: Reis, eindstand: Eindstand, brin: str) -> dict[str, str]:
    if eindstand is Eindstand.MBO_BUITEN_REGIO:
        bekend = brin or (reis.toeval.choice(BUITEN_REGIO) if reis.kans(0.6) else "")
        return {"reden": "mbo_buiten_regio", **({"brin": bekend} if bekend else {})}
    if eindstand is Eindstand.VAVO_OF_PARTICULIER:
        return {"reden": "vavo" if reis.kans(0.75) else "particulier"}
    if eindstand is Eindstand.ANDERS:
        reden = reis.toeval.choice(_ANDERE_REDENEN)
        return {"reden": reden, **({"toelichting": "Gaat eerst een jaar reizen."} if reden == "overig" else {})}
    return {"reden": eindstand.value}


def _ondanks_de_keuze_geplaatst(reis: Reis, aanvragen: Aanvragen, keuze: int, uiterlijk: int) -> None:
    gekozen = kies(reis, reis.leerling.lot.eindstand, keuze)
    hoofd = aanvragen.in_regio(reis, alleen_koppeling=True)
    volg(reis, hoofd, tot_en_met(gang(reis, eerste_aanmelding(reis, uiterlijk)), "intake_afgerond"))
    for _ in range(reis.leerling.lot.aanmeldingen - 1):
        volg(reis, aanvragen.in_regio(reis), [Beweging("aangemeld", eerste_aanmelding(reis, uiterlijk))])
    _plaats_toch(reis, hoofd, gekozen)


def _plaats_toch(reis: Reis, aanvraag: Aanvraag, gekozen: int) -> int:
    t = gekozen + reis.dagen(0.5, 14)
    op = reis.beweeg_toch(aanvraag, Beweging("voorlopig_geplaatst", t, "tegenstrijdig"))
    if op is None:
        return NOOIT
    aanvraag.regels[-1].verwacht, aanvraag.regels[-1].code = Verwacht.SIGNAAL, "tegenstrijdig"
    return op


def _eerst_in_de_regio_afgewezen(reis: Reis, aanvragen: Aanvragen) -> int:
    ander = aanvragen.in_regio(reis)
    volg(reis, ander, [Beweging("aangemeld", eerste_aanmelding(reis, reis.jaar.dag(3, 20)))])
    return wijs_af(reis, ander, reis.tussen((2, 10), (5, 20)))


def _tot_plaatsing(reis: Reis, t: int) -> Gang:
    return [Beweging("aangemeld", t), Beweging("voorlopig_geplaatst", t + reis.dagen(10, 40))]


def _begin_en_laat_liggen(reis: Reis, aanvraag: Aanvraag, uiterlijk: int, gekozen: int) -> None:
    tot = reis.toeval.choices(_HOE_VER, _HOE_VAAK)[0]
    volg(reis, aanvraag, tot_en_met(gang(reis, eerste_aanmelding(reis, uiterlijk)), tot))
    if reis.kans(_TREKT_EERST_IN):
        reis.beweeg(aanvraag, Beweging("ingetrokken", gekozen - reis.dagen(15, 25)))
