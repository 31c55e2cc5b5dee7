"""What somebody sends in place of a list: told why it cannot be used, and nothing of it stays or shows."""

import httpx
import pytest

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.web.aanleveren_verzegeld import HOUDBAAR
from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import ANDERE_SCHOOL, MBO, SCHOOL
from tests.adapters.web.leverancier import KOP, VERZEGELD, Leverancier, lijst, regel, stand, tellingen
from tests.adapters.web.school import PGNS
from tests.adapters.web.zonder import Zonder

_ONBRUIKBAAR = {
    "bestand_leeg": (b"", "lijst.csv"),
    "bestand_leeg_wit": (b"\n\n \n", "lijst.csv"),
    "bestand_onleesbaar": (b"PK\x03\x04" + bytes(range(256)) * 40, "lijst.xlsx"),
    "codering_ongeldig": ("pgn;achternaam\n".encode("utf-16"), "lijst.csv"),
    "soort_onbekend": (b"zomaar wat tekst zonder scheidingsteken\nen nog wat", "brief.txt"),
    "geen_kop": (b"\x89\xff;\xfe;;\n1;2;3\n", "lijst.csv"),
    "json": (b'{"a": [1, 2', "lijst.json"),
    "niet_bevoegd": (b'{"koppelpuntCode": "1", "aanmeldingen": []}', "pagina.json"),
    "nul_bytes": (b"pgn;achternaam\n" + b"\0" * 5000, "lijst.csv"),
}


@pytest.mark.parametrize("geval", sorted(_ONBRUIKBAAR))
def test_a_file_that_cannot_be_used_is_told_why_and_leaves_nothing(
    school: Leverancier, databank: Databank, geval: str
) -> None:
    inhoud, naam = _ONBRUIKBAAR[geval]
    eerst = stand(databank)
    antwoord = school.bekijk(inhoud, naam)
    assert antwoord.status_code == httpx.codes.OK
    assert "melding-" in antwoord.text
    assert (VERZEGELD.search(antwoord.text), stand(databank)) == (None, eerst)


def test_lines_of_another_school_are_refused_by_number(school: Leverancier) -> None:
    inhoud = "\n".join((f"{KOP};brin", f"{regel('Nonnetje')};{ANDERE_SCHOOL}", f"{regel('Ooievaar')};{SCHOOL}", ""))
    voorbeeld = school.bekijk(inhoud.encode())
    assert tellingen(voorbeeld.text) == {"nieuw": 1, "gewijzigd": 0, "ongewijzigd": 0, "geweigerd": 1}
    assert "andere_organisatie" in voorbeeld.text
    assert "Nonnetje" not in voorbeeld.text


def test_a_file_that_is_too_large_is_told_so_on_a_page(school: Leverancier, deur: Deur, databank: Databank) -> None:
    grootst, eerst = deur.dienst.instellingen.grootste_bestand, stand(databank)
    antwoord = school.bekijk(KOP.encode() + b"\n" + b"x" * (grootst + 1))
    assert antwoord.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE
    assert antwoord.headers["content-type"].startswith("text/html")
    assert ("hoogstens" in antwoord.text, stand(databank)) == (True, eerst)


def test_nothing_of_a_person_is_in_the_page_in_clear_or_in_an_address(school: Leverancier) -> None:
    pgn = next(PGNS)
    voorbeeld = school.bekijk(lijst(regel("Roerdomp", pgn)))
    antwoord = school.bevestig(voorbeeld)
    for tekst in (voorbeeld.text, antwoord.headers["location"], school.lees(antwoord)):
        assert not any(geheim in tekst for geheim in ("Roerdomp", pgn))


