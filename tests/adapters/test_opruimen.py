"""When Python looks for cycles: seldom where nobody waits, briefly where somebody does, and as before afterwards."""

import gc

import pytest

from overstap.adapters import opruimen
from overstap.adapters.opruimen import KORT, ZELDEN, kort_opruimen, zelden_opruimen


def test_a_search_is_seldom_within_and_as_before_afterwards() -> None:
    gewoon = gc.get_threshold()
    with zelden_opruimen():
        assert gc.get_threshold()[0] == ZELDEN
    assert gc.get_threshold() == gewoon


def test_where_people_wait_nobody_makes_a_search_long() -> None:
    gewoon = gc.get_threshold()
    with kort_opruimen():
        with zelden_opruimen():
            assert gc.get_threshold()[0] == KORT
        assert gc.get_threshold()[0] == KORT
    with zelden_opruimen():
        assert gc.get_threshold()[0] == ZELDEN
    assert gc.get_threshold() == gewoon


def test_what_a_process_begins_with_is_left_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opruimen, "_is_apart", False)
    eerder = gc.get_freeze_count()
    van_het_begin = [list[int]() for _ in range(1_000)]
    with kort_opruimen():
        apart = gc.get_freeze_count()
        assert apart >= eerder + len(van_het_begin)
    van_later = [list[int]() for _ in range(1_000)]
    with kort_opruimen():
        assert gc.get_freeze_count() <= apart
    assert len(van_later) == len(van_het_begin)
