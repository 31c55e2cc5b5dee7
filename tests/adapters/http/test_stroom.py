"""The feed as a stream: what happens comes by at once, to whom it is his, until his time is over."""

import contextlib
import socket
import time
from collections.abc import Iterator
from itertools import count

import pytest

from overstap.adapters.app import App
from overstap.adapters.beelden import werk_bij
from overstap.adapters.http import stroom, uitzender
from overstap.adapters.postgres.databank import Databank
from overstap.domain.rollen import Actor, Rol
from overstap.domain.verzoeken_organisatie import KenRolToe, TrekRolIn
from tests.adapters.http.deur import GEDULD, Deur, open_deur
from tests.adapters.http.meelezen import Meelezer, laatste_positie, leest_mee, subjecten, verander_rol
from tests.adapters.http.test_gebeurtenissen import voeding
from tests.adapters.opstelling import (
    ANDERE_SCHOOL,
    DECAAN,
    GEMEENTE,
    KOPPELING,
    MBO,
    REGIEBEHEERDER,
    REGIO,
    SCHOOL,
    VO_BEHEERDER,
    opgevoerd,
    opvoer,
)

_PGNS = (str(nummer) for nummer in count(730_000_000))


def lid(rol: Rol, organisatie: str, **plek: str) -> Actor:
    return Actor(
        account=f"{rol.replace('_', '-')}-{organisatie.lower()}", rol=rol, organisatie=organisatie, regio=REGIO, **plek
    )


AUDITOR = lid(Rol.AUDITOR, REGIO)
BUITEN = "98BA"
IEDEREEN = (
    DECAAN,
    VO_BEHEERDER,
    REGIEBEHEERDER,
    KOPPELING,
    lid(Rol.MENTOR, SCHOOL, klas="4a"),
    lid(Rol.MENTOR, SCHOOL, klas="4z"),
    lid(Rol.DECAAN, ANDERE_SCHOOL),
    lid(Rol.MBO_INTAKER, BUITEN),
    lid(Rol.MBO_BEHEERDER, MBO),
    lid(Rol.LEERPLICHTAMBTENAAR, GEMEENTE),
    lid(Rol.MANAGER, SCHOOL),
)

NIET_HIER = (Rol.AUDITOR, Rol.SAMENWERKINGSVERBAND, Rol.SYSTEEM)
"""Who sets the pace, and for whom the small region has no place."""


@pytest.fixture(scope="module")
def deur(databank: Databank, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deur]:
    with open_deur(databank, tmp_path_factory.mktemp("stroom"), hartslag=0.3) as open_:
        yield open_


@pytest.fixture(autouse=True)
def bijgewerkt(geheel: App) -> None:
    """Begin where the log is: a stream begins at what is folded."""
    laatste_positie(geheel)


def test_what_happens_comes_by_with_its_position_and_as_on_the_page(deur: Deur, geheel: App) -> None:
    begin = laatste_positie(geheel)
    with leest_mee(deur, DECAAN) as lezer:
        overstap = opgevoerd(geheel, next(_PGNS))
        positie = laatste_positie(geheel)
        lezer.wacht(lambda een: een.plaats >= positie)
        assert (subjecten(lezer), lezer.posities) == ([overstap], [positie])
    assert lezer.events == voeding(deur, DECAAN, na=begin).json()


def test_a_reader_who_comes_back_goes_on_where_he_was(deur: Deur, geheel: App) -> None:
    begin = laatste_positie(geheel)
    gemist = [opgevoerd(geheel, next(_PGNS)) for _ in range(3)]
    laatste_positie(geheel)
    with leest_mee(deur, DECAAN, last_event_id=begin) as lezer:
        lezer.wacht(lambda een: len(een.events) == 3)
        nieuw = opgevoerd(geheel, next(_PGNS))
        positie = laatste_positie(geheel)
        lezer.wacht(lambda een: een.plaats >= positie)
        assert subjecten(lezer) == [*gemist, nieuw]


