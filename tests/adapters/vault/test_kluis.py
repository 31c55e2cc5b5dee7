"""What the vault promises: sealed values stay in their place, and without its key nothing of a person is left."""

import base64
from collections.abc import Collection, Mapping
from uuid import UUID, uuid4

import pytest

from overstap.adapters.vault import (
    Hoofdsleutel,
    HoofdsleutelPastNiet,
    Kluis,
    Persoon,
    SleutelVernietigd,
    VerzegelingGeschonden,
)
from overstap.domain.feiten import Verzegeld

FEIT = "overstap-opgevoerd.v1"
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


class Sleuteltabel:
    """The table of wrapped keys, and how often it was asked."""

    def __init__(self) -> None:
        self.rijen: dict[UUID, bytes] = {}
        self.vragen: list[set[UUID]] = []

    def __call__(self, stromen: Collection[UUID]) -> Mapping[UUID, bytes]:
        self.vragen.append(set(stromen))
        return {stroom: self.rijen[stroom] for stroom in stromen if stroom in self.rijen}


@pytest.fixture
def tabel() -> Sleuteltabel:
    return Sleuteltabel()


@pytest.fixture
def kluis(tabel: Sleuteltabel) -> Kluis:
    return Kluis(Hoofdsleutel(bytes(range(32))), tabel)


def stroom_met_sleutel(kluis: Kluis, tabel: Sleuteltabel) -> UUID:
    stroom = uuid4()
    tabel.rijen[stroom] = kluis.nieuwe_sleutel(stroom).verpakt
    return stroom


def test_a_sealed_value_opens_for_its_own_stream_fact_and_field(kluis: Kluis, tabel: Sleuteltabel) -> None:
    stroom = stroom_met_sleutel(kluis, tabel)

    verzegeld = kluis.verzegel(stroom, FEIT, "achternaam", "Dijkgraaf")

    assert kluis.open(stroom, FEIT, "achternaam", verzegeld) == "Dijkgraaf"


def test_a_sealed_value_does_not_show_what_it_holds(kluis: Kluis, tabel: Sleuteltabel) -> None:
    stroom = stroom_met_sleutel(kluis, tabel)

    verzegeld = kluis.verzegel(stroom, FEIT, "achternaam", "Dijkgraaf")

    assert b"Dijkgraaf" not in base64.b64decode(verzegeld)
    assert verzegeld != kluis.verzegel(stroom, FEIT, "achternaam", "Dijkgraaf")


@pytest.mark.parametrize("plaats", ["stroom", "feit", "veld"])
def test_a_sealed_value_moved_to_another_place_is_found_out(plaats: str, kluis: Kluis, tabel: Sleuteltabel) -> None:
    stroom = stroom_met_sleutel(kluis, tabel)
    ander = uuid4()
    verzegeld = kluis.verzegel(stroom, FEIT, "achternaam", "Dijkgraaf")
    kluis._sleutels[ander] = kluis._sleutels[stroom]  # the same data key: only the place differs
    if plaats == "stroom":
        kluis._sleutels[ander].plaats = str(ander)

    with pytest.raises(VerzegelingGeschonden):
        kluis.open(
            ander if plaats == "stroom" else stroom,
            "pgn-vervangen.v1" if plaats == "feit" else FEIT,
            "voornaam" if plaats == "veld" else "achternaam",
            verzegeld,
        )


def test_every_changed_character_of_a_sealed_value_is_found_out(kluis: Kluis, tabel: Sleuteltabel) -> None:
    stroom = stroom_met_sleutel(kluis, tabel)
    verzegeld = kluis.verzegel(stroom, FEIT, "voornaam", "Noor")

    for plek, teken in enumerate(verzegeld.rstrip("=")):
        for ander in set(BASE64) - {teken}:
            geschonden = verzegeld[:plek] + ander + verzegeld[plek + 1 :]
            with pytest.raises(VerzegelingGeschonden):
                kluis.open(stroom, FEIT, "voornaam", Verzegeld(geschonden))


def test_once_its_key_is_destroyed_a_value_is_none_and_nothing_can_be_sealed(tabel: Sleuteltabel, kluis: Kluis) -> None:
    stroom = stroom_met_sleutel(kluis, tabel)
    verzegeld = kluis.verzegel(stroom, FEIT, "achternaam", "Dijkgraaf")
    del tabel.rijen[stroom]
    kluis.vergeet(stroom)

    assert kluis.open(stroom, FEIT, "achternaam", verzegeld) is None
    assert kluis.open_persoon(stroom, {"achternaam": verzegeld}) == Persoon()
    with pytest.raises(SleutelVernietigd):
        kluis.verzegel(stroom, FEIT, "achternaam", "Dijkgraaf")


def test_a_key_that_another_process_destroyed_opens_nothing_after_a_minute(tabel: Sleuteltabel) -> None:
    nu = 0.0
    kluis = Kluis(Hoofdsleutel(bytes(range(32))), tabel, klok=lambda: nu)
    stroom = stroom_met_sleutel(kluis, tabel)
    verzegeld = kluis.verzegel(stroom, FEIT, "achternaam", "Dijkgraaf")
    del tabel.rijen[stroom]

    nu = 61.0

    assert kluis.open(stroom, FEIT, "achternaam", verzegeld) is None


