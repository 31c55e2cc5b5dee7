"""What happened to a pupil's overstap outside his aanmeldingen, as a sentence."""

from typing import assert_never

from overstap.domain.feiten import FeitVanOverstap
from overstap.domain.feiten import overstap as o
from overstap.projections.zinnen import Verteller, Zin, in_woorden, schrijf_datum, som_op, voeg_samen


def zin_over_overstap(feit: FeitVanOverstap, verteller: Verteller) -> Zin:
    """Tell one fact about an overstap."""
    match feit:
        case o.StatusGewijzigd():
            wat = f"De status ging van {in_woorden(feit.van)} naar {in_woorden(feit.naar)}."
            return Zin(wat, f"door {verteller.verwijs(feit.oorzaak)}")
        case o.SignaalGegeven():
            over = f" over aanmelding {feit.aanmelding}" if feit.aanmelding else ""
            wat = f"Er ging een signaal{over} naar de {in_woorden(feit.voor)}: {in_woorden(feit.signaal)}."
            return Zin(wat, f"door {verteller.verwijs(feit.oorzaak)}" if feit.oorzaak else "")
        case _:
            gedaan, waarom = _gedaan(feit, verteller)
            return Zin(f"{verteller.wie} heeft {gedaan}.", waarom)


def _gedaan(  # noqa: C901, PLR0911, PLR0912  # one sentence a fact
    feit: o.FeitVanOverstap, verteller: Verteller
) -> tuple[str, str]:
    match feit:
        case o.OverstapOpgevoerd():
            school = f"{verteller.noem(feit.school)}, vestiging {feit.vestiging}"
            waar = f"klas {feit.klas}, leerweg {feit.leerweg}, wonend in gemeente {verteller.noem(feit.gemeente)}"
            return f"de leerling opgevoerd voor overstapjaar {feit.overstapjaar}: {school}, {waar}", ""
        case o.PersoonsgegevensGewijzigd():
            return f"gegevens van de leerling gewijzigd: {som_op(_gewijzigde_gegevens(feit))}", ""
        case o.PgnVervangen():
            return f"het {in_woorden(feit.van_soort)} vervangen door een {in_woorden(feit.naar_soort)}", ""
        case o.VervolgkeuzeVoGekozen():
            brin = f" ({verteller.noem(feit.brin)})" if feit.brin else ""
            reden = f"reden: {in_woorden(feit.reden)}{brin}"
            return "een vervolgkeuze VO vastgelegd", voeg_samen(reden, verteller.lees("toelichting", feit.toelichting))
        case o.VervolgkeuzeVoIngetrokken():
            return "de vervolgkeuze VO ingetrokken", ""
        case o.OverlegVastgelegd():
            contact = verteller.lees("contact", feit.contact)
            return (
                f"overleg met Leerplicht vastgelegd van {schrijf_datum(feit.overleg_datum)}",
                f"gesproken met {contact}",
            )
        case o.LeerplichtIngeschakeld():
            return "Leerplicht ingeschakeld", f"na {verteller.verwijs(feit.overleg)}" if feit.overleg else ""
        case o.LeerplichtAfgehandeld():
            namens = f", namens {verteller.noem(feit.gemeente)}" if feit.gemeente_zonder_accounts else ""
            uitkomst = f"uitkomst: {in_woorden(feit.uitkomst)}"
            return f"de inschakeling afgehandeld{namens}", voeg_samen(uitkomst, verteller.lees("reden", feit.reden))
        case o.OverstapHervat():
            return "de begeleiding hervat na Leerplicht", ""
        case o.OverstapAfgesloten():
            return "de overstap afgesloten", f"reden: {in_woorden(feit.reden)}" if feit.reden else ""
        case o.LeerlingUitgeschreven():
            nieuwe = f"naar gemeente {verteller.noem(feit.nieuwe_gemeente)}" if feit.nieuwe_gemeente else ""
            reden = f"reden: {in_woorden(feit.reden)}"
            return "de leerling uitgeschreven", voeg_samen(
                reden, nieuwe, verteller.lees("toelichting", feit.toelichting)
            )
        case o.OverstapHeropend():
            return "de overstap heropend", f"reden: {verteller.lees('reden', feit.reden)}"
        case o.GebeurtenisHerzien():
            herzien = verteller.verwijs(feit.gebeurtenis)
            return f"{herzien} herzien: die telt niet meer mee", f"reden: {verteller.lees('reden', feit.reden)}"
        case o.BerichtGeplaatst():
            return f"een bericht gestuurd aan {verteller.noem(feit.aan)}", verteller.lees("tekst", feit.tekst)
        case o.WarmeOverdrachtVastgelegd():
            return f"een warme overdracht vastgelegd van {schrijf_datum(feit.datum)}", ""
        case o.DddStatusVastgelegd():
            return f"vastgelegd dat het doorstroomdossier is overgedragen op {schrijf_datum(feit.datum)}", ""
        case o.OverdrachtAangeboden():
            return f"de leerling aangeboden aan {verteller.noem(feit.naar)}", ""
        case o.LeerlingOvergedragen():
            return f"de leerling overgenomen van {verteller.noem(feit.van)} naar {verteller.noem(feit.naar)}", ""
        case o.OverstapGewist():
            return "de persoon gewist", voeg_samen(f"aanleiding: {in_woorden(feit.aanleiding)}", feit.reden)
        case o.StatusGewijzigd() | o.SignaalGegeven():
            raise TypeError(f"{type(feit).__name__} is told without its actor")
        case _:
            assert_never(feit)


def _gewijzigde_gegevens(feit: o.PersoonsgegevensGewijzigd) -> list[str]:
    in_het_open = {
        "klas": feit.klas,
        "leerweg": feit.leerweg,
        "gemeente": feit.gemeente,
        "vestiging": feit.vestiging,
    }
    gewijzigd = [*sorted(feit.persoon), *(f"{veld} {waarde}" for veld, waarde in in_het_open.items() if waarde)]
    if feit.kwalificatieplicht_gewijzigd:
        gewijzigd.append("kwalificatieplicht")
    return gewijzigd or ["niets"]
