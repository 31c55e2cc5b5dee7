"""What waits for a pupil whom no school entered: since when, from whom; and a person says whose it is."""

from typing import Annotated, Any, Final
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from psycopg import Cursor
from starlette.responses import RedirectResponse, Response

from overstap.adapters.http.bladen import Leerlingblad
from overstap.adapters.http.jaren import regels_van
from overstap.adapters.http.lezen import lees_overstap
from overstap.adapters.http.problemen import Fout, Probleem, onbekend, ongeldig
from overstap.adapters.http.reden import keur_reden
from overstap.adapters.http.stapverzoeken import KOPPEL_WACHTBAK, KoppelWachtbak
from overstap.adapters.http.verantwoording import verantwoord
from overstap.adapters.http.wachtbakstap import doe_koppel_wachtbak
from overstap.adapters.http.zoeken import Zoekvraag, doe_zoek
from overstap.adapters.koppelingen.fouten import PGN_ONGELDIG
from overstap.adapters.web.aanleveringen_wie import VAN_DE_REGIO
from overstap.adapters.web.bezoeker import Bezoek, Bezoeker, lees_formulier
from overstap.adapters.web.bladroute import Bladroute
from overstap.adapters.web.leerling import ADRES, kop_van
from overstap.adapters.web.leerlingen import PAD as LEERLINGEN
from overstap.adapters.web.omlijsting import toon
from overstap.adapters.web.stapvelden import lees_als, per_veld, schrijf, velden_uit
from overstap.domain.identificaties import soort_pgn
from overstap.projections.selectie import BladwijzerOngeldig, lees_bladwijzer, schrijf_bladwijzer
from overstap.projections.wachtbak import Plaats, Wachtend, item_van, wachtenden
from overstap.statemachine.bevoegdheden import bevoegde_rollen

router: Final = APIRouter(route_class=Bladroute, include_in_schema=False)
PAD: Final = "/wachtbak"
PER_BLADZIJDE: Final = 50
_HERSTELBAAR: Final = frozenset(
    {"geweigerd", "geen-toegang", "ongeldige-invoer", "verouderd", "andere-inhoud", "bezig"}
)
_VELDEN: Final = velden_uit(KoppelWachtbak)


@router.get(PAD)
async def toon_wachtbak(
    request: Request, bezoeker: Bezoek, na: Annotated[str | None, Query(max_length=400)] = None
) -> Response:
    """Show what waits, the longest waiting first."""
    _eis_lezer(bezoeker)
    begin = _begin(na)

    def lees(cursor: Cursor[Any]) -> list[Wachtend]:
        return wachtenden(cursor, bezoeker.actor.regio, PER_BLADZIJDE + 1, begin)

    items = await bezoeker.dienst.lees_als(bezoeker.actor, lees)
    await verantwoord(request, bezoeker.actor, [None], handeling="inzage", onderwerp="werklijst wachtbak")
    getoond = items[:PER_BLADZIJDE]
    waarden = {
        "items": getoond,
        "noem": bezoeker.noem,
        "nu": bezoeker.dienst.nu(),
        "is_begin": na is None,
        "verder": schrijf_bladwijzer(Plaats(getoond[-1].sinds, getoond[-1].item))
        if len(items) > PER_BLADZIJDE
        else None,
    }
    return toon("wachtbak.html", bezoeker, "wachtbak", PAD, waarden)


@router.get(f"{PAD}/{{item:uuid}}")
async def toon_item(request: Request, bezoeker: Bezoek, item: UUID) -> Response:
    """Show one item, and to who may the way to say whose it is."""
    wachtend = await _lees_item(request, bezoeker, item)
    return _itemblad(bezoeker, wachtend)


@router.post(f"{PAD}/{{item:uuid}}")
async def zoek_leerling(request: Request, bezoeker: Bezoek, item: UUID) -> Response:
    """Look for the pupil by his number, with a reason: both in the body, and the reason in the log of access."""
    velden = await lees_formulier(request, bezoeker)
    wachtend = await _lees_item(request, bezoeker, item)
    _eis_koppelaar(bezoeker)
    pgn = velden.get("pgn", "").strip()
    if soort_pgn(pgn) is None:
        return _itemblad(bezoeker, wachtend, ingevuld=velden, fouten={"pgn": PGN_ONGELDIG.zin}, status=400)
    try:
        reden = keur_reden(velden.get("reden", ""))
    except Probleem as probleem:
        uitleg = next((fout.uitleg for fout in probleem.errors), probleem.detail)
        return _itemblad(bezoeker, wachtend, ingevuld=velden, fouten={"reden": uitleg}, status=400)
    vraag = Zoekvraag(pgn=pgn, overstapjaar=wachtend.overstapjaar, limit=2)
    gevonden = (await doe_zoek(request, bezoeker.actor, vraag, reden)).gevonden
    return _itemblad(bezoeker, wachtend, ingevuld={"reden": reden}, gevonden=gevonden)


@router.post(f"{PAD}/{{item:uuid}}/koppel")
async def koppel(request: Request, bezoeker: Bezoek, item: UUID) -> Response:
    """Say whose it is; when that cannot be, say why."""
    velden = await lees_formulier(request, bezoeker)
    wachtend = await _lees_item(request, bezoeker, item)
    _eis_koppelaar(bezoeker)
    try:
        overstap, versie = UUID(velden.get("overstap", "")), int(velden.get("versie", ""))
    except ValueError:
        raise ongeldig(Fout(plaats="body.overstap", code="ongeldig", uitleg="Zoek de leerling opnieuw.")) from None
    try:
        await doe_koppel_wachtbak(
            request, bezoeker.actor, overstap, wachtend.keten_id, versie=versie, sleutel=velden.get("sleutel", "")
        )
    except Probleem as probleem:
        if probleem.soort not in _HERSTELBAAR:
            raise
        return _itemblad(bezoeker, wachtend, probleem=probleem, status=probleem.status)
    return RedirectResponse(f"{LEERLINGEN}/{overstap}?gedaan={KOPPEL_WACHTBAK}", 303)


