"""What happened to this pupil, when, by whom and why? Events as Dutch sentences, in the order given."""

from collections.abc import Callable, Iterable
from datetime import datetime

import msgspec

from overstap.domain.feiten import FeitVanAanmelding, FeitVanOverstap, naam_van
from overstap.domain.feiten.overstap import GebeurtenisHerzien
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.rollen import Rol
from overstap.domain.woorden import moment_in_woorden
from overstap.projections.zinnen import OpenZegel, Verteller, Zin, in_woorden
from overstap.projections.zinnen_aanmelding import zin_over_aanmelding
from overstap.projections.zinnen_omgeving import zin_over_omgeving
from overstap.projections.zinnen_overstap import zin_over_overstap


class Regel(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One event told: its number in the stream, both times (UTC, and written out), who, what, and why ('' when unsaid).

    herzien_door is the number of the event that corrected this one; vervangt says what had been said until then and was
    replaced, where it is a correction or news out of its order.
    """

    nummer: int
    positie: int | None
    stroom: str
    feit: str
    gebeurd_op: datetime
    vastgelegd_op: datetime | None
    gebeurd: str
    vastgelegd: str
    actor: str
    rol: str
    organisatie: str
    wie: str
    zin: str
    waarom: str
    procedure: str | None = None
    herzien_door: int | None = None
    vervangt: tuple[str, ...] = ()


def vertel(
    gebeurtenissen: Iterable[Gebeurtenis], open_zegel: OpenZegel, noem: Callable[[str], str] = str
) -> list[Regel]:
    """Tell events of one stream, or of many mixed.

    open_zegel opens sealed text; noem gives an organisation's name for its code. A correction is marked at what it
    corrected, and an event names its cause, when both are among the events given.
    """
    verhaal = list(gebeurtenissen)
    gegeven = {(gebeurtenis.originator_id, gebeurtenis.originator_version): gebeurtenis for gebeurtenis in verhaal}
    herzien = {
        (gebeurtenis.originator_id, gebeurtenis.feit.gebeurtenis): gebeurtenis.originator_version
        for gebeurtenis in verhaal
        if isinstance(gebeurtenis.feit, GebeurtenisHerzien)
    }

    def vertel_een(gebeurtenis: Gebeurtenis) -> Regel:
        def verwijs(nummer: int) -> str:
            bedoeld = gegeven.get((gebeurtenis.originator_id, nummer))
            return f"gebeurtenis {nummer} ({noem_feit(bedoeld)})" if bedoeld else f"gebeurtenis {nummer}"

        verteller = Verteller(
            gebeurtenis=gebeurtenis,
            wie=noem_actor(gebeurtenis, noem),
            noem=noem,
            verwijs=verwijs,
            open_zegel=open_zegel,
        )
        return _regel(
            verteller, _zin(verteller), herzien.get((gebeurtenis.originator_id, gebeurtenis.originator_version))
        )

    return [vertel_een(gebeurtenis) for gebeurtenis in verhaal]


def noem_feit(gebeurtenis: Gebeurtenis) -> str:
    """Name what kind of event this is, such as 'intake gepland'."""
    return naam_van(gebeurtenis.feit).partition(".")[0].replace("-", " ")


def noem_actor(gebeurtenis: Gebeurtenis, noem: Callable[[str], str]) -> str:
    """Say who acted, such as 'de decaan van 99AA'."""
    if gebeurtenis.rol is Rol.SYSTEEM:
        return "het systeem"
    return f"de {in_woorden(gebeurtenis.rol)} van {noem(gebeurtenis.organisatie)}"


def _zin(verteller: Verteller) -> Zin:
    feit = verteller.gebeurtenis.feit
    if isinstance(feit, FeitVanAanmelding):
        return zin_over_aanmelding(feit, verteller)
    if isinstance(feit, FeitVanOverstap):
        return zin_over_overstap(feit, verteller)
    return zin_over_omgeving(feit, verteller)


def _regel(verteller: Verteller, zin: Zin, herzien_door: int | None) -> Regel:
    gebeurtenis = verteller.gebeurtenis
    return Regel(
        nummer=gebeurtenis.originator_version,
        positie=gebeurtenis.positie,
        stroom=str(gebeurtenis.originator_id),
        feit=naam_van(gebeurtenis.feit),
        gebeurd_op=gebeurtenis.gebeurd_op,
        vastgelegd_op=gebeurtenis.vastgelegd_op,
        gebeurd=moment_in_woorden(gebeurtenis.gebeurd_op),
        vastgelegd=moment_in_woorden(gebeurtenis.vastgelegd_op) if gebeurtenis.vastgelegd_op else "",
        actor=gebeurtenis.actor,
        rol=str(gebeurtenis.rol),
        organisatie=gebeurtenis.organisatie,
        wie=verteller.wie,
        zin=f"{zin.wat[0].upper()}{zin.wat[1:]}",
        waarom=zin.waarom,
        procedure=gebeurtenis.procedure,
        herzien_door=herzien_door,
    )
