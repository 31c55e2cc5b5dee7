"""Write the files that institutions deliver, small and exactly as a test wants them."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from overstap.domain.identificaties import is_bsn, is_onderwijsnummer
from tests.adapters.opstelling import MBO

KOP = "BSN;Achternaam;Roepnaam;Geboortedatum;Niveau;Klas;Gemeentecode"


def _bsns() -> Iterator[str]:
    return (str(nummer) for nummer in range(900_000_001, 999_999_999) if is_bsn(str(nummer)))


def _onderwijsnummers() -> Iterator[str]:
    return (str(nummer) for nummer in range(100_000_001, 109_999_999) if is_onderwijsnummer(str(nummer)))


# A ketenId begins as no number does: in a row of the database a digit may follow it by chance.
_BSNS, _ONDERWIJSNUMMERS, _KETENS = _bsns(), _onderwijsnummers(), iter(range(60_000_001, 69_999_999))


def bsn() -> str:
    """Give a burgerservicenummer that no other test of this run has."""
    return next(_BSNS)


def onderwijsnummer() -> str:
    """Give an onderwijsnummer that no other test of this run has."""
    return next(_ONDERWIJSNUMMERS)


def keten_id() -> str:
    """Give a ketenId that no other test of this run has."""
    return f"{MBO}:{next(_KETENS)}"


def leerling(pgn: str, /, **anders: str) -> str:
    """Spell one line of a pupil list under KOP."""
    velden = {
        "pgn": pgn,
        "achternaam": "Vermeulen",
        "voornaam": "Noor",
        "geboortedatum": "03-02-2010",
        "leerweg": "kader",
        "klas": "4a",
        "gemeente": "0363",
    }
    return ";".join((velden | anders).values())


def csv(pad: Path, *regels: str, codering: str = "utf-8", einde: str = "\r\n") -> Path:
    """Write lines, each with an end of line."""
    pad.write_bytes("".join(regel + einde for regel in regels).encode(codering))
    return pad


def lijst(pad: Path, *regels: str) -> Path:
    """Write a pupil list under KOP."""
    return csv(pad, KOP, *regels)


def bericht(pgn: str, keten: str, volgnummer: int = 1, code: str = "AO", /, **anders: object) -> dict[str, Any]:
    """Make one item of a koppeling; a field that is None is left out."""
    item = {
        "$type": "aanmelding",
        "links": {"self": "/aanmeldingen/1"},
        "ketenId": keten,
        "caKetenId": "6f1c0000-0000-4000-8000-000000000000",
        "wijzigingsvolgnummer": volgnummer,
        "pgn": pgn,
        "status": code,
        "laatsteWijziging": "2026-01-10T09:30:00.123456Z",
        "brin": MBO,
        "onderwijsAanbiederCode": "101A620",
        "opleidingCreboCode": "25647",
        "opleidingAanmeldjaar": "2026-2027",
        "startdatumOpleiding": "2026-08-24",
        "leertraject": "BOL",
    }
    return {veld: waarde for veld, waarde in (item | anders).items() if waarde is not None}


def pagina(pad: Path, *items: dict[str, Any]) -> Path:
    """Write a page of a koppeling."""
    pad.write_text(json.dumps({"koppelpuntCode": "0234AS", "aanmeldingen": items}, indent=1), encoding="utf-8")
    return pad


def stap(verzoek: str, pgn: str, **velden: object) -> dict[str, Any]:
    """Make one step of a person."""
    return {"verzoek": verzoek, "leerling": {"pgn": pgn}, "overstapjaar": 2026, **velden}


def stappen(pad: Path, regels: Sequence[dict[str, Any]]) -> Path:
    """Write steps, one a line."""
    pad.write_text("".join(json.dumps(regel) + "\n" for regel in regels), encoding="utf-8")
    return pad
