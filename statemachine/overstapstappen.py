"""Deciding the rows of chart 2: what people, and at the end of the year the system, decide about a pupil."""

from typing import assert_never

from overstap.domain import verzoeken as v
from overstap.domain.feiten import Feit
from overstap.domain.feiten import overstap as o
from overstap.domain.identificaties import is_brin, is_gemeentecode
from overstap.domain.redenen import RedenAfsluiting, RedenUitschrijving, RedenVervolgkeuze, Uitkomst
from overstap.domain.rollen import Rol
from overstap.domain.statussen import OverstapStatus
from overstap.domain.weigering import Weigering, weiger
from overstap.statemachine.bevoegdheden import bevoegde_rollen
from overstap.statemachine.kader import Besluit
from overstap.statemachine.tabel import OVERSTAP, OVERSTAP_STATUS, volgende
from overstap.statemachine.weigeringen import met_redenen, niet_bevoegd, niet_toegestaan, onbekende_leerling
from overstap.statemachine.zaak import Zaak, mag_namens
from overstap.statemachine.zicht import ziet


def decide_overstapstap(zaak: Zaak, verzoek: v.Overstapsverzoek) -> Besluit | Weigering:
    """Decide one row of chart 2."""
    stap = v.naam_van_verzoek(verzoek)
    overstap = zaak.overstap
    if not ziet(zaak.actor, overstap, zaak.nu, zaak.kader):
        return onbekende_leerling()
    rollen = bevoegde_rollen(stap, zaak.kader.regels)
    if zaak.actor.rol not in rollen:
        return niet_bevoegd(stap, zaak.actor, rollen, zaak.wel_mogelijk())
    if not mag_namens(stap, zaak.actor, overstap, zaak.kader):
        return niet_bevoegd(stap, zaak.actor, rollen - {zaak.actor.rol}, zaak.wel_mogelijk())
    vormfout = _vormfout(verzoek)
    if vormfout is not None:
        return vormfout
    uitkomst = volgende(OVERSTAP, overstap.status, stap, zaak.beletselen(verzoek=verzoek))
    if uitkomst is None:
        vanuit = dict.fromkeys(bron for bron, naam in OVERSTAP if naam == stap)
        return niet_toegestaan(stap, overstap.status, vanuit, zaak.wel_mogelijk())
    if isinstance(uitkomst, tuple):
        return met_redenen(stap, uitkomst, zaak.wel_mogelijk())
    feiten = _feiten(zaak, verzoek)
    gewijzigd = o.StatusGewijzigd(
        van=overstap.status, naar=OVERSTAP_STATUS[uitkomst], oorzaak=overstap.versie + len(feiten), stap=stap
    )
    return zaak.besluit(*feiten, gewijzigd, *_signalen(zaak, verzoek, gewijzigd.oorzaak))


def _vormfout(verzoek: v.Overstapsverzoek) -> Weigering | None:
    if isinstance(verzoek, v.KiesVervolgVo) and verzoek.brin is not None and not is_brin(verzoek.brin):
        return weiger("veld_ongeldig", "Een BRIN heeft de vorm 99XX.", "Verbeter de BRIN of laat hem weg.")
    if isinstance(verzoek, v.SchrijfUit) and verzoek.nieuwe_gemeente and not is_gemeentecode(verzoek.nieuwe_gemeente):
        return weiger("veld_ongeldig", "Een gemeentecode heeft vier cijfers.", "Verbeter de nieuwe gemeente.")
    return None


def _feiten(zaak: Zaak, verzoek: v.Overstapsverzoek) -> tuple[Feit, ...]:  # one return a request
    match verzoek:
        case v.KiesVervolgVo():
            reden = RedenVervolgkeuze(verzoek.reden)
            return (o.VervolgkeuzeVoGekozen(reden=reden, brin=verzoek.brin, toelichting=verzoek.toelichting),)
        case v.TrekVervolgkeuzeIn():
            return (o.VervolgkeuzeVoIngetrokken(),)
        case v.SchakelLeerplichtIn():
            return _inschakeling(zaak, verzoek)
        case v.HandelLeerplichtAf():
            return (
                o.LeerplichtAfgehandeld(
                    uitkomst=Uitkomst(verzoek.uitkomst),
                    gemeente=zaak.overstap.gemeente,
                    gemeente_zonder_accounts=zaak.actor.rol is Rol.REGIEBEHEERDER,
                    reden=verzoek.reden,
                ),
            )
        case v.Hervat():
            return (o.OverstapHervat(),)
        case v.SluitAf():
            return (o.OverstapAfgesloten(),)
        case v.SluitAfMetReden():
            return (o.OverstapAfgesloten(reden=RedenAfsluiting(verzoek.reden)),)
        case v.SchrijfUit():
            return (
                o.LeerlingUitgeschreven(
                    reden=RedenUitschrijving(verzoek.reden),
                    nieuwe_gemeente=verzoek.nieuwe_gemeente,
                    toelichting=verzoek.toelichting,
                ),
            )
        case v.HeropenOverstap():
            return (o.OverstapHeropend(reden=verzoek.reden),)
        case _:
            assert_never(verzoek)


def _inschakeling(zaak: Zaak, verzoek: v.SchakelLeerplichtIn) -> tuple[Feit, ...]:
    if verzoek.overleg is not None:
        datum = verzoek.overleg.overleg_datum.isoformat()
        vastgelegd = o.OverlegVastgelegd(overleg_datum=datum, contact=verzoek.overleg.contact)
        return (vastgelegd, o.LeerplichtIngeschakeld(overleg=zaak.overstap.versie + 1, overleg_datum=datum))
    laatste = zaak.beletselen().laatste_overleg() if zaak.kader.regels.overleg_vereist else None
    if laatste is None:
        return (o.LeerplichtIngeschakeld(),)
    return (o.LeerplichtIngeschakeld(overleg=laatste[0], overleg_datum=laatste[1]),)


def _signalen(zaak: Zaak, verzoek: v.Overstapsverzoek, oorzaak: int) -> tuple[Feit, ...]:
    if isinstance(verzoek, v.SchrijfUit) and zaak.overstap.status is OverstapStatus.LEERPLICHT_INGESCHAKELD:
        return (
            o.SignaalGegeven(signaal="uitgeschreven_bij_leerplicht", voor=Rol.LEERPLICHTAMBTENAAR, oorzaak=oorzaak),
        )
    return ()
