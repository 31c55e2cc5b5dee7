"""Deciding a koppeling's message: it names a status, and the shortest chain of rows open to it leads there."""

from collections import deque
from functools import cache

from overstap.domain import verzoeken as v
from overstap.domain.feiten import Feit
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten.overstap import SignaalGegeven
from overstap.domain.kalender import Regels
from overstap.domain.overstap import Aanmelding
from overstap.domain.redenen import Grond
from overstap.domain.rollen import Rol
from overstap.domain.statussen import RANG, AanmeldingStatus
from overstap.domain.weigering import Weigering, weiger
from overstap.statemachine.aanmeldingsstappen import FEIT_VAN_STAP
from overstap.statemachine.bevoegdheden import bevoegde_rollen
from overstap.statemachine.kader import Besluit, zelfde_instelling
from overstap.statemachine.tabel import AANMELDING, AANMELDING_STATUS, volgende
from overstap.statemachine.weigeringen import niet_bevoegd, onbekende_leerling
from overstap.statemachine.zaak import Zaak
from overstap.statemachine.zicht import ziet

GEEN_STAP_VAN_BERICHT = frozenset({"meld_aan", "wijzig_aanmelding", "herzie_aanmelding"})
STAPPEN_VAN_BERICHT = frozenset(stap for _, stap in AANMELDING) - GEEN_STAP_VAN_BERICHT
"""The rows of chart 1 of which a chain may consist, where the region closes none of them to the koppeling."""
MET_BELETSEL = frozenset(stap for (_, stap), rijen in AANMELDING.items() if any(rij.beletselen for rij in rijen))
"""The rows that anything can stand in the way of: the others need no look."""
ZONDER_REDEN = "niet_meegedeeld"

_FEIT: dict[str, type[a.KaalFeit]] = {
    str(verzoek.__struct_config__.tag): feit for verzoek, feit in FEIT_VAN_STAP.items()
}


@cache
def kortste_weg(
    van: AanmeldingStatus, naar: AanmeldingStatus, stappen: frozenset[str] = STAPPEN_VAN_BERICHT
) -> tuple[tuple[str, AanmeldingStatus], ...] | None:
    """Give the shortest chain of (step, status) from one status to another by these steps, or None when there is none.

    A chain never passes through an end (refused, withdrawn, no-show, left early): that would invent an end that nobody
    reported. It may begin at one, by heropen. Of two equally short chains the one whose rows come first in the chart.
    """
    wachtrij: deque[tuple[AanmeldingStatus, tuple[tuple[str, AanmeldingStatus], ...]]] = deque([(van, ())])
    gezien = {van}
    while wachtrij:
        status, weg = wachtrij.popleft()
        if status is naar:
            return weg
        if weg and RANG[status] == 0:
            continue
        for (bron, stap), rijen in AANMELDING.items():
            if bron != status or stap not in stappen:
                continue
            for rij in rijen:
                doel = AANMELDING_STATUS[rij.doel]
                if doel not in gezien:
                    gezien.add(doel)
                    wachtrij.append((doel, (*weg, (stap, doel))))
    return None


def stappen_open_voor_koppeling(regels: Regels) -> frozenset[str]:
    """Give the rows a chain may consist of under these rules."""
    if not regels.open_voor:
        return STAPPEN_VAN_BERICHT
    return frozenset(stap for stap in STAPPEN_VAN_BERICHT if Rol.KOPPELING in bevoegde_rollen(stap, regels))


def decide_koppelbericht(zaak: Zaak, verzoek: v.VerwerkKoppelbericht) -> Besluit | Weigering:
    """Decide one message: applied, confirmed, or kept without effect (older, no way, unknown code); seen: nothing."""
    if zaak.actor.rol is not Rol.KOPPELING:
        if not ziet(zaak.actor, zaak.overstap, zaak.nu, zaak.kader):
            return onbekende_leerling()
        return niet_bevoegd("verwerk_koppelbericht", zaak.actor, {Rol.KOPPELING}, zaak.wel_mogelijk())
    if zaak.actor.regio != zaak.overstap.regio:
        return onbekende_leerling()
    if not zelfde_instelling(zaak.actor.organisatie, verzoek.brin):
        return weiger("andere_organisatie", "Dit bericht hoort bij een ander MBO.", "Stuur alleen eigen aanmeldingen.")
    bekend = _aanmelding(zaak, verzoek)
    if bekend is not None and not zelfde_instelling(bekend.brin, verzoek.brin):
        return weiger("andere_organisatie", "Dit ketenId hoort bij een ander MBO.", "Controleer het ketenId.")
    if (verzoek.keten_id, verzoek.volgnummer) in zaak.overstap.gezien:
        return zaak.besluit()
    bericht = a.Koppelbericht(
        keten_id=verzoek.keten_id,
        volgnummer=verzoek.volgnummer,
        code=verzoek.code,
        laatste_wijziging=verzoek.laatste_wijziging,
    )
    status = zaak.kader.regels.status_bij_code(zaak.actor.organisatie, verzoek.code)
    if status is None:
        return _niet_toegepast(zaak, bericht, bekend, "onbekende_code", None)
    if bekend is not None and verzoek.volgnummer < bekend.volgnummer:
        verouderd = a.KoppelberichtNietToegepast(
            bericht=bericht, nummer=bekend.nummer, reden="verouderd", status=status
        )
        return zaak.besluit(verouderd)
    return _toegepast(zaak, verzoek, bericht, status, bekend)


def _aanmelding(zaak: Zaak, verzoek: v.VerwerkKoppelbericht) -> Aanmelding | None:
    keten_id = verzoek.keten_id
    for een in zaak.overstap.aanmeldingen:
        if een.keten_id == keten_id:
            return een
    return None


