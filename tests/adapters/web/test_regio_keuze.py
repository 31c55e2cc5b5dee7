"""What one can choose of a region: written once, and yet the choice of each visitor stands out."""

from overstap.adapters.web.regio_keuze import keuzelijst_van
from overstap.adapters.web.taal import Taal

_LIJST = keuzelijst_van(
    Taal("nl"),
    {"school": [("school.99ZZ", "Zuid <3"), ("school.99AA", "Aa & Bee")], "mbo": [("mbo.99ME", "Een MBO")]},
)


def test_options_stand_by_name_are_escaped_and_one_group_is_no_choice() -> None:
    assert _LIJST.soorten == ("school",)
    assert _LIJST.met(None) == (
        '<optgroup label="School">\n<option value="school.99AA">Aa &amp; Bee</option>\n'
        '<option value="school.99ZZ">Zuid &lt;3</option>\n</optgroup>'
    )


def test_the_chosen_option_is_chosen_and_what_is_not_there_changes_nothing() -> None:
    assert _LIJST.met("school.99ZZ").count(" selected") == 1
    assert '<option value="school.99ZZ" selected>' in _LIJST.met("school.99ZZ")
    assert _LIJST.met('school.99"><script>') == _LIJST.met(None)


def test_without_groups_there_is_nothing_to_choose() -> None:
    assert not keuzelijst_van(Taal("nl"), {"school": [("school.99AA", "A")]})
