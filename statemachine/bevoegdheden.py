"""Who may take which step: the field's default in one table, which a region can decide otherwise (open_voor)."""

from collections.abc import Mapping

from overstap.domain.kalender import Regels
from overstap.domain.rollen import Rol

_MBO = frozenset({Rol.MBO_INTAKER, Rol.KOPPELING, Rol.DECAAN})
"""The rows of chart 1: the MBO and its koppeling (by its messages); the decaan where the MBO has no accounts."""

CHART_1: Mapping[str, frozenset[Rol]] = dict.fromkeys(
    (
        "meld_aan",
        "wijzig_aanmelding",
        "plan_intake",
        "start_onderzoek",
        "rond_intake_af",
        "plaats_op_wachtlijst",
        "plaats_voorlopig",
        "plaats_definitief",
        "bevestig_start",
        "wijs_af",
        "trek_in",
        "meld_niet_verschenen",
        "onderbreek",
        "heropen",
    ),
    _MBO,
)

CHART_2: Mapping[str, frozenset[Rol]] = {
    "kies_vervolg_vo": frozenset({Rol.DECAAN}),
    "trek_vervolgkeuze_in": frozenset({Rol.DECAAN}),
    "schakel_leerplicht_in": frozenset({Rol.DECAAN}),
    "handel_leerplicht_af": frozenset({Rol.LEERPLICHTAMBTENAAR, Rol.REGIEBEHEERDER}),
    "hervat": frozenset({Rol.DECAAN}),
    "sluit_af": frozenset({Rol.SYSTEEM}),
    "sluit_af_met_reden": frozenset({Rol.REGIEBEHEERDER}),
    "schrijf_uit": frozenset({Rol.DECAAN, Rol.VO_BEHEERDER, Rol.REGIEBEHEERDER}),
    "heropen_overstap": frozenset({Rol.REGIEBEHEERDER}),
}

ANDERE: Mapping[str, frozenset[Rol]] = {
    "voer_op": frozenset({Rol.VO_BEHEERDER, Rol.DECAAN}),
    "wijzig_persoonsgegevens": frozenset({Rol.VO_BEHEERDER, Rol.DECAAN}),
    "vervang_pgn": frozenset({Rol.VO_BEHEERDER, Rol.DECAAN, Rol.KOPPELING}),
    "leg_overleg_vast": frozenset({Rol.DECAAN}),
    "plaats_bericht": frozenset({Rol.MENTOR, Rol.DECAAN, Rol.MBO_INTAKER, Rol.LEERPLICHTAMBTENAAR}),
    "leg_warme_overdracht_vast": frozenset({Rol.MENTOR, Rol.DECAAN, Rol.MBO_INTAKER}),
    "leg_ddd_status_vast": frozenset({Rol.MENTOR, Rol.DECAAN, Rol.MBO_INTAKER}),
    "draag_over": frozenset({Rol.DECAAN, Rol.REGIEBEHEERDER}),
    "aanvaard_overdracht": frozenset({Rol.DECAAN, Rol.VO_BEHEERDER}),
    "koppel_wachtbak": frozenset({Rol.REGIEBEHEERDER, Rol.VO_BEHEERDER}),
    "verwerk_koppelbericht": frozenset({Rol.KOPPELING}),
}

BEVOEGD: Mapping[str, frozenset[Rol]] = {**CHART_1, **CHART_2, **ANDERE}

VAST = frozenset({"schakel_leerplicht_in", "verwerk_koppelbericht", "sluit_af"})
"""What no region can open to others: the decaan alone calls in Leerplicht, and the machines' own steps."""


def bevoegde_rollen(stap: str, regels: Regels) -> frozenset[Rol]:
    """Give the roles a step is open to under these rules; unknown role names in open_voor open nothing."""
    if stap in VAST or stap not in regels.open_voor:
        return BEVOEGD.get(stap, frozenset())
    return frozenset(rol for rol in Rol if rol in regels.open_voor[stap])


def bevoegde_mensen(stap: str, regels: Regels) -> frozenset[Rol]:
    """Give the roles that may ask for a step by its name; a koppeling's message names a status instead."""
    return bevoegde_rollen(stap, regels) - {Rol.KOPPELING}
