"""Random histories of pupils, legal enough to exist: any order of facts, moments that tie and run back, corrections."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from overstap.domain.feiten import Feit, Verzegeld
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.feiten import wachtbak as w
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.identificaties import SoortPgn
from overstap.domain.redenen import (
    Grond,
    Leerweg,
    RedenAfsluiting,
    RedenUitschrijving,
    RedenVervolgkeuze,
    Uitkomst,
)
from overstap.domain.rollen import Rol
from overstap.domain.statussen import AanmeldingStatus, OverstapStatus

BEGIN = datetime(2025, 10, 1, 8, tzinfo=UTC)
SCHOLEN = ("99AA", "99BB")
MBOS = ("99XX", "99YY", "99ZZ")
_ZEGEL = Verzegeld("AAAA")
_STATUSFEITEN: tuple[Callable[[int], Feit], ...] = (
    lambda n: a.IntakeGepland(nummer=n),
    lambda n: a.OnderzoekGestart(nummer=n),
    lambda n: a.IntakeAfgerond(nummer=n),
    lambda n: a.OpWachtlijstGeplaatst(nummer=n),
    lambda n: a.VoorlopigGeplaatst(nummer=n),
    lambda n: a.DefinitiefGeplaatst(nummer=n),
    lambda n: a.StartBevestigd(nummer=n),
    lambda n: a.AanmeldingAfgewezen(nummer=n, grond=Grond.CAPACITEIT),
    lambda n: a.AanmeldingIngetrokken(nummer=n),
    lambda n: a.NietVerschenenGemeld(nummer=n),
    lambda n: a.OpleidingOnderbroken(nummer=n, reden="verhuizing"),
    lambda n: a.AanmeldingHeropend(nummer=n, naar=AanmeldingStatus.VOORLOPIG_GEPLAATST),
    lambda n: a.AanmeldingHeropend(nummer=n, naar=AanmeldingStatus.AANGEMELD),
    lambda n: a.AanmeldingGewijzigd(nummer=n, crebo="25655", leertraject="BBL"),
    lambda n: a.AanmeldingOvergenomen(nummer=n, keten_id=f"99XX:{n:08}"),
    lambda n: a.KoppelberichtVastgelegd(nummer=n, bericht=bericht(n)),
    lambda n: a.KoppelberichtNietToegepast(nummer=n, bericht=bericht(n), reden="verouderd"),
)
_BESLUITEN: tuple[tuple[Feit, OverstapStatus, str], ...] = (
    *(
        (o.VervolgkeuzeVoGekozen(reden=reden), OverstapStatus.VERVOLGKEUZE_VO, "kies_vervolg_vo")
        for reden in (RedenVervolgkeuze.HAVO, RedenVervolgkeuze.MBO_BUITEN_REGIO, RedenVervolgkeuze.WERK)
    ),
    (o.VervolgkeuzeVoIngetrokken(), OverstapStatus.AANGEMELD, "trek_vervolgkeuze_in"),
    (o.LeerplichtIngeschakeld(), OverstapStatus.LEERPLICHT_INGESCHAKELD, "schakel_leerplicht_in"),
    (
        o.LeerplichtAfgehandeld(uitkomst=Uitkomst.TERUG_NAAR_VO, gemeente="0363"),
        OverstapStatus.LEERPLICHT_AFGEHANDELD,
        "handel_leerplicht_af",
    ),
    (o.OverstapHervat(), OverstapStatus.INTAKE, "hervat"),
    (o.OverstapAfgesloten(), OverstapStatus.AFGEROND, "sluit_af"),
    (o.OverstapAfgesloten(reden=RedenAfsluiting.UIT_BEELD), OverstapStatus.AFGEROND, "sluit_af_met_reden"),
    (
        o.LeerlingUitgeschreven(reden=RedenUitschrijving.VERHUISD, nieuwe_gemeente="0599"),
        OverstapStatus.UITGESCHREVEN,
        "schrijf_uit",
    ),
    (o.OverstapHeropend(reden=_ZEGEL), OverstapStatus.NOG_NIET_AANGEMELD, "heropen_overstap"),
)
_ANDERE: tuple[Feit, ...] = (
    o.PersoonsgegevensGewijzigd(persoon={"achternaam": Verzegeld("BBBB")}, klas="4B", gemeente="0394"),
    o.PersoonsgegevensGewijzigd(kwalificatieplicht_gewijzigd=True, leerweg=Leerweg.KB),
    o.PgnVervangen(van_soort=SoortPgn.ONDERWIJSNUMMER, naar_soort=SoortPgn.BSN, pgn=Verzegeld("CCCC")),
    o.OverlegVastgelegd(overleg_datum="2026-05-01", contact=_ZEGEL),
    o.BerichtGeplaatst(aan="99XX", tekst=_ZEGEL),
    o.WarmeOverdrachtVastgelegd(datum="2026-06-02"),
    o.DddStatusVastgelegd(datum="2026-06-03"),
    o.OverdrachtAangeboden(naar="99BB"),
    o.LeerlingOvergedragen(van="99AA", naar="99BB", klas="4C"),
    o.SignaalGegeven(signaal="tegenstrijdig", voor="decaan"),
    o.SignaalGegeven(signaal="kalender", voor="mbo_intaker"),
)
HERZIENBAAR = (a.AanmeldingFeit, *{type(feit) for feit, _, _ in _BESLUITEN}, o.OverlegVastgelegd)


def bericht(nummer: int) -> a.Koppelbericht:
    return a.Koppelbericht(
        keten_id=f"99XX:{nummer:08}", volgnummer=nummer, code="AO", laatste_wijziging="2026-01-12T09:30:00Z"
    )


def opvoer(overstapjaar: int = 2026, school: str = "99AA", leerweg: Leerweg = Leerweg.BB) -> o.OverstapOpgevoerd:
    return o.OverstapOpgevoerd(
        leerling=UUID(int=1),
        overstapjaar=overstapjaar,
        school=school,
        vestiging="00",
        klas="4A",
        leerweg=leerweg,
        gemeente="0363",
        soort_pgn=SoortPgn.BSN,
        kwalificatieplicht_tot="2028-03",
        persoon={"achternaam": Verzegeld("AAAA"), "pgn": Verzegeld("DDDD")},
    )


def wachtbakbericht(volgnummer: int) -> w.WachtbakBerichtOntvangen:
    return w.WachtbakBerichtOntvangen(
        brin="99XX", keten_id="99XX:90001119", volgnummer=volgnummer, overstapjaar=2026, bericht=_ZEGEL
    )


@dataclass
class Boek:
    """A log in the making: what one request recorded goes in together, at one moment."""

    gebeurtenissen: list[Gebeurtenis] = field(default_factory=list)
    versies: dict[UUID, int] = field(default_factory=dict)

    def voeg_toe(
        self, stroom: UUID, feiten: Sequence[Feit], gebeurd_op: datetime, vastgelegd_op: datetime, regio: str = "21"
    ) -> None:
        for feit in feiten:
            versie = self.versies[stroom] = self.versies.get(stroom, 0) + 1
            self.gebeurtenissen.append(
                Gebeurtenis(
                    originator_id=stroom,
                    originator_version=versie,
                    feit=feit,
                    regio=regio,
                    gebeurd_op=gebeurd_op,
                    vastgelegd_op=vastgelegd_op,
                    positie=len(self.gebeurtenissen) + 1,
                    actor="account-1",
                    rol=Rol.DECAAN,
                    organisatie="99AA",
                )
            )

    def van(self, stroom: UUID) -> list[Gebeurtenis]:
        return [g for g in self.gebeurtenissen if g.originator_id == stroom]


@st.composite
def logboeken(draw: st.DrawFn, stromen: int = 3, verzoeken: int = 25) -> Boek:
    """Draw a log of a few pupils whose requests interleave, with a wachtbak item between them."""
    boek, nu = Boek(), BEGIN
    standen: dict[UUID, _Leerling] = {}
    for _ in range(draw(st.integers(1, verzoeken))):
        nu += draw(st.sampled_from((timedelta(), timedelta(hours=1), timedelta(days=1))))
        gebeurd_op = nu - draw(st.sampled_from((timedelta(), timedelta(), timedelta(hours=1), timedelta(days=2))))
        stroom = UUID(int=draw(st.integers(1, stromen)))
        if draw(st.integers(0, 9)) == 0:
            item = UUID(int=100 + draw(st.integers(0, 1)))
            boek.voeg_toe(item, [wachtbakbericht(boek.versies.get(item, 0) + 1)], gebeurd_op, nu)
        leerling = standen.setdefault(stroom, _Leerling())
        boek.voeg_toe(stroom, leerling.verzoek(draw, boek.van(stroom)), gebeurd_op, nu)
    return boek


@dataclass
class _Leerling:
    """What the next request of a pupil must agree with."""

    aanmeldingen: int = 0
    status: OverstapStatus = OverstapStatus.NOG_NIET_AANGEMELD
    herzien: set[int] = field(default_factory=set)

    def verzoek(self, draw: st.DrawFn, eerder: Sequence[Gebeurtenis]) -> list[Feit]:
        versie = len(eerder)
        if versie == 0:
            return [opvoer(school=draw(st.sampled_from(SCHOLEN)))]
        soort = draw(st.sampled_from(("meld_aan", "stap", "stap", "stap", "volg", "besluit", "ander", "herzie")))
        if soort == "meld_aan":
            self.aanmeldingen += 1
            return [a.AanmeldingOntvangen(nummer=self.aanmeldingen, brin=draw(st.sampled_from(MBOS)), crebo="25647")]
        if soort in {"stap", "volg"} and self.aanmeldingen:
            nummer = draw(st.integers(1, self.aanmeldingen))
            maker = draw(st.lists(st.sampled_from(_STATUSFEITEN), min_size=1, max_size=2))
            feiten = [maak(nummer) for maak in maker]
            volgt = [self._naar(draw(st.sampled_from(OverstapStatus)), versie + 1, "volg_aanmelding")]
            return [*feiten, *volgt] if soort == "volg" else feiten
        if soort == "besluit":
            besluit, naar, stap = draw(st.sampled_from(_BESLUITEN))
            return [besluit, self._naar(naar, versie + 1, stap)]
        mogelijk = [
            g.originator_version
            for g in eerder
            if isinstance(g.feit, HERZIENBAAR) and g.originator_version not in self.herzien
        ]
        if soort == "herzie" and mogelijk:
            weg = draw(st.sampled_from(mogelijk))
            self.herzien.add(weg)
            herziening = o.GebeurtenisHerzien(gebeurtenis=weg, reden=_ZEGEL)
            if draw(st.booleans()):
                return [herziening]
            return [herziening, self._naar(draw(st.sampled_from(OverstapStatus)), versie + 1, "herzie")]
        return [draw(st.sampled_from(_ANDERE))]

    def _naar(self, naar: OverstapStatus, oorzaak: int, stap: str) -> o.StatusGewijzigd:
        van, self.status = self.status, naar
        return o.StatusGewijzigd(van=van, naar=naar, oorzaak=oorzaak, stap=stap)
