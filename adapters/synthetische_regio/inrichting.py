"""Writes the files with which a region begins: the parameters of the year, its organisations, and who works where."""

import random

from overstap.adapters.synthetische_regio import namen
from overstap.adapters.synthetische_regio.agenda import Agenda
from overstap.adapters.synthetische_regio.bestanden import Leveringen, Moeilijkheid, Wachtend
from overstap.adapters.synthetische_regio.lijsten import csv_regel
from overstap.adapters.synthetische_regio.organisaties import (
    STANDAARDCODES,
    Gemeente,
    Mbo,
    Regio,
    Samenwerkingsverband,
    School,
)
from overstap.adapters.synthetische_regio.toeval import toeval_voor
from overstap.adapters.synthetische_regio.verwacht import Telling

_KOLOMMEN = (
    "regel", "code", "soort", "naam", "gemeente", "koppeling", "accounts", "account", "rol", "vestiging", "klas",
    "onderwerp", "email", "telefoon", "aangesloten",
)  # fmt: skip
_JA_NEE = {True: "ja", False: "nee"}
Klassen = list[tuple[str, str]]  # each class with its vestiging
_Regel = tuple[dict[str, str], tuple[Moeilijkheid, ...]]


def richt_in(
    leveringen: Leveringen, agenda: Agenda, regio: Regio, klassen: dict[str, Klassen], telling: Telling
) -> None:
    """Hand in the parameters, the region's organisations, and each school's and MBO's own people."""
    toeval = toeval_voor("inrichting")

    def schrijf(namens: str, rol: str, regels: list[_Regel]) -> None:
        levering = agenda.vooraf("organisaties", namens, rol).eerste
        leveringen.voeg_toe(levering, Wachtend(0, csv_regel(list(_KOLOMMEN), ";")))
        for nummer, (velden, moeilijkheden) in enumerate(regels, start=1):
            tekst = csv_regel([velden.get(kolom, "") for kolom in _KOLOMMEN], ";")
            leveringen.voeg_toe(levering, Wachtend(nummer, tekst, moeilijkheden))
            uitkomst = moeilijkheden[0] if moeilijkheden else Moeilijkheid("", "aanvaard", "")
            telling.tel_uitkomst("organisaties", uitkomst.verwacht, uitkomst.code)

    parameters = agenda.vooraf("parameters", regio.code, "regiebeheerder")
    leveringen.voeg_toe(parameters.eerste, Wachtend(0, _parameters(regio, agenda.jaar.jaar)))
    telling.tel_uitkomst("parameters", "aanvaard")
    schrijf(regio.code, "regiebeheerder", _van_de_regio(toeval, regio))
    for school in regio.scholen:
        regels = _van_de_school(toeval, school, klassen.get(school.brin, []))
        if school.nummer == 0:
            regels += _fouten(regio)
        schrijf(school.brin, "vo_beheerder", regels)
    for mbo in regio.mbos:
        if mbo.accounts:
            schrijf(mbo.brin, "mbo_beheerder", _van_het_mbo(toeval, mbo))


def _van_de_regio(toeval: random.Random, regio: Regio) -> list[_Regel]:
    ambtenaren = [gemeente.code for gemeente in regio.gemeenten if gemeente.accounts]
    mbos_met_beheerder = [mbo for mbo in regio.mbos if mbo.accounts]
    return [
        *map(_gemeente, regio.gemeenten),
        *map(_verband, regio.verbanden),
        *map(_school, regio.scholen),
        *map(_mbo, regio.mbos),
        *(_functionaris(toeval, code, f"leerplicht-{code}-1", "leerplichtambtenaar") for code in ambtenaren),
        *(_contact(toeval, gemeente.code, "leerplicht") for gemeente in regio.gemeenten),
        *(
            _functionaris(toeval, verband.oin, f"swv-{nummer}", "samenwerkingsverband")
            for nummer, verband in enumerate(regio.verbanden, start=1)
        ),
        *(_functionaris(toeval, school.brin, school.beheerder, "vo_beheerder") for school in regio.scholen),
        *(_functionaris(toeval, mbo.brin, mbo.beheerder, "mbo_beheerder") for mbo in mbos_met_beheerder),
    ]


def _gemeente(gemeente: Gemeente) -> _Regel:
    velden = {
        "soort": "gemeente",
        "gemeente": gemeente.code,
        "accounts": _JA_NEE[gemeente.accounts],
        "koppeling": "nee",
    }
    return _organisatie(gemeente.code, gemeente.naam, **velden)


def _verband(verband: Samenwerkingsverband) -> _Regel:
    return _organisatie(verband.oin, verband.naam, soort="samenwerkingsverband", accounts="ja", koppeling="nee")


