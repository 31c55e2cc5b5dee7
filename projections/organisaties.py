"""Who takes part in the region, who may act for each organisation, and whom to call there?"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, assert_never, get_args
from uuid import UUID

import msgspec
from psycopg import Cursor
from psycopg.sql import SQL, Identifier

from overstap.domain.feiten import Verzegeld, naam_van
from overstap.domain.feiten import organisatie as f
from overstap.domain.feiten import overstap as o
from overstap.domain.gebeurtenis import Gebeurtenis, Voorval
from overstap.domain.identificaties import BRIN_ZONDER_VESTIGING
from overstap.domain.rollen import VO_ROLLEN
from overstap.projections.projectie import Batch, Geschiedenis, Rij, Rijschrijver, vastgelegd_op
from overstap.projections.wegschrijven import (
    Tabel,
    Veld,
    boolean,
    integer,
    jsonb,
    overschrijf,
    text,
    timestamptz,
    uuid,
)

Zegels = dict[str, tuple[str, Verzegeld]]
"""Sealed values by field, each with the name of the fact it was sealed for: both are needed to open it."""


class Deelnemer(msgspec.Struct):
    """The row of one organisation, field for column; what each column says stands in organisaties.sql."""

    organisatie: UUID
    regio: str
    code: str
    soort: str
    naam: str
    gemeente: str | None
    aangesloten: str | None
    koppeling: bool
    accounts: bool
    sinds: datetime
    versie: int


class Account(msgspec.Struct):
    """A role of somebody at an organisation; wacht: proposed, and no right yet."""

    organisatie: UUID
    account: str
    rol: str
    regio: str
    code: str
    vestiging: str | None
    klas: str | None
    sinds: datetime
    door: str
    wacht: bool
    functionaris: Zegels


class Contact(msgspec.Struct):
    """Whom to call at an organisation about a subject."""

    organisatie: UUID
    onderwerp: str
    regio: str
    code: str
    sinds: datetime
    contact: Zegels


_SOORTEN: dict[object, Veld] = {UUID: uuid, bool: boolean, int: integer, datetime: timestamptz, Zegels: jsonb}
_EIGEN: frozenset[type] = frozenset(get_args(f.FeitVanOrganisatie))
_MET_VESTIGING: frozenset[type] = frozenset({o.OverstapOpgevoerd, o.PersoonsgegevensGewijzigd, o.LeerlingOvergedragen})


def _kolommen(soort: type[msgspec.Struct]) -> dict[str, Veld]:
    return {veld.name: _SOORTEN.get(veld.type, text) for veld in msgspec.structs.fields(soort)}


def _tabel(naam: str, soort: type[msgspec.Struct], *sleutel: str) -> Tabel:
    kolommen = _kolommen(soort)
    return Tabel(naam, kolommen, overschrijf(sleutel, kolommen))


_ORGANISATIES = _tabel("organisaties", Deelnemer, "organisatie")
_ACCOUNTS = _tabel("accounts", Account, "organisatie", "account", "rol")
_CONTACTEN = _tabel("contacten", Contact, "organisatie", "onderwerp")
_VESTIGINGEN = Tabel(
    "vestigingen",
    {"regio": text, "school": text, "vestiging": text},
    SQL("(regio, school, vestiging) DO NOTHING"),
    is_gedeeld=True,
)
_LEES = SQL("SELECT {} FROM organisaties WHERE organisatie = ANY(%s)").format(
    SQL(", ").join(map(Identifier, _kolommen(Deelnemer)))
)
_LEES_ROLLEN = "SELECT organisatie, account, rol FROM accounts WHERE organisatie = ANY(%s) AND NOT wacht"
_WIS = """
DELETE FROM accounts AS a USING unnest(%s::uuid[], %s::text[], %s::text[]) AS w (organisatie, account, rol)
 WHERE (a.organisatie, a.account, a.rol) = (w.organisatie, w.account, w.rol)
