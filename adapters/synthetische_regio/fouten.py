"""Seeds lines that must be refused or signalled: each for one reason, on a pupil of whom nothing else is unusual."""

from collections.abc import Callable
from dataclasses import replace

from overstap.adapters.synthetische_regio import nummers
from overstap.adapters.synthetische_regio.agenda import Kanaal
from overstap.adapters.synthetische_regio.kalender import DAG, datum
from overstap.adapters.synthetische_regio.organisaties import Regio
from overstap.adapters.synthetische_regio.plan import Aanvraag, Regel, Verwacht
from overstap.adapters.synthetische_regio.reis import HIERVAN_DE_DAG, Reis

_VLAK_ERNA = 9 * 60  # less than the least time between two messages of one aanmelding
_WINTER = ((1, 5), (3, 18))
_LENTE = ((4, 8), (6, 8))  # the calendar allows a vervolgkeuze, and nobody has started yet
_OVERDRACHT = "leg_warme_overdracht_vast"


def _geweigerd(reis: Reis, code: str, soort: str) -> Regel:
    """Mark the pupil's last line as one that must be refused."""
    regel = reis.leerling.regels[-1]
    regel.verwacht, regel.code, regel.moeilijkheden = Verwacht.GEWEIGERD, code, (soort,)
    regel.buiten_model = True
    return regel


def _fout_van_decaan(
    soort: str, code: str, periode: tuple[tuple[int, int], tuple[int, int]], verzoek: str, **velden: object
) -> Callable[[Reis, Regio], None]:
    def zaai(reis: Reis, _: Regio) -> None:
        reis.decaan(reis.tussen(*periode), verzoek, **velden)
        regel = _geweigerd(reis, code, soort)
        regel.buiten_model = code not in {"niet_toegestaan", "overleg_ontbreekt"}

    return zaai


def _mentor_beslist(reis: Reis, _: Regio) -> None:
    reis.stap((reis.leerling.school.brin, "mentor"), reis.tussen(*_LENTE), "kies_vervolg_vo", reden="havo")
    _geweigerd(reis, "niet_bevoegd", "mentor_beslist")


def _onbekend_pgn(reis: Reis, _: Regio) -> None:
    reis.decaan(reis.tussen(*_LENTE), _OVERDRACHT, datum=HIERVAN_DE_DAG)
    _geweigerd(reis, "onbekende_leerling", "onbekende_leerling").pgn = reis.leerling.nieuw_pgn


def _andere_school_kijkt_mee(reis: Reis, regio: Regio) -> None:
    andere = _andere_school(reis, regio)
    reis.stap((andere, "decaan"), reis.tussen(*_LENTE), _OVERDRACHT, datum=HIERVAN_DE_DAG)
    _geweigerd(reis, "onbekende_leerling", "leerling_van_andere_school")


def _regel_breekt_af(reis: Reis, _: Regio) -> None:
    reis.decaan(reis.tussen(*_LENTE), _OVERDRACHT, datum=HIERVAN_DE_DAG)
    _geweigerd(reis, "regel_onleesbaar", "regel_onleesbaar").tekst = '{"verzoek": "leg_warme_overdracht_vast", "leerl'


def _gebeurt_volgende_week(reis: Reis, _: Regio) -> None:
    reis.decaan(reis.tussen(*_LENTE), _OVERDRACHT, datum=HIERVAN_DE_DAG)
    regel = _geweigerd(reis, "in_de_toekomst", "in_de_toekomst")
    regel.gebeurd = regel.op + 3 * DAG


def _overleg_volgende_week(reis: Reis, _: Regio) -> None:
    reis.decaan(reis.tussen(*_WINTER), "schakel_leerplicht_in")
    regel = _geweigerd(reis, "overleg_in_toekomst", "overleg_in_toekomst")
    regel.velden["overleg"] = {"contact": "Jorlenaro Vlinkeldijk", "overlegDatum": datum(regel.op + 10 * DAG)}


def _datum_bestaat_niet(reis: Reis, _: Regio) -> None:
    reis.decaan(reis.tussen(*_LENTE), _OVERDRACHT, datum=f"{reis.jaar.jaar}-02-30")
    _geweigerd(reis, "datum_ongeldig", "datum_bestaat_niet")


def _pgn_gaat_terug(reis: Reis, _: Regio) -> None:
    leerling = reis.leerling
    reis.stap(
        (leerling.school.brin, "vo_beheerder"), reis.tussen(*_WINTER), "vervang_pgn", nieuwePgn=leerling.nieuw_pgn
    )
    _geweigerd(reis, "pgn_niet_terug", "pgn_niet_terug")


def _stap_komt_nog_eens(reis: Reis, _: Regio) -> None:
    reis.decaan(reis.tussen(*_LENTE), _OVERDRACHT, datum=HIERVAN_DE_DAG)
    regel = reis.leerling.regels[-1]
    nog_eens = replace(regel, levering=regel.levering + 1, verwacht=Verwacht.ONGEWIJZIGD, buiten_model=True)
    nog_eens.moeilijkheden = ("stap_nog_eens",)
    reis.leerling.regels.append(nog_eens)


def _onbekende_code(reis: Reis, _: Regio) -> None:
    eerste = reis.leerling.aanvragen[0].regels[0]
    t = eerste.t + _VLAK_ERNA
    if t < eerste.op:
        reis.leerling.regels.append(
            replace(
                eerste,
                t=t,
                bron_t=t,
                verwacht=Verwacht.SIGNAAL,
                code="onbekende_code",
                moeilijkheden=("onbekende_code",),
                velden={"code": "QX"},
            )
        )


