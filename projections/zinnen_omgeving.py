"""What happened around the pupils, as a sentence: deliveries, wachtbak, organisations, the procedure of a year."""

from typing import assert_never

from overstap.domain.feiten import (
    FeitVanAanlevering,
    FeitVanOrganisatie,
    FeitVanProcedure,
    FeitVanWachtbak,
    aanlevering,
    organisatie,
    procedure,
    wachtbak,
)
from overstap.projections.zinnen import Verteller, Zin, in_woorden

FeitVanOmgeving = FeitVanAanlevering | FeitVanOrganisatie | FeitVanProcedure | FeitVanWachtbak


def zin_over_omgeving(feit: FeitVanOmgeving, verteller: Verteller) -> Zin:  # noqa: PLR0911  # one sentence a fact
    """Tell one fact of another stream than a pupil's."""
    wie = verteller.wie
    match feit:
        case aanlevering.AanleveringOntvangen():
            return Zin(f"{wie} heeft een bestand aangeleverd: {feit.soort}, {feit.bytes} bytes.")
        case aanlevering.RegelGeweigerd():
            welke = f"Regel {feit.regel}" if feit.regel else "Het bestand"
            return Zin(f"{welke} is geweigerd ({feit.code}).", feit.reden)
        case aanlevering.AanleveringVerwerkt():
            aantallen = f"{feit.aanvaard} aanvaard, {feit.ongewijzigd} ongewijzigd, {feit.wachtbak} in de wachtbak"
            return Zin(f"De aanlevering is verwerkt: {feit.regels} regels, {aantallen}, {feit.geweigerd} geweigerd.")
        case wachtbak.WachtbakBerichtOntvangen():
            return Zin(
                f"Een bericht van {verteller.noem(feit.brin)} over een onbekende leerling ging naar de wachtbak."
            )
        case wachtbak.WachtbakItemGekoppeld():
            return Zin(f"De leerling van dit wachtbakitem is gevonden: overstap {feit.overstap}.")
        case wachtbak.WachtbakItemVervallen():
            return Zin("Het wachtbakitem is vervallen.", in_woorden(feit.reden))
        case organisatie.OrganisatieOpgenomen():
            koppeling = " met koppeling" if feit.koppeling else ""
            return Zin(f"{wie} heeft {feit.naam} ({feit.code}, {feit.soort}){koppeling} opgenomen.")
        case organisatie.RolToegekend():
            return Zin(f"{wie} heeft account {feit.account} de rol {in_woorden(feit.rol)} gegeven.")
        case organisatie.RolVoorgesteld():
            return Zin(f"{wie} heeft account {feit.account} voorgesteld als {in_woorden(feit.rol)}.")
        case organisatie.RolIngetrokken():
            return Zin(f"{wie} heeft account {feit.account} de rol {in_woorden(feit.rol)} ontnomen.")
        case organisatie.ContactVastgelegd():
            return Zin(f"{wie} heeft een contact vastgelegd voor {feit.onderwerp}.")
        case procedure.ProcedureVastgesteld():
            return Zin(f"{wie} heeft procedure {feit.regels.versie} vastgesteld.")
        case procedure.JaarGeopend():
            return Zin(f"{wie} heeft overstapjaar {feit.overstapjaar} geopend.")
        case procedure.JaarGesloten():
            return Zin(
                f"{wie} heeft overstapjaar {feit.overstapjaar} gesloten: {feit.afgesloten} overstappen afgesloten."
            )
        case _:
            assert_never(feit)
