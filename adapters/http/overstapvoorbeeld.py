"""An example of one pupil as his decaan gets him, as it stands in the documentation; a test holds it to its schema."""

from typing import Any, Final

_NUMMER: Final = "3f2a0c1e-8d1b-4c57-9a55-0d8f6b1f2e3a"

VOORBEELD: Final[dict[str, Any]] = {
    "id": _NUMMER,
    "versie": 18,
    "overstapjaar": 2026,
    "school": "99AA",
    "vestiging": "00",
    "klas": "4b",
    "leerweg": "kb",
    "gemeente": "0363",
    "status": "leerplicht_ingeschakeld",
    "sindsOp": "2026-05-12T08:04:00Z",
    "persoon": {"achternaam": "Voorbeeld", "voornaam": "Noor", "geboortedatum": "2010-03-14", "pgn": "182071649"},
    "kwalificatieplichtTot": "2028-03",
    "vervolgkeuze": None,
    "soortPgn": "bsn",
    "aanmeldingen": [
        {
            "nummer": 1,
            "brin": "99XX",
            "crebo": "25647",
            "status": "afgewezen",
            "sindsOp": "2026-04-20T12:00:00Z",
            "ketenId": "99XX:90001119",
            "startdatum": "2026-08-24",
            "leertraject": "BOL",
        }
    ],
    "eldersGeplaatst": False,
    "signalen": [{"signaal": "alle_aanmeldingen_beeindigd", "gegevenOp": "2026-04-20T12:00:00Z"}],
    "leerplicht": {"ingeschakeldOp": "2026-05-12T08:04:00Z", "afgehandeldOp": None, "uitkomst": None},
    "overleg": [
        {
            "gebeurtenis": 15,
            "organisatie": "99AA",
            "overlegDatum": "2026-05-11",
            "contact": "Leerplicht, team Noord",
        }
    ],
    "berichten": [
        {
            "gebeurtenis": 14,
            "organisatie": "99AA",
            "rol": "mentor",
            "aan": "0363",
            "gebeurdOp": "2026-05-08T13:15:00Z",
            "tekst": "Wilt u mij bellen over deze leerling?",
        }
    ],
    "overdracht": {"warmeOverdrachtDatum": None, "dddStatusDatum": None},
    "stappen": [
        {
            "stap": "leg_warme_overdracht_vast",
            "aanmelding": None,
            "isOpen": True,
            "adres": f"/v1/overstappen/{_NUMMER}/stappen/leg-warme-overdracht-vast",
            "weigering": None,
        }
    ],
}
"""One pupil, whole."""
