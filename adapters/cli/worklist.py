"""`overstap worklist`: whom somebody must do something about, and why."""

from typing import TYPE_CHECKING, Annotated

import typer

from overstap.adapters.cli.opties import AlsJson, BepaaldJaar, Reden

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from uuid import UUID

    from overstap.adapters.app import App
    from overstap.projections.werklijsten import Post, Werklijst

_GETOOND = 50
_ALLE = 1_000_000


def toon_werklijst(  # noqa: PLR0917  # each narrows what is shown
    naam: Annotated[
        str | None, typer.Argument(metavar="[NAAM]", help="Een van de werklijsten; zonder naam hoe lang ze alle zijn.")
    ] = None,
    school: Annotated[str | None, typer.Option(help="Alleen van deze school (BRIN).")] = None,
    vestiging: Annotated[str | None, typer.Option(help="Alleen van deze vestiging, als 00.")] = None,
    klas: Annotated[str | None, typer.Option(help="Alleen van deze klas.")] = None,
    mbo: Annotated[str | None, typer.Option(help="Alleen wie zich bij dit MBO (BRIN) aanmeldde.")] = None,
    gemeente: Annotated[str | None, typer.Option(help="Alleen uit deze gemeente (code).")] = None,
    leerweg: Annotated[str | None, typer.Option(help="Alleen van deze leerweg.")] = None,
    reden: Reden = None,
    jaar: BepaaldJaar = None,
    als_json: AlsJson = False,
) -> None:
    """Toon de werklijsten, of wie er op een ervan staat; met --reden ook bij naam."""
    from overstap.adapters.beelden import leesblik, werk_bij
    from overstap.adapters.cli.cijferblad import regels_van
    from overstap.adapters.cli.fouten import verkeerd_gebruik
    from overstap.adapters.cli.inzage import controleer
    from overstap.adapters.cli.sessie import noemer, open_sessie
    from overstap.projections.selectie import Selectie
    from overstap.projections.werklijsten import Werklijst, lees, omvang

    gevraagd = naam.replace("-", "_") if naam else None
    if gevraagd is not None and gevraagd not in set(Werklijst):
        raise verkeerd_gebruik(f"Deze werklijst bestaat niet. Kies uit: {', '.join(Werklijst)}.")
    motief = controleer(reden) if reden is not None else None
    selectie = Selectie(school=school, vestiging=vestiging, klas=klas, mbo=mbo, gemeente=gemeente, leerweg=leerweg)
    with open_sessie() as app:
        werk_bij(app)
        with leesblik(app) as cursor:
            regels = regels_van(app, cursor, jaar)
            if gevraagd is None:
                _schrijf_omvang(omvang(cursor, regels, app.klok(), selectie), als_json=als_json)
                return
            lijst = Werklijst(gevraagd)
            totaal = omvang(cursor, regels, app.klok(), selectie)[lijst]
            aantal = _ALLE if als_json else _GETOOND
            posten = lees(cursor, lijst, regels, app.klok(), selectie=selectie, aantal=aantal).posten
        namen = _namen(app, lijst, posten, motief) if motief is not None else {}
        if als_json:
            _schrijf_json(posten, namen)
        else:
            _schrijf(posten, namen, totaal, noemer(app))


def _schrijf_omvang(aantallen: "Mapping[Werklijst, int]", *, als_json: bool) -> None:
    from overstap.adapters.cli.uitvoer import schrijf_json, schrijf_tabel

    if als_json:
        schrijf_json([{"lijst": lijst, "aantal": aantal} for lijst, aantal in aantallen.items()])
    else:
        schrijf_tabel("", ("werklijst", "#aantal"), aantallen.items())


def _namen(app: "App", lijst: "Werklijst", posten: "Sequence[Post]", motief: str) -> "dict[UUID, str]":
    """Open the names of all who are shown; in the wachtbak nobody has one yet."""
    from overstap.adapters.cli.inzage import meld_inzage, noem_persoon, personen_van
    from overstap.adapters.vault import Persoon
    from overstap.projections.werklijsten import Werklijst

    if lijst is Werklijst.WACHTBAK:
        return {}
    personen = personen_van(app, [post.onderwerp for post in posten], motief)
    meld_inzage(app, f"worklist {lijst}", personen, motief)
    return {post.onderwerp: noem_persoon(personen.get(post.onderwerp, Persoon())) for post in posten}


def _schrijf_json(posten: "Sequence[Post]", namen: "Mapping[UUID, str]") -> None:
    import msgspec

    from overstap.adapters.cli.uitvoer import schrijf_json

    schrijf_json(
        [
            msgspec.to_builtins(post) | ({"naam": namen[post.onderwerp]} if post.onderwerp in namen else {})
            for post in posten
        ]
    )


def _schrijf(posten: "Sequence[Post]", namen: "Mapping[UUID, str]", totaal: int, noem: "Callable[[str], str]") -> None:
    from overstap.adapters.cli.uitvoer import schrijf, schrijf_tabel

    kop = ("nummer", *(["naam"] if namen else []), "school of MBO", "klas", "waarom")
    rijen = [
        (
            str(post.onderwerp)[:8],
            *([namen[post.onderwerp]] if namen else []),
            noem(post.school or post.mbo or ""),
            post.klas,
            post.waarom,
        )
        for post in posten
    ]
    schrijf_tabel("", kop, rijen)
    if totaal > len(posten):
        schrijf(f"... en nog {totaal - len(posten)}; --json noemt ze alle.")
