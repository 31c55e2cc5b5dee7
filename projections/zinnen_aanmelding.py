"""What happened to an aanmelding, as a sentence."""

from overstap.domain.feiten import FeitVanAanmelding
from overstap.domain.feiten import aanmelding as a
from overstap.projections.zinnen import Verteller, Zin, in_woorden, schrijf_datum, schrijf_moment, voeg_samen

_NIET_TOEGEPAST = {
    "verouderd": "omdat een nieuwer bericht al was verwerkt",
    "geen_weg": "omdat geen stap van de aanmelding daarheen leidt",
    "onbekende_code": "omdat niemand deze code heeft afgesproken",
}


def zin_over_aanmelding(feit: FeitVanAanmelding, verteller: Verteller) -> Zin:
    """Tell one fact about an aanmelding."""
    if isinstance(feit, a.KoppelberichtNietToegepast):
        return _niet_toegepast(feit, verteller)
    if isinstance(feit, a.KoppelberichtVastgelegd):
        wat = f"{verteller.wie} heeft een bericht gestuurd dat niets verandert aan aanmelding {feit.nummer}."
        return Zin(wat, _bericht(feit.bericht))
    gedaan, waarom = _gedaan(feit, verteller)
    namens = " voor een MBO zonder accounts" if feit.zonder_accounts else ""
    return Zin(f"{verteller.wie} heeft{namens} {gedaan}.", voeg_samen(waarom, _bericht(feit.bericht)))


def _gedaan(  # noqa: PLR0911, C901  # one sentence a fact
    feit: a.AanmeldingFeit, verteller: Verteller
) -> tuple[str, str]:
    welke = f"aanmelding {feit.nummer}"
    match feit:
        case a.AanmeldingOntvangen():
            hoe = "ontvangen" if feit.keten_id else "met de hand ingevoerd"
            return f"{welke} {hoe}: {_opleiding(feit)} bij {verteller.noem(feit.brin)}", ""
        case a.AanmeldingOvergenomen():
            return f"{welke}, die met de hand was ingevoerd, overgenomen", ""
        case a.AanmeldingGewijzigd():
            return f"{welke} gewijzigd: {_opleiding(feit)}", ""
        case a.IntakeGepland():
            return f"de leerling uitgenodigd voor een intake ({welke})", ""
        case a.OnderzoekGestart():
            return f"nader onderzoek gestart ({welke})", ""
        case a.IntakeAfgerond():
            return f"de intake afgerond ({welke})", ""
        case a.OpWachtlijstGeplaatst():
            return f"de leerling op de wachtlijst geplaatst ({welke})", ""
        case a.VoorlopigGeplaatst():
            return f"de leerling voorlopig geplaatst ({welke})", ""
        case a.DefinitiefGeplaatst():
            return f"de leerling definitief geplaatst ({welke})", ""
        case a.StartBevestigd():
            return f"bevestigd dat de leerling is gestart ({welke})", ""
        case a.AanmeldingAfgewezen():
            return f"{welke} afgewezen", f"grond: {in_woorden(feit.grond)}"
        case a.AanmeldingIngetrokken():
            return f"{welke} ingetrokken op bericht van de leerling", ""
        case a.NietVerschenenGemeld():
            return f"gemeld dat de leerling niet is verschenen ({welke})", ""
        case a.OpleidingOnderbroken():
            return (
                f"gemeld dat de leerling de opleiding heeft onderbroken ({welke})",
                f"reden: {in_woorden(feit.reden)}",
            )
        case a.AanmeldingHeropend():
            return f"{welke} heropend als {in_woorden(feit.naar)}", ""
        case _:
            raise TypeError(f"no sentence for {type(feit).__name__}")


def _niet_toegepast(feit: a.KoppelberichtNietToegepast, verteller: Verteller) -> Zin:
    over = f" over aanmelding {feit.nummer}" if feit.nummer else ""
    status = f" (status {in_woorden(feit.status)})" if feit.status else ""
    waarom = _NIET_TOEGEPAST[feit.reden]
    return Zin(
        f"{verteller.wie} heeft een bericht{over} gestuurd{status} dat niet is toegepast, {waarom}.",
        _bericht(feit.bericht),
    )


def _opleiding(feit: a.AanmeldingOntvangen | a.AanmeldingGewijzigd) -> str:
    delen = [
        f"opleiding {feit.crebo}" if feit.crebo else "",
        feit.leertraject or "",
        f"start op {schrijf_datum(feit.startdatum)}" if feit.startdatum else "",
    ]
    return ", ".join(deel for deel in delen if deel)


def _bericht(bericht: a.Koppelbericht | None) -> str:
    if bericht is None:
        return ""
    gewijzigd = schrijf_moment(bericht.laatste_wijziging)
    return f"bericht {bericht.volgnummer} met code {bericht.code}, bij de bron gewijzigd op {gewijzigd}"
