"""The list in pages: everybody once, in each order; and of each pupil what the role may know, and nothing else."""

import contextlib
import re
from collections.abc import Iterator
from itertools import count
from uuid import UUID

import httpx
import pytest

from overstap.adapters.postgres.databank import Databank
from overstap.domain.identificaties import is_bsn
from overstap.domain.rollen import Actor, Rol
from overstap.statemachine.veldgroepen import VAN_ROL, Veldgroep
from tests.adapters.http.deur import ZONDER_TLS, Deur
from tests.adapters.opstelling import ANDERE_SCHOOL, GEMEENTE, MBO, REGIO, SCHOOL, app, opvoer
from tests.adapters.web.school import PGNS, meld, voer_op, wacht_tot

_VELE = 55
_VAN_ANDEREN = (str(nummer) for nummer in count(940_000_000) if is_bsn(str(nummer)))
_ORGANISATIE = {
    Rol.MENTOR: SCHOOL,
    Rol.DECAAN: SCHOOL,
    Rol.VO_BEHEERDER: SCHOOL,
    Rol.MBO_INTAKER: MBO,
    Rol.LEERPLICHTAMBTENAAR: GEMEENTE,
    Rol.REGIEBEHEERDER: REGIO,
    Rol.AUDITOR: REGIO,
}


@pytest.fixture(scope="module")
def vele(deur: Deur, databank: Databank) -> set[str]:
    """Enter more pupils of one school than a page holds."""
    with app(databank) as geheel:
        opdrachten = [opvoer(geheel, next(_VAN_ANDEREN), school=ANDERE_SCHOOL) for _ in range(_VELE)]
        geheel.bus.verwerk(opdrachten)
        positie = geheel.log.laatste_positie()
    als = deur.als(Actor(account="b", rol=Rol.VO_BEHEERDER, organisatie=ANDERE_SCHOOL, regio=REGIO))
    deur.client.get("/v1/werklijsten", params={"minPositie": positie}, headers=als).raise_for_status()
    return {str(opdracht.stroom) for opdracht in opdrachten}


@contextlib.contextmanager
def _als(deur: Deur, rol: Rol, organisatie: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=deur.adres, timeout=20, headers={"Accept": "text/html"}, verify=ZONDER_TLS) as client:
        antwoord = client.post("/aanmelden", data={"rol": rol, "organisatie": organisatie})
        [koekje] = antwoord.headers.get_list("set-cookie")
        client.headers["cookie"] = koekje.partition(";")[0]
        yield client


@pytest.fixture
def decaan(deur: Deur) -> Iterator[httpx.Client]:
    with _als(deur, Rol.DECAAN, ANDERE_SCHOOL) as client:
        yield client


@pytest.mark.parametrize("volgorde", ["naam", "school", "langst", "nieuwst", "stilst"])
def test_the_pages_together_have_everybody_once(decaan: httpx.Client, vele: set[str], volgorde: str) -> None:
    gezien: list[str] = []
    pad: str | None = f"/leerlingen?volgorde={volgorde}"
    bladen = 0
    while pad is not None:
        blad = decaan.get(pad).text
        assert "55 leerlingen" in blad
        gezien += re.findall(r'<tr id="l-([0-9a-f-]+)"', blad)
        verder = re.search(r'href="([^"]+)" rel="next"', blad)
        pad, bladen = (verder[1].replace("&amp;", "&") if verder else None), bladen + 1
    assert (bladen, len(gezien), set(gezien)) == (2, _VELE, vele)


@pytest.fixture(scope="module")
def leerling(deur: Deur) -> UUID:
    """Enter a pupil of whom every field has a value of its own, with an aanmelding, and Leerplicht called in."""
    pgn = next(PGNS)
    persoon = {"adres": "Kwikstaartpad 7", "postcode": "9999ZZ", "email": "geheim@post.example"}
    overstap = voer_op(deur, "Zeearend", pgn=pgn, klas="4a", **persoon)
    meld(deur, pgn, "AO", 1)
    wacht_tot(deur, overstap, "aangemeld")
    overleg = {"overleg": {"contact": "Contact Noord", "overlegDatum": "2026-01-09"}}
    decaan = Actor(account="decaan-99aa", rol=Rol.DECAAN, organisatie=SCHOOL, regio=REGIO)
    antwoord = deur.stap(overstap, "schakel-leerplicht-in", overleg, decaan)
    assert antwoord.status_code == 200, antwoord.text
    wacht_tot(deur, overstap, "leerplicht_ingeschakeld")
    return overstap


_TEKENEND = {
    Veldgroep.NAAM: "Zeearend",
    Veldgroep.GEBOORTEDATUM: "14 maart 2010",
    Veldgroep.ADRES: "Kwikstaartpad 7",
    Veldgroep.CONTACT: "geheim@post.example",
    Veldgroep.PGN: "Persoonsgebonden nummer",
    Veldgroep.STATUS: "Waar de leerling staat",
    Veldgroep.CONTACTPERSOON: "Contact Noord",
}
"""What stands on the page of a pupil for each group of fields."""
_MET_REDEN = {Rol.REGIEBEHEERDER, Rol.AUDITOR}
_PERSOONLIJK = {
    Veldgroep.NAAM,
    Veldgroep.GEBOORTEDATUM,
    Veldgroep.ADRES,
    Veldgroep.CONTACT,
    Veldgroep.PGN,
    Veldgroep.CONTACTPERSOON,
}


@pytest.mark.parametrize("rol", _ORGANISATIE)
def test_a_page_shows_a_role_the_fields_it_may_have_and_no_other(deur: Deur, leerling: UUID, rol: Rol) -> None:
    mag = VAN_ROL[rol] - (_PERSOONLIJK if rol in _MET_REDEN else set())
    keuze = "?status=leerplicht_ingeschakeld" if Veldgroep.STATUS in mag else ""  # a region has more than one page
    with _als(deur, rol, _ORGANISATIE[rol]) as client:
        blad = client.get(f"/leerlingen/{leerling}").text
        lijst = client.get(f"/leerlingen{keuze}").text
    if rol is Rol.MENTOR:
        assert str(leerling) not in lijst  # the trial gives him no class, so he sees nobody
        return
    assert {groep: tekst in blad for groep, tekst in _TEKENEND.items()} == {groep: groep in mag for groep in _TEKENEND}
    assert str(leerling) in lijst
    assert ("Zeearend" in lijst) == (Veldgroep.NAAM in mag)
    assert ("status-leerplicht_ingeschakeld" in lijst) == (Veldgroep.STATUS in mag)


def test_an_mbo_reads_its_pupils_longest_waiting_first_or_by_name(deur: Deur, leerling: UUID) -> None:
    with _als(deur, Rol.MBO_INTAKER, MBO) as client:
        for vraag in ("", "?volgorde=naam", "?volgorde=nieuwst", "?status=aangemeld", "?volgorde=school"):
            assert str(leerling) in client.get(f"/leerlingen{vraag}").text
        assert str(leerling) not in client.get("/leerlingen?status=gestart").text
