"""The log of access tells everything that was done over HTTP: per pupil and per account, also what was refused."""

from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from overstap.adapters.app import App
from overstap.adapters.http.identiteit.sessies import KOEKJE
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.domain.identificaties import is_bsn
from overstap.domain.rollen import Actor, Rol
from tests.adapters.http.deur import ZONDER_TLS, Deur
from tests.adapters.opstelling import ANDERE_SCHOOL, DECAAN, REGIEBEHEERDER, REGIO, SCHOOL, VO_BEHEERDER, opgevoerd

_PGNS = (str(nummer) for nummer in count(930_000_000) if is_bsn(str(nummer)))
_VREEMDE = Actor(account="decaan-99ab", rol=Rol.DECAAN, organisatie=ANDERE_SCHOOL, regio=REGIO)
_OPVOER = {
    "achternaam": "Voorbeeld",
    "voornaam": "Noor",
    "geboortedatum": "2010-03-14",
    "leerweg": "kb",
    "klas": "4b",
    "gemeente": "0363",
}


class Log:
    """What was written since this test began."""

    def __init__(self, databank: Databank) -> None:
        self._databank = databank
        [(self._begin,)] = self._vraag("SELECT count(*) FROM toegang.toegangslog")

    def __call__(self, kolommen: str = "account, handeling, uitkomst") -> list[tuple[Any, ...]]:
        """Give these columns of each line, in order."""
        return self._vraag(
            f"SELECT {kolommen} FROM toegang.toegangslog ORDER BY op, keten, nummer OFFSET {self._begin}"
        )

    def van(self, overstap: UUID | str) -> list[tuple[Any, ...]]:
        """Give what was done to one pupil's data."""
        return [regel[1:] for regel in self("overstap, account, handeling, uitkomst") if str(regel[0]) == str(overstap)]

    def _vraag(self, vraag: str) -> list[tuple[Any, ...]]:
        with self._databank.verbind(Login.AUDIT) as verbinding:
            return verbinding.execute(vraag.encode()).fetchall()


@pytest.fixture
def log(databank: Databank, deur: Deur) -> Log:
    return Log(databank)


def _schrijf(deur: Deur, pad: str, wie: Actor, **wat: Any) -> httpx.Response:  # noqa: ANN401  # as httpx takes it
    return deur.client.post(f"/v1/{pad}", headers={**deur.als(wie), "Idempotency-Key": uuid4().hex}, **wat)


def test_who_entered_a_pupil_is_told_of_that_pupil(deur: Deur, log: Log) -> None:
    antwoord = _schrijf(deur, "overstappen", VO_BEHEERDER, json={"pgn": next(_PGNS), **_OPVOER})
    assert antwoord.status_code == 201, antwoord.text
    assert log.van(antwoord.json()["overstap"]) == [("beheer-99aa", "voer_op", "toegestaan")]


def test_each_pupil_of_a_list_has_his_line_and_a_refusal_too(deur: Deur, log: Log) -> None:
    pgn = next(_PGNS)
    lijst = [{"pgn": pgn, **_OPVOER}, {"pgn": pgn, **_OPVOER}]
    antwoord = _schrijf(deur, "overstappen/_opvoeren", VO_BEHEERDER, json={"leerlingen": lijst})
    [(eerste, *_), *_] = [(een["overstap"],) for een in antwoord.json()["regels"]]
    assert log.van(eerste) == [("beheer-99aa", "voer_op", "toegestaan")]
    assert log.van("None") == [("beheer-99aa", "voer_op", "geweigerd")]


def test_a_delivery_stands_with_each_pupil_it_changed(deur: Deur, geheel: App, log: Log) -> None:
    leerling, ander = (opgevoerd(geheel, next(_PGNS)) for _ in range(2))
    regels = [
        f'{{"verzoek":"leg_warme_overdracht_vast","leerling":{{"overstap":"{wie}"}},"datum":"2026-01-09"}}'
        for wie in (leerling, uuid4())
    ]
    koppen = {**deur.als(DECAAN), "Idempotency-Key": uuid4().hex, "Content-Type": "application/x-ndjson"}
    antwoord = deur.client.post("/v1/aanleveringen", content="\n".join(regels), headers=koppen)
    assert antwoord.json()["aanvaard"] == 1
    assert log.van(leerling) == [("decaan-99aa", "lever_aan", "toegestaan")]
    assert log.van(ander) == []
    assert {wat for _, wat in log("overstap, onderwerp")} == {f"aanlevering {antwoord.json()['id']}"}


@pytest.mark.parametrize("koppen", [{}, {"Authorization": "Bearer x.y.z"}], ids=["zonder", "slecht"])
def test_who_could_not_sign_in_is_told_without_a_name(deur: Deur, log: Log, koppen: dict[str, str]) -> None:
    assert deur.client.get("/v1/organisaties", headers=koppen).status_code == 401
    assert log() == [("", "aanmelden", "geweigerd")]


