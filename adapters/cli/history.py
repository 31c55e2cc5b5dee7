"""`overstap history`: a pupil's story in sentences, with who, when in both times, and why."""

from overstap.adapters.cli.opties import AlsJson, Reden, Welke


def vertel_geschiedenis(welke: Welke, reden: Reden = None, als_json: AlsJson = False) -> None:
    """Vertel wat er met een leerling gebeurde; met --reden ook verzegelde teksten, zoals een toelichting."""
    from msgspec.structs import replace

    from overstap.adapters.beelden import werk_bij
    from overstap.adapters.cli.gesprek import zeg
    from overstap.adapters.cli.inzage import controleer, laat_dicht, meld_inzage, open_tekst, persoon_van
    from overstap.adapters.cli.leerling import vind
    from overstap.adapters.cli.sessie import noemer, open_sessie
    from overstap.adapters.cli.uitvoer import schrijf_json, schrijf_verhaal
    from overstap.projections.tijdlijn import vertel
    from overstap.projections.zinnen_vervanging import vertel_vervangingen

    motief = controleer(reden) if reden is not None else None
    with open_sessie() as app:
        werk_bij(app)
        overstap = vind(app, welke)
        if motief is not None:
            meld_inzage(app, "history", {overstap: persoon_van(app, overstap, motief)}, motief)
        gebeurtenissen = app.log.laad([overstap])[overstap]
        noem = noemer(app)
        vervangt = vertel_vervangingen(gebeurtenissen, noem)
        regels = [
            replace(regel, vervangt=vervangt.get(regel.nummer, ()))
            for regel in vertel(gebeurtenissen, laat_dicht if motief is None else open_tekst(app), noem)
        ]
    if als_json:
        schrijf_json(regels)
        return
    schrijf_verhaal(f"Overstap {overstap}", regels)
    if motief is None:
        zeg("Toelichtingen en berichten blijven dicht. Geef --reden om ze te lezen.")
