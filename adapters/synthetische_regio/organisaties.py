"""Invents the institutions of the region: its schools, MBO's, gemeenten and samenwerkingsverbanden."""

import random
from dataclasses import dataclass, field
from itertools import product

from overstap.adapters.synthetische_regio.lijsten import Lijstvorm, kies_lijstvorm
from overstap.adapters.synthetische_regio.namen import PLAATSEN, SCHOOLNAMEN

REGIO = "21"
MEESTE_SCHOLEN = 62
_LEERLINGEN_PER_SCHOOL_MINSTENS = 25
_SPECIAAL_VANAF = 20  # fewer schools than this, and each takes every leerweg
_TWEE_VESTIGINGEN = 3  # of every five schools the fourth
_MET_LATE_LIJST = 7  # of every ten schools the first seven
_SCHOOLSOORTEN = ("Lyceum", "College", "Vakschool", "Scholengemeenschap")
_SPECIALE = {"pro": ("pro", "pro", "pro"), "vso": ("vso",), "isk": ("isk",), "vavo": ("vavo",)}
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

# Of each MBO: name, koppeling, accounts, weight, how its pages are written, its own codes on top of the standard.
_MBOS: tuple[tuple[str, bool, bool, int, str, dict[str, str]], ...] = (
    ("ROC Drieluik", True, True, 30, "omhulsel", {}),
    ("MBO Getijdenhaven", True, True, 18, "slordig", {}),
    ("ROC Lichtkogel", True, True, 15, "reeks", {"intake_gepland": "UI", "wachtlijst": "WA"}),
    ("Vakcollege Smeltkroes", True, True, 9, "reeks_bom", {}),
    ("MBO Zilverdraad", True, True, 8, "regels", {"nader_onderzoek": "EX"}),
    ("ROC Overzet", True, True, 6, "omhulsel", {}),
    ("Ambachtsschool Passer en Winkelhaak", False, True, 8, "", {}),
    ("Instituut Kleine Beurs", False, False, 6, "", {}),
)
BUITEN_REGIO = ("98BA", "98BB", "98BC", "98BD", "98BE")
STANDAARDCODES = {
    "aangemeld": "AO",
    "intake_gepland": "IG",
    "nader_onderzoek": "NO",
    "intake_afgerond": "IA",
    "wachtlijst": "WL",
    "voorlopig_geplaatst": "PB",
    "definitief_geplaatst": "IS",
    "gestart": "ST",
    "afgewezen": "LI",
    "ingetrokken": "IT",
    "niet_verschenen": "NV",
    "onderbroken": "OB",
}


@dataclass(frozen=True, slots=True)
class Gemeente:
    """A gemeente: where pupils live, and who handles leerplicht for them when it has accounts."""

    code: str
    naam: str
    accounts: bool


@dataclass(frozen=True, slots=True)
class Samenwerkingsverband:
    """A partnership of schools."""

    oin: str
    naam: str


@dataclass(frozen=True, slots=True)
class School:
    """A VO school: `leerwegen` is empty when it takes them all."""

    nummer: int
    brin: str
    naam: str
    gemeente: Gemeente
    verband: Samenwerkingsverband
    leerwegen: tuple[str, ...]
    vestigingen: tuple[str, ...]
    gewicht: float
    late_lijst: bool
    lijst: Lijstvorm

    def decaan(self, vestiging: str) -> str:
        """Name the account of the decaan for one vestiging."""
        return f"decaan-{self.brin.lower()}-{self.vestigingen.index(vestiging) + 1}"

    def mentor(self, klas: str) -> str:
        """Name the account of a class's mentor."""
        return f"mentor-{self.brin.lower()}-{klas.lower()}"

    @property
    def beheerder(self) -> str:
        """Name the account of the school's administrator."""
        return f"beheer-{self.brin.lower()}"


