"""The fields of a form, made from the body that the API takes: a step that is added has its form."""

import types
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, TypeVar, Union, get_args, get_origin

import msgspec

from overstap.adapters.http import vormen
from overstap.adapters.http.lichaam import fouten_in
from overstap.adapters.http.problemen import Fout
from overstap.adapters.http.stapverzoeken import STAPPEN
from overstap.domain.kalender import AMSTERDAM

_LANG: Final = 500
"""A text that may be longer has a field of more lines."""
AANMELDING: Final = "aanmelding"
_VUL_IN: Final = "Vul dit veld in."
S = TypeVar("S", bound=vormen.Lichaam)


class Soort(StrEnum):
    """How a field is filled in."""

    KEUZE = "keuze"
    DATUM = "datum"
    MOMENT = "moment"
    TEKST = "tekst"
    REGEL = "regel"
    GETAL = "getal"
    VINKJE = "vinkje"


class Veld(msgspec.Struct, frozen=True, kw_only=True):
    """One field: naam as it stands in the form (overleg.contact), woord names its text, keuzes are codes of a list."""

    naam: str
    woord: str
    soort: Soort
    verplicht: bool
    keuzes: tuple[str, ...] = ()
    langst: int | None = None


def velden_van(stap: str) -> list[Veld]:
    """Give the fields of a step; which aanmelding it is about goes along by itself."""
    return [veld for veld in velden_uit(STAPPEN[stap]) if not veld.naam.startswith(AANMELDING)]


def velden_uit(soort: type[msgspec.Struct]) -> list[Veld]:
    """Give the fields of a body that the API takes."""
    return list(_velden(soort, "", is_gevraagd=True))


def lichaam_van(stap: str, ingevuld: Mapping[str, str], aanmelding: int | None) -> bytes:
    """Write what was filled in for a step as the JSON that the API takes."""
    return schrijf(velden_van(stap), ingevuld, {} if aanmelding is None else {AANMELDING: {"nummer": aanmelding}})


def schrijf(velden: Iterable[Veld], ingevuld: Mapping[str, str], begin: Mapping[str, Any] | None = None) -> bytes:
    """Write what was filled in as the JSON that the API takes; what was left empty is left out."""
    lichaam: dict[str, Any] = dict(begin or {})
    for veld in velden:
        waarde = ingevuld.get(veld.naam, "").strip()
        if waarde:
            *binnen, naam = veld.naam.split(".")
            doel = lichaam
            for deel in binnen:
                doel = doel.setdefault(deel, {})
            doel[naam] = _waarde(veld, waarde)
    return msgspec.json.encode(lichaam)


def lees_lichaam(stap: str, ruw: bytes) -> tuple[vormen.Lichaam | None, dict[str, str]]:
    """Read the body of a step as the API does: it, or what is wrong with each field."""
    return lees_als(ruw, STAPPEN[stap])


def lees_als(ruw: bytes, soort: type[S]) -> tuple[S | None, dict[str, str]]:
    """Read a body as the API does: it, or what is wrong with each field (by its name; '' for the whole)."""
    try:
        return msgspec.json.decode(ruw, type=soort), {}
    except msgspec.ValidationError:
        return None, per_veld(fouten_in(ruw, soort))


def per_veld(fouten: Iterable[Fout]) -> dict[str, str]:
    """Put what the API says is wrong at the field it names; what was left empty by no name of the API."""
    return {
        (fout.plaats or "").removeprefix("body").lstrip("."): _VUL_IN if fout.code == "ontbreekt" else fout.uitleg
        for fout in fouten
    }


def _waarde(veld: Veld, waarde: str) -> str | int | bool:
    match veld.soort:
        case Soort.MOMENT:
            try:
                moment = datetime.fromisoformat(waarde)
            except ValueError:
                return waarde  # the API says what is wrong with it
            return (moment.replace(tzinfo=AMSTERDAM) if moment.tzinfo is None else moment).isoformat()
        case Soort.GETAL:
            return int(waarde) if waarde.isascii() and waarde.isdigit() else waarde
        case Soort.VINKJE:
            return True
        case _:
            return waarde


def _velden(soort: type[msgspec.Struct], voor: str, *, is_gevraagd: bool) -> Iterator[Veld]:
    for veld in msgspec.structs.fields(soort):
        kern, meta, mag_weg = _ontleed(veld.type)
        naam = f"{voor}{veld.encode_name}"
        if isinstance(kern, type) and issubclass(kern, msgspec.Struct):
            yield from _velden(kern, f"{naam}.", is_gevraagd=is_gevraagd and veld.required)
            continue
        yield Veld(
            naam=naam,
            woord=veld.name,
            soort=_soort(kern, meta),
            verplicht=is_gevraagd and veld.required and not mag_weg,
            keuzes=_keuzes(kern),
            langst=meta.max_length if meta else None,
        )


def _ontleed(soort: Any) -> tuple[Any, msgspec.Meta | None, bool]:  # noqa: ANN401  # any annotation
    """Take a type apart: what it is at heart, the bounds on it, and whether None will do."""
    meta, mag_weg = None, False
    while True:
        if get_origin(soort) is Annotated:
            soort, *bij = get_args(soort)
            meta = next((een for een in bij if isinstance(een, msgspec.Meta)), meta)
        elif get_origin(soort) in {Union, types.UnionType}:
            delen = [een for een in get_args(soort) if een is not type(None)]
            mag_weg = mag_weg or len(delen) < len(get_args(soort))
            soort = delen[0]
        else:
            return soort, meta, mag_weg


def _keuzes(kern: Any) -> tuple[str, ...]:  # noqa: ANN401  # any type
    if get_origin(kern) is Literal:
        return tuple(map(str, get_args(kern)))
    return tuple(map(str, kern)) if isinstance(kern, type) and issubclass(kern, StrEnum) else ()


def _soort(kern: Any, meta: msgspec.Meta | None) -> Soort:  # noqa: ANN401  # any type
    if _keuzes(kern):
        return Soort.KEUZE
    if kern is datetime:
        return Soort.MOMENT
    if kern is date:
        return Soort.DATUM
    if kern is bool:
        return Soort.VINKJE
    if kern is int:
        return Soort.GETAL
    return Soort.TEKST if meta and meta.max_length and meta.max_length > _LANG else Soort.REGEL
