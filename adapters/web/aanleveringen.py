"""What was delivered, when, and what came of it; and from whom nothing has come for long."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query
from psycopg import Cursor
from starlette.responses import Response

from overstap.adapters.http.aanleveringen import Aanleveringblad, lees_aanlevering
from overstap.adapters.http.problemen import Fout, Probleem, onbekend, ongeldig
from overstap.adapters.http.wachten import haal_in
from overstap.adapters.web.aanleveringen_wie import LEZERS, VAN_DE_REGIO, mag_leveren
from overstap.adapters.web.bezoeker import Bezoek, Bezoeker
from overstap.adapters.web.bladroute import Bladroute
from overstap.adapters.web.omlijsting import toon
from overstap.domain.rollen import Rol, SoortOrganisatie
from overstap.projections.aanleveringen import Plaats, bladzijde, laatste_per_organisatie
from overstap.projections.selectie import BladwijzerOngeldig, lees_bladwijzer, schrijf_bladwijzer

router: Final = APIRouter(route_class=Bladroute, include_in_schema=False)
PAD: Final = "/aanleveringen"
STIL_NA: Final = timedelta(days=7)
"""So long after its last message a koppeling is said to be silent: in the season none is without news for a week."""
PER_BLADZIJDE: Final = 50
_REGELS: Final = 200
"""So many refused lines stand on a page of a report."""
_VAN_SCHOLEN: Final = frozenset({str(Rol.DECAAN), str(Rol.VO_BEHEERDER)})
_VERWACHT: Final = r"^[0-9]{1,7}\.[0-9]{1,7}\.[0-9]{1,7}\.[0-9]{1,7}$"


class Stilte(msgspec.Struct, frozen=True, kw_only=True):
    """When something last came from an organisation (None: never), and whether that is long ago."""

    code: str
    naam: str
    laatste_op: datetime | None
    is_stil: bool


@router.get(PAD)
async def toon_aanleveringen(
    bezoeker: Bezoek,
    organisatie: Annotated[str | None, Query(pattern=r"^[0-9A-Z]{2,20}$")] = None,
    na: Annotated[str | None, Query(max_length=400)] = None,
) -> Response:
    """Show from whom something came and when, who is silent first, and the last deliveries."""
    if bezoeker.actor.rol not in LEZERS:
        raise Probleem("geen-toegang", "In uw rol ziet u geen aanleveringen.", code="niet_bevoegd")
    begin = _begin(na)

    def lees(cursor: Cursor[Any]) -> tuple[list[Any], Mapping[tuple[str, str], datetime]]:
        regio = bezoeker.actor.regio
        return bladzijde(cursor, regio, organisatie, PER_BLADZIJDE + 1, begin), laatste_per_organisatie(cursor, regio)

    gelezen, laatste = await bezoeker.dienst.lees_als(bezoeker.actor, lees)
    getoond = gelezen[:PER_BLADZIJDE]
    is_verder = len(gelezen) > PER_BLADZIJDE
    waarden = {
        "koppelingen": _koppelingen(bezoeker, laatste),
        "scholen": _scholen(bezoeker, laatste) if bezoeker.actor.rol in VAN_DE_REGIO else [],
        "aanleveringen": getoond,
        "organisatie": organisatie,
        "is_regio": bezoeker.actor.rol in VAN_DE_REGIO,
        "mag_leveren": mag_leveren(bezoeker.actor.rol),
        "noem": bezoeker.noem,
        "is_begin": na is None,
        "verder": schrijf_bladwijzer(Plaats(getoond[-1].ontvangen_op, getoond[-1].aanlevering)) if is_verder else None,
    }
    return toon("aanleveringen.html", bezoeker, "aanleveringen", PAD, waarden)


@router.get(f"{PAD}/{{aanlevering:uuid}}")
async def toon_aanlevering(
    bezoeker: Bezoek,
    aanlevering: UUID,
    na: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    verwacht: Annotated[str | None, Query(pattern=_VERWACHT)] = None,
) -> Response:
    """Show the report of one: what came of its lines; verwacht is what its preview said, in numbers."""
    gelezen = await lees_verslag(bezoeker, aanlevering, na)
    if gelezen is None:
        raise onbekend()
    blad, verder = gelezen
    waarden = {
        "blad": blad,
        "verder": verder,
        "na": na,
        "is_anders": verwacht is not None and is_anders(blad, verwacht),
        "is_regio": bezoeker.actor.rol in VAN_DE_REGIO,
        "mag_leveren": mag_leveren(bezoeker.actor.rol),
        "noem": bezoeker.noem,
    }
    return toon("aanlevering.html", bezoeker, "aanleveringen", f"{PAD}/{aanlevering}", waarden)


async def lees_verslag(bezoeker: Bezoeker, aanlevering: UUID, na: int = 0) -> tuple[Aanleveringblad, int | None] | None:
    """Read a delivery as the API does, in the visitor's scope; None: there is none for him."""
    if bezoeker.actor.rol not in LEZERS:
        return None
    await haal_in(bezoeker.dienst, aanlevering)
    return await bezoeker.dienst.lees_als(
        bezoeker.actor, lambda cursor: lees_aanlevering(cursor, aanlevering, na, _REGELS)
    )


