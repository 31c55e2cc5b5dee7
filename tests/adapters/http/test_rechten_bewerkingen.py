"""The permission matrix over HTTP, who gets in: every operation and role, and every way in which a token is wrong."""

import base64
import json
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx
import jwt
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from overstap.adapters.http.operaties import METHODEN
from overstap.adapters.postgres.databank import Databank
from overstap.domain.identificaties import is_bsn
from overstap.domain.rollen import Actor, Rol
from tests.adapters.http.binnendeur import Binnendeur, Vraag
from tests.adapters.http.gebied import ANDERE_REGIO, BEWOGEN, Gebied, lees, open_gebied, schrijf
from tests.bewijzen import IS_VOL
from tests.rechtentabel import BEWERKINGEN, DOET, LEVERT, REGIOBREED, ZONDER_DEUR, Kring, kringen
from tests.statemachine.gegeven import given
from tests.statemachine.spelers import ANDER_MBO, BUITEN_DE_REGIO, GEMEENTE, MBO, REGIO, SCHOOL
from tests.statemachine.test_rechten import actor as actor_in

_PGNS = (str(nummer) for nummer in count(920_000_000) if is_bsn(str(nummer)))
_NUMMERS = count(90_002_000)
_OPVOER = {
    "achternaam": "Voorbeeld",
    "voornaam": "Noor",
    "geboortedatum": "2010-03-14",
    "leerweg": "kb",
    "klas": "4b",
    "gemeente": GEMEENTE,
    "vestiging": "01",
}
_NIEUWE_ROL = {SCHOOL: "mentor", MBO: "mbo_intaker", GEMEENTE: "leerplichtambtenaar"}
_BEHEER = ("ken_rol_toe", "trek_rol_in", "leg_contact_vast")
_ELDERS = {"sluit_af", "verwerk_koppelbericht", "voer_op"}
"""Requests that are no step over HTTP: the system's own, and those that have an operation of another kind."""


class Opstelling:
    """The application's own document, and whom its operations are asked as."""

    def __init__(self, gebied: Gebied, deur: Binnendeur) -> None:
        self.gebied = gebied
        self.deur = deur
        [antwoord] = deur.vraag([lees("/v1/openapi.json", {})])
        self.document: dict[str, Any] = antwoord.json()
        self.bewerkingen: dict[str, tuple[str, str, dict[str, Any]]] = {
            een["operationId"]: (methode.upper(), pad, een)
            for pad, van_pad in self.document["paths"].items()
            for methode, een in van_pad.items()
            if methode in METHODEN
        }

    def leerlingen(self, aantal: int, regio: str = REGIO) -> list[UUID]:
        nieuw = [self.gebied.leerling(given(), regio, next(_PGNS)) for _ in range(aantal)]
        self.gebied.leg_vast(toevoeging for _, toevoeging in nieuw)
        return [stroom for stroom, _ in nieuw]

    def voorbeeld(self, bewerking: str, koppen: dict[str, str]) -> Vraag:
        """Ask an operation what its own example asks."""
        methode, pad, wat = self.bewerkingen[bewerking]
        for naam, waarde in (("overstapId", uuid4()), ("aanleveringId", uuid4()), ("code", SCHOOL), ("lijst", "stil")):
            pad = pad.replace(f"{{{naam}}}", str(waarde))
        if methode == "GET":
            return lees(pad, koppen)
        media, inhoud = next(iter(wat.get("requestBody", {}).get("content", {"application/json": {}}).items()))
        tekst = inhoud.get("example")
        return schrijf(pad, koppen, tekst.encode() if isinstance(tekst, str) else msgspec.json.encode(tekst), media)


@pytest.fixture(scope="module")
def opstelling(demo_databank: Databank, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opstelling]:
    with open_gebied(demo_databank, tmp_path_factory.mktemp("bewerkingen")) as (gebied, deur):
        yield Opstelling(gebied, deur)


