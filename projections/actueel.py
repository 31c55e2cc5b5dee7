"""Where does each pupil stand now? One row per overstap: what an event does to it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import assert_never
from uuid import UUID

import msgspec

from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.gebeurtenis import Voorval
from overstap.domain.identificaties import BRIN_ZONDER_VESTIGING, SoortPgn
from overstap.domain.kalender import MAANDEN_NA_AFHANDELING, datum_in_amsterdam, maanden_later
from overstap.domain.redenen import Leerweg, RedenAfsluiting, RedenUitschrijving, RedenVervolgkeuze, Uitkomst
from overstap.domain.statussen import RANG, RANG_GEPLAATST, VOLGT_AANMELDINGEN, AanmeldingStatus, OverstapStatus
from overstap.projections.projectie import ONEINDIGE_DAG, geldt_vanaf, vastgelegd_op

_BERICHT = (a.KoppelberichtVastgelegd, a.KoppelberichtNietToegepast)
_NIET_VERSCHENEN = AanmeldingStatus.NIET_VERSCHENEN
_STATUS_NA: dict[type, AanmeldingStatus] = {**a.STATUS_NA}
TEGENSTRIJDIG = "tegenstrijdig"
"""The signal that a person's decision and the aanmeldingen disagree."""


class Aanmeldingsregel(msgspec.Struct, kw_only=True, omit_defaults=True, rename="camel", gc=False):
    """One aanmelding of the pupil; is_herzien: its receipt was corrected away, and it counts for nothing."""

    nummer: int
    brin: str
    crebo: str
    status: AanmeldingStatus
    sinds: datetime
    keten_id: str | None = None
    startdatum: str | None = None
    leertraject: str | None = None
    is_herzien: bool = False


class Actueel(msgspec.Struct, gc=False):
    """The row of one overstap, field for column; what each column says stands in actueel.sql."""

    overstap: UUID
    regio: str
    overstapjaar: int
    leerling: UUID
    versie: int
    school: str
    vestiging: str
    klas: str
    leerweg: Leerweg
    gemeente: str
    soort_pgn: SoortPgn
    kwalificatieplicht_tot: str | None
    opgevoerd_op: datetime
    status: OverstapStatus
    sinds: datetime
    bekend_op: datetime
    laatste_op: datetime
    aanmeldingen: list[Aanmeldingsregel] = []
    mbos: tuple[str, ...] = ()
    aantal_aanmeldingen: int = 0
    aantal_actief: int = 0
    beste_nummer: int | None = None
    beste_brin: str | None = None
    beste_crebo: str | None = None
    beste_status: AanmeldingStatus | None = None
    beste_rang: int = 0
    beste_sinds: datetime | None = None
    hoogste_rang: int = 0
    laatste_bericht_op: datetime | None = None
    vervolgkeuze: RedenVervolgkeuze | None = None
    vervolgkeuze_brin: str | None = None
    afsluiting: RedenAfsluiting | None = None
    uitschrijving: RedenUitschrijving | None = None
    nieuwe_gemeente: str | None = None
    overdracht_naar: str | None = None
    overleg_datum: date | None = None
    leerplicht_sinds: datetime | None = None
    leerplicht_afgehandeld_op: datetime | None = None
    leerplicht_uitkomst: Uitkomst | None = None
    leerplicht_klaar_op: date | None = None
    leerplicht_ziet_tot: date | None = None
    warme_overdracht: date | None = None
    warme_overdracht_bekend_op: datetime | None = None
    ddd_status: date | None = None
    niet_aangemeld_sinds: datetime | None = None
    zonder_plaats_sinds: datetime | None = None
    niveau_gedaald_op: datetime | None = None
    niveau_van: int | None = None
    alle_beeindigd_op: datetime | None = None
    niet_verschenen_op: datetime | None = None
    tegenstrijdig_op: datetime | None = None
    signalen: dict[str, datetime] = {}
    gewist_op: datetime | None = None


