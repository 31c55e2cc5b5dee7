"""Search pupils within what the caller may see; by POST, because what one searches by may be personal."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request, Response
from msgspec import UNSET, Meta, UnsetType
from psycopg.rows import dict_row
from psycopg.sql import SQL, Composed

from overstap.adapters.http.antwoorden import in_json
from overstap.adapters.http.dienst import Dienst, dienst_van
from overstap.adapters.http.identiteit.wie import Wie
from overstap.adapters.http.lichaam import lees
from overstap.adapters.http.operaties import operatie
from overstap.adapters.http.overstappen import GEWIST, Persoonblad, persoonblad
from overstap.adapters.http.problemen import Fout, Probleem, ongeldig
from overstap.adapters.http.reden import Reden
from overstap.adapters.http.vormen import Brin, Gemeente, Klas, Lichaam, Overstapjaar, Pgn, Vestiging
from overstap.adapters.postgres.bereik_kolommen import leesvraag, personenvraag
from overstap.adapters.toegangslog import toegang_tot
from overstap.adapters.vault import Kluis
from overstap.domain.feiten import Verzegeld
from overstap.domain.identificaties import BRIN_ZONDER_VESTIGING
from overstap.domain.redenen import Leerweg
from overstap.domain.rollen import Actor, Rol
from overstap.domain.statussen import OverstapStatus
from overstap.projections.selectie import BladwijzerOngeldig, lees_bladwijzer, schrijf_bladwijzer
from overstap.statemachine.veldgroepen import Veldgroep, zichtbare_groepen, zichtbare_persoonsvelden

router: Final = APIRouter()
MEESTE: Final = 200
DOORZOEKBAAR: Final = 5_000
"""So many names are opened for one search at most; more needs a narrower question."""
_PER_NUMMER: Final = "SELECT stroom FROM kluis.pgn WHERE regio = %s AND pgn_hash = %s"
VOOR_DE_REGIO: Final = frozenset({Rol.REGIEBEHEERDER, Rol.AUDITOR})
_NAAM: Final = ("voornaam", "tussenvoegsel", "achternaam")


class Zoekvraag(Lichaam, frozen=True, kw_only=True):
    """Whom one looks for: by number, by (a part of) the name, or by where he is; together they narrow.

    Looking in the whole region goes by number alone, and with a reason.
    """

    pgn: Pgn | None = None
    naam: Annotated[str, Meta(min_length=2, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")] | None = None
    overstapjaar: Overstapjaar | None = None
    school: Brin | None = None
    vestiging: Vestiging | None = None
    klas: Klas | None = None
    gemeente: Gemeente | None = None
    leerweg: Leerweg | None = None
    status: OverstapStatus | None = None
    limit: Annotated[int, Meta(ge=1, le=MEESTE)] = 50
    na: Annotated[str, Meta(max_length=200)] | None = None


class Gevonden(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A pupil who was found; what the caller's role may not have is left out."""

    id: UUID
    versie: int
    overstapjaar: int
    school: str | UnsetType = UNSET
    vestiging: str | UnsetType = UNSET
    klas: str | UnsetType = UNSET
    leerweg: str | UnsetType = UNSET
    gemeente: str | UnsetType = UNSET
    status: str | UnsetType = UNSET
    persoon: Persoonblad | UnsetType = UNSET


