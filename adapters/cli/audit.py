"""`overstap audit`: let somebody who need not trust us see that the log is what it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overstap.adapters.cli.audit_replay import speel_log_na
from overstap.adapters.cli.opties import AlsJson, Reden

if TYPE_CHECKING:
    from overstap.adapters.bewijs.bewaard import Uitgegeven
    from overstap.adapters.bewijs.notaris import Notaris
    from overstap.adapters.bewijs.toetsing import Toetsverslag
    from overstap.adapters.instellingen import Instellingen
    from overstap.adapters.postgres.databank import Databank

app = typer.Typer(help="Laat zien dat het log is wat het was, aan wie ons niet hoeft te geloven.", no_args_is_help=True)
sleutels = typer.Typer(help="De sleutels waarmee de notaris ondertekent.", no_args_is_help=True)
app.add_typer(sleutels, name="keys")
app.command("replay")(speel_log_na)
_GETOOND = 20

Tegen = Annotated[
    Path | None, typer.Option("--tegen", help="Een bestand met controlepunten die u zelf bewaarde, een per regel.")
]


@app.command("checkpoint")
def zet_controlepunt(
    doorlopend: Annotated[
        bool, typer.Option("--follow", help="Blijf ondertekenen zolang het log groeit; stop met Ctrl-C.")
    ] = False,
    als_json: AlsJson = False,
) -> None:
    """Reken na wat erbij kwam en onderteken het log; --json geeft het controlepunt om elders te bewaren."""
    from uuid import uuid4

    from overstap.adapters.bewijs.volgen import onderteken_doorlopend
    from overstap.adapters.cli.audit_actie import log_actie
    from overstap.adapters.cli.uitvoer import schrijf, schrijf_json_regel
    from overstap.adapters.postgres.logins import Login
    from overstap.adapters.stopteken import Stopteken

    def toon(punt: "Uitgegeven") -> None:
        if als_json:
            schrijf_json_regel(punt)
        else:
            schrijf(f"Controlepunt {punt.nummer}: {_grootte(punt)} gebeurtenissen nagerekend en ondertekend.")

    with _notaris() as (databank, notaris, instellingen):
        if doorlopend:
            keten = uuid4()
            with databank.verbind(Login.AUDIT) as luisteraar, Stopteken() as stop:
                onderteken_doorlopend(
                    notaris,
                    luisteraar,
                    instellingen.notaris_gebeurtenissen,
                    instellingen.notaris_seconden,
                    stop=stop,
                    vooraf=lambda: log_actie(databank, instellingen, "audit_controlepunt", keten=keten),
                    meld=toon,
                )
            return
        if notaris.wachtend():  # else the line of this action would itself be what there is to sign
            log_actie(databank, instellingen, "audit_controlepunt")
        if punt := notaris.onderteken():
            toon(punt)
        elif not als_json:
            schrijf("Er is niets bijgekomen sinds het laatste controlepunt.")


@app.command("verify")
def controleer_log(tegen: Tegen = None, als_json: AlsJson = False) -> None:
    """Reken het hele log na: volgorde, ketens, boom, controlepunten en sleutels; exitcode 1 als er iets mis is."""
    from overstap.adapters.bewijs.bewaard import lees_bewaard
    from overstap.adapters.bewijs.toetsing import tel_rijen, toets_log
    from overstap.adapters.cli.audit_actie import log_actie, open_databank_voor_audit
    from overstap.adapters.cli.fouten import geweigerd
    from overstap.adapters.cli.gesprek import voortgang
    from overstap.adapters.cli.uitvoer import schrijf_json
    from overstap.adapters.postgres.logins import Login

    bewaard = lees_bewaard(tegen) if tegen else []
    with (
        open_databank_voor_audit() as (databank, instellingen),
        databank.verbind(Login.AUDIT) as verbinding,
        voortgang("Narekenen", tel_rijen(verbinding)) as balk,
    ):
        log_actie(databank, instellingen, "audit_narekenen")
        verslag = toets_log(verbinding, bewaard, balk.zet)
    if als_json:
        schrijf_json(verslag)
    else:
        _toon(verslag)
    if not verslag.is_goed:
        raise geweigerd(f"{verslag.aantal_bevindingen} bevindingen: dit is niet het log zoals het werd vastgelegd.")


@app.command("export")
def exporteer_log(
    map_: Annotated[Path, typer.Argument(metavar="MAP", help="Een lege of nieuwe map.")],
    met_toegangslog: Annotated[
        bool, typer.Option("--toegangslog", help="Ook elke regel van het toegangslog; alleen met --reden.")
    ] = False,
    reden: Reden = None,
    als_json: AlsJson = False,
) -> None:
    """Schrijf gebeurtenissen (verzegeld zoals bewaard), boom, controlepunten en sleutels voor verify.py."""
    from overstap.adapters.bewijs.export import exporteer
    from overstap.adapters.bewijs.toetsing import tel_rijen
    from overstap.adapters.cli.audit_actie import log_actie, open_databank_voor_audit
    from overstap.adapters.cli.fouten import verkeerd_gebruik
    from overstap.adapters.cli.gesprek import voortgang
    from overstap.adapters.cli.inzage import controleer
    from overstap.adapters.cli.uitvoer import schrijf, schrijf_json
    from overstap.adapters.postgres.logins import Login

    if met_toegangslog is (reden is None):
        raise verkeerd_gebruik("Wie keek, is een gegeven van personen: --toegangslog en --reden horen bij elkaar.")
    motief = controleer(reden) if reden is not None else ""
    with (
        open_databank_voor_audit() as (databank, instellingen),
        databank.verbind(Login.AUDIT) as verbinding,
        voortgang("Schrijven", tel_rijen(verbinding)) as balk,
    ):
        wat = "toegangslog" if met_toegangslog else "log"
        log_actie(databank, instellingen, "audit_export", onderwerp=wat, reden=motief)
        inhoud = exporteer(verbinding, map_, vorderen=balk.zet, met_toegangslog=met_toegangslog)
    if als_json:
        schrijf_json(inhoud)
    else:
        schrijf(f"{inhoud.gebeurtenissen} gebeurtenissen en {inhoud.controlepunten} controlepunten in {map_}. ")
        schrijf("Controleer met: python verify.py MAP --tegen CONTROLEPUNT (docs/audit-format.md).")


@app.command("proof")
def bewijs_gebeurtenis(
    positie: Annotated[int, typer.Argument(metavar="POSITIE", min=1, help="De plaats van de gebeurtenis in het log.")],
    nummer: Annotated[int | None, typer.Option("--controlepunt", min=1, help="Anders het laatste.")] = None,
) -> None:
    """Geef het bewijs, in JSON, dat een gebeurtenis in het log van een controlepunt zit."""
    from overstap.adapters.bewijs.aantonen import toon_inclusie
    from overstap.adapters.cli.audit_actie import log_actie, open_databank_voor_audit
    from overstap.adapters.cli.uitvoer import schrijf_json
    from overstap.adapters.postgres.logins import Login

    with open_databank_voor_audit() as (databank, instellingen), databank.verbind(Login.AUDIT) as verbinding:
        log_actie(databank, instellingen, "audit_bewijs")
        schrijf_json(toon_inclusie(verbinding, positie, nummer))


@app.command("consistency")
def bewijs_samenhang(
    oud: Annotated[int, typer.Argument(metavar="OUD", min=1, help="Het nummer van het oude controlepunt.")],
    nieuw: Annotated[int | None, typer.Argument(metavar="[NIEUW]", min=1, help="Anders het laatste.")] = None,
) -> None:
    """Geef het bewijs, in JSON, dat het log van een controlepunt verdergaat waar dat van een ander was."""
    from overstap.adapters.bewijs.aantonen import toon_samenhang
    from overstap.adapters.cli.audit_actie import log_actie, open_databank_voor_audit
    from overstap.adapters.cli.uitvoer import schrijf_json
    from overstap.adapters.postgres.logins import Login

    with open_databank_voor_audit() as (databank, instellingen), databank.verbind(Login.AUDIT) as verbinding:
        log_actie(databank, instellingen, "audit_samenhang")
        schrijf_json(toon_samenhang(verbinding, oud, nieuw))


@sleutels.command("rotate")
def wissel_sleutel() -> None:
    """Maak een nieuwe sleutel, laat de oude zeggen dat zij volgt, en vernietig de oude."""
    from overstap.adapters.cli.audit_actie import log_actie
    from overstap.adapters.cli.uitvoer import schrijf

    with _notaris() as (databank, notaris, instellingen):
        log_actie(databank, instellingen, "audit_sleutelwissel")
        sleutel = notaris.wissel_sleutel()
    schrijf(f"De notaris ondertekent voortaan met sleutel {sleutel.naam.hex()}. De oude sleutel is vernietigd;")
    schrijf("wat zij ondertekende, blijft controleerbaar.")


@sleutels.command("list")
def toon_sleutels(als_json: AlsJson = False) -> None:
    """Toon de openbare sleutels op volgorde, en vanaf welk controlepunt elk ervan geldt."""
    from overstap.adapters.bewijs import opslag
    from overstap.adapters.bewijs.teksten import lees_sleutelverklaring
    from overstap.adapters.cli.audit_actie import open_databank_voor_audit
    from overstap.adapters.cli.uitvoer import schrijf_json, schrijf_tabel
    from overstap.adapters.postgres.logins import Login

    with open_databank_voor_audit() as (databank, _), databank.verbind(Login.AUDIT) as verbinding:
        verklaringen = [lees_sleutelverklaring(rij.tekst) for rij in opslag.sleutels(verbinding)]
    rijen = [(een.nummer, een.sleutel.hex(), een.publiek.hex(), een.vanaf) for een in verklaringen]
    if als_json:
        schrijf_json([dict(zip(("nummer", "sleutel", "publiek", "vanaf"), rij, strict=True)) for rij in rijen])
    else:
        schrijf_tabel("", ("#nr", "sleutel", "publiek", "#vanaf controlepunt"), rijen)


def _grootte(punt: "Uitgegeven") -> int:
    from overstap.adapters.bewijs.teksten import lees_controlepunt

    return lees_controlepunt(punt.tekst).grootte


def _toon(verslag: "Toetsverslag") -> None:
    from overstap.adapters.cli.uitvoer import schrijf

    schrijf(f"{verslag.gebeurtenissen} gebeurtenissen in {verslag.stromen} stromen nagerekend, ")
    schrijf(f"{verslag.controlepunten} controlepunten, {verslag.sleutels} sleutels.")
    for bevinding in verslag.bevindingen[:_GETOOND]:
        schrijf(f"MIS  {bevinding.zin}")
    if verslag.aantal_bevindingen > _GETOOND:
        schrijf(f"... en nog {verslag.aantal_bevindingen - _GETOOND}; --json geeft er duizend.")
    if verslag.is_goed:
        na = verslag.gebeurtenissen - verslag.beschermd_tot
        schrijf(f"Alles klopt. Ondertekend tot en met positie {verslag.beschermd_tot}; {na} erna nog niet.")
        if not verslag.bewaard_tot:
            schrijf("Of het log als geheel is vervangen, ziet u pas met een controlepunt dat elders ligt (--tegen).")


@contextmanager
def _notaris() -> Iterator[tuple["Databank", "Notaris", "Instellingen"]]:
    """Give the notary with what it works on; tell when the embedded database runs as the user whose key it is."""
    from overstap.adapters.bewijs.bereikbaar import sleutel_in_bereik
    from overstap.adapters.bewijs.notaris import open_notaris
    from overstap.adapters.cli.audit_actie import open_databank_voor_audit
    from overstap.adapters.cli.gesprek import zeg

    with open_databank_voor_audit() as (databank, instellingen):
        with open_notaris(databank, instellingen.map_van_notaris) as notaris:
            yield databank, notaris, instellingen
        if bezwaar := sleutel_in_bereik(databank, instellingen.map_van_notaris):
            zeg(f"Let op: {bezwaar}")
