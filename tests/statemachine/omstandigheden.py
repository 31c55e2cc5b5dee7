"""Circumstances and requests drawn at random: good ones and bad ones, early and late, by anybody."""

from collections.abc import Iterable
from datetime import date, datetime

from hypothesis import strategies as st

from overstap.domain import verzoeken as v
from overstap.domain.feiten import Verzegeld
from overstap.domain.identificaties import SoortPgn
from overstap.domain.redenen import Grond, RedenAfsluiting, RedenUitschrijving, RedenVervolgkeuze, Uitkomst
from overstap.domain.rollen import Actor
from overstap.domain.statussen import AanmeldingStatus, OverstapStatus
from overstap.statemachine.beletselen import Beletselen
from tests.statemachine.berichten import CODES, zegt
from tests.statemachine.gegeven import ZEGEL
from tests.statemachine.spelers import (
    ANDER_MBO,
    ANDERE_SCHOOL,
    BUITEN_DE_REGIO,
    ELDERS,
    MBO,
    MBO_ZONDER_ACCOUNTS,
    REGELS,
    SCHOOL,
    SPELERS,
    op,
)
from tests.statemachine.standen import CREBO, STATUSSEN_2, overstap_in

MOMENTEN: list[datetime] = [
    op(f"{dag}T{tijd}+02:00")
    for dag in ("2026-03-31", "2026-04-01", "2026-07-31", "2026-08-01", "2026-10-01", "2026-10-02")
    for tijd in ("00:00", "23:59:59.999999")
]
"""The edges of the calendar."""

_ZEGELS = st.sampled_from([ZEGEL, Verzegeld("")])
_DAGEN = st.sampled_from([date(2026, 3, 1), date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 2), date(2027, 1, 1)])
_OVERLEG = st.none() | st.builds(v.Overleg, contact=_ZEGELS, overleg_datum=_DAGEN)
_VERWIJZINGEN = st.none() | st.builds(
    v.AanmeldingVerwijzing, nummer=st.none() | st.integers(1, 3), brin=st.none() | st.sampled_from([MBO, ANDER_MBO])
)


def _keuze(*lijsten: Iterable[str]) -> st.SearchStrategy[str]:
    """Draw from lists of words, and words that stand on none."""
    woorden = [str(woord) for lijst in lijsten for woord in lijst]
    return st.sampled_from([*woorden, "", "geen_zin"])


_KALE_STAPPEN: list[type[v.OverAanmelding]] = [
    v.PlanIntake,
    v.StartOnderzoek,
    v.RondIntakeAf,
    v.PlaatsOpWachtlijst,
    v.PlaatsVoorlopig,
    v.PlaatsDefinitief,
    v.BevestigStart,
    v.TrekIn,
    v.MeldNietVerschenen,
]
AANMELDINGSVERZOEKEN: st.SearchStrategy[v.Verzoek] = st.one_of(
    *(st.builds(soort, aanmelding=_VERWIJZINGEN) for soort in _KALE_STAPPEN),
    st.builds(v.WijsAf, aanmelding=_VERWIJZINGEN, grond=_keuze(Grond)),
    st.builds(v.Onderbreek, aanmelding=_VERWIJZINGEN, reden=_keuze(["verhuizing"])),
    st.builds(v.Heropen, aanmelding=_VERWIJZINGEN, naar=_keuze(AanmeldingStatus)),
    st.builds(v.WijzigAanmelding, aanmelding=_VERWIJZINGEN, crebo=st.sampled_from([None, CREBO, "25648", "x"])),
)
OVERSTAPVERZOEKEN: st.SearchStrategy[v.Verzoek] = st.one_of(
    st.builds(v.KiesVervolgVo, reden=_keuze(RedenVervolgkeuze), brin=st.sampled_from([None, BUITEN_DE_REGIO, "98"])),
    st.just(v.TrekVervolgkeuzeIn()),
    st.builds(v.SchakelLeerplichtIn, overleg=_OVERLEG),
    st.builds(v.HandelLeerplichtAf, uitkomst=_keuze(Uitkomst), reden=st.none() | _ZEGELS),
    st.just(v.Hervat()),
    st.just(v.SluitAf()),
    st.builds(v.SluitAfMetReden, reden=_keuze(RedenAfsluiting)),
    st.builds(v.SchrijfUit, reden=_keuze(RedenUitschrijving), nieuwe_gemeente=st.sampled_from([None, "0599", "X"])),
    st.builds(v.HeropenOverstap, reden=_ZEGELS),
)
BERICHTEN: st.SearchStrategy[v.Verzoek] = st.builds(
    zegt,
    st.sampled_from([*CODES, "ZZ"]),
    st.integers(1, 12),
    keten_id=st.sampled_from([f"{MBO}:90001119", f"{MBO}:90001120", f"{ANDER_MBO}:90001121"]),
    brin=st.sampled_from([MBO, MBO, ANDER_MBO]),
    crebo=st.sampled_from([CREBO, CREBO, "25648"]),
)
HERZIENINGEN: st.SearchStrategy[v.Verzoek] = st.builds(v.Herzie, gebeurtenis=st.integers(0, 30), reden=_ZEGELS)
ANDERE_VERZOEKEN: st.SearchStrategy[v.Verzoek] = st.one_of(
    st.builds(v.MeldAan, brin=st.sampled_from([MBO, ANDER_MBO, MBO_ZONDER_ACCOUNTS, "x"]), crebo=st.just(CREBO)),
    st.builds(v.LegOverlegVast, contact=_ZEGELS, overleg_datum=_DAGEN),
    st.builds(v.PlaatsBericht, aan=st.sampled_from([SCHOOL, MBO, "0363", ""]), tekst=_ZEGELS),
    st.builds(v.WijzigPersoonsgegevens, gemeente=st.sampled_from([None, "0363", "0394", "x"])),
    st.builds(v.VervangPgn, soort=st.sampled_from(SoortPgn), pgn=_ZEGELS),
    st.builds(v.DraagOver, naar=st.sampled_from([SCHOOL, ANDERE_SCHOOL, MBO, ""])),
    st.just(v.AanvaardOverdracht()),
    st.builds(v.LegWarmeOverdrachtVast, datum=_DAGEN),
)
VERZOEKEN = st.one_of(AANMELDINGSVERZOEKEN, OVERSTAPVERZOEKEN, BERICHTEN, HERZIENINGEN, ANDERE_VERZOEKEN)
ACTOREN: st.SearchStrategy[Actor] = st.sampled_from([*SPELERS.values(), *ELDERS.values()])

_OVERSTAPPEN = [overstap_in(status).overstap for status in STATUSSEN_2]
BELETSELEN: st.SearchStrategy[Beletselen] = st.builds(
    Beletselen,
    regels=st.just(REGELS),
    actor=st.sampled_from(list(SPELERS.values())),
    gebeurd_op=st.sampled_from(MOMENTEN),
    overstap=st.sampled_from(_OVERSTAPPEN),
    verzoek=st.none() | AANMELDINGSVERZOEKEN | OVERSTAPVERZOEKEN,
    herzien_naar=st.none() | st.sampled_from([*AanmeldingStatus, *OverstapStatus]),
    rang=st.sampled_from([None, 0, 10, 20, 25, 30, 35, 40, 50, 60]),
)
