"""The refusals that every kind of request shares, each with what would make the step legal."""

from collections.abc import Iterable
from functools import lru_cache

from overstap.domain.rollen import Actor, Rol
from overstap.domain.weigering import Reden, Weigering
from overstap.domain.woorden import opsomming
from overstap.statemachine.beletselen import CODE_VAN

ROL_IN_WOORDEN: dict[Rol, str] = {
    Rol.MENTOR: "mentor",
    Rol.DECAAN: "decaan",
    Rol.VO_BEHEERDER: "beheerder van de VO-school",
    Rol.MBO_INTAKER: "intaker van het MBO",
    Rol.MBO_BEHEERDER: "beheerder van het MBO",
    Rol.LEERPLICHTAMBTENAAR: "leerplichtambtenaar",
    Rol.SAMENWERKINGSVERBAND: "samenwerkingsverband",
    Rol.MANAGER: "manager",
    Rol.REGIEBEHEERDER: "regiebeheerder",
    Rol.AUDITOR: "auditor",
    Rol.KOPPELING: "koppeling",
    Rol.SYSTEEM: "systeem",
}

_BEWAARD = 4_096
"""How many refusals are kept: who looks at a pupil is told of every step that is not open to him."""


def in_gewone_taal(stap: str) -> str:
    """Write the name of a step or status without underscores."""
    return stap.replace("_", " ")


def niet_bevoegd(stap: str, actor: Actor, rollen: Iterable[Rol], wel: tuple[str, ...] = ()) -> Weigering:
    """Refuse because of the role; name the roles that may."""
    return _niet_bevoegd(stap, actor.rol, frozenset(rollen), wel)


@lru_cache(_BEWAARD)
def _niet_bevoegd(stap: str, eigen: Rol, rollen: frozenset[Rol], wel: tuple[str, ...]) -> Weigering:
    wie = sorted(ROL_IN_WOORDEN[rol] for rol in rollen)
    door = f"Laat dit doen door: {opsomming(wie)}." if wie else "Deze stap staat voor niemand open."
    return Weigering(
        code="niet_bevoegd",
        zin=f"Als {ROL_IN_WOORDEN[eigen]} kunt u de stap '{in_gewone_taal(stap)}' hier niet zetten.",
        redenen=(Reden(voorwaarde="bevoegde_rol", uitleg=door),),
        wat_nodig=door,
        wel_mogelijk=wel,
    )


def onbekende_leerling() -> Weigering:
    """Refuse because the pupil does not exist for this actor."""
    return Weigering(
        code="onbekende_leerling",
        zin="Deze leerling is hier niet bekend.",
        wat_nodig="Controleer het nummer, of vraag de VO-school of de leerling is opgevoerd.",
    )


def niet_toegestaan(stap: str, status: str, vanuit: Iterable[str], wel: tuple[str, ...] = ()) -> Weigering:
    """Refuse because the chart has no such step from here; name the statuses that have it."""
    return _niet_toegestaan(stap, status, tuple(vanuit), wel)


@lru_cache(_BEWAARD)
def _niet_toegestaan(stap: str, status: str, vanuit: tuple[str, ...], wel: tuple[str, ...]) -> Weigering:
    bronnen = [in_gewone_taal(bron) for bron in vanuit]
    nodig = f"De stap kan vanuit {opsomming(bronnen)}." if bronnen else "De procedure kent deze stap niet."
    return Weigering(
        code="niet_toegestaan",
        zin=f"Vanuit '{in_gewone_taal(status)}' kan de stap '{in_gewone_taal(stap)}' niet.",
        redenen=(Reden(voorwaarde="rij_in_de_procedure", uitleg=nodig),),
        wat_nodig=nodig,
        wel_mogelijk=wel,
    )


@lru_cache(_BEWAARD)
def met_redenen(stap: str, redenen: tuple[Reden, ...], wel: tuple[str, ...] = ()) -> Weigering:
    """Refuse because of obstacles; the first one gives the code, all are told."""
    return Weigering(
        code=CODE_VAN[redenen[0].voorwaarde],
        zin=f"De stap '{in_gewone_taal(stap)}' kan nu niet: {redenen[0].uitleg[0].lower()}{redenen[0].uitleg[1:]}",
        redenen=redenen,
        wat_nodig=" ".join(reden.uitleg for reden in redenen),
        wel_mogelijk=wel,
    )
