"""Deciding what may change about an organisation: who takes part, who may act for it, whom to call."""

from datetime import datetime
from typing import assert_never

from overstap.domain import verzoeken_organisatie as v
from overstap.domain.feiten import Feit
from overstap.domain.feiten import organisatie as f
from overstap.domain.identificaties import is_account, is_brin, is_gemeentecode
from overstap.domain.organisatie import Organisatie
from overstap.domain.rollen import ROLLEN_VAN, Actor, Rol, SoortOrganisatie
from overstap.domain.weigering import Weigering, weiger
from overstap.statemachine.kader import Besluit
from overstap.statemachine.moment import moment_van
from overstap.statemachine.weigeringen import niet_bevoegd

BEHEERDER_VAN: dict[SoortOrganisatie, Rol] = {
    SoortOrganisatie.VO: Rol.VO_BEHEERDER,
    SoortOrganisatie.MBO: Rol.MBO_BEHEERDER,
}
"""The administrator of each kind of school; the regiebeheerder grants the first, and keeps the other kinds himself."""


def decide_organisatie(
    organisatie: Organisatie | None, verzoek: v.OrganisatieVerzoek, actor: Actor, nu: datetime
) -> Besluit | Weigering:
    """Judge a request about one organisation; what is already so gives no facts."""
    gebeurd_op = moment_van(verzoek, nu)
    if isinstance(gebeurd_op, Weigering):
        return gebeurd_op
    match verzoek:
        case v.NeemOrganisatieOp():
            uitkomst = _opname(organisatie, verzoek, actor)
        case v.KenRolToe():
            uitkomst = _toekenning(organisatie, verzoek, actor)
        case v.TrekRolIn():
            uitkomst = _intrekking(organisatie, verzoek, actor)
        case v.LegContactVast():
            uitkomst = _contact(organisatie, verzoek, actor)
        case _:
            assert_never(verzoek)
    return uitkomst if isinstance(uitkomst, Weigering) else Besluit(feiten=uitkomst, gebeurd_op=gebeurd_op)


def _opname(oud: Organisatie | None, verzoek: v.NeemOrganisatieOp, actor: Actor) -> tuple[Feit, ...] | Weigering:
    if actor.rol is not Rol.REGIEBEHEERDER:
        return niet_bevoegd("neem_organisatie_op", actor, {Rol.REGIEBEHEERDER})
    if not verzoek.naam.strip():
        return weiger("veld_ontbreekt", "Een organisatie heeft een naam.", "Vul de naam in.")
    if verzoek.soort in BEHEERDER_VAN and not is_brin(verzoek.code):
        return weiger("veld_ongeldig", "Een school heeft een BRIN van de vorm 99XX.", "Verbeter de code.")
    if verzoek.soort is SoortOrganisatie.GEMEENTE and not is_gemeentecode(verzoek.code):
        return weiger("veld_ongeldig", "Een gemeentecode heeft vier cijfers.", "Verbeter de code.")
    feit = f.OrganisatieOpgenomen(
        code=verzoek.code,
        soort=verzoek.soort,
        naam=verzoek.naam.strip(),
        gemeente=verzoek.gemeente,
        aangesloten=verzoek.aangesloten,
        koppeling=verzoek.koppeling,
        accounts=verzoek.accounts,
    )
    if oud is not None and all(getattr(oud, veld) == getattr(feit, veld) for veld in feit.__struct_fields__):
        return ()
    return (feit,)


def _onbevoegd(organisatie: Organisatie, rol: Rol | None, actor: Actor) -> Weigering | None:
    """Give the refusal of who keeps accounts and contacts: the own administrator, or the regiebeheerder.

    The administrator keeps his own BRIN's own kind of roles; the regiebeheerder gemeenten, samenwerkingsverbanden, the
    region itself, and the first administrator of each school.
    """
    beheerder = BEHEERDER_VAN.get(organisatie.soort)
    if actor.rol is Rol.REGIEBEHEERDER:
        if beheerder is None or rol is None:
            return None
        eerste = rol is beheerder and not any(r is beheerder for _, r in organisatie.rollen)
        return None if eerste else niet_bevoegd("beheer_accounts", actor, {beheerder})
    if beheerder is None or actor.rol is not beheerder:
        return niet_bevoegd("beheer_accounts", actor, {beheerder or Rol.REGIEBEHEERDER})
    if actor.organisatie[:4] != organisatie.code[:4]:
        return weiger("andere_organisatie", "U beheert alleen uw eigen organisatie.", "Gebruik uw eigen BRIN.")
    return None


