"""A pupil's story: every fact is a Dutch sentence with who, when in both times, and why."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest

from overstap.domain.feiten import TYPES, Feit, Verzegeld
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.feiten import procedure as p
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.identificaties import SoortPgn
from overstap.domain.kalender import Regels, kalender_van
from overstap.domain.redenen import Grond, Leerweg, RedenVervolgkeuze
from overstap.domain.rollen import Rol
from overstap.domain.statussen import AanmeldingStatus, OverstapStatus
from overstap.projections.tijdlijn import Regel, vertel

STROOM = UUID("3f2a0000-0000-4000-8000-000000000001")
BERICHT = a.Koppelbericht(
    keten_id="99XX:90001119", volgnummer=12, code="IG", laatste_wijziging="2026-01-12T09:30:00.123456Z"
)


def gebeurtenis(feit: Feit, nummer: int = 1, rol: Rol = Rol.DECAAN, organisatie: str = "99AA") -> Gebeurtenis:
    return Gebeurtenis(
        originator_id=STROOM,
        originator_version=nummer,
        feit=feit,
        regio="21",
        gebeurd_op=datetime(2026, 11, 21, 9, 4, tzinfo=UTC),
        vastgelegd_op=datetime(2026, 7, 1, 10, 30, tzinfo=UTC),
        positie=nummer,
        actor="decaan-99aa-1",
        rol=rol,
        organisatie=organisatie,
    )


def open_zegel(_gebeurtenis: Gebeurtenis, _veld: str, verzegeld: Verzegeld) -> str | None:
    return None if verzegeld == "weg" else f"open:{verzegeld}"


def verhaal(*gebeurtenissen: Gebeurtenis) -> list[Regel]:
    return vertel(gebeurtenissen, open_zegel)


def zin(feit: Feit, rol: Rol = Rol.DECAAN, organisatie: str = "99AA") -> tuple[str, str]:
    [regel] = verhaal(gebeurtenis(feit, rol=rol, organisatie=organisatie))
    return regel.zin, regel.waarom


def test_both_times_are_told_on_the_clock_of_amsterdam() -> None:
    [regel] = verhaal(gebeurtenis(o.OverstapHervat()))
    assert (regel.gebeurd, regel.vastgelegd) == ("21 november 2026, 10.04 uur", "1 juli 2026, 12.30 uur")


def test_entering_a_pupil_is_told_with_school_class_and_gemeente() -> None:
    [regel] = verhaal(gebeurtenis(_opgevoerd()))
    assert regel.zin == (
        "De decaan van 99AA heeft de leerling opgevoerd voor overstapjaar 2026: 99AA, vestiging 00, klas 4B, "
        "leerweg kb, wonend in gemeente 0363."
    )


def test_a_step_of_a_koppeling_names_the_message_behind_it() -> None:
    verteld = zin(a.IntakeGepland(nummer=1, bericht=BERICHT), Rol.KOPPELING, "99XX")
    assert verteld == (
        "De koppeling van 99XX heeft de leerling uitgenodigd voor een intake (aanmelding 1).",
        "bericht 12 met code IG, bij de bron gewijzigd op 12 januari 2026, 10.30 uur",
    )


def test_a_refusal_tells_its_ground() -> None:
    verteld = zin(a.AanmeldingAfgewezen(nummer=2, grond=Grond.NIET_GEHANDHAAFD), Rol.MBO_INTAKER, "99XX")
    assert verteld == (
        "De mbo-intaker van 99XX heeft aanmelding 2 afgewezen.",
        "grond: aanmelding niet gehandhaafd",
    )


def test_a_vervolgkeuze_tells_its_reason_and_what_the_decaan_explained() -> None:
    feit = o.VervolgkeuzeVoGekozen(
        reden=RedenVervolgkeuze.MBO_BUITEN_REGIO, brin="98ZZ", toelichting=Verzegeld("gaat verhuizen")
    )
    assert zin(feit)[1] == "reden: MBO buiten de regio (98ZZ); “open:gaat verhuizen”"


def test_text_whose_key_is_destroyed_is_told_as_unreadable() -> None:
    assert zin(o.OverstapHeropend(reden=Verzegeld("weg")))[1] == "reden: (niet leesbaar)"


def test_a_change_of_status_names_the_event_that_caused_it() -> None:
    status = o.StatusGewijzigd(
        van=OverstapStatus.NOG_NIET_AANGEMELD, naar=OverstapStatus.VERVOLGKEUZE_VO, oorzaak=1, stap="kies_vervolg_vo"
    )
    keuze = gebeurtenis(o.VervolgkeuzeVoGekozen(reden=RedenVervolgkeuze.HAVO))
    regel = verhaal(keuze, gebeurtenis(status, 2))[1]
    assert (regel.zin, regel.waarom) == (
        "De status ging van nog niet aangemeld naar vervolgkeuze VO.",
        "door gebeurtenis 1 (vervolgkeuze vo gekozen)",
    )


def test_a_correction_is_marked_at_what_it_corrects() -> None:
    keuze = gebeurtenis(o.VervolgkeuzeVoGekozen(reden=RedenVervolgkeuze.HAVO))
    herziening = gebeurtenis(o.GebeurtenisHerzien(gebeurtenis=1, reden=Verzegeld("vergissing")), 2)
    eerst, daarna = verhaal(keuze, herziening)
    assert (eerst.herzien_door, daarna.herzien_door) == (2, None)
    assert daarna.zin == (
        "De decaan van 99AA heeft gebeurtenis 1 (vervolgkeuze vo gekozen) herzien: die telt niet meer mee."
    )


def test_a_message_that_was_not_applied_says_why() -> None:
    feit = a.KoppelberichtNietToegepast(
        bericht=BERICHT, nummer=1, reden="verouderd", status=AanmeldingStatus.INTAKE_GEPLAND
    )
    assert zin(feit, Rol.KOPPELING, "99XX")[0] == (
        "De koppeling van 99XX heeft een bericht over aanmelding 1 gestuurd (status intake gepland) dat niet is "
        "toegepast, omdat een nieuwer bericht al was verwerkt."
    )


def test_an_organisation_is_told_by_its_name_where_that_is_known() -> None:
    [regel] = vertel([gebeurtenis(o.OverstapHervat())], open_zegel, {"99AA": "De Wilgen"}.__getitem__)
    assert regel.wie == "de decaan van De Wilgen"


@pytest.mark.parametrize("naam", sorted(TYPES))
def test_every_fact_of_the_log_is_a_whole_sentence(naam: str) -> None:
    wat, waarom = zin(_voorbeeld(naam), Rol.SYSTEEM)
    assert wat[0].isupper()
    assert wat.endswith(".")
    assert not waarom.endswith((".", ";"))
    assert "_" not in wat
    assert "None" not in wat + waarom


def _opgevoerd() -> o.OverstapOpgevoerd:
    return o.OverstapOpgevoerd(
        leerling=STROOM,
        overstapjaar=2026,
        school="99AA",
        vestiging="00",
        klas="4B",
        leerweg=Leerweg.KB,
        gemeente="0363",
        soort_pgn=SoortPgn.BSN,
        persoon={},
    )


def _voorbeeld(naam: str) -> Feit:
    """Make a fact of this name with each field it cannot do without."""
    soort = TYPES[naam]
    if soort is p.ProcedureVastgesteld:
        regels = Regels(regio="21", overstapjaar=2026, revisie=1, kalender=kalender_van(2026))
        return p.ProcedureVastgesteld(regels=regels, inhoud_hash="00")
    vast = {
        "nummer": 1,
        "overleg_datum": "2026-05-12",
        "datum": "2026-05-12",
        "bericht": BERICHT,
        "leerling": STROOM,
        "overstap": STROOM,
        "persoon": {},
        "contact": Verzegeld("contact"),
    }
    if naam == "wachtbak-bericht-ontvangen.v1":
        vast["bericht"] = Verzegeld("bericht")
    if naam == "contact-vastgelegd.v1":
        vast["contact"] = {}
    velden = {
        veld.name: vast[veld.name] if veld.name in vast else _eerste_waarde(veld.type)
        for veld in msgspec.structs.fields(soort)
        if veld.required
    }
    return soort(**velden)  # type: ignore[return-value]


def _eerste_waarde(soort: object) -> object:
    beschrijving = msgspec.inspect.type_info(soort)
    match beschrijving:
        case msgspec.inspect.IntType():
            return 7
        case msgspec.inspect.EnumType(cls=cls):
            return next(iter(cls))
        case msgspec.inspect.LiteralType(values=waarden):
            return waarden[0]
        case _:
            return "99XX"
