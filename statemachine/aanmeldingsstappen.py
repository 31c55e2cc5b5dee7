"""Deciding the rows of chart 1 that people take: enter an aanmelding, and move it along."""

from datetime import date

from overstap.domain import verzoeken as v
from overstap.domain.feiten import aanmelding as a
from overstap.domain.identificaties import is_brin, is_crebo
from overstap.domain.overstap import Aanmelding, Overstap
from overstap.domain.redenen import Grond
from overstap.domain.rollen import Actor, Rol
from overstap.domain.statussen import AanmeldingStatus
from overstap.domain.weigering import Weigering, weiger
from overstap.statemachine.bevoegdheden import bevoegde_mensen
from overstap.statemachine.kader import Besluit, zelfde_instelling
from overstap.statemachine.tabel import AANMELDING, volgende
from overstap.statemachine.weigeringen import met_redenen, niet_bevoegd, niet_toegestaan, onbekende_leerling
from overstap.statemachine.zaak import Zaak, mag_aanmelding
from overstap.statemachine.zicht import ziet


def decide_aanmeldingsstap(zaak: Zaak, verzoek: v.Aanmeldingsverzoek) -> Besluit | Weigering:
    """Decide one row of chart 1 on one aanmelding."""
    stap = v.naam_van_verzoek(verzoek)
    if not ziet(zaak.actor, zaak.overstap, zaak.nu, zaak.kader):
        return onbekende_leerling()
    rollen = bevoegde_mensen(stap, zaak.kader.regels)
    if zaak.actor.rol not in rollen:
        return niet_bevoegd(stap, zaak.actor, rollen, zaak.wel_mogelijk())
    aanmelding = vind_aanmelding(zaak.overstap, verzoek.aanmelding, zaak.actor)
    if isinstance(aanmelding, Weigering):
        return aanmelding
    if not mag_aanmelding(zaak.actor, aanmelding, zaak.kader):
        return niet_bevoegd(stap, zaak.actor, rollen - {zaak.actor.rol}, zaak.wel_mogelijk())
    if isinstance(verzoek, v.Heropen) and verzoek.naar not in {
        AanmeldingStatus.AANGEMELD,
        AanmeldingStatus.VOORLOPIG_GEPLAATST,
    }:
        return weiger(
            "veld_ongeldig", "Heropenen kan naar 'aangemeld' of 'voorlopig_geplaatst'.", "Kies een van beide."
        )
    if isinstance(verzoek, v.WijzigAanmelding) and verzoek.crebo is not None and not is_crebo(verzoek.crebo):
        return weiger("veld_ongeldig", "Een opleidingscode heeft vijf cijfers.", "Geef de crebo van de opleiding.")
    uitkomst = volgende(AANMELDING, aanmelding.status, stap, zaak.beletselen(verzoek=verzoek, aanmelding=aanmelding))
    if uitkomst is None:
        vanuit = dict.fromkeys(bron for bron, naam in AANMELDING if naam == stap)
        return niet_toegestaan(stap, aanmelding.status, vanuit, zaak.wel_mogelijk())
    if isinstance(uitkomst, tuple):
        return met_redenen(stap, uitkomst, zaak.wel_mogelijk())
    feit = _feit(verzoek, aanmelding, zonder_accounts=zaak.actor.rol is Rol.DECAAN)
    if isinstance(feit, a.AanmeldingGewijzigd) and not _wijzigt(feit):
        return zaak.besluit()
    return zaak.besluit_met_volgen((feit,), oorzaak=1)


def decide_aanmelding(zaak: Zaak, verzoek: v.MeldAan) -> Besluit | Weigering:
    """Decide meld_aan: an aanmelding entered by hand, by the decaan of the pupil's school or by that MBO's intaker."""
    rollen = bevoegde_mensen("meld_aan", zaak.kader.regels)
    if zaak.actor.rol not in rollen:
        if not ziet(zaak.actor, zaak.overstap, zaak.nu, zaak.kader):
            return onbekende_leerling()
        return niet_bevoegd("meld_aan", zaak.actor, rollen, zaak.wel_mogelijk())
    if not (is_brin(verzoek.brin) and is_crebo(verzoek.crebo)):
        return weiger(
            "veld_ongeldig", "Een BRIN heeft de vorm 99XX en een crebo vijf cijfers.", "Verbeter brin of crebo."
        )
    if zaak.actor.rol is Rol.MBO_INTAKER:
        if zaak.actor.regio != zaak.overstap.regio:
            return onbekende_leerling()
        if not zelfde_instelling(zaak.actor.organisatie, verzoek.brin):
            return weiger(
                "andere_organisatie", "U kunt alleen aanmeldingen bij uw eigen MBO invoeren.", "Gebruik uw eigen BRIN."
            )
    elif not ziet(zaak.actor, zaak.overstap, zaak.nu, zaak.kader):
        return onbekende_leerling()
    elif zaak.kader.heeft_koppeling(verzoek.brin):
        return weiger(
            "niet_bevoegd",
            "Aanmeldingen bij dit MBO komen vanzelf binnen via de koppeling.",
            "Wacht op de koppeling, of vraag de intaker van het MBO de aanmelding in te voeren.",
        )
    for bekend in zaak.overstap.aanmeldingen:
        if bekend.is_actief and zelfde_instelling(bekend.brin, verzoek.brin) and bekend.crebo == verzoek.crebo:
            return zaak.besluit()
    ontvangen = a.AanmeldingOntvangen(
        nummer=len(zaak.overstap.aanmeldingen) + 1,
        brin=verzoek.brin,
        crebo=verzoek.crebo,
        leertraject=verzoek.leertraject,
        startdatum=_iso(verzoek.startdatum),
        zonder_accounts=zaak.actor.rol is Rol.DECAAN and not zaak.kader.heeft_accounts(verzoek.brin),
    )
    return zaak.besluit_met_volgen((ontvangen,), oorzaak=1)


