"""Deciding the requests that change no status: entering a pupil, his data, messages, overleg, transfer."""

from datetime import date, datetime
from typing import assert_never

from overstap.domain import verzoeken as v
from overstap.domain.feiten import overstap as o
from overstap.domain.identificaties import SoortPgn, is_brin, is_gemeentecode
from overstap.domain.kalender import datum_in_amsterdam
from overstap.domain.overstap import Overstap
from overstap.domain.rollen import Actor, Rol, SoortOrganisatie
from overstap.domain.weigering import Weigering, weiger
from overstap.domain.woorden import datum_in_woorden
from overstap.statemachine.bevoegdheden import bevoegde_rollen
from overstap.statemachine.kader import Besluit, Kader, zelfde_instelling
from overstap.statemachine.weigeringen import niet_bevoegd, onbekende_leerling
from overstap.statemachine.zaak import Zaak
from overstap.statemachine.zicht import organisatie_ziet, ziet


def decide_opvoer(
    overstap: Overstap | None, verzoek: v.VoerOp, actor: Actor, gebeurd_op: datetime, kader: Kader
) -> Besluit | Weigering:
    """Decide voer_op: a school enters its own pupil, once in a region and overstapjaar."""
    rollen = bevoegde_rollen("voer_op", kader.regels)
    if actor.rol not in rollen:
        return niet_bevoegd("voer_op", actor, rollen)
    andere_vestiging = actor.rol is Rol.DECAAN and actor.vestiging not in {None, verzoek.vestiging}
    andere_regio = actor.regio != kader.regels.regio
    if andere_regio or andere_vestiging or not zelfde_instelling(actor.organisatie, verzoek.school):
        return weiger(
            "andere_organisatie", "Deze leerling hoort bij een andere school.", "Voer alleen eigen leerlingen op."
        )
    if overstap is not None:
        return weiger(
            "al_opgevoerd",
            "Deze leerling wordt in dit overstapjaar al gevolgd.",
            "Neem contact op met de regiebeheerder; die weet welke school de leerling volgt.",
        )
    if verzoek.overstapjaar != kader.regels.overstapjaar:
        return weiger("geen_jaar", "Dit overstapjaar is niet open.", "Vraag de regiebeheerder het jaar te openen.")
    if not is_gemeentecode(verzoek.gemeente):
        return weiger("veld_ongeldig", "Een gemeentecode heeft vier cijfers.", "Verbeter de gemeente.")
    opent = kader.regels.kalender.opvoer_vanaf
    if datum_in_amsterdam(gebeurd_op) < opent:
        return weiger("te_vroeg", f"Opvoeren kan vanaf {datum_in_woorden(opent)}.", "Wacht tot die datum.")
    opgevoerd = o.OverstapOpgevoerd(
        leerling=verzoek.leerling,
        overstapjaar=verzoek.overstapjaar,
        school=verzoek.school[:4],
        vestiging=verzoek.vestiging,
        klas=verzoek.klas,
        leerweg=verzoek.leerweg,
        gemeente=verzoek.gemeente,
        soort_pgn=verzoek.soort_pgn,
        kwalificatieplicht_tot=verzoek.kwalificatieplicht_tot,
        persoon=verzoek.persoon,
    )
    return Besluit(feiten=(opgevoerd,), gebeurd_op=gebeurd_op)


def decide_ander_verzoek(zaak: Zaak, verzoek: v.AnderVerzoek) -> Besluit | Weigering:
    """Decide one request that changes no status."""
    naam = v.naam_van_verzoek(verzoek)
    if not (isinstance(verzoek, v.AanvaardOverdracht) or ziet(zaak.actor, zaak.overstap, zaak.nu, zaak.kader)):
        return onbekende_leerling()
    rollen = bevoegde_rollen(naam, zaak.kader.regels)
    if zaak.actor.rol not in rollen:
        is_zichtbaar = ziet(zaak.actor, zaak.overstap, zaak.nu, zaak.kader)
        return niet_bevoegd(naam, zaak.actor, rollen, zaak.wel_mogelijk()) if is_zichtbaar else onbekende_leerling()
    match verzoek:
        case v.WijzigPersoonsgegevens():
            return _wijziging(zaak, verzoek)
        case v.VervangPgn():
            return _pgn(zaak, verzoek)
        case v.LegOverlegVast():
            return _overleg(zaak, verzoek)
        case v.PlaatsBericht():
            return _bericht(zaak, verzoek)
        case v.LegWarmeOverdrachtVast():
            return _gebeurd(zaak, verzoek.datum) or zaak.besluit(
                o.WarmeOverdrachtVastgelegd(datum=verzoek.datum.isoformat())
            )
        case v.LegDddStatusVast():
            return _gebeurd(zaak, verzoek.datum) or zaak.besluit(o.DddStatusVastgelegd(datum=verzoek.datum.isoformat()))
        case v.DraagOver():
            return _overdracht(zaak, verzoek)
        case v.AanvaardOverdracht():
            return _aanvaarding(zaak, verzoek)
        case _:
            assert_never(verzoek)


