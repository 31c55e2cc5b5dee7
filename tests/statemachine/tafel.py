"""The tables of the procedure, written down a second time and by hand: the tests hold the charts against them."""

from datetime import date

import msgspec

from overstap.domain import verzoeken as v
from overstap.domain.feiten import Feit
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.rollen import Rol
from tests.statemachine.gegeven import ZEGEL

BIJ_RANG = "by the best rank"


class Rij(msgspec.Struct, frozen=True, kw_only=True):
    """One row: from which statuses, to which one, by whom, the request with valid content, and from which day on."""

    vanuit: tuple[str, ...]
    naar: str
    door: frozenset[Rol]
    verzoek: v.Verzoek
    feit: type[Feit]
    vanaf: date | None = None


TOT_WACHTLIJST = ("aangemeld", "intake_gepland", "nader_onderzoek", "intake_afgerond")
TOT_PLAATSING = (*TOT_WACHTLIJST, "wachtlijst")
TOT_START = (*TOT_PLAATSING, "voorlopig_geplaatst", "definitief_geplaatst")
ACTIEF = (*TOT_START, "gestart")
BEEINDIGD = ("afgewezen", "ingetrokken", "niet_verschenen", "onderbroken")
MBO_ZELF = frozenset({Rol.MBO_INTAKER})

MBO_START = date(2026, 8, 1)
AANMELDDATUM = date(2026, 4, 1)
VERVOLGKEUZE_VANAF = date(2026, 4, 1)
SLUIT_VANAF = date(2026, 10, 2)


def _zonder(statussen: tuple[str, ...], *weg: str) -> tuple[str, ...]:
    return tuple(status for status in statussen if status not in weg)


def _rij_1(
    verzoek: v.Aanmeldingsverzoek, vanuit: tuple[str, ...], naar: str, feit: type[Feit], vanaf: date | None = None
) -> Rij:
    return Rij(vanuit=vanuit, naar=naar, door=MBO_ZELF, verzoek=verzoek, feit=feit, vanaf=vanaf)


HETZELFDE = "the same"
KAART_1: dict[str, Rij] = {
    "wijzig_aanmelding": _rij_1(v.WijzigAanmelding(crebo="25648"), ACTIEF, HETZELFDE, a.AanmeldingGewijzigd),
    "plan_intake": _rij_1(v.PlanIntake(), _zonder(TOT_PLAATSING, "intake_gepland"), "intake_gepland", a.IntakeGepland),
    "start_onderzoek": _rij_1(
        v.StartOnderzoek(), _zonder(TOT_PLAATSING, "nader_onderzoek"), "nader_onderzoek", a.OnderzoekGestart
    ),
    "rond_intake_af": _rij_1(
        v.RondIntakeAf(), _zonder(TOT_PLAATSING, "intake_afgerond"), "intake_afgerond", a.IntakeAfgerond
    ),
    "plaats_op_wachtlijst": _rij_1(
        v.PlaatsOpWachtlijst(), TOT_WACHTLIJST, "wachtlijst", a.OpWachtlijstGeplaatst, AANMELDDATUM
    ),
    "plaats_voorlopig": _rij_1(
        v.PlaatsVoorlopig(), (*TOT_PLAATSING, "definitief_geplaatst"), "voorlopig_geplaatst", a.VoorlopigGeplaatst
    ),
    "plaats_definitief": _rij_1(
        v.PlaatsDefinitief(), (*TOT_PLAATSING, "voorlopig_geplaatst"), "definitief_geplaatst", a.DefinitiefGeplaatst
    ),
    "bevestig_start": _rij_1(v.BevestigStart(), ("definitief_geplaatst",), "gestart", a.StartBevestigd, MBO_START),
    "wijs_af": _rij_1(v.WijsAf(grond="capaciteit"), TOT_START, "afgewezen", a.AanmeldingAfgewezen),
    "trek_in": _rij_1(v.TrekIn(), TOT_START, "ingetrokken", a.AanmeldingIngetrokken),
    "meld_niet_verschenen": _rij_1(
        v.MeldNietVerschenen(),
        ("voorlopig_geplaatst", "definitief_geplaatst"),
        "niet_verschenen",
        a.NietVerschenenGemeld,
        MBO_START,
    ),
    "onderbreek": _rij_1(v.Onderbreek(reden="verhuizing"), ("gestart",), "onderbroken", a.OpleidingOnderbroken),
    "heropen naar aangemeld": _rij_1(v.Heropen(naar="aangemeld"), BEEINDIGD, "aangemeld", a.AanmeldingHeropend),
    "heropen naar voorlopig_geplaatst": _rij_1(
        v.Heropen(naar="voorlopig_geplaatst"), BEEINDIGD, "voorlopig_geplaatst", a.AanmeldingHeropend
    ),
}
"""Chart 1, without meld_aan (it begins before there is an aanmelding) and herzie_aanmelding (a correction)."""

VOLGT = ("nog_niet_aangemeld", "aangemeld", "intake", "geplaatst", "gestart", "leerplicht_afgehandeld")
BIJ_DE_SCHOOL = _zonder(VOLGT, "gestart")
SCHOOL = frozenset({Rol.DECAAN, Rol.VO_BEHEERDER})
DECAAN = frozenset({Rol.DECAAN})
REGIE = frozenset({Rol.REGIEBEHEERDER})

