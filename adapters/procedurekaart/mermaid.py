"""The charts as mermaid text, which GitHub and many editors draw: the same boxes and arrows as the picture."""

from collections.abc import Iterable

from overstap.adapters.procedurekaart.groepen import Tekening, groepeer
from overstap.adapters.procedurekaart.lezen import Kaart
from overstap.adapters.procedurekaart.maten import Opschriften


def als_mermaid(kaarten: Iterable[Kaart]) -> str:
    """Write all charts as one flowchart, each in a frame."""
    regels = ["flowchart LR"]
    for nummer, kaart in enumerate(kaarten):
        regels += _ingesprongen(_kader(f"kaart{nummer}", kaart.titel, _Tekenaar(kaart, f"k{nummer}_").regels()))
    return "\n".join(regels) + "\n"


def teken_mermaid(kaart: Kaart) -> str:
    """Write one chart as a flowchart."""
    return "\n".join(["flowchart LR", *_ingesprongen(_Tekenaar(kaart, "").regels())]) + "\n"


class _Tekenaar:
    """Writes one chart; voor begins every name, so that two charts with the same statuses go together."""

    def __init__(self, kaart: Kaart, voor: str) -> None:
        self._tekening: Tekening = groepeer(kaart)
        self._opschriften = Opschriften(self._tekening)
        self._voor = voor

    def regels(self) -> list[str]:
        blokken = [regel for nummer in range(len(self._tekening.blokken)) for regel in self._blok(nummer)]
        noten = [f"%% {nummer} kan niet: {naam.replace('_', ' ')}" for naam, nummer in self._opschriften.noten.items()]
        overal = [f"%% {stap.replace('_', ' ')}: van elke status naar elke status" for stap in self._tekening.overal]
        return [*blokken, *self._pijlen(), *noten, *overal]

    def _pijlen(self) -> list[str]:
        regels = []
        for pijl in self._tekening.pijlen:
            naar = self._naam_van_blok(pijl.naar_blok) if pijl.naar_groep is None else self._naam(pijl.naar_groep)
            tekst = "<br/>".join(self._opschriften.stappen(pijl.etiketten))
            regels.append(f'{self._naam(pijl.van)} -- "{tekst}" --> {naar}')
        return regels

    def _naam(self, groep: int) -> str:
        leden = self._tekening.groepen[groep].leden
        return self._voor + (leden[0] if len(leden) == 1 else f"groep{groep}")

    def _naam_van_blok(self, blok: int) -> str:
        return f"{self._voor}blok{blok}"

    def _blok(self, nummer: int) -> list[str]:
        blok = self._tekening.blokken[nummer]
        groepen = [regel for groep in blok.groepen for regel in self._groep(groep)]
        if len(blok.groepen) == 1:
            return groepen
        return _kader(self._naam_van_blok(nummer), self._opschriften.blijft(blok.binnen), groepen)

    def _groep(self, nummer: int) -> list[str]:
        groep = self._tekening.groepen[nummer]
        binnen = self._opschriften.blijft(groep.binnen)
        if len(groep.leden) == 1:
            return [self._lid(groep.leden[0], binnen)]
        leden = [self._lid(lid, self._opschriften.via(groep.per_lid.get(lid, ()))) for lid in groep.leden]
        return _kader(self._naam(nummer), binnen, leden)

    def _lid(self, lid: str, onderschrift: str) -> str:
        tekst = self._opschriften.status(lid) + (f"<br/>{onderschrift}" if onderschrift else "")
        return f'{self._voor}{lid}["{tekst}"]'


def _kader(naam: str, titel: str, inhoud: list[str]) -> list[str]:
    return [f'subgraph {naam}["{titel or " "}"]', *_ingesprongen(inhoud), "end"]


def _ingesprongen(regels: list[str]) -> list[str]:
    return [f"    {regel}" for regel in regels]
