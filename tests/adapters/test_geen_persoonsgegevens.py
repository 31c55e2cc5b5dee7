"""Nothing personal stands in clear in the database's own files, its write-ahead log, the logs or what a run says."""

import contextlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from overstap.adapters.app import App
from overstap.adapters.koppelingen import importeer
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import SUPERGEBRUIKER
from overstap.adapters.postgres.server import Server
from overstap.adapters.telemetry import richt_in
from overstap.domain.rollen import Rol
from tests.adapters.koppelingen.bestanden import bericht, bsn, csv, onderwijsnummer, pagina, stap, stappen
from tests.adapters.opstelling import ANDERE_SCHOOL, GEMEENTE, MBO, REGIO, SCHOOL, app, richt_regio_in

# Words that occur nowhere else; what a person is, and what people say about him.
NAMEN = [
    "Zwartevlinder",
    "Quispelaer",
    "Ondrejkovicova",
    "Wobbelmaar",
    "Grauwsteeg 113",
    "9183 XQ",
    "Kranendijkveen",
    "quispel@",
    "0699887766",
    "Tjalkmeester",
    "tjalk@",
    "Gesproken met de moeder",
    "Fladderkamp",
    "verhuisd naar Ulftenburg",
    "Kwetterhoek",
]
ONDERWIJSNUMMER, BSN, ONBEKEND = onderwijsnummer(), bsn(), bsn()
GEZOCHT = [*NAMEN, ONDERWIJSNUMMER, BSN, ONBEKEND, "2010-02-03", "03-02-2010"]

KOP = (
    "BSN;Achternaam;Roepnaam;Tussenvoegsel;Geboortedatum;Niveau;Klas;Gemeente;Adres;Postcode;Woonplaats;Email;Telefoon"
)
LEERLING = (
    "{};Zwartevlinder;Quispelaer;van;{};kb;4a;0363;Grauwsteeg 113;9183 XQ;Kranendijkveen;quispel@x.example;0699887766"
)
ORGANISATIES = "regel;code;account;rol;onderwerp;naam;email;telefoon"


def draai_een_jaar(geheel: App, map_: Path) -> None:
    """Send everything that can hold a person, right and wrong."""

    def lever(pad: Path, namens: str, rol: Rol) -> None:
        importeer(geheel, pad, namens, rol, geweigerd_naar=map_ / "geweigerd")
        importeer(geheel, pad, namens, rol)

    lever(
        csv(
            map_ / "o.csv",
            ORGANISATIES,
            f"functionaris;{SCHOOL};decaan-99aa-1;decaan;;Tjalkmeester;tjalk@x.example;0699887766",
            f"contact;{SCHOOL};;;overstap;Tjalkmeester;tjalk@x.example;0699887766",
            f"functionaris;{SCHOOL};Tjalkmeester;decaan;;Tjalkmeester;;",
        ),
        SCHOOL,
        Rol.VO_BEHEERDER,
    )
    lever(
        pagina(map_ / "w.json", bericht(ONBEKEND, "99XX:70000001"), bericht(BSN, "99XX:70000002")), MBO, Rol.KOPPELING
    )
    lever(
        csv(
            map_ / "l.csv",
            KOP,
            LEERLING.format(ONDERWIJSNUMMER, "2010-02-03"),
            LEERLING.format(ONDERWIJSNUMMER, "2010-02-03").replace("Zwartevlinder", "Wobbelmaar"),
            LEERLING.format("123456789", "03-02-2010"),
            LEERLING.format(ONDERWIJSNUMMER, "03-02-2010").replace("4a", "Zwartevlinder"),
            LEERLING.format(ONDERWIJSNUMMER, "03-02-2010").replace("0363", "Kranendijkveen"),
            f'"{LEERLING}',
        ),
        SCHOOL,
        Rol.VO_BEHEERDER,
    )
    lever(csv(map_ / "a.csv", KOP, LEERLING.format(ONDERWIJSNUMMER, "2010-02-03")), ANDERE_SCHOOL, Rol.VO_BEHEERDER)
    lever(
        pagina(
            map_ / "p.json",
            bericht(ONDERWIJSNUMMER, "99XX:70000003"),
            bericht(ONDERWIJSNUMMER, "99XX:70000003", 2, "Quispelaer"),
            bericht(ONDERWIJSNUMMER, "99XX:70000003", 3, "LI", grond="Wobbelmaar"),
            bericht("Zwartevlinder", "99XX:70000004"),
        ),
        MBO,
        Rol.KOPPELING,
    )
    zegt = {"tekst": "Gesproken met de moeder"}
    overleg = {"contact": "Fladderkamp", "overlegDatum": "2026-01-05"}
    lever(
        stappen(
            map_ / "s.ndjson",
            [
                stap("plaats_bericht", ONDERWIJSNUMMER, aan=MBO, **zegt, sleutel="Kwetterhoek"),
                stap("schakel_leerplicht_in", ONDERWIJSNUMMER, overleg=overleg),
                stap("plaats_bericht", ONDERWIJSNUMMER, aan="Wobbelmaar", **zegt),
                stap("onderbreek", ONDERWIJSNUMMER, reden="verhuisd naar Ulftenburg"),
                stap("Ondrejkovicova", ONDERWIJSNUMMER),
                stap("hervat", ONDERWIJSNUMMER, Wobbelmaar="Quispelaer"),
                stap("leg_overleg_vast", ONDERWIJSNUMMER, contact="Fladderkamp", overlegDatum="Ondrejkovicova"),
            ],
        ),
        SCHOOL,
        Rol.DECAAN,
    )
    lever(
        stappen(
            map_ / "b.ndjson",
            [
                stap("wijzig_persoonsgegevens", ONDERWIJSNUMMER, achternaam="Ondrejkovicova"),
                stap("vervang_pgn", ONDERWIJSNUMMER, nieuwePgn=BSN),
            ],
        ),
        SCHOOL,
        Rol.VO_BEHEERDER,
    )
    lever(
        stappen(
            map_ / "h.ndjson", [stap("handel_leerplicht_af", BSN, uitkomst="overig", reden="verhuisd naar Ulftenburg")]
        ),
        GEMEENTE,
        Rol.LEERPLICHTAMBTENAAR,
    )
    lever(
        stappen(map_ / "k.ndjson", [stap("koppel_wachtbak", BSN, ketenId="99XX:70000001")]), REGIO, Rol.REGIEBEHEERDER
    )