def test_no_file_is_written_to_disk(school: Leverancier, monkeypatch: pytest.MonkeyPatch) -> None:
    def weiger(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("a file was made")

    monkeypatch.setattr("tempfile._mkstemp_inner", weiger)
    monkeypatch.setattr("tempfile.TemporaryFile", weiger)
    groot = lijst(*(regel("Smient", f"{nummer:09}") for nummer in range(1, 40_000)))
    assert len(groot) > 1 << 20
    assert school.bekijk(groot + regel("Tapuit").encode()).status_code == httpx.codes.OK


@pytest.mark.parametrize("hoe", ["te_oud", "gewijzigd", "leeg", "geen_base64"])
def test_a_preview_that_is_too_old_or_not_ours_confirms_nothing(
    school: Leverancier, databank: Databank, monkeypatch: pytest.MonkeyPatch, hoe: str
) -> None:
    voorbeeld = school.bekijk(lijst(regel("Velduil")))
    gevonden = VERZEGELD.search(voorbeeld.text)
    assert gevonden
    anders = {"gewijzigd": gevonden[1][:-8] + "AAAAAAAA", "leeg": "", "geen_base64": "é\0"}
    if hoe == "te_oud":
        monkeypatch.setattr("overstap.adapters.web.aanleveren_verzegeld.HOUDBAAR", -HOUDBAAR)
    eerst = stand(databank)
    antwoord = school.bevestig(voorbeeld, bestand=anders.get(hoe, gevonden[1]))
    assert (antwoord.status_code, "Kies het bestand opnieuw" in antwoord.text) == (400, True)
    assert stand(databank) == eerst


def test_another_session_confirms_nothing_not_even_of_the_same_account(
    school: Leverancier, deur: Deur, databank: Databank
) -> None:
    voorbeeld, eerst = school.bekijk(lijst(regel("Visdief"))), stand(databank)
    zonder = Zonder(deur)
    with zonder.client:
        antwoord = Leverancier(zonder).bevestig(voorbeeld)
    assert (antwoord.status_code, stand(databank)) == (400, eerst)


def test_without_the_mark_of_the_session_nothing_is_previewed_or_confirmed(
    school: Leverancier, databank: Databank
) -> None:
    voorbeeld = school.bekijk(lijst(regel("Wespendief")))
    eerst = stand(databank)
    assert school.bekijk(lijst(regel("Wespendief")), merk="0" * 64).status_code == httpx.codes.FORBIDDEN
    assert school.bevestig(voorbeeld, merk="0" * 64).status_code == httpx.codes.FORBIDDEN
    assert stand(databank) == eerst


@pytest.mark.parametrize(
    ("inhoud", "soort"),
    [
        (b"", "multipart/form-data"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"zomaar", "multipart/form-data; boundary=x"),
        (b"merk=1", "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
        (b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n", "multipart/form-data; boundary=x"),
    ],
)
def test_what_is_no_form_with_a_file_is_refused_on_a_page(school: Leverancier, inhoud: bytes, soort: str) -> None:
    antwoord = school.zonder.client.post("/aanleveren", content=inhoud, headers={"Content-Type": soort})
    assert antwoord.status_code in {400, 403}
    assert antwoord.headers["content-type"].startswith("text/html")


def test_a_form_without_a_file_asks_for_one(school: Leverancier) -> None:
    antwoord = school.bekijk(b"", "")
    assert (antwoord.status_code, "Kies eerst een bestand." in antwoord.text) == (400, True)


@pytest.mark.parametrize(("rol", "organisatie"), [("mentor", SCHOOL), ("manager", SCHOOL), ("mbo_beheerder", MBO)])
def test_a_role_that_delivers_nothing_has_no_page(zonder: Zonder, rol: str, organisatie: str) -> None:
    ander = Leverancier(zonder, rol, organisatie)
    assert zonder.client.get("/aanleveren").status_code == httpx.codes.FORBIDDEN
    assert ander.bekijk(lijst(regel("Zilvermeeuw"))).status_code == httpx.codes.FORBIDDEN


def test_a_role_sees_that_a_kind_of_file_is_not_his(zonder: Zonder, databank: Databank) -> None:
    ander, eerst = Leverancier(zonder, "mbo_intaker", MBO), stand(databank)
    antwoord = ander.bekijk(lijst(regel("Zwarte Stern")))
    assert ("vo" in antwoord.text, VERZEGELD.search(antwoord.text), stand(databank)) == (True, None, eerst)
