"""What goes out of one pupil to each role: the fields of the table of roles, and nothing else."""

from uuid import UUID

import pytest

from overstap.adapters.app import App
from overstap.adapters.beelden import werk_bij
from overstap.adapters.postgres.logins import Login
from overstap.domain.rollen import Actor, Rol
from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import DECAAN, MBO, REGIEBEHEERDER, REGIO, opgevoerd

AUDITOR = Actor(account="auditor-21", rol=Rol.AUDITOR, organisatie=REGIO, regio=REGIO)
INTAKER = Actor(account="intaker-99xx", rol=Rol.MBO_INTAKER, organisatie=MBO, regio=REGIO)
_PGNS = iter(range(720_000_000, 729_999_999))


@pytest.fixture
def leerling(deur: Deur, geheel: App) -> UUID:
    overstap = opgevoerd(geheel, str(next(_PGNS)))
    gemeld = deur.stap(overstap, "meld-aan", {"brin": MBO, "crebo": "25647"}, INTAKER)
    assert gemeld.status_code == 200, gemeld.text
    return overstap


def test_the_school_sees_who_the_pupil_is(deur: Deur, leerling: UUID) -> None:
    blad = deur.toon(leerling, DECAAN).json()
    assert set(blad["persoon"]) == {"pgn"}
    assert (blad["status"], [een["brin"] for een in blad["aanmeldingen"]]) == ("aangemeld", [MBO])


def test_an_mbo_is_not_told_the_number_nor_the_status(deur: Deur, leerling: UUID) -> None:
    blad = deur.toon(leerling, INTAKER).json()
    assert {"status", "gemeente", "soortPgn", "vervolgkeuze"} & set(blad) == set()
    assert "pgn" not in blad["persoon"]
    assert blad["eldersGeplaatst"] is False


def test_the_region_sees_a_person_with_a_reason_alone(deur: Deur, leerling: UUID) -> None:
    zonder = deur.toon(leerling, REGIEBEHEERDER).json()
    met = deur.toon(leerling, REGIEBEHEERDER, Reden="Vraag van de school over een dubbele opvoer").json()
    assert ("persoon" in zonder, set(met["persoon"])) == (False, {"pgn"})


def test_a_reason_names_nobody_by_number(deur: Deur, leerling: UUID) -> None:
    antwoord = deur.toon(leerling, REGIEBEHEERDER, Reden="Vraag over 182071649")
    assert (antwoord.status_code, antwoord.json()["errors"][0]["plaats"]) == (400, "header.Reden")


def _vertel(deur: Deur, overstap: UUID, actor: Actor, **vraag: int) -> list[dict[str, object]]:
    antwoord = deur.client.get(f"/v1/overstappen/{overstap}/gebeurtenissen", params=vraag, headers=deur.als(actor))
    assert antwoord.status_code == 200, antwoord.text
    return list(antwoord.json())


def test_the_history_is_told_in_sentences_with_both_times(deur: Deur, leerling: UUID) -> None:
    eerste = _vertel(deur, leerling, DECAAN)[0]
    assert str(eerste["zin"]).startswith("De vo-beheerder van Eerste School (99AA) heeft de leerling opgevoerd")
    assert {"gebeurdOp", "vastgelegdOp"} <= set(eerste)


def test_an_mbo_hears_of_its_own_aanmelding_and_not_of_the_status(deur: Deur, leerling: UUID) -> None:
    voorvallen = _vertel(deur, leerling, INTAKER)
    assert [een["feit"] for een in voorvallen] == ["overstap-opgevoerd.v1", "aanmelding-ontvangen.v1"]
    assert "0363" not in str(voorvallen)


def test_a_long_history_comes_in_pages(deur: Deur, leerling: UUID) -> None:
    adres, nummers = f"/v1/overstappen/{leerling}/gebeurtenissen?limit=2", []
    while adres:
        antwoord = deur.client.get(adres, headers=deur.als(DECAAN))
        nummers.append([een["nummer"] for een in antwoord.json()])
        adres = antwoord.links.get("next", {}).get("url", "")
    assert nummers == [[1, 2], [3]]


