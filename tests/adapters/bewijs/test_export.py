"""What somebody else can see with an export, verify.py and a checkpoint that he kept."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from overstap.adapters.bewijs import verify
from overstap.adapters.bewijs.aantonen import toon_inclusie, toon_samenhang
from overstap.adapters.bewijs.bewaard import Uitgegeven
from overstap.adapters.bewijs.boom import Boom
from overstap.adapters.bewijs.export import exporteer
from overstap.adapters.bewijs.fouten import BewijsFout, NotarisWeigert
from overstap.adapters.bewijs.notaris import Notaris
from overstap.adapters.bewijs.teksten import Stand, lees_controlepunt
from overstap.adapters.bewijs.toetsing import toets_log
from tests.adapters.bewijs.conftest import Bewaakt, MaakBewaakt

GROOTTEN = (100, 177, 300)


@pytest.fixture(scope="module")
def bewaakt(maak_bewaakt: MaakBewaakt) -> Bewaakt:
    """Give a log of 305 events, checkpoints at 100, 177 and 300, and a key that was changed after the second."""
    bewaakt = maak_bewaakt()
    for nummer, grootte in enumerate(GROOTTEN):
        bewaakt.groei(grootte - bewaakt.log.laatste_positie())
        if nummer == 2:
            bewaakt.notaris.wissel_sleutel()
        bewaakt.onderteken()
    bewaakt.groei(5)
    return bewaakt


@pytest.fixture
def bewaard(bewaakt: Bewaakt, tmp_path: Path) -> Path:
    """Give a file with the first and the last checkpoint."""
    return bewaar(tmp_path / "bewaard.ndjson", bewaakt.punten[0], bewaakt.punten[2])


def bewaar(pad: Path, *punten: object) -> Path:
    pad.write_bytes(b"".join(msgspec.json.encode(punt) + b"\n" for punt in punten))
    return pad


def verifieer(capsys: pytest.CaptureFixture[str], *argumenten: object) -> tuple[int, str]:
    uitgang = verify.hoofd([str(argument) for argument in argumenten])
    return uitgang, capsys.readouterr().out


def test_an_untouched_log_is_right(
    bewaakt: Bewaakt, bewaard: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exporteer(bewaakt.lezer, tmp_path / "export")
    uitgang, zinnen = verifieer(capsys, tmp_path / "export", "--tegen", bewaard)
    assert uitgang == 0
    assert "305 gebeurtenissen" in zinnen
    assert "positie 1 tot en met 300" in zinnen
    assert "controlepunt 3, positie 300" in zinnen
    verslag = toets_log(bewaakt.lezer, bewaakt.punten)
    assert (verslag.is_goed, verslag.gebeurtenissen, verslag.beschermd_tot, verslag.sleutels) == (True, 305, 300, 2)


def test_without_a_kept_checkpoint_it_says_what_that_does_not_show(
    bewaakt: Bewaakt, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exporteer(bewaakt.lezer, tmp_path / "export")
    uitgang, zinnen = verifieer(capsys, tmp_path / "export")
    assert uitgang == 0
    assert "--tegen" in zinnen


def test_a_flipped_byte_is_found_and_named(
    bewaakt: Bewaakt, bewaard: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with bewaakt.als_supergebruiker() as beheerder:
        beheerder.execute("UPDATE log.gebeurtenissen SET state = set_byte(state, 9, 1) WHERE positie = 60")
        exporteer(beheerder, tmp_path / "export")
        verslag = toets_log(beheerder)
    uitgang, zinnen = verifieer(capsys, tmp_path / "export", "--tegen", bewaard)
    assert uitgang == 1
    assert "MIS  Positie 60: " in zinnen
    assert [(een.soort, een.van, een.tot) for een in verslag.bevindingen] == [("keten", 60, 60)]


def test_verify_py_runs_alone(bewaakt: Bewaakt, bewaard: Path, tmp_path: Path) -> None:
    exporteer(bewaakt.lezer, tmp_path / "export")
    kopie = tmp_path / "elders" / "verify.py"
    kopie.parent.mkdir()
    kopie.write_bytes(Path(verify.__file__).read_bytes())
    opdracht = [sys.executable, "-I", str(kopie), str(tmp_path / "export"), "--tegen", str(bewaard)]
    gedraaid = subprocess.run(opdracht, cwd=kopie.parent, capture_output=True, text=True, check=False)
    assert (gedraaid.returncode, gedraaid.stderr) == (0, "")
    assert "import overstap" not in kopie.read_text(encoding="utf-8")


@pytest.mark.parametrize("nummer", [1, 2, 3])
def test_any_event_is_proved_to_be_under_a_checkpoint(
    bewaakt: Bewaakt, nummer: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    punt = bewaar(tmp_path / "punt", bewaakt.punten[nummer - 1])
    for positie in range(1, GROOTTEN[nummer - 1] + 1, 7):
        bewijs = bewaar(tmp_path / "bewijs", toon_inclusie(bewaakt.lezer, positie, nummer))
        assert verifieer(capsys, bewijs, "--tegen", punt)[0] == 0


def test_a_proof_of_another_event_is_refused(
    bewaakt: Bewaakt, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    goed = msgspec.json.decode(msgspec.json.encode(toon_inclusie(bewaakt.lezer, 41)))
    gebeurtenis = goed["gebeurtenis"]
    for veld, waarde in (("positie", 42), ("rol", "mentor"), ("vastgelegd_op", 7), ("state", "e30=")):
        vals = bewaar(tmp_path / "vals", {**goed, "gebeurtenis": {**gebeurtenis, veld: waarde}})
        assert verifieer(capsys, vals)[0] == 1, veld


def test_a_proof_must_rest_on_a_checkpoint_that_was_kept(
    bewaakt: Bewaakt, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bewijs = bewaar(tmp_path / "bewijs", toon_inclusie(bewaakt.lezer, 41, 2))
    uitgang, zinnen = verifieer(capsys, bewijs, "--tegen", bewaar(tmp_path / "punt", bewaakt.punten[0]))
    assert uitgang == 1
    assert "geen controlepunt dat u bewaarde" in zinnen


@pytest.mark.parametrize(("oud", "nieuw"), [(1, 1), (1, 2), (1, 3), (2, 3)])
def test_a_later_checkpoint_is_proved_to_go_on_where_an_earlier_one_was(
    bewaakt: Bewaakt, oud: int, nieuw: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bewijs = bewaar(tmp_path / "bewijs", toon_samenhang(bewaakt.lezer, oud, nieuw))
    assert verifieer(capsys, bewijs, "--tegen", bewaar(tmp_path / "punt", bewaakt.punten[oud - 1]))[0] == 0


def test_an_event_after_the_checkpoint_has_no_proof_yet(bewaakt: Bewaakt) -> None:
    with pytest.raises(BewijsFout, match="overstap audit checkpoint"):
        toon_inclusie(bewaakt.lezer, 301)


def test_an_export_goes_into_an_empty_folder(bewaakt: Bewaakt, tmp_path: Path) -> None:
    (tmp_path / "iets").touch()
    with pytest.raises(BewijsFout, match="lege of nieuwe map"):
        exporteer(bewaakt.lezer, tmp_path)


def test_a_checkpoint_signed_by_a_stranger_is_refused(
    bewaakt: Bewaakt, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exporteer(bewaakt.lezer, tmp_path / "export")
    eigen = bewaakt.punten[0]
    vals = msgspec.structs.replace(eigen, handtekening="00" * 64)
    uitgang, zinnen = verifieer(capsys, tmp_path / "export", "--tegen", bewaar(tmp_path / "vals", vals))
    assert uitgang == 1
    assert "niet goed ondertekend" in zinnen
    assert not toets_log(bewaakt.lezer, [vals]).is_goed
    assert isinstance(eigen, Uitgegeven)


def test_the_list_of_erased_streams_is_under_the_checkpoint(
    maak_bewaakt: MaakBewaakt, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bewaakt, gewist, boom = maak_bewaakt(), [uuid4() for _ in range(5)], Boom()
    boom.groei([sha256(b"\x00" + stroom.bytes).digest() for stroom in gewist])
    bewaakt.groei(10)
    bewaakt.onderteken()
    for deel in (gewist[:3], gewist[3:]):
        bewaakt.wis(deel)
        bewaakt.onderteken()
    assert lees_controlepunt(bewaakt.punten[-1].tekst).gewist == Stand(5, boom.wortel())
    assert toets_log(bewaakt.lezer).is_goed
    exporteer(bewaakt.lezer, tmp_path / "heel")
    assert verifieer(capsys, tmp_path / "heel")[0] == 0
    for nummer, anders in enumerate((gewist[:4], gewist[::-1], [*gewist[:4], uuid4()], [])):
        exporteer(bewaakt.lezer, tmp_path / str(nummer))
        bewaar(tmp_path / str(nummer) / "gewist.ndjson", *anders)
        uitgang, zinnen = verifieer(capsys, tmp_path / str(nummer))
        assert uitgang == 1
        assert "gewiste overstappen" in zinnen


def test_a_list_of_erased_streams_that_was_changed_is_not_signed_and_is_found(maak_bewaakt: MaakBewaakt) -> None:
    bewaakt, gewist = maak_bewaakt(), uuid4()
    bewaakt.wis([gewist])
    bewaakt.onderteken()
    with bewaakt.als_supergebruiker() as super_:
        super_.execute("UPDATE log.gebeurtenissen SET topic = 'overstap-hervat.v1' WHERE originator_id = %s", (gewist,))
        zinnen = [een.zin for een in toets_log(super_).bevindingen]
        notaris = Notaris(super_, bewaakt.schrijver, bewaakt.map)
        with pytest.raises(NotarisWeigert, match="gewiste overstappen"):
            notaris.onderteken()
    assert any("gewiste overstappen" in zin for zin in zinnen)


def test_the_log_of_access_is_held_against_the_checkpoints(
    maak_bewaakt: MaakBewaakt, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bewaakt = maak_bewaakt()
    for _ in range(3):
        bewaakt.groei(5)
        bewaakt.kijk(4)
        bewaakt.onderteken()
    bewaakt.kijk(2)
    exporteer(bewaakt.lezer, tmp_path / "koppen")
    assert not (tmp_path / "koppen" / "toegangslog.ndjson").exists()
    uitgang, zinnen = verifieer(capsys, tmp_path / "koppen")
    assert (uitgang, "het laatste van elke schrijver" in zinnen) == (0, True)
    exporteer(bewaakt.lezer, tmp_path / "alles", met_toegangslog=True)
    uitgang, zinnen = verifieer(capsys, tmp_path / "alles")
    assert (uitgang, "alle 18 regels" in zinnen) == (0, True)
    for bestand in ("koppen/toegangskoppen.ndjson", "alles/toegangskoppen.ndjson", "alles/toegangslog.ndjson"):
        pad = tmp_path / bestand
        goed = pad.read_bytes()
        regels = goed.splitlines(keepends=True)
        for plek, regel in enumerate(regels):
            ander = regel.replace(b'"hash":"', b'"hash":"00', 1).replace(b'00"}', b'"}')
            for anders in ([*regels[:plek], *regels[plek + 1 :]], [*regels[:plek], ander, *regels[plek + 1 :]]):
                pad.write_bytes(b"".join(anders))
                uitgang, zinnen = verifieer(capsys, pad.parent)
                assert (uitgang, "toegangslog" in zinnen.lower()) == (1, True), (bestand, plek)
        pad.write_bytes(goed)
        assert verifieer(capsys, pad.parent)[0] == 0


def test_a_line_of_the_log_of_access_is_hashed_as_the_database_does(bewaakt: Bewaakt, tmp_path: Path) -> None:
    soorten: list[dict[str, object]] = [
        {"velden": []},
        {"velden": ["naam", "contact é"], "reden": 'een "reden"\n\\', "overstap": None},
    ]
    leeg = dict.fromkeys(("regio", "account", "rol", "organisatie", "handeling", "onderwerp", "herkomst", "spoor"), "")
    regels = [{**leeg, "overstap": str(uuid4()), "reden": "", "uitkomst": "geweigerd", **een} for een in soorten]
    bewaakt.schrijver.execute("SELECT toegang.leg_vast(%s, %s)", (uuid4(), msgspec.json.encode(regels).decode()))
    exporteer(bewaakt.lezer, tmp_path / "export", met_toegangslog=True)
    gevonden: list[str] = []
    verify.Export(tmp_path / "export", gevonden.append).toets([])
    assert gevonden == []


def test_what_cannot_be_read_is_no_proof(bewaakt: Bewaakt, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "half").mkdir()
    for wat in (tmp_path / "half", tmp_path / "weg", bewaar(tmp_path / "iets", {"vorm": "anders"})):
        uitgang, zinnen = verifieer(capsys, wat)
        assert uitgang == 2
        assert "Niet te lezen" in zinnen
    exporteer(bewaakt.lezer, tmp_path / "export")
    with (tmp_path / "export" / "gebeurtenissen.ndjson").open("r+b") as bestand:
        bestand.write(b"\xff")
    uitgang, zinnen = verifieer(capsys, tmp_path / "export")
    assert uitgang == 1
    assert "MIS  Positie 1: deze gebeurtenis (regel 1) is niet te lezen" in zinnen