@dataclass(frozen=True, slots=True)
class Mbo:
    """An MBO of the region: `vorm` is how its system writes pages, `codes` how it names a status."""

    brin: str
    naam: str
    gemeente: Gemeente
    koppeling: bool
    accounts: bool
    gewicht: int
    vorm: str
    eigen_codes: dict[str, str]
    crebos: tuple[str, ...]
    codes: dict[str, str] = field(default_factory=dict)

    @property
    def achtervoegsel(self) -> str:
        """Give the ending of its files' names."""
        return ".ndjson" if self.vorm == "regels" else ".json"

    @property
    def intaker(self) -> str:
        """Name the account of its intaker."""
        return f"intaker-{self.brin.lower()}-1"

    @property
    def beheerder(self) -> str:
        """Name the account of its administrator."""
        return f"beheer-{self.brin.lower()}"


@dataclass(frozen=True, slots=True)
class Regio:
    """Every institution of the region."""

    code: str
    scholen: tuple[School, ...]
    mbos: tuple[Mbo, ...]
    gemeenten: tuple[Gemeente, ...]
    verbanden: tuple[Samenwerkingsverband, ...]


def aantal_scholen(leerlingen: int) -> int:
    """Give how many schools this many pupils fill: 62 from 1,550 pupils on, never fewer than two."""
    return max(2, min(MEESTE_SCHOLEN, leerlingen // _LEERLINGEN_PER_SCHOOL_MINSTENS))


def verzin_regio(toeval: random.Random, leerlingen: int) -> Regio:
    """Invent the region for a number of pupils; no real school, gemeente or number appears in it."""
    gemeenten = tuple(
        Gemeente(f"{9901 + nummer}", naam, accounts=nummer != len(PLAATSEN) - 1) for nummer, naam in enumerate(PLAATSEN)
    )
    verbanden = tuple(
        Samenwerkingsverband(f"000000099000000000{nummer}0", f"Samenwerkingsverband {naam}")
        for nummer, naam in enumerate(("Noorderdijk", "Middenwater", "Zuidzoom"), start=1)
    )
    return Regio(REGIO, _scholen(toeval, leerlingen, gemeenten, verbanden), _mbos(gemeenten), gemeenten, verbanden)


def _scholen(
    toeval: random.Random,
    leerlingen: int,
    gemeenten: tuple[Gemeente, ...],
    verbanden: tuple[Samenwerkingsverband, ...],
) -> tuple[School, ...]:
    aantal = aantal_scholen(leerlingen)
    namen = [f"{soort} {naam}" for soort, naam in product(_SCHOOLSOORTEN, SCHOOLNAMEN)]
    toeval.shuffle(namen)
    speciaal = [leerweg for soorten in _SPECIALE.values() for leerweg in soorten] if aantal >= _SPECIAAL_VANAF else []
    scholen = []
    for nummer in range(aantal):
        vestigingen = ("00", "01") if nummer % 5 == _TWEE_VESTIGINGEN else ("00",)
        leerweg = speciaal[nummer - aantal + len(speciaal)] if nummer >= aantal - len(speciaal) else ""
        scholen.append(
            School(
                nummer=nummer,
                brin=f"90{_LETTERS[nummer // 26]}{_LETTERS[nummer % 26]}",
                naam=namen[nummer],
                gemeente=gemeenten[nummer % len(gemeenten)],
                verband=verbanden[nummer % len(verbanden)],
                leerwegen=(leerweg,) if leerweg else (),
                vestigingen=vestigingen,
                gewicht=toeval.uniform(0.6, 1.5),
                late_lijst=nummer % 10 < _MET_LATE_LIJST,
                lijst=kies_lijstvorm(toeval, meer_vestigingen=len(vestigingen) > 1),
            )
        )
    return tuple(scholen)


def _mbos(gemeenten: tuple[Gemeente, ...]) -> tuple[Mbo, ...]:
    return tuple(
        Mbo(
            brin=f"99M{_LETTERS[nummer]}",
            naam=naam,
            gemeente=gemeenten[nummer * 2],
            koppeling=koppeling,
            accounts=accounts,
            gewicht=gewicht,
            vorm=vorm,
            eigen_codes=eigen,
            crebos=tuple(f"{29_000 + 100 * nummer + volgnummer * 3:05d}" for volgnummer in range(25)),
            codes=STANDAARDCODES | eigen,
        )
        for nummer, (naam, koppeling, accounts, gewicht, vorm, eigen) in enumerate(_MBOS)
    )
