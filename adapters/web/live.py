"""The list while one looks at it: lines change in their place and say so; who is not on the page is only counted."""

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Mapping
from typing import Annotated, Any, Final
from uuid import UUID

import structlog
from fastapi import APIRouter, Query, Request
from psycopg import Cursor
from starlette.responses import Response

from overstap.adapters.http.identiteit.wie import wie_nog
from overstap.adapters.http.jaren import Jaar, regels_van
from overstap.adapters.http.kijker import VAN_EEN_LEERLING, Kijker
from overstap.adapters.http.problemen import Fout, Probleem, ongeldig
from overstap.adapters.http.stroom import Stroom
from overstap.adapters.http.uitzender import Achterop, TeVeelLezers
from overstap.adapters.postgres.fouten import DatabankOnbereikbaar
from overstap.adapters.postgres.gezien import Deel, Filter, lees_gezien
from overstap.adapters.web.afscheid import afscheid
from overstap.adapters.web.bezoeker import Bezoek, Bezoeker
from overstap.adapters.web.bladroute import Bladroute
from overstap.adapters.web.leerlingen import PAD, regelwaarden
from overstap.adapters.web.lijst import PER_BLADZIJDE, Regel, lees_regels
from overstap.adapters.web.sjabloon import vul_in
from overstap.domain.feiten import naam_van_soort, zonder_versie
from overstap.domain.kalender import Regels, datum_in_amsterdam
from overstap.domain.rollen import Rol

router: Final = APIRouter(route_class=Bladroute, include_in_schema=False)
_STAND: Final = re.compile(r"([0-9a-f-]{36})\.([0-9]{1,9})")
_VERSIES: Final = b"SELECT a.overstap, a.versie FROM beeld.actueel AS a WHERE a.overstap = ANY(%s)"
_VAN_LEERLINGEN: Final = Filter(feiten=frozenset(zonder_versie(naam_van_soort(soort)) for soort in VAN_EEN_LEERLING))
_INHALEN: Final = 500
"""How many events are read at once of what happened while a page was on its way."""
_RUST: Final = 0.25
"""Seconds between two messages: what happens meanwhile goes into one."""


@router.get(f"{PAD}/live")
async def volg_lijst(
    request: Request,
    bezoeker: Bezoek,
    na: Annotated[int, Query(ge=0, lt=2**63)],
    overstapjaar: Jaar = None,
    stand: Annotated[str, Query(max_length=4_000)] = "",
) -> Response:
    """Follow the pupils on a page: stand names each with the version that is shown, na is its position in the log."""
    regels = regels_van(bezoeker.dienst, overstapjaar)
    getoond = {UUID(een): int(versie) for een, versie in _STAND.findall(stand)}
    if len(getoond) > PER_BLADZIJDE:
        raise ongeldig(Fout(plaats="query.stand", code="te_lang", uitleg="Zo veel leerlingen volgt u niet tegelijk."))
    try:
        bezoeker.dienst.uitzender.eis_ruimte(bezoeker.actor.account)
    except TeVeelLezers:
        raise Probleem("niet-beschikbaar", "Er lezen nu te veel mee.", koppen={"Retry-After": "30"}) from None
    return Stroom(Meekijker(request, bezoeker, regels, getoond, na).berichten())


