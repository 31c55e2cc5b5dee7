"""What happened to one pupil, in sentences: each event with both times, who, why and what it replaced."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Query, Request, Response

from overstap.adapters.http.antwoorden import in_json, volgende_bladzijde
from overstap.adapters.http.dienst import Dienst, dienst_van
from overstap.adapters.http.identiteit.wie import Wie
from overstap.adapters.http.lezen import Gezien, lees_overstap
from overstap.adapters.http.operaties import operatie
from overstap.adapters.http.overstappen import zichtbare_aanmeldingen
from overstap.adapters.http.reden import Reden
from overstap.adapters.http.stappen import OverstapId
from overstap.adapters.http.wachten import Bijgewerkt
from overstap.domain.feiten import Verzegeld, naam_van
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.rollen import Actor
from overstap.projections.kennisverschil import vervangingen
from overstap.projections.statusperiodes import LEERLING
from overstap.projections.tijdlijn import Regel, noem_feit, vertel
from overstap.projections.zinnen_vervanging import zin_over_vervanging
from overstap.statemachine.feitzicht import Feitzicht, feitzicht, gemaskeerd, verzegelde_velden, ziet_feit
from overstap.statemachine.veldgroepen import Veldgroep

router: Final = APIRouter()
MEESTE: Final = 200


class Vervangingblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What an event replaced: from vanafOp on one status was believed, told by another event, and now there is another.

    aanmelding is the number of the one it is about, null for the pupil himself.
    """

    aanmelding: int | None
    vanaf_op: datetime
    was: str
    was_gebeurtenis: int
    wordt: str
    zin: str


