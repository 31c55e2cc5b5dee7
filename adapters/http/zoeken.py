"""Search pupils within what the caller may see; by POST, because what one searches by may be personal."""

from collections.abc import Sequence
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request, Response
from msgspec import UNSET, Meta

from overstap.adapters.http.antwoorden import in_json
from overstap.adapters.http.bladen import Leerlingblad
from overstap.adapters.http.dienst import Dienst, dienst_van
from overstap.adapters.http.gevonden import (
    FILTERS,
    NAAM,
    bladwijzer_na,
    eis_doorzoekbaar,
    open_bladen,
    vind,
    voorwaarden,
)
from overstap.adapters.http.identiteit.wie import Wie
from overstap.adapters.http.lichaam import lees
from overstap.adapters.http.operaties import operatie
from overstap.adapters.http.problemen import Fout, Probleem, ongeldig
from overstap.adapters.http.reden import Reden
from overstap.adapters.http.verantwoording import verantwoord
from overstap.adapters.http.vormen import Brin, Gemeente, Klas, Lichaam, Overstapjaar, Pgn, Vestiging
from overstap.adapters.http.wachten import Bijgewerkt
from overstap.domain.redenen import Leerweg
from overstap.domain.rollen import Actor, Rol
from overstap.domain.statussen import OverstapStatus
from overstap.statemachine.veldgroepen import Veldgroep, zichtbare_groepen

router: Final = APIRouter()
MEESTE: Final = 200
DOORZOEKBAAR: Final = 5_000
"""So many names are opened for one search at most; more needs a narrower question."""
_PER_NUMMER: Final = "SELECT stroom FROM kluis.pgn WHERE regio = %s AND pgn_hash = %s"
VOOR_DE_REGIO: Final = frozenset({Rol.REGIEBEHEERDER, Rol.AUDITOR})
_ZOEKT: Final = ("pgn", "naam", *(veld for veld in FILTERS if veld != "mbo"))


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


class Zoekresultaat(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Who was found, in order of their numbers; na begins the next page, None when there is none."""

    gevonden: list[Leerlingblad]
    na: str | None


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
async def zoek_overstappen(request: Request, actor: Wie, reden: Reden, _bij: Bijgewerkt) -> Response:
    """Zoek leerlingen binnen wat u mag zien; er wordt niets vastgelegd dan dat u keek."""
    return in_json(await doe_zoek(request, actor, await lees(request, Zoekvraag), reden))


async def doe_zoek(request: Request, actor: Actor, vraag: Zoekvraag, reden: str | None) -> Zoekresultaat:
    """Search, and record whom it finds before it is given.

    Raises:
        Probleem: 403 when the role may not search by this, 400 when it is too wide.

    """
    dienst = dienst_van(request)
    groepen = zichtbare_groepen(actor.rol, met_reden=reden is not None)
    eis_mag_zo_zoeken(vraag, actor, groepen, reden)
    if not groepen:
        return Zoekresultaat(gevonden=[], na=None)
    onder = None if vraag.pgn is None else await _bij_nummer(dienst, vraag.pgn)
    hoogstens = DOORZOEKBAAR + 1 if vraag.naam else vraag.limit + 1
    vondst = await vind(dienst, actor, reden, voorwaarden(_gegeven(vraag), onder, vraag.na, "body.na"), hoogstens)
    if vraag.naam and len(vondst.rijen) > DOORZOEKBAAR:
        uitleg = "Noem ook een school, klas of overstapjaar: dit zijn er te veel."
        raise ongeldig(Fout(plaats="body.naam", code="te_ruim", uitleg=uitleg))
    gezocht = (vraag.naam or "").casefold()
    gevonden = [een for een in await open_bladen(dienst, actor, reden, vondst) if gezocht in _naam(een)]
    bladzijde = gevonden[: vraag.limit]
    await verantwoord(
        request,
        actor,
        [een.id for een in bladzijde] or [None],
        handeling="zoeken",
        onderwerp="overstap",
        velden=groepen,
        reden=reden,
    )
    na = bladwijzer_na(bladzijde) if len(gevonden) > vraag.limit else None
    return Zoekresultaat(gevonden=bladzijde, na=na)


def _naam(blad: Leerlingblad) -> str:
    """Give the name that was opened, as it is searched; empty when none was."""
    delen = () if blad.persoon is UNSET else (getattr(blad.persoon, veld) for veld in NAAM)
    return " ".join(deel for deel in delen if deel is not UNSET).casefold()


def _gegeven(vraag: Zoekvraag) -> dict[str, Any]:
    return {veld: waarde for veld in _ZOEKT if (waarde := getattr(vraag, veld)) is not None}


def eis_mag_zo_zoeken(vraag: Zoekvraag, actor: Actor, groepen: frozenset[Veldgroep], reden: str | None) -> None:
    """Refuse what the caller's role may not search by: what it may not see would show in what it finds."""
    is_regio = actor.rol in VOOR_DE_REGIO
    zin = "Met de kopregel Reden kan dat wel op pgn." if is_regio and reden is None else ""
    eis_doorzoekbaar(_gegeven(vraag), groepen, zin)
    is_overal = is_regio or (actor.rol is Rol.SAMENWERKINGSVERBAND and vraag.school is None)
    if vraag.naam is not None and is_overal:
        raise Probleem("geen-toegang", "Door de hele regio zoekt u op pgn, niet op naam.", code="niet_doorzoekbaar")


async def _bij_nummer(dienst: Dienst, pgn: str) -> Sequence[UUID]:
    async with dienst.lezer() as verbinding:
        rijen = await verbinding.execute(_PER_NUMMER, (dienst.regio, dienst.kwitanties.pgn_hash(pgn)))
        return [stroom for (stroom,) in await rijen.fetchall()]
