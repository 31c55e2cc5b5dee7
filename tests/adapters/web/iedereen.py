"""Somebody in every role, each with a pupil to look at: what a walk through all pages needs."""

from uuid import UUID

import httpx

from overstap.adapters.app import App
from overstap.adapters.beelden import werk_bij
from overstap.adapters.bewijs.notaris import open_notaris
from overstap.adapters.opdracht import Opdracht
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.stroomsoorten import ORGANISATIE
from overstap.domain.rollen import Actor, Rol, SoortOrganisatie
from overstap.domain.stromen import stroom_van_organisatie
from overstap.domain.verzoeken_organisatie import KenRolToe, NeemOrganisatieOp, OrganisatieVerzoek
from overstap.domain.weigering import Weigering
from tests.adapters.http.deur import ZONDER_TLS, Deur
from tests.adapters.opstelling import DECAAN, GEMEENTE, MBO, REGIEBEHEERDER, REGIO, SCHOOL, VO_BEHEERDER, app
from tests.adapters.web.school import PGNS, meld
from tests.adapters.web.wandeling import links_in, route_van

SWV = "SWV2101"
_PER_ROUTE = 2
WAAR = {
    Rol.MENTOR: SCHOOL,
    Rol.DECAAN: SCHOOL,
    Rol.VO_BEHEERDER: SCHOOL,
    Rol.MBO_INTAKER: MBO,
    Rol.MBO_BEHEERDER: MBO,
    Rol.LEERPLICHTAMBTENAAR: GEMEENTE,
    Rol.SAMENWERKINGSVERBAND: SWV,
    Rol.MANAGER: SCHOOL,
    Rol.REGIEBEHEERDER: REGIO,
    Rol.AUDITOR: REGIO,
}
"""At which organisation one is somebody in the trial."""


def richt_in_voor_iedereen(databank: Databank, deur: Deur, leerlingen: dict[str, UUID]) -> None:
    """Let a mentor have the pupils' class, a samenwerkingsverband their school, Leerplicht one of them.

    Two messages about somebody whom no school entered wait, and over each stands a checkpoint.
    """
    swv = NeemOrganisatieOp(code=SWV, soort=SoortOrganisatie.SAMENWERKINGSVERBAND, naam="Verband", accounts=True)
    school = NeemOrganisatieOp(
        code=SCHOOL, soort=SoortOrganisatie.VO, naam="Eerste School", accounts=True, aangesloten=SWV
    )
    mentor = KenRolToe(account="mentor-van-4a", rol=Rol.MENTOR, klas="4a")
    with app(databank) as geheel:
        _vraag(geheel, SWV, swv, REGIEBEHEERDER)
        _vraag(geheel, SCHOOL, school, REGIEBEHEERDER)
        _vraag(geheel, SCHOOL, mentor, VO_BEHEERDER)
        werk_bij(geheel)
    overleg = {"overleg": {"contact": "Team Noord", "overlegDatum": "2026-01-09"}}
    antwoord = deur.stap(leerlingen["Buizerd"], "schakel-leerplicht-in", overleg, DECAAN)
    assert antwoord.status_code == 200, antwoord.text
    for _ in range(2):
        meld(deur, next(PGNS), "AO", uitkomst="wachtbak")
        with open_notaris(databank, deur.dienst.instellingen.datamap / "notaris") as notaris:
            assert notaris.onderteken() is not None


def _vraag(geheel: App, code: str, verzoek: OrganisatieVerzoek, door: Actor) -> None:
    opdracht = Opdracht(soort=ORGANISATIE, stroom=stroom_van_organisatie(REGIO, code), verzoek=verzoek, actor=door)
    [resultaat] = geheel.bus.verwerk([opdracht])
    assert not isinstance(resultaat, Weigering), resultaat


class Aanwezige:
    """Somebody who signed in, and gets what a browser would get."""

    def __init__(self, deur: Deur, rol: Rol) -> None:
        self.rol = rol
        self.client = httpx.Client(base_url=deur.adres, timeout=30, headers={"Accept": "text/html"}, verify=ZONDER_TLS)
        antwoord = self.client.post("/aanmelden", data={"rol": rol, "organisatie": WAAR[rol]})
        koekjes = [een.partition(";")[0] for een in antwoord.headers.get_list("set-cookie")]
        self.client.headers["cookie"] = "; ".join(koekjes)  # a secure cookie on loopback, as a browser sends it
        self.client.cookies.clear()

    def wandel(self) -> dict[str, str]:
        """Give what stands at each address that the first page leads to, a few of each kind."""
        gezien: dict[str, str] = {}
        aantal: dict[str, int] = {}
        open_ = ["/"]
        while open_:
            pad = open_.pop(0)
            route = route_van(pad)
            soort = f"{route} {pad.partition('?')[0].rpartition('/')[2]}" if "{stap}" in str(route) else str(route)
            if route is None or pad in gezien or route.endswith("/live") or route.startswith("/middelen"):
                continue
            if aantal.get(soort, 0) >= _PER_ROUTE:
                continue
            aantal[soort] = aantal.get(soort, 0) + 1
            antwoord = self.client.get(pad)
            assert antwoord.status_code < 500, (pad, antwoord.text)
            gezien[pad] = antwoord.text if antwoord.headers["content-type"].startswith("text/html") else ""
            open_ += links_in(gezien[pad])
        return gezien
