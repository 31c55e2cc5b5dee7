"""`overstap diff`: what was known of one pupil at two moments, and what came to be known between them."""

from typing import TYPE_CHECKING, Annotated

import typer

from overstap.adapters.cli.opties import AlsJson, Welke

if TYPE_CHECKING:
    from collections.abc import Callable

    from overstap.projections.kennisverschil import Verschil


def vergelijk_kennis(
    welke: Welke,
    bekend: Annotated[
        tuple[str, str],
        typer.Option(
            "--known-at",
            metavar="K1 K2",
            help="De twee momenten: elk een dag (aan het eind ervan) of 2026-04-01T12:00.",
        ),
    ],
    als_json: AlsJson = False,
) -> None:
    """Toon wat er over een leerling op K2 anders bekend was dan op K1, en welke gebeurtenis dat deed."""
    from overstap.adapters.beelden import werk_bij
    from overstap.adapters.cli.inzage import meld_zonder_namen
    from overstap.adapters.cli.leerling import vind
    from overstap.adapters.cli.opties import lees_peil
    from overstap.adapters.cli.sessie import noemer, open_sessie
    from overstap.adapters.cli.uitvoer import schrijf_json
    from overstap.projections.kennisverschil import verschillen

    eerst, later = sorted(lees_peil(moment, "--known-at") for moment in bekend)
    with open_sessie() as app:
        werk_bij(app)
        overstap = vind(app, welke)
        meld_zonder_namen(app, "vergelijking", overstap)
        gevonden = verschillen(app.log.laad([overstap])[overstap], eerst, later)
        noem = noemer(app)
    if als_json:
        schrijf_json(gevonden)
    else:
        _schrijf(f"Overstap {overstap}", gevonden, noem)


def _schrijf(titel: str, gevonden: "list[Verschil]", noem: "Callable[[str], str]") -> None:
    from overstap.adapters.cli.show_peiling import noem_lijn
    from overstap.adapters.cli.uitvoer import schrijf, schrijf_tabel
    from overstap.domain.woorden import moment_in_woorden
    from overstap.projections.peiling import bekend_geworden

    schrijf(titel)
    if not gevonden:
        schrijf("Op beide momenten was hetzelfde bekend.")
        return
    schrijf_tabel(
        "",
        ("wie", "van", "tot", "was bekend als", "bleek", "gebeurtenis", ""),
        [
            (
                noem_lijn(een.nummer, een.brin, noem),
                moment_in_woorden(een.van),
                moment_in_woorden(een.tot) if een.tot else "",
                _status(een.was),
                _status(een.wordt),
                een.gebeurtenis,
                bekend_geworden(een.bekend_op) if een.is_herschreven else "gebeurde erna",
            )
            for een in gevonden
        ],
    )


def _status(status: str | None) -> str:
    from overstap.projections.zinnen import in_woorden

    return in_woorden(status) if status else "nog niets"
