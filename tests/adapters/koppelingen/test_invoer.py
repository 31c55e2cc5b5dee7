"""Any delivery: the same one adds nothing, a stopped one is finished by the next, what was refused can be mended."""

import json
import os
import signal
import stat
import subprocess
import sys
import textwrap
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from overstap.adapters.app import App
from overstap.adapters.koppelingen import GeweigerdeRegel, Verslag, Voortgang, importeer, invoer, regels
from overstap.adapters.koppelingen.verslag import MEESTE_REGELS
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.migreer import Soort
from overstap.domain.feiten.aanlevering import AanleveringOntvangen, AanleveringVerwerkt, RegelGeweigerd
from overstap.domain.rollen import Rol
from tests.adapters.koppelingen.bestanden import (
    KOP,
    bericht,
    bsn,
    csv,
    keten_id,
    leerling,
    lijst,
    pagina,
    stap,
    stappen,
)
from tests.adapters.koppelingen.conftest import Lever, codes, dossier_van, feiten_van
from tests.adapters.opstelling import SCHOOL, app, richt_regio_in
from tests.postgres_fixture import MakeDatabank


def positie(geheel: App) -> int:
    return geheel.log.laatste_positie()


def test_a_delivery_is_recorded_received_refused_by_line_and_processed(
    als_school: Lever, geheel: App, tmp_path: Path
) -> None:
    pad = lijst(tmp_path / "l.csv", leerling(bsn()), leerling("900180731"), leerling(bsn(), klas=""))

    verslag = als_school(pad)

    ontvangen, *geweigerd, verwerkt = feiten_van(geheel, verslag.aanlevering)
    assert isinstance(ontvangen, AanleveringOntvangen)
    assert (ontvangen.soort, ontvangen.bytes) == ("leerlingen", pad.stat().st_size)
    assert [(een.regel, een.code) for een in geweigerd if isinstance(een, RegelGeweigerd)] == codes(verslag)
    assert verwerkt == AanleveringVerwerkt(regels=3, aanvaard=1, ongewijzigd=0, wachtbak=0, geweigerd=2)


def test_all_that_a_delivery_causes_carries_its_id(als_school: Lever, geheel: App, tmp_path: Path) -> None:
    begin = positie(geheel)

    verslag = als_school(lijst(tmp_path / "l.csv", leerling(bsn()), leerling("1")))

    assert {een.correlatie for een in geheel.log.lees(begin, 100)} == {verslag.aanlevering}


def test_the_same_file_twice_adds_nothing_and_reports_the_same_refusals(
    als_school: Lever, als_mbo: Lever, als: Lever, geheel: App, tmp_path: Path
) -> None:
    pgn = bsn()
    keten, andere_keten = keten_id(), keten_id()
    lijst_ = lijst(tmp_path / "l.csv", leerling(pgn), leerling("1"))
    bladzijde = pagina(tmp_path / "p.json", bericht(pgn, keten), bericht("1", keten))
    onbekende = pagina(tmp_path / "w.json", bericht(bsn(), andere_keten))
    regels = stappen(tmp_path / "s.ndjson", [stap("hervat", pgn), stap("leg_ddd_status_vast", pgn, datum="2026-01-02")])

    def lever_alles() -> list[Verslag]:
        return [als_school(lijst_), als_mbo(bladzijde), als_mbo(onbekende), als(regels, SCHOOL, Rol.DECAAN)]

    eerst = lever_alles()
    begin = positie(geheel)

    nogmaals = lever_alles()

    assert positie(geheel) == begin
    assert [een.gebeurtenissen for een in nogmaals] == [0, 0, 0, 0]
    assert [codes(een) for een in nogmaals] == [codes(een) for een in eerst]
    assert [een.aanvaard + een.wachtbak for een in nogmaals] == [0, 0, 0, 0]


def test_a_file_sent_again_long_after_undoes_nothing(als_school: Lever, geheel: App, tmp_path: Path) -> None:
    pgn = bsn()
    oud, nieuw = lijst(tmp_path / "een.csv", leerling(pgn)), lijst(tmp_path / "twee.csv", leerling(pgn, klas="4b"))
    als_school(oud)
    als_school(nieuw)

    als_school(oud)

    assert dossier_van(geheel, pgn).overstap.klas == "4b"