def test_every_operation_there_is_stands_in_the_table(opstelling: Opstelling) -> None:
    stappen = set(DOET) - _ELDERS
    assert set(opstelling.bewerkingen) == stappen | set(BEWERKINGEN) | ZONDER_DEUR


# --- who is not known -------------------------------------------------------------------------------------------------

_VREEMD = generate_private_key(65537, 2048)


def _geknoeid(gebied: Gebied, wie: Actor) -> str:
    """Give a good token of which the content was changed afterwards."""
    kop, inhoud, zegel = gebied.uitgever.token(gebied.claims(wie)).split(".")
    claims = json.loads(base64.urlsafe_b64decode(inhoud + "=="))
    anders = json.dumps({**claims, "organisatie": REGIO, "scope": "openid rol:regiebeheerder"}).encode()
    return f"{kop}.{base64.urlsafe_b64encode(anders).rstrip(b'=').decode()}.{zegel}"


def _met(gebied: Gebied, wie: Actor, **anders: object) -> str:
    return gebied.uitgever.token({**gebied.claims(wie), **anders})


SLECHT: dict[str, tuple[Callable[[Gebied, Actor], str], int]] = {
    "verlopen": (lambda gebied, wie: _met(gebied, wie, exp=1_700_000_000), 401),
    "verkeerde doelgroep": (lambda gebied, wie: _met(gebied, wie, aud="een-ander"), 401),
    "geknoeid": (_geknoeid, 401),
    "andere sleutel": (lambda gebied, wie: gebied.uitgever.token(gebied.claims(wie), sleutel=_VREEMD), 401),
    "zonder handtekening": (
        lambda gebied, wie: jwt.encode({**gebied.claims(wie), "iss": gebied.uitgever.issuer}, "", algorithm="none"),
        401,
    ),
    "andere regio": (lambda gebied, wie: _met(gebied, wie, organisatie=BUITEN_DE_REGIO), 401),
    "rol van een ander": (lambda gebied, wie: _met(gebied, wie, sub="iemand anders"), 403),
}
"""What is wrong with a token, and what its bearer is told."""


@pytest.mark.proof
@pytest.mark.parametrize("gebrek", SLECHT)
def test_a_token_that_is_not_right_opens_no_operation_to_anybody(
    opstelling: Opstelling, gebrek: str, record_property: Callable[[str, object], None]
) -> None:
    """In small each role tries each operation with one of the wrong tokens; all are tried on each, and as each role."""
    maak, verwacht = SLECHT[gebrek]
    achter_de_deur = sorted(set(opstelling.bewerkingen) - ZONDER_DEUR)
    beurt = [*SLECHT].index(gebrek)
    cellen = [
        (rol, bewerking)
        for nummer, rol in enumerate(Rol)
        for anders, bewerking in enumerate(achter_de_deur)
        if IS_VOL or (nummer + anders) % len(SLECHT) == beurt
    ]
    record_property("cellen over HTTP", len(cellen))
    koppen = {rol: {"Authorization": f"Bearer {maak(opstelling.gebied, actor_in(rol, Kring.EIGEN))}"} for rol in Rol}
    antwoorden = opstelling.deur.vraag([opstelling.voorbeeld(bewerking, koppen[rol]) for rol, bewerking in cellen])
    assert [(cel, x.status_code) for cel, x in zip(cellen, antwoorden, strict=True) if x.status_code != verwacht] == []


def test_without_a_token_only_what_has_no_door_is_open(
    opstelling: Opstelling, record_property: Callable[[str, object], None]
) -> None:
    alle = sorted(opstelling.bewerkingen)
    record_property("cellen over HTTP", len(alle))
    antwoorden = opstelling.deur.vraag([opstelling.voorbeeld(bewerking, {}) for bewerking in alle])
    dicht = {naam for naam, x in zip(alle, antwoorden, strict=True) if x.status_code == 401}
    assert dicht == set(alle) - ZONDER_DEUR | {"toon_sessie", "kies_rol", "kom_terug_van_oidc"}  # of whom is unknown


