"""Keep nobody longer than the region decided: so many months after his overstapjaar closes a person is erased."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from overstap.adapters.app import App
from overstap.adapters.postgres.logins import Login
from overstap.adapters.wissen.uitvoering import wis_personen
from overstap.adapters.wissen.verval import laat_vervallen
from overstap.adapters.wissen.wisbewijs import Wisbewijs
from overstap.adapters.wissen.wisser import Wissing
from overstap.domain.kalender import datum_in_amsterdam, maanden_later
from overstap.domain.rollen import Actor, Rol
from overstap.domain.verzoeken_wissen import WisPersoon
from overstap.domain.woorden import datum_in_woorden

_SLOT = 7305808869233650794  # advisory lock of who erases what was kept too long: one at a time
_PERSONEN = "SELECT DISTINCT stroom FROM kluis.pgn WHERE regio = %s AND overstapjaar = %s ORDER BY stroom"
_ITEMS = "SELECT item FROM kluis.wachtbak WHERE regio = %s AND overstapjaar = %s ORDER BY item"


class Verlopen(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A year whose term is over: when it closed and when the term ended, who is still there, what still waits."""

    overstapjaar: int
    gesloten_op: date
    verlopen_op: date
    procedure: str
    overstappen: tuple[UUID, ...]
    wachtbakitems: tuple[UUID, ...]


class Opgeruimd(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What came of one year: how many were erased, how many must wait (by code), how many items were given up."""

    overstapjaar: int
    gewist: int
    geweigerd: dict[str, int]
    wachtbakitems: int


def verlopen(app: App, maanden: int) -> list[Verlopen]:
    """Give the years whose term is over and of which somebody is still there."""
    vandaag = datum_in_amsterdam(app.klok())
    gevonden = []
    with app.databank.verbind(Login.SCHRIJVER) as verbinding:
        for jaar in app.kaders.jaren(app.regio):
            if jaar.regels is None or vandaag < (einde := maanden_later(jaar.regels.kalender.sluit_vanaf, maanden)):
                continue
            welke = (app.regio, jaar.overstapjaar)
            een = Verlopen(
                overstapjaar=jaar.overstapjaar,
                gesloten_op=jaar.regels.kalender.sluit_vanaf,
                verlopen_op=einde,
                procedure=jaar.regels.versie,
                overstappen=_ids(verbinding, _PERSONEN, welke),
                wachtbakitems=_ids(verbinding, _ITEMS, welke),
            )
            if een.overstappen or een.wachtbakitems:
                gevonden.append(een)
    return gevonden


def ruim_op(app: App, een: Verlopen, maanden: int, lijstmap: Path) -> Iterator[tuple[Wissing, Wisbewijs]]:
    """Erase whoever is still there of a year, and give up what still waits for a number nobody entered."""
    systeem = Actor(account="systeem", rol=Rol.SYSTEEM, organisatie=app.regio, regio=app.regio)
    reden = f"{maanden} maanden na {datum_in_woorden(een.gesloten_op)}"
    verzoek = WisPersoon(aanleiding="bewaartermijn", reden=reden)
    yield from wis_personen(app, een.overstappen, verzoek, systeem, lijstmap, procedure=een.procedure)
    with app.databank.verbind(Login.SCHRIJVER) as verbinding:
        laat_vervallen(verbinding, een.wachtbakitems, systeem, app.klok)


def vat_samen(een: Verlopen, wissingen: Sequence[Wissing]) -> Opgeruimd:
    """Say what came of one year."""
    codes = [weigering.code for wissing in wissingen for weigering in wissing.geweigerd.values()]
    return Opgeruimd(
        overstapjaar=een.overstapjaar,
        gewist=sum(gewist.positie is not None for wissing in wissingen for gewist in wissing.gewist),
        geweigerd={code: codes.count(code) for code in sorted(set(codes))},
        wachtbakitems=len(een.wachtbakitems),
    )


@contextmanager
def aan_de_beurt(app: App) -> Iterator[bool]:
    """Tell whether nobody else does this now; whoever is told so keeps others out until the end of the `with`."""
    with app.databank.verbind(Login.SCHRIJVER) as verbinding:
        [(is_vrij,)] = verbinding.execute("SELECT pg_try_advisory_lock(%s)", (_SLOT,)).fetchall()
        yield bool(is_vrij)


def _ids(verbinding: psycopg.Connection[Any], vraag: str, welke: tuple[str, int]) -> tuple[UUID, ...]:
    return tuple(een for (een,) in verbinding.execute(vraag.encode(), welke))
