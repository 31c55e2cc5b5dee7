"""What does it cost to look back, and what to look at a long list? In the scope of a region's regiebeheerder."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from psycopg import Cursor

from overstap.adapters.postgres.bereik import bereik_van, in_bereik
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.domain.kalender import Regels, kalender_van
from overstap.domain.redenen import ONDERWIJSREDENEN, VMBO
from overstap.domain.rollen import Actor, Rol
from overstap.projections import werklijsten
from overstap.projections.cijfers import cijfers_op
from overstap.projections.selectie import ALLEN, Selectie
from overstap.projections.werklijsten import Werklijst
from tests.benchmarks.jaarbestanden import OVERSTAPJAAR
from tests.benchmarks.meting import Rij, eigen_server, in_beurten
from tests.benchmarks.veel_leerlingen import KEREN, LEERLINGEN, NA_HET_JAAR, maak_groter, speel_een_jaar

REGELS = Regels(regio="21", overstapjaar=OVERSTAPJAAR, revisie=1, kalender=kalender_van(OVERSTAPJAAR))
KIJKER = Actor(account="meting", rol=Rol.REGIEBEHEERDER, organisatie="21", regio="21")
RONDES = 7
_PER_LIJST = 9
_NU = (Path(__file__).parent / "cijfers_actueel.sql").read_bytes()
_PARAMETERS = {
    "regio": REGELS.regio,
    "overstapjaar": OVERSTAPJAAR,
    "vmbo": [leerweg.value for leerweg in VMBO],
    "onderwijs": [reden.value for reden in ONDERWIJSREDENEN],
}


def rijen() -> list[Rij]:
    """Measure figures of a past day, and pages of worklists."""
    with eigen_server() as server:
        map_ = server.data.parent
        klein, gebeurtenissen = speel_een_jaar(server, map_, "klein")
        groot = maak_groter(server, "klein", "groot")
        return [_cijfers(groot, gebeurtenissen * KEREN), *_werklijsten(klein, groot)]


@contextmanager
def _kijk(databank: Databank) -> Iterator[Cursor[Any]]:
    with (
        databank.verbind(Login.APP) as verbinding,
        in_bereik(verbinding, bereik_van(KIJKER, NA_HET_JAAR)) as cursor,
    ):
        yield cursor


def _cijfers(databank: Databank, gebeurtenissen: int) -> Rij:
    """Count for 1 june, as known in the end, beside now."""
    with _kijk(databank) as cursor:

        def toen() -> float:
            begin = time.perf_counter()
            assert len(cijfers_op(cursor, REGELS, REGELS.kalender.voorlopig_op)) > LEERLINGEN // 100 * KEREN // 2
            return (time.perf_counter() - begin) * 1_000

        def nu() -> float:
            begin = time.perf_counter()
            cursor.execute(_NU, _PARAMETERS).fetchall()
            return (time.perf_counter() - begin) * 1_000

        ons, gewoon = in_beurten(toen, nu, rondes=RONDES)
    return Rij(
        naam=f"figures of a past day, {gebeurtenissen / 1e6:.1f} M events, and of now",
        eenheid="ms",
        onze=ons,
        referentie=gewoon,
        doel=5,
        hoogstens=True,
    )


def _werklijsten(klein: Databank, groot: Databank) -> Iterator[Rij]:
    """Ask the first and the second page of every worklist when the year is over, of all and of one gemeente."""
    with _kijk(klein) as van_klein, _kijk(groot) as van_groot:
        [(gemeente,)] = van_klein.execute(
            "SELECT mode() WITHIN GROUP (ORDER BY gemeente) FROM beeld.actueel"
        ).fetchall()
        for wie, selectie in (("all", ALLEN), ("of one gemeente", Selectie(gemeente=gemeente))):
            ons, gewoon = in_beurten(
                lambda selectie=selectie: _bladen(van_groot, selectie),  # type: ignore[misc]
                lambda selectie=selectie: _bladen(van_klein, selectie),  # type: ignore[misc]
                rondes=RONDES,
            )
            yield Rij(
                naam=f"worklist page of 50, {wie}: {LEERLINGEN * KEREN:,} and {LEERLINGEN:,} pupils",
                eenheid="ms",
                onze=ons,
                referentie=gewoon,
                doel=3,
                hoogstens=True,
            )


def _bladen(cursor: Cursor[Any], selectie: Selectie) -> float:
    """Give the milliseconds of a page, over all lists."""
    return sum(median(_blad(cursor, lijst, selectie) for _ in range(_PER_LIJST)) for lijst in Werklijst) / len(
        Werklijst
    )


def _blad(cursor: Cursor[Any], lijst: Werklijst, selectie: Selectie) -> float:
    begin = time.perf_counter()
    eerste = werklijsten.lees(cursor, lijst, REGELS, NA_HET_JAAR, selectie=selectie)
    if eerste.verder is None:
        return (time.perf_counter() - begin) * 1_000
    werklijsten.lees(cursor, lijst, REGELS, NA_HET_JAAR, selectie=selectie, na=eerste.verder)
    return (time.perf_counter() - begin) * 500
