"""People of every role with an account at an OpenID provider, and the browsers in which they sign in there."""

from pathlib import Path

import httpx

from overstap.adapters.app import App
from overstap.adapters.beelden import werk_bij
from overstap.adapters.http.identiteit.wie import account_van
from overstap.adapters.opdracht import Opdracht
from overstap.adapters.stroomsoorten import ORGANISATIE
from overstap.domain.rollen import Actor, Rol, SoortOrganisatie
from overstap.domain.stromen import stroom_van_organisatie
from overstap.domain.verzoeken_organisatie import KenRolToe, NeemOrganisatieOp, OrganisatieVerzoek
from overstap.domain.weigering import Weigering
from tests.adapters.http.deur import ZONDER_TLS
from tests.adapters.http.uitgever import schrijf_uitgevers
from tests.adapters.opstelling import GEMEENTE, HOOFDSLEUTEL, MBO, REGIEBEHEERDER, REGIO, SCHOOL, VO_BEHEERDER
from tests.adapters.web.kijker import Kijker
from tests.adapters.web.vensters import Vensters

SWV = "SWV2101"
_MBO_BEHEERDER = Actor(account="beheer-99xx", rol=Rol.MBO_BEHEERDER, organisatie=MBO, regio=REGIO)
_TWEEDE = Actor(account="regie-21-twee", rol=Rol.REGIEBEHEERDER, organisatie=REGIO, regio=REGIO)
MENSEN = {
    Rol.VO_BEHEERDER: ("bea", SCHOOL, (REGIEBEHEERDER,)),
    Rol.DECAAN: ("dirk", SCHOOL, (VO_BEHEERDER,)),
    Rol.MENTOR: ("mo", SCHOOL, (VO_BEHEERDER,)),
    Rol.MANAGER: ("mies", SCHOOL, (VO_BEHEERDER,)),
    Rol.MBO_BEHEERDER: ("ben", MBO, (REGIEBEHEERDER,)),
    Rol.MBO_INTAKER: ("imane", MBO, (_MBO_BEHEERDER,)),
    Rol.LEERPLICHTAMBTENAAR: ("loes", GEMEENTE, (REGIEBEHEERDER,)),
    Rol.SAMENWERKINGSVERBAND: ("sven", SWV, (REGIEBEHEERDER,)),
    Rol.REGIEBEHEERDER: ("rob", REGIO, (_TWEEDE,)),
    Rol.AUDITOR: ("aicha", REGIO, (REGIEBEHEERDER, _TWEEDE)),
}
"""How somebody is called at the provider, where he works, and who grants him his role, one after the other."""


def geef_rollen(geheel: App, provider: str) -> None:
    """Record the organisations that the small region lacks, and grant everybody his role."""
    _vraag(geheel, SWV, _organisatie(SWV, SoortOrganisatie.SAMENWERKINGSVERBAND, "Verband"), REGIEBEHEERDER)
    _vraag(geheel, SCHOOL, _organisatie(SCHOOL, SoortOrganisatie.VO, "Eerste School", SWV), REGIEBEHEERDER)
    _vraag(geheel, REGIO, _organisatie(REGIO, SoortOrganisatie.REGIO, "De Regio"), REGIEBEHEERDER)
    for rol, (sub, organisatie, door) in MENSEN.items():
        klas = "4a" if rol is Rol.MENTOR else None
        for een in door:
            _vraag(
                geheel,
                organisatie,
                KenRolToe(account=account_van(HOOFDSLEUTEL, provider, sub), rol=rol, klas=klas),
                een,
            )
    werk_bij(geheel)


def _organisatie(code: str, soort: SoortOrganisatie, naam: str, aangesloten: str | None = None) -> NeemOrganisatieOp:
    return NeemOrganisatieOp(code=code, soort=soort, naam=naam, accounts=True, aangesloten=aangesloten)


def _vraag(geheel: App, code: str, verzoek: OrganisatieVerzoek, door: Actor) -> None:
    opdracht = Opdracht(soort=ORGANISATIE, stroom=stroom_van_organisatie(REGIO, code), verzoek=verzoek, actor=door)
    [resultaat] = geheel.bus.verwerk([opdracht])
    assert not isinstance(resultaat, Weigering), (code, resultaat)


def schrijf_provider(provider: str, map_: Path) -> Path:
    """Tell the provider who there is, and write which organisation each of them is of."""
    for sub, organisatie, _ in MENSEN.values():
        httpx.put(f"{provider}/users/{sub}", json={"organisatie": organisatie}, verify=ZONDER_TLS).raise_for_status()
    geheim = map_ / "client-geheim"
    geheim.write_text("niet-echt-geheim", encoding="utf-8")
    tabel = {"issuer": provider, "client_id": "overstap", "client_geheim_bestand": str(geheim), "claim": "organisatie"}
    waar = {code: code for _, code, _ in MENSEN.values()}
    return schrijf_uitgevers(map_ / "uitgevers.toml", {**tabel, "organisaties": waar})


class Mens(Kijker):
    """Somebody who signed in at the provider, and came where he was going."""

    def __init__(  # noqa: PLR0913  # who, where and with what
        self, vensters: Vensters, adres: str, provider: str, rol: Rol, naar: str, *, met_script: bool
    ) -> None:
        super().__init__(vensters, adres, breedte=1280, schema="light", met_script=met_script)
        self._provider = provider
        self._sub = MENSEN[rol][0]
        # What the provider itself draws is walked through below and in test_rolkeuze.py; it is dearer than our pages.
        vraag: dict[str, str | float | bool] = {"uitgever": provider, "naar": naar}
        heen = self.blad.request.get(f"{adres}/v1/aanmelden", params=vraag, max_redirects=0)
        wie: dict[str, str | float | bool] = {"sub": self._sub}
        terug = self.blad.request.post(heen.headers["location"], form=wie, max_redirects=0)
        self.blad.goto(terug.headers["location"])
        assert self.pad == naar

    def meld_aan_bij_provider(self) -> None:
        """Sign in from the page that asks for it."""
        self.blad.route(lambda waar: "127.0.0.1" not in waar, lambda route: route.abort())  # the provider's own page
        self.blad.get_by_role("link", name=self._provider).click()
        self.blad.locator('input[name="sub"]').fill(self._sub)
        self.blad.get_by_role("button", name="Authorize").click()
        self.blad.wait_for_url(f"{self.adres}/**")
        self.blad.unroute_all()
        self.fouten.clear()  # what the page of the provider asks for is not ours

    def zet(self, stap: str, velden: dict[str, str] | None = None, keuzes: dict[str, str] | None = None) -> None:
        """Take a step from the page of a pupil."""
        self.open_stap(stap)
        self.vul(velden or {})
        for naam, waarde in (keuzes or {}).items():
            self.blad.get_by_label(naam).select_option(waarde)
        self.leg_vast(stap)

    def open_stap(self, stap: str) -> None:
        self.blad.get_by_role("link", name=stap).first.click()

    def vul(self, velden: dict[str, str]) -> None:
        for naam, waarde in velden.items():
            self.blad.get_by_label(naam).fill(waarde)

    def leg_vast(self, stap: str, knop: str = "Vastleggen") -> None:
        self.blad.get_by_role("button", name=knop).click()
        self.blad.get_by_role("status").get_by_text(f"Vastgelegd: {stap}").wait_for()

    @property
    def staat(self) -> str:
        """Give where the chart says that the pupil stands."""
        return self.blad.locator("[aria-current=step] > span:not(.verborgen)").inner_text()