def _wijziging(zaak: Zaak, verzoek: v.WijzigPersoonsgegevens) -> Besluit | Weigering:
    oud = zaak.overstap
    if verzoek.gemeente is not None and not is_gemeentecode(verzoek.gemeente):
        return weiger("veld_ongeldig", "Een gemeentecode heeft vier cijfers.", "Verbeter de gemeente.")
    plicht_gewijzigd = (
        verzoek.kwalificatieplicht_gewijzigd and verzoek.kwalificatieplicht_tot != oud.kwalificatieplicht_tot
    )
    feit = o.PersoonsgegevensGewijzigd(
        persoon=verzoek.persoon,
        klas=verzoek.klas if verzoek.klas != oud.klas else None,
        leerweg=verzoek.leerweg if verzoek.leerweg != oud.leerweg else None,
        gemeente=verzoek.gemeente if verzoek.gemeente != oud.gemeente else None,
        vestiging=verzoek.vestiging if verzoek.vestiging != oud.vestiging else None,
        kwalificatieplicht_gewijzigd=plicht_gewijzigd,
        kwalificatieplicht_tot=verzoek.kwalificatieplicht_tot if plicht_gewijzigd else None,
    )
    return zaak.besluit() if feit == o.PersoonsgegevensGewijzigd() else zaak.besluit(feit)


def _pgn(zaak: Zaak, verzoek: v.VervangPgn) -> Besluit | Weigering:
    if zaak.overstap.soort_pgn is SoortPgn.BSN and verzoek.soort is SoortPgn.ONDERWIJSNUMMER:
        return weiger(
            "pgn_niet_terug",
            "Een BSN wordt nooit vervangen door een onderwijsnummer.",
            "Gebruik het BSN van de leerling.",
        )
    return zaak.besluit(o.PgnVervangen(van_soort=zaak.overstap.soort_pgn, naar_soort=verzoek.soort, pgn=verzoek.pgn))


def _gebeurd(zaak: Zaak, datum: date) -> Weigering | None:
    if datum <= datum_in_amsterdam(zaak.gebeurd_op):
        return None
    return weiger("datum_ongeldig", "Deze datum ligt in de toekomst.", "Leg vast wat al gebeurd is.")


def _overleg(zaak: Zaak, verzoek: v.LegOverlegVast) -> Besluit | Weigering:
    if verzoek.overleg_datum > datum_in_amsterdam(zaak.gebeurd_op):
        return weiger(
            "overleg_in_toekomst", "De datum van het overleg ligt in de toekomst.", "Leg het overleg daarna vast."
        )
    return zaak.besluit(o.OverlegVastgelegd(overleg_datum=verzoek.overleg_datum.isoformat(), contact=verzoek.contact))


def _bericht(zaak: Zaak, verzoek: v.PlaatsBericht) -> Besluit | Weigering:
    if not organisatie_ziet(verzoek.aan, zaak.overstap, zaak.nu):
        return weiger(
            "onbekende_organisatie",
            "Deze organisatie mag deze leerling niet zien.",
            "Richt het bericht aan de VO-school, een MBO met een aanmelding, of Leerplicht als die is ingeschakeld.",
        )
    return zaak.besluit(o.BerichtGeplaatst(aan=verzoek.aan, tekst=verzoek.tekst))


def _overdracht(zaak: Zaak, verzoek: v.DraagOver) -> Besluit | Weigering:
    school = zaak.kader.organisatie(verzoek.naar) if is_brin(verzoek.naar) else None
    if school is None or school.soort is not SoortOrganisatie.VO:
        return weiger(
            "onbekende_organisatie",
            "Deze VO-school is hier niet bekend.",
            "Noem de BRIN van een VO-school in de regio.",
        )
    if zelfde_instelling(verzoek.naar, zaak.overstap.school):
        return weiger("veld_ongeldig", "De leerling is al van deze school.", "Noem een andere school.")
    if zaak.actor.rol is Rol.REGIEBEHEERDER:
        return zaak.besluit(o.LeerlingOvergedragen(van=zaak.overstap.school, naar=verzoek.naar[:4]))
    if zaak.overstap.overdracht_naar == verzoek.naar[:4]:
        return zaak.besluit()
    return zaak.besluit(o.OverdrachtAangeboden(naar=verzoek.naar[:4]))


def _aanvaarding(zaak: Zaak, verzoek: v.AanvaardOverdracht) -> Besluit | Weigering:
    aangeboden = zaak.overstap.overdracht_naar
    is_aangeboden = aangeboden is not None and zelfde_instelling(aangeboden, zaak.actor.organisatie)
    if aangeboden is None or not is_aangeboden or zaak.actor.regio != zaak.overstap.regio:
        if not ziet(zaak.actor, zaak.overstap, zaak.nu, zaak.kader):
            return onbekende_leerling()
        return weiger(
            "niet_bevoegd",
            "Deze leerling is niet aan uw school aangeboden.",
            "Aanvaarden doet de school waaraan de leerling is aangeboden.",
        )
    return zaak.besluit(
        o.LeerlingOvergedragen(
            van=zaak.overstap.school, naar=aangeboden, vestiging=verzoek.vestiging, klas=verzoek.klas
        )
    )