"""

Sleutel = tuple[UUID, str, str]


class Vouwsel:
    """What a batch makes of organisations: rows to write, and roles that are gone (None)."""

    def __init__(self, organisaties: Iterable[Deelnemer], toegekend: Iterable[Sleutel]) -> None:
        self.organisaties = {rij.organisatie: rij for rij in organisaties}
        self.accounts: dict[Sleutel, Account | None] = {}
        self.contacten: dict[tuple[UUID, str], Contact] = {}
        self._toegekend = set(toegekend)

    def voeg_in(self, gebeurtenis: Gebeurtenis, feit: f.FeitVanOrganisatie) -> None:
        """Apply one event.

        Raises:
            ValueError: when a stream does not begin with organisatie-opgenomen.

        """
        rij = self.organisaties.get(gebeurtenis.originator_id)
        if isinstance(feit, f.OrganisatieOpgenomen):
            self.organisaties[gebeurtenis.originator_id] = _opgenomen(rij, gebeurtenis, feit)
            return
        if rij is None:
            message = f"stream {gebeurtenis.originator_id} begins with {type(feit).__name__}"
            raise ValueError(message)
        rij.versie = gebeurtenis.originator_version
        match feit:
            case f.RolToegekend() | f.RolVoorgesteld():
                self._rol(rij, gebeurtenis, feit)
            case f.RolIngetrokken():
                sleutel = rij.organisatie, feit.account, feit.rol.value
                self.accounts[sleutel] = None
                self._toegekend.discard(sleutel)
            case f.ContactVastgelegd():
                self.contacten[rij.organisatie, feit.onderwerp] = Contact(
                    organisatie=rij.organisatie,
                    onderwerp=feit.onderwerp,
                    regio=rij.regio,
                    code=rij.code,
                    sinds=vastgelegd_op(gebeurtenis),
                    contact=_zegels(feit, feit.contact),
                )
            case _:
                assert_never(feit)

    def _rol(self, rij: Deelnemer, gebeurtenis: Gebeurtenis, feit: f.RolToegekend | f.RolVoorgesteld) -> None:
        """A role that is in force is not taken back by a proposal of the same."""
        sleutel = rij.organisatie, feit.account, feit.rol.value
        is_toegekend = isinstance(feit, f.RolToegekend)
        if not is_toegekend and sleutel in self._toegekend:
            return
        if is_toegekend:
            self._toegekend.add(sleutel)
        self.accounts[sleutel] = Account(
            organisatie=rij.organisatie,
            account=feit.account,
            rol=feit.rol.value,
            regio=rij.regio,
            code=rij.code,
            vestiging=feit.vestiging if isinstance(feit, f.RolToegekend) else None,
            klas=feit.klas if isinstance(feit, f.RolToegekend) else None,
            sinds=vastgelegd_op(gebeurtenis),
            door=gebeurtenis.actor,
            wacht=not is_toegekend,
            functionaris=_zegels(feit, feit.functionaris),
        )


class OrganisatiesProjectie:
    """Fold events into organisaties, accounts, contacten and vestigingen."""

    naam: ClassVar[str] = "organisaties"
    versie: ClassVar[int] = 2
    tabellen: ClassVar[tuple[str, ...]] = ("organisaties", "accounts", "contacten", "vestigingen")
    feiten: ClassVar[frozenset[type]] = _EIGEN | _MET_VESTIGING
    schrijvers: ClassVar[tuple[Rijschrijver, ...]] = (_ORGANISATIES, _ACCOUNTS, _CONTACTEN, _VESTIGINGEN)
    leest: ClassVar[type[Voorval]] = Gebeurtenis

    def vouw(self, cursor: Cursor[Any], batch: Batch, geschiedenis: Geschiedenis) -> None:  # noqa: ARG002 - a row holds all it needs
        """Fold a batch: read the touched organisations, change them in memory, write them once."""
        if not batch.soorten.isdisjoint(_EIGEN):
            _vouw_organisaties(cursor, batch)
        if not batch.soorten.isdisjoint(_MET_VESTIGING):
            gezien = {rij for g in batch.gebeurtenissen if type(g.feit) in _MET_VESTIGING and (rij := _vestiging(g))}
            _VESTIGINGEN.schrijf(cursor, sorted(gezien))

    def bouw(self, stroom: Sequence[Gebeurtenis]) -> Iterable[tuple[int, Rij]]:
        """Fold all events of one stream into rows: of the organisation, or the vestigingen that a pupil's names."""
        for rij in {rij for g in stroom if type(g.feit) in _MET_VESTIGING and (rij := _vestiging(g))}:
            yield 3, rij
        if isinstance(stroom[0].feit, f.FeitVanOrganisatie):
            vouwsel = Vouwsel((), ())
            for g in stroom:
                if isinstance(g.feit, f.FeitVanOrganisatie):
                    vouwsel.voeg_in(g, g.feit)
            for deelnemer in vouwsel.organisaties.values():
                yield 0, msgspec.structs.astuple(deelnemer)
            for account in vouwsel.accounts.values():
                if account:
                    yield 1, msgspec.structs.astuple(account)
            for contact in vouwsel.contacten.values():
                yield 2, msgspec.structs.astuple(contact)