class Meekijker:
    """One list that somebody looks at."""

    def __init__(
        self, request: Request, bezoeker: Bezoeker, regels: Regels, getoond: Mapping[UUID, int], na: int
    ) -> None:
        self._request = request
        self._bezoeker = bezoeker
        self._dienst = bezoeker.dienst
        self._getoond = dict(getoond)
        self._na = na
        self._kijker = Kijker(bezoeker.actor, _VAN_LEERLINGEN)
        self._regels = regels
        self._anderen: set[UUID] = set()
        self._geklopt = time.monotonic()
        self._mag_nog = True

    async def berichten(self) -> AsyncGenerator[bytes, None]:
        """Give what goes out until he leaves, his session ends, or this process does."""
        uitzender = self._dienst.uitzender
        async with uitzender.lees_mee(self._bezoeker.actor.account):
            positie = uitzender.positie
            yield b"retry: 3000\n: begin\n\n"
            try:
                if gemist := await self._gemist(positie):
                    yield await self._bericht(gemist)
                while self._mag_nog and not uitzender.is_gestopt:
                    geraakt: set[UUID] = set()
                    while (stapel := uitzender.volgende(positie)) is not None:
                        geraakt |= self._geraakt(stapel.nieuws)
                        positie = stapel.einde
                    if geraakt:
                        yield await self._bericht(geraakt)
                        await asyncio.sleep(_RUST)
                    else:
                        yield await self._wacht(positie)
            except (Achterop, DatabankOnbereikbaar) as fout:
                structlog.get_logger().warning("lijst_loopt_achter", soort=type(fout).__name__)
                return  # the browser comes back, and is told what it missed
            if not self._mag_nog:
                yield afscheid(self._bezoeker.taal)

    async def _wacht(self, positie: int) -> bytes:
        """Wait for something new; every heartbeat, ask whether he is still who he was."""
        hartslag = self._dienst.instellingen.hartslag
        over = self._geklopt + hartslag - time.monotonic()
        if over > 0:
            await self._dienst.uitzender.wacht(positie, over)
            return b""
        self._geklopt = time.monotonic()
        self._mag_nog = self._mag_nog and await self._is_nog_wie_hij_was()
        return b": hartslag\n\n"

    async def _is_nog_wie_hij_was(self) -> bool:
        try:
            nu = await wie_nog(self._request)
        except Probleem as probleem:
            return probleem.status not in {401, 403}
        actor = self._bezoeker.actor
        return (nu.account, nu.rol, nu.organisatie) == (actor.account, actor.rol, actor.organisatie)

    def _geraakt(self, nieuws: list[Any]) -> set[UUID]:
        """Give the pupils that something happened to of which he may know."""
        vandaag, scholen = datum_in_amsterdam(self._dienst.nu()), self._scholen()
        geraakt = set()
        for een in nieuws:
            self._mag_nog = self._mag_nog and self._kijker.hoort(een)
            if self._kijker.ziet(een, vandaag, scholen):
                geraakt.add(een.gebeurtenis.originator_id)
        return geraakt if self._mag_nog else set()

    def _scholen(self) -> frozenset[str]:
        actor = self._bezoeker.actor
        if actor.rol is not Rol.SAMENWERKINGSVERBAND:
            return frozenset()
        alle = self._dienst.kaders.organisaties(actor.regio)
        return frozenset(een.code for een in alle if een.aangesloten == actor.organisatie)

    async def _gemist(self, tot: int) -> set[UUID]:
        """Give who changed between the making of the page and a position: of who is on it his version tells."""
        anderen: set[UUID] = set()
        while self._na < tot and not self._dienst.uitzender.is_gestopt:
            deel = await self._dienst.lees_als(self._bezoeker.actor, self._lees_gemist)
            anderen |= {een.stroom for een in deel.gebeurtenissen} - self._getoond.keys()
            self._na = deel.tot
        return anderen | await self._verouderd()

    def _lees_gemist(self, cursor: Cursor[Any]) -> Deel:
        return lees_gezien(cursor, _VAN_LEERLINGEN, self._na, _INHALEN)

    async def _verouderd(self) -> set[UUID]:
        """Give who on the page changed since it was made."""

        def lees(cursor: Cursor[Any]) -> dict[UUID, int]:
            return dict(cursor.execute(_VERSIES, (list(self._getoond),)).fetchall())

        nu = await self._dienst.lees_als(self._bezoeker.actor, lees) if self._getoond else {}
        return {een for een, versie in self._getoond.items() if nu.get(een, versie) != versie}

    async def _bericht(self, geraakt: set[UUID]) -> bytes:
        """Write the lines that changed, and a sentence about them."""
        hier = [een for een in self._getoond if een in geraakt]
        self._anderen |= geraakt - self._getoond.keys()
        gelezen: list[Regel] = []
        if hier:
            gelezen = await lees_regels(self._request, self._bezoeker, hier, self._regels)
        weg = sorted(set(hier) - {een.overstap for een in gelezen}, key=str)
        waarden = regelwaarden(self._bezoeker) | {
            "regels": self._regels,
            "veranderd": gelezen,
            "weg": weg,
            "anderen": len(self._anderen),
            "is_gevuld": bool(self._getoond),
        }
        html = vul_in("live.html", self._bezoeker.taal, waarden)
        regels = "".join(f"data: {regel}\n" for regel in html.splitlines() if regel.strip())
        return f"{regels}\n".encode()