# --- who is known -----------------------------------------------------------------------------------------------------


def _gelukt(antwoord: httpx.Response) -> bool:
    """Tell whether somebody got what he asked; it is an error when he was refused otherwise than by his role."""
    assert antwoord.status_code in {200, 201, 403, 404}, antwoord.text
    return antwoord.status_code < 300


@pytest.mark.parametrize("bewerking", sorted(set(BEWERKINGEN) - {"koppel_wachtbak", *_BEHEER}))
def test_an_operation_answers_the_roles_that_the_table_says_and_no_other(
    opstelling: Opstelling, bewerking: str, record_property: Callable[[str, object], None]
) -> None:
    record_property("cellen over HTTP", len(Rol))
    koppen = {rol: opstelling.gebied.als(actor_in(rol, Kring.EIGEN)) for rol in Rol}
    leerling = _bekende(opstelling)
    antwoorden = opstelling.deur.vraag([_eigen_vraag(opstelling, bewerking, leerling, koppen[rol]) for rol in Rol])
    gekregen = {rol for rol, antwoord in zip(Rol, antwoorden, strict=True) if _gelukt(antwoord) and _is_iets(antwoord)}
    assert gekregen == BEWERKINGEN[bewerking]


def _eigen_vraag(opstelling: Opstelling, bewerking: str, leerling: UUID, koppen: dict[str, str]) -> Vraag:
    """Ask an operation something that is in order, were it not for the role."""
    match bewerking:
        case "toon_overstap" | "vertel_overstap":
            return lees(opstelling.bewerkingen[bewerking][1].replace("{overstapId}", str(leerling)), koppen)
        case "toon_werklijst":
            return lees("/v1/werklijsten/met_leerplicht", koppen)
        case "zoek_overstappen":
            return schrijf("/v1/overstappen/_zoek", koppen, b"{}")
        case "zoek_toegang":
            reden = {"Reden": "Vraag van de leerling wie er keek"}
            inhoud = msgspec.json.encode({"overstap": leerling})
            return schrijf("/v1/toegangslog/_zoek", {**koppen, **reden}, inhoud)
        case "voer_op":
            return schrijf("/v1/overstappen", koppen, msgspec.json.encode({"pgn": next(_PGNS), **_OPVOER}))
        case "voer_velen_op":
            lijst = {"leerlingen": [{"pgn": next(_PGNS), **_OPVOER}]}
            return schrijf("/v1/overstappen/_opvoeren", koppen, msgspec.json.encode(lijst))
        case "neem_organisatie_op":
            inhoud = msgspec.json.encode({"soort": "vo", "naam": "Nieuwe School"})
            return schrijf("/v1/organisaties/98ZZ/stappen/neem-organisatie-op", koppen, inhoud)
        case "lever_aan":
            return _levering("stappen", koppen, leerling)
        case "toon_aanlevering":
            [geleverd] = opstelling.deur.vraag([_levering("stappen", koppen, uuid4())])
            return lees(geleverd.headers["Location"], koppen)
        case _:
            return opstelling.voorbeeld(bewerking, koppen)


def _bekende(opstelling: Opstelling) -> UUID:
    """Give a pupil who exists for each role that may know of pupils, at the organisation that has to do with him."""
    stroom, toevoeging = opstelling.gebied.leerling(BEWOGEN, pgn=next(_PGNS))
    opstelling.gebied.leg_vast([toevoeging])
    return stroom


def _is_iets(antwoord: httpx.Response) -> bool:
    """Tell whether an answer that judges line by line accepted any."""
    inhoud = antwoord.json()
    return not isinstance(inhoud, dict) or "id" in inhoud or inhoud.get("aanvaard", 1) > 0


