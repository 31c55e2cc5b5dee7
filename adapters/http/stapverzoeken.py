"""The body of each step, made from the procedure's own requests: a request that is added has its body and its place."""

from collections.abc import Mapping
from typing import Any, Final, Literal, cast

import msgspec

from overstap.adapters.http import vormen
from overstap.adapters.http.problemen import Fout, ongeldig
from overstap.domain import verzoeken as v
from overstap.domain.feiten import Verzegeld
from overstap.domain.identificaties import soort_pgn
from overstap.domain.redenen import Grond, RedenAfsluiting, RedenUitschrijving, RedenVervolgkeuze, Uitkomst

ELDERS: Final[Mapping[str, str]] = {
    "volg_aanmelding": "gebeurt vanzelf",
    "sluit_af": "doet het systeem, met `overstap sluit-jaar`",
    "voer_op": "POST /v1/overstappen",
    "verwerk_koppelbericht": "POST /v1/aanleveringen",
    "herzie_aanmelding": "de stap herzie, die elke gebeurtenis kan noemen",
}
"""What the procedure knows and is no step of its own here, and where it is."""

KOPPEL_WACHTBAK: Final = "koppel_wachtbak"

_VELDEN: Final[Mapping[str, Any]] = {
    "gebeurd_op": vormen.Moment | None,
    "aanmelding": vormen.Aanmelding | None,
    "brin": vormen.Brin,
    "crebo": vormen.Crebo,
    "contact": vormen.Tekst,
    "toelichting": vormen.Tekst | None,
    "tekst": vormen.Tekst,
    "aan": vormen.Ontvanger,
    "uitkomst": Uitkomst,
    "grond": Literal[tuple(grond.value for grond in Grond if grond is not Grond.NIET_MEEGEDEELD)],
    "nieuwe_gemeente": vormen.Gemeente | None,
    "overleg": vormen.Overleg | None,
    "gemeente": vormen.Gemeente | None,
    "vestiging": vormen.Vestiging,
    "klas": vormen.Klas,
}
"""The form of each field by its name; what is not here has the form it has in the request itself."""

_EIGEN: Final[Mapping[tuple[str, str], Any]] = {
    ("kies_vervolg_vo", "reden"): RedenVervolgkeuze,
    ("kies_vervolg_vo", "brin"): vormen.Brin | None,
    ("sluit_af_met_reden", "reden"): RedenAfsluiting,
    ("schrijf_uit", "reden"): RedenUitschrijving,
    ("onderbreek", "reden"): vormen.EenWoord,
    ("handel_leerplicht_af", "reden"): vormen.Tekst | None,
    ("heropen_overstap", "reden"): vormen.Tekst,
    ("herzie", "reden"): vormen.Tekst,
    ("herzie", "gebeurtenis"): vormen.Nummer,
    ("heropen", "naar"): Literal["aangemeld", "voorlopig_geplaatst"],
    ("draag_over", "naar"): vormen.Brin,
    ("wijzig_aanmelding", "crebo"): vormen.Crebo | None,
    ("wijzig_persoonsgegevens", "klas"): vormen.Klas | None,
    ("wijzig_persoonsgegevens", "vestiging"): vormen.Vestiging | None,
    ("wijzig_persoonsgegevens", "persoon"): vormen.Persoon,
}
"""The form of a field in one request, where its name says something else there."""

_ZELF: Final = {
    "wijzig_persoonsgegevens": {"kwalificatieplicht_gewijzigd", "kwalificatieplicht_tot"},
    "vervang_pgn": {"soort"},
}
"""Fields of a request that we fill in ourselves."""


def _lichaam(naam: str, soort: type[v.Vraag]) -> type[vormen.Lichaam]:
    velden: list[tuple[str, Any] | tuple[str, Any, Any]] = []
    for veld in msgspec.structs.fields(soort):
        if veld.name in _ZELF.get(naam, ()):
            continue
        vorm = _EIGEN.get((naam, veld.name)) or _VELDEN.get(veld.name, veld.type)
        if naam == "vervang_pgn" and veld.name == "pgn":
            velden.append(("nieuwe_pgn", vormen.Pgn))
        elif veld.required:
            velden.append((veld.name, vorm))
        elif veld.name == "persoon":
            velden.append((veld.name, vorm, vormen.Persoon()))
        else:
            velden.append((veld.name, vorm, veld.default))
    klasse = "".join(deel.capitalize() for deel in naam.split("_"))
    gemaakt = msgspec.defstruct(
        klasse,
        velden,
        bases=(vormen.Lichaam,),
        frozen=True,
        kw_only=True,
        rename="camel",
        forbid_unknown_fields=True,
        namespace={"__doc__": soort.__doc__},
        module=__name__,
    )
    return cast("type[vormen.Lichaam]", gemaakt)


class KoppelWachtbak(vormen.Lichaam, frozen=True, kw_only=True):
    """Say that a wachtbak item is about this pupil."""

    keten_id: vormen.KetenId


STAPPEN: Final[Mapping[str, type[vormen.Lichaam]]] = {
    **{naam: _lichaam(naam, soort) for naam, soort in v.VERZOEKEN.items() if naam not in ELDERS},
    KOPPEL_WACHTBAK: KoppelWachtbak,
}
"""The body of each step by its name."""


def verzoek_van(naam: str, lichaam: vormen.Lichaam) -> v.Vraag:
    """Make the request, its texts still in clear.

    Raises:
        Probleem: 400 when a persoonsgebonden nummer fails the eleven-test.

    """
    soort = v.VERZOEKEN[naam]
    velden = {veld: _waarde(getattr(lichaam, veld)) for veld in lichaam.__struct_fields__}
    if naam == "vervang_pgn":
        pgn = str(velden.pop("nieuwe_pgn"))
        kind = soort_pgn(pgn)
        if kind is None:
            raise ongeldig(
                Fout(plaats="body.nieuwePgn", code="pgn_ongeldig", uitleg="Het nummer doorstaat de elfproef niet.")
            )
        velden |= {"pgn": pgn, "soort": kind}
    return soort(**velden)


def _waarde(waarde: Any) -> Any:  # noqa: ANN401  # each field has its own
    match waarde:
        case vormen.Aanmelding():
            return v.AanmeldingVerwijzing(
                keten_id=waarde.keten_id, brin=waarde.brin, crebo=waarde.crebo, nummer=waarde.nummer
            )
        case vormen.Overleg():
            return v.Overleg(contact=Verzegeld(waarde.contact), overleg_datum=waarde.overleg_datum)
        case vormen.Persoon():
            return waarde.velden()
        case _:
            return waarde


def pad_van(naam: str) -> str:
    """Write the name of a step as it stands in an address: plan-intake."""
    return naam.replace("_", "-")
