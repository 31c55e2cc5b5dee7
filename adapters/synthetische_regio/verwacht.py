"""Counts what the engine must come to, from the generator's own model of every pupil."""

from collections import Counter
from typing import Any

from overstap.adapters.synthetische_regio.dossier import RANG, Dossier, op_moment
from overstap.adapters.synthetische_regio.kalender import DAG, Schooljaar, in_utc
from overstap.adapters.synthetische_regio.plan import NOOIT, Leerling, Regel, Verwacht

_VMBO = frozenset({"bb", "kb", "gl", "tl"})
_ONDERWIJS = frozenset({"mbo_buiten_regio", "doubleert", "andere_leerweg", "havo", "vavo", "particulier"})


class Telling:
    """Adds up pupils and lines: statuses on the measuring days, the norms of those days, the wachtbak, the outcomes."""

    def __init__(self, jaar: Schooljaar) -> None:
        # Each measuring day counts whole: up to the midnight with which it ends.
        self._momenten = {
            "1 apr": jaar.dag(4, 1) + DAG - 1,
            "1 jun": jaar.dag(6, 1) + DAG - 1,
            "1 okt": jaar.oktober(1) + DAG - 1,
        }
        self._per_status: dict[tuple[str, str], Counter[str]] = {}
        self._normen: Counter[tuple[str, str, str]] = Counter()
        self._eind: Counter[str] = Counter()
        self._leerwegen: Counter[str] = Counter()
        self._scholen: Counter[str] = Counter()
        self._aanmeldingen: Counter[str] = Counter()
        self._per_leerling: Counter[str] = Counter()
        self._regels: dict[str, Counter[str]] = {}
        self._codes: dict[str, Counter[str]] = {str(Verwacht.GEWEIGERD): Counter(), str(Verwacht.SIGNAAL): Counter()}
        self._wachtbak: list[tuple[str, str]] = []
        self._feiten = 0
        self.vervallen: list[str] = []

    def tel_regel(self, regel: Regel) -> None:
        """Count a line and what must become of it."""
        self.tel_uitkomst(regel.kanaal.soort, str(regel.verwacht), regel.code)

    def tel_uitkomst(self, soort: str, verwacht: str, code: str = "") -> None:
        """Count a line of a kind of file, its outcome and its code."""
        self._regels.setdefault(soort, Counter())[verwacht] += 1
        if verwacht in self._codes:
            self._codes[verwacht][code] += 1

    def tel_leerling(self, leerling: Leerling, dossier: Dossier) -> None:
        """Count a pupil whom a school entered, as his own lines left him."""
        self._feiten += dossier.feiten
        self.tel_wachtbak(dossier)
        if not dossier.momenten:
            return
        self._eind[dossier.status] += 1
        self._leerwegen[leerling.lot.leerweg] += 1
        self._scholen[leerling.school_op(NOOIT - 1).brin] += 1
        self._aanmeldingen.update(stand.status for stand in dossier.aanmeldingen.values())
        self._per_leerling[str(min(len(dossier.aanmeldingen), 3))] += 1
        for bekend in ("toen", "eind"):
            self._meet(leerling, dossier, bekend)

    def tel_wachtbak(self, dossier: Dossier) -> None:
        """Count the messages of somebody that are still in the wachtbak."""
        self._wachtbak += [
            (regel.pgn, regel.aanvraag.keten_id) for regel in dossier.wachtend if regel.aanvraag is not None
        ]

    def als_json(self, leerlingen: int) -> dict[str, Any]:
        """Give all counts, each measuring day as it was known then (`toen`) and as it is known in the end (`eind`)."""
        return {
            "leerlingen": leerlingen,
            "overstappen": sum(self._eind.values()),
            "perLeerweg": _gesorteerd(self._leerwegen),
            "perSchoolAanHetEind": _gesorteerd(self._scholen),
            "statusAanHetEind": _gesorteerd(self._eind),
            "peilmomenten": {naam: self._peilmoment(naam, moment) for naam, moment in self._momenten.items()},
            "aanmeldingen": sum(self._aanmeldingen.values()),
            "aanmeldingenPerStatus": _gesorteerd(self._aanmeldingen),
            "leerlingenPerAantalAanmeldingen": _gesorteerd(self._per_leerling),
            "wachtbak": {
                "berichten": len(self._wachtbak),
                "ketens": len({keten for _, keten in self._wachtbak}),
                "personen": len({pgn for pgn, _ in self._wachtbak}),
            },
            "regels": {soort: _gesorteerd(telling) for soort, telling in sorted(self._regels.items())},
            "codes": {soort: _gesorteerd(telling) for soort, telling in self._codes.items()},
            "feitenOngeveer": self._feiten,
            "vervallen": len(self.vervallen),  # lines our own model did not judge as they were meant, so left out
        }

    def _peilmoment(self, naam: str, moment: int) -> dict[str, Any]:
        uit: dict[str, Any] = {"moment": in_utc(moment)}
        for bekend in ("toen", "eind"):
            normen = {
                norm: deel for (dag, wanneer, norm), deel in self._normen.items() if (dag, wanneer) == (naam, bekend)
            }
            per_status = self._per_status.get((naam, bekend), Counter())
            uit[bekend] = {"perStatus": _gesorteerd(per_status), "norm": dict(sorted(normen.items()))}
        return uit

    def _meet(self, leerling: Leerling, dossier: Dossier, bekend: str) -> None:
        for naam, moment in self._momenten.items():
            kennis = moment if bekend == "toen" else NOOIT
            status = op_moment(dossier.momenten, moment, kennis)
            if not status:
                continue
            self._per_status.setdefault((naam, bekend), Counter())[status] += 1
            aangemeld = dossier.rang_op(self._momenten["1 apr"], kennis) >= 0
            if status != "uitgeschreven":
                self._norm(leerling, dossier, (naam, bekend), (moment, kennis, status, aangemeld))

    def _norm(
        self, leerling: Leerling, dossier: Dossier, sleutel: tuple[str, str], stand: tuple[int, int, str, bool]
    ) -> None:
        moment, kennis, status, aangemeld = stand
        naam, bekend = sleutel
        if naam == "1 apr":
            self._normen[naam, bekend, "alle"] += 1
            self._normen[naam, bekend, "alleAangemeld"] += aangemeld
            if leerling.lot.leerweg in _VMBO:
                self._normen[naam, bekend, "vmbo"] += 1
                self._normen[naam, bekend, "vmboAangemeld"] += aangemeld
            return
        if not aangemeld:
            return
        self._normen[naam, bekend, "aangemeldOp1April"] += 1
        kiest = status == "vervolgkeuze_vo"
        if naam == "1 jun":
            geplaatst = dossier.rang_op(moment, kennis) >= RANG["voorlopig_geplaatst"]
            self._normen[naam, bekend, "voorlopigGeplaatst"] += geplaatst or kiest
        else:
            in_onderwijs = kiest and op_moment(dossier.redenen, moment, kennis) in _ONDERWIJS
            self._normen[naam, bekend, "geplaatstEnGestart"] += status == "gestart" or in_onderwijs


def _gesorteerd(telling: Counter[str]) -> dict[str, int]:
    return dict(sorted(telling.items()))
