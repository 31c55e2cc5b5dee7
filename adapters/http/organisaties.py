"""Who takes part in the region."""

from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Path, Request, Response

from overstap.adapters.http.antwoorden import etag, in_json
from overstap.adapters.http.bladzijden import GEWOON, LINK, Limit, Na, bladzijde, plaats_van
from overstap.adapters.http.dienst import Dienst, dienst_van
from overstap.adapters.http.identiteit.wie import Wie
from overstap.adapters.http.operaties import operatie
from overstap.adapters.http.problemen import onbekend
from overstap.domain.organisatie import Organisatie

router: Final = APIRouter()
Code = Annotated[str, Path(pattern=r"^[0-9A-Z]{2,20}$", description="BRIN (vier tekens), gemeentecode of andere code.")]


class Organisatieblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An organisation of the region; versie is that of its stream."""

    code: str
    soort: str
    naam: str
    versie: int
    gemeente: str | None
    aangesloten: str | None
    koppeling: bool
    accounts: bool


_VOORBEELD: Final = {
    "code": "99AA",
    "soort": "vo",
    "naam": "Eerste School",
    "versie": 3,
    "gemeente": "0363",
    "aangesloten": None,
    "koppeling": False,
    "accounts": True,
}


@router.get(
    "/organisaties",
    operation_id="noem_organisaties",
    tags=["organisaties"],
    openapi_extra=operatie(
        antwoord=Organisatieblad,
        is_lijst=True,
        voorbeeld=[_VOORBEELD],
        betekenis="Wie er aan de regio meedoen, op volgorde van hun code.",
        koppen=LINK,
    ),
)
async def noem_organisaties(request: Request, actor: Wie, limit: Limit = GEWOON, na: Na = None) -> Response:
    """Noem wie er aan de regio meedoen."""
    begin = plaats_van(na, ("",))
    alle = sorted(dienst_van(request).kaders.organisaties(actor.regio), key=lambda een: een.code)
    gevonden = [_blad(een) for een in alle if (een.code,) > begin][: limit + 1]
    return bladzijde(request, gevonden, limit, lambda een: (een.code,))


@router.get(
    "/organisaties/{code}",
    operation_id="toon_organisatie",
    tags=["organisaties"],
    openapi_extra=operatie(
        antwoord=Organisatieblad, voorbeeld=_VOORBEELD, problemen=("niet-gevonden",), koppen={"ETag": "De versie."}
    ),
)
async def toon_organisatie(request: Request, _actor: Wie, code: Code) -> Response:
    """Toon één organisatie."""
    organisatie = organisatie_van(dienst_van(request), code)
    return in_json(_blad(organisatie), koppen={"ETag": etag(organisatie.versie)})


def organisatie_van(dienst: Dienst, code: str) -> Organisatie:
    """Give an organisation of the region.

    Raises:
        Probleem: 404 when it is not there.

    """
    organisatie = dienst.kaders.organisatie(dienst.regio, code)
    if organisatie is None or not organisatie.code:
        raise onbekend()
    return organisatie


def _blad(een: Organisatie) -> Organisatieblad:
    return Organisatieblad(**{veld: getattr(een, veld) for veld in Organisatieblad.__struct_fields__})
