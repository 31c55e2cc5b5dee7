"""What many callers had recorded at once, on the real clock, is found legal again; where the views differ is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from random import Random
from uuid import UUID

import pytest

from overstap.adapters.app import app_op
from overstap.adapters.beelden import werk_bij
from overstap.adapters.groepsbus import Groepsbus
from overstap.adapters.herbeoordelen import Keuze, oordeel_opnieuw
from overstap.adapters.herbeoordelen_stroom import Telling
from overstap.adapters.instellingen import Instellingen
from overstap.adapters.opdracht import Opdracht, Resultaat, Vastgelegd
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_tabellen import PROJECTIES, Plek, verwijder
from overstap.adapters.stroomsoorten import OVERSTAP
from overstap.domain.feiten import Verzegeld
from overstap.domain.rollen import Actor, Rol
from overstap.domain.verzoeken import (
    BevestigStart,
    HandelLeerplichtAf,
    Hervat,
    Herzie,
    LegOverlegVast,
    MeldAan,
    Overleg,
    PlanIntake,
    SchakelLeerplichtIn,
    SchrijfUit,
    TrekIn,
    VerwerkKoppelbericht,
    Verzoek,
)
from overstap.domain.weigering import Weigering
from tests.adapters.opstelling import (
    DECAAN,
    GEMEENTE,
    HOOFDSLEUTEL,
    KOPPELING,
    MBO,
    REGIEBEHEERDER,
    REGIO,
    opgevoerd,
    richt_regio_in,
)

BELLERS, VRAGEN = 8, 25
INTAKER = Actor(account="intaker-99xx", rol=Rol.MBO_INTAKER, organisatie=MBO, regio=REGIO)
LEERPLICHT = Actor(account="leerplicht-0363", rol=Rol.LEERPLICHTAMBTENAAR, organisatie=GEMEENTE, regio=REGIO)
ZEGEL = Verzegeld("geheim")


def vraag(kans: Random) -> tuple[Verzoek, Actor]:
    """Draw something that somebody might ask, sensible or not."""
    vandaag = datetime.now(UTC).date()
    return kans.choice(
        [
            (_bericht(kans), KOPPELING),
            (_bericht(kans), KOPPELING),
            (PlanIntake(), INTAKER),
            (TrekIn(), INTAKER),
            (BevestigStart(), INTAKER),
            (MeldAan(brin="98ZZ", crebo="25647"), DECAAN),
            (LegOverlegVast(contact=ZEGEL, overleg_datum=vandaag), DECAAN),
            (SchakelLeerplichtIn(overleg=Overleg(contact=ZEGEL, overleg_datum=vandaag)), DECAAN),
            (HandelLeerplichtAf(uitkomst="terug_naar_vo"), LEERPLICHT),
            (Hervat(), DECAAN),
            (Herzie(gebeurtenis=kans.randint(1, 12), reden=ZEGEL), REGIEBEHEERDER),
            (SchrijfUit(reden="overig"), REGIEBEHEERDER) if kans.random() < 0.1 else (Hervat(), DECAAN),
        ]
    )


def _bericht(kans: Random) -> VerwerkKoppelbericht:
    return VerwerkKoppelbericht(
        keten_id="99XX:90001119",
        volgnummer=kans.randint(1, 400),
        code=kans.choice(("AO", "IG", "WL", "PB", "IS", "LI", "IT", "??")),
        laatste_wijziging="2026-01-12T09:00:00Z",
        brin=MBO,
        crebo=kans.choice(("25647", "25655")),
        startdatum=kans.choice((None, "2026-08-24")),
    )


@pytest.fixture(scope="module")
def gevraagd(databank: Databank) -> list[Resultaat]:
    """Let callers ask for the same pupils at once, through one bus, and give all answers."""
    instellingen = Instellingen(regio=REGIO, _env_file=None)  # type: ignore[call-arg]
    with app_op(databank, HOOFDSLEUTEL, instellingen) as app:
        richt_regio_in(app)
        leerlingen = [opgevoerd(app, pgn) for pgn in ("900180730", "182071649", "900000001")]

    with Groepsbus(lambda: app_op(databank, HOOFDSLEUTEL, instellingen)) as bus:

        def bel(zaad: int) -> list[Resultaat]:
            kans, antwoorden = Random(zaad), list[Resultaat]()  # noqa: S311 - requests, no secrets
            for _ in range(VRAGEN):
                verzoek, actor = vraag(kans)
                opdracht = Opdracht(soort=OVERSTAP, stroom=kans.choice(leerlingen), verzoek=verzoek, actor=actor)
                antwoorden.append(bus.stuur(opdracht).result(60))
            return antwoorden

        with ThreadPoolExecutor(BELLERS) as bellers:
            return [een for antwoorden in bellers.map(bel, range(BELLERS)) for een in antwoorden]


def test_nothing_is_found_in_what_many_callers_had_recorded_at_once(
    databank: Databank, gevraagd: list[Resultaat]
) -> None:
    assert sum(isinstance(een, Vastgelegd) for een in gevraagd) > BELLERS
    assert sum(isinstance(een, Weigering) for een in gevraagd) > BELLERS
    telling = Telling()
    assert [een for een in oordeel_opnieuw(databank, telling=telling) if een.soort != "beeld"] == []
    assert telling.beoordeeld == telling.stromen


def test_what_the_views_have_not_folded_yet_is_no_difference(databank: Databank, gevraagd: list[Resultaat]) -> None:
    assert gevraagd
    with databank.verbind(Login.PROJECTIE, autocommit=False) as verbinding:
        for projectie in PROJECTIES:
            verwijder(verbinding, projectie, Plek.BEELD)
    instellingen = Instellingen(regio=REGIO, _env_file=None)  # type: ignore[call-arg]
    with app_op(databank, HOOFDSLEUTEL, instellingen) as app:
        zonder = Telling()
        assert list(oordeel_opnieuw(databank, telling=zonder)) == []
        assert zonder.beeld_ontbreekt
        werk_bij(app)
        later = opgevoerd(app, "900000013")
        met = Telling()
        assert list(oordeel_opnieuw(databank, telling=met)) == []
        assert not met.beeld_ontbreekt
        alleen = Telling()
        assert list(oordeel_opnieuw(databank, keuze=Keuze(leerling=later), telling=alleen)) == []
    assert (alleen.stromen, alleen.gebeurtenissen) == (1, 1)


def test_a_pupil_whom_the_log_does_not_have_is_told(databank: Databank, gevraagd: list[Resultaat]) -> None:
    assert gevraagd
    vreemd = UUID(int=5)
    with databank.verbind(Login.PROJECTIE) as verbinding:
        kolommen = [
            str(naam)
            for (naam,) in verbinding.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = 'beeld.actueel'::regclass AND attnum > 0"
                " AND NOT attisdropped ORDER BY attnum"
            )
        ]
        waarden = ", ".join("%s::uuid" if naam == "overstap" else naam for naam in kolommen)
        verbinding.execute(f"INSERT INTO beeld.actueel SELECT {waarden} FROM beeld.actueel LIMIT 1", (vreemd,))
    [bevinding] = oordeel_opnieuw(databank)
    assert list(oordeel_opnieuw(databank, keuze=Keuze(regio="99"))) == []
    assert (bevinding.stroom, bevinding.code) == (vreemd, "zonder_stroom")
