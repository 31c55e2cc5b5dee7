"""The permission matrix over HTTP, what a role sees: every group of fields, in every answer that tells of a pupil."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from overstap.adapters.postgres.databank import Databank
from overstap.domain.rollen import Rol
from tests.adapters.http.binnendeur import Binnendeur, Vraag
from tests.adapters.http.gebied import ANDERE_REGIO, BEWOGEN, PERSOON, Gebied, lees, open_gebied, schrijf
from tests.rechtentabel import ALLEEN_MET_REDEN, BERICHTEN, GROEPEN, TOONT, ZIET, Kring, kringen, toonbare_cellen
from tests.statemachine.spelers import GEMEENTE, MBO, MBO_ZONDER_KOPPELING, REGIO
from tests.statemachine.test_rechten import actor as actor_in

_REDEN = {"Reden": "Vraag van de school over een dubbele opvoer"}


class Opstelling:
    """One pupil in our region and his like in another, and who asks for them."""

    def __init__(self, gebied: Gebied, deur: Binnendeur) -> None:
        self.gebied = gebied
        self.deur = deur
        eigen, van_hier = gebied.leerling(BEWOGEN, REGIO, PERSOON["pgn"])
        elders, van_elders = gebied.leerling(BEWOGEN, ANDERE_REGIO, PERSOON["pgn"])
        self.leerlingen: dict[str, UUID] = {REGIO: eigen, ANDERE_REGIO: elders}
        gebied.leg_vast([van_hier, van_elders])

    def vraag(self, bewerking: str, rol: Rol, kring: Kring, *, met_reden: bool) -> tuple[UUID, Vraag]:
        """Ask for the pupil of this circle, as somebody of our region."""
        leerling = self.leerlingen[ANDERE_REGIO if kring is Kring.ANDERE_REGIO else REGIO]
        wie = actor_in(rol, Kring.ANDER if kring is Kring.ANDER else Kring.EIGEN)
        koppen = {**self.gebied.als(wie), **(_REDEN if met_reden else {})}
        match bewerking:
            case "toon_overstap":
                return leerling, lees(f"/v1/overstappen/{leerling}", koppen)
            case "vertel_overstap":
                return leerling, lees(f"/v1/overstappen/{leerling}/gebeurtenissen", koppen)
            case "volg_gebeurtenissen":
                return leerling, lees("/v1/gebeurtenissen?limit=1000", koppen)
            case "noem_overstappen":
                return leerling, lees("/v1/overstappen?limit=200", koppen)
            case "zoek_overstappen":
                return leerling, schrijf("/v1/overstappen/_zoek", koppen, b"{}")
            case "toon_werklijst":
                return leerling, lees("/v1/werklijsten/met_leerplicht?limit=200", koppen)
            case _:
                raise AssertionError(bewerking)


@pytest.fixture(scope="module")
def opstelling(demo_databank: Databank, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opstelling]:
    with open_gebied(demo_databank, tmp_path_factory.mktemp("velden")) as (gebied, deur):
        yield Opstelling(gebied, deur)


@pytest.mark.parametrize("met_reden", [True, False], ids=["met reden", "zonder reden"])
@pytest.mark.parametrize("bewerking", TOONT)
def test_an_answer_shows_each_role_what_the_table_gives_it_and_nothing_else(
    opstelling: Opstelling, bewerking: str, record_property: Callable[[str, object], None], *, met_reden: bool
) -> None:
    cellen = list(toonbare_cellen(bewerking, met_reden=met_reden))
    record_property("cellen over HTTP", len(cellen))
    wie = [(rol, kring) for rol in Rol for kring in kringen(rol)]
    gevraagd = [opstelling.vraag(bewerking, rol, kring, met_reden=met_reden) for rol, kring in wie]
    antwoorden = opstelling.deur.vraag([vraag for _, vraag in gevraagd])
    gezien = {
        (*een, groep)
        for een, (leerling, _), antwoord in zip(wie, gevraagd, antwoorden, strict=True)
        for groep in _getoond(bewerking, antwoord, leerling, een[0])
    }
    mag = {(cel.rol, cel.kring, cel.wat) for cel in cellen if cel.mag}
    assert (sorted(gezien - mag), sorted(mag - gezien)) == ([], [])


def _getoond(bewerking: str, antwoord: httpx.Response, leerling: UUID, rol: Rol) -> set[str]:
    """Tell which groups of fields an answer holds of a pupil."""
    if antwoord.status_code in {403, 404}:
        return set()
    assert antwoord.status_code == 200, antwoord.text
    inhoud = antwoord.json()
    match bewerking:
        case "toon_overstap":
            blad = inhoud
        case "zoek_overstappen":
            blad = next((een for een in inhoud["gevonden"] if een["id"] == str(leerling)), {})
        case "noem_overstappen":
            blad = next((een for een in inhoud if een["id"] == str(leerling)), {})
        case "toon_werklijst":
            blad = next((een for een in inhoud if een["onderwerp"] == str(leerling)), {})
        case "vertel_overstap":
            return _verteld({een["feit"]: een for een in inhoud}, [een["zin"] + een["waarom"] for een in inhoud], rol)
        case _:
            eigen = [een for een in inhoud if een["subject"] == str(leerling)]
            return _gevolgd({een["type"].removeprefix("nl.overstappen."): een["data"] for een in eigen}, eigen, rol)
    return _van_blad(blad, rol) | _verklapt(blad)


_OP_BLAD: dict[str, Callable[[dict[str, Any]], object]] = {
    "school": lambda blad: blad.get("klas"),
    "gemeente": lambda blad: blad.get("gemeente"),
    "status": lambda blad: blad.get("status"),
    "elders_geplaatst": lambda blad: blad.get("eldersGeplaatst"),
    "pgn": lambda blad: blad.get("soortPgn"),
    "eigen_aanmeldingen": lambda blad: any(een["brin"] == MBO for een in blad.get("aanmeldingen", ())),
    "andere_aanmeldingen": lambda blad: any(een["brin"] != MBO for een in blad.get("aanmeldingen", ())),
    "signalen": lambda blad: any(een["signaal"] == "tegenstrijdig" for een in blad.get("signalen", ())),
    "leerplicht": lambda blad: blad.get("leerplicht", {}).get("ingeschakeldOp"),
    "overleg": lambda blad: any(een["overlegDatum"] == "2026-08-30" for een in blad.get("overleg", ())),
    "warme_overdracht": lambda blad: blad.get("overdracht", {}).get("warmeOverdrachtDatum"),
}


def _van_blad(blad: dict[str, Any], rol: Rol) -> set[str]:
    aan = " ".join(een["aan"] for een in blad.get("berichten", ()))
    gezien = {groep for groep, vraag in _OP_BLAD.items() if vraag(blad)}
    return gezien | _berichten(aan, MBO, GEMEENTE, MBO_ZONDER_KOPPELING, rol)


_KANARIES = {
    "naam": PERSOON["achternaam"] + '"',
    "geboortedatum": PERSOON["geboortedatum"],
    "adres": PERSOON["woonplaats"],
    "contact": PERSOON["email"],
    "pgn": PERSOON["pgn"],
    "reden": "geheim waarom",
    "contactpersoon": "geheim met wie",
}


def _verklapt(inhoud: object) -> set[str]:
    """Tell which sealed things stand in it anywhere."""
    tekst = json.dumps(inhoud, ensure_ascii=False)
    return {groep for groep, kanarie in _KANARIES.items() if kanarie in tekst}


def _berichten(teksten: str, aan_mbo: str, aan_leerplicht: str, aan_ander: str, rol: Rol) -> set[str]:
    gezien = {x for x in (aan_mbo, aan_leerplicht, aan_ander) if x in teksten}
    eigen = {Rol.MBO_INTAKER: {aan_mbo}, Rol.LEERPLICHTAMBTENAAR: {aan_leerplicht}}.get(rol, {aan_mbo, aan_leerplicht})
    return ({"eigen_berichten"} if gezien & eigen else set()) | ({"andere_berichten"} if gezien - eigen else set())


_FEIT = {
    "overstap-opgevoerd": "school",
    "status-gewijzigd": "status",
    "signaal-gegeven": "signalen",
    "overleg-vastgelegd": "overleg",
    "leerplicht-ingeschakeld": "leerplicht",
    "warme-overdracht-vastgelegd": "warme_overdracht",
}


def _verteld(feiten: dict[str, Any], zinnen: list[str], rol: Rol) -> set[str]:
    tekst = "\n".join(zinnen)
    gezien = {groep for feit, groep in _FEIT.items() if any(naam.startswith(feit) for naam in feiten)}
    gezien |= {"eigen_aanmeldingen"} if any(MBO in zin and "anmelding" in zin for zin in zinnen) else set()
    gezien |= {"andere_aanmeldingen"} if any("definitief" in zin for zin in zinnen) else set()
    gezien |= {"reden"} if "reden: havo" in tekst else set()
    aan = " ".join(zin for zin in zinnen if "bericht gestuurd aan" in zin)
    return gezien | _berichten(aan, MBO, GEMEENTE, MBO_ZONDER_KOPPELING, rol) | _verklapt(zinnen)


def _gevolgd(data: dict[str, Any], alle: list[dict[str, Any]], rol: Rol) -> set[str]:
    inhoud = {naam.removesuffix(".v1"): een["inhoud"] for naam, een in data.items()}
    gezien = {groep for feit, groep in _FEIT.items() if feit in inhoud}
    opgevoerd = inhoud.get("overstap-opgevoerd", {})
    gezien |= {groep for groep, veld in (("gemeente", "gemeente"), ("pgn", "soortPgn")) if veld in opgevoerd}
    gezien |= {"reden"} if "reden" in inhoud.get("vervolgkeuze-vo-gekozen", {}) else set()
    brins = {een["data"]["inhoud"].get("brin") for een in alle if "aanmelding-ontvangen" in een["type"]}
    gezien |= {"eigen_aanmeldingen"} if MBO in brins else set()
    gezien |= {"andere_aanmeldingen"} if f"{MBO_ZONDER_KOPPELING}01" in brins else set()
    aan = " ".join(een["data"]["inhoud"]["aan"] for een in alle if "bericht-geplaatst" in een["type"])
    return gezien | _berichten(aan, MBO, GEMEENTE, MBO_ZONDER_KOPPELING, rol) | _verklapt(alle)


@pytest.mark.parametrize("met_reden", [True, False], ids=["met reden", "zonder reden"])
def test_what_a_message_says_is_read_by_whom_the_message_is_shown_to_and_by_the_region_with_a_reason(
    opstelling: Opstelling, *, met_reden: bool
) -> None:
    wie = [rol for rol in Rol if ZIET[rol] & BERICHTEN]
    gevraagd = [opstelling.vraag("toon_overstap", rol, Kring.EIGEN, met_reden=met_reden)[1] for rol in wie]
    for rol, antwoord in zip(wie, opstelling.deur.vraag(gevraagd), strict=True):
        berichten = antwoord.json()["berichten"]
        gesloten = rol in ALLEEN_MET_REDEN and not met_reden
        assert berichten, rol
        assert all(een["tekst"].startswith("geheim aan") for een in berichten if not gesloten), rol
        assert not (gesloten and any("tekst" in een for een in berichten)), rol


def test_every_group_of_fields_is_shown_by_some_operation() -> None:
    assert set().union(*TOONT.values()) == GROEPEN
