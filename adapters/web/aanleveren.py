"""Deliver a file by a page: choose it, see what would come of each line, confirm, follow it, read what came of it."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.background import BackgroundTask
from starlette.responses import RedirectResponse, Response

from overstap.adapters.http.aanleveringen import Aanleveringblad, doe_aanlevering
from overstap.adapters.http.problemen import Probleem
from overstap.adapters.http.verantwoording import verantwoord
from overstap.adapters.koppelingen import leerlingen
from overstap.adapters.koppelingen.toegang import MAG_LEVEREN
from overstap.adapters.koppelingen.verslag import Voortgang
from overstap.adapters.koppelingen.voorbeeld import Voorbeeld, bekijk_vooraf
from overstap.adapters.koppelingen.vooronderzoek import Soort, herken
from overstap.adapters.web.aanleveren_bestand import Gekozen, in_geheugen, lees_bestand, plaats_in_geheugen
from overstap.adapters.web.aanleveren_verzegeld import HOUDBAAR, Bewaard, open_verzegeld, verzegel
from overstap.adapters.web.aanleveringen import PAD as VERSLAGEN
from overstap.adapters.web.aanleveringen import lees_verslag, schrijf_verwacht
from overstap.adapters.web.aanleveringen_wie import mag_leveren
from overstap.adapters.web.bezoeker import Bezoek, Bezoeker, lees_formulier
from overstap.adapters.web.bladroute import Bladroute
from overstap.adapters.web.omlijsting import toon

router: Final = APIRouter(route_class=Bladroute, include_in_schema=False)
PAD: Final = "/aanleveren"
GETOOND: Final = 200
"""So many refused lines stand in a preview."""
GEDULD: Final = 2.0
"""So many seconds a confirmation waits for the end; what takes longer is followed on a page of its own."""
_BEGIN: Final = 65_536
_VERWACHT: Final = r"^[0-9]{1,7}(\.[0-9]{1,7}){3}$"
_lopend: dict[UUID, Voortgang] = {}
"""How far each delivery is that this process takes in now."""


@router.get(PAD)
async def toon_keuze(bezoeker: Bezoek) -> Response:
    """Show where one chooses a file, and what it should hold."""
    _eis_leverancier(bezoeker)
    return _keuzeblad(bezoeker)


@router.get(f"{PAD}.csv")
async def geef_leeg_bestand(bezoeker: Bezoek) -> Response:
    """Give an empty list of pupils with the columns that count."""
    _eis_leverancier(bezoeker)
    kop = "\ufeff" + ";".join(dict.fromkeys(leerlingen.KOLOMMEN.values())) + "\r\n"
    koppen = {"Content-Disposition": 'attachment; filename="leerlingen.csv"'}
    return Response(kop.encode(), media_type="text/csv; charset=utf-8", headers=koppen)


@router.post(PAD)
async def bekijk(request: Request, bezoeker: Bezoek) -> Response:
    """Judge a file without recording anything, and show what would come of it."""
    _eis_leverancier(bezoeker)
    with plaats_in_geheugen():
        gekozen = await lees_bestand(request, bezoeker.dienst.instellingen.grootste_bestand)
        if gekozen is None:
            return _keuzeblad(bezoeker, is_leeg=True)
        soort = herken(gekozen.naam, gekozen.inhoud[:_BEGIN])
        voorbeeld = await _beoordeel(bezoeker, gekozen, soort)
        await verantwoord(request, bezoeker.actor, [None], handeling="bekijk_aanlevering", onderwerp="aanlevering")
        return await asyncio.to_thread(_voorbeeldblad, bezoeker, gekozen, soort, voorbeeld)


@router.post(f"{PAD}/bevestig")
async def bevestig(request: Request, bezoeker: Bezoek) -> Response:
    """Take the file in, judged anew; what takes long goes on while its page is shown."""
    _eis_leverancier(bezoeker)
    with plaats_in_geheugen():
        velden = await lees_formulier(request, bezoeker)
        bewaard = await asyncio.to_thread(
            open_verzegeld,
            bezoeker.dienst.hoofdsleutel,
            bezoeker.merk,
            velden.get("bestand", ""),
            bezoeker.dienst.nu(),
        )
    if bewaard is None:
        return _keuzeblad(bezoeker, is_verlopen=True)
    taak = asyncio.create_task(_neem_in(request, bezoeker, bewaard))
    await asyncio.wait({taak}, timeout=GEDULD)
    if taak.done():
        blad = taak.result()
        return RedirectResponse(f"{VERSLAGEN}/{blad.id}?verwacht={bewaard.verwacht}", 303)
    adres = f"{PAD}/{bewaard.aanlevering}?verwacht={bewaard.verwacht}"
    return RedirectResponse(adres, 303, background=BackgroundTask(_wacht_op, taak))


@router.get(f"{PAD}/{{aanlevering:uuid}}")
async def toon_voortgang(
    request: Request,
    bezoeker: Bezoek,
    aanlevering: UUID,
    verwacht: Annotated[str, Query(pattern=_VERWACHT)] = schrijf_verwacht(0, 0, 0, 0),
) -> Response:
    """Show how far a delivery is; when it is there, its report."""
    _eis_leverancier(bezoeker)
    voortgang = _lopend.get(aanlevering)
    gelezen = None if voortgang else await lees_verslag(bezoeker, aanlevering)
    if gelezen is not None and gelezen[0].is_verwerkt:
        verslag = f"{VERSLAGEN}/{aanlevering}?verwacht={verwacht}"
        if request.headers.get("hx-request"):
            return Response(headers={"HX-Redirect": verslag})
        return RedirectResponse(verslag, 303)
    pad = f"{PAD}/{aanlevering}?verwacht={verwacht}"
    waarden = {"voortgang": voortgang, "adres": pad}
    return toon("aanleveren_voortgang.html", bezoeker, "aanleveringen", pad, waarden)


def _eis_leverancier(bezoeker: Bezoeker) -> None:
    if not mag_leveren(bezoeker.actor.rol):
        raise Probleem("geen-toegang", "In uw rol levert u geen bestanden aan.", code="niet_bevoegd")


async def _beoordeel(bezoeker: Bezoeker, gekozen: Gekozen, soort: Soort | None) -> Voorbeeld:
    dienst = bezoeker.dienst
    with in_geheugen(gekozen.inhoud) as bestand:
        pad = Path(f"/proc/self/fd/{bestand.fileno()}")
        return await dienst.werkplaats.doe(
            lambda app: bekijk_vooraf(app.databank, dienst.hoofdsleutel, app.klok, pad, bezoeker.actor, soort)
        )


async def _neem_in(request: Request, bezoeker: Bezoeker, bewaard: Bewaard) -> Aanleveringblad:
    _lopend[bewaard.aanlevering] = Voortgang(0, 0, len(bewaard.inhoud), 0)

    def hoor(voortgang: Voortgang) -> None:
        _lopend[bewaard.aanlevering] = voortgang

    try:
        with in_geheugen(bewaard.inhoud) as bestand:
            return await doe_aanlevering(
                request, bezoeker.actor, bestand, bewaard.soort, sleutel=bewaard.sleutel, voortgang=hoor
            )
    finally:
        _lopend.pop(bewaard.aanlevering, None)  # confirmed twice at once, it is done twice, to the same end


async def _wacht_op(taak: "asyncio.Task[Aanleveringblad]") -> None:
    """Stay until it is done: who stops the service waits for it too; what went wrong its own log line tells."""
    await asyncio.wait({taak})
    if (fout := taak.exception()) is not None and not isinstance(fout, Probleem):
        raise fout


def _keuzeblad(bezoeker: Bezoeker, *, is_leeg: bool = False, is_verlopen: bool = False) -> Response:
    soorten = [soort for soort, rollen in MAG_LEVEREN.items() if bezoeker.actor.rol in rollen]
    waarden = {
        "is_leeg": is_leeg,
        "is_verlopen": is_verlopen,
        "grootst": bezoeker.dienst.instellingen.grootste_bestand // 1_048_576,
        "kolommen": _kolommen(),
        "verplicht": leerlingen.VERPLICHT,
        "levert_leerlingen": Soort.LEERLINGEN in soorten,
        "soorten": soorten,
    }
    status = 400 if is_leeg or is_verlopen else 200
    return toon("aanleveren.html", bezoeker, "aanleveringen", PAD, waarden, status=status)


def _voorbeeldblad(bezoeker: Bezoeker, gekozen: Gekozen, soort: Soort | None, voorbeeld: Voorbeeld) -> Response:
    verslag, dienst = voorbeeld.verslag, bezoeker.dienst
    verwacht = schrijf_verwacht(verslag.aanvaard, verslag.ongewijzigd, verslag.wachtbak, verslag.aantal_geweigerd)
    verzegeld = ""
    if voorbeeld.verandert_iets and verslag.aanlevering is not None:
        bewaard = Bewaard(dienst.nu(), soort, verslag.aanlevering, verwacht, gekozen.inhoud)
        verzegeld = verzegel(dienst.hoofdsleutel, bezoeker.merk, bewaard)
    waarden: Mapping[str, Any] = {
        "naam": gekozen.naam,
        "verslag": verslag,
        "voorbeeld": voorbeeld,
        "tellingen": _tellingen(voorbeeld),
        "geweigerd": verslag.geweigerd[:GETOOND],
        "verzegeld": verzegeld,
        "minuten": int(HOUDBAAR.total_seconds() // 60),
    }
    return toon("aanleveren_voorbeeld.html", bezoeker, "aanleveringen", PAD, waarden)


def _tellingen(voorbeeld: Voorbeeld) -> dict[str, int]:
    """Give what is counted, by the name of its text: of pupils apart who is new and who is changed."""
    verslag = voorbeeld.verslag
    if verslag.soort is Soort.LEERLINGEN:
        gedaan = {"nieuw": voorbeeld.nieuw, "gewijzigd": voorbeeld.gewijzigd}
    else:
        gedaan = {"vast_te_leggen": verslag.aanvaard}
    return gedaan | {"ongewijzigd": verslag.ongewijzigd, "geweigerd": verslag.aantal_geweigerd}


def _kolommen() -> dict[str, list[str]]:
    """Give each column with the other names by which it is known."""
    per: dict[str, list[str]] = {}
    for naam, kolom in leerlingen.KOLOMMEN.items():
        per.setdefault(kolom, [])
        if naam != kolom:
            per[kolom].append(naam)
    return per
