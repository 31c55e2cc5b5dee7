"""What an actor may do now about a pupil: every step, open or with what stands in its way."""

from collections.abc import Mapping
from datetime import datetime
from typing import get_args

import msgspec
from msgspec.structs import replace

from overstap.domain import verzoeken as v
from overstap.domain.overstap import Aanmelding, Overstap
from overstap.domain.rollen import Actor, Rol
from overstap.domain.weigering import Weigering
from overstap.statemachine.beletselen import Beletselen
from overstap.statemachine.bevoegdheden import ANDERE, CHART_1, CHART_2, bevoegde_mensen, bevoegde_rollen
from overstap.statemachine.kader import Kader, zelfde_instelling
from overstap.statemachine.tabel import AANMELDING, OVERSTAP, Tabel, statussen_met, volgende
from overstap.statemachine.weigeringen import met_redenen, niet_bevoegd, niet_toegestaan
from overstap.statemachine.wissen import GEWIST
from overstap.statemachine.zaak import mag_aanmelding, mag_namens
from overstap.statemachine.zicht import ziet

_IN_CHART_1 = tuple(stap for stap in CHART_1 if stap != "meld_aan")
_ANDERE = tuple(str(soort.__struct_config__.tag) for soort in get_args(v.AnderVerzoek))

_UIT_OVERSTAP = statussen_met(OVERSTAP)
_UIT_AANMELDING = statussen_met(AANMELDING)


class Mogelijkheid(msgspec.Struct, frozen=True, kw_only=True):
    """One step: aanmelding numbers the one it is about (None: the pupil); weigering is None when it may be taken now.

    What a request itself must bring (a ground, a date) is judged when it comes.
    """

    stap: str
    aanmelding: int | None = None
    weigering: Weigering | None = None


def mogelijkheden(overstap: Overstap, actor: Actor, nu: datetime, kader: Kader) -> tuple[Mogelijkheid, ...]:
    """Give every step about this pupil with its refusal for this actor; none when the pupil does not exist for him.

    Chart 1 is told of the aanmeldingen that the actor may see: an MBO's own. A pupil offered to the actor's school can
    be accepted by it, also while he is not yet its pupil.
    """
    if not ziet(actor, overstap, nu, kader):
        aanvaard = _anders("aanvaard_overdracht", overstap, actor, kader)
        return () if aanvaard.weigering else (aanvaard,)
    leeg = Beletselen(regels=kader.regels, actor=actor, gebeurd_op=nu, overstap=overstap)
    eigen = [x for x in overstap.aanmeldingen if _is_te_zien(actor, x)]
    alle = (
        *(_op_overstap(stap, overstap, actor, kader, leeg) for stap in CHART_2),
        *(_op_aanmelding(stap, x, actor, kader, leeg) for x in eigen for stap in _IN_CHART_1),
        *(_anders(stap, overstap, actor, kader) for stap in ("meld_aan", *_ANDERE)),
    )
    if not overstap.is_gewist:
        return alle
    return tuple(een if een.stap == "sluit_af" else replace(een, weigering=GEWIST) for een in alle)


def _is_te_zien(actor: Actor, aanmelding: Aanmelding) -> bool:
    return actor.rol not in {Rol.MBO_INTAKER, Rol.KOPPELING} or zelfde_instelling(actor.organisatie, aanmelding.brin)


def _op_overstap(stap: str, overstap: Overstap, actor: Actor, kader: Kader, leeg: Beletselen) -> Mogelijkheid:
    rollen = bevoegde_rollen(stap, kader.regels)
    if actor.rol not in rollen:
        weigering: Weigering | None = niet_bevoegd(stap, actor, rollen)
    elif not mag_namens(stap, actor, overstap, kader):
        weigering = niet_bevoegd(stap, actor, rollen - {actor.rol})
    else:
        weigering = _in_chart(OVERSTAP, _UIT_OVERSTAP, overstap.status, stap, leeg)
    return Mogelijkheid(stap=stap, weigering=weigering)


def _op_aanmelding(stap: str, aanmelding: Aanmelding, actor: Actor, kader: Kader, leeg: Beletselen) -> Mogelijkheid:
    rollen = bevoegde_mensen(stap, kader.regels)
    if actor.rol not in rollen:
        weigering: Weigering | None = niet_bevoegd(stap, actor, rollen)
    elif not mag_aanmelding(actor, aanmelding, kader):
        weigering = niet_bevoegd(stap, actor, rollen - {actor.rol})
    elif stap == "heropen" and (aanmelding.status, stap) in AANMELDING:
        weigering = None  # to which status is for the request to say
    else:
        weigering = _in_chart(AANMELDING, _UIT_AANMELDING, aanmelding.status, stap, leeg)
    return Mogelijkheid(stap=stap, aanmelding=aanmelding.nummer, weigering=weigering)


def _anders(stap: str, overstap: Overstap, actor: Actor, kader: Kader) -> Mogelijkheid:
    rollen = bevoegde_mensen(stap, kader.regels)
    mag = actor.rol in rollen
    if stap == "aanvaard_overdracht":
        naar = overstap.overdracht_naar
        is_van_hier = naar is not None and zelfde_instelling(naar, actor.organisatie)
        mag = mag and is_van_hier and actor.regio == overstap.regio
    return Mogelijkheid(stap=stap, weigering=None if mag else niet_bevoegd(stap, actor, rollen - {actor.rol}))


def _in_chart(
    tabel: Tabel, vanuit: Mapping[str, tuple[str, ...]], status: str, stap: str, leeg: Beletselen
) -> Weigering | None:
    uitkomst = volgende(tabel, status, stap, leeg)
    if uitkomst is None:
        return niet_toegestaan(stap, status, vanuit.get(stap, ()))
    return met_redenen(stap, uitkomst) if isinstance(uitkomst, tuple) else None


STAPPEN = frozenset({*CHART_2, *CHART_1, *ANDERE} - {"voer_op", "koppel_wachtbak", "verwerk_koppelbericht"})
"""Every step that can be told of a pupil who is there."""
