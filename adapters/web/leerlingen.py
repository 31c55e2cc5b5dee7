"""The list of pupils: what it is narrowed by stands in the address; a name that is looked for never does."""

from collections.abc import Mapping
from typing import Annotated, Any, Final
from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter, Request
from msgspec import Meta
from psycopg import Cursor
from starlette.responses import Response

from overstap.adapters.http.jaren import regels_van
from overstap.adapters.http.problemen import Fout, ongeldig
from overstap.adapters.http.werklijsten import lijsten_van_rol
from overstap.adapters.web.bezoeker import Bezoek, Bezoeker, lees_formulier
from overstap.adapters.web.bladroute import Bladroute
from overstap.adapters.web.csv_uitvoer import als_csv
from overstap.adapters.web.lijst import OP_NAAM, Lijstvraag, is_mbo, lees_lijst, volgorde_van
from overstap.adapters.web.omlijsting import toon
from overstap.adapters.web.uitvoer import lees_uitvoer
from overstap.adapters.web.xlsx_uitvoer import als_xlsx
from overstap.domain.kalender import Regels
from overstap.domain.redenen import Leerweg
from overstap.domain.rollen import VO_ROLLEN, SoortOrganisatie
from overstap.domain.statussen import AanmeldingStatus, OverstapStatus
from overstap.projections.actueel_lijst import Volgorde
from overstap.projections.selectie import Selectie
from overstap.projections.werklijsten import Werklijst
from overstap.statemachine.bevoegdheden import bevoegde_rollen
from overstap.statemachine.veldgroepen import Veldgroep, zichtbare_groepen

router: Final = APIRouter(route_class=Bladroute, include_in_schema=False)
PAD: Final = "/leerlingen"
_KLASSEN: Final = (
    b"SELECT DISTINCT a.klas FROM beeld.actueel AS a"
    b" WHERE a.regio = %s AND a.overstapjaar = %s ORDER BY a.klas LIMIT 200"
)
_LANGSTE_NAAM: Final = 100
Kort = Annotated[str, Meta(max_length=16, pattern=r"^[^\x00-\x1f\x7f]+$")]
Brin = Annotated[str, Meta(pattern=r"^[0-9]{2}[A-Z]{2}$")]
Keuze = tuple[str, str]


