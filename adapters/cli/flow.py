"""`overstap flow`: where pupils go, how long they stay in each status, where aanmeldingen end."""

from typing import TYPE_CHECKING, Annotated

import typer

from overstap.adapters.cli.opties import AlsJson, BekendOp, BepaaldJaar, Op

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from overstap.projections.doorstroom import Duur, Stroom, Uitval


def toon_doorstroom(  # noqa: PLR0917  # each narrows what is shown
    op: Op = None,
    bekend_op: BekendOp = None,
    school: Annotated[str | None, typer.Option(help="Alleen de uitstroom van deze school (BRIN).")] = None,
    mbo: Annotated[str | None, typer.Option(help="Alleen de instroom van dit MBO (BRIN), per school.")] = None,
    jaar: BepaaldJaar = None,
    als_json: AlsJson = False,
) -> None:
    """Toon waar leerlingen heen gaan, hoe lang elke status duurt en waar aanmeldingen eindigen."""
    from overstap.adapters.beelden import leesblik, werk_bij
    from overstap.adapters.cli.cijferblad import regels_van
    from overstap.adapters.cli.opties import lees_dag, lees_moment
    from overstap.adapters.cli.sessie import noemer, open_sessie
    from overstap.adapters.cli.uitvoer import in_json, schrijf_json
    from overstap.domain.kalender import datum_in_amsterdam
    from overstap.projections.doorstroom import duur_tot, stromen_op, uitval_tot

    dag = lees_dag(op) if op else None
    moment = lees_moment(bekend_op) if bekend_op else None
    with open_sessie() as app:
        werk_bij(app)
        with leesblik(app) as cursor:
            regels = regels_van(app, cursor, jaar)
            vraag = (regels, dag or datum_in_amsterdam(app.klok()), moment)
            stromen = [
                stroom
                for stroom in stromen_op(cursor, *vraag)
                if school in {None, stroom.school} and mbo in {None, stroom.bestemming}
            ]
            duur = duur_tot(cursor, *vraag)
            uitval = [een for een in uitval_tot(cursor, *vraag) if mbo in {None, een.mbo}]
        noem = noemer(app)
    if als_json:
        schrijf_json(
            {
                "overstapjaar": regels.overstapjaar,
                "op": vraag[1],
                "stromen": [in_json(stroom) for stroom in stromen],
                "duur": [in_json(een) for een in duur],
                "uitval": [in_json(een) for een in uitval],
            }
        )
        return
    _schrijf_stromen(stromen, noem, per_school=mbo is not None)
    if school is None:
        _schrijf_duur(duur)
        _schrijf_uitval(uitval, noem)


def _schrijf_stromen(stromen: "Iterable[Stroom]", noem: "Callable[[str], str]", *, per_school: bool) -> None:
    """Write them added up by destination; of one MBO by school."""
    from collections import Counter

    from overstap.adapters.cli.uitvoer import schrijf, schrijf_tabel
    from overstap.projections.doorstroom import Bestemming
    from overstap.projections.zinnen import in_woorden

    leerlingen, gestart = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    for stroom in stromen:
        is_mbo = stroom.soort in {Bestemming.MBO, Bestemming.ONDERWEG}
        waar = noem(stroom.bestemming) if is_mbo else in_woorden(stroom.bestemming)
        sleutel = (*([noem(stroom.school)] if per_school else []), in_woorden(stroom.soort), waar)
        leerlingen[sleutel] += stroom.leerlingen
        gestart[sleutel] += stroom.gestart
    kop = (*(["school"] if per_school else []), "bestemming", "", "#leerlingen", "#gestart")
    schrijf_tabel("Waar leerlingen heen gaan", kop, [(*wat, n, gestart[wat]) for wat, n in leerlingen.most_common()])
    schrijf()


def _schrijf_duur(duren: "Iterable[Duur]") -> None:
    from overstap.adapters.cli.uitvoer import schrijf, schrijf_tabel
    from overstap.projections.zinnen import in_woorden

    def dagen(waarde: float | None) -> str:
        return "" if waarde is None else f"{waarde:.1f}".replace(".", ",")

    kop = ("status", "#mediaan (dagen)", "#90 % binnen (dagen)", "#beëindigd", "#lopend")
    rijen = [(in_woorden(d.status), dagen(d.mediaan), dagen(d.p90), d.beeindigd, d.lopend) for d in duren]
    schrijf_tabel("Hoe lang een status duurt", kop, rijen)
    schrijf()


def _schrijf_uitval(uitval: "Sequence[Uitval]", noem: "Callable[[str], str]") -> None:
    from overstap.adapters.cli.uitvoer import schrijf_tabel
    from overstap.projections.zinnen import in_woorden

    kop = ("MBO", "van", "naar", "#aanmeldingen", "#nog zonder plaats")
    rijen = [
        (noem(een.mbo), in_woorden(een.van), in_woorden(een.naar), een.aantal, een.nog_zonder_plaats) for een in uitval
    ]
    schrijf_tabel("Waar aanmeldingen eindigen", kop, rijen)