@router.get(f"{ADRES}/wachtbak")
async def toon_bij_leerling(request: Request, bezoeker: Bezoek, overstap: UUID) -> Response:
    """Show the form by which the pupil's school says that a waiting message is about him."""
    await _eis_koppelaar_van(request, bezoeker, overstap)
    return await _leerlingblad(request, bezoeker, overstap, {})


@router.post(f"{ADRES}/wachtbak")
async def koppel_bij_leerling(request: Request, bezoeker: Bezoek, overstap: UUID) -> Response:
    """Send what waits under a ketenId to this pupil."""
    await _eis_koppelaar_van(request, bezoeker, overstap)
    ingevuld = await lees_formulier(request, bezoeker)
    versie, sleutel = ingevuld.pop("versie", ""), ingevuld.pop("sleutel", "")
    lichaam, fouten = lees_als(schrijf(_VELDEN, ingevuld), KoppelWachtbak)
    if lichaam is None or not versie.isdigit() or not sleutel:
        return await _leerlingblad(request, bezoeker, overstap, ingevuld, fouten=fouten, status=400)
    try:
        await doe_koppel_wachtbak(
            request, bezoeker.actor, overstap, lichaam.keten_id, versie=int(versie), sleutel=sleutel
        )
    except Probleem as probleem:
        if probleem.soort not in _HERSTELBAAR:
            raise
        fouten = per_veld(fout for fout in probleem.errors if fout.plaats)
        return await _leerlingblad(
            request, bezoeker, overstap, ingevuld, fouten=fouten, probleem=probleem, status=probleem.status
        )
    return RedirectResponse(f"{LEERLINGEN}/{overstap}?gedaan={KOPPEL_WACHTBAK}", 303)


def mag_koppelen(bezoeker: Bezoeker) -> bool:
    """Tell whether the visitor's role says whose a message is, by the rules as they are now."""
    return bezoeker.actor.rol in bevoegde_rollen(KOPPEL_WACHTBAK, regels_van(bezoeker.dienst, None))


def _eis_lezer(bezoeker: Bezoeker) -> None:
    if bezoeker.actor.rol not in VAN_DE_REGIO:
        raise Probleem("geen-toegang", "De wachtbak is voor de regiebeheerder en de auditor.", code="geen_werklijst")


def _eis_koppelaar(bezoeker: Bezoeker) -> None:
    if not mag_koppelen(bezoeker):
        raise Probleem("geen-toegang", "In uw rol voegt u geen berichten bij een leerling.", code="niet_bevoegd")


async def _eis_koppelaar_van(request: Request, bezoeker: Bezoeker, overstap: UUID) -> None:
    """See to it that he may; whom he may not see does not exist for him, whatever his role may do."""
    if not mag_koppelen(bezoeker):
        await lees_overstap(request, bezoeker.dienst, overstap, bezoeker.actor)
        _eis_koppelaar(bezoeker)


def _begin(na: str | None) -> Plaats | None:
    try:
        return None if na is None else lees_bladwijzer(na, Plaats)
    except BladwijzerOngeldig as fout:
        raise ongeldig(Fout(plaats="query.na", code="ongeldig", uitleg=str(fout))) from None


async def _lees_item(request: Request, bezoeker: Bezoeker, item: UUID) -> Wachtend:
    _eis_lezer(bezoeker)
    gevonden = await bezoeker.dienst.lees_als(bezoeker.actor, lambda cursor: item_van(cursor, item))
    await verantwoord(request, bezoeker.actor, [None], handeling="inzage", onderwerp="wachtbak")
    if gevonden is None:
        raise onbekend()
    return gevonden


def _itemblad(  # noqa: PLR0913  # what a page is made of
    bezoeker: Bezoeker,
    wachtend: Wachtend,
    *,
    ingevuld: dict[str, str] | None = None,
    fouten: dict[str, str] | None = None,
    gevonden: list[Leerlingblad] | None = None,
    probleem: Probleem | None = None,
    status: int = 200,
) -> Response:
    waarden = {
        "item": wachtend,
        "noem": bezoeker.noem,
        "mag_koppelen": mag_koppelen(bezoeker),
        "ingevuld": ingevuld or {},
        "fouten": fouten or {},
        "gevonden": gevonden,
        "probleem": probleem,
        "sleutel": uuid4().hex,
    }
    return toon("wachtbak_item.html", bezoeker, "wachtbak", f"{PAD}/{wachtend.item}", waarden, status=status)


async def _leerlingblad(  # noqa: PLR0913  # what a form is made of
    request: Request,
    bezoeker: Bezoeker,
    overstap: UUID,
    ingevuld: dict[str, str],
    *,
    fouten: dict[str, str] | None = None,
    probleem: Probleem | None = None,
    status: int = 200,
) -> Response:
    gezien = await lees_overstap(request, bezoeker.dienst, overstap, bezoeker.actor)
    waarden = kop_van(bezoeker, gezien) | {
        "velden": _VELDEN,
        "ingevuld": ingevuld,
        "fouten": fouten or {},
        "probleem": probleem,
        "sleutel": uuid4().hex,
    }
    pad = f"{LEERLINGEN}/{overstap}/wachtbak"
    return toon("wachtbak_leerling.html", bezoeker, "leerlingen", pad, waarden, status=status)