def _vouw_organisaties(cursor: Cursor[Any], batch: Batch) -> None:
    eigen = [(g, g.feit) for g in batch.gebeurtenissen if isinstance(g.feit, f.FeitVanOrganisatie)]
    stromen = list({g.originator_id for g, _ in eigen})
    vouwsel = Vouwsel(
        [Deelnemer(*rij) for rij in cursor.execute(_LEES, (stromen,), binary=True).fetchall()],
        cursor.execute(_LEES_ROLLEN, (stromen,), binary=True).fetchall(),
    )
    for g, feit in eigen:
        vouwsel.voeg_in(g, feit)
    _ORGANISATIES.schrijf(cursor, _rijen(vouwsel.organisaties.values()))
    if weg := [sleutel for sleutel, account in vouwsel.accounts.items() if account is None]:
        cursor.execute(_WIS, [list(kolom) for kolom in zip(*weg, strict=True)])
    _ACCOUNTS.schrijf(cursor, _rijen(account for account in vouwsel.accounts.values() if account))
    _CONTACTEN.schrijf(cursor, _rijen(vouwsel.contacten.values()))


def _rijen(alle: Iterable[msgspec.Struct]) -> Sequence[tuple[Any, ...]]:
    return [msgspec.structs.astuple(een) for een in alle]


def _opgenomen(rij: Deelnemer | None, gebeurtenis: Gebeurtenis, feit: f.OrganisatieOpgenomen) -> Deelnemer:
    return Deelnemer(
        organisatie=gebeurtenis.originator_id,
        regio=gebeurtenis.regio,
        code=feit.code,
        soort=feit.soort.value,
        naam=feit.naam,
        gemeente=feit.gemeente,
        aangesloten=feit.aangesloten,
        koppeling=feit.koppeling,
        accounts=feit.accounts,
        sinds=rij.sinds if rij else vastgelegd_op(gebeurtenis),
        versie=gebeurtenis.originator_version,
    )


def _zegels(feit: f.FeitVanOrganisatie, velden: Mapping[str, Verzegeld]) -> Zegels:
    naam = naam_van(feit)
    return {veld: (naam, waarde) for veld, waarde in velden.items()}


def _vestiging(gebeurtenis: Gebeurtenis) -> tuple[str, str, str] | None:
    """Give the vestiging that an event about a pupil names: of what the school mends, its own."""
    match gebeurtenis.feit:
        case o.OverstapOpgevoerd() as feit:
            return gebeurtenis.regio, feit.school, feit.vestiging
        case o.LeerlingOvergedragen() as feit:
            return gebeurtenis.regio, feit.naar, feit.vestiging
        case o.PersoonsgegevensGewijzigd(vestiging=str() as vestiging) if gebeurtenis.rol in VO_ROLLEN:
            return gebeurtenis.regio, gebeurtenis.organisatie[:BRIN_ZONDER_VESTIGING], vestiging
        case _:
            return None
