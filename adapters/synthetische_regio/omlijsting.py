"""Makes up what schools and MBO's tell each other about a pupil who goes over: handover, file, messages."""

from overstap.adapters.synthetische_regio.plan import Aanvraag
from overstap.adapters.synthetische_regio.reis import HIERVAN_DE_DAG, Reis
from overstap.adapters.synthetische_regio.verdeling import Eindstand, Merk

# For a while nobody may do anything about them, or the MBO does not see them.
_EVEN_ONBEKEND = frozenset({Merk.HEROPEND, Merk.PGN_IN_WACHTBAK, Merk.GEKOPPELD})
_DOOR_HET_MBO = 0.1
_DOOR_DE_MENTOR = 0.55
_WARME_OVERDRACHT = 0.30
_DDD = 0.12
_BERICHT = 0.05
_BERICHT_VAN_MBO = 0.03
_VAN_DE_SCHOOL = (
    "Kunt u ons laten weten wanneer de intake is? Wij willen graag meedenken over een goede start.",
    "Graag contact over de plaatsing; wij zijn tot de zomervakantie bereikbaar.",
    "De leerling heeft zijn keuze met ons besproken en staat er nog achter.",
)
_VAN_HET_MBO = (
    "De intake is goed verlopen; wij missen nog het advies van de school.",
    "Wij kregen geen reactie op de uitnodiging. Kunt u de leerling eraan herinneren?",
)


def omlijst(reis: Reis) -> None:
    """Write down what is said about a pupil who goes over, in the months between placement and summer."""
    lot = reis.leerling.lot
    if lot.eindstand is not Eindstand.GESTART or lot.merk in _EVEN_ONBEKEND:
        return
    hoofd = reis.leerling.aanvragen[0]
    if reis.kans(_WARME_OVERDRACHT):
        _leg_vast(reis, hoofd, "leg_warme_overdracht_vast")
    if reis.kans(_DDD):
        _leg_vast(reis, hoofd, "leg_ddd_status_vast")
    leesbaar = hoofd.mbo is not None and hoofd.mbo.accounts
    if leesbaar and reis.kans(_BERICHT):
        t = max(_bekend(hoofd), reis.tussen((4, 8), (7, 3)))
        tekst = reis.toeval.choice(_VAN_DE_SCHOOL)
        _door_de_school(reis, t, "plaats_bericht", aan=hoofd.brin, tekst=tekst)
    if leesbaar and reis.kans(_BERICHT_VAN_MBO) and lot.merk is not Merk.SCHOOLWISSEL:
        t = max(_bekend(hoofd), reis.tussen((4, 8), (6, 20)))
        tekst = reis.toeval.choice(_VAN_HET_MBO)
        reis.stap((hoofd.brin, "mbo_intaker"), t, "plaats_bericht", aan=reis.leerling.school.brin, tekst=tekst)


def _leg_vast(reis: Reis, hoofd: Aanvraag, verzoek: str) -> None:
    t = max(_bekend(hoofd), reis.tussen((5, 20), (7, 8)))
    mbo = hoofd.mbo
    if mbo is not None and mbo.accounts and reis.kans(_DOOR_HET_MBO):
        reis.stap((mbo.brin, "mbo_intaker"), t, verzoek, datum=HIERVAN_DE_DAG)
    else:
        _door_de_school(reis, t, verzoek, datum=HIERVAN_DE_DAG)


def _door_de_school(reis: Reis, t: int, verzoek: str, **velden: str) -> None:
    leerling = reis.leerling
    if leerling.nieuwe_school is None and reis.kans(_DOOR_DE_MENTOR):
        reis.stap((leerling.school.brin, "mentor"), t, verzoek, **velden)
    else:
        reis.decaan(t, verzoek, **velden)


def _bekend(aanvraag: Aanvraag) -> int:
    """Give from when on the region knows of an application."""
    return min((regel.op for regel in aanvraag.regels), default=0)
