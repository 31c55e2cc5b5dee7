"""What the OpenAPI document allows, and what it does not, is sent by schemathesis as three roles: its checks hold."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from overstap.adapters.http.operaties import METHODEN
from overstap.adapters.postgres.databank import Databank
from overstap.domain.rollen import Actor
from tests.adapters.http.deur import Deur, open_deur
from tests.adapters.http.gebied import Gebied
from tests.adapters.http.klaarstaand import zet_klaar
from tests.adapters.http.uitgever import eigen_uitgever
from tests.statemachine.spelers import DECAAN, INTAKER, REGIEBEHEERDER

_VOL = os.environ.get("OVERSTAP_PROOF") == "full"
_HIER = Path(__file__).parent
_ROLLEN = [DECAAN, INTAKER, REGIEBEHEERDER]
_MINSTENS = 2_000 if _VOL else 100


@pytest.fixture(scope="module")
def gebied(demo_databank: Databank) -> Iterator[Gebied]:
    with eigen_uitgever() as uitgever:
        yield Gebied(demo_databank, uitgever)


@pytest.fixture(scope="module")
def deur(gebied: Gebied, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deur]:
    map_ = tmp_path_factory.mktemp("schema")
    with open_deur(gebied.databank, map_, verzoeken_per_minuut=0, missers_per_minuut=0) as open_:
        yield open_


@pytest.mark.proof
@pytest.mark.timeout(3_600 if _VOL else 240)
@pytest.mark.parametrize("actor", _ROLLEN if _VOL else _ROLLEN[:1], ids=lambda actor: str(actor.rol))
def test_every_answer_is_one_that_the_document_promises(
    gebied: Gebied, deur: Deur, actor: Actor, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    verslag = tmp_path / "verslag.json"
    opdracht = [
        str(Path(sys.executable).with_name("st")),
        "--config-file",
        str(_HIER / "schemathesis.toml"),
        "run",
        f"{deur.adres}/v1/openapi.json",
        "--header",
        f"Authorization: {deur.als(actor)['Authorization']}",
        "--checks",
        "all",
        "--phases",
        "examples,coverage,fuzzing,stateful" if _VOL else "fuzzing",
        "--max-examples",
        "4" if _VOL else "1",
        "--no-shrink",
        "--seed",
        "1",
        "--no-color",
        "--report-json-path",
        str(verslag),
    ]
    klaar = zet_klaar(gebied, actor.rol)
    klaarstaand, bereikt = tmp_path / "klaar.json", tmp_path / "bereikt"
    klaarstaand.write_bytes(msgspec.json.encode(klaar))
    omgeving = {
        **os.environ,
        "SCHEMATHESIS_HOOKS": str(_HIER / "serialisatie.py"),
        "OVERSTAP_KLAAR": str(klaarstaand),
        "OVERSTAP_BEREIKT": str(bereikt),
    }
    uit = subprocess.run(opdracht, env=omgeving, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert uit.returncode == 0, uit.stdout[-8_000:] + uit.stderr[-2_000:]
    aantal = json.loads(verslag.read_text("utf-8"))["test_cases"]["generated"]
    record_property(f"gevallen van schemathesis als {actor.rol}", aantal)
    assert aantal >= _MINSTENS, f"{aantal} cases"
    antwoorden = {(naam, int(status)) for naam, status in map(str.split, bereikt.read_text("utf-8").splitlines())}
    document = deur.client.get("/v1/openapi.json").json()
    bewerkingen = {
        een["operationId"] for pad in document["paths"].values() for methode, een in pad.items() if methode in METHODEN
    }
    bewerkingen.remove("toon_openapi")  # which it reads first of all
    gevraagd, gelukt = ({naam for naam, status in antwoorden if status < grens} for grens in (600, 400))
    record_property(f"bewerkingen die schemathesis vroeg als {actor.rol}", len(gevraagd))
    record_property(f"bewerkingen die het gaf als {actor.rol}", len(gelukt))
    assert gevraagd >= bewerkingen, sorted(bewerkingen - gevraagd)
    assert gelukt >= klaar.keys(), sorted(klaar.keys() - gelukt)
