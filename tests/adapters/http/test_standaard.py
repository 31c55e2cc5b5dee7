"""What the API Design Rules ask of a service that is reached by TLS, and that does not let itself be asked for ever."""

import json
import re
from collections.abc import Iterator
from math import ceil
from pathlib import Path

import pytest

from overstap.adapters.app import App
from overstap.adapters.http.identiteit.proefuitgever import Proefuitgever
from overstap.adapters.http.identiteit.wie import account_van
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.telemetry import richt_in
from overstap.domain.rollen import Rol
from tests.adapters.cli.conftest import draai
from tests.adapters.http.binnendeur import Binnendeur, Vraag, open_binnendeur
from tests.adapters.http.gebied import DOELGROEP, lees, schrijf
from tests.adapters.http.rollen import geef_rol
from tests.adapters.http.uitgever import eigen_uitgever, schrijf_uitgevers
from tests.adapters.opstelling import DECAAN, HOOFDSLEUTEL, SCHOOL, VO_BEHEERDER, app, opgevoerd

ADRES = "https://overstap.example"
_PER_MINUUT, _MISSERS = 180, 18
"""Thirty at once, and three."""


class Opstelling:
    """The application, and the headers by which a decaan is known."""

    def __init__(self, deur: Binnendeur, map_: Path, token: str) -> None:
        self.deur = deur
        self.map = map_
        self.koppen = {"Authorization": f"Bearer {token}"}


@pytest.fixture(scope="module")
def opstelling(databank: Databank, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opstelling]:
    map_ = tmp_path_factory.mktemp("standaard")
    with eigen_uitgever() as uitgever:
        tabel = {"doelgroep": DOELGROEP, "claim": "organisatie", "organisaties": {SCHOOL: SCHOOL}}
        uitgevers = schrijf_uitgevers(map_ / "uitgevers.toml", {"issuer": uitgever.issuer, **tabel})
        with app(databank) as geheel:
            geef_rol(geheel, SCHOOL, account_van(HOOFDSLEUTEL, uitgever.issuer, "iemand"), Rol.DECAAN, VO_BEHEERDER)
        token = uitgever.token({"aud": DOELGROEP, "sub": "iemand", "organisatie": SCHOOL})
        grenzen = {"verzoeken_per_minuut": _PER_MINUUT, "missers_per_minuut": _MISSERS}
        with open_binnendeur(databank, map_, uitgevers=uitgevers, openbaar_adres=ADRES, **grenzen) as deur:
            yield Opstelling(deur, map_, token)


def test_a_service_that_is_reached_by_tls_asks_for_nothing_else(opstelling: Opstelling) -> None:
    for antwoord in opstelling.deur.vraag([lees("/v1/gezondheid/live", {}), lees("/v1/bestaat-niet", {})]):
        assert antwoord.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_no_other_site_may_read_more_than_the_document(opstelling: Opstelling) -> None:
    van = {**opstelling.koppen, "Origin": "https://elders.example"}
    voorvraag = Vraag(methode="OPTIONS", pad="/v1/organisaties", koppen={**van, "Access-Control-Request-Method": "GET"})
    document, gewoon, vooraf = opstelling.deur.vraag(
        [lees("/v1/openapi.json", van), lees("/v1/organisaties", van), voorvraag]
    )
    assert (gewoon.status_code, document.headers["Access-Control-Allow-Origin"]) == (200, "*")
    assert not [kop for een in (gewoon, vooraf) for kop in een.headers if kop.startswith("access-control-")]


def test_the_same_request_while_it_is_under_way_is_told_to_wait(opstelling: Opstelling, geheel: App) -> None:
    overstap = opgevoerd(geheel, "780000500")
    vraag = schrijf(
        f"/v1/overstappen/{overstap}/stappen/leg-warme-overdracht-vast", opstelling.koppen, b'{"datum":"2026-01-09"}'
    )
    antwoorden = opstelling.deur.vraag([vraag] * 8)
    gegeven = {een.status_code: een for een in antwoorden}
    assert gegeven.keys() == {200, 409}
    assert len({een.text for een in antwoorden if een.status_code == 200}) == 1
    assert (gegeven[409].json()["code"], gegeven[409].headers["Retry-After"]) == ("bezig", "1")


