"""Last year's share, for who gets rounded figures: told by figures that were rounded in the same way, or not at all."""

from msgspec.structs import replace

from overstap.adapters.http.cijfers import _afgerond
from overstap.projections.cijfers import Aandeel, Cijfers, Indeling


def _cijfers(toen: tuple[int, int] | None) -> Cijfers:
    precies = None if toen is None else round(100 * toen[0] / toen[1], 1)
    deel = Aandeel(80, 100, norm=90, vorig_jaar=precies, toen=toen)
    return Cijfers(
        indeling=Indeling.REGIO,
        groep="21",
        leerlingen=100,
        aangemeld=deel,
        aangemeld_vmbo=deel,
        voorlopig_geplaatst=deel,
        geplaatst_en_gestart=deel,
        warme_overdracht=deel,
    )


def test_last_years_share_is_that_of_the_rounded_figures() -> None:
    [blad] = _afgerond([_cijfers((83, 99))])
    assert blad.aangemeld.vorig_jaar == 85.0  # 85 of 100, where it was 83 of 99


def test_where_last_year_a_figure_would_be_hidden_there_is_no_share() -> None:
    [blad] = _afgerond([_cijfers((97, 99))])
    assert blad.aangemeld.vorig_jaar is None  # two did not


def test_without_a_last_year_there_is_no_share() -> None:
    [blad] = _afgerond([_cijfers(None)])
    assert blad.aangemeld.vorig_jaar is None


def test_a_group_of_which_nothing_may_be_shown_is_left_out_and_the_whole_is_not() -> None:
    niets = Aandeel(1, 2, norm=90)
    klein = replace(
        _cijfers(None),
        indeling=Indeling.SCHOOL,
        groep="99AA",
        leerlingen=2,
        **dict.fromkeys(
            ("aangemeld", "aangemeld_vmbo", "voorlopig_geplaatst", "geplaatst_en_gestart", "warme_overdracht"), niets
        ),
    )
    assert _afgerond([replace(klein, indeling=Indeling.REGIO, groep="21"), klein]) == _afgerond(
        [replace(klein, indeling=Indeling.REGIO, groep="21")]
    )
    assert len(_afgerond([klein])) == 1