def is_stil(laatste_op: datetime | None, nu: datetime) -> bool:
    """Tell whether nothing came for long, or ever."""
    return laatste_op is None or nu - laatste_op > STIL_NA


def schrijf_verwacht(aanvaard: int, ongewijzigd: int, wachtbak: int, geweigerd: int) -> str:
    """Write what a preview said as it may stand in an address: numbers alone."""
    return f"{aanvaard}.{ongewijzigd}.{wachtbak}.{geweigerd}"


def is_anders(blad: Aanleveringblad, verwacht: str) -> bool:
    """Tell whether what came of a delivery is not what its preview said."""
    return schrijf_verwacht(blad.aanvaard, blad.ongewijzigd, blad.wachtbak, blad.geweigerd) != verwacht


def _begin(na: str | None) -> Plaats | None:
    try:
        return None if na is None else lees_bladwijzer(na, Plaats)
    except BladwijzerOngeldig as fout:
        raise ongeldig(Fout(plaats="query.na", code="ongeldig", uitleg=str(fout))) from None


def _koppelingen(bezoeker: Bezoeker, laatste: Mapping[tuple[str, str], datetime]) -> list[Stilte]:
    """Tell of each koppeling that the visitor sees when it last sent something."""
    actor, nu = bezoeker.actor, bezoeker.dienst.nu()
    alle = [een for een in bezoeker.dienst.kaders.organisaties(actor.regio) if een.koppeling]
    if actor.rol not in VAN_DE_REGIO:
        alle = [een for een in alle if een.code == actor.organisatie[:4]]
    return _op_stilte(
        [
            Stilte(
                code=een.code,
                naam=een.naam or een.code,
                laatste_op=(op := laatste.get((een.code, str(Rol.KOPPELING)))),
                is_stil=is_stil(op, nu),
            )
            for een in alle
        ]
    )


def _scholen(bezoeker: Bezoeker, laatste: Mapping[tuple[str, str], datetime]) -> list[Stilte]:
    """Tell of each school when it last sent a file; a school that enters its pupils by hand is not silent."""
    alle = bezoeker.dienst.kaders.organisaties(bezoeker.actor.regio)
    return _op_stilte(
        [
            Stilte(
                code=een.code,
                naam=een.naam or een.code,
                laatste_op=max(
                    (op for (code, rol), op in laatste.items() if code == een.code and rol in _VAN_SCHOLEN),
                    default=None,
                ),
                is_stil=False,
            )
            for een in alle
            if een.soort is SoortOrganisatie.VO
        ]
    )


def _op_stilte(alle: Sequence[Stilte]) -> list[Stilte]:
    """Put who was silent longest first; of whom nothing ever came before all."""
    return sorted(
        alle,
        key=lambda een: (een.laatste_op is not None, een.laatste_op.timestamp() if een.laatste_op else 0, een.code),
    )