def _handmatige(zaak: Zaak, verzoek: v.VerwerkKoppelbericht) -> Aanmelding | None:
    passend = [
        x
        for x in zaak.overstap.aanmeldingen
        if x.keten_id is None and zelfde_instelling(x.brin, verzoek.brin) and x.crebo == verzoek.crebo
    ]
    return next((x for x in passend if x.is_actief), passend[-1] if passend else None)


def _toegepast(
    zaak: Zaak,
    verzoek: v.VerwerkKoppelbericht,
    bericht: a.Koppelbericht,
    status: AanmeldingStatus,
    bekend: Aanmelding | None,
) -> Besluit:
    feiten: list[Feit] = []
    if bekend is None:
        bekend = _handmatige(zaak, verzoek)
        if bekend is not None:
            feiten.append(a.AanmeldingOvergenomen(nummer=bekend.nummer, bericht=bericht, keten_id=verzoek.keten_id))
    if bekend is None:
        nummer, nu_status = len(zaak.overstap.aanmeldingen) + 1, AanmeldingStatus.AANGEMELD
        feiten.append(
            a.AanmeldingOntvangen(
                nummer=nummer,
                bericht=bericht,
                brin=verzoek.brin,
                crebo=verzoek.crebo,
                keten_id=verzoek.keten_id,
                aanbieder=verzoek.aanbieder,
                startdatum=verzoek.startdatum,
                leertraject=verzoek.leertraject,
            )
        )
    else:
        nummer, nu_status = bekend.nummer, bekend.status
    weg = kortste_weg(nu_status, status, stappen_open_voor_koppeling(zaak.kader.regels))
    if weg is None:
        return _niet_toegepast(zaak, bericht, bekend, "geen_weg", status)
    feiten.extend(_feit(stap, doel, nummer, bericht, verzoek) for stap, doel in weg)
    oorzaak = len(feiten)
    if bekend is not None and RANG[status] > 0:
        feiten.extend(_wijziging(bekend, verzoek, bericht))
    if not feiten:
        return zaak.besluit(a.KoppelberichtVastgelegd(nummer=nummer, bericht=bericht))
    feiten.extend(_kalendersignalen(zaak, weg, nu_status, nummer, oorzaak))
    return zaak.besluit_met_volgen(tuple(feiten), oorzaak=oorzaak)


def _feit(
    stap: str, doel: AanmeldingStatus, nummer: int, bericht: a.Koppelbericht, verzoek: v.VerwerkKoppelbericht
) -> Feit:
    match stap:
        case "wijs_af":
            grond = Grond(verzoek.grond) if verzoek.grond in set(Grond) else Grond.NIET_MEEGEDEELD
            return a.AanmeldingAfgewezen(nummer=nummer, bericht=bericht, grond=grond)
        case "onderbreek":
            return a.OpleidingOnderbroken(nummer=nummer, bericht=bericht, reden=ZONDER_REDEN)
        case "heropen":
            return a.AanmeldingHeropend(nummer=nummer, bericht=bericht, naar=doel)
        case _:
            return _FEIT[stap](nummer=nummer, bericht=bericht)


def _wijziging(bekend: Aanmelding, verzoek: v.VerwerkKoppelbericht, bericht: a.Koppelbericht) -> list[Feit]:
    crebo = verzoek.crebo if verzoek.crebo != bekend.crebo else None
    startdatum = verzoek.startdatum if verzoek.startdatum != bekend.startdatum else None
    leertraject = verzoek.leertraject if verzoek.leertraject != bekend.leertraject else None
    if crebo is None and startdatum is None and leertraject is None:
        return []
    return [
        a.AanmeldingGewijzigd(
            nummer=bekend.nummer, bericht=bericht, crebo=crebo, startdatum=startdatum, leertraject=leertraject
        )
    ]


def _kalendersignalen(
    zaak: Zaak,
    weg: tuple[tuple[str, AanmeldingStatus], ...],
    van: AanmeldingStatus,
    nummer: int,
    oorzaak: int,
) -> list[Feit]:
    """Calendar conditions bind people; a koppeling they only signal. oorzaak counts from 1 within what is decided."""
    if not any(stap in MET_BELETSEL for stap, _ in weg):
        return []
    beletselen = zaak.beletselen()
    for stap, doel in weg:
        if isinstance(volgende(AANMELDING, van, stap, beletselen), tuple):
            gebeurtenis = zaak.overstap.versie + oorzaak
            return [SignaalGegeven(signaal="kalender", voor=Rol.MBO_INTAKER, oorzaak=gebeurtenis, aanmelding=nummer)]
        van = doel
    return []


def _niet_toegepast(
    zaak: Zaak,
    bericht: a.Koppelbericht,
    bekend: Aanmelding | None,
    reden: a.RedenNietToegepast,
    status: AanmeldingStatus | None,
) -> Besluit:
    nummer = bekend.nummer if bekend else None
    signaal = "onbekende_code" if reden == "onbekende_code" else "koppelbericht_niet_toegepast"
    return zaak.besluit(
        a.KoppelberichtNietToegepast(bericht=bericht, nummer=nummer, reden=reden, status=status),
        SignaalGegeven(signaal=signaal, voor=Rol.MBO_INTAKER, oorzaak=zaak.overstap.versie + 1, aanmelding=nummer),
    )


if missend := STAPPEN_VAN_BERICHT - {*_FEIT, "wijs_af", "onderbreek", "heropen"}:
    message = f"rows of chart 1 without a fact: {sorted(missend)}"
    raise TypeError(message)
