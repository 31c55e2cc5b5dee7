"""Who may deliver what: a known organisation, in a role it can have, and the kinds of files that role brings."""

from pathlib import Path

from overstap.adapters.app import App
from overstap.adapters.koppelingen.fouten import ONBEKENDE_ORGANISATIE
from overstap.adapters.koppelingen.levering import koppeling_van
from overstap.adapters.koppelingen.vooronderzoek import Soort
from overstap.domain.identificaties import is_brin
from overstap.domain.rollen import ROLLEN_VAN, Actor, Rol, SoortOrganisatie
from overstap.domain.weigering import Weigering
from overstap.statemachine.weigeringen import niet_bevoegd

_BRIN = 4

MAG_LEVEREN: dict[Soort, frozenset[Rol]] = {
    Soort.ORGANISATIES: frozenset({Rol.REGIEBEHEERDER, Rol.VO_BEHEERDER, Rol.MBO_BEHEERDER}),
    Soort.PARAMETERS: frozenset({Rol.REGIEBEHEERDER}),
    Soort.LEERLINGEN: frozenset({Rol.VO_BEHEERDER, Rol.DECAAN}),
    Soort.KOPPELING: frozenset({Rol.KOPPELING}),
    Soort.STAPPEN: frozenset(Rol) - {Rol.KOPPELING, Rol.SYSTEEM},
}


def leverancier(app: App, namens: str, rol: Rol) -> Actor | Weigering:
    """Give who delivers, or why he cannot: not known, or no organisation with such a role.

    The region's own regiebeheerder can always: somebody must bring in the first organisation. A vestiging behind a BRIN
    narrows the deliverer to it.
    """
    code = namens[:_BRIN] if is_brin(namens) else namens
    vestiging = namens[_BRIN:] or None if is_brin(namens) else None
    if code == app.regio and rol is Rol.REGIEBEHEERDER:
        return _actor(app, code, rol, None)
    organisatie = app.kaders.organisatie(app.regio, code)
    if organisatie is None or organisatie.code != code:
        return ONBEKENDE_ORGANISATIE
    if rol is Rol.SYSTEEM or rol not in ROLLEN_VAN[organisatie.soort]:
        return niet_bevoegd("aanleveren", _actor(app, code, rol, None), ROLLEN_VAN[organisatie.soort] - {Rol.SYSTEEM})
    if rol is Rol.KOPPELING:
        return koppeling_van(app.regio, code)
    return _actor(app, code, rol, vestiging if organisatie.soort is SoortOrganisatie.VO else None)


def _actor(app: App, code: str, rol: Rol, vestiging: str | None) -> Actor:
    account = f"{rol.replace('_', '-')}-{code.lower()}"
    return Actor(account=account, rol=rol, organisatie=code, regio=app.regio, vestiging=vestiging)


def vermoedelijke_soort(rol: Rol, pad: Path) -> Soort:
    """Name a file that cannot be read by what this role brings."""
    match rol:
        case Rol.KOPPELING:
            return Soort.KOPPELING
        case Rol.REGIEBEHEERDER:
            return Soort.PARAMETERS if pad.suffix.lower() == ".toml" else Soort.ORGANISATIES
        case Rol.VO_BEHEERDER | Rol.DECAAN if pad.suffix.lower() == ".csv":
            return Soort.LEERLINGEN
        case _:
            return Soort.STAPPEN