def rij_na(rij: Actueel | None, gebeurtenis: Voorval, herzien: Collection[int] = ()) -> Actueel:
    """Give the row after an event: the same object, changed.

    herzien are the numbers of corrected events when a whole stream is folded: they change nothing. A correction asks
    for that, see `rij_van`.

    Raises:
        ValueError: when a stream does not begin with overstap-opgevoerd.

    """
    feit = gebeurtenis.feit
    if rij is None:
        if not isinstance(feit, o.OverstapOpgevoerd):
            message = f"stream {gebeurtenis.originator_id} begins with {type(feit).__name__}"
            raise ValueError(message)
        return _opgevoerd(gebeurtenis, feit)
    # Here and below a field is set only where it changes: to set one of a Struct takes as long as to read ten. And what
    # is asked most is asked of the type of a fact: isinstance takes four times as long to say no.
    vanaf, versie = geldt_vanaf(gebeurtenis), gebeurtenis.originator_version
    telt = versie not in herzien
    rij.versie = versie
    if vanaf > rij.laatste_op:  # noqa: PLR1730 - max() is a call, and would set it each time
        rij.laatste_op = vanaf
    if type(feit) is o.StatusGewijzigd:
        rij.status, rij.sinds, rij.bekend_op = feit.naar, vanaf, vastgelegd_op(gebeurtenis)
        if rij.tegenstrijdig_op is not None:
            rij.tegenstrijdig_op = None
        if rij.leerplicht_ziet_tot is not None or feit.naar is OverstapStatus.LEERPLICHT_INGESCHAKELD:
            _bepaal_leerplicht(rij)
    elif isinstance(feit, a.AanmeldingFeit):
        _na_aanmelding(rij, feit, vanaf, vervallen=not telt)
    elif isinstance(feit, _BERICHT):
        rij.laatste_bericht_op = vanaf
    elif isinstance(feit, o.SignaalGegeven):
        if feit.oorzaak not in herzien:
            _na_signaal(rij, feit, vanaf)
    elif isinstance(feit, o.OverstapGewist):
        rij.gewist_op = vanaf
    elif telt and isinstance(feit, o.FeitVanOverstap):
        _na_overstapfeit(rij, gebeurtenis, feit)
    _bepaal_sinds(rij, vanaf)
    return rij


def rij_van(stroom: Sequence[Voorval]) -> Actueel | None:
    """Give the row of a whole stream, in which corrected events count as not applied."""
    herzien = {g.feit.gebeurtenis for g in stroom if isinstance(g.feit, o.GebeurtenisHerzien)}
    rij = None
    for gebeurtenis in stroom:
        rij = rij_na(rij, gebeurtenis, herzien)
    return rij


def _opgevoerd(gebeurtenis: Voorval, feit: o.OverstapOpgevoerd) -> Actueel:
    vanaf = geldt_vanaf(gebeurtenis)
    return Actueel(
        overstap=gebeurtenis.originator_id,
        regio=gebeurtenis.regio,
        overstapjaar=feit.overstapjaar,
        leerling=feit.leerling,
        versie=gebeurtenis.originator_version,
        school=feit.school,
        vestiging=feit.vestiging,
        klas=feit.klas,
        leerweg=feit.leerweg,
        gemeente=feit.gemeente,
        soort_pgn=feit.soort_pgn,
        kwalificatieplicht_tot=feit.kwalificatieplicht_tot,
        opgevoerd_op=vanaf,
        status=OverstapStatus.NOG_NIET_AANGEMELD,
        sinds=vanaf,
        bekend_op=vastgelegd_op(gebeurtenis),
        laatste_op=vanaf,
        niet_aangemeld_sinds=vanaf,
        zonder_plaats_sinds=vanaf,
    )


def _na_aanmelding(rij: Actueel, feit: a.AanmeldingFeit, vanaf: datetime, *, vervallen: bool) -> None:
    if feit.bericht is not None:
        rij.laatste_bericht_op = vanaf
    if type(feit) is a.AanmeldingOntvangen:
        status = AanmeldingStatus.INGETROKKEN if vervallen else AanmeldingStatus.AANGEMELD
        rij.aanmeldingen.append(
            Aanmeldingsregel(
                nummer=feit.nummer,
                brin=feit.brin,
                crebo=feit.crebo,
                status=status,
                sinds=vanaf,
                keten_id=feit.keten_id,
                startdatum=feit.startdatum,
                leertraject=feit.leertraject,
                is_herzien=vervallen,
            )
        )
        if (brin := feit.brin[:BRIN_ZONDER_VESTIGING]) not in rij.mbos:
            rij.mbos = (*rij.mbos, brin)
    elif not vervallen:
        _wijzig_aanmelding(rij.aanmeldingen[feit.nummer - 1], feit, vanaf)
    _bepaal_beste(rij, vanaf)