def test_the_status_of_a_moment_is_shown_as_it_was_known_at_another(deur: Deur, leerling: UUID, geheel: App) -> None:
    werk_bij(geheel)
    vraag = {"peilmoment": "2026-01-12T09:30:00Z", "kennismoment": "2026-01-12T10:30:00+01:00"}
    blad = deur.client.get(f"/v1/overstappen/{leerling}", params=vraag, headers=deur.als(DECAAN)).json()
    [aanmelding] = blad["aanmeldingen"]
    assert (blad["leerling"]["status"], aanmelding["status"], aanmelding["brin"]) == ("aangemeld", "aangemeld", MBO)
    assert aanmelding["gebeurtenis"] == 2
    assert aanmelding["sindsOp"] <= aanmelding["bekendOp"]


def test_an_mbo_is_told_of_its_own_aanmeldingen_on_a_moment_and_of_no_status(
    deur: Deur, leerling: UUID, geheel: App
) -> None:
    werk_bij(geheel)
    vraag = {"kennismoment": "2026-01-12T10:30:00+01:00"}
    blad = deur.client.get(f"/v1/overstappen/{leerling}", params=vraag, headers=deur.als(INTAKER)).json()
    assert "leerling" not in blad
    assert [een["brin"] for een in blad["aanmeldingen"]] == [MBO]


def test_who_looks_back_stands_in_the_log_of_access(deur: Deur, leerling: UUID, geheel: App) -> None:
    werk_bij(geheel)
    vraag = {"peilmoment": "2026-01-12T09:30:00Z"}
    antwoord = deur.client.get(f"/v1/overstappen/{leerling}", params=vraag, headers=deur.als(AUDITOR))
    assert antwoord.status_code == 200, antwoord.text
    with geheel.databank.verbind(Login.AUDIT) as verbinding:
        gelogd = verbinding.execute(
            "SELECT rol FROM toegang.toegangslog WHERE handeling = 'peiling' AND overstap = %s ORDER BY op",
            (leerling,),
        ).fetchall()
    assert ("auditor",) in gelogd


def test_before_he_was_entered_nobody_knew_of_him(deur: Deur, leerling: UUID, geheel: App) -> None:
    werk_bij(geheel)
    antwoord = deur.client.get(
        f"/v1/overstappen/{leerling}", params={"peilmoment": "2025-12-01T00:00:00Z"}, headers=deur.als(DECAAN)
    )
    assert antwoord.status_code == 404


def _vervangen(deur: Deur, leerling: UUID, actor: Actor) -> list[tuple[object, ...]]:
    voorvallen = _vertel(deur, leerling, actor)
    bladen: list[dict[str, object]] = [een for voorval in voorvallen for een in voorval["vervangt"]]  # type: ignore[attr-defined]
    return [(een["aanmelding"], een["was"], een["wordt"], een["zin"]) for een in bladen]


def test_a_correction_tells_who_may_know_what_was_believed_and_what_replaced_it(deur: Deur, leerling: UUID) -> None:
    assert deur.stap(leerling, "plan-intake", {}, INTAKER).status_code == 200
    herzien = deur.stap(leerling, "herzie", {"gebeurtenis": 4, "reden": "Andere leerling."}, INTAKER)
    assert herzien.status_code == 200, herzien.text
    aanmelding = (
        1,
        "intake_gepland",
        "aangemeld",
        "Tot dan gold voor aanmelding 1 bij Eerste MBO (99XX): intake gepland (gebeurtenis 4); daarna: aangemeld.",
    )
    zelf = "Tot dan gold voor de leerling: intake (gebeurtenis 5); daarna: aangemeld."
    assert _vervangen(deur, leerling, INTAKER) == [aanmelding]
    assert _vervangen(deur, leerling, DECAAN) == [aanmelding, (None, "intake", "aangemeld", zelf)]


def test_who_changes_a_name_is_shown_the_new_one_with_its_version(deur: Deur, leerling: UUID) -> None:
    for naam in ("Eerste", "Tweede", "Derde", "Vierde"):
        gewijzigd = deur.stap(leerling, "wijzig-persoonsgegevens", {"persoon": {"voornaam": naam}}, DECAAN)
        getoond = deur.toon(leerling, DECAAN)
        assert (getoond.headers["ETag"], getoond.json()["persoon"]["voornaam"]) == (gewijzigd.headers["ETag"], naam)