@pytest.fixture(scope="module")
def gedraaid(
    server: Server, demo_databank: Databank, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[App, Path]]:
    map_ = tmp_path_factory.mktemp("leveringen")
    with app(demo_databank) as geheel:
        richt_regio_in(geheel)
        draai_een_jaar(geheel, map_)
        with psycopg.connect(**server.adres(SUPERGEBRUIKER, geheel.databank.adres["dbname"]), autocommit=True) as db:  # type: ignore[arg-type]
            db.execute("CHECKPOINT")
        yield geheel, server.cluster


def bestanden(cluster: Path) -> Iterator[tuple[Path, bytes]]:
    """Read every file of the cluster; other tests' databases on the same server may vanish meanwhile."""
    for folder, _, namen in os.walk(cluster):
        for naam in namen:
            with contextlib.suppress(FileNotFoundError):
                yield Path(folder, naam), Path(folder, naam).read_bytes()


def test_the_run_did_what_could_have_left_something_behind(gedraaid: tuple[App, Path]) -> None:
    geheel, _ = gedraaid

    soorten = {type(een.feit).__name__ for een in geheel.log.lees(0, 1_000)}

    assert soorten >= {
        "OverstapOpgevoerd",
        "PersoonsgegevensGewijzigd",
        "PgnVervangen",
        "BerichtGeplaatst",
        "OverlegVastgelegd",
        "LeerplichtAfgehandeld",
        "WachtbakBerichtOntvangen",
        "WachtbakItemGekoppeld",
        "RolToegekend",
        "ContactVastgelegd",
        "RegelGeweigerd",
        "SignaalGegeven",
    }


def test_no_name_or_number_stands_in_any_file_of_the_database(gedraaid: tuple[App, Path]) -> None:
    _, cluster = gedraaid
    gezocht = re.compile("|".join(re.escape(woord) for woord in GEZOCHT).encode())

    gevonden = {
        (str(pad.relative_to(cluster)), woord.decode())
        for pad, inhoud in bestanden(cluster)
        for woord in gezocht.findall(inhoud)
    }

    assert not gevonden


def test_the_search_would_find_what_does_stand_there(gedraaid: tuple[App, Path]) -> None:
    geheel, cluster = gedraaid
    [organisatie] = [een for een in geheel.kaders.organisaties(REGIO) if een.code == SCHOOL]
    met_naam = [pad for pad, inhoud in bestanden(cluster) if organisatie.naam.encode() in inhoud]

    assert any("base" in pad.parts for pad in met_naam)
    assert any("pg_wal" in pad.parts for pad in met_naam)


def test_the_server_s_own_log_says_nothing_personal(gedraaid: tuple[App, Path], server: Server) -> None:
    tekst = (server.data / "postgres.log").read_text(encoding="utf-8", errors="replace")

    assert not [woord for woord in GEZOCHT if woord in tekst]


def test_log_lines_and_reports_of_a_run_say_nothing_personal(
    demo_databank: Databank, gedraaid: tuple[App, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    richt_in("debug")

    draai_een_jaar(gedraaid[0], tmp_path)

    geschreven = "".join(capsys.readouterr())
    assert [json.loads(regel)["event"] for regel in geschreven.splitlines()].count("import") == 18
    assert not [woord for woord in GEZOCHT if woord in geschreven]
