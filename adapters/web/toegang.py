"""Who looked? The log of access of a pupil or an account, with a reason; that one looked stands there too."""

from datetime import date, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request
from msgspec import Meta
from psycopg import Cursor
from starlette.responses import Response

from overstap.adapters.http.problemen import Fout, ongeldig
from overstap.adapters.http.reden import keur_reden
from overstap.adapters.http.toegang import LEZERS
from overstap.adapters.toegangslog import Uitkomst
from overstap.adapters.toegangslog_lezen import Inzage, Periode, Plek, lees_bladzijde
from overstap.adapters.web.bezoeker import Bezoek, Bezoeker, lees_formulier
from overstap.adapters.web.bladroute import Bladroute
from overstap.adapters.web.omlijsting import toon
from overstap.adapters.web.toezicht import eis_rol, leg_vast
from overstap.domain.kalender import einde_van
from overstap.projections.selectie import BladwijzerOngeldig, lees_bladwijzer, schrijf_bladwijzer

router: Final = APIRouter(route_class=Bladroute, include_in_schema=False)
PAD: Final = "/toegang"
_PER_BLADZIJDE: Final = 50
_DAG: Final = timedelta(days=1)


class Vraag(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the form asks: of which pupil, which account, between which days (included), and with what result."""

    overstap: UUID | None = None
    account: Annotated[str, Meta(pattern=r"^[a-z0-9_-]{1,64}$(?!\n)")] | None = None
    uitkomst: Uitkomst | None = None
    van: date | None = None
    tot: date | None = None

    def periode(self) -> Periode:
        """Give the moments between which the days lie."""
        return Periode(
            van=einde_van(self.van - _DAG) if self.van else None, tot=einde_van(self.tot) if self.tot else None
        )


@router.get(PAD)
async def toon_vraag(request: Request, bezoeker: Bezoek) -> Response:
    """Show the form, filled in with what the address names; nothing is shown without a reason."""
    await eis_rol(request, bezoeker, LEZERS, "toegangslog")
    return _toon(bezoeker, _lees(dict(request.query_params)), None, [], None)


@router.post(PAD)
async def toon_toegang(request: Request, bezoeker: Bezoek) -> Response:
    """Show who saw or changed the data of a pupil, or what an account did, also what was refused."""
    velden = await lees_formulier(request, bezoeker)
    await eis_rol(request, bezoeker, LEZERS, "toegangslog")
    vraag, reden, na = _lees(velden), keur_reden(velden.get("reden", "")), _plek(velden.get("na", ""))
    if vraag.overstap is None and vraag.account is None:
        raise ongeldig(Fout(plaats="body", code="ontbreekt", uitleg="Noem een overstap, een account of allebei."))

    def zoek(cursor: Cursor[Any]) -> tuple[list[Inzage], Plek | None]:
        return lees_bladzijde(
            cursor,
            overstap=vraag.overstap,
            account=vraag.account,
            na=na,
            aantal=_PER_BLADZIJDE,
            periode=vraag.periode(),
            uitkomst=vraag.uitkomst,
        )

    regels, verder = await bezoeker.dienst.lees_als(bezoeker.actor, zoek, reden)
    await leg_vast(request, bezoeker, "inzage", "toegangslog", overstappen=[vraag.overstap], reden=reden)
    return _toon(bezoeker, vraag, reden, regels, schrijf_bladwijzer(verder) if verder else None)


def _lees(velden: dict[str, str]) -> Vraag:
    namen = Vraag.__struct_fields__
    gegeven = {naam: waarde.strip() for naam, waarde in velden.items() if naam in namen and waarde.strip()}
    try:
        vraag = msgspec.convert(gegeven, Vraag, strict=False)
        vraag.periode()
    except (msgspec.ValidationError, OverflowError):
        uitleg = "Een van de velden is niet zo geschreven als hier kan: kijk naar het nummer, het account en de dagen."
        raise ongeldig(Fout(plaats="body", code="ongeldig", uitleg=uitleg)) from None
    return vraag


def _plek(tekst: str) -> Plek | None:
    try:
        return lees_bladwijzer(tekst, Plek) if tekst else None
    except BladwijzerOngeldig as fout:
        raise ongeldig(Fout(plaats="body.na", code="ongeldig", uitleg=str(fout))) from None


def _toon(bezoeker: Bezoeker, vraag: Vraag, reden: str | None, regels: list[Inzage], verder: str | None) -> Response:
    waarden = {
        "vraag": vraag,
        "velden": msgspec.to_builtins(vraag),
        "reden": reden,
        "regels": regels,
        "verder": verder,
        "uitkomsten": list(Uitkomst),
        "noem": bezoeker.noem,
    }
    return toon("toegang.html", bezoeker, "toegang", PAD, waarden)
