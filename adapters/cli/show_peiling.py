"""Where one pupil stood at a moment, as known at another: what `overstap show --as-of --known-at` writes."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from overstap.projections.peiling import Peiling, Regelstand


def toon_peiling(welke: str, op: str | None, bekend: str | None, reden: str | None, *, als_json: bool) -> None:
    """Show status and aanmeldingen; each absent moment is now."""
    from overstap.adapters.beelden import werk_bij
    from overstap.adapters.cli.fouten import geweigerd
    from overstap.adapters.cli.inzage import controleer, meld_inzage, meld_zonder_namen, persoon_van
    from overstap.adapters.cli.leerling import vind
    from overstap.adapters.cli.opties import lees_peil
    from overstap.adapters.cli.sessie import noemer, open_sessie
    from overstap.adapters.cli.uitvoer import in_json, schrijf_json
    from overstap.projections.peiling import peil

    motief = controleer(reden) if reden is not None else None
    persoon: dict[str, str] = {}
    with open_sessie() as app:
        nu = app.klok()
        peilmoment = lees_peil(op, "--as-of") if op else nu
        kennismoment = lees_peil(bekend, "--known-at") if bekend else nu
        werk_bij(app)
        overstap = vind(app, welke)
        if motief is None:
            meld_zonder_namen(app, "peiling", overstap)
        else:
            wie = persoon_van(app, overstap, motief)
            meld_inzage(app, "peiling", {overstap: wie}, motief)
            persoon = dict(wie.velden())
        peiling = peil(app.log.laad([overstap])[overstap], peilmoment, kennismoment)
        if peiling is None:
            raise geweigerd("Op dat moment was over deze leerling nog niets bekend. Kies een later moment.")
        noem = noemer(app)
    if als_json:
        schrijf_json({"overstap": overstap} | in_json(peiling) | ({"persoon": persoon} if motief is not None else {}))
        return
    _schrijf(f"Overstap {overstap}", peiling, persoon, noem)


def _schrijf(titel: str, peiling: "Peiling", persoon: dict[str, str], noem: "Callable[[str], str]") -> None:
    from overstap.adapters.cli.uitvoer import schrijf, schrijf_tabel
    from overstap.domain.woorden import moment_in_woorden

    schrijf(titel)
    schrijf(f"Op {moment_in_woorden(peiling.peilmoment)}, zoals bekend op {moment_in_woorden(peiling.kennismoment)}.")
    schrijf()
    if persoon:
        schrijf_tabel("", ("", ""), list(persoon.items()))
        schrijf()
    regels = [peiling.leerling, *peiling.aanmeldingen] if peiling.leerling else list(peiling.aanmeldingen)
    schrijf_tabel(
        "",
        ("wie", "status", "sinds", "bekend", "gebeurtenis"),
        [
            (
                noem_lijn(een.nummer, een.brin, noem),
                _status(een),
                moment_in_woorden(een.sinds_op),
                een.bekend_geworden or "meteen",
                een.gebeurtenis,
            )
            for een in regels
        ],
    )
    for een in regels:
        if een.vervangen_door is not None:
            schrijf(_later(een, noem))


def noem_lijn(nummer: int, brin: str | None, noem: "Callable[[str], str]") -> str:
    """Name a line: the pupil's, or that of an aanmelding."""
    return f"aanmelding {nummer}, {noem(brin or '')}" if nummer else "leerling"


def _status(een: "Regelstand") -> str:
    from overstap.projections.zinnen import in_woorden

    reden = f" ({in_woorden(een.reden)})" if een.reden else ""
    return f"{in_woorden(een.status)}{reden}"


def _later(een: "Regelstand", noem: "Callable[[str], str]") -> str:
    from overstap.projections.zinnen import in_woorden

    later = een.vervangen_door
    if later is None:
        return ""
    wat = noem_lijn(een.nummer, een.brin, noem)
    return (
        f"Nu weten we van dat moment: {wat} {in_woorden(later.status)}, {later.bekend_geworden} "
        f"(gebeurtenis {later.gebeurtenis})."
    )