def test_what_was_refused_stays_refused_in_the_same_file_and_is_judged_when_sent_apart(
    als_school: Lever, als: Lever, geheel: App, tmp_path: Path
) -> None:
    bekend, later = bsn(), bsn()
    als_school(lijst(tmp_path / "een.csv", leerling(bekend)))
    regels = [stap("leg_ddd_status_vast", pgn, datum="2026-01-02") for pgn in (bekend, later)]
    pad, apart = stappen(tmp_path / "s.ndjson", regels), tmp_path / "geweigerd.ndjson"
    als(pad, SCHOOL, Rol.DECAAN, geweigerd_naar=apart)
    als_school(lijst(tmp_path / "twee.csv", leerling(later)))

    assert codes(als(pad, SCHOOL, Rol.DECAAN)) == [(2, "onbekende_leerling")]
    assert als(apart, SCHOOL, Rol.DECAAN).aanvaard == 1


def test_a_file_of_which_nothing_could_be_used_is_judged_again(
    als_school: Lever, als: Lever, geheel: App, tmp_path: Path
) -> None:
    pgn = bsn()
    pad = stappen(tmp_path / "s.ndjson", [stap("leg_ddd_status_vast", pgn, datum="2026-01-02")])
    geweigerd = als(pad, SCHOOL, Rol.DECAAN)
    als_school(lijst(tmp_path / "l.csv", leerling(pgn)))

    verslag = als(pad, SCHOOL, Rol.DECAAN)

    assert geweigerd.heeft_weigeringen
    assert (verslag.aanvaard, verslag.heeft_weigeringen) == (1, False)


def test_the_same_bytes_from_another_deliverer_are_another_delivery(als: Lever, geheel: App, tmp_path: Path) -> None:
    pad = lijst(tmp_path / "l.csv", leerling(bsn()))

    eerst, dan = als(pad, SCHOOL, Rol.VO_BEHEERDER), als(pad, SCHOOL, Rol.DECAAN)

    assert eerst.aanlevering != dan.aanlevering
    assert dan.ongewijzigd == 1


def test_refused_lines_go_to_a_file_for_the_owner_alone_with_the_header_and_can_be_mended(
    als_school: Lever, geheel: App, tmp_path: Path
) -> None:
    apart, pgn = tmp_path / "geweigerd.csv", bsn()
    kop = KOP.replace("BSN", "Burgerservicenummer")
    als_school(
        csv(tmp_path / "l.csv", kop, leerling(bsn()), leerling(pgn, klas=""), leerling("1"), codering="utf-8-sig"),
        geweigerd_naar=apart,
    )

    inhoud = apart.read_bytes()
    assert stat.S_IMODE(apart.stat().st_mode) == 0o600
    assert inhoud == b"\xef\xbb\xbf" + "\n".join([kop, leerling(pgn, klas=""), leerling("1"), ""]).encode()

    apart.write_bytes(inhoud.replace(leerling(pgn, klas="").encode(), leerling(pgn).encode()))
    verslag = als_school(apart, geweigerd_naar=apart)

    assert (verslag.aanvaard, codes(verslag)) == (1, [(3, "pgn_ongeldig")])
    assert apart.read_text("utf-8-sig").splitlines() == [kop, leerling("1")]


def test_refused_items_of_a_page_can_be_mended_and_sent_again(als_mbo: Lever, tmp_path: Path) -> None:
    apart = tmp_path / "geweigerd.json"
    als_mbo(
        pagina(tmp_path / "p.json", *(bericht(bsn(), keten_id(), opleidingCreboCode="x") for _ in range(3))),
        geweigerd_naar=apart,
    )
    apart.write_text(apart.read_text().replace('"x"', '"25647"'))

    verslag = als_mbo(apart)

    assert (verslag.wachtbak, verslag.heeft_weigeringen) == (3, False)


def test_without_refusals_no_file_is_made_and_none_is_left_behind(als_school: Lever, tmp_path: Path) -> None:
    als_school(lijst(tmp_path / "l.csv", leerling(bsn())), geweigerd_naar=tmp_path / "geweigerd.csv")

    assert [een.name for een in tmp_path.iterdir()] == ["l.csv"]


def test_every_refused_line_is_told_and_the_report_holds_the_first(als_school: Lever, tmp_path: Path) -> None:
    gehoord: list[GeweigerdeRegel] = []
    aantal = MEESTE_REGELS + 50

    verslag = als_school(
        lijst(tmp_path / "l.csv", *(leerling("1") for _ in range(aantal))), bij_weigering=gehoord.append
    )

    assert [een.regel for een in gehoord] == list(range(2, aantal + 2))
    assert (verslag.aantal_geweigerd, len(verslag.geweigerd), verslag.is_volledig) == (aantal, MEESTE_REGELS, False)
    assert verslag.per_code == {"pgn_ongeldig": aantal}


