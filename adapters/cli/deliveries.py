"""`overstap deliveries`: what organisations delivered and what came of it, and which koppeling is silent."""

from typing import Annotated

import typer

from overstap.adapters.cli.opties import AlsJson

_GETOOND = 20


def toon_aanleveringen(
    organisatie: Annotated[str | None, typer.Option(help="Alleen van deze organisatie (BRIN of code).")] = None,
    aantal: Annotated[int, typer.Option(min=1, max=1_000, help="Hoeveel, de laatste eerst.")] = _GETOOND,
    als_json: AlsJson = False,
) -> None:
    """Toon de laatste aanleveringen, en wanneer elke koppeling voor het laatst iets stuurde."""
    from overstap.adapters.beelden import leesblik, werk_bij
    from overstap.adapters.cli.sessie import noemer, open_sessie
    from overstap.adapters.cli.uitvoer import in_json, schrijf, schrijf_json, schrijf_tabel
    from overstap.domain.woorden import moment_in_woorden
    from overstap.projections.aanleveringen import laatste, laatste_van_koppelingen
    from overstap.projections.zinnen import in_woorden

    with open_sessie() as app:
        werk_bij(app)
        with leesblik(app) as cursor:
            leveringen = laatste(cursor, organisatie, aantal)
            koppelingen = laatste_van_koppelingen(cursor)
        noem = noemer(app)
    if als_json:
        schrijf_json({"aanleveringen": [in_json(levering) for levering in leveringen], "koppelingen": koppelingen})
        return
    kop = ("ontvangen", "van", "soort", "#regels", "#aanvaard", "#ongewijzigd", "#wachtbak", "#geweigerd", "waarom")
    rijen = [
        (
            moment_in_woorden(een.ontvangen_op),
            noem(een.organisatie),
            in_woorden(een.soort),
            *(een.regels, een.aanvaard, een.ongewijzigd, een.wachtbak, een.geweigerd),
            ", ".join(f"{code} ({keer})" for code, keer in sorted(een.per_code.items())),
        )
        for een in leveringen
    ]
    schrijf_tabel("Laatste aanleveringen", kop, rijen)
    schrijf()
    stilte = [(noem(mbo), moment_in_woorden(op) if op else "nog nooit") for mbo, op in koppelingen.items()]
    schrijf_tabel("Koppelingen, de langst stille eerst", ("MBO", "laatste bericht"), stilte)
