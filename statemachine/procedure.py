"""Deciding what may change about an overstapjaar: its rules, its opening and its closing."""

from datetime import UTC, datetime
from typing import assert_never

from overstap.domain import verzoeken_procedure as v
from overstap.domain.feiten import Feit
from overstap.domain.feiten import procedure as f
from overstap.domain.kalender import Regels, datum_in_amsterdam, inhoud_hash, kalender_van
from overstap.domain.procedure import Jaar
from overstap.domain.rollen import Actor, Rol
from overstap.domain.weigering import Weigering, weiger
from overstap.domain.woorden import datum_in_woorden
from overstap.statemachine.bevoegdheden import BEVOEGD, VAST
from overstap.statemachine.kader import Besluit
from overstap.statemachine.weigeringen import niet_bevoegd


def decide_procedure(jaar: Jaar | None, verzoek: v.ProcedureVerzoek, actor: Actor, nu: datetime) -> Besluit | Weigering:
    """Judge a request about one overstapjaar; what is already so gives no facts."""
    match verzoek:
        case v.StelProcedureVast():
            uitkomst = _vaststelling(jaar, verzoek.regels, actor)
        case v.OpenJaar():
            uitkomst = _opening(jaar, verzoek.overstapjaar, actor)
        case v.SluitJaar():
            uitkomst = _sluiting(jaar, verzoek, actor, nu)
        case _:
            assert_never(verzoek)
    return uitkomst if isinstance(uitkomst, Weigering) else Besluit(feiten=uitkomst, gebeurd_op=nu.astimezone(UTC))


def _vaststelling(jaar: Jaar | None, regels: Regels, actor: Actor) -> tuple[Feit, ...] | Weigering:
    if actor.rol is not Rol.REGIEBEHEERDER:
        return niet_bevoegd("stel_procedure_vast", actor, {Rol.REGIEBEHEERDER})
    if regels.regio != actor.regio:
        return weiger("andere_organisatie", "Dit zijn parameters van een andere regio.", "Lever uw eigen regio aan.")
    onbekend = [stap for stap in regels.open_voor if stap not in BEVOEGD or stap in VAST]
    rollen = {rol for namen in regels.open_voor.values() for rol in namen} - set(Rol)
    if onbekend or rollen:
        return weiger(
            "veld_ongeldig",
            "De tabel open_voor noemt een stap of rol die niet bestaat, of een stap die vast staat.",
            "Gebruik de namen van de procedure (overstap procedure --format md).",
        )
    hash_nu = inhoud_hash(regels)
    bekend = jaar.hashes.get(regels.revisie) if jaar else None
    if bekend == hash_nu:
        return ()
    if bekend is not None:
        return weiger(
            "revisie_bestaat",
            f"Revisie {regels.revisie} van {regels.overstapjaar} bestaat al met andere inhoud.",
            "Verhoog de revisie.",
        )
    vastgesteld = f.ProcedureVastgesteld(regels=regels, inhoud_hash=hash_nu)
    if jaar is not None and jaar.is_open:
        return (vastgesteld,)
    return (vastgesteld, f.JaarGeopend(overstapjaar=regels.overstapjaar))


def _opening(jaar: Jaar | None, overstapjaar: int, actor: Actor) -> tuple[Feit, ...] | Weigering:
    if actor.rol is not Rol.REGIEBEHEERDER:
        return niet_bevoegd("open_jaar", actor, {Rol.REGIEBEHEERDER})
    if jaar is not None and jaar.is_open:
        return ()
    geopend = f.JaarGeopend(overstapjaar=overstapjaar)
    if jaar is not None and jaar.regels is not None:
        return (geopend,)
    regels = Regels(regio=actor.regio, overstapjaar=overstapjaar, revisie=1, kalender=kalender_van(overstapjaar))
    return (f.ProcedureVastgesteld(regels=regels, inhoud_hash=inhoud_hash(regels)), geopend)


def _sluiting(jaar: Jaar | None, verzoek: v.SluitJaar, actor: Actor, nu: datetime) -> tuple[Feit, ...] | Weigering:
    if actor.rol not in {Rol.SYSTEEM, Rol.REGIEBEHEERDER}:
        return niet_bevoegd("sluit_jaar", actor, {Rol.SYSTEEM, Rol.REGIEBEHEERDER})
    if jaar is None or jaar.regels is None or not jaar.is_open:
        return weiger("geen_jaar", f"Overstapjaar {verzoek.overstapjaar} is niet open.", "Open eerst het jaar.")
    sluit_vanaf = jaar.regels.kalender.sluit_vanaf
    if datum_in_amsterdam(nu) < sluit_vanaf:
        return weiger(
            "te_vroeg",
            f"Het jaar sluiten kan vanaf {datum_in_woorden(sluit_vanaf)}, na de meting.",
            "Wacht tot die datum.",
        )
    if jaar.is_gesloten and verzoek.afgesloten == 0:
        return ()
    return (f.JaarGesloten(overstapjaar=verzoek.overstapjaar, afgesloten=verzoek.afgesloten),)
