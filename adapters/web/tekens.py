"""The signs that stand beside words: drawn as strokes on a field of 24, in the colour of the text around them."""

from collections.abc import Mapping
from typing import Final

from markupsafe import Markup

_STATUS: Final[Mapping[str, str]] = {
    "nog_niet_aangemeld": '<circle cx="12" cy="12" r="8.5" stroke-dasharray="3.5 3.180"/>',
    "aangemeld": '<path d="M4 6.5h16v11H4z"/><path d="m4.5 7 7.5 6 7.5-6"/>',
    "intake": '<path d="M4 5h16v10.5H12L7.5 19.5v-4H4z"/><path d="M8 9h8M8 12h5"/>',
    "geplaatst": '<path d="M5 20V8l7-4 7 4v12"/><path d="m8.5 13.5 2.5 2.5 4.5-5"/>',
    "gestart": '<circle cx="12" cy="12" r="8.5"/><path d="m8 12.5 2.800 2.800L16.200 9"/>',
    "vervolgkeuze_vo": '<path d="M12 20v-7M12 13 6 7M12 13l6-6"/><path d="M5.5 11V6.5H10M14 6.5h4.5V11"/>',
    "leerplicht_ingeschakeld": '<path d="M12 3.5 19 6v5.5c0 4.5-3 7.5-7 9-4-1.5-7-4.5-7-9V6z"/>'
    '<path d="M12 8v4.5M12 15.5v.5"/>',
    "leerplicht_afgehandeld": '<path d="M12 3.5 19 6v5.5c0 4.5-3 7.5-7 9-4-1.5-7-4.5-7-9V6z"/>'
    '<path d="m9 12 2.200 2.200L15.200 10"/>',
    "afgerond": '<path d="M6 21V4M6 5h11l-2 3.5L17 12H6"/>',
    "uitgeschreven": '<circle cx="12" cy="12" r="8.5"/><path d="M8 12h8"/>',
}
_AANMELDING: Final[Mapping[str, str]] = {
    "intake_gepland": _STATUS["intake"],
    "nader_onderzoek": '<circle cx="10.5" cy="10.5" r="6"/><path d="m15 15 5 5"/>',
    "intake_afgerond": _STATUS["intake"],
    "wachtlijst": '<path d="M7 4h10M7 20h10M8 4c0 5 8 5 8 8s-8 3-8 8M16 4c0 5-8 5-8 8s8 3 8 8"/>',
    "voorlopig_geplaatst": '<path d="M5 20V8l7-4 7 4v12" stroke-dasharray="3 2.5"/><path d="m8.5 13.5 2.5 2.5 4.5-5"/>',
    "definitief_geplaatst": _STATUS["geplaatst"],
    "afgewezen": '<circle cx="12" cy="12" r="8.5"/><path d="m9 9 6 6M15 9l-6 6"/>',
    "ingetrokken": '<path d="M9 6 4 11l5 5"/><path d="M4 11h11a5 5 0 0 1 0 10h-3"/>',
    "niet_verschenen": '<circle cx="12" cy="8" r="4" stroke-dasharray="2.5 2"/>'
    '<path d="M4.5 20c1-4 4-6 7.5-6s6.5 2 7.5 6" stroke-dasharray="2.5 2"/>',
    "onderbroken": '<circle cx="12" cy="12" r="8.5"/><path d="M10 9v6M14 9v6"/>',
}
_ANDERE: Final[Mapping[str, str]] = {
    "pijl": '<path d="M5 12h14M13 6l6 6-6 6"/>',
    "terug": '<path d="M19 12H5M11 6l-6 6 6 6"/>',
    "zoek": _AANMELDING["nader_onderzoek"],
    "sein": '<path d="M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 20.5h4"/>',
    "let_op": '<path d="M12 4 21 20H3z"/><path d="M12 10v4.5M12 17v.5"/>',
    "gedaan": '<path d="m5 13 4.5 4.5L19 7"/>',
    "slot": '<path d="M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3"/>',
    "mensen": '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20c.5-4 3-6 6.5-6s6 2 6.5 6"/>'
    '<path d="M15.5 4.800a3.5 3.5 0 0 1 0 6.400M18 14.5c2 .8 3.200 2.700 3.5 5.5"/>',
    "mens_erbij": '<circle cx="10" cy="8" r="3.5"/><path d="M3.5 20c.5-4 3-6 6.5-6s6 2 6.5 6M19 7v6M16 10h6"/>',
    "download": '<path d="M12 4v11M7 10.5l5 5 5-5M5 20h14"/>',
    "upload": '<path d="M12 15V4M7 8.5l5-5 5 5M5 20h14"/>',
    "vernieuw": '<path d="M19.5 12a7.5 7.5 0 1 1-2.200-5.300M19.5 4v4h-4"/>',
    "stip": '<circle cx="12" cy="12" r="4" fill="currentColor"/>',
}
TEKENS: Final[Mapping[str, str]] = {**_STATUS, **_AANMELDING, **_ANDERE}


def teken(naam: str) -> Markup:
    """Draw a sign. It says nothing to who does not see it: the word beside it does."""
    vorm = TEKENS.get(naam, TEKENS["stip"])
    return Markup(  # noqa: S704  # our own drawing; naam only picks one
        '<svg class="teken" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">'
        f"{vorm}</svg>"
    )
