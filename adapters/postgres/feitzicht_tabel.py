"""Tell the database which facts each role sees: the core's own table, as rows of toegang.feitzicht."""

from typing import Any, get_args

import psycopg

from overstap.adapters.postgres.logins import groepsrol
from overstap.domain.feiten import TYPES, FeitVanAanmelding, FeitVanOverstap
from overstap.domain.rollen import Rol
from overstap.statemachine.feitzicht import feitzicht

_VAN_EEN_LEERLING = frozenset(get_args(FeitVanOverstap | FeitVanAanmelding))
_LEES = "SELECT databankrol, met_reden, feit, van_leerling, van, velden, persoonsvelden FROM toegang.feitzicht"
_SCHRIJF = "INSERT INTO toegang.feitzicht VALUES (%s, %s, %s, %s, %s, %s, %s)"

Rij = tuple[str, bool, str, bool, str, list[str], list[str]]


def rijen() -> list[Rij]:
    """Give what the table must hold, in its order."""
    gezien = (
        (groepsrol(rol), met_reden, naam, soort, zicht)
        for rol in Rol
        for met_reden in (False, True)
        for naam, soort in TYPES.items()
        if (zicht := feitzicht(rol, soort, met_reden=met_reden))
    )
    return sorted(
        (
            databankrol,
            met_reden,
            naam,
            soort in _VAN_EEN_LEERLING,
            str(zicht.van),
            sorted(zicht.velden),
            sorted(zicht.persoonsvelden),
        )
        for databankrol, met_reden, naam, soort, zicht in gezien
    )


def feitzicht_is_bij(verbinding: psycopg.Connection[Any]) -> bool:
    """Tell whether the database says of every role what this version says."""
    return sorted(map(tuple, verbinding.execute(_LEES))) == rijen()


def schrijf_feitzicht(verbinding: psycopg.Connection[Any]) -> None:
    """Let the database say what this version says, as overstap_eigenaar and in the caller's transaction."""
    if not feitzicht_is_bij(verbinding):
        verbinding.execute("DELETE FROM toegang.feitzicht")
        with verbinding.cursor() as cursor:
            cursor.executemany(_SCHRIJF, rijen())
