"""An example of each step's body, as it stands in the documentation; a test sends them all."""

from collections.abc import Mapping
from typing import Any, Final

_AANMELDING: Final = {"aanmelding": {"nummer": 1}}

VOORBEELDEN: Final[Mapping[str, Mapping[str, Any]]] = {
    "meld_aan": {"brin": "99YY", "crebo": "25647", "leertraject": "BOL", "startdatum": "2026-08-24"},
    "wijzig_aanmelding": {**_AANMELDING, "crebo": "25648"},
    "plan_intake": {**_AANMELDING, "gebeurdOp": "2026-01-12T10:15:00+01:00"},
    "start_onderzoek": _AANMELDING,
    "rond_intake_af": _AANMELDING,
    "plaats_op_wachtlijst": _AANMELDING,
    "plaats_voorlopig": _AANMELDING,
    "plaats_definitief": _AANMELDING,
    "bevestig_start": _AANMELDING,
    "wijs_af": {**_AANMELDING, "grond": "capaciteit"},
    "trek_in": {"aanmelding": {"ketenId": "99XX:90001119"}},
    "meld_niet_verschenen": _AANMELDING,
    "onderbreek": {**_AANMELDING, "reden": "andere_keuze"},
    "heropen": {**_AANMELDING, "naar": "aangemeld"},
    "kies_vervolg_vo": {
        "reden": "mbo_buiten_regio",
        "brin": "98BA",
        "toelichting": "Meldde zich aan in een andere regio.",
    },
    "trek_vervolgkeuze_in": {},
    "schakel_leerplicht_in": {"overleg": {"contact": "Leerplicht, team Noord", "overlegDatum": "2026-01-09"}},
    "handel_leerplicht_af": {"uitkomst": "terug_naar_vo", "reden": "Gaat weer naar school."},
    "hervat": {},
    "sluit_af_met_reden": {"reden": "start_niet_bevestigd"},
    "schrijf_uit": {"reden": "verhuisd", "nieuweGemeente": "0344"},
    "heropen_overstap": {"reden": "Ten onrechte afgesloten."},
    "herzie": {"gebeurtenis": 3, "reden": "Bij de verkeerde leerling vastgelegd."},
    "wijzig_persoonsgegevens": {"persoon": {"postcode": "1011AB", "woonplaats": "Voorbeeldstad"}, "klas": "4b"},
    "vervang_pgn": {"nieuwePgn": "900180730"},
    "leg_overleg_vast": {"contact": "Leerplicht, team Noord", "overlegDatum": "2026-01-09"},
    "plaats_bericht": {"aan": "99XX", "tekst": "Wilt u mij bellen over de intake?"},
    "leg_warme_overdracht_vast": {"datum": "2026-01-09"},
    "leg_ddd_status_vast": {"datum": "2026-01-09"},
    "draag_over": {"naar": "99AB"},
    "aanvaard_overdracht": {"vestiging": "00", "klas": "4b"},
    "koppel_wachtbak": {"ketenId": "99XX:90001119"},
}
"""The body of each step by its name."""
