"""Makes the person and the beginning of the year for each lot that was dealt."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from overstap.adapters.synthetische_regio import namen
from overstap.adapters.synthetische_regio.agenda import Agenda
from overstap.adapters.synthetische_regio.bijzonderheden import PGN_WISSELT
from overstap.adapters.synthetische_regio.invoer import DUBBEL, lijst_met_invoer
from overstap.adapters.synthetische_regio.kalender import DAG, datum
from overstap.adapters.synthetische_regio.nummers import bsns, onderwijsnummers
from overstap.adapters.synthetische_regio.organisaties import Regio, School
from overstap.adapters.synthetische_regio.plan import NOOIT, Leerling
from overstap.adapters.synthetische_regio.verdeling import Lot, Merk

_BLIJFT_ONDERWIJSNUMMER = 0.008
_WOONT_BIJ_SCHOOL = 0.7
_OUDER = {"pro": 0.5, "vso": 1.2, "isk": 1.4, "vavo": 2.2}  # years beyond what is usual in the last year of vmbo
_LEEFTIJDEN, _HOE_VAAK = (0, 1, 2, 3), (62, 28, 8, 2)
_VRIJGESTELD = {"pro": 0.6, "vavo": 0.2}


@dataclass(slots=True)
class Nummers:
    """The persoonsgebonden nummers that are left to deal out."""

    bsns: Iterator[str]
    onderwijsnummers: Iterator[str]

    @classmethod
    def uit(cls, toeval: random.Random) -> "Nummers":
        """Begin both rows somewhere."""
        return cls(bsns(toeval.randrange(10_000_000)), onderwijsnummers(toeval.randrange(1_000_000)))


class Mensen:
    """Makes pupils out of lots."""

    def __init__(
        self, regio: Regio, agenda: Agenda, nummers: Nummers, klassen: dict[str, list[tuple[str, str]]]
    ) -> None:
        self._regio = regio
        self._agenda = agenda
        self._nummers = nummers
        self._klassen = klassen
        self._wissel = [school for school in regio.scholen if len(school.vestigingen) == 1 and not school.leerwegen]

    def maak(self, toeval: random.Random, nummer: int, lot: Lot) -> Leerling:
        """Make one pupil: his person, his number, the list that enters him, the school he may move to."""
        kanaal = self._agenda.lijsten(lot.school)
        leerling = Leerling(
            nummer=nummer,
            lot=lot,
            pgn=self._pgn(toeval, lot),
            nieuw_pgn=self._ander_pgn(lot),
            nieuw_pgn_vanaf=(NOOIT, 0),
            persoon={},
            gemeente_heeft_accounts=True,
            school=lot.school,
            ingevoerd=kanaal.op(kanaal.eerste + lijst_met_invoer(lot)),
        )
        self._geef_persoon(toeval, leerling)
        if lot.merk is Merk.SCHOOLWISSEL:
            leerling.nieuwe_school = toeval.choice([school for school in self._wissel if school is not lot.school])
            leerling.late_klas = self._andere_klas(toeval, leerling.nieuwe_school, lot)
        else:
            leerling.late_klas = self._andere_klas(toeval, lot.school, lot)
        return leerling

    def maak_onbekende(self, nummer: int, lot: Lot) -> Leerling:
        """Make somebody whom no school of the region knows: only his number is used, his lot is a place to stand."""
        jaar = {"overstapjaar": str(self._agenda.jaar.jaar)}
        return Leerling(nummer, lot, next(self._nummers.bsns), "", (NOOIT, 0), jaar, False, lot.school, 0)  # noqa: FBT003

    def _pgn(self, toeval: random.Random, lot: Lot) -> str:
        if lot.merk in PGN_WISSELT:
            return next(self._nummers.onderwijsnummers)
        zonder_bsn = lot.merk is Merk.GEEN and not lot.fout and toeval.random() < _BLIJFT_ONDERWIJSNUMMER
        return next(self._nummers.onderwijsnummers if zonder_bsn else self._nummers.bsns)

    def _ander_pgn(self, lot: Lot) -> str:
        if lot.fout == "pgn_niet_terug":
            return next(self._nummers.onderwijsnummers)
        return next(self._nummers.bsns) if lot.merk is not Merk.GEEN or lot.fout else ""

    def _geef_persoon(self, toeval: random.Random, leerling: Leerling) -> None:
        lot = leerling.lot
        ruim = lot.school.lijst.kent_alle_letters and lot.merk is not Merk.SCHOOLWISSEL and lot.fout != DUBBEL
        gemeente = lot.school.gemeente
        if toeval.random() > _WOONT_BIJ_SCHOOL:
            gemeente = toeval.choice(self._regio.gemeenten)
        adres, postcode = namen.adres(toeval)
        leerling.gemeente_heeft_accounts = gemeente.accounts
        leerling.persoon = {
            "achternaam": namen.achternaam(toeval, ruim=ruim),
            "voornaam": namen.voornaam(toeval, ruim=ruim),
            "tussenvoegsel": namen.tussenvoegsel(toeval),
            "geboortedatum": self._geboortedatum(toeval, lot.leerweg),
            "leerweg": lot.leerweg,
            "gemeente": gemeente.code,
            "adres": adres,
            "postcode": postcode,
            "woonplaats": gemeente.naam,
            "email": f"leerling{leerling.nummer + 1:06d}@post.example",
            "telefoon": namen.telefoon(toeval),
            "startkwalificatie": "ja" if toeval.random() < _VRIJGESTELD.get(lot.leerweg, 0) else "nee",
            "overstapjaar": str(self._agenda.jaar.jaar),
        }

    def _geboortedatum(self, toeval: random.Random, leerweg: str) -> str:
        jaren = 16 + toeval.choices(_LEEFTIJDEN, _HOE_VAAK)[0] + _OUDER.get(leerweg, 0) + toeval.random()
        return datum(self._agenda.jaar.dag(10, 1) + 365 * DAG - int(jaren * 365.25) * DAG)

    def _andere_klas(self, toeval: random.Random, school: School, lot: Lot) -> str:
        anders = [
            klas
            for klas, vestiging in self._klassen.get(school.brin, [])
            if klas != lot.klas and klas[:2] == lot.klas[:2] and vestiging == lot.vestiging
        ]
        if school is not lot.school and not anders:
            anders = [klas for klas, _ in self._klassen.get(school.brin, []) if klas != lot.klas]
        return toeval.choice(anders) if anders else ""
