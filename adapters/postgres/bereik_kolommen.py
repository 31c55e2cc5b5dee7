"""What a role reads of a pupil's row: which columns of the read models belong to which group of fields."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from uuid import UUID

import psycopg
from psycopg.sql import SQL, Composed, Identifier

from overstap.domain.persoon import PERSOONSGROEPEN
from overstap.domain.rollen import Rol
from overstap.statemachine.veldgroepen import Veldgroep, zichtbare_groepen

SLEUTELS = ("overstap", "regio", "overstapjaar", "leerling", "versie", "gewist_op")
"""Which row it is, and whether it says who that is: for every role for which the pupil exists."""
KOLOMMEN: Mapping[Veldgroep, tuple[str, ...]] = {
    Veldgroep.SCHOOL: ("school", "vestiging", "klas", "leerweg", "opgevoerd_op", "overdracht_naar"),
    Veldgroep.GEMEENTE: ("gemeente", "nieuwe_gemeente"),
    Veldgroep.PGN: ("soort_pgn",),
    Veldgroep.STATUS: ("status", "sinds", "bekend_op", "kwalificatieplicht_tot"),
    Veldgroep.ANDERE_AANMELDINGEN: (
        "aanmeldingen",
        "mbos",
        "aantal_aanmeldingen",
        "aantal_actief",
        "beste_nummer",
        "beste_brin",
        "beste_crebo",
        "beste_status",
        "beste_rang",
        "beste_sinds",
        "hoogste_rang",
        "laatste_bericht_op",
    ),
    Veldgroep.REDEN: ("vervolgkeuze", "vervolgkeuze_brin", "afsluiting", "uitschrijving"),
    Veldgroep.OVERLEG: ("overleg_datum",),
    Veldgroep.LEERPLICHT: (
        "leerplicht_sinds",
        "leerplicht_afgehandeld_op",
        "leerplicht_uitkomst",
        "leerplicht_klaar_op",
        "leerplicht_ziet_tot",
    ),
    Veldgroep.WARME_OVERDRACHT: ("warme_overdracht", "warme_overdracht_bekend_op", "ddd_status"),
    Veldgroep.SIGNALEN: (
        "laatste_op",
        "niet_aangemeld_sinds",
        "zonder_plaats_sinds",
        "niveau_gedaald_op",
        "niveau_van",
        "alle_beeindigd_op",
        "niet_verschenen_op",
        "tegenstrijdig_op",
        "signalen",
    ),
}
"""The columns of actueel by group. The database grants them so; a test holds the two together."""
BIJ_MBO = ("eigen_aanmeldingen", "elders_geplaatst")
"""What an MBO gets instead of the aanmeldingen of all (toegang.bij_mbo)."""


def kolommen_van(rol: Rol) -> tuple[str, ...]:
    """Name the columns of actueel that a role may read, none when no pupil exists for it."""
    groepen = zichtbare_groepen(rol, met_reden=True)
    return (*SLEUTELS, *(naam for groep in KOLOMMEN if groep in groepen for naam in KOLOMMEN[groep])) if groepen else ()


@cache
def leesvraag(rol: Rol) -> Composed:
    """Give `SELECT ... FROM ... AS a` with all that a role may know of a pupil who exists for it; a WHERE may follow.

    Its columns are `kolommen_van(rol)`, of an MBO with BIJ_MBO; leerplicht_ziet_tot is NULL while there is no end.
    """
    kolommen = [
        SQL("nullif(a.{0}, 'infinity') AS {0}" if naam == "leerplicht_ziet_tot" else "a.{}").format(Identifier(naam))
        for naam in kolommen_van(rol)
    ]
    groepen = zichtbare_groepen(rol)
    bij_mbo = SQL("")
    if Veldgroep.EIGEN_AANMELDINGEN in groepen and Veldgroep.ANDERE_AANMELDINGEN not in groepen:
        kolommen += [SQL("m.{}").format(Identifier(naam)) for naam in BIJ_MBO]
        bij_mbo = SQL(" CROSS JOIN LATERAL toegang.bij_mbo(a.overstap) AS m")
    return SQL("SELECT {} FROM beeld.actueel AS a{}").format(SQL(", ").join(kolommen), bij_mbo)


@cache
def personenvraag(rol: Rol) -> Composed:
    """Give `SELECT overstap, velden, verpakt FROM ... AS p` of who exists for a role; a WHERE may follow.

    velden maps each sealed field that is the role's to [name of the fact it was sealed for, ciphertext]; verpakt is the
    wrapped data key, NULL when the person was erased. Not for a role that has no field of a person.
    """
    groepen = zichtbare_groepen(rol, met_reden=True)
    velden = SQL(" || ").join(
        SQL("p.{}").format(Identifier(groep)) for groep in PERSOONSGROEPEN if Veldgroep(groep) in groepen
    )
    # A sub-select, not a join: its condition reaches the index below the view, so one key is looked up for each pupil.
    return SQL(
        "SELECT p.overstap, {} AS velden, "
        "(SELECT k.verpakt FROM toegang.datasleutels AS k WHERE k.stroom = p.overstap) AS verpakt "
        "FROM beeld.persoonsgegevens AS p"
    ).format(velden)


@cache
def inzagevraag(rol: Rol, *, met_persoon: bool) -> bytes:
    """Give the query of one pupil, by its number: versie, velden and verpakt, the last two as personenvraag has them.

    They are NULL without met_persoon, and of a person who was erased.
    """
    if not met_persoon:
        return b"SELECT a.versie, NULL, NULL FROM beeld.actueel AS a WHERE a.overstap = %s"
    return (
        SQL("SELECT a.versie, v.velden, v.verpakt FROM beeld.actueel AS a LEFT JOIN LATERAL (")
        + personenvraag(rol)
        + SQL(" WHERE p.overstap = a.overstap) AS v ON true WHERE a.overstap = %s")
    ).as_bytes()


Verzegelde = tuple[UUID, dict[str, tuple[str, str]], bytes | None]
"""A pupil's sealed fields, and the key that opens them."""


def lees_verzegelden(cursor: psycopg.Cursor[Any], rol: Rol, overstappen: Iterable[UUID]) -> list[Verzegelde]:
    """Read the sealed fields and the key of these pupils, as far as they exist for the role in whose scope we read."""
    vraag = personenvraag(rol) + SQL(" WHERE p.overstap = ANY(%s)")
    return cursor.execute(vraag, (list(overstappen),)).fetchall()
