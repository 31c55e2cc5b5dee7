"""The pupils who exist for the caller, in pages: chosen by where they are and stand, never by who they are."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response

from overstap.adapters.http.antwoorden import in_json, volgende_bladzijde
from overstap.adapters.http.bladen import Leerlingblad
from overstap.adapters.http.dienst import dienst_van
from overstap.adapters.http.gevonden import bladwijzer_na, eis_doorzoekbaar, open_bladen, vind, voorwaarden
from overstap.adapters.http.identiteit.wie import Wie
from overstap.adapters.http.operaties import operatie
from overstap.adapters.http.reden import Reden
from overstap.adapters.http.verantwoording import verantwoord
from overstap.adapters.http.wachten import Bijgewerkt
from overstap.domain.redenen import Leerweg
from overstap.domain.statussen import OverstapStatus
from overstap.statemachine.veldgroepen import zichtbare_groepen

router: Final = APIRouter()
MEESTE: Final = 200
_BRIN: Final = r"^[0-9]{2}[A-Z]{2}$"


@router.get(
    "/overstappen",
    operation_id="noem_overstappen",
    tags=["overstappen"],
    openapi_extra=operatie(
        antwoord=Leerlingblad,
        is_lijst=True,
        voorbeeld=[
            {
                "id": "3f2a0c1e-8d1b-4c57-9a55-0d8f6b1f2e3a",
                "versie": 18,
                "overstapjaar": 2026,
                "school": "99AA",
                "vestiging": "00",
                "klas": "4b",
                "leerweg": "kb",
                "gemeente": "0363",
                "status": "intake",
                "sindsOp": "2026-03-04T09:00:00Z",
                "persoon": {"achternaam": "Voorbeeld", "voornaam": "Noor"},
            }
        ],
        betekenis="De leerlingen die er voor de aanvrager zijn, op volgorde van hun nummer.",
        koppen={"Link": 'De volgende bladzijde, rel="next".'},
    ),
)
async def noem_overstappen(  # noqa: PLR0913, PLR0917  # FastAPI reads the query from the arguments
    request: Request,
    actor: Wie,
    reden: Reden,
    _bij: Bijgewerkt,
    overstapjaar: Annotated[int | None, Query(ge=2000, le=2100, description="Alleen van dit overstapjaar.")] = None,
    school: Annotated[str | None, Query(pattern=_BRIN, description="Alleen van deze school.")] = None,
    vestiging: Annotated[str | None, Query(pattern=r"^[0-9]{2}$", description="Alleen van deze vestiging.")] = None,
    klas: Annotated[str | None, Query(min_length=1, max_length=16, description="Alleen uit deze klas.")] = None,
    leerweg: Annotated[Leerweg | None, Query(description="Alleen met deze leerweg.")] = None,
    gemeente: Annotated[str | None, Query(pattern=r"^[0-9]{4}$", description="Alleen uit deze gemeente.")] = None,
    status: Annotated[OverstapStatus | None, Query(description="Alleen met deze status.")] = None,
    mbo: Annotated[str | None, Query(pattern=_BRIN, description="Alleen met een aanmelding bij dit MBO.")] = None,
    limit: Annotated[int, Query(ge=1, le=MEESTE, description="Hoeveel er op een bladzijde staan.")] = 50,
    na: Annotated[str | None, Query(max_length=200, description="Waar de vorige bladzijde ophield.")] = None,
) -> Response:
    """Noem de leerlingen die er voor u zijn; met naam voor wie die mag weten. Op naam of nummer zoekt `_zoek`."""
    dienst = dienst_van(request)
    filters = {
        "overstapjaar": overstapjaar,
        "school": school,
        "vestiging": vestiging,
        "klas": klas,
        "leerweg": leerweg,
        "gemeente": gemeente,
        "status": status,
        "mbo": mbo,
    }
    groepen = zichtbare_groepen(actor.rol, met_reden=reden is not None)
    eis_doorzoekbaar([veld for veld, waarde in filters.items() if waarde is not None], groepen)
    if not groepen:
        return in_json([])
    vondst = await vind(dienst, actor, reden, voorwaarden(filters, None, na, "query.na"), limit + 1)
    bladen = await open_bladen(dienst, actor, reden, vondst)
    bladzijde = bladen[:limit]
    await verantwoord(
        request,
        actor,
        [een.id for een in bladzijde] or [None],
        handeling="inzage",
        onderwerp="overstappen",
        velden=groepen,
        reden=reden,
    )
    verder = bladwijzer_na(bladzijde) if len(bladen) > limit else None
    return in_json(bladzijde, koppen=volgende_bladzijde(request, verder))
