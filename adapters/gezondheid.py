"""Is this installation sound? Each check says what it looked at, and what to do when it is wrong."""

import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, assert_never

import msgspec
import psycopg

from overstap.adapters.app import hoofdsleutel_van
from overstap.adapters.bewijs.bereikbaar import sleutel_in_bereik
from overstap.adapters.bewijs.fouten import BewijsFout
from overstap.adapters.bewijs.gewistenlijst import lees_lijst_van_export
from overstap.adapters.bewijs.ouderdom import ouderdom
from overstap.adapters.bewijs.teksten import TekstOngeldig
from overstap.adapters.instellingen import Instellingen
from overstap.adapters.opzoeken import Opzoeker
from overstap.adapters.postgres import controle, projectie_toestand
from overstap.adapters.postgres.databank import Databank, open_databank
from overstap.adapters.postgres.feitzicht_tabel import feitzicht_is_bij
from overstap.adapters.postgres.fouten import DatabankFout, DatabankOnbereikbaar
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_toestand import Stand, Toestand
from overstap.adapters.toegangslog_lezen import breuken
from overstap.adapters.vault import Kluis, KluisFout
from overstap.adapters.wissen.terugzetting import herstel_wissingen

_OUDSTE_POSTGRES = 150_000
_GENOEMD = 5
_EEN_SLEUTEL = "SELECT stroom FROM kluis.datasleutels LIMIT 1"