def vind_aanmelding(
    overstap: Overstap, verwijzing: v.AanmeldingVerwijzing | None, actor: Actor
) -> Aanmelding | Weigering:
    """Find the aanmelding a request names; without a name the only one (or the only active one) the actor can mean."""
    passend = [x for x in overstap.aanmeldingen if _past(x, verwijzing, actor)]
    if len(passend) > 1:
        passend = [x for x in passend if x.is_actief]
    if len(passend) == 1:
        return passend[0]
    return weiger(
        "onbekende_aanmelding",
        "Het is niet duidelijk om welke aanmelding het gaat." if passend else "Deze aanmelding is hier niet bekend.",
        "Noem de aanmelding met ketenId, met brin en crebo, of met nummer.",
    )


def _past(aanmelding: Aanmelding, verwijzing: v.AanmeldingVerwijzing | None, actor: Actor) -> bool:
    if actor.rol is Rol.MBO_INTAKER and not zelfde_instelling(aanmelding.brin, actor.organisatie):
        return False
    if verwijzing is None:
        return True
    return (
        verwijzing.keten_id in {None, aanmelding.keten_id}
        and verwijzing.nummer in {None, aanmelding.nummer}
        and verwijzing.crebo in {None, aanmelding.crebo}
        and (verwijzing.brin is None or zelfde_instelling(verwijzing.brin, aanmelding.brin))
    )


def _iso(dag: date | None) -> str | None:
    return dag.isoformat() if dag else None


def _wijzigt(feit: a.AanmeldingGewijzigd) -> bool:
    return feit.crebo is not None or feit.startdatum is not None or feit.leertraject is not None


FEIT_VAN_STAP: dict[type[v.Aanmeldingsverzoek], type[a.KaalFeit]] = {
    v.PlanIntake: a.IntakeGepland,
    v.StartOnderzoek: a.OnderzoekGestart,
    v.RondIntakeAf: a.IntakeAfgerond,
    v.PlaatsOpWachtlijst: a.OpWachtlijstGeplaatst,
    v.PlaatsVoorlopig: a.VoorlopigGeplaatst,
    v.PlaatsDefinitief: a.DefinitiefGeplaatst,
    v.BevestigStart: a.StartBevestigd,
    v.TrekIn: a.AanmeldingIngetrokken,
    v.MeldNietVerschenen: a.NietVerschenenGemeld,
}
"""The fact of each row that carries nothing of its own."""


def _feit(verzoek: v.Aanmeldingsverzoek, aanmelding: Aanmelding, *, zonder_accounts: bool) -> a.FeitVanAanmelding:
    nummer = aanmelding.nummer
    match verzoek:
        case v.WijsAf():
            return a.AanmeldingAfgewezen(nummer=nummer, grond=Grond(verzoek.grond), zonder_accounts=zonder_accounts)
        case v.Onderbreek():
            return a.OpleidingOnderbroken(nummer=nummer, reden=verzoek.reden.strip(), zonder_accounts=zonder_accounts)
        case v.Heropen():
            naar = AanmeldingStatus(verzoek.naar)
            return a.AanmeldingHeropend(nummer=nummer, naar=naar, zonder_accounts=zonder_accounts)
        case v.WijzigAanmelding():
            startdatum = _iso(verzoek.startdatum)
            return a.AanmeldingGewijzigd(
                nummer=nummer,
                crebo=verzoek.crebo if verzoek.crebo != aanmelding.crebo else None,
                startdatum=startdatum if startdatum != aanmelding.startdatum else None,
                leertraject=verzoek.leertraject if verzoek.leertraject != aanmelding.leertraject else None,
                zonder_accounts=zonder_accounts,
            )
        case _:
            return FEIT_VAN_STAP[type(verzoek)](nummer=nummer, zonder_accounts=zonder_accounts)
