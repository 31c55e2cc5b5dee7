"""Spells pupil lists as schools export them: each its own separator, code page, column order and words."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

_KOPPEN: dict[str, tuple[str, ...]] = {
    "pgn": ("PGN", "BSN", "Burgerservicenummer", "burger_service_nummer", "Onderwijsnummer", "pgn"),
    "achternaam": ("Achternaam", "ACHTERNAAM", "achternaam"),
    "voornaam": ("Voornaam", "Roepnaam", "roep_naam", "VOORNAAM"),
    "tussenvoegsel": ("Tussenvoegsel", "Voorvoegsel", "tussen voegsel"),
    "geboortedatum": ("Geboortedatum", "geboorte_datum", "Geboorte datum", "GEBOORTEDATUM"),
    "leerweg": ("Leerweg", "Niveau", "leerweg"),
    "klas": ("Klas", "KLAS", "klas"),
    "gemeente": ("Gemeente", "Gemeentecode", "gemeente.code"),
    "brin": ("BRIN", "Brin"),
    "vestiging": ("Vestiging", "vestiging"),
    "adres": ("Adres", "adres"),
    "postcode": ("Postcode", "post code"),
    "woonplaats": ("Woonplaats", "WOONPLAATS"),
    "email": ("Email", "e_mail", "EMAIL"),
    "telefoon": ("Telefoon", "telefoon"),
    "startkwalificatie": ("Startkwalificatie", "Vrijgesteld", "start_kwalificatie"),
    "overstapjaar": ("Overstapjaar", "overstap jaar"),
}
_ALTIJD = ("pgn", "achternaam", "voornaam", "tussenvoegsel", "geboortedatum", "leerweg", "klas", "gemeente")
_SOMS = ("brin", "adres", "postcode", "woonplaats", "email", "telefoon", "overstapjaar")
# Shares of schools.
_KOLOM, _DOOR_BEHEERDER, _PUNTKOMMA, _AANHALINGSTEKENS = 0.6, 0.8, 0.7, 0.15
_LEERWEGEN: dict[str, tuple[str, ...]] = {
    "bb": ("bb", "basis", "BB"),
    "kb": ("kb", "kader", "KB"),
    "tl": ("tl", "gl/tl", "g/t", "TL"),
    "havo": ("havo", "havo-4", "havo-3"),
}
_DATUMVORMEN = ("31-12-2009", "31/12/2009", "2009-12-31")


@dataclass(frozen=True, slots=True)
class Lijstvorm:
    """How one school's administration exports its pupils."""

    rol: str
    scheiding: str
    codering: str
    datumvorm: str
    regeleinde: str
    alles_tussen_aanhalingstekens: bool
    kolommen: tuple[tuple[str, str], ...]  # (our name, the school's header)
    leerwegen: Mapping[str, str]

    @property
    def kent_alle_letters(self) -> bool:
        """Tell whether names with letters outside Windows-1252 survive this export."""
        return self.codering != "cp1252"

    def heeft(self, veld: str) -> bool:
        """Tell whether this export has a column of that name."""
        return any(naam == veld for naam, _ in self.kolommen)

    def kopregel(self) -> str:
        """Spell the header."""
        return self._regel([kop for _, kop in self.kolommen])

    def regel(self, velden: Mapping[str, str]) -> str:
        """Spell one pupil: `geboortedatum` comes as 2009-12-31, `leerweg` as our own word."""
        return self._regel([self._spel(veld, velden.get(veld, "")) for veld, _ in self.kolommen])

    def _spel(self, veld: str, waarde: str) -> str:
        if veld == "leerweg":
            return self.leerwegen.get(waarde, waarde)
        if veld == "geboortedatum" and self.datumvorm != _DATUMVORMEN[-1]:
            jaar, maand, dag = waarde.split("-")
            return f"{dag}{self.datumvorm[2]}{maand}{self.datumvorm[2]}{jaar}"
        return waarde

    def _regel(self, waarden: list[str]) -> str:
        return csv_regel(waarden, self.scheiding, overal=self.alles_tussen_aanhalingstekens)


def csv_regel(waarden: list[str], scheiding: str, *, overal: bool = False) -> str:
    """Join values to one line of CSV, quoting where the separator or a quote stands in one, or everywhere."""
    return scheiding.join(
        _aangehaald(waarde) if overal or scheiding in waarde or '"' in waarde else waarde for waarde in waarden
    )


def _aangehaald(waarde: str) -> str:
    return '"' + waarde.replace('"', '""') + '"'


def kies_lijstvorm(toeval: random.Random, *, meer_vestigingen: bool) -> Lijstvorm:
    """Draw the export of one school: with a column for the vestiging where it has more than one."""
    velden = [*_ALTIJD, *(veld for veld in _SOMS if toeval.random() < _KOLOM), "startkwalificatie"]
    if meer_vestigingen:
        velden.append("vestiging")
    toeval.shuffle(velden)
    return Lijstvorm(
        rol="vo_beheerder" if toeval.random() < _DOOR_BEHEERDER else "decaan",
        scheiding=";" if toeval.random() < _PUNTKOMMA else ",",
        codering=toeval.choices(("cp1252", "utf-8", "utf-8-sig"), (40, 35, 25))[0],
        datumvorm=toeval.choice(_DATUMVORMEN),
        regeleinde=toeval.choice(("\r\n", "\n")),
        alles_tussen_aanhalingstekens=toeval.random() < _AANHALINGSTEKENS,
        kolommen=tuple((veld, toeval.choice(_KOPPEN[veld])) for veld in velden),
        leerwegen={leerweg: toeval.choice(woorden) for leerweg, woorden in _LEERWEGEN.items()},
    )
