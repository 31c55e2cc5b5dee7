"""`overstap sluit-jaar`: close the overstappen that reached an end, then the year."""

from overstap.adapters.cli.open_jaar import Overstapjaar
from overstap.adapters.cli.opties import AlsJson


def sluit_overstapjaar(overstapjaar: Overstapjaar, als_json: AlsJson = False) -> None:
    """Sluit een overstapjaar, na de meting van 1 oktober. Nog eens sluiten pakt wie intussen klaar is."""
    from overstap.adapters.beelden import werk_bij
    from overstap.adapters.cli.gesprek import voortgang
    from overstap.adapters.cli.sessie import aanvraag, eis, open_sessie
    from overstap.adapters.cli.uitvoer import schrijf, schrijf_json
    from overstap.adapters.jaarwisseling import klaar_voor_sluiting, sluit_jaar

    with open_sessie() as app:
        werk_bij(app)
        klaar = klaar_voor_sluiting(app, overstapjaar)
        with voortgang("Sluiten", len(klaar)) as balk:
            uitslag = eis(sluit_jaar(app, overstapjaar, klaar, aanvraag(app), balk.zet))
        werk_bij(app)
    if als_json:
        schrijf_json({"overstapjaar": overstapjaar, "afgesloten": uitslag.afgesloten, "geweigerd": uitslag.geweigerd})
    else:
        schrijf(f"Overstapjaar {overstapjaar}: {uitslag.afgesloten} overstappen afgesloten.")
