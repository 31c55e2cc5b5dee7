"""`overstap access-log`: who saw or changed whose data, and who was refused."""

from typing import TYPE_CHECKING, Annotated

import typer

from overstap.adapters.cli.opties import AlsJson, Reden

if TYPE_CHECKING:
    from collections.abc import Sequence

    from overstap.adapters.toegangslog_lezen import Inzage


def toon_toegang(
    leerling: Annotated[
        str | None,
        typer.Option(
            "--pupil",
            metavar="OVERSTAP",
            help="Het begin van het nummer van de overstap, of - om het PGN op stdin te geven.",
        ),
    ] = None,
    account: Annotated[str | None, typer.Option("--account", metavar="ACCOUNT", help="Wat dit account deed.")] = None,
    reden: Reden = None,
    als_json: AlsJson = False,
) -> None:
    """Toon wie gegevens van een leerling zag of wijzigde, of wat een account zag; ook wat geweigerd werd."""
    from overstap.adapters.beelden import leesblik, werk_bij
    from overstap.adapters.cli.fouten import verkeerd_gebruik
    from overstap.adapters.cli.inzage import controleer, meld, meld_inzage, persoon_van
    from overstap.adapters.cli.leerling import vind
    from overstap.adapters.cli.sessie import noemer, open_sessie
    from overstap.adapters.cli.uitvoer import schrijf_json
    from overstap.adapters.toegangslog_lezen import van_account, van_leerling

    if (leerling is None) is (account is None):
        raise verkeerd_gebruik("Kies: --pupil met een overstap, of --account met een account.")
    if reden is None:
        raise verkeerd_gebruik("Wie keek, is ook een gegeven van personen. Geef met --reden waarom u dat wilt weten.")
    motief = controleer(reden)
    with open_sessie() as app:
        werk_bij(app)
        overstap = vind(app, leerling) if leerling is not None else None
        if overstap is None:
            meld(app, "access-log", [None], motief, onderwerp="toegangslog")
        else:
            wie = persoon_van(app, overstap, motief)  # the reason must not name him
            meld_inzage(app, "access-log", {overstap: wie}, motief, onderwerp="toegangslog")
        with leesblik(app, motief) as cursor:
            regels = van_leerling(cursor, overstap) if overstap else van_account(cursor, account or "")
        noem = noemer(app)
    if als_json:
        schrijf_json(regels)
        return
    _schrijf(regels, [noem(regel.organisatie) for regel in regels])


def _schrijf(regels: "Sequence[Inzage]", organisaties: "Sequence[str]") -> None:
    from overstap.adapters.cli.uitvoer import schrijf, schrijf_tabel
    from overstap.domain.woorden import moment_in_woorden
    from overstap.projections.zinnen import in_woorden

    if not regels:
        schrijf("Hier staat niets.")
        return
    schrijf_tabel(
        "",
        ("wanneer", "wie", "rol", "organisatie", "overstap", "wat", "uitkomst", "reden"),
        [
            (
                moment_in_woorden(regel.op),
                regel.account,
                in_woorden(regel.rol),
                organisatie,
                str(regel.overstap)[:8] if regel.overstap else "",
                f"{regel.handeling} ({regel.onderwerp})",
                regel.uitkomst,
                regel.reden,
            )
            for regel, organisatie in zip(regels, organisaties, strict=True)
        ],
    )
