"""When Python looks for cycles: seldom where nobody waits, briefly where somebody does, and as before afterwards."""

import gc

from overstap.adapters.opruimen import KORT, ZELDEN, kort_opruimen, zelden_opruimen


def test_a_search_is_seldom_within_and_as_before_afterwards() -> None:
    gewoon = gc.get_threshold()
    with zelden_opruimen():
        assert gc.get_threshold()[0] == ZELDEN
    assert gc.get_threshold() == gewoon


def test_where_people_wait_nobody_makes_a_search_long() -> None:
    gewoon = gc.get_threshold()
    with kort_opruimen():
        assert gc.get_freeze_count() > 0
        with zelden_opruimen():
            assert gc.get_threshold()[0] == KORT
        assert gc.get_threshold()[0] == KORT
    with zelden_opruimen():
        assert gc.get_threshold()[0] == ZELDEN
    assert gc.get_threshold() == gewoon
