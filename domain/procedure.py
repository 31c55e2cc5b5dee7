"""The state of one overstapjaar: the versions of its rules, and whether schools may enter pupils."""

from typing import assert_never

import msgspec
from msgspec.structs import replace

from overstap.domain.feiten import procedure as f
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.kalender import Regels


class Jaar(msgspec.Struct, frozen=True, kw_only=True):
    """One overstapjaar of one region: regels is the version in force, hashes the content hash of each revision."""

    overstapjaar: int
    versie: int
    regels: Regels | None = None
    hashes: dict[int, str] = {}
    is_open: bool = False
    is_gesloten: bool = False


def evolve_procedure(jaar: Jaar | None, gebeurtenis: Gebeurtenis) -> Jaar:
    """Give the state after an event.

    Raises:
        ValueError: when the stream holds a fact of another kind of stream: that is damage, not a refusal.

    """
    feit = gebeurtenis.feit
    if not isinstance(feit, f.FeitVanProcedure):
        message = f"stream {gebeurtenis.originator_id} is a procedure and holds {type(feit).__name__}"
        raise ValueError(message)  # noqa: TRY004  # damage in the archive, not a wrong argument type
    overstapjaar = feit.regels.overstapjaar if isinstance(feit, f.ProcedureVastgesteld) else feit.overstapjaar
    oud = jaar or Jaar(overstapjaar=overstapjaar, versie=0)
    oud = replace(oud, versie=gebeurtenis.originator_version)
    match feit:
        case f.ProcedureVastgesteld():
            hashes = {**oud.hashes, feit.regels.revisie: feit.inhoud_hash}
            is_nieuwste = feit.regels.revisie == max(hashes)
            return replace(oud, hashes=hashes, regels=feit.regels if is_nieuwste else oud.regels)
        case f.JaarGeopend():
            return replace(oud, is_open=True)
        case f.JaarGesloten():
            return replace(oud, is_gesloten=True)
        case _:
            assert_never(feit)
