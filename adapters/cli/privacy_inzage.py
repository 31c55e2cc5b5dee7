"""What is known of a pupil, all years together, as he may have it: data, what happened in words, and who looked."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from overstap.adapters.app import App
from overstap.adapters.beelden import leesblik
from overstap.adapters.cli.inzage import meld_inzage, open_tekst, personen_van
from overstap.adapters.cli.sessie import noemer
from overstap.adapters.cli.uitvoer import in_json, schrijf, schrijf_tabel, schrijf_verhaal
from overstap.adapters.toegangslog_lezen import Inzage, van_leerling
from overstap.domain.feiten import Verzegeld, naam_van
from overstap.domain.feiten.overstap import OverstapOpgevoerd, PersoonsgegevensGewijzigd, PgnVervangen
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.woorden import moment_in_woorden
from overstap.projections.actueel_tabel import lees
from overstap.projections.tijdlijn import Regel, vertel
from overstap.projections.zinnen import in_woorden

_ALLE_JAREN = """
SELECT a.overstap FROM beeld.actueel AS a
 WHERE a.leerling = (SELECT b.leerling FROM beeld.actueel AS b WHERE b.overstap = %s) ORDER BY a.overstapjaar
"""


class Vastgelegd(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One value of the person as it was recorded at some moment; None where the key is gone."""

    op: datetime
    veld: str
    waarde: str | None


class Jaardossier(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """All that is known of the pupil in one overstapjaar; of who was erased nothing of the person is left."""

    overstap: UUID
    overstapjaar: int
    is_gewist: bool
    persoon: dict[str, str]
    gegevens_door_de_tijd: list[Vastgelegd]
    stand: dict[str, Any]
    geschiedenis: list[Regel]
    inzagen: list[Inzage]


def verzamel(app: App, overstap: UUID, motief: str) -> list[Jaardossier]:
    """Gather it, the earliest year first; that it was gathered is in the log of access, and so in the answer.

    Raises:
        Afgebroken: when the reason names the pupil.

    """
    with leesblik(app) as cursor:
        overstappen = [een for (een,) in cursor.execute(_ALLE_JAREN, (overstap,))]
    personen = personen_van(app, overstappen, motief)
    meld_inzage(app, "privacy-export", {een: personen[een] for een in overstappen}, motief)
    stromen = app.log.laad(overstappen)
    dossiers = []
    with leesblik(app, motief) as cursor:
        for een in overstappen:
            rij = lees(cursor, een)
            if rij is None:
                continue
            persoon = dict(personen[een].velden())
            dossiers.append(
                Jaardossier(
                    overstap=een,
                    overstapjaar=rij.overstapjaar,
                    is_gewist=not persoon,
                    persoon=persoon,
                    gegevens_door_de_tijd=[waarde for g in stromen[een] for waarde in _waarden(app, g)],
                    stand=in_json(rij),
                    geschiedenis=vertel(stromen[een], open_tekst(app), noemer(app)),
                    inzagen=van_leerling(cursor, een),
                )
            )
    return dossiers


def _waarden(app: App, gebeurtenis: Gebeurtenis) -> list[Vastgelegd]:
    match gebeurtenis.feit:
        case OverstapOpgevoerd(persoon=velden) | PersoonsgegevensGewijzigd(persoon=velden):
            verzegeld: dict[str, Verzegeld] = velden
        case PgnVervangen(pgn=pgn):
            verzegeld = {"pgn": pgn}
        case _:
            return []
    naam, stroom = naam_van(gebeurtenis.feit), gebeurtenis.originator_id
    op = gebeurtenis.vastgelegd_op or gebeurtenis.gebeurd_op
    return [
        Vastgelegd(op=op, veld=veld, waarde=app.kluis.open(stroom, naam, veld, zegel))
        for veld, zegel in verzegeld.items()
    ]


def schrijf_dossiers(app: App, dossiers: list[Jaardossier]) -> None:
    """Write it for a person to read."""
    noem = noemer(app)
    for een in dossiers:
        schrijf(f"Overstapjaar {een.overstapjaar}, overstap {een.overstap}")
        schrijf()
        if een.is_gewist:
            schrijf("Wie dit was, is gewist. Wat hieronder staat, zegt niet meer over wie het gaat.")
        schrijf_tabel("Wie u bent", ("", ""), list(een.persoon.items()))
        schrijf()
        schrijf_tabel(
            "Wat er over u is vastgelegd, en wanneer",
            ("vastgelegd", "gegeven", "waarde"),
            [(moment_in_woorden(w.op), w.veld, w.waarde or "(gewist)") for w in een.gegevens_door_de_tijd],
        )
        schrijf()
        schrijf_verhaal("Wat er gebeurde", een.geschiedenis)
        schrijf()
        schrijf_tabel(
            "Wie keek, en waarom",
            ("wanneer", "rol", "organisatie", "wat", "uitkomst", "reden"),
            [
                (
                    moment_in_woorden(inzage.op),
                    in_woorden(inzage.rol),
                    noem(inzage.organisatie),
                    inzage.handeling,
                    inzage.uitkomst,
                    inzage.reden,
                )
                for inzage in een.inzagen
            ],
        )
        schrijf()
