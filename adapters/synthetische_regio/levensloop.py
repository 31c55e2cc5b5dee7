"""Makes up a pupil's year: what he applies for, what others decide, and where he stands on 1 October."""

from overstap.adapters.synthetische_regio import bijzonderheden, leerplicht
from overstap.adapters.synthetische_regio.aanmeldingen import (
    Aanvragen,
    bijzaak,
    eerste_aanmelding,
    gang,
    te_laat_bekend,
    tot_en_met,
    volg,
)
from overstap.adapters.synthetische_regio.plan import NOOIT, Beweging, Ingang
from overstap.adapters.synthetische_regio.reis import Reis
from overstap.adapters.synthetische_regio.tegenslag import (
    eerst_afgewezen,
    eerst_ingetrokken,
    eerst_niet_verschenen,
    wijs_af,
)
from overstap.adapters.synthetische_regio.verdeling import Eindstand, Merk, Verhaal
from overstap.adapters.synthetische_regio.vervolgkeuze import kiest_anders, kiest_en_komt_terug

_ALLES_AFGEWEZEN = 0.5
_NA_DE_METING_BEKEND = 0.01
_NAAR_LEERPLICHT = (((5, 25), (7, 10)), ((8, 31), (9, 18)))
_UITSCHRIJFREDENEN = (("verhuisd", "foutief_opgevoerd", "overleden"), (70, 20, 10))
_NIEUWE_GEMEENTEN = ("9951", "9952", "9953", "9954")  # outside the region


def leef(reis: Reis, aanvragen: Aanvragen) -> None:
    """Write down a pupil's whole year."""
    bijzonderheden.vooraf(reis)
    match reis.leerling.lot.eindstand:
        case Eindstand.GESTART:
            _begint(reis, aanvragen)
        case Eindstand.LEERPLICHT:
            _komt_bij_leerplicht(reis, aanvragen)
        case Eindstand.UIT_BEELD:
            _raakt_uit_beeld(reis, aanvragen)
        case Eindstand.UITGESCHREVEN:
            _wordt_uitgeschreven(reis, aanvragen)
        case _:
            kiest_anders(reis, aanvragen)


def _begint(reis: Reis, aanvragen: Aanvragen) -> None:
    lot = reis.leerling.lot
    hoofd = aanvragen.in_regio(reis, alleen_koppeling=bijzonderheden.vraagt_koppeling(lot))
    t, bijzaken = eerste_aanmelding(reis), lot.aanmeldingen - 1
    if lot.verhaal is Verhaal.AFGEWEZEN:
        t, bijzaken = eerst_afgewezen(reis, aanvragen, hoofd, t), bijzaken - 1
    elif lot.verhaal is Verhaal.INGETROKKEN:
        t, bijzaken = eerst_ingetrokken(reis, aanvragen.in_regio(reis), t) + reis.dagen(-20, 5), bijzaken - 1
    elif lot.verhaal is Verhaal.NIET_VERSCHENEN:
        t, bijzaken = eerst_niet_verschenen(reis, aanvragen.in_regio(reis), t) + reis.dagen(0.3, 3), bijzaken - 1
    if lot.verhaal is Verhaal.TEGENSTRIJDIG:
        kiest_en_komt_terug(reis, hoofd, min(t, reis.jaar.dag(3, 25)))
    elif not bijzonderheden.gaat_eigen_gang(reis, hoofd, t):
        stappen = gang(reis, t)
        laat = hoofd.ingang is Ingang.KOPPELING and reis.kans(_NA_DE_METING_BEKEND)
        volg(reis, hoofd, te_laat_bekend(reis, stappen) if laat else stappen)
    for _ in range(bijzaken):
        ander = aanvragen.in_regio(reis, alleen_koppeling=lot.merk is Merk.SCHOOLWISSEL)
        bijzaak(reis, ander, reis.jaar.dag(4, 20))


def _komt_bij_leerplicht(reis: Reis, aanvragen: Aanvragen) -> None:
    lot = reis.leerling.lot
    t, over = reis.tussen(*reis.toeval.choice(_NAAR_LEERPLICHT)), lot.aanmeldingen
    if lot.verhaal is Verhaal.NIET_VERSCHENEN:
        t, over = eerst_niet_verschenen(reis, aanvragen.in_regio(reis), eerste_aanmelding(reis)), over - 1
    ingeschakeld = leerplicht.schakel_in(reis, t)
    reis.rust(ingeschakeld)
    if reis.kans(0.5):
        leerplicht.meldt_zich(reis, ingeschakeld + reis.dagen(1, 6))
    for _ in range(over):
        tot = reis.toeval.choice(("aangemeld", "aangemeld", "intake_afgerond"))
        begin = eerste_aanmelding(reis, t - reis.dagen(30, 50))
        volg(reis, aanvragen.in_regio(reis), tot_en_met(gang(reis, begin), tot))


def _raakt_uit_beeld(reis: Reis, aanvragen: Aanvragen) -> None:
    lot = reis.leerling.lot
    over = lot.aanmeldingen
    if lot.verhaal is Verhaal.INGETROKKEN:
        eerst_ingetrokken(reis, aanvragen.in_regio(reis), eerste_aanmelding(reis))
        over -= 1
    elif lot.verhaal is Verhaal.NIET_VERSCHENEN:
        eerst_niet_verschenen(reis, aanvragen.in_regio(reis), eerste_aanmelding(reis))
        over -= 1
    alles_afgewezen = reis.kans(_ALLES_AFGEWEZEN)
    for _ in range(over):
        aanvraag = aanvragen.in_regio(reis)
        tot = reis.toeval.choice(("aangemeld", "intake_afgerond"))
        volg(reis, aanvraag, tot_en_met(gang(reis, eerste_aanmelding(reis)), tot))
        if alles_afgewezen:
            wijs_af(reis, aanvraag, reis.tussen((3, 1), (6, 25)))


def _wordt_uitgeschreven(reis: Reis, aanvragen: Aanvragen) -> None:
    leerling = reis.leerling
    t = reis.tussen((12, 1), (7, 10))
    velden = {"reden": reis.toeval.choices(*_UITSCHRIJFREDENEN)[0]}
    if velden["reden"] == "verhuisd":
        velden["nieuweGemeente"] = reis.toeval.choice(_NIEUWE_GEMEENTEN)
    rol = "decaan" if reis.kans(0.6) else "vo_beheerder"
    uit = reis.stap((leerling.school.brin, rol), t, "schrijf_uit", **velden)
    reis.rust(uit)
    leerling.weg.append((uit, NOOIT))
    for _ in range(leerling.lot.aanmeldingen):
        begin = eerste_aanmelding(reis, t - reis.dagen(25, 40))
        volg(reis, aanvragen.in_regio(reis), [Beweging("aangemeld", begin)])
