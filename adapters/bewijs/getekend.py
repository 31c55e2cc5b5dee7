"""Doubt what the notary signed: the line of its keys, and each checkpoint under the key that was in force."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from overstap.adapters.bewijs.nalezen import Bevindingen, Soort
from overstap.adapters.bewijs.opslag import BewaardeSleutel, Getekend
from overstap.adapters.bewijs.sleutels import is_ondertekend
from overstap.adapters.bewijs.teksten import (
    GEEN,
    Controlepunt,
    Sleutelverklaring,
    TekstOngeldig,
    lees_controlepunt,
    lees_sleutelverklaring,
    vingerafdruk,
)


def toets_sleutels(
    databank: UUID, bewaard: Iterable[BewaardeSleutel], bevindingen: Bevindingen
) -> list[Sleutelverklaring]:
    """Check that each key was made the notary's by the one before it, and the first by itself; give those that were."""
    goed: list[Sleutelverklaring] = []
    for plaats, rij in enumerate(bewaard, 1):
        mis = _mis_met_sleutel(databank, plaats, rij, goed[-1] if goed else None)
        if isinstance(mis, Sleutelverklaring):
            goed.append(mis)
        else:
            bevindingen.meld(Soort.SLEUTEL, 0, 0, f"Notarissleutel {rij.nummer}: {mis}")
            break  # nothing says whose the ones after it are
    return goed


def _mis_met_sleutel(
    databank: UUID, plaats: int, rij: BewaardeSleutel, ervoor: Sleutelverklaring | None
) -> Sleutelverklaring | str:
    try:
        verklaring = lees_sleutelverklaring(rij.tekst)
    except TekstOngeldig:
        return "haar verklaring is niet te lezen."
    door = ervoor.publiek if ervoor else verklaring.publiek
    if (verklaring.nummer, rij.nummer, rij.publiek) != (plaats, plaats, verklaring.publiek):
        return "haar nummer of publieke sleutel is niet die van haar verklaring, of er ontbreekt een sleutel."
    if verklaring.databank != databank:
        return "zij hoort bij een andere database."
    if verklaring.vorige != (ervoor.sleutel if ervoor else GEEN):
        return "zij volgt niet op de sleutel ervoor."
    if verklaring.vanaf < (ervoor.vanaf if ervoor else 1):
        return "zij geldt eerder dan de sleutel ervoor."
    if not is_ondertekend(rij.tekst, rij.handtekening, door):
        return "de handtekening onder haar verklaring klopt niet."
    return verklaring


def toets_controlepunten(
    databank: UUID, bewaard: Iterable[Getekend], sleutels: Sequence[Sleutelverklaring], bevindingen: Bevindingen
) -> list[Controlepunt]:
    """Check that the checkpoints follow each other and are signed by the key in force; give those that are right."""
    goed: list[Controlepunt] = []
    ervoor: Getekend | None = None
    for plaats, rij in enumerate(bewaard, 1):
        try:
            punt = lees_controlepunt(rij.tekst)
        except TekstOngeldig:
            bevindingen.meld(Soort.CONTROLEPUNT, 0, 0, f"Controlepunt {rij.nummer}: zijn tekst is niet te lezen.")
        else:
            if mis := _mis_met_controlepunt(databank, plaats, rij, punt, ervoor, goed, sleutels):
                bevindingen.meld(Soort.CONTROLEPUNT, 0, 0, f"Controlepunt {rij.nummer}: {mis}")
            else:
                goed.append(punt)
        ervoor = rij
    return goed


def _mis_met_controlepunt(  # noqa: PLR0913, PLR0917  # what it is judged against
    databank: UUID,
    plaats: int,
    rij: Getekend,
    punt: Controlepunt,
    ervoor: Getekend | None,
    goed: Sequence[Controlepunt],
    sleutels: Sequence[Sleutelverklaring],
) -> str:
    sleutel = sleutel_voor(punt.nummer, sleutels)
    if sleutel is None or sleutel.sleutel != punt.sleutel:
        return "hij noemt een sleutel die toen niet die van de notaris was."
    if not is_ondertekend(rij.tekst, rij.handtekening, sleutel.publiek):
        return "de handtekening eronder klopt niet: hij is veranderd, of niet van de notaris."
    if punt.databank != databank:
        return "hij hoort bij een andere database."
    if (punt.nummer, rij.nummer, rij.grootte) != (plaats, plaats, punt.grootte):
        return "zijn nummer of grootte is niet die van zijn tekst, of er ontbreekt een controlepunt voor hem."
    if punt.vorige != (vingerafdruk(ervoor.tekst) if ervoor else GEEN):
        return "hij volgt niet op het controlepunt ervoor."
    if goed and (punt.grootte < goed[-1].grootte or punt.tijdstip < goed[-1].tijdstip):
        return "hij beslaat minder, of is van eerder, dan het controlepunt ervoor."
    return ""


def sleutel_voor(nummer: int, sleutels: Sequence[Sleutelverklaring]) -> Sleutelverklaring | None:
    """Give the key that was in force for a checkpoint: the last one that had begun."""
    return next((sleutel for sleutel in reversed(sleutels) if sleutel.vanaf <= nummer), None)