def test_the_wrong_master_key_says_so_and_opens_nothing(tabel: Sleuteltabel, kluis: Kluis) -> None:
    stroom = stroom_met_sleutel(kluis, tabel)
    verzegeld = kluis.verzegel(stroom, FEIT, "achternaam", "Dijkgraaf")
    vreemde = Kluis(Hoofdsleutel(bytes(32)), tabel)

    with pytest.raises(HoofdsleutelPastNiet, match="OVERSTAP_HOOFDSLEUTEL"):
        vreemde.open(stroom, FEIT, "achternaam", verzegeld)


def test_a_wrapped_key_put_under_another_stream_is_refused(tabel: Sleuteltabel, kluis: Kluis) -> None:
    stroom, ander = stroom_met_sleutel(kluis, tabel), uuid4()
    tabel.rijen[ander] = tabel.rijen[stroom]

    with pytest.raises(HoofdsleutelPastNiet):
        kluis.laad([ander])


def test_many_keys_are_read_in_one_query(tabel: Sleuteltabel, kluis: Kluis) -> None:
    stromen = [stroom_met_sleutel(kluis, tabel) for _ in range(10)]
    for stroom in stromen:
        kluis.vergeet(stroom)

    kluis.laad(stromen)
    for stroom in stromen:
        kluis.verzegel(stroom, FEIT, "voornaam", "Noor")

    assert tabel.vragen == [set(stromen)]


def test_keys_that_came_with_the_data_open_it_without_a_question(tabel: Sleuteltabel, kluis: Kluis) -> None:
    stroom = stroom_met_sleutel(kluis, tabel)
    zegel = kluis.verzegel(stroom, FEIT, "voornaam", "Noor")
    verpakt = tabel.rijen[stroom]
    kluis.vergeet(stroom)
    tabel.vragen.clear()

    kluis.onthoud({stroom: verpakt})
    assert kluis.open(stroom, FEIT, "voornaam", zegel) == "Noor"
    kluis.onthoud({stroom: None})
    assert kluis.open(stroom, FEIT, "voornaam", zegel) is None
    assert tabel.vragen == []


def test_no_more_keys_stay_in_memory_than_allowed(tabel: Sleuteltabel) -> None:
    kluis = Kluis(Hoofdsleutel(bytes(range(32))), tabel, hoogstens=5)

    stromen = [stroom_met_sleutel(kluis, tabel) for _ in range(20)]

    assert list(kluis._sleutels) == stromen[-5:]


def test_a_person_is_opened_whichever_fact_brought_each_field(tabel: Sleuteltabel, kluis: Kluis) -> None:
    stroom = stroom_met_sleutel(kluis, tabel)
    velden = {
        "achternaam": kluis.verzegel(stroom, FEIT, "achternaam", "Dijkgraaf"),
        "woonplaats": kluis.verzegel(stroom, "persoonsgegevens-gewijzigd.v1", "woonplaats", "Diemen"),
        "pgn": kluis.verzegel(stroom, "pgn-vervangen.v1", "pgn", "900180730"),
    }

    assert kluis.open_persoon(stroom, velden) == Persoon(achternaam="Dijkgraaf", woonplaats="Diemen", pgn="900180730")


def test_a_person_read_from_another_field_is_found_out(tabel: Sleuteltabel, kluis: Kluis) -> None:
    stroom = stroom_met_sleutel(kluis, tabel)

    with pytest.raises(VerzegelingGeschonden):
        kluis.open_persoon(stroom, {"voornaam": kluis.verzegel(stroom, FEIT, "achternaam", "Dijkgraaf")})


def test_a_person_does_not_show_himself() -> None:
    persoon = Persoon(pgn="900180730", achternaam="Dijkgraaf", voornaam="Noor")

    assert repr(persoon) == str(persoon) == f"{persoon}" == "Persoon(pgn, achternaam, voornaam)"


def test_a_pgn_is_found_by_the_same_hash_in_every_process_and_by_none_without_the_key(tabel: Sleuteltabel) -> None:
    een, twee = Kluis(Hoofdsleutel(bytes(range(32))), tabel), Kluis(Hoofdsleutel(bytes(range(32))), tabel)
    vreemde = Kluis(Hoofdsleutel(bytes(32)), tabel)

    assert een.pgn_hash("900180730") == twee.pgn_hash("900180730")
    assert een.pgn_hash("900180730") != een.pgn_hash("182071649")
    assert een.pgn_hash("900180730") != vreemde.pgn_hash("900180730")


def test_the_keys_for_hashing_and_wrapping_cannot_be_swapped(tabel: Sleuteltabel) -> None:
    hoofdsleutel = Hoofdsleutel(bytes(range(32)))

    assert len({bytes(range(32)), hoofdsleutel.inpakken, hoofdsleutel.pgn, hoofdsleutel.vingerafdruk}) == 4


def test_the_pgn_key_may_be_a_key_apart_that_outlives_the_master_key() -> None:
    eigen = bytes(31) + b"\x01"

    assert Hoofdsleutel(bytes(32), pgn=eigen).pgn == Hoofdsleutel(bytes(range(32)), pgn=eigen).pgn == eigen


def test_a_long_delivery_has_the_same_fingerprint_as_its_bytes_at_once(kluis: Kluis) -> None:
    stuksgewijs = kluis.begin_vingerafdruk()
    for deel in (b"een", b"twee"):
        stuksgewijs.update(deel)

    assert stuksgewijs.digest() == kluis.vingerafdruk(b"eentwee")
