"""One item of a koppeling as an MBO's student system sends it, checked field by field."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, Literal

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


class Strikt(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An item with every field of its own type, as most are: read in one go."""

    keten_id: str
    wijzigingsvolgnummer: Annotated[int, msgspec.Meta(ge=1, le=_HOOGSTE_VOLGNUMMER)]
    pgn: str
    status: str
    laatste_wijziging: Annotated[datetime, msgspec.Meta(tz=True)]
    brin: str
    opleiding_crebo_code: str
    opleiding_aanmeldjaar: str
    onderwijs_aanbieder_code: str | None = None
    startdatum_opleiding: date | None = None
    leertraject: Leertraject | None = None
    leeratraject: Leertraject | None = None
    grond: str | None = None

    def klopt(self) -> bool:
        """Tell whether every text has its form."""
        aanbieder, grond = self.onderwijs_aanbieder_code, self.grond
        return (
            is_keten_id(self.keten_id)
            and is_brin(self.brin)
            and is_crebo(self.opleiding_crebo_code)
            and _CODE.fullmatch(self.status) is not None
            and (aanbieder is None or is_onderwijsaanbiedercode(aanbieder))
            and (grond is None or _GROND.fullmatch(grond) is not None)
        )


class Koppelitem(msgspec.Struct, frozen=True, kw_only=True):
    """An item: whose number it carries, for which year, and the message. It does not show itself."""

    pgn: str
    soort_pgn: SoortPgn
    overstapjaar: int
    bericht: VerwerkKoppelbericht

    def __repr__(self) -> str:
        return "Koppelitem(***)"


_LEES_STRIKT = msgspec.json.Decoder(Strikt).decode


def lees_snel(tekst: str) -> Strikt | None:
    """Read the text of an item that is exactly as it should be; None when it is not, or may be no item at all."""
    try:
        strikt = _LEES_STRIKT(tekst)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return None
    return strikt if strikt.klopt() else None


def lees_koppelitem(item: Mapping[str, Any] | Strikt) -> Koppelitem:
    """Read an item; `leeratraject` is read as leertraject, a number as its digits.

    Raises:
        Onbruikbaar: when a field is missing, not of its form, or a date that does not exist.

    """
    if isinstance(item, Strikt):
        return _koppelitem(item)
    try:
        strikt = msgspec.convert(item, Strikt)
    except msgspec.ValidationError:
        return lees_tolerant(item)
    return _koppelitem(strikt) if strikt.klopt() else lees_tolerant(item)


def _koppelitem(strikt: Strikt) -> Koppelitem:
    nummer, soort = velden.pgn(strikt.pgn)
    gewijzigd = strikt.laatste_wijziging.astimezone(UTC)
    return Koppelitem(
        pgn=nummer,
        soort_pgn=soort,
        overstapjaar=_overstapjaar(strikt.opleiding_aanmeldjaar),
        bericht=VerwerkKoppelbericht(
            gebeurd_op=gewijzigd,
            keten_id=strikt.keten_id,
            volgnummer=strikt.wijzigingsvolgnummer,
            code=strikt.status,
            laatste_wijziging=gewijzigd.isoformat().replace("+00:00", "Z"),
            brin=strikt.brin,
            crebo=strikt.opleiding_crebo_code,
            aanbieder=strikt.onderwijs_aanbieder_code,
            startdatum=strikt.startdatum_opleiding.isoformat() if strikt.startdatum_opleiding else None,
            leertraject=strikt.leertraject or strikt.leeratraject,
            grond=strikt.grond,
        ),
    )


def lees_tolerant(item: Mapping[str, Any]) -> Koppelitem:
    """Read an item field by field: slower, forgiving where nothing is in doubt, and able to say what is wrong.

    Raises:
        Onbruikbaar: when a field is missing, not of its form, or a date that does not exist.

    """
    strikt = Strikt(
        keten_id=_gekeurd(item, "ketenId", is_keten_id, "zoals 99XX:90001119"),
        wijzigingsvolgnummer=_volgnummer(item),
        pgn=velden.pgn(_tekst(item, "pgn"))[0],
        status=_gekeurd(item, "status", _past_op(_CODE), "een code van hoogstens 8 tekens"),
        laatste_wijziging=_moment(_tekst(item, "laatsteWijziging"), "laatsteWijziging"),
        opleiding_aanmeldjaar=_tekst(item, "opleidingAanmeldjaar"),
        brin=_gekeurd(item, "brin", is_brin, "een BRIN van de vorm 99XX"),
        opleiding_crebo_code=_gekeurd(item, "opleidingCreboCode", is_crebo, "vijf cijfers"),
        onderwijs_aanbieder_code=_als_gegeven(
            item, "onderwijsAanbiederCode", is_onderwijsaanbiedercode, "zoals 101A620"
        ),
        startdatum_opleiding=_startdatum(item),
        leertraject=_leertraject(item),
        grond=_als_gegeven(item, "grond", _past_op(_GROND), "een woord van de lijst"),
    )
    return _koppelitem(strikt)


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


def _startdatum(item: Mapping[str, Any]) -> date | None:
    if not item.get("startdatumOpleiding"):
        return None
    tekst = _tekst(item, "startdatumOpleiding")
    try:
        return date.fromisoformat(tekst)
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
