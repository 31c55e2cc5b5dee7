"""Which pupils there are for a caller: read in his own scope, in order of their numbers, with the names he may know."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from psycopg.rows import dict_row
from psycopg.sql import SQL, Composed

from overstap.adapters.http.bladen import GEWIST, Leerlingblad, persoonblad
from overstap.adapters.http.dienst import Dienst
from overstap.adapters.http.problemen import Fout, Probleem, ongeldig
from overstap.adapters.postgres.bereik_kolommen import Verzegelde, leesvraag, personenvraag
from overstap.adapters.vault import Kluis
from overstap.domain.feiten import Verzegeld
from overstap.domain.identificaties import BRIN_ZONDER_VESTIGING
from overstap.domain.rollen import Actor
from overstap.projections.selectie import BladwijzerOngeldig, lees_bladwijzer, schrijf_bladwijzer
from overstap.statemachine.veldgroepen import Veldgroep, zichtbare_persoonsvelden

FILTERS: Final[Mapping[str, Veldgroep | None]] = {
    "overstapjaar": None,
    "school": Veldgroep.SCHOOL,
    "vestiging": Veldgroep.SCHOOL,
    "klas": Veldgroep.SCHOOL,
    "leerweg": Veldgroep.SCHOOL,
    "gemeente": Veldgroep.GEMEENTE,
    "status": Veldgroep.STATUS,
    "mbo": Veldgroep.ANDERE_AANMELDINGEN,
}
"""By what pupils can be chosen, and which group of fields a role must have for it: what it finds, tells."""
NAAM: Final = ("voornaam", "tussenvoegsel", "achternaam")
_GETOOND: Final = ("school", "vestiging", "klas", "leerweg", "gemeente", "status")


class Vondst(msgspec.Struct, frozen=True):
    """The rows of a page, and by pupil the sealed fields and the key that opens them."""

    rijen: Sequence[Mapping[str, Any]]
    personen: Mapping[UUID, Verzegelde]


class _Plaats(msgspec.Struct, frozen=True):
    overstap: UUID


def eis_doorzoekbaar(gegeven: Collection[str], groepen: Collection[Veldgroep], zin: str = "") -> None:
    """Refuse to choose by what a role may not have.

    Raises:
        Probleem: 403 when it would; zin says how it can be done.

    """
    dicht = [veld for veld in gegeven if (groep := FILTERS.get(veld)) is not None and groep not in groepen]
    dicht += [veld for veld in gegeven if veld in {"pgn", "naam"} and Veldgroep(veld) not in groepen]
    if dicht:
        uitleg = f"In uw rol zoekt u niet op {', '.join(dicht)}."
        raise Probleem("geen-toegang", f"{uitleg} {zin}".strip(), code="niet_doorzoekbaar")


def voorwaarden(
    gegeven: Mapping[str, Any], onder: Sequence[UUID] | None, na: str | None, waar: str
) -> tuple[Composed, dict[str, Any]]:
    """Give the WHERE of a question, and its values: onder are the only pupils that count, waar names na in an error.

    Raises:
        Probleem: 400 when na is no bookmark of ours.

    """
    delen, waarden = [SQL("true")], dict[str, Any]()
    for veld, waarde in gegeven.items():
        if veld in FILTERS and waarde is not None:
            delen.append(SQL("a.mbos @> ARRAY[%(mbo)s::text]" if veld == "mbo" else f"a.{veld} = %({veld})s"))
            waarden[veld] = waarde[:BRIN_ZONDER_VESTIGING] if veld in {"school", "mbo"} else waarde
    if onder is not None:
        delen.append(SQL("a.overstap = ANY(%(onder)s)"))
        waarden["onder"] = list(onder)
    if na is not None:
        try:
            waarden["na"] = lees_bladwijzer(na, _Plaats).overstap
        except BladwijzerOngeldig as fout:
            raise ongeldig(Fout(plaats=waar, code="ongeldig", uitleg=str(fout))) from None
        delen.append(SQL("a.overstap > %(na)s"))
    return SQL(" WHERE ") + SQL(" AND ").join(delen), waarden


async def vind(
    dienst: Dienst, actor: Actor, reden: str | None, welke: tuple[Composed, Mapping[str, Any]], hoogstens: int
) -> Vondst:
    """Read the rows in the caller's scope, and the sealed fields of those as far as they are his."""
    waar, waarden = welke
    async with dienst.in_bereik(actor, reden) as cursor:
        cursor.row_factory = dict_row
        alles = leesvraag(actor.rol) + waar + SQL(" ORDER BY a.overstap LIMIT %(hoogstens)s")
        await cursor.execute(alles, {**waarden, "hoogstens": hoogstens})
        rijen: list[dict[str, Any]] = await cursor.fetchall()
        personen: dict[UUID, Verzegelde] = {}
        if zichtbare_persoonsvelden(actor.rol, met_reden=reden is not None) and rijen:
            async with cursor.connection.cursor() as tweede:
                vraag = personenvraag(actor.rol) + SQL(" WHERE p.overstap = ANY(%s)")
                await tweede.execute(vraag, ([rij["overstap"] for rij in rijen],))
                personen = {een[0]: een for een in await tweede.fetchall()}
    return Vondst(rijen, personen)


async def open_bladen(dienst: Dienst, actor: Actor, reden: str | None, vondst: Vondst) -> list[Leerlingblad]:
    """Open the names, in a thread: of many pupils that takes long."""
    return await asyncio.to_thread(_open_bladen, dienst, actor, reden, vondst)


def _open_bladen(dienst: Dienst, actor: Actor, reden: str | None, vondst: Vondst) -> list[Leerlingblad]:
    personen = vondst.personen
    kluis = Kluis(dienst.hoofdsleutel, lambda wie: {een: verpakt for een in wie if (verpakt := personen[een][2])})
    mag = zichtbare_persoonsvelden(actor.rol, met_reden=reden is not None) & {*NAAM, "geboortedatum"}
    bladen = []
    for rij in vondst.rijen:
        overstap = rij["overstap"]
        velden: dict[str, Any] = {veld: rij[veld] for veld in _GETOOND if veld in rij}
        if "sinds" in rij:
            velden["sinds_op"] = rij["sinds"]
        if overstap in personen:
            open_ = {
                veld: tekst
                for veld, (feit, verzegeld) in personen[overstap][1].items()
                if veld in mag and (tekst := kluis.open(overstap, feit, veld, Verzegeld(verzegeld))) is not None
            }
            velden["persoon"] = persoonblad(open_) if personen[overstap][2] else GEWIST
        bladen.append(Leerlingblad(id=overstap, versie=rij["versie"], overstapjaar=rij["overstapjaar"], **velden))
    return bladen


def bladwijzer_na(bladzijde: Sequence[Leerlingblad]) -> str:
    """Give the bookmark at which the page after this one begins."""
    return schrijf_bladwijzer(_Plaats(bladzijde[-1].id))
