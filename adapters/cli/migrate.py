"""`overstap migrate`: bring the database to the shape of this version."""

from overstap.adapters.cli.opties import AlsJson


def migreer_databank(als_json: AlsJson = False) -> None:
    """Breng de database bij deze versie; wat al gedaan is, wordt overgeslagen."""
    from overstap.adapters.cli.sessie import lees_instellingen
    from overstap.adapters.cli.uitvoer import schrijf, schrijf_json
    from overstap.adapters.postgres.databank import open_databank

    instellingen = lees_instellingen()
    url = instellingen.database_url.get_secret_value() if instellingen.database_url else None
    with open_databank(instellingen.datamap, url) as databank:
        stappen = [f"{stap.nummer:04}-{stap.naam}" for stap in databank.migreer()]
    if als_json:
        schrijf_json({"uitgevoerd": stappen})
    else:
        schrijf("\n".join(["Uitgevoerd:", *stappen]) if stappen else "De database is bij: er was niets te doen.")
