"""Spells lines as the institutions' systems write them: messages of a koppeling, steps of people, rows of a list."""

import json

from overstap.adapters.synthetische_regio.kalender import in_amsterdam, in_utc_met_microseconden
from overstap.adapters.synthetische_regio.organisaties import Mbo, School
from overstap.adapters.synthetische_regio.plan import Leerling, Regel
from overstap.adapters.synthetische_regio.reis import Reis

VOLGNUMMER = "\x00"  # stands where a message's wijzigingsvolgnummer comes, which its file alone can tell


def spel(regel: Regel, reis: Reis, scholen: dict[str, School], mbos: dict[str, Mbo]) -> str:
    """Spell one line of one pupil."""
    if regel.tekst:
        return regel.tekst
    if regel.verzoek == "voer_op":
        return scholen[regel.kanaal.namens].lijst.regel(regel.rij)
    if regel.verzoek == "koppelbericht":
        return _bericht(regel, mbos[regel.kanaal.namens], reis)
    return _stap(regel, reis.leerling, scholen)


def _bericht(regel: Regel, mbo: Mbo, reis: Reis) -> str:
    aanvraag = regel.aanvraag
    if aanvraag is None:
        raise ValueError("a koppelbericht without its aanvraag has a text of its own")
    jaar = reis.jaar.jaar
    item: dict[str, object] = {
        "$type": "aanmelding",
        "links": {"self": f"/aanmeldingen/{int(aanvraag.keten_id[-8:])}"},
        "ketenId": aanvraag.keten_id,
        "caKetenId": aanvraag.ca_keten_id,
        "wijzigingsvolgnummer": VOLGNUMMER,
        "pgn": regel.pgn,
        "status": regel.velden.get("code") or mbo.codes[regel.status],
        "laatsteWijziging": in_utc_met_microseconden(regel.t, reis.toeval.randrange(1_000_000)),
        "brin": regel.velden.get("brin", aanvraag.brin),
        "onderwijsAanbiederCode": f"10{int(regel.crebo) % 9 + 1}A{int(regel.crebo) % 900 + 100}",
        "opleidingCreboCode": regel.crebo,
        "opleidingAanmeldjaar": f"{jaar}-{jaar + 1}",
        "startdatumOpleiding": aanvraag.startdatum,
        "leertraject" if mbo.vorm != "slordig" else "leeratraject": aanvraag.leertraject,
    }
    if "grond" in regel.velden:
        item["grond"] = regel.velden["grond"]
    item.pop(str(regel.velden.get("zonder", "")), None)
    tekst = json.dumps(item, ensure_ascii=False, indent=2 if mbo.vorm.startswith("reeks") else None)
    if mbo.vorm == "slordig":
        tekst = tekst[:-1] + ",}"
    return tekst.replace('"\\u0000"', VOLGNUMMER)


def _stap(regel: Regel, leerling: Leerling, scholen: dict[str, School]) -> str:
    verzoek: dict[str, object] = {
        "verzoek": regel.verzoek,
        "leerling": {"pgn": regel.pgn},
        "overstapjaar": int(leerling.persoon["overstapjaar"]),
        "gebeurdOp": in_amsterdam(regel.gebeurd or regel.t),
    }
    account = _account(regel, leerling, scholen)
    if account:
        verzoek["account"] = account
    aanvraag = regel.aanvraag
    if aanvraag is not None and regel.verzoek == "meld_aan":
        verzoek |= {"brin": aanvraag.brin, "crebo": aanvraag.crebo, "leertraject": aanvraag.leertraject}
        verzoek["startdatum"] = aanvraag.startdatum
    elif aanvraag is not None:
        verzoek["aanmelding"] = {"brin": aanvraag.brin, "crebo": aanvraag.crebo}
    verzoek |= regel.velden
    return json.dumps(verzoek, ensure_ascii=False)


def _account(regel: Regel, leerling: Leerling, scholen: dict[str, School]) -> str:
    """Name who takes a step; the regiebeheerder delivers without a name."""
    rol, namens = regel.kanaal.rol, regel.kanaal.namens
    if rol == "decaan":
        school = scholen[namens]
        vestiging = leerling.lot.vestiging
        return school.decaan(vestiging if vestiging in school.vestigingen else school.vestigingen[0])
    if rol == "mentor":
        return scholen[namens].mentor(leerling.klas_op(regel.op))
    voorvoegsel = {"vo_beheerder": "beheer-", "mbo_intaker": "intaker-", "leerplichtambtenaar": "leerplicht-"}.get(rol)
    if voorvoegsel is None:
        return ""
    return f"{voorvoegsel}{namens.lower()}" + ("" if rol == "vo_beheerder" else "-1")