def _wachtlijst_te_vroeg(reis: Reis, _: Regio) -> None:
    """Let the koppeling put somebody on the waiting list in March: for a koppeling the calendar only signals."""
    eerste = reis.leerling.aanvragen[0].regels[0]
    t = eerste.t + _VLAK_ERNA
    if t < min(eerste.op, reis.jaar.dag(3, 30)):
        wachtlijst = replace(eerste, t=t, bron_t=t, status="wachtlijst", verwacht=Verwacht.SIGNAAL, code="kalender")
        wachtlijst.moeilijkheden = ("wachtlijst_te_vroeg",)
        reis.leerling.regels.append(wachtlijst)


def _bericht_van(**anders: object) -> Callable[[Reis, Aanvraag], Regel]:
    def maak(reis: Reis, aanvraag: Aanvraag) -> Regel:
        bericht = aanvraag.regels[0]
        los = replace(aanvraag, keten_id=f"{aanvraag.keten_id[:-8]}8{aanvraag.keten_id[-7:]}", regels=[])
        regel = replace(bericht, aanvraag=los, verwacht=Verwacht.GEWEIGERD, velden=anders, buiten_model=True)
        reis.leerling.regels.append(regel)
        return regel

    return maak


def _bericht_van_ander_mbo(reis: Reis, regio: Regio) -> None:
    aanvraag = reis.leerling.aanvragen[0]
    ander = next(mbo for mbo in regio.mbos if mbo.brin != aanvraag.brin)
    regel = _bericht_van(brin=ander.brin)(reis, aanvraag)
    regel.code, regel.moeilijkheden = "andere_organisatie", ("bericht_van_ander_mbo",)


def _bericht_zonder_status(reis: Reis, _: Regio) -> None:
    regel = _bericht_van(zonder="status")(reis, reis.leerling.aanvragen[0])
    regel.code, regel.moeilijkheden = "veld_ontbreekt", ("bericht_zonder_status",)


def _bericht_met_ongeldig_pgn(reis: Reis, _: Regio) -> None:
    regel = _bericht_van()(reis, reis.leerling.aanvragen[0])
    regel.pgn = nummers.bedorven(reis.leerling.pgn)
    regel.code, regel.moeilijkheden = "pgn_ongeldig", ("bericht_pgn_ongeldig",)


def _bericht_breekt_af(reis: Reis, regio: Regio) -> None:
    """Cut a message short, at the MBO that writes one a line: elsewhere it would take its whole page with it."""
    mbo = next(mbo for mbo in regio.mbos if mbo.vorm == "regels")
    kanaal: Kanaal = reis.agenda.koppeling(mbo)
    t = reis.tussen(*_LENTE)
    levering = kanaal.levering_na(t)
    if levering is not None:
        regel = Regel(kanaal, levering, t, "koppelbericht", verwacht=Verwacht.GEWEIGERD, code="regel_onleesbaar")
        regel.tekst, regel.moeilijkheden, regel.buiten_model = (
            '{"$type": "aanmelding", "ket',
            ("bericht_onleesbaar",),
            True,
        )
        reis.leerling.regels.append(regel)


def _andere_school(reis: Reis, regio: Regio) -> str:
    return reis.toeval.choice([school.brin for school in regio.scholen if school is not reis.leerling.school])


FOUTEN: dict[str, Callable[[Reis, Regio], None]] = {
    "overleg_ontbreekt": _fout_van_decaan("overleg_ontbreekt", "overleg_ontbreekt", _WINTER, "schakel_leerplicht_in"),
    "keuze_te_vroeg": _fout_van_decaan("keuze_te_vroeg", "te_vroeg", _WINTER, "kies_vervolg_vo", reden="havo"),
    "hervat_zonder_afhandeling": _fout_van_decaan("hervat_zonder_afhandeling", "niet_toegestaan", _LENTE, "hervat"),
    "trekt_niets_in": _fout_van_decaan("trekt_niets_in", "niet_toegestaan", _LENTE, "trek_vervolgkeuze_in"),
    "onbekend_verzoek": _fout_van_decaan("onbekend_verzoek", "onbekend_verzoek", _LENTE, "schakel_rmc_in"),
    "reden_ontbreekt": _fout_van_decaan("reden_ontbreekt", "reden_ontbreekt", _LENTE, "kies_vervolg_vo"),
    "reden_ongeldig": _fout_van_decaan(
        "reden_ongeldig", "reden_ongeldig", _LENTE, "kies_vervolg_vo", reden="uitgeloot"
    ),
    "veld_ontbreekt": _fout_van_decaan(
        "veld_ontbreekt", "veld_ontbreekt", _WINTER, "leg_overleg_vast", overlegDatum=HIERVAN_DE_DAG
    ),
    "mentor_beslist": _mentor_beslist,
    "onbekende_leerling": _onbekend_pgn,
    "leerling_van_andere_school": _andere_school_kijkt_mee,
    "regel_onleesbaar": _regel_breekt_af,
    "in_de_toekomst": _gebeurt_volgende_week,
    "overleg_in_toekomst": _overleg_volgende_week,
    "datum_bestaat_niet": _datum_bestaat_niet,
    "pgn_niet_terug": _pgn_gaat_terug,
    "stap_nog_eens": _stap_komt_nog_eens,
    "bericht_onbekende_code": _onbekende_code,
    "bericht_wachtlijst_te_vroeg": _wachtlijst_te_vroeg,
    "bericht_van_ander_mbo": _bericht_van_ander_mbo,
    "bericht_zonder_status": _bericht_zonder_status,
    "bericht_pgn_ongeldig": _bericht_met_ongeldig_pgn,
    "bericht_onleesbaar": _bericht_breekt_af,
}