def _wijzig_aanmelding(regel: Aanmeldingsregel, feit: a.AanmeldingFeit, vanaf: datetime) -> None:
    status = feit.naar if type(feit) is a.AanmeldingHeropend else _STATUS_NA.get(type(feit))
    if status is not None:
        regel.status, regel.sinds = status, vanaf
        if regel.is_herzien:
            regel.is_herzien = False
    elif isinstance(feit, a.AanmeldingOvergenomen):
        regel.keten_id = feit.keten_id
    elif isinstance(feit, a.AanmeldingGewijzigd):
        regel.crebo = feit.crebo or regel.crebo
        regel.startdatum = feit.startdatum or regel.startdatum
        regel.leertraject = feit.leertraject or regel.leertraject


def _bepaal_beste(rij: Actueel, vanaf: datetime) -> None:
    """Pick the best active aanmelding (the first of equals), and see a drop: a rank regained ends it."""
    vorige_rang, aantal, actief, rang, beste, verscheen_niet = rij.beste_rang, 0, 0, 0, None, False
    for regel in rij.aanmeldingen:
        eigen = RANG[regel.status]
        aantal += not regel.is_herzien
        actief += eigen > 0
        verscheen_niet |= regel.status is _NIET_VERSCHENEN
        if eigen > rang:
            beste, rang = regel, eigen
    if (aantal, actief) != (rij.aantal_aanmeldingen, rij.aantal_actief):
        rij.aantal_aanmeldingen, rij.aantal_actief = aantal, actief
    _zet_beste(rij, beste, rang)
    if rang < vorige_rang:
        rij.niveau_gedaald_op = vanaf
        rij.niveau_van = max(vorige_rang, rij.niveau_van or 0)
    elif rij.niveau_van is not None and rang >= rij.niveau_van:
        rij.niveau_gedaald_op = rij.niveau_van = None
    beeindigd = (rij.alle_beeindigd_op or vanaf) if actief == 0 < aantal else None
    if beeindigd is not rij.alle_beeindigd_op:
        rij.alle_beeindigd_op = beeindigd
    weg = (rij.niet_verschenen_op or vanaf) if verscheen_niet and rang < RANG_GEPLAATST else None
    if weg is not rij.niet_verschenen_op:
        rij.niet_verschenen_op = weg


def _zet_beste(rij: Actueel, beste: Aanmeldingsregel | None, rang: int) -> None:
    if beste is None:
        if rij.beste_nummer is not None:
            rij.beste_nummer = rij.beste_brin = rij.beste_crebo = rij.beste_status = rij.beste_sinds = None
            rij.beste_rang = 0
        return
    if rij.beste_nummer != beste.nummer:
        rij.beste_nummer, rij.beste_brin = beste.nummer, beste.brin
    if rij.beste_crebo is not beste.crebo:
        rij.beste_crebo = beste.crebo
    if rij.beste_sinds is not beste.sinds or rij.beste_status is not beste.status:
        rij.beste_status, rij.beste_rang, rij.beste_sinds = beste.status, rang, beste.sinds
        rij.hoogste_rang = max(rij.hoogste_rang, rang)


def _na_signaal(rij: Actueel, feit: o.SignaalGegeven, vanaf: datetime) -> None:
    rij.signalen[feit.signaal] = vanaf
    if feit.signaal == TEGENSTRIJDIG:
        rij.tegenstrijdig_op = vanaf