class Bevinding(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What one check found."""

    wat: str
    is_goed: bool
    uitleg: str
    let_op: bool = False
    """Nothing is wrong, and yet somebody should know."""


def onderzoek_alles(instellingen: Instellingen, export: Path | None = None) -> Iterator[Bevinding]:
    """Check keys, database, rights, migrations, log and read models; who was erased and is there again is erased again.

    Nothing else is changed. Who was erased says, beside what is kept here, an export somebody else has.

    Raises:
        DatabankOnbereikbaar: when there is no database to check.

    """
    yield _sleutelbestand(instellingen)
    url = instellingen.database_url.get_secret_value() if instellingen.database_url else None
    with open_databank(instellingen.datamap, url) as databank:
        yield _database(databank)
        for login in (Login.SCHRIJVER, Login.PROJECTIE, Login.APP, Login.AUDIT):
            yield _login(databank, login)
        for wat, controleer in (
            ("migraties", _migraties),
            ("het log is heel", _log),
            ("het toegangslog is heel", _toegangslog),
            ("de database kent de rollen van deze versie", _feitzicht),
            ("de beelden zijn bij", mis_met_beelden),
            ("de hoofdsleutel past", lambda databank: _sleutel_past(databank, instellingen)),
        ):
            yield _probeer(wat, databank, controleer)
        yield _notaris(databank)
        yield _notarissleutel(databank, instellingen)
        yield _wissingen(databank, instellingen, export)


def _probeer(wat: str, databank: Databank, controleer: Callable[[Databank], str | None]) -> Bevinding:
    """Run a check that gives what is wrong, or None."""
    try:
        mis = controleer(databank)
    except DatabankOnbereikbaar:
        raise
    except (DatabankFout, KluisFout) as fout:
        mis = str(fout)
    return Bevinding(wat=wat, is_goed=mis is None, uitleg=mis or "")


def _sleutelbestand(instellingen: Instellingen) -> Bevinding:
    pad = _pad_van_de_sleutel(instellingen)
    wat = "alleen de eigenaar leest de hoofdsleutel"
    if instellingen.hoofdsleutel:
        return Bevinding(wat=wat, is_goed=True, uitleg="De sleutel komt uit de omgeving.")
    return Bevinding(wat=wat, is_goed=not (mis := _mis_met_bestand(pad)), uitleg=mis)


def _mis_met_bestand(pad: Path) -> str:
    try:
        modus = stat.S_IMODE(pad.stat().st_mode)
    except FileNotFoundError:
        return f"Het bestand {pad} is er niet. Een eerste import maakt het, of wijs OVERSTAP_HOOFDSLEUTEL_BESTAND aan."
    return f"Anderen kunnen bij {pad} (modus {modus:04o}). Herstel dat met: chmod 600 {pad}" if modus & 0o077 else ""


def _database(databank: Databank) -> Bevinding:
    with databank.verbind(Login.APP) as verbinding:
        versie = verbinding.info.server_version
    genoeg = versie >= _OUDSTE_POSTGRES
    uitleg = f"PostgreSQL {versie // 10_000}.{versie % 10_000}"
    return Bevinding(
        wat="de database antwoordt",
        is_goed=genoeg,
        uitleg=uitleg if genoeg else f"{uitleg} is te oud. Gebruik versie 15 of nieuwer.",
    )


def _login(databank: Databank, login: Login) -> Bevinding:
    def controleer(databank: Databank) -> str | None:
        with databank.verbind(login) as verbinding:
            controle.eis_beperkte_login(verbinding)
        return None

    return _probeer(f"{login} is geen supergebruiker of eigenaar", databank, controleer)


def _migraties(databank: Databank) -> str | None:
    with databank.verbind(Login.AUDIT) as verbinding:
        ontbreekt = controle.ontbrekende_migraties(verbinding)
    return f"Er ontbreken {len(ontbreekt)} migraties. Draai `overstap migrate`." if ontbreekt else None


def _log(databank: Databank) -> str | None:
    with databank.verbind(Login.AUDIT) as verbinding:
        controle.soort_van(verbinding)
        gaten, breuken = controle.gaten(verbinding), controle.breuken(verbinding)
    if not gaten and not breuken:
        return None
    genoemd = ", ".join(map(str, [*(gat[0] for gat in gaten), *breuken][:_GENOEMD]))
    return (
        f"{len(gaten)} gaten en {len(breuken)} geschonden schakels, bij positie {genoemd}. Zet een reservekopie terug "
        "en zoek uit wie dit deed."
    )


def _toegangslog(databank: Databank) -> str | None:
    with databank.verbind(Login.AUDIT) as verbinding:
        gebroken = breuken(verbinding) if _heeft_toegang(verbinding) else []
    if not gebroken:
        return None
    genoemd = ", ".join(f"{keten}/{nummer}" for keten, nummer in gebroken[:_GENOEMD])
    return f"{len(gebroken)} regels zijn geschonden of volgen op een gat: {genoemd}. Zoek uit wie dit deed."


def _wissingen(databank: Databank, instellingen: Instellingen, export: Path | None) -> Bevinding:
    """Erase again whom a backup that was put back brought back."""
    wat = "wie gewist is, is gewist gebleven"
    mappen = [instellingen.datamap, instellingen.map_van_notaris]
    try:
        if _migraties(databank):
            return Bevinding(wat=wat, is_goed=True, uitleg="Dit programma heeft hier nog niets gewist.")
        with databank.verbind(Login.AUDIT) as verbinding:
            elders = lees_lijst_van_export(export, verbinding) if export else []
        aantal, geweigerd = herstel_wissingen(databank, instellingen.regio, mappen, elders)
    except (BewijsFout, PermissionError) as fout:
        return Bevinding(wat=wat, is_goed=False, uitleg=str(fout))
    if geweigerd:
        codes = ", ".join(f"{hoeveel} {code}" for code, hoeveel in geweigerd.items())
        return Bevinding(
            wat=wat,
            is_goed=False,
            uitleg=f"Wie terug is, kan niet opnieuw gewist worden: {codes}. Zie docs/privacy.md.",
        )
    terug = f"{aantal} overstappen stonden terug met hun persoon, en zijn opnieuw gewist." if aantal else ""
    return Bevinding(wat=wat, is_goed=True, uitleg=terug)


def _heeft_toegang(verbinding: psycopg.Connection[Any]) -> bool:
    """Tell whether the migrations got that far; that some lack is told apart."""
    vraag = "SELECT to_regclass('toegang.toegangslog') IS NOT NULL AND to_regclass('toegang.feitzicht') IS NOT NULL"
    return verbinding.execute(vraag).fetchone() == (True,)


def _feitzicht(databank: Databank) -> str | None:
    with databank.verbind(Login.AUDIT) as verbinding:
        is_bij = not _heeft_toegang(verbinding) or feitzicht_is_bij(verbinding)
    return None if is_bij else "Wie welke feiten ziet, is van een andere versie. Draai `overstap migrate`."


def mis_met_beelden(databank: Databank) -> str | None:
    """Say which read models are behind, stand still, miss streams or are of another version; None: none of them."""
    with databank.verbind(Login.AUDIT) as verbinding:
        if verbinding.execute("SELECT to_regclass('beeld.voortgang') IS NULL").fetchone() == (True,):
            return "Er is nog niets gevouwen. Een commando dat leest, zoals `overstap counts`, doet dat."
    return " ".join(filter(None, map(_mis_met_beeld, projectie_toestand.bekijk(databank)))) or None


def _mis_met_beeld(een: Toestand) -> str | None:
    """Say of one read model what is wrong, and what to do."""
    if een.vastgezet:
        return f"{een.naam} is vastgezet op versie {een.versie}. Bouw het op: overstap projections rebuild {een.naam}."
    match een.stand:
        case Stand.HERBOUW_NODIG:
            return (
                f"{een.naam} is van versie {een.versie}, dit programma maakt versie {een.programmaversie}. "
                f"Bouw het op: overstap projections rebuild {een.naam}."
            )
        case Stand.STAAT_STIL:
            waarom = f" ({een.fout})" if een.fout else ""
            return f"{een.naam} staat stil, {een.achter} gebeurtenissen achter{waarom}. Werk het bij: overstap project."
        case Stand.GEPARKEERD:
            return f"{een.naam} mist {een.geparkeerd} geparkeerde stromen. Bekijk ze: overstap projections parked."
        case Stand.LOOPT_ACHTER:
            return f"{een.naam} loopt {een.achter} gebeurtenissen achter. Wacht, of werk het bij: overstap project."
        case Stand.BIJ:
            return None
        case _:
            assert_never(een.stand)


def _notaris(databank: Databank) -> Bevinding:
    """Tell how old the last checkpoint is; on what lacks the tables for it, that is told apart."""
    wat = "de notaris ondertekent"
    try:
        with databank.verbind(Login.AUDIT) as verbinding:
            if verbinding.execute("SELECT to_regclass('log.controlepunten') IS NULL").fetchone() == (True,):
                return Bevinding(wat=wat, is_goed=True, uitleg="")
            is_goed, uitleg = ouderdom(verbinding, datetime.now(UTC))
    except TekstOngeldig:
        is_goed, uitleg = False, "Het laatste controlepunt is beschadigd. Zoek uit: overstap audit verify."
    return Bevinding(wat=wat, is_goed=is_goed, uitleg=uitleg)


def _notarissleutel(databank: Databank, instellingen: Instellingen) -> Bevinding:
    """Warn when who runs the database can sign in the notary's stead."""
    bezwaar = sleutel_in_bereik(databank, instellingen.map_van_notaris)
    wat = "de database kan niet bij de notarissleutel"
    return Bevinding(wat=wat, is_goed=True, uitleg=bezwaar or "", let_op=bezwaar is not None)


def _sleutel_past(databank: Databank, instellingen: Instellingen) -> str | None:
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        controle.soort_van(verbinding)
        rij = verbinding.execute(_EEN_SLEUTEL).fetchone()
        if rij and not _is_er_een_sleutel(instellingen):
            return "Er is geen hoofdsleutel bij deze gegevens. Zet die terug uit een reservekopie."
        if rij:
            Kluis(hoofdsleutel_van(instellingen), Opzoeker(verbinding).datasleutels).laad([rij[0]])
    return None


def _is_er_een_sleutel(instellingen: Instellingen) -> bool:
    return bool(instellingen.hoofdsleutel) or _pad_van_de_sleutel(instellingen).exists()


def _pad_van_de_sleutel(instellingen: Instellingen) -> Path:
    return instellingen.hoofdsleutel_bestand or instellingen.datamap / "hoofdsleutel"
