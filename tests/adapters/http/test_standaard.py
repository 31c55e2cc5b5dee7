"""What the API Design Rules ask of a service that is reached by TLS, and that does not let itself be asked for ever."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from overstap.adapters.app import App
from overstap.adapters.http.identiteit.wie import account_van
from overstap.adapters.postgres.databank import Databank
from overstap.domain.rollen import Rol
from tests.adapters.cli.conftest import draai
from tests.adapters.http.binnendeur import Binnendeur, Vraag, open_binnendeur
from tests.adapters.http.gebied import DOELGROEP, lees, schrijf
from tests.adapters.http.rollen import geef_rol
from tests.adapters.http.uitgever import eigen_uitgever, schrijf_uitgevers
from tests.adapters.opstelling import HOOFDSLEUTEL, SCHOOL, VO_BEHEERDER, app, opgevoerd

ADRES = "https://overstap.example"
_PER_MINUUT, _MISSERS = 120, 12
"""Twenty at once, and two."""


class Opstelling:
    """The application, and the headers by which a decaan is known."""

    def __init__(self, deur: Binnendeur, token: str) -> None:
        self.deur = deur
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
            yield Opstelling(deur, token)


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
    assert 1 <= int(gegeven[429].headers["Retry-After"]) <= 60 / _MISSERS