def _na_overstapfeit(rij: Actueel, gebeurtenis: Voorval, feit: o.FeitVanOverstap) -> None:
    match feit:
        case o.VervolgkeuzeVoGekozen():
            rij.vervolgkeuze, rij.vervolgkeuze_brin = feit.reden, feit.brin
        case o.VervolgkeuzeVoIngetrokken() | o.OverstapHervat():
            rij.vervolgkeuze = rij.vervolgkeuze_brin = None
        case o.OverstapHeropend():
            rij.vervolgkeuze = rij.vervolgkeuze_brin = rij.afsluiting = rij.uitschrijving = rij.nieuwe_gemeente = None
        case o.OverstapAfgesloten():
            rij.afsluiting = feit.reden
        case o.LeerlingUitgeschreven():
            rij.uitschrijving, rij.nieuwe_gemeente = feit.reden, feit.nieuwe_gemeente
            if rij.leerplicht_sinds is not None:
                _einde_van_leerplicht(rij, gebeurtenis)
        case o.OverlegVastgelegd():
            rij.overleg_datum = date.fromisoformat(feit.overleg_datum)
        case o.LeerplichtIngeschakeld():
            rij.vervolgkeuze = rij.vervolgkeuze_brin = None
            rij.leerplicht_sinds = geldt_vanaf(gebeurtenis)
        case o.LeerplichtAfgehandeld():
            _einde_van_leerplicht(rij, gebeurtenis)
            rij.leerplicht_afgehandeld_op, rij.leerplicht_uitkomst = geldt_vanaf(gebeurtenis), feit.uitkomst
        case o.WarmeOverdrachtVastgelegd():
            if rij.warme_overdracht is None:
                rij.warme_overdracht = date.fromisoformat(feit.datum)
                rij.warme_overdracht_bekend_op = vastgelegd_op(gebeurtenis)
        case o.DddStatusVastgelegd():
            rij.ddd_status = date.fromisoformat(feit.datum)
        case o.PersoonsgegevensGewijzigd() | o.PgnVervangen() | o.OverdrachtAangeboden() | o.LeerlingOvergedragen():
            _na_wijziging(rij, feit)
        case (
            o.OverstapOpgevoerd()
            | o.StatusGewijzigd()
            | o.SignaalGegeven()
            | o.GebeurtenisHerzien()
            | o.BerichtGeplaatst()
            | o.OverstapGewist()
        ):
            pass
        case _:
            assert_never(feit)


def _einde_van_leerplicht(rij: Actueel, gebeurtenis: Voorval) -> None:
    rij.leerplicht_sinds = None
    rij.leerplicht_klaar_op = datum_in_amsterdam(gebeurtenis.gebeurd_op)
    _bepaal_leerplicht(rij)


def _bepaal_leerplicht(rij: Actueel) -> None:
    """Keep until which day Leerplicht of the pupil's gemeente sees him: statemachine/zicht.py judges the same."""
    if rij.status is OverstapStatus.LEERPLICHT_INGESCHAKELD:
        rij.leerplicht_ziet_tot = ONEINDIGE_DAG
    else:
        klaar = rij.leerplicht_klaar_op
        rij.leerplicht_ziet_tot = klaar and maanden_later(klaar, MAANDEN_NA_AFHANDELING)


def _na_wijziging(
    rij: Actueel, feit: o.PersoonsgegevensGewijzigd | o.PgnVervangen | o.OverdrachtAangeboden | o.LeerlingOvergedragen
) -> None:
    match feit:
        case o.PersoonsgegevensGewijzigd():
            rij.klas, rij.leerweg = feit.klas or rij.klas, feit.leerweg or rij.leerweg
            rij.gemeente, rij.vestiging = feit.gemeente or rij.gemeente, feit.vestiging or rij.vestiging
            if feit.kwalificatieplicht_gewijzigd:
                rij.kwalificatieplicht_tot = feit.kwalificatieplicht_tot
        case o.PgnVervangen():
            rij.soort_pgn = feit.naar_soort
        case o.OverdrachtAangeboden():
            rij.overdracht_naar = feit.naar
        case o.LeerlingOvergedragen():
            rij.school, rij.vestiging, rij.klas = feit.naar, feit.vestiging, feit.klas or rij.klas
            rij.overdracht_naar = None
        case _:
            assert_never(feit)


def _bepaal_sinds(rij: Actueel, vanaf: datetime) -> None:
    """Keep since when status and aanmeldingen together ask for somebody; without an active one nothing disagrees."""
    volgt = rij.status in VOLGT_AANMELDINGEN
    niet_aangemeld = (rij.niet_aangemeld_sinds or vanaf) if volgt and rij.aantal_aanmeldingen == 0 else None
    if niet_aangemeld is not rij.niet_aangemeld_sinds:
        rij.niet_aangemeld_sinds = niet_aangemeld
    zonder_plaats = (rij.zonder_plaats_sinds or vanaf) if volgt and rij.beste_rang < RANG_GEPLAATST else None
    if zonder_plaats is not rij.zonder_plaats_sinds:
        rij.zonder_plaats_sinds = zonder_plaats
    if rij.beste_rang == 0 and rij.tegenstrijdig_op is not None:
        rij.tegenstrijdig_op = None
