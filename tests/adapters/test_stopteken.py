"""Stopping between two steps."""

import os
import signal
import socket
import time

import pytest

from overstap.adapters.stopteken import Stopteken


@pytest.mark.parametrize("nummer", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_heard_and_interrupts_nothing(nummer: signal.Signals) -> None:
    with Stopteken() as stop:
        os.kill(os.getpid(), nummer)
        assert stop.is_gegeven


def test_a_signal_ends_the_wait() -> None:
    stil, _ander = socket.socketpair()
    with stil, _ander, Stopteken() as stop:
        os.kill(os.getpid(), signal.SIGINT)
        begin = time.monotonic()
        stop.wacht_op(stil.fileno(), 60)
    assert time.monotonic() - begin < 30


def test_what_comes_in_ends_the_wait() -> None:
    hier, daar = socket.socketpair()
    with hier, daar, Stopteken() as stop:
        daar.send(b"x")
        begin = time.monotonic()
        stop.wacht_op(hier.fileno(), 60)
    assert time.monotonic() - begin < 30


def test_a_second_signal_interrupts_at_once() -> None:
    with Stopteken():
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_afterwards_signals_do_what_they_did() -> None:
    eerder = signal.getsignal(signal.SIGTERM)
    with Stopteken():
        assert signal.getsignal(signal.SIGTERM) != eerder
    assert signal.getsignal(signal.SIGTERM) == eerder
