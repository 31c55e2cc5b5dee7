"""`overstap demo`: a whole year of a made-up region, through the real path, on a database of its own, and on screen."""

import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from overstap.adapters.cli.generate import Jaar, Leerlingen, Zaad
from overstap.adapters.cli.opties import AlsJson

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from overstap.adapters.app import App
    from overstap.adapters.cli.demoverslag import Demoverslag
    from overstap.adapters.demo import Spel, Telling
    from overstap.adapters.http.opties import Opties
    from overstap.adapters.instellingen import Instellingen
    from overstap.adapters.klok import LopendeKlok
    from overstap.adapters.postgres.databank import Databank

_LEERLINGEN = "SELECT count(*)::int FROM beeld.actueel WHERE overstapjaar = %s"


def speel_demo(  # noqa: PLR0917  # typer reads the options from the arguments
    eenmaal: Annotated[
        bool, typer.Option("--once", help="Stop na het verslag: geen scherm, volg het log niet.")
    ] = False,
    live: Annotated[
        bool, typer.Option("--live", help="Open het scherm meteen en speel het jaar terwijl u kijkt.")
    ] = False,
    leerlingen: Leerlingen = 7_000,
    jaar: Jaar = 2026,
    zaad: Zaad = 1,
    poort: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="De poort van het scherm; is die bezet, dan een andere.")
    ] = 8000,
    maand: Annotated[
        float, typer.Option("--month-seconds", min=0.01, max=3_600, help="Met --live: zo lang duurt een maand.")
    ] = 60,
    als_json: AlsJson = False,
) -> None:
    """Speel een heel schooljaar in een lege demodatabase, open het scherm en volg het log; stop met Ctrl-C."""
    from overstap.adapters.cli.fouten import verkeerd_gebruik
    from overstap.adapters.cli.gesprek import voortgang
    from overstap.adapters.cli.sessie import lees_instellingen
    from overstap.adapters.demo import Opzet, Spel, klok_voor, open_demo, schrijf_bestanden
    from overstap.adapters.http.ernaast import klaargezet

    if eenmaal and live:
        raise verkeerd_gebruik("Kies uit --once (zonder scherm) en --live (met).")
    instellingen = lees_instellingen()
    map_ = instellingen.datamap / "demo"
    with open_demo(instellingen) as databank, ExitStack() as stapel:
        bedien_nu = None if eenmaal else stapel.enter_context(klaargezet(instellingen))
        with voortgang("Bestanden schrijven", leerlingen) as balk:
            manifest = schrijf_bestanden(Opzet(leerlingen, jaar, zaad), map_, balk.zet)
        spel = Spel(manifest, map_)
        _speel(databank, instellingen, spel, alleen_inrichting=live, als_json=als_json)
        if bedien_nu is None:
            return
        klok = klok_voor(spel, maand) if live else None
        with _scherm(bedien_nu, instellingen, poort, klok, als_json=als_json):
            _volg(databank, instellingen, spel, klok, als_json=als_json)


def _speel(
    databank: "Databank", instellingen: "Instellingen", spel: "Spel", *, alleen_inrichting: bool, als_json: bool
) -> None:
    """Play the year at once and tell what came of it; or only what comes before the first pupil."""
    from overstap.adapters.app import app_op, hoofdsleutel_van
    from overstap.adapters.cli.gesprek import voortgang
    from overstap.adapters.demo import begin_van, richt_in, speel
    from overstap.adapters.klok import GezetteKlok

    klok = GezetteKlok(begin_van(spel.manifest.overstapjaar))
    with app_op(databank, hoofdsleutel_van(instellingen), instellingen, klok) as app:
        if alleen_inrichting:
            richt_in(app, klok, spel)
            return
        with voortgang("Bestanden innemen", len(spel.over)) as balk:
            telling = speel(app, klok, spel, balk.zet)
        _vertel(app, spel.manifest.overstapjaar, telling, als_json=als_json)


def _volg(
    databank: "Databank", instellingen: "Instellingen", spel: "Spel", klok: "LopendeKlok | None", *, als_json: bool
) -> None:
    """Play on as the clock runs when there is one, tell what came of it, and follow the log."""
    from overstap.adapters.app import app_op, hoofdsleutel_van
    from overstap.adapters.cli.gesprek import voortgang
    from overstap.adapters.cli.meelezen import lees_mee
    from overstap.adapters.cli.uitvoer import schrijf
    from overstap.adapters.demo import speel_mee
    from overstap.adapters.stopteken import Stopteken

    with app_op(databank, hoofdsleutel_van(instellingen), instellingen, klok) as app:
        if klok:
            with Stopteken() as stop, voortgang("Het jaar", len(spel.manifest.leveringen)) as balk:
                telling = speel_mee(app, klok, spel, stop, balk.zet)
            if telling is None:
                return
            _vertel(app, spel.manifest.overstapjaar, telling, als_json=als_json)
        if not als_json:
            schrijf(
                "Het log wordt gevolgd: wat op het scherm of met een commando gebeurt, verschijnt hier. Ctrl-C stopt."
            )
            sys.stdout.flush()
        lees_mee(app, app.log.laatste_positie(), als_json=als_json, blijf=True)


@contextmanager
def _scherm(
    bedien_nu: "Callable[[Opties], str]",
    instellingen: "Instellingen",
    poort: int,
    klok: "LopendeKlok | None",
    *,
    als_json: bool,
) -> "Iterator[None]":
    """Serve the screens, with the notary beside them as long as the `with` lasts; say where."""
    from overstap.adapters.bewijs.ernaast import notaris_ernaast
    from overstap.adapters.cli.gesprek import zeg
    from overstap.adapters.cli.uitvoer import schrijf
    from overstap.adapters.http.ernaast import zonder_ctrl_c
    from overstap.adapters.http.opties import Opties

    gevraagd = Opties(poort=poort, is_proef=True, klok=klok)
    adres = bedien_nu(gevraagd)
    with ExitStack() as stapel:
        with zonder_ctrl_c():
            stapel.enter_context(notaris_ernaast(instellingen))
        if poort and adres != gevraagd.adres:
            zeg(f"Poort {poort} is bezet; het scherm staat op een andere.")
        (zeg if als_json else schrijf)(f"\nOpen {adres}/ en kies wie u bent.")
        sys.stdout.flush()
        yield


def _vertel(app: "App", jaar: int, telling: "Telling", *, als_json: bool) -> None:
    from overstap.adapters.cli.demoverslag import schrijf_verslag
    from overstap.adapters.cli.sessie import noemer
    from overstap.adapters.cli.uitvoer import schrijf_json

    verslag = _vat_samen(app, jaar, telling)
    if als_json:
        schrijf_json(verslag)
    else:
        schrijf_verslag(verslag, noemer(app))


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
