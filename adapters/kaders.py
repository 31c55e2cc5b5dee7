"""What a decision is judged against, kept up to date: the organisations and the rules of every year, by region."""

from collections.abc import Iterator
from datetime import date

from overstap.domain.organisatie import Organisatie
from overstap.domain.procedure import Jaar
from overstap.statemachine.kader import Kader


class Kaders:
    """The latest known state of all organisations and years."""

    def __init__(self) -> None:
        self._organisaties: dict[str, dict[str, Organisatie]] = {}
        self._jaren: dict[str, dict[int, Jaar]] = {}
        self._kaders: dict[tuple[str, int], Kader] = {}

    def neem_organisatie_op(self, regio: str, organisatie: Organisatie) -> None:
        """Take in what is now known of an organisation."""
        self._organisaties.setdefault(regio, {})[organisatie.code] = organisatie

    def neem_jaar_op(self, regio: str, jaar: Jaar) -> None:
        """Take in the rules that now hold for a year."""
        self._jaren.setdefault(regio, {})[jaar.overstapjaar] = jaar
        self._kaders.pop((regio, jaar.overstapjaar), None)

    def vergeet(self, wat: Organisatie | Jaar) -> None:
        """Let an organisation or a year be as if it were not there."""
        if isinstance(wat, Organisatie):
            for organisaties in self._organisaties.values():
                if organisaties.get(wat.code) is wat:
                    del organisaties[wat.code]
            return
        for regio, jaren in self._jaren.items():
            if jaren.get(wat.overstapjaar) is wat:
                del jaren[wat.overstapjaar]
                self._kaders.pop((regio, wat.overstapjaar), None)

    def organisatie(self, regio: str, code: str) -> Organisatie | None:
        """Give an organisation by its code; of a BRIN with vestiging the first four characters count."""
        van_regio = self._organisaties.get(regio, {})
        return van_regio.get(code) or van_regio.get(code[:4])

    def organisaties(self, regio: str) -> Iterator[Organisatie]:
        """Give every organisation of a region."""
        yield from tuple(self._organisaties.get(regio, {}).values())  # another thread may take one in meanwhile

    def jaar(self, regio: str, overstapjaar: int) -> Jaar | None:
        """Give a year of a region."""
        return self._jaren.get(regio, {}).get(overstapjaar)

    def jaren(self, regio: str) -> list[Jaar]:
        """Give every year of a region, the earliest first."""
        return sorted(self._jaren.get(regio, {}).values(), key=lambda jaar: jaar.overstapjaar)

    def open_jaren(self, regio: str) -> list[int]:
        """Give the years in which schools may enter pupils, the latest first."""
        jaren = self._jaren.get(regio, {}).values()
        return sorted((jaar.overstapjaar for jaar in jaren if jaar.is_open and not jaar.is_gesloten), reverse=True)

    def lopend_jaar(self, regio: str, dag: date) -> int | None:
        """Give the year that people work on: of the open ones the latest that began, or else the first to begin.

        A year may be opened long before schools enter pupils. When all are closed it is the latest there was; None
        without a year.
        """
        alle, open_jaren = self.jaren(regio), self.open_jaren(regio)
        begonnen = {een.overstapjaar for een in alle if een.regels and een.regels.kalender.opvoer_vanaf <= dag}
        ooit = [een.overstapjaar for een in reversed(alle) if een.is_open]
        return next(iter([*(een for een in open_jaren if een in begonnen), *open_jaren[-1:], *ooit]), None)

    def kader(self, regio: str, overstapjaar: int) -> Kader | None:
        """Give what a decision about a pupil of this year is judged against; None when the year has no rules."""
        kader = self._kaders.get((regio, overstapjaar))
        if kader is None:
            jaar = self.jaar(regio, overstapjaar)
            if jaar is None or jaar.regels is None:
                return None
            # The mapping is the live one: what an organisation becomes shows at once.
            kader = Kader(regels=jaar.regels, organisaties=self._organisaties.setdefault(regio, {}))
            self._kaders[regio, overstapjaar] = kader
        return kader