def test_every_reader_sees_exactly_what_row_security_gives_him(deur: Deur, geheel: App) -> None:
    positie = laatste_positie(geheel)
    verwacht: dict[Actor, list[dict[str, object]]] = {wie: [] for wie in IEDEREEN}
    with contextlib.ExitStack() as stapel:
        tempo = stapel.enter_context(leest_mee(deur, AUDITOR))
        lezers = {wie: stapel.enter_context(leest_mee(deur, wie)) for wie in IEDEREEN}
        for _ in _levensloop(deur, geheel):
            begin, positie = positie, laatste_positie(geheel)
            assert positie > begin
            tempo.wacht(lambda een, tot=positie: een.plaats >= tot)
            for wie in IEDEREEN:
                verwacht[wie] += voeding(deur, wie, na=begin, limit=1000).json()
        for wie, lezer in lezers.items():
            lezer.wacht(lambda een, tot=positie: een.plaats >= tot)
            assert lezer.events == verwacht[wie], wie
    niets = set(Rol) - {wie.rol for wie, gezien in verwacht.items() if gezien}
    assert niets == {Rol.MBO_BEHEERDER, Rol.MANAGER, Rol.KOPPELING, *NIET_HIER}


def _levensloop(deur: Deur, geheel: App) -> Iterator[None]:
    """Let things happen that change who may see a pupil."""
    overstap = opgevoerd(geheel, next(_PGNS))
    yield
    geheel.bus.verwerk([opvoer(geheel, next(_PGNS), school=ANDERE_SCHOOL)])
    yield
    for stap, inhoud in (
        ("meld-aan", {"brin": BUITEN, "crebo": "25647"}),
        ("leg-warme-overdracht-vast", {"datum": "2026-01-05"}),
        ("leg-overleg-vast", {"contact": "Team Noord", "overlegDatum": "2026-01-09"}),
        ("schakel-leerplicht-in", {}),
        ("plaats-bericht", {"aan": BUITEN, "tekst": "Wilt u mij bellen?"}),
    ):
        antwoord = deur.stap(overstap, stap, inhoud, DECAAN)
        assert antwoord.status_code == 200, antwoord.text
        yield


def test_who_loses_his_role_is_told_so_and_reads_no_further(deur: Deur, geheel: App) -> None:
    wie = lid(Rol.DECAAN, SCHOOL)
    verander_rol(geheel, SCHOOL, KenRolToe(account=wie.account, rol=wie.rol), VO_BEHEERDER)
    with leest_mee(deur, wie) as lezer, leest_mee(deur, AUDITOR) as tempo:
        verander_rol(geheel, SCHOOL, TrekRolIn(account=wie.account, rol=wie.rol), VO_BEHEERDER)
        opgevoerd(geheel, next(_PGNS))
        positie = laatste_positie(geheel)
        tempo.wacht(lambda een: een.plaats >= positie)
        lezer.wacht(lambda een: een.einde is not None)
        assert (lezer.einde, lezer.events) == ("rol_ingetrokken", [])


def test_who_is_narrowed_to_a_vestiging_sees_no_other_from_then_on(deur: Deur, geheel: App) -> None:
    wie = lid(Rol.DECAAN, SCHOOL)
    with leest_mee(deur, wie) as lezer:
        eerder = opgevoerd(geheel, next(_PGNS))
        werk_bij(geheel)
        verander_rol(geheel, SCHOOL, KenRolToe(account=wie.account, rol=wie.rol, vestiging="01"), VO_BEHEERDER)
        opgevoerd(geheel, next(_PGNS))
        positie = laatste_positie(geheel)
        lezer.wacht(lambda een: een.plaats >= positie)
        assert subjecten(lezer) == [eerder]


