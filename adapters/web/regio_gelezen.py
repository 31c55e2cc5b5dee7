"""What the pages of the region are made of, read and laid out once for all who ask the same (tellingen.py)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec
from msgspec.structs import replace

from overstap.adapters.http.cijfers import Cijferblad, lees_cijfers
from overstap.adapters.http.doorstroom import Doorstroomblad, Stroomblad, Uitvalblad, lees_doorstroom
from overstap.adapters.web.bezoeker import Bezoeker
from overstap.adapters.web.regio_cijfers import Groepregel, delen_van, regel_van
from overstap.adapters.web.regio_keuze import Keuzelijst, keuzelijst_van
from overstap.adapters.web.regio_stroom import Tekening, teken_stromen, waar_het_eindigt
from overstap.adapters.web.regio_verloop import Jaarbeeld, lees_jaarbeeld
from overstap.adapters.web.regio_vraag import Blik
from overstap.adapters.web.tellingen import lees_eens
from overstap.projections.cijfers import Indeling
from overstap.projections.doorstroom import Bestemming


class Cijferbeeld(msgspec.Struct, frozen=True, kw_only=True):
    """The figures, each group as a line in the language of the reader, and the parts that one can choose."""

    bladen: Sequence[Cijferblad]
    regels: Sequence[Groepregel]
    delen: Keuzelijst


class Stroombeeld(msgspec.Struct, frozen=True, kw_only=True):
    """Where pupils go: as it was read, drawn, by school and MBO, and the parts that one can choose."""

    blad: Doorstroomblad
    tekening: Tekening | None
    per_school: Mapping[str, list[Stroomblad]]
    per_mbo: Mapping[str, list[Uitvalblad]]
    samen: Sequence[Uitvalblad]
    delen: Keuzelijst | None = None


async def cijfers_van(bezoeker: Bezoeker, blik: Blik) -> Cijferbeeld:
    """Give the figures of a day as known at a moment."""

    async def lees() -> Cijferbeeld:
        bladen = await lees_cijfers(bezoeker.dienst, bezoeker.actor, blik.regels, blik.dag, blik.bekend)
        regels = [regel_van(bezoeker, blad, blik) for blad in bladen]
        return Cijferbeeld(bladen=bladen, regels=regels, delen=delen_van(bezoeker, bladen))

    return await lees_eens(bezoeker, ("cijfers", bezoeker.taal.code, *_waarvan(blik)), lees)


async def stromen_van(bezoeker: Bezoeker, blik: Blik) -> Stroombeeld:
    """Give where pupils go on a day as known at a moment."""

    async def lees() -> Stroombeeld:
        blad = await lees_doorstroom(bezoeker.dienst, bezoeker.actor, blik.regels, blik.dag, blik.bekend)
        return replace(beeld_van(blad), delen=_stroomdelen(bezoeker, blad))

    return await lees_eens(bezoeker, ("doorstroom", bezoeker.taal.code, *_waarvan(blik)), lees)


async def jaar_van(bezoeker: Bezoeker, blik: Blik, deel: tuple[Indeling, str] | None) -> Jaarbeeld:
    """Give how the year went, of the whole or of a part."""
    vraag = ("jaar", *_waarvan(blik), blik.vandaag, deel)
    return await lees_eens(bezoeker, vraag, lambda: lees_jaarbeeld(bezoeker, blik, deel))


def beeld_van(blad: Doorstroomblad) -> Stroombeeld:
    """Lay out where pupils go."""
    per_school: dict[str, list[Stroomblad]] = defaultdict(list)
    per_mbo: dict[str, list[Uitvalblad]] = defaultdict(list)
    for stroom in blad.stromen:
        per_school[stroom.school].append(stroom)
    for einde in blad.uitval:
        per_mbo[einde.mbo].append(einde)
    return Stroombeeld(
        blad=blad,
        tekening=teken_stromen(blad.stromen),
        per_school=per_school,
        per_mbo=per_mbo,
        samen=[] if blad.is_afgerond else waar_het_eindigt(blad.uitval),
    )


def _stroomdelen(bezoeker: Bezoeker, blad: Doorstroomblad) -> Keuzelijst:
    codes = {
        Indeling.SCHOOL: {een.school for een in blad.stromen},
        Indeling.MBO: {een.bestemming for een in blad.stromen if een.soort == Bestemming.MBO},
    }
    return keuzelijst_van(
        bezoeker.taal,
        {soort.value: [(f"{soort}.{een}", bezoeker.noem(een)) for een in eigen] for soort, eigen in codes.items()},
    )


def _waarvan(blik: Blik) -> tuple[object, ...]:
    """Name what figures are of."""
    return blik.regels.overstapjaar, blik.regels.revisie, blik.dag, blik.bekend
