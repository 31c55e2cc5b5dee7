"""`overstap privacy`: what the law gives a pupil, and what it asks of who keeps his data."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overstap.adapters.cli.opties import AlsJson, Welke

if TYPE_CHECKING:
    from collections.abc import Sequence

    from overstap.adapters.wissen.bewaartermijn import Opgeruimd, Verlopen
    from overstap.adapters.wissen.wisbewijs import Wisbewijs

app = typer.Typer(help="Wis wie een leerling is, geef inzage, en bewaar niet te lang.", no_args_is_help=True)

_RUST = 60.0
"""So many seconds after a key was replaced nobody wraps by the old one any more: no request is under way so long."""
Waarom = Annotated[
    str,
    typer.Option("--reason", "--reden", help="Waarom; staat voor altijd in het log, dus zonder namen."),
]
VanJaar = Annotated[
    int | None,
    typer.Option("--jaar", min=2000, max=2100, help="Bij een PGN: van welk overstapjaar; anders het laatste."),
]
Bewijsbestand = Annotated[
    Path | None, typer.Option("--certificaat", help="Schrijf het bewijs van het wissen naar dit bestand.")
]


@app.command("erase")
def wis_leerling(
    welke: Welke,
    reden: Waarom,
    jaar: VanJaar = None,
    bewijsbestand: Bewijsbestand = None,
    als_json: AlsJson = False,
) -> None:
    """Wis wie de leerling van een overstap is. Tellingen en bewijzen blijven; ongedaan maken kan niet."""
    from overstap.adapters.app import open_app
    from overstap.adapters.beelden import werk_bij
    from overstap.adapters.bewijs.fouten import NotarisWeigert
    from overstap.adapters.cli.fouten import geweigerd
    from overstap.adapters.cli.inzage import controleer, meld_inzage, persoon_van
    from overstap.adapters.cli.leerling import vind
    from overstap.adapters.cli.sessie import eis, lees_instellingen, regiebeheerder
    from overstap.adapters.cli.uitvoer import schrijf_json
    from overstap.adapters.wissen.uitvoering import laat_ondertekenen, wis_personen
    from overstap.domain.verzoeken_wissen import WisPersoon

    motief = controleer(reden)
    instellingen = lees_instellingen()
    with open_app(instellingen) as app:
        werk_bij(app)
        overstap = vind(app, welke, jaar)
        meld_inzage(app, "wissen", {overstap: persoon_van(app, overstap, motief)}, motief)
        verzoek = WisPersoon(aanleiding="verzoek", reden=motief)
        [(wissing, bewijs)] = wis_personen(app, [overstap], verzoek, regiebeheerder(app), instellingen.datamap)
        for weigering in wissing.geweigerd.values():
            eis(weigering)
        werk_bij(app)
        mis = ""
        try:
            bewijs = laat_ondertekenen(app, bewijs, instellingen.map_van_notaris)
        except NotarisWeigert as fout:
            mis = str(fout)
    if bewijsbestand is not None:
        _schrijf_bewijs(bewijsbestand, bewijs)
    if als_json:
        schrijf_json(bewijs)
    else:
        _vertel(bewijs)
    if mis:
        raise geweigerd(f"Dit is gewist, maar de notaris ondertekent niet: {mis}")


@app.command("export")
def geef_inzage(welke: Welke, reden: Waarom = "inzageverzoek van de leerling", als_json: AlsJson = False) -> None:
    """Geef een leerling inzage: zijn gegevens van alle jaren, wat er gebeurde in woorden, en wie er keek."""
    from overstap.adapters.beelden import werk_bij
    from overstap.adapters.cli.inzage import controleer
    from overstap.adapters.cli.leerling import vind
    from overstap.adapters.cli.privacy_inzage import schrijf_dossiers, verzamel
    from overstap.adapters.cli.sessie import open_sessie
    from overstap.adapters.cli.uitvoer import schrijf_json

    motief = controleer(reden)
    with open_sessie() as app:
        werk_bij(app)
        dossiers = verzamel(app, vind(app, welke), motief)
        if als_json:
            schrijf_json(dossiers)
        else:
            schrijf_dossiers(app, dossiers)


@app.command("rotate-key")
def wissel_hoofdsleutel(
    vernietig: Annotated[
        bool,
        typer.Option(
            "--destroy-old", help="Vernietig daarna de oude sleutel: wat alleen zij opent, is dan onleesbaar."
        ),
    ] = False,
) -> None:
    """Vervang de hoofdsleutel en verpak elke datasleutel opnieuw, terwijl anderen doorwerken; herhalen maakt af."""
    import time

    from overstap.adapters.beelden import OPDRACHTREGEL
    from overstap.adapters.cli.audit_actie import log_actie
    from overstap.adapters.cli.fouten import geweigerd
    from overstap.adapters.cli.gesprek import voortgang
    from overstap.adapters.cli.sessie import lees_instellingen, open_databank_van
    from overstap.adapters.cli.uitvoer import schrijf
    from overstap.adapters.postgres.logins import Login
    from overstap.adapters.vault import Sleutelbestand
    from overstap.adapters.vault.omsleutelen import verpak_alles
    from overstap.domain.rollen import Actor, Rol

    instellingen = lees_instellingen()
    if instellingen.hoofdsleutel:
        raise geweigerd(
            "De hoofdsleutel komt uit OVERSTAP_HOOFDSLEUTEL. Zet haar in een bestand van modus 0600, wijs dat aan met "
            "OVERSTAP_HOOFDSLEUTEL_BESTAND, start wat draait opnieuw, en wissel dan."
        )
    bestand = Sleutelbestand(instellingen.hoofdsleutel_bestand or instellingen.datamap / "hoofdsleutel")
    with open_databank_van() as databank, databank.verbind(Login.SCHRIJVER) as verbinding:
        wie = Actor(
            account=OPDRACHTREGEL, rol=Rol.REGIEBEHEERDER, organisatie=instellingen.regio, regio=instellingen.regio
        )
        log_actie(databank, instellingen, "hoofdsleutel_wissel", actor=wie, onderwerp="hoofdsleutel")
        if not bestand.is_bezig() and not vernietig:
            bestand.vervang()
        hoofdsleutel = bestand.lees()
        [(aantal,)] = verbinding.execute("SELECT count(*) FROM kluis.datasleutels").fetchall()
        verpakt = 0
        with voortgang("Verpakken", aantal) as balk:
            while anders := verpak_alles(verbinding, hoofdsleutel, balk.zet):
                verpakt += anders
        schrijf(f"{verpakt} datasleutels opnieuw verpakt; alle {aantal} horen bij de nieuwe hoofdsleutel.")
        if not vernietig:
            schrijf(
                f"De oude sleutel ligt nog in {bestand.vorige}. "
                "Vernietig haar met --destroy-old, ook waar u haar bewaart."
            )
            return
        if not bestand.is_bezig():
            raise geweigerd("Er is geen oude sleutel meer. Wissel eerst: overstap privacy rotate-key.")
        if (wacht := _RUST - bestand.leeftijd(time.time())) > 0:
            raise geweigerd(
                f"Wat draait, kan de oude sleutel nog even gebruiken. Probeer het over {wacht:.0f} seconden."
            )
        log_actie(databank, instellingen, "hoofdsleutel_vernietiging", actor=wie, onderwerp="hoofdsleutel")
        bestand.vernietig_vorige()
    schrijf("De oude hoofdsleutel is vernietigd. Vernietig ook elke kopie ervan.")


@app.command("retention")
def houd_bewaartermijn_aan(
    proef: Annotated[bool, typer.Option("--dry-run", help="Toon wie gewist zou worden, en wis niemand.")] = False,
    bewijsbestand: Bewijsbestand = None,
    als_json: AlsJson = False,
) -> None:
    """Wis wie langer bewaard is dan de regio besloot (OVERSTAP_BEWAAR_MAANDEN na het sluiten van het overstapjaar)."""
    from overstap.adapters.app import open_app
    from overstap.adapters.beelden import werk_bij
    from overstap.adapters.cli.fouten import geweigerd
    from overstap.adapters.cli.gesprek import voortgang
    from overstap.adapters.cli.sessie import lees_instellingen
    from overstap.adapters.cli.uitvoer import schrijf_json
    from overstap.adapters.wissen.bewaartermijn import aan_de_beurt, ruim_op, vat_samen, verlopen

    instellingen = lees_instellingen()
    maanden = instellingen.bewaar_maanden
    with open_app(instellingen) as app:
        jaren = verlopen(app, maanden)
        if proef:
            _toon_verlopen(jaren, als_json=als_json)
            return
        uitslagen = []
        with aan_de_beurt(app) as is_onze_beurt:
            if not is_onze_beurt:
                raise geweigerd("Een ander proces wist nu wie te lang bewaard is. Wacht tot het klaar is.")
            for een in jaren:
                wissingen = []
                with voortgang(f"Wissen {een.overstapjaar}", len(een.overstappen)) as balk:
                    for wissing, bewijs in ruim_op(app, een, maanden, instellingen.datamap):
                        wissingen.append(wissing)
                        balk.zet(sum(len(w.gewist) + len(w.geweigerd) for w in wissingen))
                        if bewijsbestand is not None:
                            _schrijf_bewijs(bewijsbestand, bewijs)
                uitslagen.append(vat_samen(een, wissingen))
        werk_bij(app)
    if als_json:
        schrijf_json(uitslagen)
    else:
        _toon_opgeruimd(uitslagen)


def _toon_verlopen(jaren: "Sequence[Verlopen]", *, als_json: bool) -> None:
    from overstap.adapters.cli.uitvoer import schrijf, schrijf_json, schrijf_tabel
    from overstap.domain.woorden import datum_in_woorden

    if als_json:
        schrijf_json(jaren)
        return
    if not jaren:
        schrijf("Niemand is te lang bewaard.")
        return
    schrijf_tabel(
        "",
        ("#jaar", "gesloten", "bewaard tot", "#te wissen", "#in de wachtbak"),
        [
            (
                een.overstapjaar,
                datum_in_woorden(een.gesloten_op),
                datum_in_woorden(een.verlopen_op),
                len(een.overstappen),
                len(een.wachtbakitems),
            )
            for een in jaren
        ],
    )


def _toon_opgeruimd(uitslagen: "Sequence[Opgeruimd]") -> None:
    from overstap.adapters.cli.uitvoer import schrijf

    if not uitslagen:
        schrijf("Niemand is te lang bewaard.")
    for een in uitslagen:
        wacht = ", ".join(f"{aantal} wacht ({code})" for code, aantal in een.geweigerd.items())
        schrijf(
            f"Overstapjaar {een.overstapjaar}: {een.gewist} gewist, {een.wachtbakitems} in de wachtbak vervallen"
            + (f", {wacht}." if wacht else ".")
        )


def _schrijf_bewijs(pad: Path, bewijs: "Wisbewijs") -> None:
    import msgspec

    with pad.open("ab") as bestand:
        bestand.write(msgspec.json.encode(bewijs) + b"\n")


def _vertel(bewijs: "Wisbewijs") -> None:
    from overstap.adapters.cli.uitvoer import schrijf, schrijf_tabel
    from overstap.domain.woorden import moment_in_woorden

    for een in bewijs.gewist:
        wat = een.vernietigd
        schrijf(f"Overstap {een.overstap}: " + ("gewist." if een.positie else "was al gewist."))
        regels = [
            ("vernietigde datasleutels", wat.datasleutels),
            ("gewiste sporen van zijn nummer", wat.nummers),
            ("gewiste items in de wachtbak", wat.wachtbakitems),
            ("gewiste kwitanties", wat.kwitanties),
            ("vastgelegd", moment_in_woorden(bewijs.vastgelegd_op) if een.positie and bewijs.vastgelegd_op else ""),
            ("op positie", een.positie or ""),
        ]
        schrijf_tabel("", ("", ""), [regel for regel in regels if regel[1] != ""])
    schrijf(f"Wortel van het log ervoor ({bewijs.voor.grootte} gebeurtenissen): {bewijs.voor.wortel}")
    schrijf(f"Wortel van het log erna ({bewijs.na.grootte}): {bewijs.na.wortel}")
    if bewijs.inclusie:
        schrijf(f"Ondertekend in controlepunt {bewijs.inclusie.controlepunt.nummer}.")
    else:
        schrijf("Het volgende controlepunt van de notaris ondertekent dit.")
