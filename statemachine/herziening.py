"""Corrections: the status is recomputed as if the named event had not been applied; history itself is never edited."""

from itertools import zip_longest

from overstap.domain import verzoeken as v
from overstap.domain.feiten import Feit
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.overstap import Overstap, Stap, aanmeldingen_na
from overstap.domain.rollen import Actor, Rol
from overstap.domain.statussen import VOLGT_AANMELDINGEN, OverstapStatus, status_bij_rang
from overstap.domain.weigering import Weigering, weiger
from overstap.statemachine.aanmeldingsstappen import FEIT_VAN_STAP
from overstap.statemachine.kader import Besluit
from overstap.statemachine.tabel import AANMELDING, OVERSTAP
from overstap.statemachine.weigeringen import niet_bevoegd, onbekende_leerling
from overstap.statemachine.zaak import Zaak
from overstap.statemachine.zicht import ziet

STAP_VAN_FEIT: dict[type, str] = {
    **{feit: str(verzoek.__struct_config__.tag) for verzoek, feit in FEIT_VAN_STAP.items()},
    a.AanmeldingAfgewezen: "wijs_af",
    a.OpleidingOnderbroken: "onderbreek",
    a.AanmeldingHeropend: "heropen",
    a.AanmeldingGewijzigd: "wijzig_aanmelding",
    o.VervolgkeuzeVoGekozen: "kies_vervolg_vo",
    o.VervolgkeuzeVoIngetrokken: "trek_vervolgkeuze_in",
    o.LeerplichtIngeschakeld: "schakel_leerplicht_in",
    o.LeerplichtAfgehandeld: "handel_leerplicht_af",
    o.OverstapHervat: "hervat",
    o.LeerlingUitgeschreven: "schrijf_uit",
    o.OverstapHeropend: "heropen_overstap",
}
"""The row of a chart behind each fact that a correction may have to judge again."""

BLIJVEND: dict[type, OverstapStatus] = {
    o.VervolgkeuzeVoGekozen: OverstapStatus.VERVOLGKEUZE_VO,
    o.LeerplichtIngeschakeld: OverstapStatus.LEERPLICHT_INGESCHAKELD,
    o.LeerplichtAfgehandeld: OverstapStatus.LEERPLICHT_AFGEHANDELD,
    o.OverstapAfgesloten: OverstapStatus.AFGEROND,
    o.LeerlingUitgeschreven: OverstapStatus.UITGESCHREVEN,
}
"""The status each decision leads to; the other decisions lead to the status by best rank."""

BIJ_RANG = (o.VervolgkeuzeVoIngetrokken, o.OverstapHervat, o.OverstapHeropend)


def decide_herziening(zaak: Zaak, verzoek: v.Herzie) -> Besluit | Weigering:
    """Decide a correction by the role and organisation that caused the event, or the regiebeheerder.

    It counts from the moment it is recorded. A later step of the same role must still be a row of its chart after the
    correction (else: correct that one first); a later decision of another role stands.
    """
    if not ziet(zaak.actor, zaak.overstap, zaak.nu, zaak.kader):
        return onbekende_leerling()
    stap = next((stap for stap in zaak.overstap.stappen if stap.nummer == verzoek.gebeurtenis), None)
    if zaak.actor.rol is Rol.KOPPELING:
        return niet_bevoegd("herzie", zaak.actor, {Rol.REGIEBEHEERDER}, zaak.wel_mogelijk())
    if stap is None:
        return _onbekend(zaak.overstap, verzoek.gebeurtenis)
    is_eigen = zaak.actor.rol is stap.rol and zaak.actor.organisatie == stap.organisatie
    if zaak.actor.rol is not Rol.REGIEBEHEERDER and not is_eigen:
        return niet_bevoegd("herzie", zaak.actor, _wie_wel(zaak.actor, stap), zaak.wel_mogelijk())
    if not verzoek.reden:
        return weiger("reden_ontbreekt", "Een herziening heeft een reden.", "Geef een reden van de herziening.")
    if stap.nummer in zaak.overstap.herzien:
        return weiger("niet_herzienbaar", "Deze gebeurtenis is al herzien.", "Leg zo nodig de stap opnieuw vast.")
    if isinstance(stap.feit, a.AanmeldingOvergenomen) or _is_overgenomen(zaak.overstap, stap):
        return weiger(
            "niet_herzienbaar",
            "De koppeling heeft deze aanmelding overgenomen; dat zij er is, kan niet worden herzien.",
            "Herzie de stappen van de aanmelding zelf, of laat het MBO haar intrekken.",
        )
    herzien = zaak.overstap.herzien | {stap.nummer}
    wringt = eerste_die_wringt(zaak.overstap, herzien, stap)
    if wringt is not None:
        return weiger(
            "samenhang",
            f"Gebeurtenis {wringt} rust op gebeurtenis {stap.nummer}.",
            f"Herzie eerst gebeurtenis {wringt}.",
        )
    feiten: tuple[Feit, ...] = (o.GebeurtenisHerzien(gebeurtenis=stap.nummer, reden=verzoek.reden),)
    naar = herbereken(zaak.overstap.stappen, herzien)
    if naar is not zaak.overstap.status:
        feiten = (
            *feiten,
            o.StatusGewijzigd(van=zaak.overstap.status, naar=naar, oorzaak=zaak.overstap.versie + 1, stap="herzie"),
        )
    return Besluit(feiten=feiten, gebeurd_op=zaak.nu)


