"""One item of a koppeling as an MBO's student system sends it, checked field by field."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final, Literal

import msgspec

from overstap.adapters.koppelingen import velden
from overstap.adapters.koppelingen.fouten import Onbruikbaar, datum_ongeldig, veld_ongeldig, veld_ontbreekt
from overstap.domain.feiten.aanmelding import Leertraject
from overstap.domain.identificaties import (
    SoortPgn,
    is_brin,
    is_crebo,
    is_keten_id,
    is_onderwijsaanbiedercode,
)
from overstap.domain.verzoeken import VerwerkKoppelbericht

_AANMELDJAAR: Final = re.compile(r"(20[0-9]{2})-(20[0-9]{2})", re.ASCII)
_CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,7}", re.ASCII)
_GROND: Final = re.compile(r"[a-z_]{1,40}", re.ASCII)
_HOOGSTE_VOLGNUMMER: Final = 2**63 - 1
_LEERTRAJECTEN: Final[dict[str, Literal["BOL", "BBL"]]] = {"BOL": "BOL", "BBL": "BBL"}


class Koppelitem(msgspec.Struct, frozen=True, kw_only=True):
    """An item: whose number it carries, for which year, and the message. It does not show itself."""

    pgn: str
    soort_pgn: SoortPgn
    overstapjaar: int
    bericht: VerwerkKoppelbericht

    def __repr__(self) -> str:
        return "Koppelitem(***)"


def lees_koppelitem(item: Mapping[str, Any]) -> Koppelitem:
    """Read an item; `leeratraject` is read as leertraject, a number as its digits.

    Raises:
        Onbruikbaar: when a field is missing, not of its form, or a date that does not exist.

    """
    keten_id = _gekeurd(item, "ketenId", is_keten_id, "zoals 99XX:90001119")
    volgnummer = _volgnummer(item)
    nummer, soort = velden.pgn(_tekst(item, "pgn"))
    code = _gekeurd(item, "status", _past_op(_CODE), "een code van hoogstens 8 tekens")
    gewijzigd = _moment(_tekst(item, "laatsteWijziging"), "laatsteWijziging")
    return Koppelitem(
        pgn=nummer,
        soort_pgn=soort,
        overstapjaar=_overstapjaar(_tekst(item, "opleidingAanmeldjaar")),
        bericht=VerwerkKoppelbericht(
            gebeurd_op=gewijzigd,
            keten_id=keten_id,
            volgnummer=volgnummer,
            code=code,
            laatste_wijziging=gewijzigd.isoformat().replace("+00:00", "Z"),
            brin=_gekeurd(item, "brin", is_brin, "een BRIN van de vorm 99XX"),
            crebo=_gekeurd(item, "opleidingCreboCode", is_crebo, "vijf cijfers"),
            aanbieder=_als_gegeven(item, "onderwijsAanbiederCode", is_onderwijsaanbiedercode, "zoals 101A620"),
            startdatum=_startdatum(item),
            leertraject=_leertraject(item),
            grond=_als_gegeven(item, "grond", _past_op(_GROND), "een woord van de lijst"),
        ),
    )


def _past_op(patroon: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda waarde: patroon.fullmatch(waarde) is not None


def _tekst(item: Mapping[str, Any], veld: str) -> str:
    waarde = item.get(veld)
    if waarde is None or waarde == "":
        raise Onbruikbaar(veld_ontbreekt(veld))
    if isinstance(waarde, str):
        return waarde.strip()
    if isinstance(waarde, int) and not isinstance(waarde, bool):
        return str(waarde)
    raise Onbruikbaar(veld_ongeldig(veld, "tekst"))


def _gekeurd(item: Mapping[str, Any], veld: str, is_goed: Callable[[str], bool], vorm: str) -> str:
    return velden.code(_tekst(item, veld), veld, is_goed, vorm)


def _als_gegeven(item: Mapping[str, Any], veld: str, is_goed: Callable[[str], bool], vorm: str) -> str | None:
    if item.get(veld) in {None, ""} if not isinstance(item.get(veld), dict | list) else False:
        return None
    return _gekeurd(item, veld, is_goed, vorm)


def _volgnummer(item: Mapping[str, Any]) -> int:
    tekst = _tekst(item, "wijzigingsvolgnummer")
    if not (tekst.isascii() and tekst.isdigit()) or not 0 < int(tekst[:20]) <= _HOOGSTE_VOLGNUMMER:
        raise Onbruikbaar(veld_ongeldig("wijzigingsvolgnummer", "een geheel getal groter dan 0"))
    return int(tekst[:20])


def _overstapjaar(aanmeldjaar: str) -> int:
    gevonden = _AANMELDJAAR.fullmatch(aanmeldjaar)
    if gevonden is None or int(gevonden[2]) != int(gevonden[1]) + 1:
        raise Onbruikbaar(veld_ongeldig("opleidingAanmeldjaar", "zoals 2026-2027"))
    return int(gevonden[1])


def _moment(tekst: str, veld: str) -> datetime:
    try:
        moment = datetime.fromisoformat(tekst)
    except ValueError:
        raise Onbruikbaar(datum_ongeldig(veld)) from None
    if moment.tzinfo is None:
        raise Onbruikbaar(veld_ongeldig(veld, "een moment met tijdzone, zoals 2026-01-12T09:30:00Z"))
    return moment.astimezone(UTC)


def _startdatum(item: Mapping[str, Any]) -> str | None:
    if not item.get("startdatumOpleiding"):
        return None
    tekst = _tekst(item, "startdatumOpleiding")
    try:
        return date.fromisoformat(tekst).isoformat()
    except ValueError:
        raise Onbruikbaar(datum_ongeldig("startdatumOpleiding")) from None


def _leertraject(item: Mapping[str, Any]) -> Leertraject | None:
    veld = "leertraject" if item.get("leertraject") else "leeratraject"
    if not item.get(veld):
        return None
    leertraject = _LEERTRAJECTEN.get(_tekst(item, veld).upper())
    if leertraject is None:
        raise Onbruikbaar(veld_ongeldig("leertraject", "BOL of BBL"))
    return leertraject
