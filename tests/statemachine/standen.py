"""How a pupil, or an aanmelding, comes to stand where a row of the procedure begins."""

from overstap.domain.feiten import Feit
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.redenen import Grond, RedenUitschrijving, RedenVervolgkeuze, Uitkomst
from overstap.domain.statussen import AanmeldingStatus, OverstapStatus
from tests.statemachine.gegeven import ZEGEL, Gegeven, given
from tests.statemachine.spelers import GEMEENTE, MBO

CREBO = "25647"
KETEN_ID = f"{MBO}:90001119"

NAAR_STATUS: dict[str, tuple[a.FeitVanAanmelding, ...]] = {
    "aangemeld": (),
    "intake_gepland": (a.IntakeGepland(nummer=1),),
    "nader_onderzoek": (a.OnderzoekGestart(nummer=1),),
    "intake_afgerond": (a.IntakeAfgerond(nummer=1),),
    "wachtlijst": (a.OpWachtlijstGeplaatst(nummer=1),),
    "voorlopig_geplaatst": (a.VoorlopigGeplaatst(nummer=1),),
    "definitief_geplaatst": (a.DefinitiefGeplaatst(nummer=1),),
    "gestart": (a.DefinitiefGeplaatst(nummer=1), a.StartBevestigd(nummer=1)),
    "afgewezen": (a.AanmeldingAfgewezen(nummer=1, grond=Grond.CAPACITEIT),),
    "ingetrokken": (a.AanmeldingIngetrokken(nummer=1),),
    "niet_verschenen": (a.DefinitiefGeplaatst(nummer=1), a.NietVerschenenGemeld(nummer=1)),
    "onderbroken": (
        a.DefinitiefGeplaatst(nummer=1),
        a.StartBevestigd(nummer=1),
        a.OpleidingOnderbroken(nummer=1, reden="verhuizing"),
    ),
}
"""What happened to the only aanmelding since it was received."""

BIJ_STATUS: dict[str, str] = {
    "aangemeld": "aangemeld",
    **dict.fromkeys(("intake_gepland", "nader_onderzoek", "intake_afgerond", "wachtlijst"), "intake"),
    **dict.fromkeys(("voorlopig_geplaatst", "definitief_geplaatst"), "geplaatst"),
    "gestart": "gestart",
    **dict.fromkeys(("afgewezen", "ingetrokken", "niet_verschenen", "onderbroken"), "nog_niet_aangemeld"),
}
"""Where the pupil stands who has one aanmelding with that status: by best rank."""


def ontvangen(brin: str = MBO, keten_id: str | None = KETEN_ID, nummer: int = 1) -> a.AanmeldingOntvangen:
    """Give the receipt of an aanmelding: by koppeling, as its first message, or (without keten_id) by hand."""
    bericht = None
    if keten_id is not None:
        bericht = a.Koppelbericht(keten_id=keten_id, volgnummer=1, code="AO", laatste_wijziging="2026-01-12T09:30:00Z")
    return a.AanmeldingOntvangen(nummer=nummer, bericht=bericht, brin=brin, crebo=CREBO, keten_id=keten_id)


def gewijzigd(van: str, naar: str, oorzaak: int, stap: str = "volg_aanmelding") -> o.StatusGewijzigd:
    """Give a change of the pupil's status."""
    return o.StatusGewijzigd(van=OverstapStatus(van), naar=OverstapStatus(naar), oorzaak=oorzaak, stap=stap)


def aanmelding_in(status: str, brin: str = MBO, keten_id: str | None = KETEN_ID) -> Gegeven:
    """Give a pupil with one aanmelding that has this status, whose own status followed it."""
    stappen = (ontvangen(brin, keten_id), *NAAR_STATUS[status])
    volgt = gewijzigd("nog_niet_aangemeld", BIJ_STATUS[status], 1 + len(stappen))
    return given(*stappen, *((volgt,) if volgt.van is not volgt.naar else ()))


def overstap_in(status: str) -> Gegeven:
    """Give a pupil who came to stand here as pupils do."""
    if status == "nog_niet_aangemeld":
        return given()
    if status in set(BIJ_STATUS.values()):
        return aanmelding_in(next(rij for rij, bij in BIJ_STATUS.items() if bij == status))
    return given(*_BESLIST[status])


_INGESCHAKELD: tuple[Feit, ...] = (
    o.OverlegVastgelegd(overleg_datum="2026-05-12", contact=ZEGEL),
    o.LeerplichtIngeschakeld(overleg=2, overleg_datum="2026-05-12"),
    gewijzigd("nog_niet_aangemeld", "leerplicht_ingeschakeld", 3, "schakel_leerplicht_in"),
)
_VERVOLGKEUZE: tuple[Feit, ...] = (
    o.VervolgkeuzeVoGekozen(reden=RedenVervolgkeuze.HAVO),
    gewijzigd("nog_niet_aangemeld", "vervolgkeuze_vo", 2, "kies_vervolg_vo"),
)
_BESLIST: dict[str, tuple[Feit, ...]] = {
    "vervolgkeuze_vo": _VERVOLGKEUZE,
    "leerplicht_ingeschakeld": _INGESCHAKELD,
    "leerplicht_afgehandeld": (
        *_INGESCHAKELD,
        o.LeerplichtAfgehandeld(uitkomst=Uitkomst.TERUG_NAAR_VO, gemeente=GEMEENTE),
        gewijzigd("leerplicht_ingeschakeld", "leerplicht_afgehandeld", 5, "handel_leerplicht_af"),
    ),
    "afgerond": (
        *_VERVOLGKEUZE,
        o.OverstapAfgesloten(),
        gewijzigd("vervolgkeuze_vo", "afgerond", 4, "sluit_af"),
    ),
    "uitgeschreven": (
        o.LeerlingUitgeschreven(reden=RedenUitschrijving.OVERLEDEN),
        gewijzigd("nog_niet_aangemeld", "uitgeschreven", 2, "schrijf_uit"),
    ),
}

STATUSSEN_1 = tuple(str(status) for status in AanmeldingStatus)
STATUSSEN_2 = tuple(str(status) for status in OverstapStatus)
