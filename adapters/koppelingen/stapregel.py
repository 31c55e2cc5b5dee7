"""One step of a person as a line of NDJSON: who, about whom, what; read and checked, not yet sealed."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from overstap.adapters.koppelingen import velden
from overstap.adapters.koppelingen.fouten import (
    PGN_ONGELDIG,
    REGEL_ONLEESBAAR,
    Onbruikbaar,
    datum_ongeldig,
    veld_ongeldig,
    veld_ontbreekt,
)
from overstap.adapters.vault import PERSOONSVELDEN
from overstap.domain import verzoeken as v
from overstap.domain.identificaties import (
    is_account,
    is_brin,
    is_crebo,
    is_gemeentecode,
    is_keten_id,
)
from overstap.domain.weigering import Weigering, weiger

KOPPEL_WACHTBAK = "koppel_wachtbak"
LANGSTE_TEKST = 1_000
_GEMEENSCHAPPELIJK = ("verzoek", "leerling", "overstapjaar", "gebeurdOp", "account", "sleutel")
_VAN_MENSEN = {
    naam: soort for naam, soort in v.VERZOEKEN.items() if soort not in {v.VoerOp, v.VerwerkKoppelbericht, v.SluitAf}
}
_PAD: Final = re.compile(r"`\$\.([A-Za-z.]+)`$")
_ONTBREEKT: Final = re.compile(r"missing required field `([A-Za-z]+)`")
_WOORD: Final = re.compile(r"[a-z][a-z _-]{0,39}", re.ASCII)
_NIET_VAN_BUITEN = frozenset({"persoon", "soort", "kwalificatieplichtGewijzigd", "kwalificatieplichtTot"})
"""Fields of requests that we fill in ourselves."""
_VREEMD_VELD = weiger("veld_ongeldig", "De regel heeft een veld dat niet bij dit verzoek hoort.", "Haal het weg.")
REDEN_ONTBREEKT = weiger("reden_ontbreekt", "De reden ontbreekt.", "Geef een reden.")
_ONBEKEND_VERZOEK = weiger("onbekend_verzoek", "Dit verzoek bestaat niet.", "Gebruik een verzoek van de lijst.")


class KoppelWachtbak(msgspec.Struct, frozen=True, kw_only=True):
    """Say whose a wachtbak item is."""

    keten_id: str


class Verwijzing(msgspec.Struct, frozen=True, kw_only=True):
    """How a line names its pupil: one of the three. It does not show itself."""

    pgn: str | None = None
    keten_id: str | None = None
    overstap: UUID | None = None

    def __repr__(self) -> str:
        return "Verwijzing(***)"


class Stapregel(msgspec.Struct, frozen=True, kw_only=True):
    """A step: verzoek still holds its texts in clear. It does not show itself.

    sleutel is the deliverer's own key, inhoud the line's content in one fixed spelling, by which it is known again.
    """

    verzoek: v.Vraag | KoppelWachtbak
    leerling: Verwijzing
    overstapjaar: int | None
    account: str | None
    sleutel: str | None
    inhoud: bytes

    def __repr__(self) -> str:
        return "Stapregel(***)"


def lees_stapregel(regel: bytes) -> Stapregel:
    """Read one line.

    Raises:
        Onbruikbaar: when it is no JSON object, or a field is missing, unknown or not of its form.

    """
    try:
        alles = msgspec.json.decode(regel)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Onbruikbaar(REGEL_ONLEESBAAR) from None
    if not isinstance(alles, dict):
        raise Onbruikbaar(REGEL_ONLEESBAAR)
    naam = alles.get("verzoek")
    if naam is None:
        raise Onbruikbaar(veld_ontbreekt("verzoek"))
    eigen = {veld: waarde for veld, waarde in alles.items() if veld not in _GEMEENSCHAPPELIJK}
    if naam == KOPPEL_WACHTBAK:
        verzoek: v.Vraag | KoppelWachtbak = _koppel_wachtbak(eigen)
    elif isinstance(naam, str) and naam in _VAN_MENSEN:
        verzoek = _verzoek(naam, eigen, alles.get("gebeurdOp"))
    else:
        raise Onbruikbaar(_ONBEKEND_VERZOEK)
    return Stapregel(
        verzoek=verzoek,
        leerling=_verwijzing(alles.get("leerling")),
        overstapjaar=_jaar(alles.get("overstapjaar")),
        account=_tekst(alles, "account", is_account, "3 tot 64 kleine letters, cijfers en streepjes"),
        sleutel=_tekst(alles, "sleutel", lambda waarde: 0 < len(waarde) <= LANGSTE_TEKST, "hoogstens 1000 tekens"),
        inhoud=msgspec.json.encode({k: w for k, w in alles.items() if k != "sleutel"}, order="sorted"),
    )


def _tekst(alles: Mapping[str, Any], veld: str, is_goed: Callable[[str], bool], vorm: str) -> str | None:
    waarde = alles.get(veld)
    if waarde is None:
        return None
    if not isinstance(waarde, str) or not is_goed(waarde):
        raise Onbruikbaar(veld_ongeldig(veld, vorm))
    return waarde


def _jaar(waarde: Any) -> int | None:  # noqa: ANN401  # whatever JSON holds
    if waarde is None or (isinstance(waarde, int) and not isinstance(waarde, bool) and 2000 <= waarde <= 2100):  # noqa: PLR2004
        return waarde
    raise Onbruikbaar(veld_ongeldig("overstapjaar", "een jaartal"))


def _verwijzing(waarde: Any) -> Verwijzing:  # noqa: ANN401  # whatever JSON holds
    if waarde is None:
        raise Onbruikbaar(veld_ontbreekt("leerling"))
    if not isinstance(waarde, dict) or len(waarde) != 1:
        raise Onbruikbaar(veld_ongeldig("leerling", "pgn, ketenId of overstap"))
    [(hoe, naam)] = waarde.items()
    if hoe == "pgn":
        if not isinstance(naam, str):
            raise Onbruikbaar(PGN_ONGELDIG)
        return Verwijzing(pgn=velden.pgn(naam)[0])
    if hoe == "ketenId" and isinstance(naam, str) and is_keten_id(naam):
        return Verwijzing(keten_id=naam)
    if hoe == "overstap" and isinstance(naam, str):
        try:
            return Verwijzing(overstap=UUID(naam))
        except ValueError:
            pass
    raise Onbruikbaar(veld_ongeldig("leerling", "pgn, ketenId of overstap"))


def _koppel_wachtbak(eigen: Mapping[str, Any]) -> KoppelWachtbak:
    keten_id = _tekst(eigen, "ketenId", is_keten_id, "zoals 99XX:90001119")
    if keten_id is None:
        raise Onbruikbaar(veld_ontbreekt("ketenId"))
    return KoppelWachtbak(keten_id=keten_id)


def _verzoek(naam: str, eigen: dict[str, Any], gebeurd_op: object) -> v.Vraag:
    if eigen.keys() & _NIET_VAN_BUITEN:
        raise Onbruikbaar(_VREEMD_VELD)
    if gebeurd_op is not None:
        eigen = {**eigen, "gebeurdOp": gebeurd_op}
    if naam == "vervang_pgn":
        return _vervang_pgn(eigen)
    if naam == "wijzig_persoonsgegevens":
        persoon = {veld: eigen.pop(veld) for veld in PERSOONSVELDEN if veld in eigen and veld != "pgn"}
        eigen = {**eigen, "persoon": _persoon(persoon)}
    try:
        verzoek: v.Vraag = msgspec.convert(eigen, _VAN_MENSEN[naam])
    except msgspec.ValidationError as fout:
        raise Onbruikbaar(_uitleg(str(fout), _VAN_MENSEN[naam])) from None
    _keur(verzoek)
    return verzoek


def _persoon(persoon: dict[str, Any]) -> dict[str, str]:
    for veld, waarde in persoon.items():
        if not isinstance(waarde, str):
            raise Onbruikbaar(veld_ongeldig(veld, "tekst"))
        velden.vrije_tekst(waarde, veld)
    if "geboortedatum" in persoon:
        persoon["geboortedatum"] = velden.datum(persoon["geboortedatum"], "geboortedatum").isoformat()
    return persoon


def _vervang_pgn(eigen: dict[str, Any]) -> v.VervangPgn:
    nieuw = eigen.pop("nieuwePgn", None)
    if nieuw is None:
        raise Onbruikbaar(veld_ontbreekt("nieuwePgn"))
    if not isinstance(nieuw, str):
        raise Onbruikbaar(PGN_ONGELDIG)
    nummer, soort = velden.pgn(nieuw)
    try:
        return msgspec.convert({**eigen, "soort": soort, "pgn": nummer}, v.VervangPgn)
    except msgspec.ValidationError as fout:
        raise Onbruikbaar(_uitleg(str(fout), v.VervangPgn)) from None


def _uitleg(melding: str, soort: type[v.Vraag]) -> Weigering:
    """Say in our own words what is wrong: the library's may quote the line."""
    if gevonden := _ONTBREEKT.search(melding):
        veld = gevonden[1]
        if veld in {"reden", "grond"}:
            return REDEN_ONTBREEKT
        return veld_ontbreekt(veld)
    plaats = _PAD.search(melding)
    eerste = plaats[1].partition(".")[0] if plaats else ""
    if eerste not in soort.__struct_encode_fields__:
        return _VREEMD_VELD
    return datum_ongeldig(eerste) if "RFC3339" in melding else veld_ongeldig(eerste, "een andere vorm dan gevraagd")


