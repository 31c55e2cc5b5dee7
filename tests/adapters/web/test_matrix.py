"""The permission matrix on the pages: what each role sees of whom, on every page there is, held against the table.

The pages are found in the routes (wandeling.py), the rights in tests/rechtentabel.py: whoever adds a page need not add
it here, and cannot forget it.
"""

import asyncio
import html
import re
from collections.abc import Callable, Iterator
from uuid import UUID

import httpx
import pytest
from starlette.requests import Request

from overstap.adapters.http.identiteit.sessies import KOEKJE, Sessie, begin_sessie
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.web.bezoeker import merk_van
from overstap.domain.rollen import Actor, Rol
from tests.adapters.http.binnendeur import Binnendeur, Vraag
from tests.adapters.http.gebied import ANDERE_REGIO, BEWOGEN, PERSOON, Gebied, open_gebied
from tests.adapters.web.wandeling import OPEN, Adres, adressen, tekst_van
from tests.bewijzen import IS_VOL
from tests.rechtentabel import ALLEEN_MET_REDEN, LEERLINGEN, ZIET, Kring, kringen
from tests.statemachine.spelers import MBO_ZONDER_KOPPELING, REGIO, SCHOOL
from tests.statemachine.test_rechten import actor as actor_in

_REDEN = "Vraag van de school over een dubbele opvoer"
_KANARIES: dict[str, str] = {
    "naam": r"Kanarie\b",
    "geboortedatum": r"2010-03-14|14 maart 2010",
    "adres": "Kanariedorp",
    "contact": re.escape(PERSOON["email"]),
    "pgn": PERSOON["pgn"],
    "reden": "geheim waarom|reden: havo",
    "contactpersoon": "geheim met wie",
    "andere_aanmeldingen": MBO_ZONDER_KOPPELING,
    "status": "status-leerplicht_ingeschakeld",
    "overleg": "[Oo]verleg (met Leerplicht )?vastgelegd",
}
"""By what one recognises on a page that it tells of a group of fields."""
_BERICHTEN = {"geheim aan het MBO", "geheim aan Leerplicht", "geheim aan het andere MBO"}
_EIGEN = {Rol.MBO_INTAKER: {"geheim aan het MBO"}, Rol.LEERPLICHTAMBTENAAR: {"geheim aan Leerplicht"}}
_ONTLEDEN = re.compile("|".join([*_KANARIES.values(), *map(re.escape, _BERICHTEN)]))
"""What a page must have somewhere before it is worth taking apart: that takes longer than making it."""
_WEG = "/afmelden"
_OVER_HEM = "{overstap:uuid}"
_NOEMT_IEDEREEN = {"/organisaties"}
"""Names every organisation of the region, to everybody: an MBO that stands there says nothing of a pupil."""
Cel = tuple[Rol, Kring]
Gelopen = list[tuple[Cel, Adres, httpx.Response]]


class Opstelling:
    """A pupil in our region and his like in another; sessions of all who may look."""

    def __init__(self, gebied: Gebied, deur: Binnendeur) -> None:
        self.gebied = gebied
        self.deur = deur
        eigen, van_hier = gebied.leerling(BEWOGEN, REGIO, PERSOON["pgn"])
        elders, van_elders = gebied.leerling(BEWOGEN, ANDERE_REGIO, PERSOON["pgn"])
        self.leerlingen: dict[str, UUID] = {REGIO: eigen, ANDERE_REGIO: elders}
        gebied.leg_vast([van_hier, van_elders])
        self._sessies: dict[tuple[Rol, str], str] = {}

    def leerling(self, kring: Kring) -> UUID:
        return self.leerlingen[ANDERE_REGIO if kring is Kring.ANDERE_REGIO else REGIO]

    def sessie(self, actor: Actor) -> str:
        """Give the cookie of somebody who signed in."""
        wie = (actor.rol, actor.organisatie)
        if wie not in self._sessies:
            dienst = self.deur.app.state.dienst
            sessie = Sessie(
                uitgever=self.gebied.uitgever.issuer,
                account=self.gebied.account(actor),
                organisatie=actor.organisatie,
                rol=actor.rol,
            )
            bezig = asyncio.run_coroutine_threadsafe(begin_sessie(dienst, sessie), self.deur._lus)
            self._sessies[wie] = bezig.result()
        return f"{KOEKJE}={self._sessies[wie]}"

    def vraag(self, adres: Adres, actor: Actor | None, **velden: str) -> Vraag:
        """Ask for a page as somebody; a form carries the mark of his session."""
        koppen = {"Accept": "text/html"}
        if actor is not None:
            koppen["Cookie"] = self.sessie(actor)
        if adres.methode == "GET":
            return Vraag(pad=adres.pad, koppen=koppen)
        if actor is not None:
            kop = {"type": "http", "headers": [(b"cookie", koppen["Cookie"].encode())]}
            velden = {"merk": merk_van(Request(kop)), **velden}
        koppen["Content-Type"] = "application/x-www-form-urlencoded"
        return Vraag(methode="POST", pad=adres.pad, koppen=koppen, inhoud=str(httpx.QueryParams(velden)).encode())

    def positie(self) -> int:
        return int(self.deur.app.state.dienst.bus.app.log.laatste_positie())


