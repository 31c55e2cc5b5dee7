"""`overstap import`: take in a file under the organisation and role that deliver it."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overstap.adapters.cli.opties import AlsJson
from overstap.domain.rollen import Rol

if TYPE_CHECKING:
    from overstap.adapters.koppelingen.verslag import Verslag

_GETOOND = 20


def neem_in(
    bestand: Annotated[Path, typer.Argument(metavar="BESTAND", help="Het aangeleverde bestand.")],
    namens: Annotated[str, typer.Option(help="De organisatie die aanlevert: BRIN, OIN, gemeentecode of regio.")],
    rol: Annotated[Rol, typer.Option(help="De rol waarin zij dat doet.")],
    geweigerd_naar: Annotated[
        Path | None,
        typer.Option("--refused", metavar="BESTAND", help="Bewaar de geweigerde regels hier, om te verbeteren."),
    ] = None,
    als_json: AlsJson = False,
) -> None:
    """Neem een bestand in, regel voor regel; exitcode 1 als er iets is geweigerd. Nog eens innemen voegt niets toe."""
    from overstap.adapters.beelden import werk_bij
    from overstap.adapters.cli.fouten import geweigerd
    from overstap.adapters.cli.gesprek import voortgang_in_bytes
    from overstap.adapters.cli.inzage import meld_levering
    from overstap.adapters.cli.sessie import open_sessie
    from overstap.adapters.cli.uitvoer import in_json, schrijf_json
    from overstap.adapters.koppelingen.invoer import importeer
    from overstap.adapters.koppelingen.verslag import Voortgang

    omvang = bestand.stat().st_size
    with open_sessie() as app, voortgang_in_bytes("Innemen", omvang) as balk:

        def meld(stand: Voortgang) -> None:
            balk.zet(stand.gelezen, f"{stand.regels} regels")

        begin = app.log.laatste_positie()
        verslag = importeer(app, bestand, namens, rol, voortgang=meld, geweigerd_naar=geweigerd_naar)
        meld_levering(app, verslag.aanlevering, begin)
        werk_bij(app)
    if als_json:
        schrijf_json(in_json(verslag))
    else:
        _schrijf(verslag)
    if verslag.heeft_weigeringen:
        raise geweigerd(_samenvatting(verslag, geweigerd_naar))


def _samenvatting(verslag: "Verslag", geweigerd_naar: Path | None) -> str:
    if not verslag.regels:
        return " ".join(een.reden for een in verslag.geweigerd)
    bewaard = f"Ze staan in {geweigerd_naar}." if geweigerd_naar else "Met --refused BESTAND bewaart u ze."
    return f"Geweigerd: {verslag.aantal_geweigerd} van de {verslag.regels} regels. {bewaard}"


def _schrijf(verslag: "Verslag") -> None:
    from overstap.adapters.cli.uitvoer import schrijf, schrijf_tabel

    aantallen = {
        "aanvaard": verslag.aanvaard,
        "ongewijzigd": verslag.ongewijzigd,
        "in de wachtbak": verslag.wachtbak,
        "geweigerd": verslag.aantal_geweigerd,
    }
    schrijf_tabel("", ("uitkomst", "#regels"), aantallen.items())
    schrijf(f"{verslag.gebeurtenissen} gebeurtenissen toegevoegd in {verslag.seconden:.1f} s.")
    if verslag.per_code:
        schrijf()
        schrijf_tabel("Geweigerd", ("code", "#regels"), Counter(verslag.per_code).most_common())
        schrijf()
        schrijf_tabel(
            "", ("#regel", "code", "reden"), [(een.regel, een.code, een.reden) for een in verslag.geweigerd[:_GETOOND]]
        )
        if verslag.aantal_geweigerd > _GETOOND:
            schrijf(f"... en nog {verslag.aantal_geweigerd - _GETOOND}; --json noemt er meer.")
