"""`overstap show`: where one pupil stands now, or stood on another moment as it was known then."""

from typing import TYPE_CHECKING, Any

from overstap.adapters.cli.opties import AlsJson, PeilBekend, PeilOp, Reden, Welke

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from overstap.projections.actueel import Actueel


def toon_leerling(
    welke: Welke,
    op: PeilOp = None,
    bekend: PeilBekend = None,
    reden: Reden = None,
    als_json: AlsJson = False,
) -> None:
    """Toon waar een leerling nu staat; met --reden ook wie het is.

    Met --as-of en --known-at: waar hij en elke aanmelding op dat moment stonden, zoals dat toen bekend was.
    """
    if op is not None or bekend is not None:
        from overstap.adapters.cli.show_peiling import toon_peiling

        toon_peiling(welke, op, bekend, reden, als_json=als_json)
        return
    from overstap.adapters.beelden import leesblik, werk_bij
    from overstap.adapters.cli.cijferblad import regels_van
    from overstap.adapters.cli.fouten import geweigerd
    from overstap.adapters.cli.gesprek import zeg
    from overstap.adapters.cli.inzage import controleer, meld_inzage, persoon_van
    from overstap.adapters.cli.leerling import vind
    from overstap.adapters.cli.sessie import noemer, open_sessie
    from overstap.adapters.cli.uitvoer import in_json, schrijf_json
    from overstap.projections.actueel_tabel import lees
    from overstap.projections.werklijsten import lijsten_van, verantwoordelijke

    motief = controleer(reden) if reden is not None else None
    persoon: dict[str, str] = {}
    with open_sessie() as app:
        werk_bij(app)
        overstap = vind(app, welke)
        with leesblik(app) as cursor:
            rij = lees(cursor, overstap)
            if rij is None:
                raise geweigerd("Deze leerling is hier niet (meer) bekend.")
            lijsten = lijsten_van(rij, regels_van(app, cursor, rij.overstapjaar), app.klok())
        partij = verantwoordelijke(rij, app.klok())
        if motief is not None:
            wie = persoon_van(app, overstap, motief)
            meld_inzage(app, "show", {overstap: wie}, motief)
            persoon = dict(wie.velden()) or {"persoon": "gewist"}
        noem = noemer(app)
    if als_json:
        afgeleid = {"verantwoordelijk": partij, "werklijsten": lijsten}
        schrijf_json(in_json(rij) | afgeleid | ({"persoon": persoon} if motief is not None else {}))
        return
    _schrijf(rij, partij, lijsten, persoon, noem)
    if motief is None:
        zeg("Wie het is, blijft dicht. Geef --reden om namen te zien.")


def _schrijf(
    rij: "Actueel",
    partij: str,
    lijsten: "dict[Any, datetime]",
    persoon: dict[str, str],
    noem: "Callable[[str], str]",
) -> None:
    from overstap.adapters.cli.uitvoer import schrijf, schrijf_tabel
    from overstap.domain.woorden import moment_in_woorden
    from overstap.projections.zinnen import in_woorden

    schrijf(f"Overstap {rij.overstap}")
    schrijf()
    regels = [
        ("status", f"{in_woorden(rij.status)} sinds {moment_in_woorden(rij.sinds)}"),
        ("bekend sinds", moment_in_woorden(rij.bekend_op)),
        ("verantwoordelijk", partij),
        ("op werklijst", ", ".join(in_woorden(lijst) for lijst in lijsten)),
        ("school", f"{noem(rij.school)}, vestiging {rij.vestiging}, klas {rij.klas}, leerweg {rij.leerweg}"),
        ("gemeente", noem(rij.gemeente)),
        ("vervolgkeuze VO", in_woorden(rij.vervolgkeuze) if rij.vervolgkeuze else ""),
        ("kwalificatieplichtig tot en met", rij.kwalificatieplicht_tot or ""),
        *persoon.items(),
    ]
    schrijf_tabel("", ("", ""), [(naam, waarde) for naam, waarde in regels if waarde])
    if rij.aanmeldingen:
        schrijf()
        schrijf_tabel(
            "Aanmeldingen",
            ("#nr", "MBO", "opleiding", "status", "sinds"),
            [
                (een.nummer, noem(een.brin), een.crebo, in_woorden(een.status), moment_in_woorden(een.sinds))
                for een in rij.aanmeldingen
            ],
        )