def _levering(soort: str, koppen: dict[str, str], leerling: UUID, code: str = SCHOOL) -> Vraag:
    """Deliver one line of a kind."""
    match soort:
        case "leerlingen":
            kop = ";".join(["pgn", *_OPVOER])
            inhoud, media = f"{kop}\n{next(_PGNS)};{';'.join(_OPVOER.values())}\n".encode(), "text/csv"
        case "stappen":
            stap = {"verzoek": "leg_warme_overdracht_vast", "leerling": {"overstap": str(leerling)}}
            inhoud, media = msgspec.json.encode({**stap, "datum": "2026-09-02"}), "application/x-ndjson"
        case "koppeling":
            inhoud, media = msgspec.json.encode([_bericht(f"{MBO}:{next(_NUMMERS)}")]), _CLOUDEVENTS
        case "organisaties":
            regel = f"functionaris;{code};nieuw-{next(_NUMMERS)};{_NIEUWE_ROL[code]};M. Voorbeeld"
            inhoud, media = f"regel;code;account;rol;naam\n{regel}\n".encode(), "text/csv"
        case _:
            inhoud, media = _REGELS.encode(), "application/toml"
    return schrijf("/v1/aanleveringen", koppen, inhoud, media)


_REGELS = f"""regio = "{REGIO}"
overstapjaar = 2027
revisie = 1
[kalender]
opvoer_vanaf = 2026-10-01
mbo_regels = 2027-02-01
aanmelddatum = 2027-04-01
vervolgkeuze_vanaf = 2027-04-01
voorlopig_op = 2027-06-01
handhaven_tot = 2027-07-01
mbo_start = 2027-08-01
meting_op = 2027-10-01
sluit_vanaf = 2027-10-02
[normen]
aangemeld_vmbo = 95
aangemeld_alle = 90
voorlopig_geplaatst = 90
geplaatst_en_gestart = 95
[signalen]
stil_weken = 6
[bewijs]
overleg = true
"""
_CLOUDEVENTS = "application/cloudevents-batch+json"


def _bericht(keten_id: str) -> dict[str, Any]:
    data = {
        "ketenId": keten_id,
        "wijzigingsvolgnummer": 7,
        "pgn": next(_PGNS),
        "status": "AO",
        "laatsteWijziging": "2026-09-10T08:00:00Z",
        "brin": MBO,
        "opleidingCreboCode": "25647",
        "opleidingAanmeldjaar": "2026-2027",
    }
    return {
        "specversion": "1.0",
        "id": uuid4().hex,
        "source": "urn:nld:oin:00000001003214345000:systeem:sis",
        "type": "nl.overstappen.koppelbericht.v1",
        "data": data,
    }


def test_an_item_of_the_wachtbak_is_matched_by_the_region_and_by_the_own_school_alone(
    opstelling: Opstelling, record_property: Callable[[str, object], None]
) -> None:
    cellen = [(rol, kring) for rol in Rol for kring in kringen(rol)]
    record_property("cellen over HTTP", len(cellen))
    keten_ids = [f"{MBO}:{next(_NUMMERS)}" for _ in cellen]
    koppeling = opstelling.gebied.als(actor_in(Rol.KOPPELING, Kring.EIGEN))
    berichten = msgspec.json.encode([_bericht(keten_id) for keten_id in keten_ids])
    [geleverd] = opstelling.deur.vraag([schrijf("/v1/aanleveringen", koppeling, berichten, _CLOUDEVENTS)])
    assert geleverd.json()["wachtbak"] == len(cellen)
    hier, elders = opstelling.leerlingen(len(cellen)), opstelling.leerlingen(1, ANDERE_REGIO)
    vragen = []
    for (rol, kring), keten_id, leerling in zip(cellen, keten_ids, hier, strict=True):
        wie = actor_in(rol, Kring.ANDER if kring is Kring.ANDER else Kring.EIGEN)
        wat = elders[0] if kring is Kring.ANDERE_REGIO else leerling
        pad = f"/v1/overstappen/{wat}/stappen/koppel-wachtbak"
        vragen.append(schrijf(pad, opstelling.gebied.als(wie), msgspec.json.encode({"ketenId": keten_id})))
    antwoorden = opstelling.deur.vraag(vragen)
    gekregen = {cel for cel, antwoord in zip(cellen, antwoorden, strict=True) if _gelukt(antwoord)}
    assert gekregen == {(rol, Kring.EIGEN) for rol in BEWERKINGEN["koppel_wachtbak"]}


