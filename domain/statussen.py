"""The statuses of both charts, and the rank by which the best aanmelding is picked."""

from enum import StrEnum


class AanmeldingStatus(StrEnum):
    """Where one application at one MBO stands; stored in facts, so changing a name changes the archive."""

    AANGEMELD = "aangemeld"
    INTAKE_GEPLAND = "intake_gepland"
    NADER_ONDERZOEK = "nader_onderzoek"
    INTAKE_AFGEROND = "intake_afgerond"
    WACHTLIJST = "wachtlijst"
    VOORLOPIG_GEPLAATST = "voorlopig_geplaatst"
    DEFINITIEF_GEPLAATST = "definitief_geplaatst"
    GESTART = "gestart"
    AFGEWEZEN = "afgewezen"
    INGETROKKEN = "ingetrokken"
    NIET_VERSCHENEN = "niet_verschenen"
    ONDERBROKEN = "onderbroken"


RANG: dict[AanmeldingStatus, int] = {
    AanmeldingStatus.AANGEMELD: 10,
    AanmeldingStatus.INTAKE_GEPLAND: 20,
    AanmeldingStatus.NADER_ONDERZOEK: 25,
    AanmeldingStatus.INTAKE_AFGEROND: 30,
    AanmeldingStatus.WACHTLIJST: 35,
    AanmeldingStatus.VOORLOPIG_GEPLAATST: 40,
    AanmeldingStatus.DEFINITIEF_GEPLAATST: 50,
    AanmeldingStatus.GESTART: 60,
    AanmeldingStatus.AFGEWEZEN: 0,
    AanmeldingStatus.INGETROKKEN: 0,
    AanmeldingStatus.NIET_VERSCHENEN: 0,
    AanmeldingStatus.ONDERBROKEN: 0,
}
RANG_GEPLAATST = 40
RANG_GESTART = 60


class OverstapStatus(StrEnum):
    """Where the pupil stands, as everybody sees it; stored in facts, so changing a name changes the archive."""

    NOG_NIET_AANGEMELD = "nog_niet_aangemeld"
    AANGEMELD = "aangemeld"
    INTAKE = "intake"
    GEPLAATST = "geplaatst"
    GESTART = "gestart"
    VERVOLGKEUZE_VO = "vervolgkeuze_vo"
    LEERPLICHT_INGESCHAKELD = "leerplicht_ingeschakeld"
    LEERPLICHT_AFGEHANDELD = "leerplicht_afgehandeld"
    AFGEROND = "afgerond"
    UITGESCHREVEN = "uitgeschreven"


VOLGT_AANMELDINGEN = frozenset(
    {
        OverstapStatus.NOG_NIET_AANGEMELD,
        OverstapStatus.AANGEMELD,
        OverstapStatus.INTAKE,
        OverstapStatus.GEPLAATST,
        OverstapStatus.GESTART,
        OverstapStatus.LEERPLICHT_AFGEHANDELD,
    }
)
"""The statuses that follow the best active aanmelding; in the others a person's decision stands."""


def status_bij_rang(rang: int) -> OverstapStatus:
    """Give the pupil's status that belongs to the best active rank (0 when there is no active aanmelding)."""
    if rang >= RANG_GESTART:
        return OverstapStatus.GESTART
    if rang >= RANG_GEPLAATST:
        return OverstapStatus.GEPLAATST
    if rang > RANG[AanmeldingStatus.AANGEMELD]:
        return OverstapStatus.INTAKE
    return OverstapStatus.AANGEMELD if rang == RANG[AanmeldingStatus.AANGEMELD] else OverstapStatus.NOG_NIET_AANGEMELD
