"""Says when each institution delivers which kind of file: the channels of a year and their moments."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from overstap.adapters.synthetische_regio.kalender import (
    DAG,
    MINUUT,
    UUR,
    Schooljaar,
    datum,
    in_utc,
    middernacht,
    weekdag,
)
from overstap.adapters.synthetische_regio.organisaties import Mbo, Regio, School

_TUSSENPOOS = 7  # seconds between two institutions' deliveries, so that no two fall at one moment
_DINSDAG, _VRIJDAG, _ZATERDAG = 1, 4, 5


@dataclass(frozen=True, slots=True)
class Kanaal:
    """One kind of file of one organisation in one role, with its moments of delivery in order."""

    soort: str
    namens: str
    rol: str
    momenten: tuple[int, ...]
    eerste: int  # number of its first delivery; the others follow
    achtervoegsel: str

    def levering_na(self, t: int) -> int | None:
        """Give the number of the first delivery after an instant, or None when the year has no more."""
        plaats = bisect_right(self.momenten, t)
        return self.eerste + plaats if plaats < len(self.momenten) else None

    def op(self, levering: int) -> int:
        """Give the moment of one of its deliveries."""
        return self.momenten[levering - self.eerste]

    def bevat(self, levering: int) -> bool:
        """Tell whether a number is one of its deliveries."""
        return self.eerste <= levering < self.eerste + len(self.momenten)

    def bestand(self, levering: int) -> str:
        """Name the file of a delivery, relative to the manifest."""
        op = self.op(levering)
        map_ = self.soort if self.soort != "stappen" else f"stappen/{self.rol}"
        klok = f"-{in_utc(op)[11:13]}uur" if self.soort == "organisaties" else ""
        return f"{map_}/{self.namens}-{datum(op)}{klok}{self.achtervoegsel}"


class Agenda:
    """All channels of the region, found by kind, role and organisation."""

    def __init__(self, regio: Regio, jaar: Schooljaar) -> None:
        self.jaar = jaar
        self.kanalen: list[Kanaal] = []
        self._op_naam: dict[tuple[str, str, str], Kanaal] = {}
        self._volgende = 0
        self._inrichting(regio)
        for school in regio.scholen:
            self._school(school)
        for mbo in regio.mbos:
            self._mbo(mbo)
        afhandeling = [*self._om_de((11, 21), (7, 18), 14), *self._om_de((8, 14), (9, 25), 14), jaar.oktober(1)]
        for gemeente in regio.gemeenten:
            if gemeente.accounts:
                self._stappen(gemeente.code, "leerplichtambtenaar", 15, afhandeling)
        self._stappen(regio.code, "regiebeheerder", 17, self._om_de((11, 18), (9, 30), 14))

    def stappen(self, organisatie: str, rol: str) -> Kanaal:
        """Find the channel in which people of one role deliver their steps."""
        return self._op_naam["stappen", organisatie, rol]

    def lijsten(self, school: School) -> Kanaal:
        """Find the three pupil lists of a school: the first, the one that mends its refused lines, the late one."""
        return self._op_naam["leerlingen", school.brin, school.lijst.rol]

    def koppeling(self, mbo: Mbo) -> Kanaal:
        """Find the pages of an MBO's student system."""
        return self._op_naam["koppeling", mbo.brin, "koppeling"]

    def vooraf(self, soort: str, organisatie: str, rol: str) -> Kanaal:
        """Find the delivery with which an organisation is set up."""
        return self._op_naam[soort, organisatie, rol]

    def _inrichting(self, regio: Regio) -> None:
        begin = self.jaar.dag(10, 1)
        self._open("parameters", regio.code, "regiebeheerder", [begin + 8 * UUR], ".toml")
        self._open("organisaties", regio.code, "regiebeheerder", [begin + 9 * UUR], ".csv")
        beheerders = [(school.brin, "vo_beheerder") for school in regio.scholen]
        beheerders += [(mbo.brin, "mbo_beheerder") for mbo in regio.mbos if mbo.accounts]
        for nummer, (brin, rol) in enumerate(beheerders):
            self._open("organisaties", brin, rol, [begin + DAG + 9 * UUR + nummer * MINUUT], ".csv")

    def _school(self, school: School) -> None:
        jaar = self.jaar
        eerste = jaar.dag(10, 6) + school.nummer * 37 % 45 * DAG
        momenten = [eerste, eerste + 9 * DAG]
        if school.late_lijst:
            momenten.append(jaar.dag(1, 12) + school.nummer * 23 % 45 * DAG)
        self._open("leerlingen", school.brin, school.lijst.rol, self._om(9, map(_op_werkdag, momenten)), ".csv")
        rustig = self._om_de((11, 14), (3, 12), 21)
        druk = self._om_de((3, 13), (7, 17), 14)
        start = self._om_de((8, 28), (9, 25), 7)
        self._stappen(school.brin, "decaan", 13, [*rustig, *druk, *start, jaar.oktober(1)])
        mentoren = self._om_de((11, 14), (7, 16), 28)
        self._stappen(school.brin, "mentor", 12, [*mentoren, jaar.dag(9, 11), jaar.oktober(1)])
        self._stappen(school.brin, "vo_beheerder", 16, [*mentoren, jaar.dag(9, 18), jaar.oktober(1)])

    def _mbo(self, mbo: Mbo) -> None:
        jaar = self.jaar
        if mbo.koppeling:
            dagen = set(self._vanaf(jaar.dag(10, 14), jaar.oktober(9), 7, _DINSDAG))
            for van, tot in (((3, 16), (4, 3)), ((8, 24), (9, 18))):
                dagen |= {dag for dag in self._om_de(van, tot, 1, None) if weekdag(dag) < _ZATERDAG}
            self._open("koppeling", mbo.brin, "koppeling", self._om(6, sorted(dagen)), mbo.achtervoegsel)
        if mbo.accounts:
            elke = 28 if mbo.koppeling else 7
            self._stappen(mbo.brin, "mbo_intaker", 14, [*self._om_de((10, 31), (9, 29), elke), jaar.oktober(1)])

    def _stappen(self, organisatie: str, rol: str, uur: int, dagen: Sequence[int]) -> None:
        self._open("stappen", organisatie, rol, self._om(uur, dagen), ".ndjson")

    def _om(self, uur: int, dagen: Iterable[int]) -> list[int]:
        return [dag + uur * UUR + len(self.kanalen) * _TUSSENPOOS for dag in dagen]

    def _om_de(
        self, van: tuple[int, int], tot: tuple[int, int], dagen: int, valt_op: int | None = _VRIJDAG
    ) -> list[int]:
        return self._vanaf(self.jaar.dag(*van), self.jaar.dag(*tot), dagen, valt_op)

    @staticmethod
    def _vanaf(van: int, tot: int, dagen: int, valt_op: int | None) -> list[int]:
        while valt_op is not None and weekdag(van) != valt_op:
            van += DAG
        # Counted in whole days and put back on midnight, for one night of the year has 23 hours and another 25.
        return [
            middernacht(van + nummer * dagen * DAG + 12 * UUR) for nummer in range((tot - van) // (dagen * DAG) + 1)
        ]

    def _open(self, soort: str, namens: str, rol: str, momenten: Sequence[int], achtervoegsel: str) -> None:
        kanaal = Kanaal(soort, namens, rol, tuple(sorted(momenten)), self._volgende, achtervoegsel)
        self._volgende += len(kanaal.momenten)
        self.kanalen.append(kanaal)
        self._op_naam[soort, namens, rol] = kanaal


def _op_werkdag(dag: int) -> int:
    while weekdag(dag) >= _ZATERDAG:
        dag += DAG
    return dag
