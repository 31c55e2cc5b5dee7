"""Makes up what is unusual beside a pupil's story: a new number, another school, messages before he is known."""

from overstap.adapters.synthetische_regio.aanmeldingen import gang, volg
from overstap.adapters.synthetische_regio.kalender import DAG
from overstap.adapters.synthetische_regio.leerplicht import heen_en_terug, heen_terug_en_hervat
from overstap.adapters.synthetische_regio.organisaties import REGIO
from overstap.adapters.synthetische_regio.plan import Aanvraag, Beweging, Ingang, Verwacht
from overstap.adapters.synthetische_regio.reis import Reis
from overstap.adapters.synthetische_regio.verdeling import Lot, Merk, Verhaal

_DECAAN_HERVAT = 0.6
PGN_WISSELT = frozenset({Merk.PGN_DOOR_SCHOOL, Merk.PGN_DOOR_KOPPELING, Merk.PGN_IN_WACHTBAK})
_ALLEEN_KOPPELING = frozenset(
    {
        Merk.PGN_DOOR_KOPPELING,
        Merk.PGN_IN_WACHTBAK,
        Merk.LAAT_IN_WACHTBAK,
        Merk.SCHOOLWISSEL,
        Merk.OVERGENOMEN,
        Merk.GEKOPPELD,
    }
)


def vraagt_koppeling(lot: Lot) -> bool:
    """Tell whether the pupil's applications must reach us through a koppeling."""
    return lot.merk in _ALLEEN_KOPPELING or lot.verhaal is Verhaal.TEGENSTRIJDIG or lot.fout.startswith("bericht_")


def vooraf(reis: Reis) -> None:
    """Write down what does not depend on the pupil's applications, and keep them still where that is needed."""
    merk = reis.leerling.lot.merk
    vroegst = reis.leerling.ingevoerd + 8 * DAG
    if merk is Merk.LEERPLICHT_TUSSENDOOR:
        heen_terug = heen_terug_en_hervat if reis.kans(_DECAAN_HERVAT) else heen_en_terug
        heen_terug(reis, max(reis.tussen((11, 24), (3, 15)), vroegst))
    elif merk is Merk.LEERPLICHT_TWEEMAAL:
        terug = heen_terug_en_hervat(reis, max(reis.tussen((11, 24), (12, 20)), vroegst))
        heen_terug_en_hervat(reis, terug + reis.dagen(10, 30))
    elif merk is Merk.SCHOOLWISSEL:
        _wissel_van_school(reis, max(reis.tussen((11, 20), (2, 10)), vroegst))
    elif merk is Merk.HEROPEND:
        _schrijf_uit_en_heropen(reis, reis.tussen((3, 20), (5, 10)))
    elif merk is Merk.PGN_DOOR_SCHOOL:
        _vervang_pgn(reis, max(reis.tussen((12, 1), (6, 1)), vroegst), "pgn_wijziging")
    elif merk is Merk.PGN_IN_WACHTBAK:
        _vervang_pgn(reis, reis.tussen((2, 10), (5, 1)), "pgn_wijziging", "onbekend_pgn_later_bekend")


def gaat_eigen_gang(reis: Reis, hoofd: Aanvraag, t: int) -> bool:
    """Write down the main application of a pupil whose mark decides how it goes; tell whether there was such a mark."""
    match reis.leerling.lot.merk:
        case Merk.LAAT_IN_WACHTBAK:
            begin = max(reis.leerling.ingevoerd - reis.dagen(9, 60), reis.jaar.dag(10, 20))
            hoofd.begint_voor_invoer = True
            volg(reis, hoofd, gang(reis, begin))
            _verwacht_in_wachtbak(hoofd, reis.leerling.ingevoerd)
        case Merk.PGN_IN_WACHTBAK:
            hoofd.altijd_nieuw_pgn = True
            bekend = reis.leerling.nieuw_pgn_vanaf[0]
            volg(reis, hoofd, gang(reis, max(bekend - reis.dagen(9, 40), reis.leerling.ingevoerd)))
            _verwacht_in_wachtbak(hoofd, bekend)
        case Merk.PGN_DOOR_KOPPELING:
            volg(reis, hoofd, gang(reis, min(t, reis.jaar.dag(4, 10))))
            regel = reis.toeval.choice(hoofd.regels[1:-1])
            regel.moeilijkheden = ("pgn_wijziging",)
            reis.leerling.nieuw_pgn_vanaf = (regel.op, regel.t)
        case Merk.OVERGENOMEN:
            _eerst_met_de_hand(reis, hoofd, min(t, reis.jaar.dag(3, 10)))
        case Merk.GEKOPPELD:
            _eerst_met_verkeerd_pgn(reis, hoofd, min(t, reis.jaar.dag(4, 1)))
        case _:
            return False
    return True


