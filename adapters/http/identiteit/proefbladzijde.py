"""The pages on which somebody chooses: in a trial who to be, elsewhere where to sign in."""

import base64
import hashlib
from collections.abc import Mapping
from html import escape
from typing import Final
from urllib.parse import urlencode

from overstap.adapters.http.dienst import Dienst
from overstap.adapters.http.identiteit.provider import Provider
from overstap.domain.rollen import ROLLEN_VAN, Rol, SoortOrganisatie

_STIJL: Final = """body{font:16px/1.5 system-ui,sans-serif;max-width:48rem;margin:0 auto;padding:1rem;color:#1b1b1b}
.waarschuwing{background:#7a1500;color:#fff;padding:1rem;font-weight:700}form{display:flex;flex-wrap:wrap;gap:.5rem;
align-items:end;margin:1rem 0}label{display:block}select,button{font:inherit;padding:.4rem}"""
_ZEGEL: Final = base64.b64encode(hashlib.sha256(_STIJL.encode()).digest()).decode()
KOPPEN: Final = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_ZEGEL}'; form-action 'self'; "
    "frame-ancestors 'none'"
}
_BLAD: Final = """<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>{titel}</title>
<meta name="viewport" content="width=device-width"><style>{stijl}</style></head>
<body><main>{inhoud}</main></body></html>
"""
_WAARSCHUWING: Final = (
    '<p class="waarschuwing" role="alert">DIT IS EEN PROEF. Wie dit ziet kan zonder wachtwoord iedereen zijn. '
    "De leerlingen zijn verzonnen; zet hier geen echte gegevens in.</p><h1>Wie bent u?</h1>"
)


def schrijf(dienst: Dienst) -> str:
    """Write the page of a trial: a form for each kind of organisation, with its roles."""
    delen = [_WAARSCHUWING]
    per_soort: dict[SoortOrganisatie, list[tuple[str, str]]] = {soort: [] for soort in SoortOrganisatie}
    for organisatie in list(dienst.kaders.organisaties(dienst.regio)):
        per_soort[organisatie.soort].append((organisatie.code, organisatie.naam))
    if not per_soort[SoortOrganisatie.REGIO]:
        per_soort[SoortOrganisatie.REGIO].append((dienst.regio, "De regio"))
    for soort, organisaties in per_soort.items():
        rollen = sorted(ROLLEN_VAN[soort] - {Rol.SYSTEEM})
        if organisaties:
            delen.append(_formulier(soort, rollen, sorted(organisaties)))
    return _BLAD.format(titel="Proef - Overstap", stijl=_STIJL, inhoud="".join(delen))


def kies_uitgever(providers: Mapping[str, Provider], naar: str) -> str:
    """Write the page on which somebody chooses where to sign in."""
    regels = "".join(
        f'<li><a href="/v1/aanmelden?{escape(urlencode({"uitgever": issuer, "naar": naar}))}">'
        f"{escape(een.uitgever.naam or issuer)}</a></li>"
        for issuer, een in providers.items()
    )
    inhoud = f"<h1>Aanmelden</h1><ul>{regels}</ul>" if regels else "<h1>Aanmelden kan hier nog niet</h1>"
    return _BLAD.format(titel="Aanmelden - Overstap", stijl=_STIJL, inhoud=inhoud)


def _formulier(soort: SoortOrganisatie, rollen: list[Rol], organisaties: list[tuple[str, str]]) -> str:
    keuze_rol = "".join(f'<option value="{rol}">{rol.replace("_", " ")}</option>' for rol in rollen)
    keuze = "".join(
        f'<option value="{escape(code)}">{escape(naam)} ({escape(code)})</option>' for code, naam in organisaties
    )
    return (
        f'<h2>{escape(soort)}</h2><form method="post" action="/v1/aanmelden/proef">'
        f'<div><label for="rol-{soort}">Rol</label><select id="rol-{soort}" name="rol">{keuze_rol}</select></div>'
        f'<div><label for="org-{soort}">Organisatie</label>'
        f'<select id="org-{soort}" name="organisatie">{keuze}</select></div><button>Ga verder</button></form>'
    )
