"""Calendar and parameters of an overstapjaar, as TOML: one file is one line, taken or refused as a whole."""

import re
import tomllib
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import msgspec

from overstap.adapters.koppelingen.fouten import Onbruikbaar, datum_ongeldig, veld_ongeldig, veld_ontbreekt
from overstap.adapters.koppelingen.levering import Levering, Uitslag, uitslag_van
from overstap.adapters.opdracht import Opdracht
from overstap.adapters.stroomsoorten import PROCEDURE
from overstap.domain.identificaties import is_brin
from overstap.domain.kalender import Kalender, Normen, Regels
from overstap.domain.statussen import AanmeldingStatus
from overstap.domain.stromen import stroom_van_procedure
from overstap.domain.verzoeken_procedure import StelProcedureVast
from overstap.domain.weigering import Weigering, weiger

_PLAATS: Final = re.compile(r"\(at line (\d+)")
_PAD: Final = re.compile(r"\$\.([a-z_.]+)")
_ONTBREEKT: Final = re.compile(r"missing required field `([a-z_]+)`")
_NAAM: Final = re.compile(r"[a-z_]{1,40}", re.ASCII)
_CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,7}", re.ASCII)


class _Signalen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    stil_weken: int = 6


class _Bewijs(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    overleg: bool = True


class _Bestand(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    regio: str
    overstapjaar: int
    revisie: int
    kalender: Kalender
    normen: Normen = Normen()
    signalen: _Signalen = _Signalen()
    bewijs: _Bewijs = _Bewijs()
    open_voor: dict[str, list[str]] = {}
    koppelcodes: dict[str, dict[str, AanmeldingStatus]] = {}


class Parameters:
    """The parameters of one region, delivered by its regiebeheerder."""

    def __init__(self, levering: Levering) -> None:
        self._levering = levering

    def ontleed(self, inhoud: bytes) -> Regels:
        """Read a file.

        Raises:
            Onbruikbaar: when it is no TOML, or something is missing, unknown or not of its form.

        """
        return lees_parameters(inhoud)

    def verwerk(self, regels: Sequence[Regels]) -> list[Uitslag]:
        """Put the rules in force."""
        opdrachten = [
            Opdracht(
                soort=PROCEDURE,
                stroom=stroom_van_procedure(self._levering.regio, een.overstapjaar),
                verzoek=StelProcedureVast(regels=een),
                actor=self._levering.actor,
                correlatie=self._levering.correlatie,
            )
            for een in regels
        ]
        return [uitslag_van(antwoord) for antwoord in self._levering.app.bus.verwerk(opdrachten)]


def lees_parameters(inhoud: bytes) -> Regels:
    """Read a file of parameters.

    Raises:
        Onbruikbaar: when it is no TOML, or something is missing, unknown or not of its form.

    """
    try:
        tekst = inhoud.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Onbruikbaar(weiger("codering_ongeldig", "Het bestand is geen UTF-8.", "Sla het op als UTF-8.")) from None
    try:
        bestand = msgspec.convert(_zonder_tijden(tomllib.loads(tekst)), _Bestand)
    except tomllib.TOMLDecodeError as fout:
        raise Onbruikbaar(_geen_toml(str(fout))) from None
    except msgspec.ValidationError as fout:
        raise Onbruikbaar(_onjuist(str(fout))) from None
    _keur(bestand)
    return Regels(
        regio=bestand.regio,
        overstapjaar=bestand.overstapjaar,
        revisie=bestand.revisie,
        kalender=bestand.kalender,
        normen=bestand.normen,
        stil_weken=bestand.signalen.stil_weken,
        overleg_vereist=bestand.bewijs.overleg,
        open_voor={stap: tuple(rollen) for stap, rollen in bestand.open_voor.items()},
        koppelcodes=bestand.koppelcodes,
    )


def _zonder_tijden(inhoud: dict[str, Any]) -> dict[str, Any]:
    """Refuse an instant where a date belongs: which day it is would depend on where one stands."""
    kalender = inhoud.get("kalender")
    for veld, waarde in (kalender if isinstance(kalender, dict) else {}).items():
        if veld in Kalender.__struct_fields__ and type(waarde) is not date:
            raise Onbruikbaar(datum_ongeldig(veld))
    return inhoud


def _geen_toml(melding: str) -> Weigering:
    plaats = _PLAATS.search(melding)
    regel = f" op regel {plaats[1]}" if plaats else ""
    if melding.startswith("Invalid date"):
        return weiger("datum_ongeldig", f"De datum{regel} bestaat niet.", "Verbeter de datum.")
    return weiger("bestand_onleesbaar", f"Dit is geen TOML: het gaat mis{regel}.", "Verbeter het bestand.")


def _onjuist(melding: str) -> Weigering:
    """Say in our own words what is wrong: the library's may quote the file."""
    if ontbreekt := _ONTBREEKT.search(melding):
        return veld_ontbreekt(ontbreekt[1])
    plaats = _PAD.search(melding)
    if plaats is None:
        return weiger("veld_ongeldig", "Het bestand heeft een veld dat er niet hoort.", "Haal het weg.")
    return veld_ongeldig(plaats[1], "een andere waarde dan gevraagd")


def _keur(bestand: _Bestand) -> None:
    if bestand.revisie < 1:
        raise Onbruikbaar(veld_ongeldig("revisie", "een getal vanaf 1"))
    data = [getattr(bestand.kalender, veld) for veld in Kalender.__struct_fields__]
    if bestand.kalender.opvoer_vanaf != min(data) or bestand.kalender.sluit_vanaf != max(data):
        raise Onbruikbaar(veld_ongeldig("kalender", "opvoer_vanaf is de eerste datum en sluit_vanaf de laatste"))
    if any(not 0 <= getattr(bestand.normen, veld) <= 100 for veld in Normen.__struct_fields__):  # noqa: PLR2004
        raise Onbruikbaar(veld_ongeldig("normen", "percentages van 0 tot en met 100"))
    if bestand.signalen.stil_weken < 1:
        raise Onbruikbaar(veld_ongeldig("stil_weken", "een getal vanaf 1"))
    if not all(_NAAM.fullmatch(stap) for stap in bestand.open_voor):
        raise Onbruikbaar(veld_ongeldig("open_voor", "namen van stappen"))
    for mbo, codes in bestand.koppelcodes.items():
        if mbo != "standaard" and not is_brin(mbo):
            raise Onbruikbaar(veld_ongeldig("koppelcodes", "standaard of een BRIN"))
        if not all(_CODE.fullmatch(code) for code in codes):
            raise Onbruikbaar(veld_ongeldig("koppelcodes", "codes van hoogstens 8 tekens"))
