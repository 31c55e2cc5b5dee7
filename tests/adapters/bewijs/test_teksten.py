"""What is signed is a text that can be written in one way only, and read back."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overstap.adapters.bewijs import verify
from overstap.adapters.bewijs.teksten import (
    Controlepunt,
    Sleutelverklaring,
    Stand,
    TekstOngeldig,
    lees_controlepunt,
    lees_sleutelverklaring,
)

_hash = st.binary(min_size=32, max_size=32)
_getal = st.integers(0, 10**17)
_stand = st.builds(Stand, _getal, _hash)
_punt = st.builds(
    Controlepunt,
    databank=st.uuids(),
    nummer=_getal,
    vorige=_hash,
    grootte=_getal,
    wortel=_hash,
    tijdstip=st.datetimes(datetime(2000, 1, 1), datetime(2999, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds are naive
    toegang=_stand,
    gewist=_stand,
    sleutel=_hash,
)
_verklaring = st.builds(
    Sleutelverklaring, databank=st.uuids(), nummer=_getal, vorige=_hash, publiek=_hash, vanaf=_getal
)
VOORBEELD = Controlepunt(
    databank=UUID("0f0e0d0c-0b0a-4908-8706-050403020100"),
    nummer=7,
    vorige=bytes(32),
    grootte=20_000,
    wortel=bytes(range(32)),
    tijdstip=datetime(2026, 11, 21, 22, 1, 2, 3, tzinfo=UTC),
    sleutel=bytes(32),
)


@given(_punt)
def test_a_checkpoint_is_read_back_as_it_was_written(punt: Controlepunt) -> None:
    assert lees_controlepunt(punt.tekst()) == punt
    assert verify.lees_tekst(punt.tekst(), verify.CONTROLEPUNT)["toegang"] == (
        punt.toegang.aantal,
        punt.toegang.wortel.hex(),
    )


@given(_verklaring)
def test_what_makes_a_key_the_notarys_is_read_back(verklaring: Sleutelverklaring) -> None:
    assert lees_sleutelverklaring(verklaring.tekst()) == verklaring
    assert verify.lees_tekst(verklaring.tekst(), verify.SLEUTEL)["vanaf"] == verklaring.vanaf


def test_the_time_is_written_in_utc() -> None:
    assert "tijdstip 2026-11-21T22:01:02.000003Z\n" in VOORBEELD.tekst()
    assert VOORBEELD.tijdstip.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("oud", "nieuw"),
    [
        ("nummer 7", "nummer 07"),
        ("nummer 7", "nummer +7"),
        ("nummer 7", "nummer 7 "),
        ("nummer 7", "nummer \u0667"),
        ("grootte 20000", "grootte 20_000"),
        ("000102", "000A02"),
        ("2026-11-21T", "2026-11-31T"),
        ("\n", "\r\n"),
        ("v1\n", "v2\n"),
        ("nummer 7\n", "nummer 7\nnummer 7\n"),
        ("nummer 7\n", ""),
    ],
)
def test_any_other_way_to_write_it_is_refused(oud: str, nieuw: str) -> None:
    assert oud in VOORBEELD.tekst()
    with pytest.raises(TekstOngeldig):
        lees_controlepunt(VOORBEELD.tekst().replace(oud, nieuw, 1))


def test_nothing_may_follow_it() -> None:
    with pytest.raises(TekstOngeldig):
        lees_controlepunt(VOORBEELD.tekst() + "\n")
