"""The charts as one picture that stands on its own: no font, script or program from elsewhere."""

from collections.abc import Iterable
from html import escape
from itertools import pairwise

from overstap.adapters.procedurekaart.groepen import Groep, Tekening, groepeer
from overstap.adapters.procedurekaart.lezen import Kaart
from overstap.adapters.procedurekaart.maten import (
    KLEINE_LETTER,
    KOP,
    MARGE,
    RAND,
    REGEL,
    Opschriften,
    Vak,
    hoogte_van_lid,
)
from overstap.adapters.procedurekaart.plattegrond import Lijn, Plattegrond, leg_uit

_TITEL = 44.0
_RONDING = 9.0
_STIJL = """
text { font: 12px 'Source Sans 3', 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; fill: #1d2b3a }
.titel { font-size: 20px; font-weight: 600 }
.status { font-size: 13px; font-weight: 600 }
.klein { font-size: 11px; fill: #4a5b6c }
.rang { font-size: 11px; fill: #7a8896 }
.stap { font-size: 11px; fill: #0b4f8a; paint-order: stroke; stroke: #fff; stroke-width: 4px; stroke-linejoin: round }
.omhulsel { fill: #f4f8fc; stroke: #8aa9c7; stroke-dasharray: 5 4 }
.groep { fill: #e6eff8; stroke: #8aa9c7 }
.lid { fill: #fff; stroke: #35506b; stroke-width: 1.4 }
.eind { fill: #eef0f2; stroke: #9aa5b0 }
.begin { fill: #1d2b3a }
.pijl { fill: none; stroke: #35506b; stroke-width: 1.4 }
.punt { fill: #35506b }
"""
_PUNT = (
    '<marker id="punt" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto">'
    '<path class="punt" d="M0 0 10 5 0 10z"/></marker>'
)


def als_svg(kaarten: Iterable[Kaart]) -> str:
    """Draw charts below each other."""
    delen: list[str] = []
    breedte = hoogte = 0.0
    for kaart in kaarten:
        deel, breed, hoog = _kaart(kaart)
        delen.append(f'<g transform="translate(0 {hoogte:g})">{deel}</g>')
        breedte, hoogte = max(breedte, breed), hoogte + hoog
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {breedte:g} {hoogte:g}" '
        f'width="{breedte:g}" height="{hoogte:g}"><title>De procedure van de overstap</title>'
        f"<style>{_STIJL}</style><defs>{_PUNT}</defs>"
        f'<rect width="100%" height="100%" fill="#fff"/>\n{"".join(delen)}</svg>\n'
    )


def _kaart(kaart: Kaart) -> tuple[str, float, float]:
    tekening = groepeer(kaart)
    opschriften = Opschriften(tekening)
    grond = leg_uit(tekening, opschriften)
    noten, hoogte_noten = _noten(tekening, opschriften, grond.breedte)
    tekenwerk = "\n".join(
        [
            *(_omhulsel(tekening, opschriften, blok, vak) for blok, vak in grond.omhulsels.items()),
            *(_groep(tekening, opschriften, grond, groep) for groep in grond.groepen),
            *(_pijl(lijn) for lijn in grond.lijnen),
            *(_opschrift(lijn) for lijn in grond.lijnen),
        ]
    )
    titel = _tekst(MARGE, 36, kaart.titel, "titel")
    inhoud = (
        f'{titel}<g transform="translate(0 {_TITEL:g})">{tekenwerk}</g>\n'
        f'<g transform="translate(0 {_TITEL + grond.hoogte:g})">{noten}</g>\n'
    )
    return inhoud, grond.breedte, _TITEL + grond.hoogte + hoogte_noten


def _omhulsel(tekening: Tekening, opschriften: Opschriften, blok: int, vak: Vak) -> str:
    kop = opschriften.blijft(tekening.blokken[blok].binnen)
    return _rechthoek(vak, "omhulsel") + _tekst(vak.x + RAND, vak.y + KOP * 0.75, kop, "stap")


def _groep(tekening: Tekening, opschriften: Opschriften, grond: Plattegrond, nummer: int) -> str:
    groep, vak = tekening.groepen[nummer], grond.groepen[nummer]
    binnen = opschriften.blijft(groep.binnen)
    if len(groep.leden) == 1:
        return _lid(tekening, opschriften, groep.leden[0], vak, binnen)
    soort = "eind" if nummer == grond.bodem else "groep"
    kop = _tekst(vak.x + RAND, vak.y + KOP * 0.75, binnen, "stap") if binnen else ""
    leden = _leden_naast(groep, vak) if nummer == grond.bodem else _leden_onder(groep, vak, KOP if binnen else 0)
    return (
        _rechthoek(vak, soort)
        + kop
        + "".join(
            _lid(tekening, opschriften, lid, lidvak, opschriften.via(groep.per_lid.get(lid, ())))
            for lid, lidvak in leden
        )
    )


