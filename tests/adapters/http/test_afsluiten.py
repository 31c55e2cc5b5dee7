"""A server that must stop lets its readers go at once, each with the reason."""

import os
import signal
import socket
import time
from pathlib import Path

from overstap.adapters.app import App
from overstap.adapters.http.identiteit.proefuitgever import Proefuitgever
from overstap.adapters.postgres.databank import Databank
from tests.adapters.http.meelezen import laatste_positie
from tests.adapters.opstelling import REGIEBEHEERDER
from tests.benchmarks.meelezers import bediend, wacht_op


def test_a_stream_ends_as_soon_as_the_server_is_told_to_stop(databank: Databank, geheel: App, tmp_path: Path) -> None:
    laatste_positie(geheel)
    token = Proefuitgever(tmp_path).token(REGIEBEHEERDER)
    with bediend(databank, tmp_path) as (poort, proces):
        wacht_op(poort)
        with socket.create_connection(("127.0.0.1", poort), 20) as verbinding:
            kop = ("GET /v1/gebeurtenissen HTTP/1.1", "Host: x", "Accept: text/event-stream")
            verbinding.sendall("\r\n".join((*kop, f"Authorization: Bearer {token}", "", "")).encode())
            gelezen = b""
            while b"id: " not in gelezen:
                gelezen += verbinding.recv(4_096)
            begin = time.monotonic()
            os.kill(proces, signal.SIGTERM)
            while deel := verbinding.recv(4_096):
                gelezen += deel
        assert b'data: {"reden":"dienst_stopt"}' in gelezen
        assert time.monotonic() - begin < 15  # uvicorn alone would wait for the reader twice as long