class Zoekresultaat(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Who was found, in order of their numbers; na begins the next page, None when there is none."""

    gevonden: list[Gevonden]
    na: str | None


class _Plaats(msgspec.Struct, frozen=True):
    overstap: UUID


_FILTERS: Final[Mapping[str, Veldgroep | None]] = {
    "overstapjaar": None,
    "school": Veldgroep.SCHOOL,
    "vestiging": Veldgroep.SCHOOL,
    "klas": Veldgroep.SCHOOL,
    "leerweg": Veldgroep.SCHOOL,
    "gemeente": Veldgroep.GEMEENTE,
    "status": Veldgroep.STATUS,
}
_GETOOND: Final = ("school", "vestiging", "klas", "leerweg", "gemeente", "status")


@router.post(
    "/overstappen/_zoek",
    operation_id="zoek_overstappen",
    tags=["overstappen"],
    openapi_extra=operatie(
        antwoord=Zoekresultaat,
        voorbeeld={
            "gevonden": [{"id": "3f2a0c1e-8d1b-4c57-9a55-0d8f6b1f2e3a", "versie": 18, "overstapjaar": 2026}],
            "na": None,
        },
        lichaam=Zoekvraag,
        vraag_voorbeeld={"klas": "4b", "limit": 20},
    ),
)
async def zoek_overstappen(request: Request, actor: Wie, reden: Reden) -> Response:
    """Zoek leerlingen binnen wat u mag zien; er wordt niets vastgelegd dan dat u keek."""
    dienst = dienst_van(request)
    vraag = await lees(request, Zoekvraag)
    groepen = zichtbare_groepen(actor.rol, met_reden=reden is not None)
    eis_mag_zo_zoeken(vraag, actor, groepen, reden)
    if not groepen:
        return in_json(Zoekresultaat(gevonden=[], na=None))
    onder = None if vraag.pgn is None else await _bij_nummer(dienst, vraag.pgn)
    voorwaarden, waarden = _voorwaarden(vraag, onder)
    rijen, personen = await _haal(dienst, actor, reden, voorwaarden, waarden, vraag)
    persoonsvelden = zichtbare_persoonsvelden(actor.rol, met_reden=reden is not None)
    gevonden = await asyncio.to_thread(_kies, dienst, rijen, personen, persoonsvelden, vraag)
    bladzijde = gevonden[: vraag.limit]
    await dienst.toegangslog.schrijf_async(
        toegang_tot(
            actor,
            [een.id for een in bladzijde] or [None],
            handeling="zoeken",
            onderwerp="overstap",
            herkomst="http",
            velden=groepen,
            reden=reden or "",
            spoor=str(request.scope["overstap.correlatie"]),
        )
    )
    is_meer = len(gevonden) > vraag.limit
    na = schrijf_bladwijzer(_Plaats(bladzijde[-1].id)) if is_meer else None
    return in_json(Zoekresultaat(gevonden=bladzijde, na=na))


def eis_mag_zo_zoeken(vraag: Zoekvraag, actor: Actor, groepen: frozenset[Veldgroep], reden: str | None) -> None:
    """Refuse what the caller's role may not search by: what it may not see would show in what it finds."""
    dicht = [
        veld for veld, groep in _FILTERS.items() if groep and getattr(vraag, veld) is not None and groep not in groepen
    ]
    if vraag.pgn is not None and Veldgroep.PGN not in groepen:
        dicht.append("pgn")
    if vraag.naam is not None and Veldgroep.NAAM not in groepen:
        dicht.append("naam")
    if dicht:
        zin = f"In uw rol zoekt u niet op {', '.join(dicht)}."
        if actor.rol in VOOR_DE_REGIO and reden is None:
            zin += " Met de kopregel Reden kan dat wel op pgn."
        raise Probleem("geen-toegang", zin, code="niet_doorzoekbaar")
    is_overal = actor.rol in VOOR_DE_REGIO or (actor.rol is Rol.SAMENWERKINGSVERBAND and vraag.school is None)
    if vraag.naam is not None and is_overal:
        raise Probleem("geen-toegang", "Door de hele regio zoekt u op pgn, niet op naam.", code="niet_doorzoekbaar")


async def _bij_nummer(dienst: Dienst, pgn: str) -> Sequence[UUID]:
    async with dienst.lezer() as verbinding:
        rijen = await verbinding.execute(_PER_NUMMER, (dienst.regio, dienst.kwitanties.pgn_hash(pgn)))
        return [stroom for (stroom,) in await rijen.fetchall()]


def _voorwaarden(vraag: Zoekvraag, onder: Sequence[UUID] | None) -> tuple[Composed, dict[str, Any]]:
    delen, waarden = [SQL("true")], dict[str, Any]()
    for veld in _FILTERS:
        waarde = getattr(vraag, veld)
        if waarde is not None:
            delen.append(SQL(f"a.{veld} = %({veld})s"))
            waarden[veld] = waarde[:BRIN_ZONDER_VESTIGING] if veld == "school" else waarde
    if onder is not None:
        delen.append(SQL("a.overstap = ANY(%(onder)s)"))
        waarden["onder"] = list(onder)
    if vraag.na is not None:
        try:
            waarden["na"] = lees_bladwijzer(vraag.na, _Plaats).overstap
        except BladwijzerOngeldig as fout:
            raise ongeldig(Fout(plaats="body.na", code="ongeldig", uitleg=str(fout))) from None
        delen.append(SQL("a.overstap > %(na)s"))
    return SQL(" WHERE ") + SQL(" AND ").join(delen), waarden


async def _haal(  # noqa: PLR0913, PLR0917  # who looks, why, and for whom
    dienst: Dienst,
    actor: Actor,
    reden: str | None,
    voorwaarden: Composed,
    waarden: Mapping[str, Any],
    vraag: Zoekvraag,
) -> tuple[list[dict[str, Any]], dict[UUID, tuple[dict[str, Any], bytes | None]]]:
    """Read the rows in the caller's scope, and the sealed fields of those."""
    hoogstens = DOORZOEKBAAR + 1 if vraag.naam else vraag.limit + 1
    async with dienst.in_bereik(actor, reden) as cursor:
        cursor.row_factory = dict_row
        alles = leesvraag(actor.rol) + voorwaarden + SQL(" ORDER BY a.overstap LIMIT %(hoogstens)s")
        await cursor.execute(alles, {**waarden, "hoogstens": hoogstens})
        rijen: list[dict[str, Any]] = await cursor.fetchall()
        personen: dict[UUID, tuple[dict[str, Any], bytes | None]] = {}
        if zichtbare_persoonsvelden(actor.rol, met_reden=reden is not None) and rijen:
            welke = [rij["overstap"] for rij in rijen]
            async with cursor.connection.cursor() as tweede:
                await tweede.execute(personenvraag(actor.rol) + SQL(" WHERE p.overstap = ANY(%s)"), (welke,))
                personen = {een: (velden, verpakt) for een, velden, verpakt in await tweede.fetchall()}
    if vraag.naam and len(rijen) > DOORZOEKBAAR:
        raise ongeldig(
            Fout(
                plaats="body.naam",
                code="te_ruim",
                uitleg="Noem ook een school, klas of overstapjaar: dit zijn er te veel.",
            )
        )
    return rijen, personen


def _kies(
    dienst: Dienst,
    rijen: Sequence[Mapping[str, Any]],
    personen: Mapping[UUID, tuple[dict[str, Any], bytes | None]],
    persoonsvelden: frozenset[str],
    vraag: Zoekvraag,
) -> list[Gevonden]:
    """Open the names, and keep who has what is looked for."""
    kluis = Kluis(
        dienst.hoofdsleutel, lambda stromen: {een: verpakt for een in stromen if (verpakt := personen[een][1])}
    )
    gezocht = vraag.naam.casefold() if vraag.naam else None
    gevonden = []
    for rij in rijen:
        overstap = rij["overstap"]
        velden: dict[str, Any] = {veld: rij[veld] for veld in _GETOOND if veld in rij}
        if overstap in personen:
            open_ = {
                veld: tekst
                for veld, (feit, verzegeld) in personen[overstap][0].items()
                if veld in persoonsvelden
                and (veld in _NAAM or veld == "geboortedatum")
                and (tekst := kluis.open(overstap, feit, veld, Verzegeld(verzegeld))) is not None
            }
            velden["persoon"] = persoonblad(open_) if personen[overstap][1] else GEWIST
            naam = " ".join(open_[veld] for veld in _NAAM if veld in open_).casefold()
            if gezocht is not None and gezocht not in naam:
                continue
        elif gezocht is not None:
            continue
        gevonden.append(Gevonden(id=overstap, versie=rij["versie"], overstapjaar=rij["overstapjaar"], **velden))
    return gevonden
