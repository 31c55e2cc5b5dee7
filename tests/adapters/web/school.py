"""A few pupils with names to look at, entered and moved through the front door."""

import threading
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from overstap.adapters.postgres.logins import Login
from overstap.domain.identificaties import is_bsn
from overstap.domain.rollen import Actor, Rol
from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import GEMEENTE, KOPPELING, MBO, REGIO, SCHOOL, VO_BEHEERDER

PGNS = (str(nummer) for nummer in count(930_000_000) if is_bsn(str(nummer)))
INTAKER = Actor(account="mbo-intaker-99xx", rol=Rol.MBO_INTAKER, organisatie=MBO, regio=REGIO)
MENTOR = Actor(account="mentor-99aa", rol=Rol.MENTOR, organisatie=SCHOOL, regio=REGIO, klas="4a")
LEERPLICHT = Actor(account="leerplicht-0363", rol=Rol.LEERPLICHTAMBTENAAR, organisatie=GEMEENTE, regio=REGIO)
KWAAD = "<img src=x onerror=alert(1)>"
"""A name as somebody with bad intentions would enter it."""
REKENEND = "=1+1"
"""A name that a spreadsheet would compute."""
NAMEN = ("Adelaar", "Buizerd", "Çelik", "Duif", KWAAD, REKENEND)


def voer_op(deur: Deur, achternaam: str, **anders: Any) -> UUID:  # noqa: ANN401  # any field of a pupil
    leerling = {
        "pgn": next(PGNS),
        "achternaam": achternaam,
        "voornaam": "Noor",
        "tussenvoegsel": "van der",
        "geboortedatum": "2010-03-14",
        "leerweg": "kb",
        "klas": "4a",
        "gemeente": GEMEENTE,
        **anders,
    }
    koppen = {**deur.als(VO_BEHEERDER), "Idempotency-Key": uuid4().hex}
    antwoord = deur.client.post("/v1/overstappen", json=leerling, headers=koppen)
    antwoord.raise_for_status()
    overstap = UUID(antwoord.json()["overstap"])
    assert deur.toon(overstap, VO_BEHEERDER).status_code == 200  # it waits until the read model has him
    return overstap


def meld(deur: Deur, pgn: str, status: str, volgnummer: int = 1, uitkomst: str = "aanvaard") -> None:
    """Let the MBO's system send that a pupil applied there, or how that goes on."""
    bericht = {
        "ketenId": f"{MBO}:{pgn[-8:]}",
        "wijzigingsvolgnummer": volgnummer,
        "pgn": pgn,
        "status": status,
        "laatsteWijziging": f"2026-01-{volgnummer:02}T08:00:00Z",
        "brin": MBO,
        "opleidingCreboCode": "25647",
        "opleidingAanmeldjaar": "2026-2027",
        "leertraject": "BOL",
        "startdatumOpleiding": "2026-08-24",
    }
    een = {"specversion": "1.0", "id": "1", "source": "urn:x", "type": "nl.overstappen.koppelbericht.v1"}
    koppen = {**deur.als(KOPPELING), "Content-Type": "application/cloudevents+json", "Idempotency-Key": uuid4().hex}
    antwoord = deur.client.post("/v1/aanleveringen", json={**een, "data": bericht}, headers=koppen)
    assert antwoord.json()[uitkomst] == 1, antwoord.text
    wacht_op_beelden(deur)


def wacht_op_beelden(deur: Deur) -> None:
    """Wait until what was recorded shows on every page."""
    with deur.dienst.databank.verbind(Login.SCHRIJVER) as verbinding:
        [(positie,)] = verbinding.execute("SELECT coalesce(max(positie), 0) FROM log.gebeurtenissen").fetchall()
    for beeld in ("actueel", "wachtbak", "aanleveringen"):
        deur.dienst.voortgang.tot(beeld, positie, 60)


def vul_school(deur: Deur) -> dict[str, UUID]:
    """Enter the pupils; the first has an aanmelding at the MBO with an interview planned."""
    pgn = next(PGNS)
    nummers = {"Adelaar": voer_op(deur, "Adelaar", pgn=pgn)}
    nummers |= {naam: voer_op(deur, naam, klas="4b" if naam == "Duif" else "4a") for naam in NAMEN[1:]}
    meld(deur, pgn, "AO", 1)
    meld(deur, pgn, "IG", 2)
    wacht_tot(deur, nummers["Adelaar"], "intake")
    return nummers


def wacht_tot(deur: Deur, overstap: UUID, status: str) -> None:
    """Wait until the list shows a pupil in this status."""
    zoek = {"klas": "4a", "status": status, "limit": 200}
    for _ in range(500):
        gevonden = deur.client.post("/v1/overstappen/_zoek", json=zoek, headers=deur.als(VO_BEHEERDER)).json()[
            "gevonden"
        ]
        if str(overstap) in {een["id"] for een in gevonden}:
            return
        threading.Event().wait(0.02)
    raise AssertionError(f"the list does not show {status}")
