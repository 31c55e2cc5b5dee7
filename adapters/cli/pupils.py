"""`overstap pupils`: which pupils there are, a page at a time; who they are stays sealed."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from overstap.adapters.cli.opties import AlsJson, BepaaldJaar

if TYPE_CHECKING:
    from overstap.projections.actueel import Actueel

Keuze = TypeVar("Keuze", bound=StrEnum)


def toon_leerlingen(  # noqa: PLR0917  # each narrows what is shown
    status: Annotated[str | None, typer.Option(help="Alleen wie deze status heeft.")] = None,
    werklijst: Annotated[str | None, typer.Option(help="Alleen wie op deze werklijst staat.")] = None,
    school: Annotated[str | None, typer.Option(help="Alleen van deze school (BRIN).")] = None,
    vestiging: Annotated[str | None, typer.Option(help="Alleen van deze vestiging, als 00.")] = None,
    klas: Annotated[str | None, typer.Option(help="Alleen van deze klas.")] = None,
    mbo: Annotated[str | None, typer.Option(help="Alleen wie zich bij dit MBO (BRIN) aanmeldde.")] = None,
    gemeente: Annotated[str | None, typer.Option(help="Alleen uit deze gemeente (code).")] = None,
    leerweg: Annotated[str | None, typer.Option(help="Alleen van deze leerweg.")] = None,
    volgorde: Annotated[str, typer.Option(help="Hoe de lijst staat: school, langst, nieuwst of stilst.")] = "school",
    na: Annotated[str | None, typer.Option(metavar="BLADWIJZER", help="Waar de vorige bladzijde ophield.")] = None,
    aantal: Annotated[int, typer.Option(min=1, max=1_000, help="Hoeveel op een bladzijde.")] = 50,
    jaar: BepaaldJaar = None,
    als_json: AlsJson = False,
) -> None:
    """Toon de leerlingen van een jaar, een bladzijde tegelijk, zonder hun namen."""
    from overstap.adapters.beelden import leesblik, werk_bij
    from overstap.adapters.cli.cijferblad import regels_van
    from overstap.adapters.cli.fouten import verkeerd_gebruik
    from overstap.adapters.cli.gesprek import zeg
    from overstap.adapters.cli.sessie import open_sessie
    from overstap.adapters.cli.uitvoer import in_json, schrijf_json, schrijf_tabel
    from overstap.domain.statussen import OverstapStatus
    from overstap.projections.actueel_lijst import Volgorde, Vraag, bladzijde, tel
    from overstap.projections.selectie import BladwijzerOngeldig, Selectie
    from overstap.projections.werklijsten import Werklijst

    selectie = Selectie(school=school, vestiging=vestiging, klas=klas, mbo=mbo, gemeente=gemeente, leerweg=leerweg)
    vraag = Vraag(
        selectie=selectie,
        status=_kies(OverstapStatus, status, "status") if status else None,
        werklijst=_kies(Werklijst, werklijst, "werklijst") if werklijst else None,
    )
    op_volgorde = _kies(Volgorde, volgorde, "volgorde")
    with open_sessie() as app:
        werk_bij(app)
        with leesblik(app) as cursor:
            regels, nu = regels_van(app, cursor, jaar), app.klok()
            try:
                blad = bladzijde(cursor, regels, nu, vraag, volgorde=op_volgorde, na=na, aantal=aantal)
            except BladwijzerOngeldig as fout:
                raise verkeerd_gebruik(str(fout)) from None
            totaal = tel(cursor, regels, nu, vraag)
    if als_json:
        leerlingen = [in_json(rij) for rij in blad.rijen]
        schrijf_json({"totaal": totaal, "verder": blad.verder, "leerlingen": leerlingen})
        return
    kop = ("nummer", "school", "vestiging", "klas", "leerweg", "gemeente", "status", "sinds", "MBO")
    schrijf_tabel("", kop, [_rij(rij) for rij in blad.rijen])
    zeg(f"{len(blad.rijen)} van {totaal} leerlingen." + (f" Verder met --na {blad.verder}" if blad.verder else ""))


def _kies(soort: type[Keuze], gegeven: str, naam: str) -> Keuze:
    from overstap.adapters.cli.fouten import verkeerd_gebruik

    try:
        return soort(gegeven.replace("-", "_"))
    except ValueError:
        raise verkeerd_gebruik(f"Deze {naam} bestaat niet. Kies uit: {', '.join(soort)}.") from None


def _rij(rij: "Actueel") -> tuple[object, ...]:
    from overstap.domain.kalender import datum_in_amsterdam
    from overstap.domain.woorden import datum_in_woorden
    from overstap.projections.zinnen import in_woorden

    plek = (rij.school, rij.vestiging, rij.klas, rij.leerweg, rij.gemeente)
    sinds = datum_in_woorden(datum_in_amsterdam(rij.sinds))
    return (str(rij.overstap)[:8], *plek, in_woorden(rij.status), sinds, rij.beste_brin)
