"""Seal what a request of a person says in clear, for the fact it leads to; whichever way the request came in."""

from datetime import date
from uuid import UUID

from msgspec.structs import replace

from overstap.adapters.koppelingen.persoonsvelden import wat_verschilt
from overstap.adapters.stroomsoorten import Dossier
from overstap.adapters.vault import Kluis, naam_van_soort
from overstap.adapters.vault.persoon import GEWIJZIGD, PGN_VERVANGEN
from overstap.domain import verzoeken as v
from overstap.domain.feiten import overstap as o
from overstap.domain.kalender import achttien_op, maand_van

VERZEGELD: dict[type[v.Vraag], tuple[str, str]] = {
    v.KiesVervolgVo: ("toelichting", naam_van_soort(o.VervolgkeuzeVoGekozen)),
    v.LegOverlegVast: ("contact", naam_van_soort(o.OverlegVastgelegd)),
    v.HandelLeerplichtAf: ("reden", naam_van_soort(o.LeerplichtAfgehandeld)),
    v.SchrijfUit: ("toelichting", naam_van_soort(o.LeerlingUitgeschreven)),
    v.HeropenOverstap: ("reden", naam_van_soort(o.OverstapHeropend)),
    v.Herzie: ("reden", naam_van_soort(o.GebeurtenisHerzien)),
    v.PlaatsBericht: ("tekst", naam_van_soort(o.BerichtGeplaatst)),
}
"""The free text of each request, and the fact it is sealed for."""
_MET_SLEUTEL = frozenset({*VERZEGELD, v.SchakelLeerplichtIn, v.WijzigPersoonsgegevens, v.VervangPgn})
_OVERLEG = naam_van_soort(o.OverlegVastgelegd)


def zegt_iets(verzoek: object) -> bool:
    """Tell whether a request holds something to be sealed, or compared with what is."""
    return type(verzoek) in _MET_SLEUTEL


def verzegel(kluis: Kluis, verzoek: v.Vraag, stroom: UUID, dossier: Dossier) -> v.Vraag | None:
    """Seal a request whose texts are in clear; None when it changes nothing.

    Raises:
        SleutelVernietigd: when the pupil was erased.

    """
    match verzoek:
        case v.WijzigPersoonsgegevens():
            return _wijziging(kluis, verzoek, stroom, dossier)
        case v.VervangPgn():
            if kluis.open_persoon(stroom, dossier.persoon).pgn == verzoek.pgn:
                return None
            return replace(verzoek, pgn=kluis.verzegel(stroom, PGN_VERVANGEN, "pgn", verzoek.pgn))
        case v.SchakelLeerplichtIn(overleg=v.Overleg() as overleg):
            contact = kluis.verzegel(stroom, _OVERLEG, "contact", overleg.contact)
            return replace(verzoek, overleg=replace(overleg, contact=contact))
        case _:
            veld, feit = VERZEGELD.get(type(verzoek), ("", ""))
            tekst = getattr(verzoek, veld) if veld else None
            return replace(verzoek, **{veld: kluis.verzegel(stroom, feit, veld, tekst)}) if tekst else verzoek


def _wijziging(
    kluis: Kluis, verzoek: v.WijzigPersoonsgegevens, stroom: UUID, dossier: Dossier
) -> v.WijzigPersoonsgegevens | None:
    anders = wat_verschilt(kluis, stroom, dossier, verzoek.persoon)
    plicht = oud = dossier.overstap.kwalificatieplicht_tot
    if oud is not None and "geboortedatum" in anders:
        plicht = maand_van(achttien_op(date.fromisoformat(anders["geboortedatum"])))
    return replace(
        verzoek,
        persoon=kluis.verzegel_velden(stroom, GEWIJZIGD, anders),
        kwalificatieplicht_gewijzigd=plicht != oud,
        kwalificatieplicht_tot=plicht if plicht != oud else None,
    )