def test_who_was_refused_by_his_role_is_told(deur: Deur, log: Log) -> None:
    koppeling = Actor(account="koppeling-99xx", rol=Rol.KOPPELING, organisatie="99XX", regio=REGIO)
    assert deur.client.get("/v1/cijfers", headers=deur.als(koppeling)).status_code == 403
    assert log() == [("koppeling-99xx", "toon_cijfers", "geweigerd")]


def test_who_asks_for_a_pupil_of_another_is_told_of_that_pupil_once(deur: Deur, geheel: App, log: Log) -> None:
    leerling = opgevoerd(geheel, next(_PGNS))
    assert deur.toon(leerling, _VREEMDE).status_code == 404
    assert deur.stap(leerling, "hervat", {}, _VREEMDE).status_code == 404
    assert log.van(leerling) == [
        ("decaan-99ab", "inzage", "geweigerd"),
        ("decaan-99ab", "hervat", "geweigerd"),
    ]


def test_a_step_on_what_is_nobody_is_told(deur: Deur, log: Log) -> None:
    niemand = uuid4()
    assert deur.stap(niemand, "hervat", {}, DECAAN).status_code == 404
    assert log.van(niemand) == [("decaan-99aa", "hervat", "geweigerd")]


def test_a_session_is_told_from_its_begin_to_its_end(deur: Deur, log: Log) -> None:
    begin = deur.client.post("/v1/aanmelden/proef", data={"rol": "decaan", "organisatie": SCHOOL})
    koek = begin.headers["set-cookie"].partition(";")[0]
    assert koek.startswith(KOEKJE)
    assert httpx.post(f"{deur.adres}/v1/afmelden", headers={"Cookie": koek}, verify=ZONDER_TLS).status_code == 204
    assert log("handeling, onderwerp, organisatie, rol, uitkomst") == [
        ("aanmelden", "sessie", SCHOOL, "decaan", "toegestaan"),
        ("afmelden", "sessie", SCHOOL, "decaan", "toegestaan"),
    ]


def test_a_list_of_pupils_stands_with_each_who_is_on_it(deur: Deur, geheel: App, log: Log) -> None:
    leerling = opgevoerd(geheel, next(_PGNS))
    positie = geheel.log.laatste_positie()
    antwoord = deur.client.get(
        "/v1/overstappen", params={"minPositie": positie, "limit": 200}, headers=deur.als(VO_BEHEERDER)
    )
    assert str(leerling) in {een["id"] for een in antwoord.json()}
    assert log.van(leerling) == [("beheer-99aa", "inzage", "toegestaan")]


def _zoek(deur: Deur, wie: Actor, inhoud: dict[str, Any], reden: str | None = "Vraag van de ouders") -> httpx.Response:
    koppen = deur.als(wie) | ({"Reden": reden} if reden else {})
    return deur.client.post("/v1/toegangslog/_zoek", json=inhoud, headers=koppen)


def test_the_region_reads_who_looked_at_a_pupil_in_pages(deur: Deur, geheel: App) -> None:
    leerling = opgevoerd(geheel, next(_PGNS))
    for wie in (DECAAN, VO_BEHEERDER, _VREEMDE):
        deur.toon(leerling, wie)
    vraag: dict[str, Any] = {"overstap": str(leerling), "limit": 2}
    eerste = _zoek(deur, REGIEBEHEERDER, vraag).json()
    rest = _zoek(deur, REGIEBEHEERDER, {**vraag, "na": eerste["na"]}).json()
    gezien = [(een["account"], een["uitkomst"]) for een in eerste["regels"] + rest["regels"]]
    assert gezien[:3] == [
        ("decaan-99aa", "toegestaan"),
        ("beheer-99aa", "toegestaan"),
        ("decaan-99ab", "geweigerd"),
    ]
    assert gezien[3:] == [("regie-21", "toegestaan")]  # who read the first page


def test_the_region_reads_what_an_account_did(deur: Deur, geheel: App) -> None:
    leerling = opgevoerd(geheel, next(_PGNS))
    wie = Actor(account="decaan-apart", rol=Rol.DECAAN, organisatie=SCHOOL, regio=REGIO)
    deur.toon(leerling, wie)
    regels = _zoek(deur, REGIEBEHEERDER, {"account": "decaan-apart"}).json()["regels"]
    assert [(een["overstap"], een["handeling"]) for een in regels] == [(str(leerling), "inzage")]


@pytest.mark.parametrize(
    ("wie", "inhoud", "reden", "status"),
    [
        (DECAAN, {"account": "x"}, "Waarom", 403),
        (REGIEBEHEERDER, {"account": "x"}, None, 400),
        (REGIEBEHEERDER, {}, "Waarom", 400),
        (REGIEBEHEERDER, {"account": "x", "na": "zomaar"}, "Waarom", 400),
    ],
    ids=["another role", "no reason", "of nobody", "no bookmark"],
)
def test_the_log_of_access_opens_to_the_region_alone_and_with_a_reason(
    deur: Deur, wie: Actor, inhoud: dict[str, Any], reden: str | None, status: int
) -> None:
    assert _zoek(deur, wie, inhoud, reden).status_code == status