def _leden_onder(groep: Groep, vak: Vak, kop: float) -> list[tuple[str, Vak]]:
    leden: list[tuple[str, Vak]] = []
    y = vak.y + RAND + kop
    for lid in groep.leden:
        hoog = hoogte_van_lid(groep, lid)
        leden.append((lid, Vak(vak.x + RAND, y, vak.b - 2 * RAND, hoog)))
        y += hoog + RAND / 2
    return leden


def _leden_naast(groep: Groep, vak: Vak) -> list[tuple[str, Vak]]:
    breed = (vak.b - RAND) / len(groep.leden) - RAND
    return [
        (lid, Vak(vak.x + RAND + nummer * (breed + RAND), vak.y + RAND, breed, vak.h - 2 * RAND))
        for nummer, lid in enumerate(groep.leden)
    ]


def _lid(tekening: Tekening, opschriften: Opschriften, lid: str, vak: Vak, onderschrift: str) -> str:
    status = next(status for status in tekening.kaart.statussen if status.code == lid)
    y = vak.y + (vak.h / 2 - 3 if onderschrift else vak.h / 2 + 4.5)
    x = vak.x + RAND
    delen = [_rechthoek(vak, "lid")]
    if status.is_begin:
        delen.append(f'<circle class="begin" cx="{vak.x:g}" cy="{vak.y + vak.h / 2:g}" r="6"/>')
    delen.append(_tekst(x, y, opschriften.status(lid), "status"))
    if status.rang is not None:
        delen.append(_tekst(vak.rechts - RAND / 2, vak.y + REGEL, str(status.rang), "rang", anker="end"))
    if onderschrift:
        delen.append(_tekst(x, y + REGEL, onderschrift, "stap"))
    return "".join(delen)


def _pijl(lijn: Lijn) -> str:
    (x, y), *verder = lijn.punten
    pad = [f"M{x:g} {y:g}"]
    for hoek, volgend in pairwise(verder):
        naar = _richting(hoek, (x, y))
        weg = _richting(hoek, volgend)
        pad.append(f"L{hoek[0] + naar[0]:g} {hoek[1] + naar[1]:g}")
        pad.append(f"Q{hoek[0]:g} {hoek[1]:g} {hoek[0] + weg[0]:g} {hoek[1] + weg[1]:g}")
        x, y = hoek
    pad.append(f"L{verder[-1][0]:g} {verder[-1][1]:g}")
    return f'<path class="pijl" marker-end="url(#punt)" d="{" ".join(pad)}"/>'


def _richting(van: tuple[float, float], naar: tuple[float, float]) -> tuple[float, float]:
    """Give the step of one rounding from a corner towards a point straight above, below or beside it."""
    dx, dy = naar[0] - van[0], naar[1] - van[1]
    return (
        (0 if dx == 0 else _RONDING if dx > 0 else -_RONDING),
        (0 if dy == 0 else _RONDING if dy > 0 else -_RONDING),
    )


def _opschrift(lijn: Lijn) -> str:
    x, y = lijn.tekst_op
    anker = "middle" if lijn.gecentreerd else "start"
    return "".join(_tekst(x, y + REGEL * nummer, regel, "stap", anker=anker) for nummer, regel in enumerate(lijn.tekst))


def _noten(tekening: Tekening, opschriften: Opschriften, breedte: float) -> tuple[str, float]:
    regels = [f"{nummer}  kan niet: {naam.replace('_', ' ')}" for naam, nummer in opschriften.noten.items()]
    regels += [
        f"{stap.replace('_', ' ')}: van elke status naar elke status (niet getekend)" for stap in tekening.overal
    ]
    kolommen = max(1, int((breedte - 2 * MARGE) // (max(map(len, regels), default=1) * KLEINE_LETTER + MARGE)))
    hoog = -(-len(regels) // kolommen)
    breed = (breedte - 2 * MARGE) / kolommen
    teksten = [
        _tekst(MARGE + nummer // hoog * breed, REGEL * (nummer % hoog + 1), regel, "klein")
        for nummer, regel in enumerate(regels)
    ]
    return "".join(teksten), hoog * REGEL + 2 * MARGE


def _rechthoek(vak: Vak, soort: str) -> str:
    return f'<rect class="{soort}" x="{vak.x:g}" y="{vak.y:g}" width="{vak.b:g}" height="{vak.h:g}" rx="6"/>'


def _tekst(x: float, y: float, tekst: str, soort: str, anker: str = "start") -> str:
    return f'<text class="{soort}" x="{x:g}" y="{y:g}" text-anchor="{anker}">{escape(tekst)}</text>' if tekst else ""
