"""What can happen to one aanmelding: one application at one MBO for one opleiding. These names are the archive."""

from typing import Literal

import msgspec

from overstap.domain.feiten._vorm import Datum, Vorm
from overstap.domain.redenen import Grond
from overstap.domain.statussen import AanmeldingStatus

Leertraject = Literal["BOL", "BBL"]
RedenNietToegepast = Literal["verouderd", "geen_weg", "onbekende_code"]


class Koppelbericht(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """The message of a koppeling behind a fact: its number, status code, and when the source says it changed (UTC)."""

    keten_id: str
    volgnummer: int
    code: str
    laatste_wijziging: str


class AanmeldingFeit(Vorm, frozen=True, kw_only=True):
    """What all facts about an aanmelding carry.

    nummer counts the aanmeldingen of one pupil from 1; bericht is there when a koppeling caused the fact;
    zonder_accounts says that a decaan acted for an MBO that has no accounts.
    """

    nummer: int
    bericht: Koppelbericht | None = None
    zonder_accounts: bool = False


class AanmeldingOntvangen(AanmeldingFeit, frozen=True, kw_only=True, tag="aanmelding-ontvangen.v1"):
    """An MBO received an application, by koppeling (keten_id) or entered by hand (none)."""

    brin: str
    crebo: str
    keten_id: str | None = None
    aanbieder: str | None = None
    startdatum: Datum | None = None
    leertraject: Leertraject | None = None


class AanmeldingOvergenomen(AanmeldingFeit, frozen=True, kw_only=True, tag="aanmelding-overgenomen.v1"):
    """The koppeling took over an aanmelding that was entered by hand."""

    keten_id: str


class AanmeldingGewijzigd(AanmeldingFeit, frozen=True, kw_only=True, tag="aanmelding-gewijzigd.v1"):
    """Another opleiding, startdatum or leertraject; what is None stayed as it was."""

    crebo: str | None = None
    startdatum: Datum | None = None
    leertraject: Leertraject | None = None


class IntakeGepland(AanmeldingFeit, frozen=True, kw_only=True, tag="intake-gepland.v1"):
    """The pupil is invited for an intake."""


class OnderzoekGestart(AanmeldingFeit, frozen=True, kw_only=True, tag="onderzoek-gestart.v1"):
    """The MBO investigates further."""


class IntakeAfgerond(AanmeldingFeit, frozen=True, kw_only=True, tag="intake-afgerond.v1"):
    """The interview is done."""


class OpWachtlijstGeplaatst(AanmeldingFeit, frozen=True, kw_only=True, tag="op-wachtlijst-geplaatst.v1"):
    """The pupil waits for a place or a draw."""


class VoorlopigGeplaatst(AanmeldingFeit, frozen=True, kw_only=True, tag="voorlopig-geplaatst.v1"):
    """A positive decision on enrolment was made known."""


class DefinitiefGeplaatst(AanmeldingFeit, frozen=True, kw_only=True, tag="definitief-geplaatst.v1"):
    """The pupil is enrolled."""


class StartBevestigd(AanmeldingFeit, frozen=True, kw_only=True, tag="start-bevestigd.v1"):
    """The pupil was present at the start of the lessons."""


class AanmeldingAfgewezen(AanmeldingFeit, frozen=True, kw_only=True, tag="aanmelding-afgewezen.v1"):
    """The MBO refused the application."""

    grond: Grond


class AanmeldingIngetrokken(AanmeldingFeit, frozen=True, kw_only=True, tag="aanmelding-ingetrokken.v1"):
    """The pupil withdrew the application."""


class NietVerschenenGemeld(AanmeldingFeit, frozen=True, kw_only=True, tag="niet-verschenen-gemeld.v1"):
    """The pupil did not come to the start of the lessons."""


class OpleidingOnderbroken(AanmeldingFeit, frozen=True, kw_only=True, tag="opleiding-onderbroken.v1"):
    """The pupil left early; reden is a word of the MBO's list, never a story."""

    reden: str


class AanmeldingHeropend(AanmeldingFeit, frozen=True, kw_only=True, tag="aanmelding-heropend.v1"):
    """An ended application lives again, as aangemeld or voorlopig_geplaatst."""

    naar: AanmeldingStatus


class KoppelberichtVastgelegd(Vorm, frozen=True, kw_only=True, tag="koppelbericht-vastgelegd.v1"):
    """A message that says nothing new: its number is kept, the status stays."""

    nummer: int
    bericht: Koppelbericht


class KoppelberichtNietToegepast(Vorm, frozen=True, kw_only=True, tag="koppelbericht-niet-toegepast.v1"):
    """A message that was kept and changed nothing.

    reden is verouderd (a newer one was applied before), geen_weg (no chain of steps leads there) or onbekende_code.
    """

    bericht: Koppelbericht
    nummer: int | None = None
    reden: RedenNietToegepast
    status: AanmeldingStatus | None = None


FeitVanAanmelding = (
    AanmeldingOntvangen
    | AanmeldingOvergenomen
    | AanmeldingGewijzigd
    | IntakeGepland
    | OnderzoekGestart
    | IntakeAfgerond
    | OpWachtlijstGeplaatst
    | VoorlopigGeplaatst
    | DefinitiefGeplaatst
    | StartBevestigd
    | AanmeldingAfgewezen
    | AanmeldingIngetrokken
    | NietVerschenenGemeld
    | OpleidingOnderbroken
    | AanmeldingHeropend
    | KoppelberichtVastgelegd
    | KoppelberichtNietToegepast
)

KaalFeit = (
    IntakeGepland
    | OnderzoekGestart
    | IntakeAfgerond
    | OpWachtlijstGeplaatst
    | VoorlopigGeplaatst
    | DefinitiefGeplaatst
    | StartBevestigd
    | AanmeldingIngetrokken
    | NietVerschenenGemeld
)
"""The facts that say a new status and nothing more."""

StatusFeit = KaalFeit | AanmeldingAfgewezen | OpleidingOnderbroken

STATUS_NA: dict[type[StatusFeit], AanmeldingStatus] = {
    IntakeGepland: AanmeldingStatus.INTAKE_GEPLAND,
    OnderzoekGestart: AanmeldingStatus.NADER_ONDERZOEK,
    IntakeAfgerond: AanmeldingStatus.INTAKE_AFGEROND,
    OpWachtlijstGeplaatst: AanmeldingStatus.WACHTLIJST,
    VoorlopigGeplaatst: AanmeldingStatus.VOORLOPIG_GEPLAATST,
    DefinitiefGeplaatst: AanmeldingStatus.DEFINITIEF_GEPLAATST,
    StartBevestigd: AanmeldingStatus.GESTART,
    AanmeldingAfgewezen: AanmeldingStatus.AFGEWEZEN,
    AanmeldingIngetrokken: AanmeldingStatus.INGETROKKEN,
    NietVerschenenGemeld: AanmeldingStatus.NIET_VERSCHENEN,
    OpleidingOnderbroken: AanmeldingStatus.ONDERBROKEN,
}
"""The status an aanmelding has after each fact that leads to one fixed status."""
