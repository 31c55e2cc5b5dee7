"""`overstap audit replay`: play the log again as a judge, under the rules of then, of now, or of a file."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overstap.adapters.cli.opties import AlsJson

if TYPE_CHECKING:
    import psycopg

    from overstap.adapters.herbeoordelen import Keuze
    from overstap.adapters.herbeoordelen_stroom import Bevinding, Onder, Telling

_GETOOND = 20


def speel_log_na(
    regels: Annotated[
        str,
        typer.Option(
            "--rules",
            metavar="then|now|FILE",
            help="De regels van toen, die van nu, of die van een parametersbestand.",
        ),
    ] = "then",
    regio: Annotated[str | None, typer.Option("--region", help="Alleen deze regio.")] = None,
    school: Annotated[
        str | None, typer.Option("--school", metavar="BRIN", help="Alleen wie ooit leerling van deze school was.")
    ] = None,
    leerling: Annotated[
        str | None, typer.Option("--pupil", metavar="OVERSTAP", help="Alleen de overstap die met dit nummer begint.")
    ] = None,
    als_json: AlsJson = False,
) -> None:
    """Vouw elke stroom vanaf nul en beoordeel elke gebeurtenis opnieuw; exitcode 1 als er iets gevonden is.

    Met --json komt elke bevinding op een regel, zodra zij er is.
    """
    from overstap.adapters.bewijs.toetsing import tel_rijen
    from overstap.adapters.cli.audit_actie import log_actie, open_databank_voor_audit
    from overstap.adapters.cli.fouten import geweigerd, verkeerd_gebruik
    from overstap.adapters.cli.gesprek import voortgang, zeg
    from overstap.adapters.cli.uitvoer import schrijf_json_regel
    from overstap.adapters.herbeoordelen import oordeel_opnieuw
    from overstap.adapters.herbeoordelen_stroom import Telling
    from overstap.adapters.postgres.logins import Login

    if school is not None and leerling is not None:
        raise verkeerd_gebruik("Geef --school of --pupil, niet allebei.")
    onder = _lees_regels(regels)
    telling, gevonden = Telling(), list["Bevinding"]()
    with open_databank_voor_audit() as (databank, instellingen), databank.verbind(Login.AUDIT) as verbinding:
        keuze = _keuze(verbinding, regio, school, leerling, instellingen.regio)
        log_actie(databank, instellingen, "audit_naspelen", [keuze.leerling])
        with (
            voortgang("Naspelen", tel_rijen(verbinding)) as balk,
            closing(oordeel_opnieuw(databank, onder, keuze, telling, balk.zet)) as bevindingen,
        ):
            for bevinding in bevindingen:
                if als_json:
                    schrijf_json_regel(bevinding)
                elif len(gevonden) < _GETOOND:
                    gevonden.append(bevinding)
    if telling.beeld_ontbreekt:
        zeg("Er is nog geen beeld om mee te vergelijken: niets werd nog gevouwen.")
    if not als_json:
        _toon(telling, gevonden)
    if telling.bevindingen:
        raise geweigerd(f"{telling.bevindingen} bevindingen bij {len(telling.leerlingen)} leerlingen.")


def _lees_regels(regels: str) -> "Onder":
    from overstap.adapters.cli.fouten import geweigerd
    from overstap.adapters.koppelingen.fouten import Onbruikbaar
    from overstap.adapters.koppelingen.parameters import lees_parameters

    if regels in {"then", "now"}:
        return "then" if regels == "then" else "now"
    try:
        return lees_parameters(Path(regels).read_bytes())
    except Onbruikbaar as fout:
        raise geweigerd(f"{regels}: {fout.weigering.zin} {fout.weigering.wat_nodig}") from None


def _keuze(
    verbinding: "psycopg.Connection[object]",
    regio: str | None,
    school: str | None,
    leerling: str | None,
    eigen_regio: str,
) -> "Keuze":
    from overstap.adapters.cli.fouten import geweigerd, verkeerd_gebruik
    from overstap.adapters.herbeoordelen import Keuze, stromen_met_begin
    from overstap.domain.identificaties import BRIN_ZONDER_VESTIGING, is_brin

    if leerling is not None:
        gevonden = stromen_met_begin(verbinding, leerling.lower())
        if len(gevonden) != 1:
            wat = "Meer dan één overstap begint" if gevonden else "Er is geen overstap waarvan het nummer begint"
            raise geweigerd(f"{wat} met {leerling}. Geef (meer) tekens van het nummer.")
        return Keuze(regio=regio, leerling=gevonden[0])
    if school is not None:
        if not is_brin(school):
            raise verkeerd_gebruik("Een BRIN heeft de vorm 99XX.")
        return Keuze(regio=regio or eigen_regio, school=school[:BRIN_ZONDER_VESTIGING])
    return Keuze(regio=regio)


def _toon(telling: "Telling", gevonden: "list[Bevinding]") -> None:
    from overstap.adapters.cli.uitvoer import schrijf

    schrijf(f"{telling.gebeurtenissen} gebeurtenissen in {telling.stromen} stromen nagespeeld.")
    for een in gevonden:
        waar = f"positie {een.positie}, gebeurtenis {een.nummer} van " if een.positie else ""
        wat = f" {een.feit} onder {een.onder}:" if een.feit else ""
        schrijf(f"MIS  {waar}{een.stroom}:{wat} {een.zin} [{een.code}]")
    if telling.bevindingen > len(gevonden):
        schrijf(f"... en nog {telling.bevindingen - len(gevonden)}; --json geeft ze alle.")
    if not telling.bevindingen:
        schrijf("Alles is zoals de procedure het toelaat, en iedereen staat waar het beeld zegt.")
