"""Whom the trial lets you be: every role at every organisation of the demo region."""

from overstap.adapters.kaders import Kaders
from overstap.domain.identificaties import BRIN_ZONDER_VESTIGING
from overstap.domain.rollen import ROLLEN_VAN, Actor, Rol
from overstap.domain.weigering import Weigering, weiger


def proefactor(kaders: Kaders, regio: str, rol: Rol, code: str, account: str | None = None) -> Actor | Weigering:
    """Give who acts in a role at an organisation: an account that has the role there, else one made up for it."""
    organisatie = kaders.organisatie(regio, code)
    if organisatie is None and code != regio:
        return weiger("onbekende_organisatie", "Deze organisatie is hier niet bekend.", "Noem een code van de regio.")
    if organisatie is not None and rol not in ROLLEN_VAN[organisatie.soort]:
        mag = ", ".join(sorted(ROLLEN_VAN[organisatie.soort]))
        return weiger("rol_past_niet", "Deze rol bestaat niet bij deze organisatie.", f"Kies: {mag}.")
    rollen = organisatie.rollen if organisatie else {}
    bereik = next(
        ((naam, waar) for (naam, van), waar in sorted(rollen.items()) if van is rol and account in {None, naam}), None
    )
    eigen = organisatie.code if organisatie else code
    naam, (vestiging, klas) = bereik or (account or f"{rol.replace('_', '-')}-{eigen.lower()}", (None, None))
    if bereik is None and len(code) > BRIN_ZONDER_VESTIGING and code[:BRIN_ZONDER_VESTIGING] == eigen:
        vestiging = code[BRIN_ZONDER_VESTIGING:]
    return Actor(account=naam, rol=rol, organisatie=eigen, regio=regio, vestiging=vestiging, klas=klas)
