"""Chart 2: what may happen to one pupil's overstap. The class is the one truth: compiled, drawn, documented."""

from statemachine import State, StateMachine

from overstap.domain.statussen import OverstapStatus


class OverstapChart(StateMachine):
    """The status everybody sees. `unless` names what can stand in the way, `cond` which of several rows is meant."""

    nog_niet_aangemeld = State("nog niet aangemeld", value=OverstapStatus.NOG_NIET_AANGEMELD, initial=True)
    aangemeld = State("aangemeld", value=OverstapStatus.AANGEMELD)
    intake = State("intake", value=OverstapStatus.INTAKE)
    geplaatst = State("geplaatst", value=OverstapStatus.GEPLAATST)
    gestart = State("gestart", value=OverstapStatus.GESTART)
    vervolgkeuze_vo = State("vervolgkeuze VO", value=OverstapStatus.VERVOLGKEUZE_VO)
    leerplicht_ingeschakeld = State("leerplicht ingeschakeld", value=OverstapStatus.LEERPLICHT_INGESCHAKELD)
    leerplicht_afgehandeld = State("leerplicht afgehandeld", value=OverstapStatus.LEERPLICHT_AFGEHANDELD)
    afgerond = State("afgerond", value=OverstapStatus.AFGEROND)
    uitgeschreven = State("uitgeschreven", value=OverstapStatus.UITGESCHREVEN)

    _volgend = (nog_niet_aangemeld, aangemeld, intake, geplaatst, gestart, leerplicht_afgehandeld)
    volg_aanmelding = (
        nog_niet_aangemeld.from_(*_volgend, cond="rang_zegt_nog_niet_aangemeld")
        | aangemeld.from_(*_volgend, cond="rang_zegt_aangemeld")
        | intake.from_(*_volgend, cond="rang_zegt_intake")
        | geplaatst.from_(*_volgend, cond="rang_zegt_geplaatst")
        | gestart.from_(*_volgend, cond="rang_zegt_gestart")
    )
    kies_vervolg_vo = vervolgkeuze_vo.from_(
        nog_niet_aangemeld,
        aangemeld,
        intake,
        geplaatst,
        leerplicht_afgehandeld,
        unless=["voor_de_vervolgkeuze", "vervolgreden_ongeldig"],
    )
    trek_vervolgkeuze_in = (
        vervolgkeuze_vo.to(nog_niet_aangemeld, cond="rang_zegt_nog_niet_aangemeld")
        | vervolgkeuze_vo.to(aangemeld, cond="rang_zegt_aangemeld")
        | vervolgkeuze_vo.to(intake, cond="rang_zegt_intake")
        | vervolgkeuze_vo.to(geplaatst, cond="rang_zegt_geplaatst")
        | vervolgkeuze_vo.to(gestart, cond="rang_zegt_gestart")
    )
    schakel_leerplicht_in = leerplicht_ingeschakeld.from_(
        nog_niet_aangemeld,
        aangemeld,
        intake,
        geplaatst,
        vervolgkeuze_vo,
        leerplicht_afgehandeld,
        unless=["overleg_ontbreekt", "overleg_in_toekomst", "overleg_verouderd"],
    )
    handel_leerplicht_af = leerplicht_ingeschakeld.to(
        leerplicht_afgehandeld, unless=["uitkomst_ongeldig", "regiereden_ontbreekt"]
    )
    hervat = (
        leerplicht_afgehandeld.to(nog_niet_aangemeld, cond="rang_zegt_nog_niet_aangemeld")
        | leerplicht_afgehandeld.to(aangemeld, cond="rang_zegt_aangemeld")
        | leerplicht_afgehandeld.to(intake, cond="rang_zegt_intake")
        | leerplicht_afgehandeld.to(geplaatst, cond="rang_zegt_geplaatst")
        | leerplicht_afgehandeld.to(gestart, cond="rang_zegt_gestart")
    )
    sluit_af = afgerond.from_(gestart, vervolgkeuze_vo, unless="voor_de_sluiting")
    sluit_af_met_reden = afgerond.from_(
        nog_niet_aangemeld,
        aangemeld,
        intake,
        geplaatst,
        leerplicht_afgehandeld,
        unless=["voor_de_sluiting", "afsluitreden_ongeldig"],
    )
    schrijf_uit = uitgeschreven.from_(
        nog_niet_aangemeld,
        aangemeld,
        intake,
        geplaatst,
        gestart,
        vervolgkeuze_vo,
        leerplicht_afgehandeld,
        unless=["uitschrijfreden_ongeldig", "nieuwe_gemeente_ontbreekt"],
    ) | leerplicht_ingeschakeld.to(
        uitgeschreven, unless=["leerplicht_is_aan_zet", "uitschrijfreden_ongeldig", "nieuwe_gemeente_ontbreekt"]
    )
    _dicht = (afgerond, uitgeschreven)
    heropen_overstap = (
        nog_niet_aangemeld.from_(*_dicht, cond="rang_zegt_nog_niet_aangemeld", unless="heropenreden_ontbreekt")
        | aangemeld.from_(*_dicht, cond="rang_zegt_aangemeld", unless="heropenreden_ontbreekt")
        | intake.from_(*_dicht, cond="rang_zegt_intake", unless="heropenreden_ontbreekt")
        | geplaatst.from_(*_dicht, cond="rang_zegt_geplaatst", unless="heropenreden_ontbreekt")
        | gestart.from_(*_dicht, cond="rang_zegt_gestart", unless="heropenreden_ontbreekt")
    )

    _alle = (
        nog_niet_aangemeld,
        aangemeld,
        intake,
        geplaatst,
        gestart,
        vervolgkeuze_vo,
        leerplicht_ingeschakeld,
        leerplicht_afgehandeld,
        afgerond,
        uitgeschreven,
    )
    herzie = (
        nog_niet_aangemeld.from_(*_alle, cond="herzien_naar_nog_niet_aangemeld")
        | aangemeld.from_(*_alle, cond="herzien_naar_aangemeld")
        | intake.from_(*_alle, cond="herzien_naar_intake")
        | geplaatst.from_(*_alle, cond="herzien_naar_geplaatst")
        | gestart.from_(*_alle, cond="herzien_naar_gestart")
        | vervolgkeuze_vo.from_(*_alle, cond="herzien_naar_vervolgkeuze_vo")
        | leerplicht_ingeschakeld.from_(*_alle, cond="herzien_naar_leerplicht_ingeschakeld")
        | leerplicht_afgehandeld.from_(*_alle, cond="herzien_naar_leerplicht_afgehandeld")
        | afgerond.from_(*_alle, cond="herzien_naar_afgerond")
        | uitgeschreven.from_(*_alle, cond="herzien_naar_uitgeschreven")
    )