def test_progress_is_told_in_bytes_lines_and_events(als_school: Lever, tmp_path: Path) -> None:
    gehoord: list[Voortgang] = []
    pad = lijst(tmp_path / "l.csv", *(leerling(bsn()) for _ in range(2_100)))

    verslag = als_school(pad, voortgang=gehoord.append)

    assert [een.regels for een in gehoord] == [2_000, 2_100]
    assert gehoord[-1].gelezen == gehoord[-1].omvang == pad.stat().st_size
    assert gehoord[-1].gebeurtenissen == verslag.gebeurtenissen - 1


def test_the_next_lines_are_read_while_the_log_records_the_last_and_progress_tells_of_those_alone(
    als_school: Lever, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(regels, "STUK", 8_192)
    monkeypatch.setattr(invoer, "REGELS_PER_BATCH", 300)
    pad = lijst(tmp_path / "l.csv", *(leerling(bsn()) for _ in range(900)))
    stand: list[tuple[int, int, int]] = []

    def hoor(voortgang: Voortgang) -> None:
        stand.append((voortgang.regels, voortgang.gelezen, _gelezen_van(pad)))

    als_school(pad, voortgang=hoor)

    assert [regels_ for regels_, _, _ in stand] == [300, 600, 900, 900]
    een_batch = pad.stat().st_size // 3
    assert stand[0][1] < 2 * een_batch <= stand[0][2] + 8_192, "told of one batch, read two"


def _gelezen_van(pad: Path) -> int:
    """Give how far this process has read an open file."""
    [nummer] = [een.name for een in Path("/proc/self/fd").iterdir() if een.exists() and een.samefile(pad)]
    return int(Path("/proc/self/fdinfo", nummer).read_text("ascii").split()[1])


def test_a_report_and_its_log_line_hold_nothing_of_what_was_delivered(
    als_school: Lever, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pgn = bsn()

    verslag = als_school(
        lijst(tmp_path / "l.csv", leerling(pgn, achternaam="Sterrenburg", klas="zevenenveertig!"), f"{pgn};Sterrenburg")
    )

    geschreven = msgspec.json.encode(verslag).decode() + "".join(capsys.readouterr())
    assert verslag.aantal_geweigerd == 2
    assert not any(woord in geschreven for woord in (pgn, "Sterrenburg", "zevenenveertig"))


HIER = Path(__file__).parents[3]
KIND = """
    import json, sys, time
    from pathlib import Path
    from overstap.adapters.koppelingen import importeer
    from overstap.adapters.postgres.databank import Databank
    from overstap.domain.rollen import Rol
    from tests.adapters.opstelling import app
    adres, wachtwoorden, pad, namens, rol, na = json.load(sys.stdin)

    def tel(voortgang):
        if voortgang.regels >= na:
            print("nu", flush=True)
            time.sleep(60)

    with app(Databank(adres, wachtwoorden)) as geheel:
        importeer(geheel, Path(pad), namens, Rol(rol), voortgang=tel)
"""


def schiet_af(databank: Databank, pad: Path, namens: str, rol: Rol, na: int) -> None:
    """Import in another process, and kill it once so many lines are done."""
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(KIND)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=HIER,
        env={**os.environ, "PYTHONPATH": str(HIER)},
    ) as kind:
        assert kind.stdin
        assert kind.stdout
        kind.stdin.write(json.dumps((dict(databank.adres), dict(databank.wachtwoorden), str(pad), namens, rol, na)))
        kind.stdin.close()
        uitvoer = ""
        for regel in kind.stdout:
            uitvoer += regel
            if regel == "nu\n":
                break
        kind.send_signal(signal.SIGKILL)
    assert uitvoer.endswith("nu\n"), uitvoer


def inhoud_van_het_log(geheel: App) -> list[tuple[object, ...]]:
    """Give what happened, without what differs from run to run: random ids, ciphertext, and the counts of the runs."""
    nummers: dict[UUID, int] = {}
    uit = []
    for een in geheel.log.lees(0, 100_000):
        if isinstance(een.feit, AanleveringVerwerkt):
            continue
        nummer = nummers.setdefault(een.originator_id, len(nummers))
        uit.append((nummer, een.originator_version, type(een.feit).__name__, een.actor, een.gebeurd_op))
    return sorted(uit, key=str)


def test_a_run_stopped_half_way_and_run_again_ends_in_the_same_state(
    maak_databank: MakeDatabank, tmp_path: Path
) -> None:
    pgns = [bsn() for _ in range(2_200)]
    ketens = [keten_id() for _ in pgns]
    leerlingen = lijst(
        tmp_path / "l.csv", *(leerling(pgn if n % 100 else "1", klas=f"4{n % 7}") for n, pgn in enumerate(pgns))
    )
    berichten = pagina(
        tmp_path / "p.json",
        *(bericht(pgn, keten, 1, "AO") for pgn, keten in zip(pgns, ketens, strict=True)),
        *(bericht(pgn, keten, 2, "IG") for pgn, keten in zip(pgns, ketens, strict=True)),
    )
    uitkomsten = []
    for gestopt in (False, True):
        databank = maak_databank(Soort.DEMO)
        with app(databank) as geheel:
            richt_regio_in(geheel)
            if gestopt:
                schiet_af(databank, leerlingen, SCHOOL, Rol.VO_BEHEERDER, 1_000)
            importeer(geheel, leerlingen, SCHOOL, Rol.VO_BEHEERDER)
            if gestopt:
                schiet_af(databank, berichten, "99XX", Rol.KOPPELING, 3_000)
            verslag = importeer(geheel, berichten, "99XX", Rol.KOPPELING)
            uitkomsten.append((inhoud_van_het_log(geheel), verslag.wachtbak + verslag.ongewijzigd + verslag.aanvaard))
            assert importeer(geheel, leerlingen, SCHOOL, Rol.VO_BEHEERDER).gebeurtenissen == 0
            assert importeer(geheel, berichten, "99XX", Rol.KOPPELING).gebeurtenissen == 0

    assert uitkomsten[0] == uitkomsten[1]


def test_two_processes_that_take_in_one_file_at_once_record_it_once(
    maak_databank: MakeDatabank, tmp_path: Path
) -> None:
    databank = maak_databank(Soort.DEMO)
    pad = lijst(tmp_path / "l.csv", *(leerling(bsn() if n % 5 else "1") for n in range(600)))
    with app(databank) as eerste, app(databank) as tweede:
        richt_regio_in(eerste)

        def ertussen(_voortgang: Voortgang) -> None:
            importeer(tweede, pad, SCHOOL, Rol.VO_BEHEERDER)

        importeer(eerste, pad, SCHOOL, Rol.VO_BEHEERDER, voortgang=ertussen)

        soorten = [type(een.feit).__name__ for een in eerste.log.lees(0, 10_000)]
        assert (soorten.count("OverstapOpgevoerd"), soorten.count("RegelGeweigerd")) == (480, 120)
        assert soorten.count("AanleveringOntvangen") == 1


def test_the_memory_of_an_import_does_not_grow_with_the_file(maak_databank: MakeDatabank, tmp_path: Path) -> None:
    databank = maak_databank(Soort.DEMO)
    with app(databank) as geheel:
        richt_regio_in(geheel)
    hoogste = []
    for aantal in (1_500, 9_000):
        pad = lijst(tmp_path / f"{aantal}.csv", *(leerling(bsn()) for _ in range(aantal)))
        hoogste.append(_geheugen_van_een_import(databank, pad))

    assert hoogste[1] < hoogste[0] + 12_000, "kB more for six times the lines"


GEHEUGEN = """
    import json, re, sys
    from pathlib import Path
    from overstap.adapters.koppelingen import importeer
    from overstap.adapters.postgres.databank import Databank
    from overstap.domain.rollen import Rol
    from tests.adapters.opstelling import app
    adres, wachtwoorden, pad = json.load(sys.stdin)
    with app(Databank(adres, wachtwoorden), toestanden=500) as geheel:
        geheel.kluis._hoogstens = 500  # as the states: what is kept for later is full from the start
        verslag = importeer(geheel, Path(pad), "99AA", Rol.VO_BEHEERDER)
    assert not verslag.heeft_weigeringen
    # not ru_maxrss: a child's begins at its parent's
    print(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""


def _geheugen_van_een_import(databank: Databank, pad: Path) -> int:
    uit = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(GEHEUGEN)],
        input=json.dumps((dict(databank.adres), dict(databank.wachtwoorden), str(pad))),
        capture_output=True,
        text=True,
        check=False,
        cwd=HIER,
        env={**os.environ, "PYTHONPATH": str(HIER)},
    )
    assert uit.returncode == 0, uit.stderr
    return int(uit.stdout.split()[-1])