def _keur(verzoek: v.Vraag) -> None:
    """Check what goes into a fact in clear, and that no text is too long."""
    if isinstance(verzoek.gebeurd_op, datetime) and verzoek.gebeurd_op.tzinfo is None:
        raise Onbruikbaar(veld_ongeldig("gebeurdOp", "een moment met tijdzone, zoals 2026-05-12T10:04:00+02:00"))
    match verzoek:
        case v.MeldAan():
            velden.code(verzoek.brin, "brin", is_brin, "een BRIN van de vorm 99XX")
            velden.code(verzoek.crebo, "crebo", is_crebo, "vijf cijfers")
        case v.WijzigAanmelding(crebo=str(crebo)):
            velden.code(crebo, "crebo", is_crebo, "vijf cijfers")
        case v.Onderbreek() if verzoek.reden.strip() and not _WOORD.fullmatch(verzoek.reden):
            raise Onbruikbaar(
                weiger("reden_ongeldig", "De reden is geen woord van de lijst.", "Gebruik een kort woord.")
            )
        case v.KiesVervolgVo(brin=str(brin)):
            velden.code(brin, "brin", is_brin, "een BRIN van de vorm 99XX")
        case v.SchrijfUit(nieuwe_gemeente=str(gemeente)):
            velden.code(gemeente, "nieuweGemeente", is_gemeentecode, "vier cijfers")
        case v.PlaatsBericht():
            velden.code(
                verzoek.aan, "aan", lambda een: is_brin(een) or is_gemeentecode(een), "een BRIN of gemeentecode"
            )
        case v.DraagOver():
            velden.code(verzoek.naar, "naar", is_brin, "een BRIN van de vorm 99XX")
        case v.AanvaardOverdracht():
            velden.vestiging(verzoek.vestiging)
            if verzoek.klas:
                velden.klas(verzoek.klas)
        case v.WijzigPersoonsgegevens():
            _keur_wijziging(verzoek)
        case _:
            pass
    overleg = verzoek.overleg if isinstance(verzoek, v.SchakelLeerplichtIn) else None
    for deel in (verzoek, overleg):
        for veld in deel.__struct_fields__ if deel else ():
            _keur_tekst(getattr(deel, veld), veld)


def _keur_tekst(waarde: object, veld: str) -> None:
    if not isinstance(waarde, str):
        return
    if len(waarde) > LANGSTE_TEKST:
        raise Onbruikbaar(veld_ongeldig(veld, f"hoogstens {LANGSTE_TEKST} tekens"))
    if not waarde.strip() and veld != "klas":
        raise Onbruikbaar(REDEN_ONTBREEKT if veld in {"reden", "grond"} else veld_ontbreekt(veld))


def _keur_wijziging(verzoek: v.WijzigPersoonsgegevens) -> None:
    if verzoek.klas is not None:
        velden.klas(verzoek.klas)
    if verzoek.vestiging is not None:
        velden.vestiging(verzoek.vestiging)
    if verzoek.gemeente is not None:
        velden.code(verzoek.gemeente, "gemeente", is_gemeentecode, "vier cijfers")
