"""What was stored in an old version keeps its bytes and its hash, and is read in the current one."""

from datetime import UTC, datetime
from uuid import uuid4

import msgspec
from eventsourcing.persistence import JSONTranscoder

from overstap.adapters.postgres.controle import breuken
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.keten import BEGIN, keten_hash
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.mapper import GebeurtenisMapper
from overstap.adapters.postgres.opgeslagen import Kolommen, OpgeslagenGebeurtenis
from overstap.adapters.postgres.toepassing import Overstappen, omgeving
from tests.domain.oude_versies import PROEF, ProefV1, ProefV3

OUD = msgspec.json.encode(ProefV1(plaats="99XX"), order="sorted")
TOEN = datetime(2025, 10, 3, 9, 0, tzinfo=UTC)


def test_the_mapper_brings_an_old_version_up_to_date_and_the_chain_still_counts_its_own_bytes(
    databank: Databank,
) -> None:
    stroom = uuid4()
    kolommen = Kolommen("21", TOEN, None, None, "decaan-99aa-1", "decaan", "99AA", None, None, "2026.21.1")
    mapper = GebeurtenisMapper(JSONTranscoder(), archief=PROEF)
    with Overstappen(env=omgeving(databank)) as toepassing:
        toepassing.recorder.insert_events([OpgeslagenGebeurtenis(stroom, 1, "proef-gehouden.v1", OUD, kolommen)])
        [opgeslagen] = toepassing.recorder.select_events(stroom)
        [gemeld] = toepassing.recorder.select_notifications(1, 10)
    assert [mapper.to_domain_event(een).feit for een in (opgeslagen, gemeld)] == [  # type: ignore[attr-defined]
        ProefV3(plaatsen=("99XX",), aantal=1, reden="onbekend")
    ] * 2
    with databank.verbind(Login.SCHRIJVER) as verbinding:
        [(state, keten)] = verbinding.execute(
            "SELECT state, hash FROM log.gebeurtenissen WHERE originator_id = %s", (stroom,)
        ).fetchall()
        assert breuken(verbinding) == []
    assert state == OUD
    assert keten == keten_hash(
        *(BEGIN, stroom, 1, "proef-gehouden.v1", OUD, "21", TOEN),
        *("decaan-99aa-1", "decaan", "99AA", None, None, "2026.21.1"),
    )


def test_the_mapper_writes_the_current_version(databank: Databank) -> None:
    stroom = uuid4()
    mapper = GebeurtenisMapper(JSONTranscoder(), archief=PROEF)
    kolommen = Kolommen("21", TOEN, None, None, "decaan-99aa-1", "decaan", "99AA", None, None, "2026.21.1")
    with Overstappen(env=omgeving(databank)) as toepassing:
        toepassing.recorder.insert_events([OpgeslagenGebeurtenis(stroom, 1, "proef-gehouden.v1", OUD, kolommen)])
        [opgeslagen] = toepassing.recorder.select_events(stroom)
    opnieuw = mapper.to_stored_event(mapper.to_domain_event(opgeslagen))
    assert (opnieuw.topic, opnieuw.state) == (
        "proef-gehouden.v3",
        b'{"feit":"proef-gehouden.v3","plaatsen":["99XX"],"reden":"onbekend"}',
    )
