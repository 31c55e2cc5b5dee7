"""A region of two schools that has come to June, entered step by step on the days on which it happened."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from overstap.adapters.app import App
from overstap.adapters.klok import GezetteKlok
from overstap.adapters.opdracht import Opdracht, Vastgelegd
from overstap.adapters.stroomsoorten import ORGANISATIE, OVERSTAP
from overstap.domain.rollen import Actor, Rol, SoortOrganisatie
from overstap.domain.stromen import stroom_van_organisatie
from overstap.domain.verzoeken import AanmeldingVerwijzing, MeldAan, PlaatsVoorlopig, Verzoek
from overstap.domain.verzoeken_organisatie import NeemOrganisatieOp
from tests.adapters.opstelling import ANDER_MBO, ANDERE_SCHOOL, MBO, REGIEBEHEERDER, REGIO, SCHOOL, opvoer
from tests.adapters.web.school import PGNS

VAN_SCHOOL: Final = 20
VAN_ANDERE: Final = 9
VERBAND: Final = "SWV2101"
VANDAAG: Final = "2026-06-02"
_FEBRUARI = datetime(2026, 2, 10, 9, tzinfo=UTC)
_MAART = datetime(2026, 3, 15, 9, tzinfo=UTC)
_NA_APRIL = datetime(2026, 4, 10, 9, tzinfo=UTC)
_MEI = datetime(2026, 5, 20, 9, tzinfo=UTC)
_JUNI = datetime(2026, 6, 2, 7, tzinfo=UTC)


def intaker(mbo: str) -> Actor:
    return Actor(account=f"intake-{mbo.lower()}", rol=Rol.MBO_INTAKER, organisatie=mbo, regio=REGIO)


def vul_streek(app: App) -> None:
    """Enter the pupils in January; most apply in February, one in March is told of in April; many are placed in May."""
    _neem_verband_op(app)
    school = list(_voer_op(app, SCHOOL, VAN_SCHOOL))
    andere = list(_voer_op(app, ANDERE_SCHOOL, VAN_ANDERE))
    _zet(app, _FEBRUARI)
    _doe(app, MBO, [*school[:15], *andere[:7]], MeldAan(brin=MBO, crebo="25647"))
    _doe(app, ANDER_MBO, andere[7:8], MeldAan(brin=ANDER_MBO, crebo="25655"))
    _zet(app, _NA_APRIL)
    _doe(app, MBO, school[15:16], MeldAan(brin=MBO, crebo="25647", gebeurd_op=_MAART))
    _zet(app, _MEI)
    eerste = AanmeldingVerwijzing(nummer=1)
    _doe(app, MBO, [*school[:12], *andere[:6]], PlaatsVoorlopig(aanmelding=eerste))
    _zet(app, _JUNI)
    _doe(app, MBO, school[12:13], PlaatsVoorlopig(aanmelding=eerste))


def _neem_verband_op(app: App) -> None:
    """Let a samenwerkingsverband have the first school."""
    verband = NeemOrganisatieOp(
        code=VERBAND, soort=SoortOrganisatie.SAMENWERKINGSVERBAND, naam="Verband", accounts=True
    )
    school = NeemOrganisatieOp(
        code=SCHOOL, soort=SoortOrganisatie.VO, naam="Eerste School", accounts=True, aangesloten=VERBAND
    )
    _eis_vastgelegd(
        app,
        [
            Opdracht(
                soort=ORGANISATIE, stroom=stroom_van_organisatie(REGIO, een.code), verzoek=een, actor=REGIEBEHEERDER
            )
            for een in (verband, school)
        ],
    )


def _voer_op(app: App, school: str, aantal: int) -> Iterator[UUID]:
    opdrachten = [opvoer(app, next(PGNS), school=school) for _ in range(aantal)]
    _eis_vastgelegd(app, opdrachten)
    for opdracht in opdrachten:
        yield opdracht.stroom


def _doe(app: App, mbo: str, stromen: Iterable[UUID], verzoek: Verzoek) -> None:
    wie = intaker(mbo)
    _eis_vastgelegd(app, [Opdracht(soort=OVERSTAP, stroom=een, verzoek=verzoek, actor=wie) for een in stromen])


def _eis_vastgelegd(app: App, opdrachten: list[Opdracht]) -> None:
    for resultaat in app.bus.verwerk(opdrachten):
        assert isinstance(resultaat, Vastgelegd), resultaat


def _zet(app: App, moment: datetime) -> None:
    assert isinstance(app.klok, GezetteKlok)
    app.klok.zet(moment)
