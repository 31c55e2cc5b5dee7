"""The charts as mermaid text, which GitHub and many editors draw: the same boxes and arrows as the picture."""

from collections.abc import Iterable

from overstap.adapters.procedurekaart.groepen import Tekening, groepeer
from overstap.adapters.procedurekaart.lezen import Kaart
from overstap.adapters.procedurekaart.maten import Opschriften


def als_mermaid(kaarten: Iterable[Kaart]) -> str:
    """Write each chart as a flowchart of its own."""
    return "\n".join(teken_mermaid(kaart) for kaart in kaarten)


def teken_mermaid(kaart: Kaart) -> str:
    """Write one chart as a flowchart."""
    tekening = groepeer(kaart)
    opschriften = Opschriften(tekening)
    regels = [f"%% {kaart.titel}", "flowchart LR"]
    for nummer, blok in enumerate(tekening.blokken):
        groepen = [regel for groep in blok.groepen for regel in _groep(tekening, opschriften, groep)]
        if len(blok.groepen) > 1:
            groepen = _kader(f"blok{nummer}", opschriften.blijft(blok.binnen), groepen)
        regels += [f"    {regel}" for regel in groepen]
    for pijl in tekening.pijlen:
        naar = f"blok{pijl.naar_blok}" if pijl.naar_groep is None else _naam(tekening, pijl.naar_groep)
        tekst = "<br/>".join(opschriften.stappen(pijl.etiketten))
        regels.append(f'    {_naam(tekening, pijl.van)} -- "{tekst}" --> {naar}')
    regels += [f"    %% {nummer} kan niet: {naam.replace('_', ' ')}" for naam, nummer in opschriften.noten.items()]
    regels += [f"    %% {stap.replace('_', ' ')}: van elke status naar elke status" for stap in tekening.overal]
    return "\n".join(regels) + "\n"


def _naam(tekening: Tekening, groep: int) -> str:
    leden = tekening.groepen[groep].leden
    return leden[0] if len(leden) == 1 else f"groep{groep}"


def _groep(tekening: Tekening, opschriften: Opschriften, nummer: int) -> list[str]:
    groep = tekening.groepen[nummer]
    binnen = opschriften.blijft(groep.binnen)
    if len(groep.leden) == 1:
        return [_lid(opschriften, groep.leden[0], binnen)]
    leden = [_lid(opschriften, lid, opschriften.via(groep.per_lid.get(lid, ()))) for lid in groep.leden]
    return _kader(_naam(tekening, nummer), binnen, leden)


def _kader(naam: str, titel: str, inhoud: list[str]) -> list[str]:
    return [f'subgraph {naam}["{titel or " "}"]', *(f"    {regel}" for regel in inhoud), "end"]


def _lid(opschriften: Opschriften, lid: str, onderschrift: str) -> str:
    tekst = opschriften.status(lid) + (f"<br/>{onderschrift}" if onderschrift else "")
    return f'{lid}["{tekst}"]'