def test_the_stream_ends_when_the_token_does(deur: Deur) -> None:
    begin = time.time()
    with leest_mee(deur, DECAAN, token=deur.uitgever.token(DECAAN, geldig=2)) as lezer:
        lezer.wacht(lambda een: een.einde is not None)
    assert lezer.einde == "afgemeld"
    assert time.time() - begin > 0.9  # `exp` counts whole seconds


def test_a_heartbeat_moves_the_place_past_what_is_not_his(deur: Deur, geheel: App) -> None:
    with leest_mee(deur, lid(Rol.DECAAN, ANDERE_SCHOOL)) as lezer:
        opgevoerd(geheel, next(_PGNS))
        positie = laatste_positie(geheel)
        lezer.wacht(lambda een: een.plaats >= positie)
        assert lezer.hartslagen > 0
        assert lezer.events == []


def test_who_does_not_take_in_what_is_sent_is_dropped_and_the_others_read_on(
    deur: Deur, geheel: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stroom, "_TRAAG", 0.5)
    with leest_niet(deur, AUDITOR), leest_mee(deur, AUDITOR) as ander:
        _laat_komen(geheel, ander, 600)
        assert len(ander.events) >= 600
        _wacht_op_meelezers(deur, 1)


def test_who_takes_in_too_late_what_is_no_longer_kept_is_told_so(
    deur: Deur, geheel: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stroom, "_TRAAG", 600)  # it is not the time that ends it
    monkeypatch.setattr(uitzender, "BEWAARD", 200)
    veel = 1_500  # far more than the buffers on the way hold
    with leest_niet(deur, AUDITOR) as traag, leest_mee(deur, AUDITOR) as ander:
        _laat_komen(geheel, ander, veel)
        gelezen, tot = b"", time.monotonic() + GEDULD
        while b"event: einde" not in gelezen:
            stuk = traag.recv(65_536)
            assert stuk, gelezen[-200:]
            assert time.monotonic() < tot, gelezen[-200:]
            gelezen += stuk
    assert b'data: {"reden":"te_traag"}' in gelezen
    assert 0 < gelezen.count(b"\nid: ") < veel


@contextlib.contextmanager
def leest_niet(deur: Deur, actor: Actor) -> Iterator[socket.socket]:
    """Open a stream, and take in its beginning alone."""
    adres = deur.client.base_url
    with socket.socket() as traag:
        traag.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        traag.settimeout(GEDULD)
        traag.connect((adres.host, adres.port))
        koppen = {"Host": "x", "Accept": "text/event-stream", **deur.als(actor)}
        regels = ["GET /v1/gebeurtenissen HTTP/1.1", *(f"{naam}: {waarde}" for naam, waarde in koppen.items()), "", ""]
        traag.sendall("\r\n".join(regels).encode())
        begin = b""
        while b"\nid: " not in begin:  # from here on it counts as a reader
            begin += traag.recv(64)
        assert begin.startswith(b"HTTP/1.1 200")
        yield traag


def _laat_komen(geheel: App, lezer: Meelezer, aantal: int) -> None:
    """Let so many events happen, and wait until this reader has them all."""
    for _ in range(aantal // 150):
        geheel.bus.verwerk([opvoer(geheel, next(_PGNS)) for _ in range(150)])
        positie = laatste_positie(geheel)
        lezer.wacht(lambda een, tot=positie: een.plaats >= tot)


def _wacht_op_meelezers(deur: Deur, aantal: int) -> None:
    einde = time.monotonic() + 20
    while f"overstap_meelezers {aantal}.0" not in deur.client.get("/v1/metrics").text:
        assert time.monotonic() < einde, "the reader was not dropped"
        time.sleep(0.05)


def test_more_streams_than_an_account_may_have_are_refused(deur: Deur, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uitzender, "PER_ACCOUNT", 1)
    with leest_mee(deur, DECAAN):
        antwoord = deur.client.get("/v1/gebeurtenissen", headers={**deur.als(DECAAN), "Accept": "text/event-stream"})
        assert (antwoord.status_code, antwoord.json()["code"]) == (503, "te_veel_lezers")
