"""The procedure as a document: each chart drawn and in a table, who may take each step, what can stand in its way."""

from collections.abc import Iterable, Sequence

from overstap.adapters.procedurekaart.lezen import Kaart, Stap
from overstap.adapters.procedurekaart.mermaid import teken_mermaid
from overstap.domain.rollen import Rol
from overstap.statemachine.beletselen import CODE_VAN, Beletselen
from overstap.statemachine.bevoegdheden import ANDERE, BEVOEGD, VAST

_KOP = """\
# The procedure

Made from the chart classes and tables in `statemachine/` by `overstap procedure --format md`; a test compares the two.
Statuses, steps and obstacles stand here under their stored names. A region may open a step to other roles
(`open_voor` in its parameters), except where the table says *fixed*.
"""
_HERZIENER = "who caused the event, or the regiebeheerder; never a koppeling"
_ZONDER_ROL = {"volg_aanmelding": "nobody: it follows", "herzie": _HERZIENER, "herzie_aanmelding": _HERZIENER}
_ANDERE = """\
## The other requests

They change no status of either chart.
"""
_BELETSELEN = """\
## What can stand in the way

Each obstacle is a method of `statemachine/beletselen.py`; a refusal carries its code.
"""


def als_markdown(kaarten: Iterable[Kaart]) -> str:
    """Write both charts, the other requests and the obstacles as one Markdown document."""
    kaarten = list(kaarten)
    andere = _tabel(("request", "who"), [(f"`{stap}`", _wie(stap)) for stap in ANDERE])
    gebruikt = dict.fromkeys(naam for kaart in kaarten for stap in kaart.stappen for naam in stap.beletselen)
    beletselen = _tabel(
        ("obstacle", "code", "why"), [(f"`{naam}`", f"`{CODE_VAN[naam]}`", _uitleg(naam)) for naam in gebruikt]
    )
    delen = [_KOP, *(_hoofdstuk(kaart) for kaart in kaarten), _ANDERE, andere, _BELETSELEN, beletselen]
    return "\n".join(delen)


def _hoofdstuk(kaart: Kaart) -> str:
    statussen = _tabel(
        ("status", "rank", ""),
        [
            (f"`{status.code}`", "" if status.rang is None else str(status.rang), "initial" if status.is_begin else "")
            for status in kaart.statussen
        ],
    )
    stappen = _tabel(
        ("step", "from → to", "who", "not when"),
        [(f"`{stap.naam}`", _weg(kaart, stap), _wie(stap.naam), _wanneer_niet(stap)) for stap in kaart.stappen],
    )
    return f"## {kaart.titel}\n\n```mermaid\n{teken_mermaid(kaart)}```\n\n{statussen}\n{stappen}"


def _weg(kaart: Kaart, stap: Stap) -> str:
    if kaart.gaat_overal_heen(stap):
        return "each status → the status that follows when it is recomputed"
    if stap.blijft:
        return f"{_codes(stap.bronnen)} → the same"
    naar = _codes(stap.doelen)
    keuze = f", by {_keuze(stap)}" if len(stap.doelen) > 1 else ""
    return f"{_codes(stap.bronnen)} → {naar}{keuze}"


def _keuze(stap: Stap) -> str:
    """Name the choices, or what they have in common when each ends in the status it leads to."""
    paren = [(keuze, rij.naar) for rij in stap.rijen for keuze in rij.keuzes]
    vormen = dict.fromkeys(keuze.removesuffix(naar) for keuze, naar in paren)
    gedeeld = len(vormen) == 1 and all(keuze.endswith(naar) for keuze, naar in paren)
    return f"`{next(iter(vormen))}…`" if gedeeld else _codes(keuze for keuze, _ in paren)


def _wie(stap: str) -> str:
    if stap in _ZONDER_ROL:
        return _ZONDER_ROL[stap]
    wie = ", ".join(str(rol) for rol in Rol if rol in BEVOEGD[stap])
    return f"{wie} (fixed)" if stap in VAST else wie


def _wanneer_niet(stap: Stap) -> str:
    overal = [naam for naam in stap.beletselen if all(naam in rij.beletselen for rij in stap.rijen)]
    soms = [
        f"from {_codes(rij.van for rij in stap.rijen if naam in rij.beletselen)}: `{naam}`"
        for naam in stap.beletselen
        if naam not in overal
    ]
    return ", ".join([*(f"`{naam}`" for naam in overal), *soms])


def _uitleg(naam: str) -> str:
    return str(getattr(Beletselen, naam).__doc__).strip()


def _codes(namen: Iterable[str]) -> str:
    return ", ".join(f"`{naam}`" for naam in dict.fromkeys(namen))


def _tabel(kop: Sequence[str], rijen: Iterable[Sequence[str]]) -> str:
    regels = [kop, ["---"] * len(kop), *rijen]
    return "".join(f"| {' | '.join(regel)} |\n" for regel in regels)