@pytest.fixture(scope="module")
def opstelling(demo_databank: Databank, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opstelling]:
    with open_gebied(demo_databank, tmp_path_factory.mktemp("matrix")) as (gebied, deur):
        yield Opstelling(gebied, deur)


@pytest.fixture(scope="module")
def bekeken(opstelling: Opstelling) -> Gelopen:
    """Give every page there is as everybody gets it."""
    return _loop(opstelling, "GET", _cellen())


@pytest.fixture
def tel(record_property: Callable[[str, object], None]) -> Callable[[int], None]:
    return lambda aantal: record_property("cellen van de bladen", aantal)


def _cellen() -> list[Cel]:
    return [(rol, kring) for rol in Rol for kring in kringen(rol)]


def _wie(cel: Cel) -> Actor:
    """Give somebody of our region; it is the pupil who is of another, or of another organisation."""
    rol, kring = cel
    return actor_in(rol, Kring.ANDER if kring is Kring.ANDER else Kring.EIGEN)


def _mag(cel: Cel, *, met_reden: bool) -> set[str]:
    rol, kring = cel
    return set() if kring is not Kring.EIGEN else ZIET[rol] - (set() if met_reden else ALLEEN_MET_REDEN.get(rol, set()))


def _getoond(antwoord: httpx.Response, rol: Rol) -> set[str]:
    """Tell which groups of fields a page shows of the pupil."""
    if not _ONTLEDEN.search(html.unescape(antwoord.text)):
        return set()
    tekst = tekst_van(antwoord.text)
    gezien = {groep for groep, kanarie in _KANARIES.items() if re.search(kanarie, tekst)}
    berichten = {een for een in _BERICHTEN if een in tekst}
    eigen = _EIGEN.get(rol, _BERICHTEN)
    gezien |= {"eigen_berichten"} if berichten & eigen else set()
    return gezien | ({"andere_berichten"} if berichten - eigen else set())


def _loop(opstelling: Opstelling, methode: str, cellen: list[Cel], **velden: str) -> Gelopen:
    """Ask for every page there is as everybody; for a pupil of another region those about him."""
    wie = [
        (cel, adres)
        for cel in cellen
        for nummer, adres in enumerate(
            adressen(methode, {"overstap": str(opstelling.leerling(cel[1])), "school": SCHOOL, "code": SCHOOL})
        )
        if adres.route != _WEG and (cel[1] is not Kring.ANDERE_REGIO or _OVER_HEM in adres.route)
        if IS_VOL or _is_aan_de_beurt(cel, adres, nummer)
    ]
    antwoorden = opstelling.deur.vraag([opstelling.vraag(adres, _wie(cel), **velden) for cel, adres in wie])
    return [(cel, adres, antwoord) for (cel, adres), antwoord in zip(wie, antwoorden, strict=True)]


def _is_aan_de_beurt(cel: Cel, adres: Adres, nummer: int) -> bool:
    """Tell whether a page is asked for in small: a third of the steps of the own pupil, an eighth of what is others'.

    Each role has another third, so that every step is seen by several; whatever is no step is asked for by all.
    """
    rol, kring = cel
    beurt = nummer + list(Rol).index(rol)
    if kring is Kring.EIGEN or _OVER_HEM not in adres.route:
        return "{stap}" not in adres.route or beurt % 3 == 0
    return beurt % 8 == (0 if kring is Kring.ANDER else 4)


