"""The lists of grounds, reasons and outcomes from which a step must choose."""

from enum import StrEnum


class Grond(StrEnum):
    """Why an MBO refuses an aanmelding; a koppeling that names none gives niet_meegedeeld."""

    CAPACITEIT = "capaciteit"
    VOOROPLEIDING = "vooropleiding"
    TE_LAAT = "te_laat"
    GEEN_INTAKE = "geen_intake"
    NIET_GEHANDHAAFD = "niet_gehandhaafd"
    DIPLOMA_NIET_BEHAALD = "diploma_niet_behaald"
    OVERIG = "overig"
    NIET_MEEGEDEELD = "niet_meegedeeld"


class RedenVervolgkeuze(StrEnum):
    """What a pupil does instead of an MBO in this region."""

    MBO_BUITEN_REGIO = "mbo_buiten_regio"
    DOUBLEERT = "doubleert"
    ANDERE_LEERWEG = "andere_leerweg"
    HAVO = "havo"
    VAVO = "vavo"
    PARTICULIER = "particulier"
    VRIJSTELLING = "vrijstelling"
    WERK = "werk"
    DAGBESTEDING = "dagbesteding"
    BUITENLAND = "buitenland"
    ZORGINSTELLING = "zorginstelling"
    OVERIG = "overig"


ONDERWIJSREDENEN = frozenset(
    {
        RedenVervolgkeuze.MBO_BUITEN_REGIO,
        RedenVervolgkeuze.DOUBLEERT,
        RedenVervolgkeuze.ANDERE_LEERWEG,
        RedenVervolgkeuze.HAVO,
        RedenVervolgkeuze.VAVO,
        RedenVervolgkeuze.PARTICULIER,
    }
)
"""The reasons by which the pupil stays in education: they count as reached in the measurement of 1 oktober."""


class Uitkomst(StrEnum):
    """How Leerplicht hands a pupil back."""

    TERUG_NAAR_VO = "terug_naar_vo"
    NAAR_MBO = "naar_mbo"
    VRIJSTELLING = "vrijstelling"
    VERHUISD = "verhuisd"
    OVERGEDRAGEN_AAN_DOORSTROOMPUNT = "overgedragen_aan_doorstroompunt"
    OVERIG = "overig"


class RedenUitschrijving(StrEnum):
    """Why a pupil is no longer followed."""

    VERHUISD = "verhuisd"
    OVERLEDEN = "overleden"
    FOUTIEF_OPGEVOERD = "foutief_opgevoerd"
    OVERIG = "overig"


class RedenAfsluiting(StrEnum):
    """Why the regiebeheerder closes an overstap that did not reach an end of its own."""

    START_NIET_BEVESTIGD = "start_niet_bevestigd"
    OVERGEDRAGEN_AAN_DOORSTROOMPUNT = "overgedragen_aan_doorstroompunt"
    UIT_BEELD = "uit_beeld"


class Leerweg(StrEnum):
    """What a pupil learns at the VO school; vmbo is bb, kb, gl and tl."""

    BB = "bb"
    KB = "kb"
    GL = "gl"
    TL = "tl"
    HAVO = "havo"
    PRO = "pro"
    VSO = "vso"
    ISK = "isk"
    VAVO = "vavo"


VMBO = frozenset({Leerweg.BB, Leerweg.KB, Leerweg.GL, Leerweg.TL})
