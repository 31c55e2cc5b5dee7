"""Chart 1: what may happen to one aanmelding. The class is the one truth: compiled, drawn and documented from here."""

from statemachine import State, StateMachine

from overstap.domain.statussen import RANG, AanmeldingStatus

GEEN = "geen"
"""Before the aanmelding exists: where meld_aan starts."""


class AanmeldingChart(StateMachine):
    """One application at one MBO. `unless` names what can stand in the way, `cond` which of several rows is meant."""

    geen = State("nog geen aanmelding", value=GEEN, initial=True)
    aangemeld = State("aangemeld", value=AanmeldingStatus.AANGEMELD)
    intake_gepland = State("intake gepland", value=AanmeldingStatus.INTAKE_GEPLAND)
    nader_onderzoek = State("nader onderzoek", value=AanmeldingStatus.NADER_ONDERZOEK)
    intake_afgerond = State("intake afgerond", value=AanmeldingStatus.INTAKE_AFGEROND)
    wachtlijst = State("wachtlijst", value=AanmeldingStatus.WACHTLIJST)
    voorlopig_geplaatst = State("voorlopig geplaatst", value=AanmeldingStatus.VOORLOPIG_GEPLAATST)
    definitief_geplaatst = State("definitief geplaatst", value=AanmeldingStatus.DEFINITIEF_GEPLAATST)
    gestart = State("gestart", value=AanmeldingStatus.GESTART)
    afgewezen = State("afgewezen", value=AanmeldingStatus.AFGEWEZEN)
    ingetrokken = State("ingetrokken", value=AanmeldingStatus.INGETROKKEN)
    niet_verschenen = State("niet verschenen", value=AanmeldingStatus.NIET_VERSCHENEN)
    onderbroken = State("onderbroken", value=AanmeldingStatus.ONDERBROKEN)

    meld_aan = geen.to(aangemeld)
    wijzig_aanmelding = (
        aangemeld.to(aangemeld)
        | intake_gepland.to(intake_gepland)
        | nader_onderzoek.to(nader_onderzoek)
        | intake_afgerond.to(intake_afgerond)
        | wachtlijst.to(wachtlijst)
        | voorlopig_geplaatst.to(voorlopig_geplaatst)
        | definitief_geplaatst.to(definitief_geplaatst)
        | gestart.to(gestart)
    )
    plan_intake = intake_gepland.from_(aangemeld, nader_onderzoek, intake_afgerond, wachtlijst)
    start_onderzoek = nader_onderzoek.from_(aangemeld, intake_gepland, intake_afgerond, wachtlijst)
    rond_intake_af = intake_afgerond.from_(aangemeld, intake_gepland, nader_onderzoek, wachtlijst)
    plaats_op_wachtlijst = wachtlijst.from_(
        aangemeld, intake_gepland, nader_onderzoek, intake_afgerond, unless="voor_de_aanmelddatum"
    )
    plaats_voorlopig = voorlopig_geplaatst.from_(
        aangemeld, intake_gepland, nader_onderzoek, intake_afgerond, wachtlijst, definitief_geplaatst
    )
    plaats_definitief = definitief_geplaatst.from_(
        aangemeld, intake_gepland, nader_onderzoek, intake_afgerond, wachtlijst, voorlopig_geplaatst
    )
    bevestig_start = gestart.from_(definitief_geplaatst, unless="voor_de_mbo_start")
    wijs_af = afgewezen.from_(
        aangemeld,
        intake_gepland,
        nader_onderzoek,
        intake_afgerond,
        wachtlijst,
        voorlopig_geplaatst,
        definitief_geplaatst,
        unless="grond_ongeldig",
    )
    trek_in = ingetrokken.from_(
        aangemeld,
        intake_gepland,
        nader_onderzoek,
        intake_afgerond,
        wachtlijst,
        voorlopig_geplaatst,
        definitief_geplaatst,
    )
    meld_niet_verschenen = niet_verschenen.from_(voorlopig_geplaatst, definitief_geplaatst, unless="voor_de_mbo_start")
    onderbreek = onderbroken.from_(gestart, unless=["onderbreekreden_ontbreekt", "onderbreekreden_ongeldig"])
    heropen = aangemeld.from_(
        afgewezen, ingetrokken, niet_verschenen, onderbroken, cond="heropen_als_aangemeld"
    ) | voorlopig_geplaatst.from_(afgewezen, ingetrokken, niet_verschenen, onderbroken, cond="heropen_als_voorlopig")

    _alle = (
        aangemeld,
        intake_gepland,
        nader_onderzoek,
        intake_afgerond,
        wachtlijst,
        voorlopig_geplaatst,
        definitief_geplaatst,
        gestart,
        afgewezen,
        ingetrokken,
        niet_verschenen,
        onderbroken,
    )
    herzie_aanmelding = (
        aangemeld.from_(*_alle, cond="aanmelding_herzien_naar_aangemeld")
        | intake_gepland.from_(*_alle, cond="aanmelding_herzien_naar_intake_gepland")
        | nader_onderzoek.from_(*_alle, cond="aanmelding_herzien_naar_nader_onderzoek")
        | intake_afgerond.from_(*_alle, cond="aanmelding_herzien_naar_intake_afgerond")
        | wachtlijst.from_(*_alle, cond="aanmelding_herzien_naar_wachtlijst")
        | voorlopig_geplaatst.from_(*_alle, cond="aanmelding_herzien_naar_voorlopig_geplaatst")
        | definitief_geplaatst.from_(*_alle, cond="aanmelding_herzien_naar_definitief_geplaatst")
        | gestart.from_(*_alle, cond="aanmelding_herzien_naar_gestart")
        | afgewezen.from_(*_alle, cond="aanmelding_herzien_naar_afgewezen")
        | ingetrokken.from_(*_alle, cond="aanmelding_herzien_naar_ingetrokken")
        | niet_verschenen.from_(*_alle, cond="aanmelding_herzien_naar_niet_verschenen")
        | onderbroken.from_(*_alle, cond="aanmelding_herzien_naar_onderbroken")
    )


RANGEN: dict[str, int] = {str(status): rang for status, rang in RANG.items()}
"""The rank of each state, for drawings and tables."""