@pytest.mark.proof
def test_no_page_shows_a_role_what_the_table_does_not_give_it(bekeken: Gelopen, tel: Callable[[int], None]) -> None:
    tel(len(bekeken))
    assert {antwoord.status_code for _, _, antwoord in bekeken} <= {200, 303, 400, 403, 404}
    te_veel: list[tuple[Cel, str, str]] = []
    gezien: dict[Cel, set[str]] = {}
    for cel, adres, antwoord in bekeken:
        getoond = _getoond(antwoord, cel[0])
        if adres.route in _NOEMT_IEDEREEN:
            getoond -= {"andere_aanmeldingen"}
        gezien[cel] = gezien.get(cel, set()) | getoond
        te_veel += [(cel, adres.pad, groep) for groep in sorted(getoond - _mag(cel, met_reden=False))]
    assert te_veel == []
    # What can be recognised is shown to the one who may see it all: else the line above would prove nothing.
    alles = gezien[Rol.DECAAN, Kring.EIGEN]
    assert alles == {*_KANARIES, "eigen_berichten"}
    te_weinig = {
        cel: (_mag(cel, met_reden=False) & alles)
        - getoond
        # What was written stays sealed too for whoever must say why he looks.
        - ({"eigen_berichten"} if cel[0] in ALLEEN_MET_REDEN else set())
        for cel, getoond in gezien.items()
    }
    assert {cel: groepen for cel, groepen in te_weinig.items() if groepen} == {}


@pytest.mark.proof
def test_whoever_does_not_exist_for_somebody_is_on_no_page_of_his(opstelling: Opstelling, bekeken: Gelopen) -> None:
    gelopen = [een for een in bekeken if een[0][1] is not Kring.EIGEN or een[0][0] not in LEERLINGEN]
    assert gelopen
    over_hem = [(cel, adres, antwoord) for cel, adres, antwoord in gelopen if _OVER_HEM in adres.route]
    assert [(cel, adres.pad) for cel, adres, antwoord in over_hem if antwoord.status_code != 404] == []
    elders = [een for een in gelopen if _OVER_HEM not in een[1].route]
    assert [
        (cel, adres.pad) for cel, adres, antwoord in elders if str(opstelling.leerling(cel[1])) in antwoord.text
    ] == []


@pytest.mark.proof
def test_what_is_sent_to_a_page_shows_no_more_and_records_nothing_about_somebody_elses_pupil(
    opstelling: Opstelling, tel: Callable[[int], None]
) -> None:
    velden = {"reden": _REDEN, "naam": "kanarie", "versie": "1", "sleutel": "matrix", "rol": "x"}
    eerst = opstelling.positie()
    anders = _loop(opstelling, "POST", [cel for cel in _cellen() if cel[1] is Kring.ANDER], **velden)
    assert opstelling.positie() == eerst
    eigen = _loop(opstelling, "POST", [cel for cel in _cellen() if cel[1] is not Kring.ANDER], **velden)
    tel(len(anders) + len(eigen))
    te_veel = [
        (cel, adres.pad, groep)
        for cel, adres, antwoord in [*anders, *eigen]
        for groep in sorted(_getoond(antwoord, cel[0]) - _mag(cel, met_reden=True))
    ]
    assert te_veel == []
    assert [(cel, adres.pad) for cel, adres, antwoord in [*anders, *eigen] if antwoord.status_code >= 500] == []
    met_reden = {
        cel[0]: _getoond(antwoord, cel[0])
        for cel, adres, antwoord in eigen
        if cel[0] in ALLEEN_MET_REDEN and cel[1] is Kring.EIGEN and adres.route.endswith(_OVER_HEM)
    }
    assert met_reden == {rol: {*_KANARIES, "eigen_berichten"} for rol in ALLEEN_MET_REDEN}


@pytest.mark.parametrize("methode", ["GET", "POST"])
def test_without_a_session_there_is_only_the_way_in(
    opstelling: Opstelling, methode: str, tel: Callable[[int], None]
) -> None:
    alle = adressen(methode, {"overstap": str(opstelling.leerling(Kring.EIGEN))})
    tel(len(alle))
    antwoorden = opstelling.deur.vraag([opstelling.vraag(een, None, rol="manager") for een in alle])
    anders = [
        (een.pad, antwoord.status_code)
        for een, antwoord in zip(alle, antwoorden, strict=True)
        if not (een.route in OPEN or antwoord.headers.get("location", "").startswith("/aanmelden"))
        if antwoord.status_code != 403
    ]
    assert anders == []
    assert [een.pad for een, antwoord in zip(alle, antwoorden, strict=True) if _getoond(antwoord, Rol.SYSTEEM)] == []
