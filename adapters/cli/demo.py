"""`overstap demo`: a whole year of a made-up region, through the real path, on a database of its own."""

from typing import TYPE_CHECKING, Annotated

import typer

from overstap.adapters.cli.generate import Jaar, Leerlingen, Zaad
from overstap.adapters.cli.opties import AlsJson

if TYPE_CHECKING:
    from overstap.adapters.app import App
    from overstap.adapters.cli.demoverslag import Demoverslag
    from overstap.adapters.demo import Telling

_LEERLINGEN = "SELECT count(*)::int FROM beeld.actueel WHERE overstapjaar = %s"


def speel_demo(
    eenmaal: Annotated[bool, typer.Option("--once", help="Stop na het verslag; volg het log niet.")] = False,
    leerlingen: Leerlingen = 7_000,
    jaar: Jaar = 2026,
    zaad: Zaad = 1,
    als_json: AlsJson = False,
) -> None:
    """Speel een heel schooljaar in een lege demodatabase en volg daarna het log; stop met Ctrl-C."""
    from overstap.adapters.cli.demoverslag import schrijf_verslag
    from overstap.adapters.cli.gesprek import voortgang, zeg
    from overstap.adapters.cli.meelezen import lees_mee
    from overstap.adapters.cli.sessie import lees_instellingen, noemer
    from overstap.adapters.cli.uitvoer import schrijf_json
    from overstap.adapters.demo import Opzet, begin_van, open_demo, schrijf_bestanden, speel

    instellingen = lees_instellingen()
    map_ = instellingen.datamap / "demo"
    with open_demo(instellingen, begin_van(jaar)) as (app, klok):
        with voortgang("Bestanden schrijven", leerlingen) as balk:
            manifest = schrijf_bestanden(Opzet(leerlingen, jaar, zaad), map_, balk.zet)
        with voortgang("Bestanden innemen", len(manifest.leveringen)) as balk:
            telling = speel(app, klok, manifest, map_, balk.zet)
        verslag = _vat_samen(app, jaar, telling)
        if als_json:
            schrijf_json(verslag)
        else:
            schrijf_verslag(verslag, noemer(app))
        if not eenmaal:
            zeg("Het log wordt gevolgd; wat andere commando's vastleggen, verschijnt hier. Stop met Ctrl-C.")
            lees_mee(app, app.log.laatste_positie(), als_json=als_json, blijf=True)


def _vat_samen(app: "App", jaar: int, telling: "Telling") -> "Demoverslag":
    from overstap.adapters.beelden import leesblik
    from overstap.adapters.cli.cijferblad import regels_van, vul_in
    from overstap.adapters.cli.demoverslag import maak_verslag
    from overstap.projections.werklijsten import omvang

    with leesblik(app) as cursor:
        regels = regels_van(app, cursor, jaar)
        kalender = regels.kalender
        bladen = [
            vul_in(app, cursor, regels, op, app.klok())
            for op in (kalender.aanmelddatum, kalender.voorlopig_op, kalender.meting_op)
        ]
        werklijsten = omvang(cursor, regels, app.klok())
        [(leerlingen,)] = cursor.execute(_LEERLINGEN, (jaar,)).fetchall()
    return maak_verslag(leerlingen, telling, bladen, werklijsten)