class Voorval(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One event told, as far as the caller may know.

    herzienDoor numbers the event that corrected it; vervangt tells what had been believed until it came, where it is a
    correction or news out of its order.
    """

    nummer: int
    positie: int | None
    feit: str
    gebeurd_op: datetime
    vastgelegd_op: datetime | None
    rol: str
    organisatie: str
    zin: str
    waarom: str
    procedure: str | None
    herzien_door: int | None
    vervangt: list[Vervangingblad]


_VOORBEELD: Final = {
    "nummer": 12,
    "positie": 70211,
    "feit": "gebeurtenis-herzien.v1",
    "gebeurdOp": "2026-05-12T08:04:00Z",
    "vastgelegdOp": "2026-05-12T08:04:00Z",
    "rol": "decaan",
    "organisatie": "99AA",
    "zin": "De decaan van Voorbeeldschool (99AA) herzag gebeurtenis 9 (vervolgkeuze vo gekozen).",
    "waarom": "“Bij de verkeerde leerling vastgelegd.”",
    "procedure": "2026.21.1",
    "herzienDoor": None,
    "vervangt": [
        {
            "aanmelding": None,
            "vanafOp": "2026-05-12T08:04:00Z",
            "was": "vervolgkeuze_vo",
            "wasGebeurtenis": 10,
            "wordt": "aangemeld",
            "zin": "Tot dan gold voor de leerling: vervolgkeuze VO (gebeurtenis 10); daarna: aangemeld.",
        }
    ],
}


@router.get(
    "/overstappen/{overstapId:uuid}/gebeurtenissen",
    operation_id="vertel_overstap",
    tags=["overstappen"],
    openapi_extra=operatie(
        antwoord=Voorval,
        is_lijst=True,
        voorbeeld=[_VOORBEELD],
        problemen=("niet-gevonden",),
        koppen={"Link": 'De volgende bladzijde, rel="next".'},
    ),
)
async def vertel_overstap(  # noqa: PLR0913, PLR0917  # FastAPI reads the request from the arguments
    request: Request,
    overstap_id: OverstapId,
    actor: Wie,
    reden: Reden,
    _bij: Bijgewerkt,
    na: Annotated[int, Query(ge=0, le=1_000_000, description="Het nummer waarna de bladzijde begint.")] = 0,
    limit: Annotated[int, Query(ge=1, le=MEESTE, description="Hoeveel gebeurtenissen een bladzijde heeft.")] = 100,
) -> Response:
    """Vertel wat er met deze leerling gebeurde, in volgorde van vastleggen."""
    dienst = dienst_van(request)
    gezien = await lees_overstap(request, dienst, overstap_id, actor, reden, als="geschiedenis")
    voorvallen = [een for een in voorvallen_van(dienst, gezien, actor, met_reden=reden is not None) if een.nummer > na]
    bladzijde = voorvallen[:limit]
    is_meer = len(voorvallen) > limit
    return in_json(bladzijde, koppen=volgende_bladzijde(request, bladzijde[-1].nummer if is_meer else None))


def voorvallen_van(dienst: Dienst, gezien: Gezien, actor: Actor, *, met_reden: bool) -> list[Voorval]:
    """Tell each event of which the caller may know that it was, oldest first."""
    zichten = {
        een.originator_version: zicht
        for een in gezien.gebeurtenissen
        if (zicht := feitzicht(actor.rol, type(een.feit), met_reden=met_reden)) is not None
        and ziet_feit(actor, een, zicht, gezien.dossier.overstap)
    }

    def open_zegel(gebeurtenis: Gebeurtenis, veld: str, verzegeld: Verzegeld) -> str | None:
        if veld not in zichten[gebeurtenis.originator_version].velden:
            return None
        return gezien.kluis.open(gezien.stroom, naam_van(gebeurtenis.feit), veld, verzegeld)

    def noem(code: str) -> str:
        organisatie = dienst.kaders.organisatie(actor.regio, code)
        return f"{organisatie.naam} ({code})" if organisatie and organisatie.naam else code

    zichtbaar = [een for een in gezien.gebeurtenissen if een.originator_version in zichten]
    vervangt = _vervangingen(gezien, actor, noem)
    return [
        _voorval(een, regel, zichten[een.originator_version], vervangt.get(een.originator_version, []))
        for een, regel in zip(zichtbaar, vertel(zichtbaar, open_zegel, noem), strict=True)
    ]


def _vervangingen(gezien: Gezien, actor: Actor, noem: Callable[[str], str]) -> dict[int, list[Vervangingblad]]:
    """Tell what each event replaced, of the pupil's status and of the aanmeldingen of which the caller may know."""
    eigen = {een.nummer for een in zichtbare_aanmeldingen(gezien, actor) or ()}
    lijnen = eigen | ({LEERLING} if Veldgroep.STATUS in gezien.groepen else set())
    per_gebeurtenis: dict[int, list[Vervangingblad]] = {}
    for een in vervangingen(gezien.gebeurtenissen):
        if een.nummer in lijnen:
            blad = Vervangingblad(
                aanmelding=een.nummer or None,
                vanaf_op=een.vanaf,
                was=een.was,
                was_gebeurtenis=een.was_gebeurtenis,
                wordt=een.wordt,
                zin=zin_over_vervanging(een, noem),
            )
            per_gebeurtenis.setdefault(een.gebeurtenis, []).append(blad)
    return per_gebeurtenis


def _voorval(gebeurtenis: Gebeurtenis, regel: Regel, zicht: Feitzicht, vervangt: list[Vervangingblad]) -> Voorval:
    """Tell an event; where a field is kept from the caller, the sentence would name it: then only what kind it was.

    What is sealed and not opened to him is left out of the sentence by itself, as when the pupil was erased.
    """
    alles = msgspec.to_builtins(gebeurtenis.feit)
    verborgen = alles.keys() - gemaskeerd(gebeurtenis, zicht).keys() - verzegelde_velden(type(gebeurtenis.feit))
    zin, waarom = (regel.zin, regel.waarom) if not verborgen else (_kort(gebeurtenis, regel), "")
    return Voorval(
        nummer=regel.nummer,
        positie=regel.positie,
        feit=regel.feit,
        gebeurd_op=regel.gebeurd_op,
        vastgelegd_op=regel.vastgelegd_op,
        rol=regel.rol,
        organisatie=regel.organisatie,
        zin=zin,
        waarom=waarom,
        procedure=regel.procedure,
        herzien_door=regel.herzien_door,
        vervangt=vervangt,
    )


def _kort(gebeurtenis: Gebeurtenis, regel: Regel) -> str:
    wat = noem_feit(gebeurtenis)
    return f"{wat[0].upper()}{wat[1:]}, door {regel.wie}."