def _school(school: School) -> _Regel:
    plaats = {"gemeente": school.gemeente.code, "aangesloten": school.verband.oin}
    return _organisatie(school.brin, school.naam, soort="vo", accounts="ja", koppeling="nee", **plaats)


def _mbo(mbo: Mbo) -> _Regel:
    deelname = {"accounts": _JA_NEE[mbo.accounts], "koppeling": _JA_NEE[mbo.koppeling]}
    return _organisatie(mbo.brin, mbo.naam, soort="mbo", gemeente=mbo.gemeente.code, **deelname)


def _van_de_school(toeval: random.Random, school: School, klassen: Klassen) -> list[_Regel]:
    meer = len(school.vestigingen) > 1
    regels = [
        _functionaris(toeval, school.brin, school.decaan(vestiging), "decaan", vestiging=vestiging if meer else "")
        for vestiging in school.vestigingen
    ]
    for klas, vestiging in klassen:
        velden = {"vestiging": vestiging if meer else "", "klas": klas}
        regels.append(_functionaris(toeval, school.brin, school.mentor(klas), "mentor", **velden))
    return [*regels, _contact(toeval, school.brin, "overstap"), _contact(toeval, school.brin, "zorg")]


def _van_het_mbo(toeval: random.Random, mbo: Mbo) -> list[_Regel]:
    return [
        _functionaris(toeval, mbo.brin, mbo.intaker, "mbo_intaker"),
        _functionaris(toeval, mbo.brin, f"overstapcoach-{mbo.brin.lower()}", "mbo_intaker"),
        _contact(toeval, mbo.brin, "aanmelding"),
        _contact(toeval, mbo.brin, "warme overdracht"),
    ]


def _fouten(regio: Regio) -> list[_Regel]:
    """Give two lines that this school may not deliver: somebody of another school, and a role of an MBO."""
    eigen, ander = regio.scholen[0], regio.scholen[1]
    basis = {"regel": "functionaris", "naam": "Vayelle Tolvijnkade", "email": "v@onderwijs.example"}
    return [
        (
            basis | {"code": ander.brin, "account": f"decaan-{ander.brin.lower()}-9", "rol": "decaan"},
            (Moeilijkheid("functionaris_van_andere_school", "geweigerd", "andere_organisatie"),),
        ),
        (
            basis | {"code": eigen.brin, "account": f"intaker-{eigen.brin.lower()}-9", "rol": "mbo_intaker"},
            (Moeilijkheid("rol_van_een_mbo", "geweigerd", "niet_bevoegd"),),
        ),
    ]


def _organisatie(code: str, naam: str, **velden: str) -> _Regel:
    return {"regel": "organisatie", "code": code, "naam": naam} | velden, ()


def _functionaris(toeval: random.Random, code: str, account: str, rol: str, **velden: str) -> _Regel:
    naam, email, telefoon = namen.functionaris(toeval, account)
    vast = {"regel": "functionaris", "code": code, "account": account, "rol": rol, "naam": naam}
    return vast | {"email": email, "telefoon": telefoon} | velden, ()


def _contact(toeval: random.Random, code: str, onderwerp: str) -> _Regel:
    naam, email, telefoon = namen.functionaris(toeval, f"{onderwerp.replace(' ', '-')}-{code.lower()}")
    vast = {"regel": "contact", "code": code, "onderwerp": onderwerp, "naam": naam}
    return vast | {"email": email, "telefoon": telefoon}, ()


def _parameters(regio: Regio, jaar: int) -> str:
    regels = [
        f'regio = "{regio.code}"',
        f"overstapjaar = {jaar}",
        "revisie = 1",
        "",
        "[kalender]",
        f"opvoer_vanaf = {jaar - 1}-10-01",
        f"mbo_regels = {jaar}-02-01",
        f"aanmelddatum = {jaar}-04-01",
        f"vervolgkeuze_vanaf = {jaar}-04-01",
        f"voorlopig_op = {jaar}-06-01",
        f"handhaven_tot = {jaar}-07-01",
        f"mbo_start = {jaar}-08-01",
        f"meting_op = {jaar}-10-01",
        f"sluit_vanaf = {jaar}-10-02",
        "",
        "[normen]",
        "aangemeld_vmbo = 95",
        "aangemeld_alle = 90",
        "voorlopig_geplaatst = 90",
        "geplaatst_en_gestart = 95",
        "",
        "[signalen]",
        "stil_weken = 6",
        "",
        "[bewijs]",
        "overleg = true",
        "",
        "[koppelcodes.standaard]",
        *(f'{code} = "{status}"' for status, code in STANDAARDCODES.items()),
    ]
    for mbo in regio.mbos:
        if mbo.eigen_codes:
            regels += ["", f"[koppelcodes.{mbo.brin}]"]
            regels += [f'{code} = "{status}"' for status, code in mbo.eigen_codes.items()]
    return "\n".join(regels)
