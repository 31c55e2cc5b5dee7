"""Where the master key comes from, and that it does not show itself."""

import base64
import stat
from pathlib import Path

import pytest

from overstap.adapters.vault import (
    Hoofdsleutel,
    HoofdsleutelOngeldig,
    maak_sleutelbestand,
    sleutel_uit_bestand,
    sleutel_uit_tekst,
)

SLEUTEL = bytes(range(224, 256))


@pytest.mark.parametrize("codeer", [base64.b64encode, base64.urlsafe_b64encode], ids=["standard", "urlsafe"])
def test_a_key_is_read_from_both_alphabets_of_base64(codeer: object) -> None:
    assert callable(codeer)

    assert sleutel_uit_tekst(codeer(SLEUTEL).decode() + "\n") == SLEUTEL


@pytest.mark.parametrize(
    "tekst", ["", "geheim", base64.b64encode(bytes(31)).decode(), base64.b64encode(bytes(33)).decode()]
)
def test_what_is_no_key_is_refused_without_showing_it(tekst: str) -> None:
    with pytest.raises(HoofdsleutelOngeldig, match="openssl rand") as fout:
        sleutel_uit_tekst(tekst)

    assert not tekst or tekst not in str(fout.value)


def test_a_made_key_file_is_for_the_owner_alone_and_is_read_back(tmp_path: Path) -> None:
    pad = tmp_path / "map" / "hoofdsleutel"

    sleutel = maak_sleutelbestand(pad)

    assert stat.S_IMODE(pad.stat().st_mode) == 0o600
    assert sleutel_uit_bestand(pad) == sleutel
    assert list(pad.parent.iterdir()) == [pad]


def test_an_existing_key_file_is_never_overwritten(tmp_path: Path) -> None:
    pad = tmp_path / "hoofdsleutel"
    eerste = maak_sleutelbestand(pad)

    assert maak_sleutelbestand(pad) == eerste


def test_a_key_file_that_everybody_can_read_is_refused(tmp_path: Path) -> None:
    pad = tmp_path / "hoofdsleutel"
    maak_sleutelbestand(pad)
    pad.chmod(0o644)

    with pytest.raises(HoofdsleutelOngeldig, match="chmod 600"):
        sleutel_uit_bestand(pad)


def test_a_missing_key_file_says_which(tmp_path: Path) -> None:
    with pytest.raises(HoofdsleutelOngeldig, match="weg"):
        sleutel_uit_bestand(tmp_path / "weg")


def test_a_master_key_does_not_show_itself() -> None:
    assert repr(Hoofdsleutel(SLEUTEL)) == f"{Hoofdsleutel(SLEUTEL)}" == "Hoofdsleutel(***)"
