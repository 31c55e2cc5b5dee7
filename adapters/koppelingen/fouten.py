"""Why one line, or a whole file, cannot be used: a code and a Dutch sentence that never hold a value of the line."""

from overstap.domain.weigering import Weigering, weiger


class Onbruikbaar(Exception):
    """Raised while a line is read; carries the refusal, and never what was read."""

    def __init__(self, weigering: Weigering) -> None:
        super().__init__(weigering.code)
        self.weigering = weigering


def veld_ontbreekt(veld: str) -> Weigering:
    """Refuse: a required field is empty or absent."""
    return weiger("veld_ontbreekt", f"Het veld {veld} ontbreekt.", f"Vul {veld} in.")


def veld_ongeldig(veld: str, vorm: str) -> Weigering:
    """Refuse: a field does not have its form; vorm says which that is."""
    return weiger("veld_ongeldig", f"Het veld {veld} is niet geldig: {vorm}.", f"Verbeter {veld}.")


def datum_ongeldig(veld: str) -> Weigering:
    """Refuse: a date that is none, or does not exist."""
    return weiger(
        "datum_ongeldig", f"De datum in {veld} bestaat niet.", "Schrijf een datum als 31-12-2009 of 2009-12-31."
    )


def andere_organisatie(wat: str) -> Weigering:
    """Refuse: the line belongs to another organisation."""
    return weiger("andere_organisatie", f"{wat} hoort bij een andere organisatie.", "Lever alleen eigen regels aan.")


REGEL_TE_LANG = weiger("regel_te_lang", "De regel is langer dan 65.536 bytes.", "Kort de regel in.")
REGEL_ONLEESBAAR = weiger("regel_onleesbaar", "De regel is niet te lezen.", "Controleer aanhalingstekens en haakjes.")
CODERING_ONGELDIG = weiger(
    "codering_ongeldig", "De regel bevat tekens die geen UTF-8 of Windows-1252 zijn.", "Sla het bestand op als UTF-8."
)
PGN_ONGELDIG = weiger("pgn_ongeldig", "Het persoonsgebonden nummer klopt niet (elfproef).", "Controleer het nummer.")
ANDER_BERICHT = weiger(
    "andere_inhoud",
    "Dit wijzigingsvolgnummer is bij dit ketenId al gebruikt voor een ander bericht.",
    "Stuur de wijziging onder een nieuw, hoger wijzigingsvolgnummer.",
)
GEEN_JAAR = weiger(
    "geen_jaar", "Er is geen open overstapjaar voor deze regel.", "Vraag de regiebeheerder het jaar te openen."
)
ONBEKENDE_ORGANISATIE = weiger(
    "onbekende_organisatie", "Deze organisatie is hier niet bekend.", "Laat de regiebeheerder haar opnemen."
)
AFGEBROKEN = weiger(
    "bestand_afgebroken", "Het bestand houdt hier midden in een regel op.", "Lever het hele bestand opnieuw aan."
)
BESTAND_LEEG = weiger("bestand_leeg", "Het bestand is leeg.", "Lever een bestand met regels aan.")
BESTAND_BINAIR = weiger(
    "bestand_onleesbaar", "Dit is geen tekstbestand.", "Lever het aan als CSV, TOML, JSON of NDJSON, niet als werkblad."
)
BESTAND_UTF16 = weiger(
    "codering_ongeldig", "Dit bestand is opgeslagen als UTF-16.", "Sla het op als UTF-8 en lever het opnieuw aan."
)
SOORT_ONBEKEND = weiger(
    "bestand_onleesbaar", "Aan naam en inhoud is niet te zien wat dit voor bestand is.", "Controleer de kopregel."
)
