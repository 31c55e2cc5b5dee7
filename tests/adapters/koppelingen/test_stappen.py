"""Steps of people are put under who took them, sealed where they say something, and known when they come again."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from overstap.adapters.app import App
from overstap.adapters.klok import GezetteKlok
from overstap.domain.feiten.overstap import (
    BerichtGeplaatst,
    OverlegVastgelegd,
    PersoonsgegevensGewijzigd,
    PgnVervangen,
    VervolgkeuzeVoGekozen,
)
from overstap.domain.rollen import Rol
from overstap.domain.statussen import OverstapStatus
from overstap.domain.stromen import stroom_van_organisatie
from tests.adapters.koppelingen.bestanden import (
    bericht,
    bsn,
    csv,
    keten_id,
    leerling,
    lijst,
    onderwijsnummer,
    pagina,
    stap,
    stappen,
)
from tests.adapters.koppelingen.conftest import Lever, codes, dossier_van, feiten_van, stroom_van
from tests.adapters.opstelling import ANDERE_SCHOOL, GEMEENTE, MBO, REGIO, SCHOOL

OVERLEG = {"contact": "Jolien Tersteeg", "overlegDatum": "2026-01-09"}


@pytest.fixture
def pgn(als_school: Lever, tmp_path: Path) -> str:
    """A pupil whom the first school entered."""
    nummer = bsn()
    als_school(lijst(tmp_path / "bekend.csv", leerling(nummer)))
    return nummer


@pytest.fixture
def als_decaan(als: Lever, tmp_path: Path) -> Lever:
    """Deliver steps as the decaan of the first school."""

    def lever(*regels: dict[str, object], namens: str = SCHOOL, rol: Rol = Rol.DECAAN) -> object:
        return als(stappen(tmp_path / "s.ndjson", list(regels)), namens, rol)

    return lever  # type: ignore[return-value]


def test_a_step_stands_under_the_account_that_took_it_and_the_moment_it_happened(
    als_decaan: Lever, geheel: App, pgn: str
) -> None:
    verslag = als_decaan(
        stap(
            "schakel_leerplicht_in",
            pgn,
            overleg=OVERLEG,
            account="decaan-99aa-1",
            gebeurdOp="2026-01-11T10:04:00+01:00",
        )
    )

    dossier = dossier_van(geheel, pgn)
    gebeurtenis = geheel.log.laad([dossier.overstap.id])[dossier.overstap.id][-1]
    assert verslag.aanvaard == 1
    assert dossier.overstap.status is OverstapStatus.LEERPLICHT_INGESCHAKELD
    assert (gebeurtenis.actor, gebeurtenis.rol, gebeurtenis.organisatie) == ("decaan-99aa-1", Rol.DECAAN, SCHOOL)
    assert gebeurtenis.gebeurd_op.isoformat() == "2026-01-11T09:04:00+00:00"


@pytest.mark.parametrize(
    ("regel", "soort", "veld", "tekst"),
    [
        ({"verzoek": "leg_overleg_vast", **OVERLEG}, OverlegVastgelegd, "contact", "Jolien Tersteeg"),
        ({"verzoek": "schakel_leerplicht_in", "overleg": OVERLEG}, OverlegVastgelegd, "contact", "Jolien Tersteeg"),
        ({"verzoek": "plaats_bericht", "aan": SCHOOL, "tekst": "Bel mij."}, BerichtGeplaatst, "tekst", "Bel mij."),
    ],
)
def test_what_a_step_says_is_sealed_for_the_fact_it_leads_to(  # noqa: PLR0913, PLR0917
    regel: dict[str, object], soort: type, veld: str, tekst: str, als_decaan: Lever, geheel: App, pgn: str
) -> None:
    als_decaan(stap(str(regel.pop("verzoek")), pgn, **regel))

    stroom = stroom_van(geheel, pgn)
    assert stroom is not None
    feit = next(een for een in feiten_van(geheel, stroom) if isinstance(een, soort))
    verzegeld = getattr(feit, veld)
    assert tekst not in verzegeld
    assert geheel.kluis.open(stroom, str(feit.__struct_config__.tag), veld, verzegeld) == tekst


@pytest.mark.parametrize("hoe", ["pgn", "ketenId", "overstap"])
def test_a_pupil_is_named_in_three_ways(  # noqa: PLR0913, PLR0917
    hoe: str, als_decaan: Lever, als_mbo: Lever, geheel: App, pgn: str, tmp_path: Path
) -> None:
    keten = keten_id()
    als_mbo(pagina(tmp_path / "p.json", bericht(pgn, keten)))
    naam = {"pgn": pgn, "ketenId": keten, "overstap": str(stroom_van(geheel, pgn))}[hoe]

    verslag = als_decaan({"verzoek": "leg_warme_overdracht_vast", "leerling": {hoe: naam}, "datum": "2026-01-10"})

    assert verslag.aanvaard == 1


def test_the_id_of_another_kind_of_stream_is_no_pupil(als_decaan: Lever, geheel: App) -> None:
    naam = {"overstap": str(stroom_van_organisatie(REGIO, SCHOOL))}

    verslag = als_decaan({"verzoek": "leg_warme_overdracht_vast", "leerling": naam, "datum": "2026-01-10"})

    assert codes(verslag) == [(1, "onbekende_leerling")]


def test_a_pupil_of_another_school_does_not_exist(als_decaan: Lever, pgn: str) -> None:
    verslag = als_decaan(stap("leg_warme_overdracht_vast", pgn, datum="2026-01-10"), namens=ANDERE_SCHOOL)

    assert codes(verslag) == [(1, "onbekende_leerling")]


def test_a_step_sent_again_in_another_file_is_unchanged_though_its_pupil_moved_on(
    als_decaan: Lever, als: Lever, pgn: str, tmp_path: Path
) -> None:
    regel = stap("schakel_leerplicht_in", pgn, overleg=OVERLEG, gebeurdOp="2026-01-11T10:04:00+01:00")
    als_decaan(regel)
    als(
        stappen(tmp_path / "af.ndjson", [stap("handel_leerplicht_af", pgn, uitkomst="terug_naar_vo")]),
        GEMEENTE,
        Rol.LEERPLICHTAMBTENAAR,
    )

    verslag = als_decaan({"sleutel": "x"}, regel)

    assert (verslag.ongewijzigd, codes(verslag)) == (1, [(1, "veld_ontbreekt")])


def test_a_key_of_its_own_makes_two_equal_steps_two(als_decaan: Lever, geheel: App, pgn: str) -> None:
    regel = stap("plaats_bericht", pgn, aan=SCHOOL, tekst="Bel mij.")

    verslag = als_decaan(regel | {"sleutel": "1"}, regel | {"sleutel": "2"}, regel | {"sleutel": "2"})

    assert (verslag.aanvaard, verslag.ongewijzigd) == (2, 1)
    assert sum(isinstance(een, BerichtGeplaatst) for een in feiten_van(geheel, stroom_van(geheel, pgn))) == 2


def test_a_key_used_again_for_another_step_is_refused(als_decaan: Lever, pgn: str) -> None:
    regel = stap("plaats_bericht", pgn, aan=SCHOOL, tekst="Bel mij.", sleutel=bsn())

    verslag = als_decaan(regel, regel | {"tekst": "Bel mij niet."})

    assert codes(verslag) == [(2, "andere_inhoud")]


def test_a_key_that_says_something_personal_is_kept_as_a_hash_alone(als_decaan: Lever, geheel: App, pgn: str) -> None:
    als_decaan(stap("plaats_bericht", pgn, aan=SCHOOL, tekst="Bel mij.", sleutel="geheim-woord"))

    with geheel.log._verbinding.cursor() as cursor:
        sleutels = cursor.execute("SELECT client, sleutel FROM log.kwitanties").fetchall()
    assert sleutels
    assert all(b"geheim" not in bytes(sleutel) and "geheim" not in client for client, sleutel in sleutels)


def test_a_new_number_is_known_to_the_next_line_and_the_old_one_still_finds_the_pupil(
    als_school: Lever, als: Lever, geheel: App, tmp_path: Path
) -> None:
    oud, nieuw = onderwijsnummer(), bsn()
    als_school(lijst(tmp_path / "l.csv", leerling(oud)))
    regels = [
        stap("vervang_pgn", oud, nieuwePgn=nieuw),
        stap("wijzig_persoonsgegevens", nieuw, klas="4b"),
        stap("wijzig_persoonsgegevens", oud, klas="4c"),
        stap("vervang_pgn", oud, nieuwePgn=nieuw),
    ]

    verslag = als(stappen(tmp_path / "s.ndjson", regels), SCHOOL, Rol.VO_BEHEERDER)

    assert (verslag.aanvaard, verslag.ongewijzigd) == (3, 1)
    assert dossier_van(geheel, nieuw).overstap.klas == "4c"
    assert sum(isinstance(een, PgnVervangen) for een in feiten_van(geheel, stroom_van(geheel, oud))) == 1


def test_a_new_number_frees_what_waits_for_it(
    als_mbo: Lever, als: Lever, geheel: App, pgn: str, tmp_path: Path
) -> None:
    nieuw = bsn()
    als_mbo(pagina(tmp_path / "p.json", bericht(nieuw, keten_id())))

    als(stappen(tmp_path / "s.ndjson", [stap("vervang_pgn", pgn, nieuwePgn=nieuw)]), SCHOOL, Rol.VO_BEHEERDER)

    assert dossier_van(geheel, pgn).overstap.status is OverstapStatus.AANGEMELD


@pytest.mark.parametrize(("welke", "code"), [("ander", "al_opgevoerd"), ("onderwijsnummer", "pgn_niet_terug")])
def test_a_number_of_another_pupil_and_an_onderwijsnummer_for_a_bsn_are_refused(  # noqa: PLR0913, PLR0917
    welke: str, code: str, als_school: Lever, als: Lever, pgn: str, tmp_path: Path
) -> None:
    ander = bsn() if welke == "ander" else onderwijsnummer()
    if welke == "ander":
        als_school(lijst(tmp_path / "l.csv", leerling(ander)))

    verslag = als(stappen(tmp_path / "s.ndjson", [stap("vervang_pgn", pgn, nieuwePgn=ander)]), SCHOOL, Rol.VO_BEHEERDER)

    assert codes(verslag) == [(1, code)]


def test_a_change_of_personal_data_records_what_differs(als: Lever, geheel: App, pgn: str, tmp_path: Path) -> None:
    regel = stap(
        "wijzig_persoonsgegevens", pgn, achternaam="Vermeulen", woonplaats="Diemen", geboortedatum="2009-01-05"
    )

    als(stappen(tmp_path / "s.ndjson", [regel]), SCHOOL, Rol.VO_BEHEERDER)

    feit = feiten_van(geheel, stroom_van(geheel, pgn))[-1]
    assert isinstance(feit, PersoonsgegevensGewijzigd)
    assert set(feit.persoon) == {"woonplaats", "geboortedatum"}
    assert feit.kwalificatieplicht_tot == "2027-01"


@pytest.mark.parametrize(
    ("regel", "code"),
    [
        ({"verzoek": "schakel_rmc_in"}, "onbekend_verzoek"),
        ({"verzoek": "voer_op"}, "onbekend_verzoek"),
        ({"verzoek": "verwerk_koppelbericht"}, "onbekend_verzoek"),
        ({"verzoek": ["hervat"]}, "onbekend_verzoek"),
        ({"verzoek": None}, "veld_ontbreekt"),
        ({"verzoek": "hervat", "leerling": None}, "veld_ontbreekt"),
        ({"verzoek": "hervat", "leerling": {"naam": "Noor"}}, "veld_ongeldig"),
        ({"verzoek": "hervat", "leerling": {"overstap": "Noor"}}, "veld_ongeldig"),
        ({"verzoek": "hervat", "leerling": {"pgn": "900180731"}}, "pgn_ongeldig"),
        ({"verzoek": "hervat", "leerling": {"pgn": 900180730}}, "pgn_ongeldig"),
        ({"verzoek": "hervat", "overstapjaar": "2026"}, "veld_ongeldig"),
        ({"verzoek": "hervat", "account": "Noor Vermeulen"}, "veld_ongeldig"),
        ({"verzoek": "hervat", "naam": "Noor"}, "veld_ongeldig"),
        ({"verzoek": "hervat", "gebeurdOp": "gisteren"}, "datum_ongeldig"),
        ({"verzoek": "hervat", "gebeurdOp": "2026-01-11T10:00:00"}, "veld_ongeldig"),
        ({"verzoek": "hervat", "gebeurdOp": "2026-01-15T10:00:00Z"}, "in_de_toekomst"),
        ({"verzoek": "hervat"}, "niet_toegestaan"),
        ({"verzoek": "kies_vervolg_vo"}, "reden_ontbreekt"),
        ({"verzoek": "kies_vervolg_vo", "reden": "havo"}, "te_vroeg"),
        ({"verzoek": "kies_vervolg_vo", "reden": 4}, "veld_ongeldig"),
        ({"verzoek": "leg_overleg_vast", "overlegDatum": "2026-01-09"}, "veld_ontbreekt"),
        ({"verzoek": "leg_overleg_vast", "contact": "  ", "overlegDatum": "2026-01-09"}, "veld_ontbreekt"),
        ({"verzoek": "leg_warme_overdracht_vast", "datum": "2026-02-30"}, "datum_ongeldig"),
        ({"verzoek": "plaats_bericht", "aan": SCHOOL, "tekst": "x" * 1001}, "veld_ongeldig"),
        ({"verzoek": "plaats_bericht", "aan": "de mentor", "tekst": "x"}, "veld_ongeldig"),
        ({"verzoek": "meld_aan", "brin": "99YY", "crebo": "vijf"}, "veld_ongeldig"),
        ({"verzoek": "onderbreek", "reden": "Noor is ziek, 06-12345678"}, "reden_ongeldig"),
        ({"verzoek": "wijzig_persoonsgegevens", "klas": "900180730"}, "veld_ongeldig"),
        ({"verzoek": "wijzig_persoonsgegevens", "kwalificatieplichtTot": "2030-01"}, "veld_ongeldig"),
        ({"verzoek": "wijzig_persoonsgegevens", "geboortedatum": "2010-02-30"}, "datum_ongeldig"),
        ({"verzoek": "vervang_pgn"}, "veld_ontbreekt"),
        ({"verzoek": "vervang_pgn", "nieuwePgn": "900180731"}, "pgn_ongeldig"),
        ({"verzoek": "koppel_wachtbak"}, "veld_ontbreekt"),
        ({"verzoek": "koppel_wachtbak", "ketenId": "99XX:90000000"}, "niet_bevoegd"),
    ],
)
def test_a_step_that_is_not_right_is_refused_alone_and_its_reason_repeats_nothing(
    regel: dict[str, object], code: str, als_decaan: Lever, pgn: str
) -> None:
    goed = stap("leg_warme_overdracht_vast", pgn, datum="2026-01-10", sleutel=bsn())

    verslag = als_decaan(stap("", pgn) | regel, goed)

    assert codes(verslag) == [(1, code)]
    assert verslag.aanvaard == 1
    assert not any(woord in verslag.geweigerd[0].reden for woord in ("Noor", "naam", "900180", "gisteren", "mentor"))


def test_an_account_must_have_the_role_where_accounts_of_it_are_kept(
    als: Lever, als_decaan: Lever, pgn: str, tmp_path: Path
) -> None:
    kop = "regel;code;account;rol;naam"
    als(csv(tmp_path / "o.csv", kop, f"functionaris;{SCHOOL};decaan-99aa-7;decaan;Sil Boer"), SCHOOL, Rol.VO_BEHEERDER)

    verslag = als_decaan(
        *(
            stap("leg_warme_overdracht_vast", pgn, datum="2026-01-10", account=account)
            for account in ("decaan-99aa-7", "decaan-99aa-8")
        )
    )

    assert (verslag.aanvaard, codes(verslag)) == (1, [(2, "niet_bevoegd")])


def test_a_mentor_acts_for_his_own_class_alone(als: Lever, als_decaan: Lever, pgn: str, tmp_path: Path) -> None:
    rollen = (f"functionaris;{SCHOOL};mentor-{klas};mentor;Sil Boer;{klas}" for klas in ("4a", "4z"))
    als(csv(tmp_path / "o.csv", "regel;code;account;rol;naam;klas", *rollen), SCHOOL, Rol.VO_BEHEERDER)

    verslag = als_decaan(
        *(
            stap("leg_warme_overdracht_vast", pgn, datum="2026-01-10", account=f"mentor-{klas}")
            for klas in ("4a", "4z")
        ),
        rol=Rol.MENTOR,
    )

    assert (verslag.aanvaard, codes(verslag)) == (1, [(2, "onbekende_leerling")])


def test_a_vervolgkeuze_is_taken_once_its_day_has_come(als: Lever, geheel: App, pgn: str, tmp_path: Path) -> None:
    assert isinstance(geheel.klok, GezetteKlok)
    geheel.klok.zet(datetime(2026, 5, 1, 8, tzinfo=UTC))

    als(
        stappen(tmp_path / "s.ndjson", [stap("kies_vervolg_vo", pgn, reden="havo", toelichting="Wil door.")]),
        SCHOOL,
        Rol.DECAAN,
    )

    stroom = stroom_van(geheel, pgn)
    assert stroom is not None
    keuze = next(een for een in feiten_van(geheel, stroom) if isinstance(een, VervolgkeuzeVoGekozen))
    assert keuze.toelichting is not None
    assert geheel.kluis.open(stroom, "vervolgkeuze-vo-gekozen.v1", "toelichting", keuze.toelichting) == "Wil door."


@pytest.mark.parametrize(
    ("ruw", "code"),
    [
        (b'{"verzoek": "leg_wa', "regel_onleesbaar"),
        (b"[1, 2]", "regel_onleesbaar"),
        (b'{"verzoek": "Zo\xeb"}', "codering_ongeldig"),
        (b'{"verzoek": "' + b"x" * 70_000 + b'"}', "regel_te_lang"),
        (b'{"a":' * 9_000 + b"1" + b"}" * 9_000, "regel_onleesbaar"),
    ],
    ids=["cut", "no object", "encoding", "huge", "deep"],
)
def test_a_line_that_cannot_be_read_is_refused_alone(  # noqa: PLR0913, PLR0917
    ruw: bytes, code: str, als: Lever, geheel: App, pgn: str, tmp_path: Path
) -> None:
    pad = tmp_path / "s.ndjson"
    goed = json.dumps(stap("leg_warme_overdracht_vast", pgn, datum="2026-01-10")).encode()
    pad.write_bytes(goed + b"\n" + ruw + b"\n\n" + goed.replace(b"warme_overdracht", b"ddd_status") + b"\n")

    verslag = als(pad, SCHOOL, Rol.DECAAN)

    assert (verslag.aanvaard, codes(verslag)) == (2, [(2, code)])


def test_a_step_of_an_mbo_is_judged_as_the_mbo_s(
    als: Lever, als_mbo: Lever, geheel: App, pgn: str, tmp_path: Path
) -> None:
    als_mbo(pagina(tmp_path / "p.json", bericht(pgn, keten_id())))

    als(stappen(tmp_path / "s.ndjson", [stap("plan_intake", pgn)]), MBO, Rol.MBO_INTAKER)

    assert dossier_van(geheel, pgn).overstap.status is OverstapStatus.INTAKE
