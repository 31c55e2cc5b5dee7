"""The state of one organisation: what it is, and who may act for it."""

from collections.abc import Mapping
from typing import assert_never

import msgspec
from msgspec.structs import replace

from overstap.domain.feiten import organisatie as f
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.rollen import Rol, SoortOrganisatie


class Organisatie(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation of the region.

    accounts says whether its people work here themselves; rollen are the (account, role) pairs in force, each with the
    (vestiging, klas) it is narrowed to; voorstellen are (account, role, proposer) of roles that wait for a second
    regiebeheerder.
    """

    code: str
    soort: SoortOrganisatie
    naam: str = ""
    versie: int = 0
    gemeente: str | None = None
    aangesloten: str | None = None
    koppeling: bool = False
    accounts: bool = False
    rollen: Mapping[tuple[str, Rol], tuple[str | None, str | None]] = {}
    voorstellen: frozenset[tuple[str, Rol, str]] = frozenset()

    def heeft_rol(self, account: str, rol: Rol) -> bool:
        """Tell whether the account may act in this role here."""
        return (account, rol) in self.rollen


def evolve_organisatie(organisatie: Organisatie | None, gebeurtenis: Gebeurtenis) -> Organisatie:
    """Give the state after an event; rights granted before the organisation was described hold too.

    Raises:
        ValueError: when the stream holds a fact of another kind of stream: that is damage, not a refusal.

    """
    feit = gebeurtenis.feit
    if not isinstance(feit, f.FeitVanOrganisatie):
        message = f"stream {gebeurtenis.originator_id} is an organisatie and holds {type(feit).__name__}"
        raise ValueError(message)  # noqa: TRY004  # damage in the archive, not a wrong argument type
    oud = organisatie or Organisatie(code="", soort=SoortOrganisatie.REGIO)
    oud = replace(oud, versie=gebeurtenis.originator_version)
    match feit:
        case f.OrganisatieOpgenomen():
            return replace(
                oud,
                code=feit.code,
                soort=feit.soort,
                naam=feit.naam,
                gemeente=feit.gemeente,
                aangesloten=feit.aangesloten,
                koppeling=feit.koppeling,
                accounts=feit.accounts,
            )
        case f.RolToegekend():
            wachtend = frozenset(v for v in oud.voorstellen if v[:2] != (feit.account, feit.rol))
            rollen = {**oud.rollen, (feit.account, feit.rol): (feit.vestiging, feit.klas)}
            return replace(oud, rollen=rollen, voorstellen=wachtend)
        case f.RolVoorgesteld():
            return replace(oud, voorstellen=oud.voorstellen | {(feit.account, feit.rol, gebeurtenis.actor)})
        case f.RolIngetrokken():
            blijft = {paar: bereik for paar, bereik in oud.rollen.items() if paar != (feit.account, feit.rol)}
            return replace(oud, rollen=blijft)
        case f.ContactVastgelegd():
            return oud
        case _:
            assert_never(feit)