class Filters(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What stands in the address of the list; what is empty narrows nothing."""

    overstapjaar: Annotated[int, Meta(ge=2000, le=2100)] | None = None
    status: Annotated[str, Meta(pattern="^[a-z_]{2,40}$")] | None = None
    werklijst: Werklijst | None = None
    school: Brin | None = None
    vestiging: Kort | None = None
    klas: Kort | None = None
    mbo: Brin | None = None
    gemeente: Annotated[str, Meta(pattern="^[0-9]{4}$")] | None = None
    leerweg: Leerweg | None = None
    volgorde: Annotated[str, Meta(pattern="^[a-z]{2,12}$")] | None = None
    na: Annotated[str, Meta(max_length=400)] | None = None

    def vraag(self, bezoeker: Bezoeker, naam: str | None = None) -> Lijstvraag:
        """Make the question.

        Raises:
            Probleem: 400 when the list knows no such status or order.

        """
        statussen = AanmeldingStatus if is_mbo(bezoeker) else OverstapStatus
        if self.status is not None and self.status not in set(map(str, statussen)):
            raise ongeldig(Fout(plaats="query.status", code="ongeldig", uitleg="Deze status is hier niet bekend."))
        if self.volgorde is not None and self.volgorde not in _volgordes(bezoeker):
            raise ongeldig(Fout(plaats="query.volgorde", code="ongeldig", uitleg="Deze volgorde is hier niet bekend."))
        return Lijstvraag(
            overstapjaar=self.overstapjaar,
            status=self.status,
            werklijst=self.werklijst,
            selectie=Selectie(
                school=self.school,
                vestiging=self.vestiging,
                klas=self.klas,
                mbo=self.mbo,
                gemeente=self.gemeente,
                leerweg=self.leerweg,
            ),
            volgorde=self.volgorde,
            na=self.na,
            naam=naam,
        )

    def adres(self, pad: str = PAD, **anders: str | None) -> str:
        """Write the address of the list with these filters, some of them otherwise; from the first page on."""
        velden = {**msgspec.to_builtins(self), "na": None, **anders}
        gevuld = {naam: waarde for naam, waarde in velden.items() if waarde}
        return f"{pad}?{urlencode(gevuld)}" if gevuld else pad

    def gekozen(self) -> dict[str, str]:
        """Give what narrows the list, by name."""
        alles: dict[str, str | int] = msgspec.to_builtins(self)
        return {naam: str(waarde) for naam, waarde in alles.items() if naam not in {"volgorde", "na"}}


def lees_filters(request: Request) -> Filters:
    """Read the filters of an address.

    Raises:
        Probleem: 400 when one of them is not of its form.

    """
    gegeven = {naam: waarde for naam, waarde in request.query_params.items() if waarde}
    try:
        return msgspec.convert(gegeven, Filters, strict=False)
    except msgspec.ValidationError:
        uitleg = "Een van de keuzes in dit adres bestaat niet. Begin bij /leerlingen."
        raise ongeldig(Fout(plaats="query", code="ongeldig", uitleg=uitleg)) from None


@router.get(PAD)
async def toon_leerlingen(request: Request, bezoeker: Bezoek) -> Response:
    """Show a page of the list."""
    return await _toon(request, bezoeker, lees_filters(request), None)


@router.post(PAD)
async def zoek_op_naam(request: Request, bezoeker: Bezoek) -> Response:
    """Show who is called so, within what the address narrows the list to; the name itself stays out of it."""
    velden = await lees_formulier(request, bezoeker)
    naam = " ".join(velden.get("naam", "").split())[:_LANGSTE_NAAM]
    return await _toon(request, bezoeker, lees_filters(request), naam or None)


@router.get(f"{PAD}.csv")
async def geef_csv(request: Request, bezoeker: Bezoek) -> Response:
    """Give the list as a file for a spreadsheet: what this role may see, and logged as seen."""
    vraag = lees_filters(request).vraag(bezoeker)
    return als_csv(bezoeker, await lees_uitvoer(request, bezoeker, vraag))


@router.get(f"{PAD}.xlsx")
async def geef_xlsx(request: Request, bezoeker: Bezoek) -> Response:
    """Give it as a workbook: the same pupils and columns."""
    vraag = lees_filters(request).vraag(bezoeker)
    return await als_xlsx(bezoeker, await lees_uitvoer(request, bezoeker, vraag))


async def _toon(request: Request, bezoeker: Bezoeker, filters: Filters, naam: str | None) -> Response:
    regels = regels_van(bezoeker.dienst, filters.overstapjaar)
    blad = await lees_lijst(request, bezoeker, filters.vraag(bezoeker, naam), regels)
    waarden = regelwaarden(bezoeker) | {
        "filters": filters,
        "gekozen": filters.gekozen(),
        "keuzes": await _keuzes(bezoeker, regels),
        "blad": blad,
        "regels": regels,
        "naam": naam,
        "volgorde": volgorde_van(bezoeker, filters.volgorde),
        "mag_opvoeren": bezoeker.actor.rol in bevoegde_rollen("voer_op", regels),
    }
    return toon("leerlingen.html", bezoeker, "leerlingen", filters.adres(na=filters.na), waarden)


def regelwaarden(bezoeker: Bezoeker) -> dict[str, Any]:
    """Give what a line of the list is filled in with beside its pupil."""
    return {
        "bezoeker": bezoeker,
        "is_mbo": is_mbo(bezoeker),
        "groepen": zichtbare_groepen(bezoeker.actor.rol),
        "noem": bezoeker.noem,
        "eigen_school": bezoeker.actor.rol in VO_ROLLEN,
    }


def _volgordes(bezoeker: Bezoeker) -> list[str]:
    groepen = zichtbare_groepen(bezoeker.actor.rol)
    namen = [OP_NAAM] if Veldgroep.NAAM in groepen else []
    namen += [Volgorde.LANGST, Volgorde.NIEUWST, Volgorde.SCHOOL]
    return [*map(str, namen), *([str(Volgorde.STILST)] if Veldgroep.SIGNALEN in groepen else [])]


async def _keuzes(bezoeker: Bezoeker, regels: Regels) -> Mapping[str, list[Keuze]]:
    """Give of each filter the values this visitor can choose, with what they are called; empty: no such filter."""
    taal, rol = bezoeker.taal, bezoeker.actor.rol
    groepen = zichtbare_groepen(rol)
    statussen: list[str] = []
    if is_mbo(bezoeker):
        statussen = list(map(str, AanmeldingStatus))
    elif Veldgroep.STATUS in groepen:
        statussen = list(map(str, OverstapStatus))
    ziet_meer_scholen = rol not in VO_ROLLEN
    lijsten = [lijst for lijst in lijsten_van_rol(rol) if lijst is not Werklijst.WACHTBAK]
    kent_mbo = Veldgroep.ANDERE_AANMELDINGEN in groepen
    return {
        "overstapjaar": _jaren(bezoeker),
        "werklijst": [(str(lijst), taal.woord("werklijst", lijst)) for lijst in lijsten],
        "status": [(status, taal.woord("status", status)) for status in statussen],
        "school": _organisaties(bezoeker, SoortOrganisatie.VO) if ziet_meer_scholen else [],
        "klas": await _klassen(bezoeker, regels) if rol in VO_ROLLEN else [],
        "mbo": _organisaties(bezoeker, SoortOrganisatie.MBO) if kent_mbo else [],
        "gemeente": _organisaties(bezoeker, SoortOrganisatie.GEMEENTE) if Veldgroep.GEMEENTE in groepen else [],
        "leerweg": [(str(leerweg), taal.woord("leerweg", leerweg)) for leerweg in Leerweg],
        "volgorde": [(naam, taal.woord("volgorde", naam)) for naam in _volgordes(bezoeker)],
    }


def _jaren(bezoeker: Bezoeker) -> list[Keuze]:
    dienst = bezoeker.dienst
    jaren = [een.overstapjaar for een in dienst.kaders.jaren(dienst.regio) if een.is_open]
    return [(str(jaar), f"{jaar - 1}–{jaar}") for jaar in reversed(jaren)]  # noqa: RUF001  # a range of years


def _organisaties(bezoeker: Bezoeker, soort: SoortOrganisatie) -> list[Keuze]:
    alle = bezoeker.dienst.kaders.organisaties(bezoeker.actor.regio)
    return sorted(((een.code, een.naam or een.code) for een in alle if een.soort is soort), key=lambda paar: paar[1])


async def _klassen(bezoeker: Bezoeker, regels: Regels) -> list[Keuze]:
    def lees(cursor: Cursor[Any]) -> list[Keuze]:
        gelezen = cursor.execute(_KLASSEN, (regels.regio, regels.overstapjaar)).fetchall()
        return [(klas, klas) for (klas,) in gelezen]

    return await bezoeker.dienst.lees_als(bezoeker.actor, lees)
