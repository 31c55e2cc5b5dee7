"""A request with valid content for every step of both charts, in whatever state the pupil is."""

from collections.abc import Iterator
from datetime import datetime

from msgspec.structs import replace

from overstap.domain import verzoeken as v
from overstap.domain.kalender import datum_in_amsterdam
from overstap.domain.overstap import Overstap
from tests.statemachine.gegeven import ZEGEL
from tests.statemachine.tafel import KAART_1, KAART_2, stap_van

STAPPEN_1 = tuple(dict.fromkeys(map(stap_van, KAART_1)))
STAPPEN_2 = tuple(dict.fromkeys(map(stap_van, KAART_2)))


def geldige_verzoeken(stap: str, overstap: Overstap, nu: datetime) -> Iterator[v.Verzoek]:
    """Give the requests for a step that could be granted: of chart 1, one for each aanmelding it could be about."""
    if stap == "schakel_leerplicht_in":
        yield v.SchakelLeerplichtIn(overleg=v.Overleg(contact=ZEGEL, overleg_datum=datum_in_amsterdam(nu)))
    elif stap == "schrijf_uit":
        yield v.SchrijfUit(reden="overleden")
    elif stap in STAPPEN_2:
        yield KAART_2[stap].verzoek
    else:
        for aanmelding in overstap.aanmeldingen:
            verwijzing = v.AanmeldingVerwijzing(nummer=aanmelding.nummer)
            yield from (
                replace(rij.verzoek, aanmelding=verwijzing) for naam, rij in KAART_1.items() if stap_van(naam) == stap
            )