def _toekenning(oud: Organisatie | None, verzoek: v.KenRolToe, actor: Actor) -> tuple[Feit, ...] | Weigering:
    if oud is None or not oud.code:
        return _onbekend()
    if not is_account(verzoek.account):
        return weiger(
            "veld_ongeldig",
            "Een account bestaat uit 3 tot 64 kleine letters, cijfers en streepjes.",
            "Verbeter het account.",
        )
    uitgesloten = {Rol.KOPPELING, Rol.SYSTEEM}
    if verzoek.rol not in ROLLEN_VAN[oud.soort] - uitgesloten:
        return weiger("veld_ongeldig", "Deze rol bestaat niet bij deze soort organisatie.", "Kies een passende rol.")
    if verzoek.account == actor.account:
        return weiger("niet_bevoegd", "Niemand kent zichzelf een rol toe.", "Laat een andere beheerder dit doen.")
    onbevoegd = _onbevoegd(oud, verzoek.rol, actor)
    is_gelijk = oud.rollen.get((verzoek.account, verzoek.rol)) == (verzoek.vestiging, verzoek.klas)
    if is_gelijk and (onbevoegd is None or actor.rol is Rol.REGIEBEHEERDER):
        return ()  # the regiebeheerder may deliver again the first administrator, whom he granted before
    if onbevoegd is not None:
        return onbevoegd
    if verzoek.rol is Rol.AUDITOR:
        return _auditor(oud, verzoek, actor)
    toegekend = f.RolToegekend(
        account=verzoek.account,
        rol=verzoek.rol,
        vestiging=verzoek.vestiging,
        klas=verzoek.klas,
        functionaris=verzoek.functionaris,
    )
    return (toegekend,)


def _auditor(oud: Organisatie, verzoek: v.KenRolToe, actor: Actor) -> tuple[Feit, ...]:
    """An auditor takes two regiebeheerders: the first proposes, another one grants."""
    voorstellers = {wie for account, rol, wie in oud.voorstellen if (account, rol) == (verzoek.account, verzoek.rol)}
    if voorstellers - {actor.account}:
        return (f.RolToegekend(account=verzoek.account, rol=verzoek.rol, functionaris=verzoek.functionaris),)
    if actor.account in voorstellers:
        return ()
    return (f.RolVoorgesteld(account=verzoek.account, rol=verzoek.rol, functionaris=verzoek.functionaris),)


def _intrekking(oud: Organisatie | None, verzoek: v.TrekRolIn, actor: Actor) -> tuple[Feit, ...] | Weigering:
    if oud is None or not oud.code:
        return _onbekend()
    is_beheerder = BEHEERDER_VAN.get(oud.soort) is verzoek.rol
    onbevoegd = _onbevoegd(oud, None if is_beheerder else verzoek.rol, actor)
    if onbevoegd is not None:
        return onbevoegd
    if not oud.heeft_rol(verzoek.account, verzoek.rol):
        return ()
    return (f.RolIngetrokken(account=verzoek.account, rol=verzoek.rol),)


def _contact(oud: Organisatie | None, verzoek: v.LegContactVast, actor: Actor) -> tuple[Feit, ...] | Weigering:
    if oud is None or not oud.code:
        return _onbekend()
    onbevoegd = _onbevoegd(oud, None, actor)
    if onbevoegd is not None:
        return onbevoegd
    if not verzoek.onderwerp.strip() or not verzoek.contact:
        return weiger("veld_ontbreekt", "Een contact heeft een onderwerp en een naam.", "Vul beide in.")
    return (f.ContactVastgelegd(onderwerp=verzoek.onderwerp.strip(), contact=verzoek.contact),)


def _onbekend() -> Weigering:
    return weiger(
        "onbekende_organisatie", "Deze organisatie is hier niet bekend.", "Laat de regiebeheerder haar opnemen."
    )