def _rolcellen() -> list[tuple[Rol, Kring]]:
    return [(rol, kring) for rol in Rol for kring in kringen(rol) if kring is not Kring.ANDERE_REGIO]


def _roldeel(opstelling: Opstelling, stap: str, rol: Rol, door: Actor, account: str) -> Vraag:
    """Ask to give or take a role at the organisation of this role (for the region's own: a gemeente)."""
    eigen = actor_in(rol, Kring.EIGEN).organisatie
    code = GEMEENTE if rol in REGIOBREED else eigen if eigen in _NIEUWE_ROL else SCHOOL
    contact = {"onderwerp": account, "contact": {"naam": "M. Voorbeeld"}}
    inhoud = contact if stap == "leg_contact_vast" else {"account": account, "rol": _NIEUWE_ROL[code]}
    pad = f"/v1/organisaties/{code}/stappen/{stap.replace('_', '-')}"
    return schrijf(pad, opstelling.gebied.als(door), msgspec.json.encode(inhoud))


def test_roles_are_given_and_taken_by_the_organisations_own_administrator(
    opstelling: Opstelling, record_property: Callable[[str, object], None]
) -> None:
    record_property("cellen over HTTP", len(_BEHEER) * len(_rolcellen()))
    accounts = {cel: f"nieuw-{cel[0].replace('_', '-')}-{nummer}" for nummer, cel in enumerate(_rolcellen())}
    for stap in _BEHEER:
        antwoorden = opstelling.deur.vraag(
            [
                _roldeel(opstelling, stap, rol, actor_in(rol, kring), account)
                for (rol, kring), account in accounts.items()
            ]
        )
        gekregen = {cel for cel, antwoord in zip(accounts, antwoorden, strict=True) if _gelukt(antwoord)}
        assert gekregen == {(rol, Kring.EIGEN) for rol in BEWERKINGEN[stap]}


@pytest.mark.parametrize("soort", LEVERT)
def test_what_is_delivered_counts_from_the_roles_that_the_table_says(
    opstelling: Opstelling, soort: str, record_property: Callable[[str, object], None]
) -> None:
    record_property("cellen over HTTP", len(Rol))
    leerling = _bekende(opstelling)
    aanvaard = set()
    for rol in Rol:
        eigen = actor_in(rol, Kring.EIGEN)
        code = eigen.organisatie if eigen.organisatie in _NIEUWE_ROL else GEMEENTE
        [antwoord] = opstelling.deur.vraag([_levering(soort, opstelling.gebied.als(eigen), leerling, code)])
        assert antwoord.status_code == 201, antwoord.text
        blad = antwoord.json()
        aanvaard |= {rol} if blad["aanvaard"] + blad["wachtbak"] + blad["ongewijzigd"] else set()
    assert aanvaard == LEVERT[soort]


def test_a_delivery_is_shown_to_who_delivered_it_and_to_the_region(
    opstelling: Opstelling, record_property: Callable[[str, object], None]
) -> None:
    van = opstelling.gebied.als(actor_in(Rol.MBO_INTAKER, Kring.ANDER))
    assert actor_in(Rol.MBO_INTAKER, Kring.ANDER).organisatie == ANDER_MBO
    [geleverd] = opstelling.deur.vraag([_levering("stappen", van, uuid4())])
    record_property("cellen over HTTP", len(Rol))
    vragen = [lees(geleverd.headers["Location"], opstelling.gebied.als(actor_in(rol, Kring.EIGEN))) for rol in Rol]
    gezien = {rol for rol, antwoord in zip(Rol, opstelling.deur.vraag(vragen), strict=True) if _gelukt(antwoord)}
    assert gezien == {Rol.REGIEBEHEERDER, Rol.AUDITOR}