def _wie_wel(actor: Actor, stap: Stap) -> frozenset[Rol]:
    """Name who may correct a step; an MBO is not told that Leerplicht or the school took one."""
    if actor.rol is Rol.MBO_INTAKER:
        return frozenset({Rol.REGIEBEHEERDER})
    return frozenset({stap.rol, Rol.REGIEBEHEERDER}) - {Rol.KOPPELING}


def _is_overgenomen(overstap: Overstap, stap: Stap) -> bool:
    """Tell whether the step entered, by hand, an aanmelding that the koppeling took over: its word stands by itself."""
    return isinstance(stap.feit, a.AanmeldingOntvangen) and any(
        isinstance(later.feit, a.AanmeldingOvergenomen) and later.feit.nummer == stap.feit.nummer
        for later in overstap.stappen
    )


def _onbekend(overstap: Overstap, nummer: int) -> Weigering:
    if 1 <= nummer <= overstap.versie:
        return weiger(
            "niet_herzienbaar",
            "Deze gebeurtenis is geen stap die herzien kan worden.",
            "Herzie de stap die haar veroorzaakte; een foutief opgevoerde leerling schrijft u uit.",
        )
    return weiger(
        "onbekende_gebeurtenis", "Deze gebeurtenis is hier niet bekend.", "Noem het nummer uit de geschiedenis."
    )


def herbereken(stappen: tuple[Stap, ...], herzien: frozenset[int]) -> OverstapStatus:
    """Recompute the pupil's status from the steps that hold, as the charts would have led there."""
    status, rang = OverstapStatus.NOG_NIET_AANGEMELD, 0
    geldend = [index for index, stap in enumerate(stappen) if stap.nummer not in herzien]
    for index, volgende in zip_longest(geldend, geldend[1:]):
        feit = stappen[index].feit
        if isinstance(feit, a.AanmeldingFeit):
            if volgende is not None and _zelfde_bericht(feit, stappen[volgende].feit):
                continue
            nieuw = max((x.rang for x in aanmeldingen_na(stappen[: index + 1], herzien)), default=0)
            if nieuw != rang and status in VOLGT_AANMELDINGEN:
                status = status_bij_rang(nieuw)
            rang = nieuw
        elif isinstance(feit, BIJ_RANG):
            status = status_bij_rang(rang)
        else:
            status = BLIJVEND.get(type(feit), status)
    return status


def _zelfde_bericht(feit: a.AanmeldingFeit, volgend: Feit) -> bool:
    """Tell whether the next step came from the same message: one decision, followed by the status once, at its end."""
    return isinstance(volgend, a.AanmeldingFeit) and feit.bericht is not None and feit.bericht == volgend.bericht


def eerste_die_wringt(overstap: Overstap, herzien: frozenset[int], weg: Stap) -> int | None:
    """Give the number of the first later step that is legal with the corrected one and not without it, or None.

    Only steps of the corrected step's own role and organisation count: a later decision of another role stands.
    """
    for index, stap in enumerate(overstap.stappen):
        if stap.nummer <= weg.nummer or stap.nummer in herzien:
            continue
        feit = stap.feit
        if isinstance(feit, o.LeerplichtIngeschakeld) and feit.overleg == weg.nummer:
            return stap.nummer
        if (stap.rol, stap.organisatie) != (weg.rol, weg.organisatie):
            continue
        if _is_rij(overstap.stappen[:index], stap, herzien - {weg.nummer}) and not _is_rij(
            overstap.stappen[:index], stap, herzien
        ):
            return stap.nummer
    return None


def _is_rij(eerder: tuple[Stap, ...], stap: Stap, herzien: frozenset[int]) -> bool:
    """Tell whether a step is a row of its chart after the earlier ones that hold."""
    feit = stap.feit
    if type(feit) not in STAP_VAN_FEIT:
        return True
    if isinstance(feit, a.AanmeldingFeit):
        status = aanmeldingen_na(eerder, herzien)[feit.nummer - 1].status
        return (status, STAP_VAN_FEIT[type(feit)]) in AANMELDING
    return (herbereken(eerder, herzien), STAP_VAN_FEIT[type(feit)]) in OVERSTAP
