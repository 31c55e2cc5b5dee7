"""What stands in a form of a step before somebody fills it in, and which of it he changed."""

from collections.abc import Mapping

from overstap.adapters.http.lezen import Gezien
from overstap.statemachine.veldgroepen import Veldgroep

_WAS = "was."
_STAP = "wijzig_persoonsgegevens"
"""The step that mends what there is: who sees its form begins with that."""
_VAN_OVERSTAP: Mapping[str, Veldgroep] = {
    "klas": Veldgroep.SCHOOL,
    "leerweg": Veldgroep.SCHOOL,
    "vestiging": Veldgroep.SCHOOL,
    "gemeente": Veldgroep.GEMEENTE,
}


def waarden_nu(stap: str, gezien: Gezien) -> dict[str, str]:
    """Give what is recorded now of each field that a step mends, as far as the visitor may know."""
    if stap != _STAP:
        return {}
    overstap = gezien.dossier.overstap
    nu = {naam: str(getattr(overstap, naam)) for naam, groep in _VAN_OVERSTAP.items() if groep in gezien.groepen}
    return nu | {f"persoon.{veld}": waarde for veld, waarde in gezien.persoon().velden() if veld != "pgn"}


def neem_was(ingevuld: dict[str, str]) -> dict[str, str]:
    """Take out of what was sent what stood there when the form was made, by field."""
    namen = [naam for naam in ingevuld if naam.startswith(_WAS)]
    return {naam.removeprefix(_WAS): ingevuld.pop(naam) for naam in namen}


def veranderd(ingevuld: Mapping[str, str], was: Mapping[str, str]) -> dict[str, str]:
    """Give the fields that somebody filled in or changed; what he left as it was is not recorded again."""
    return {naam: waarde for naam, waarde in ingevuld.items() if waarde.strip() != was.get(naam, "").strip()}


def leeggemaakt(ingevuld: Mapping[str, str], was: Mapping[str, str]) -> list[str]:
    """Name the fields that somebody emptied: what is recorded can be replaced, and not taken away."""
    return [naam for naam, waarde in was.items() if waarde.strip() and not ingevuld.get(naam, "").strip()]
