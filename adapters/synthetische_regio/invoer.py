"""Writes a pupil's lines on the lists of his school: the good ones, and the bad one that a later list mends."""

from overstap.adapters.synthetische_regio import nummers
from overstap.adapters.synthetische_regio.agenda import Agenda, Kanaal
from overstap.adapters.synthetische_regio.organisaties import Regio, School
from overstap.adapters.synthetische_regio.plan import Leerling, Regel, Verwacht
from overstap.adapters.synthetische_regio.reis import Reis
from overstap.adapters.synthetische_regio.verdeling import Lot, Merk

EERSTE, HERSTEL, LATE = 0, 1, 2  # the lists of a school, in order
_ANDERE_KLAS = 0.04
_ANDER_TELEFOONNUMMER = 0.02
DUBBEL = "dubbel_opgevoerd"
# What is wrong with a line, which column it takes, the code of the refusal.
_BEDORVEN = {
    "lijst_pgn_ongeldig": ("pgn", "pgn_ongeldig"),
    "lijst_datum_bestaat_niet": ("geboortedatum", "datum_ongeldig"),
    "lijst_zonder_achternaam": ("achternaam", "veld_ontbreekt"),
    "lijst_onbekende_leerweg": ("leerweg", "veld_ongeldig"),
    "lijst_onbekende_gemeente": ("gemeente", "veld_ongeldig"),
    "lijst_andere_school": ("brin", "andere_organisatie"),
    "lijst_ander_jaar": ("overstapjaar", "geen_jaar"),
}
LIJSTFOUTEN = (*_BEDORVEN, DUBBEL)


def lijst_met_invoer(lot: Lot) -> int:
    """Give the number of the list that first names the pupil rightly."""
    if lot.merk in {Merk.LAAT, Merk.LAAT_IN_WACHTBAK}:
        return LATE
    return HERSTEL if _bederf(lot) is not None else EERSTE


def schrijf_op_lijsten(reis: Reis, regio: Regio) -> None:
    """Write the pupil's lines on every list of the year that names him."""
    leerling, agenda = reis.leerling, reis.agenda
    kanaal = agenda.lijsten(leerling.school)
    eerste = lijst_met_invoer(leerling.lot)
    velden = _velden(leerling, leerling.school)
    bederf = _bederf(leerling.lot)
    if bederf is not None:
        regel = _regel(leerling, kanaal, EERSTE, _bedorven_velden(leerling, velden, bederf[0], regio))
        regel.verwacht, regel.code, regel.moeilijkheden = Verwacht.GEWEIGERD, bederf[1], (bederf[2],)
        regel.buiten_model = True
    _regel(leerling, kanaal, eerste, velden)
    if eerste != LATE:
        _schrijf_op_late_lijst(reis, agenda, velden)
    if leerling.lot.fout == DUBBEL:
        _schrijf_op_lijst_van_een_ander(reis, regio)


def _bederf(lot: Lot) -> tuple[str, str, str] | None:
    """Give the column, the code and the kind of what is wrong on the first list, where the school has that column."""
    if lot.fout not in _BEDORVEN:
        return None
    kolom, code = _BEDORVEN[lot.fout]
    if not lot.school.lijst.heeft(kolom):
        return ("pgn", "pgn_ongeldig", "lijst_pgn_ongeldig")
    return kolom, code, lot.fout


def _bedorven_velden(leerling: Leerling, velden: dict[str, str], kolom: str, regio: Regio) -> dict[str, str]:
    andere_school = next(school for school in regio.scholen if school is not leerling.school)
    waarde = {
        "pgn": nummers.bedorven(leerling.pgn),
        "geboortedatum": f"{velden['geboortedatum'][:4]}-02-30",
        "achternaam": "",
        "leerweg": "mavo-plus",
        "gemeente": "99",
        "brin": andere_school.brin,
        "overstapjaar": str(int(velden["overstapjaar"]) + 1),
    }[kolom]
    return velden | {kolom: waarde}


def _schrijf_op_late_lijst(reis: Reis, agenda: Agenda, velden: dict[str, str]) -> None:
    leerling = reis.leerling
    for school in (leerling.school, leerling.nieuwe_school):
        if school is None or not school.late_lijst:
            continue
        kanaal = agenda.lijsten(school)
        op = kanaal.op(kanaal.eerste + LATE)
        if leerling.school_op(op) is not school or any(van <= op < tot for van, tot in leerling.weg):
            continue
        nieuw = velden | {"pgn": leerling.pgn_op(op, op)}
        if school is not leerling.school:
            nieuw |= _velden(leerling, school) | {"pgn": nieuw["pgn"], "klas": leerling.late_klas}
        elif leerling.late_klas and reis.kans(_ANDERE_KLAS):
            nieuw["klas"], leerling.late_klas_vanaf = leerling.late_klas, op
        if school.lijst.heeft("telefoon") and reis.kans(_ANDER_TELEFOONNUMMER):
            nieuw["telefoon"] = f"06000{reis.toeval.randrange(100_000):05d}"
        regel = _regel(leerling, kanaal, LATE, nieuw)
        regel.gelijk = nieuw == velden | {"pgn": nieuw["pgn"]}
        regel.verwacht = Verwacht.ONGEWIJZIGD if regel.gelijk else Verwacht.AANVAARD


def _schrijf_op_lijst_van_een_ander(reis: Reis, regio: Regio) -> None:
    leerling = reis.leerling
    anderen = [school for school in regio.scholen if school.late_lijst and school is not leerling.school]
    if not anderen:
        return
    ander = reis.toeval.choice(anderen)
    regel = _regel(leerling, reis.agenda.lijsten(ander), LATE, _velden(leerling, ander))
    regel.verwacht, regel.code, regel.moeilijkheden = Verwacht.GEWEIGERD, "al_opgevoerd", (DUBBEL,)
    regel.buiten_model = True


def _velden(leerling: Leerling, school: School) -> dict[str, str]:
    lot = leerling.lot
    eigen = {"pgn": leerling.pgn, "klas": lot.klas, "brin": school.brin, "vestiging": lot.vestiging}
    if school is not leerling.school:
        eigen["vestiging"] = school.vestigingen[0]
    return leerling.persoon | eigen


def _regel(leerling: Leerling, kanaal: Kanaal, lijst: int, velden: dict[str, str]) -> Regel:
    regel = Regel(kanaal, kanaal.eerste + lijst, 0, "voer_op", rij=velden, pgn=velden["pgn"])
    leerling.regels.append(regel)
    return regel
