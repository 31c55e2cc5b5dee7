"""The calendar and the other parameters of one overstapjaar in one region, and dates in Europe/Amsterdam."""

import hashlib
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from overstap.domain.redenen import Grond
from overstap.domain.statussen import AanmeldingStatus

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SPELING_VAN_DE_KLOK = timedelta(minutes=5)
"""How far gebeurd_op may lie after vastgelegd_op: clocks of institutions differ."""
MAANDEN_NA_AFHANDELING = 3
"""How long Leerplicht keeps sight of a pupil after handing him back, or after the regiebeheerder ended its case."""


class Kalender(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The dates of overstapjaar J; each step that waits for a date names the one it waits for."""

    opvoer_vanaf: date
    mbo_regels: date
    aanmelddatum: date
    vervolgkeuze_vanaf: date
    voorlopig_op: date
    handhaven_tot: date
    mbo_start: date
    meting_op: date
    sluit_vanaf: date


class Normen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The region's norms, in percentages."""

    aangemeld_vmbo: int = 95
    aangemeld_alle: int = 90
    voorlopig_geplaatst: int = 90
    geplaatst_en_gestart: int = 95


STANDAARD_KOPPELCODES: dict[str, AanmeldingStatus] = {
    "AO": AanmeldingStatus.AANGEMELD,
    "IG": AanmeldingStatus.INTAKE_GEPLAND,
    "NO": AanmeldingStatus.NADER_ONDERZOEK,
    "IA": AanmeldingStatus.INTAKE_AFGEROND,
    "WL": AanmeldingStatus.WACHTLIJST,
    "PB": AanmeldingStatus.VOORLOPIG_GEPLAATST,
    "IS": AanmeldingStatus.DEFINITIEF_GEPLAATST,
    "ST": AanmeldingStatus.GESTART,
    "LI": AanmeldingStatus.AFGEWEZEN,
    "IT": AanmeldingStatus.INGETROKKEN,
    "NV": AanmeldingStatus.NIET_VERSCHENEN,
    "OB": AanmeldingStatus.ONDERBROKEN,
}
"""Our defaults; AO and LI are published by the sector, the others are agreed per koppeling."""


class Regels(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters of one version of the procedure: year.region.revision, such as 2026.21.3.

    koppelcodes maps a BRIN (or "standaard") to its status codes; open_voor maps a step to the roles it is open to,
    where the region decides otherwise than the default; stil_weken is the silence, in weeks, after which a pupil is a
    risk.
    """

    regio: str
    overstapjaar: int
    revisie: int
    kalender: Kalender
    normen: Normen = Normen()
    stil_weken: int = 6
    overleg_vereist: bool = True
    open_voor: dict[str, tuple[str, ...]] = {}
    koppelcodes: dict[str, dict[str, AanmeldingStatus]] = {}
    gronden: tuple[Grond, ...] = tuple(Grond)

    @property
    def versie(self) -> str:
        """The name of this version, as each event carries it."""
        return f"{self.overstapjaar}.{self.regio}.{self.revisie}"

    def status_bij_code(self, brin: str, code: str) -> AanmeldingStatus | None:
        """Translate a koppeling's status code; None when nobody agreed on it, and it is never guessed."""
        eigen = self.koppelcodes.get(brin, {})
        algemeen = self.koppelcodes.get("standaard", STANDAARD_KOPPELCODES)
        return eigen.get(code) or algemeen.get(code)


def inhoud_hash(regels: Regels) -> str:
    """Give the SHA-256 (hex) of the parameters as canonical JSON, by which two versions are compared."""
    return hashlib.sha256(msgspec.json.encode(regels, order="sorted")).hexdigest()


def kalender_van(overstapjaar: int) -> Kalender:
    """Give the statutory calendar of a year, as it is when no emergency rule moves a date."""
    j = overstapjaar
    return Kalender(
        opvoer_vanaf=date(j - 1, 10, 1),
        mbo_regels=date(j, 2, 1),
        aanmelddatum=date(j, 4, 1),
        vervolgkeuze_vanaf=date(j, 4, 1),
        voorlopig_op=date(j, 6, 1),
        handhaven_tot=date(j, 7, 1),
        mbo_start=date(j, 8, 1),
        meting_op=date(j, 10, 1),
        sluit_vanaf=date(j, 10, 2),
    )


def datum_in_amsterdam(moment: datetime) -> date:
    """Give the date on the wall calendar in Amsterdam at an instant."""
    return moment.astimezone(AMSTERDAM).date()


def einde_van(dag: date) -> datetime:
    """Give the instant (UTC) at which a day in Amsterdam is over: a count 'on' that day holds what lies before it."""
    return datetime.combine(dag + timedelta(days=1), time(), AMSTERDAM).astimezone(UTC)


def maand_van(dag: date) -> str:
    """Write the month of a date as 2028-03."""
    return f"{dag.year:04d}-{dag.month:02d}"


def maanden_later(dag: date, maanden: int) -> date:
    """Give the same day some months later, or the last day of that month when it is shorter."""
    jaar, maand = divmod(dag.year * 12 + dag.month - 1 + maanden, 12)
    return date(jaar, maand + 1, min(dag.day, monthrange(jaar, maand + 1)[1]))


def achttien_op(geboortedatum: date) -> date:
    """Give the day on which somebody turns 18; born on 29 februari counts as 1 maart."""
    try:
        return geboortedatum.replace(year=geboortedatum.year + 18)
    except ValueError:
        return date(geboortedatum.year + 18, 3, 1)


def is_kwalificatieplichtig(kwalificatieplicht_tot: str | None, dag: date) -> bool:
    """Tell whether the duty (to 18 without startkwalificatie) still holds: through the month in which it ends."""
    return kwalificatieplicht_tot is not None and maand_van(dag) <= kwalificatieplicht_tot
