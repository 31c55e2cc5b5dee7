"""`overstap counts`: how the region stands on a day, against the norms."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from overstap.adapters.cli.opties import AlsJson, BekendOp, BepaaldJaar, Op

if TYPE_CHECKING:
    from collections.abc import Callable

    from overstap.adapters.cli.cijferblad import Blad


class Splitsing(StrEnum):
    """By what the figures can be split."""

    SCHOOL = "school"
    MBO = "mbo"
    GEMEENTE = "gemeente"
    LEERWEG = "leerweg"


def tel(
    op: Op = None,
    bekend_op: BekendOp = None,
    per: Annotated[Splitsing | None, typer.Option(help="Splits de cijfers.")] = None,
    jaar: BepaaldJaar = None,
    als_json: AlsJson = False,
) -> None:
    """Toon de cijfers van de regio op een dag, naast de normen en vorig jaar."""
    from overstap.adapters.beelden import leesblik, werk_bij
    from overstap.adapters.cli.cijferblad import regels_van, vul_in
    from overstap.adapters.cli.opties import lees_dag, lees_moment
    from overstap.adapters.cli.sessie import noemer, open_sessie
    from overstap.adapters.cli.uitvoer import schrijf_json
    from overstap.domain.kalender import datum_in_amsterdam

    dag = lees_dag(op) if op else None
    moment = lees_moment(bekend_op) if bekend_op else None
    with open_sessie() as app:
        werk_bij(app)
        with leesblik(app) as cursor:
            regels = regels_van(app, cursor, jaar)
            nu = app.klok()
            blad = vul_in(app, cursor, regels, dag or datum_in_amsterdam(nu), moment or nu)
        noem = noemer(app)
    if als_json:
        schrijf_json(_in_json(blad, per))
    else:
        _schrijf(blad, per, noem)


def _in_json(blad: "Blad", per: Splitsing | None) -> dict[str, Any]:
    import msgspec

    velden: dict[str, Any] = msgspec.to_builtins(blad)
    return velden | {"groepen": velden["groepen"][per or "regio"], "per": per or "regio"}


def _schrijf(blad: "Blad", per: Splitsing | None, noem: "Callable[[str], str]") -> None:
    from overstap.adapters.cli.cijferblad import NORMDAG, NORMKOPPEN, delen_van, normrijen, schrijf_oordeel, statusrijen
    from overstap.adapters.cli.uitvoer import schrijf, schrijf_tabel
    from overstap.domain.woorden import datum_in_woorden, moment_in_woorden
    from overstap.projections.cijfers import Indeling
    from overstap.projections.zinnen import in_woorden

    schrijf(
        f"Overstapjaar {blad.overstapjaar} op {datum_in_woorden(blad.op)}, "
        f"zoals bekend op {moment_in_woorden(blad.bekend_op)}"
    )
    schrijf()
    groepen = blad.groepen[Indeling(per or "regio")]
    if per is None:
        schrijf_tabel("", ("status", "#leerlingen"), statusrijen([blad]))
        for groep in groepen:
            schrijf()
            schrijf_tabel("", NORMKOPPEN, normrijen(groep))
        return
    kop = (per, "#leerlingen", *(f"#{in_woorden(naam)}" for naam in NORMDAG))
    rijen = [
        (noem(groep.groep), groep.leerlingen, *(schrijf_oordeel(deel) for deel in delen_van(groep).values()))
        for groep in groepen
    ]
    schrijf_tabel("", kop, rijen)