def test_what_is_measured_is_told_and_nothing_of_anybody(opstelling: Opstelling, geheel: App) -> None:
    overstap = opgevoerd(geheel, "780000501")
    gevraagd = lees(f"/v1/overstappen/{overstap}", opstelling.koppen)
    stap = schrijf(
        f"/v1/overstappen/{overstap}/stappen/leg-ddd-status-vast", opstelling.koppen, b'{"datum":"2026-01-09"}'
    )
    assert [een.status_code for een in opstelling.deur.vraag([gevraagd, stap])] == [200, 200]
    [antwoord] = opstelling.deur.vraag([lees("/v1/metrics", {})])
    assert antwoord.headers["Content-Type"].startswith("text/plain")
    namen = set(re.findall(r"^overstap_[a-z_]+", antwoord.text, re.MULTILINE))
    assert namen >= {
        "overstap_http_verzoeken_total", "overstap_http_seconden_bucket", "overstap_opdrachten_total",
        "overstap_wachtrij", "overstap_stapel_opdrachten_bucket", "overstap_vastleggen_seconden_bucket",
        "overstap_beeld_achterstand",
    }  # fmt: skip
    assert 'bron="/v1/overstappen/{overstapId}"' in antwoord.text
    assert str(overstap) not in antwoord.text
    assert SCHOOL not in antwoord.text


def test_each_request_is_one_line_of_log_with_its_ids_and_nothing_of_a_person(
    opstelling: Opstelling, geheel: App, capsys: pytest.CaptureFixture[str]
) -> None:
    overstap = opgevoerd(geheel, "780000502")
    zoek = schrijf("/v1/overstappen/_zoek", opstelling.koppen, b'{"naam":"Kanarie"}')
    vragen = [lees(f"/v1/overstappen/{overstap}?klas=4B", opstelling.koppen), zoek, lees("/v1/overstappen/1", {})]
    richt_in("info")
    try:
        for vraag in vragen:
            opstelling.deur.vraag([vraag])
    finally:
        richt_in("error")
    geschreven = capsys.readouterr().err
    regels = [regel for regel in map(json.loads, geschreven.splitlines()) if regel["event"] == "verzoek"]
    assert [(een["methode"], een["bron"], een["status"]) for een in regels] == [
        ("GET", "/v1/overstappen/{overstapId}", 400),
        ("POST", "/v1/overstappen/_zoek", 200),
        ("GET", "?", 404),
    ]
    assert len({een["correlatie"] for een in regels}) == 3
    assert [een.get("rol") for een in regels] == ["decaan", "decaan", None]
    assert [een.get("organisatie") for een in regels] == [SCHOOL, SCHOOL, None]
    assert not re.search("Kanarie|780000502|4B", geschreven)


def test_what_is_long_is_sent_compressed_to_whom_that_suits(opstelling: Opstelling) -> None:
    kort, lang, liever_niet = opstelling.deur.vraag([
        lees("/v1/gezondheid/live", {}, **{"Accept-Encoding": "gzip"}),
        lees("/v1/openapi.json", {}, **{"Accept-Encoding": "gzip, deflate"}),
        lees("/v1/openapi.json", {}, **{"Accept-Encoding": "identity"}),
    ])  # fmt: skip
    assert [een.headers.get("Content-Encoding") for een in (kort, lang, liever_niet)] == [None, "gzip", None]


def test_the_key_of_a_trial_counts_for_nothing_in_a_service(opstelling: Opstelling) -> None:
    token = Proefuitgever(opstelling.map).token(DECAAN)  # made in the very folder of the service
    [antwoord] = opstelling.deur.vraag([lees("/v1/organisaties", {"Authorization": f"Bearer {token}"})])
    assert (antwoord.status_code, antwoord.json()["code"]) == (401, "niet_aangemeld")


def test_the_command_line_prints_the_document_that_is_served(opstelling: Opstelling, tmp_path: Path) -> None:
    [antwoord] = opstelling.deur.vraag([lees("/v1/openapi.json", {})])
    assert draai(tmp_path / "data", "openapi", "--adres", ADRES).json == antwoord.json()


def test_who_tries_too_often_without_a_right_token_is_told_when_to_come_back(opstelling: Opstelling) -> None:
    _tot_geweigerd(opstelling, lees("/v1/organisaties", {"Authorization": "Bearer x.y.z"}), 401)


def test_who_asks_too_much_is_told_when_to_come_back(opstelling: Opstelling) -> None:
    _tot_geweigerd(opstelling, lees("/v1/organisaties", opstelling.koppen), 200)


def _tot_geweigerd(opstelling: Opstelling, vraag: Vraag, eerst: int) -> None:
    gegeven = {een.status_code: een for een in opstelling.deur.vraag([vraag] * 150)}
    assert gegeven.keys() == {eerst, 429}
    assert gegeven[429].json()["code"] == "te_veel_verzoeken"
    assert 1 <= int(gegeven[429].headers["Retry-After"]) <= ceil(60 / _MISSERS)