KAART_2: dict[str, Rij] = {
    "kies_vervolg_vo": Rij(
        vanuit=BIJ_DE_SCHOOL,
        naar="vervolgkeuze_vo",
        door=DECAAN,
        verzoek=v.KiesVervolgVo(reden="havo"),
        feit=o.VervolgkeuzeVoGekozen,
        vanaf=VERVOLGKEUZE_VANAF,
    ),
    "trek_vervolgkeuze_in": Rij(
        vanuit=("vervolgkeuze_vo",),
        naar=BIJ_RANG,
        door=DECAAN,
        verzoek=v.TrekVervolgkeuzeIn(),
        feit=o.VervolgkeuzeVoIngetrokken,
    ),
    "schakel_leerplicht_in": Rij(
        vanuit=(*BIJ_DE_SCHOOL, "vervolgkeuze_vo"),
        naar="leerplicht_ingeschakeld",
        door=DECAAN,
        verzoek=v.SchakelLeerplichtIn(overleg=v.Overleg(contact=ZEGEL, overleg_datum=date(2026, 9, 2))),
        feit=o.LeerplichtIngeschakeld,
    ),
    "handel_leerplicht_af": Rij(
        vanuit=("leerplicht_ingeschakeld",),
        naar="leerplicht_afgehandeld",
        door=frozenset({Rol.LEERPLICHTAMBTENAAR}),
        verzoek=v.HandelLeerplichtAf(uitkomst="terug_naar_vo", reden=ZEGEL),
        feit=o.LeerplichtAfgehandeld,
    ),
    "hervat": Rij(
        vanuit=("leerplicht_afgehandeld",), naar=BIJ_RANG, door=DECAAN, verzoek=v.Hervat(), feit=o.OverstapHervat
    ),
    "sluit_af": Rij(
        vanuit=("gestart", "vervolgkeuze_vo"),
        naar="afgerond",
        door=frozenset({Rol.SYSTEEM}),
        verzoek=v.SluitAf(),
        feit=o.OverstapAfgesloten,
        vanaf=SLUIT_VANAF,
    ),
    "sluit_af_met_reden": Rij(
        vanuit=BIJ_DE_SCHOOL,
        naar="afgerond",
        door=REGIE,
        verzoek=v.SluitAfMetReden(reden="uit_beeld"),
        feit=o.OverstapAfgesloten,
        vanaf=SLUIT_VANAF,
    ),
    "schrijf_uit": Rij(
        vanuit=(*VOLGT, "vervolgkeuze_vo"),
        naar="uitgeschreven",
        door=SCHOOL | REGIE,
        verzoek=v.SchrijfUit(reden="verhuisd", nieuwe_gemeente="0599"),
        feit=o.LeerlingUitgeschreven,
    ),
    "schrijf_uit bij Leerplicht": Rij(
        vanuit=("leerplicht_ingeschakeld",),
        naar="uitgeschreven",
        door=REGIE,
        verzoek=v.SchrijfUit(reden="overig"),
        feit=o.LeerlingUitgeschreven,
    ),
    "heropen_overstap": Rij(
        vanuit=("afgerond", "uitgeschreven"),
        naar=BIJ_RANG,
        door=REGIE,
        verzoek=v.HeropenOverstap(reden=ZEGEL),
        feit=o.OverstapHeropend,
    ),
}
"""Chart 2, without volg_aanmelding (internal) and herzie (a correction)."""

BIJ_RANG_STATUSSEN = ("nog_niet_aangemeld", "aangemeld", "intake", "geplaatst", "gestart")

ZIET_ALTIJD = frozenset({Rol.REGIEBEHEERDER, Rol.AUDITOR, Rol.SYSTEEM})
ZIET_VAN_SCHOOL = frozenset({Rol.MENTOR, Rol.DECAAN, Rol.VO_BEHEERDER, Rol.SAMENWERKINGSVERBAND})
ZIET_BIJ_AANMELDING = frozenset({Rol.MBO_INTAKER, Rol.KOPPELING})


def mag_zien(rol: Rol, status: str, *, heeft_aanmelding: bool) -> bool:
    """Tell, by the table of roles, whether a pupil exists for this role at the organisation that has to do with him."""
    if rol is Rol.LEERPLICHTAMBTENAAR:
        return status in {"leerplicht_ingeschakeld", "leerplicht_afgehandeld"}
    if rol in ZIET_BIJ_AANMELDING:
        return heeft_aanmelding
    return rol in ZIET_ALTIJD | ZIET_VAN_SCHOOL


def stap_van(rij: str) -> str:
    """Give the name of the step of a row that this table splits in two."""
    return rij.split(" ", maxsplit=1)[0]


def vanuit_stap(kaart: dict[str, Rij], stap: str) -> frozenset[str]:
    """Give every status from which a step has a row."""
    return frozenset(status for naam, rij in kaart.items() if stap_van(naam) == stap for status in rij.vanuit)