def _wissel_van_school(reis: Reis, t: int) -> None:
    leerling = reis.leerling
    nieuw = leerling.nieuwe_school
    if nieuw is None:
        return
    aangeboden = reis.decaan(t, "draag_over", naar=nieuw.brin)
    reis.noem("schoolwissel")
    aanvaard = reis.stap((nieuw.brin, "decaan"), aangeboden + reis.dagen(1, 8), "aanvaard_overdracht")
    reis.noem("schoolwissel")
    leerling.nieuwe_school_vanaf = aanvaard
    leerling.weg.append((aangeboden, aanvaard))


def _schrijf_uit_en_heropen(reis: Reis, t: int) -> None:
    school = reis.leerling.school.brin
    uit = reis.stap((school, "vo_beheerder"), t, "schrijf_uit", reden="foutief_opgevoerd")
    reis.noem("uitgeschreven_en_heropend")
    reden = "De school vergiste zich; de leerling doet gewoon examen."
    weer = reis.stap((REGIO, "regiebeheerder"), uit + reis.dagen(5, 20), "heropen_overstap", reden=reden)
    reis.noem("uitgeschreven_en_heropend")
    reis.rust(uit, weer + 1)


def _vervang_pgn(reis: Reis, t: int, *soorten: str) -> None:
    leerling = reis.leerling
    op = reis.stap((leerling.school.brin, "vo_beheerder"), t, "vervang_pgn", nieuwePgn=leerling.nieuw_pgn)
    leerling.nieuw_pgn_vanaf = (op, reis.noem(*soorten).t + 1)


def _verwacht_in_wachtbak(aanvraag: Aanvraag, bekend: int) -> None:
    for regel in aanvraag.regels:
        if regel.op < bekend:
            regel.verwacht = Verwacht.WACHTBAK
            regel.moeilijkheden = (*regel.moeilijkheden, "onbekend_pgn_later_bekend")


def _eerst_met_de_hand(reis: Reis, hoofd: Aanvraag, t: int) -> None:
    """Let the MBO's intaker enter the application, and its system take it over with a later status."""
    hoofd.ingang = Ingang.INTAKER
    op = reis.beweeg(hoofd, Beweging("aangemeld", t, "koppeling_neemt_over"))
    hoofd.ingang = Ingang.KOPPELING
    hoofd.levering = -1
    volg(reis, hoofd, gang(reis, op or t)[1:])


def _eerst_met_verkeerd_pgn(reis: Reis, hoofd: Aanvraag, t: int) -> None:
    """Let the first message carry somebody else's number, and the regiebeheerder say whose it is."""
    leerling = reis.leerling
    reis.beweeg(hoofd, Beweging("aangemeld", t))
    regel = reis.noem("verkeerd_pgn")
    regel.pgn, regel.verwacht = leerling.nieuw_pgn, Verwacht.WACHTBAK
    regie = (REGIO, "regiebeheerder")
    gekoppeld = reis.stap(regie, regel.op + reis.dagen(1, 6), "koppel_wachtbak", ketenId=hoofd.keten_id)
    reis.noem("verkeerd_pgn")
    hoofd.t = gekoppeld
    volg(reis, hoofd, gang(reis, gekoppeld + reis.dagen(1, 5))[1:])
