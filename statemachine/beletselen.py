"""What can stand in the way of a step: each obstacle is one method that names itself and explains."""

import re
from datetime import date, datetime
from functools import cached_property

from overstap.domain import verzoeken as v
from overstap.domain.feiten import overstap as o
from overstap.domain.kalender import Regels, datum_in_amsterdam
from overstap.domain.overstap import Aanmelding, Overstap
from overstap.domain.redenen import (
    Grond,
    RedenAfsluiting,
    RedenUitschrijving,
    RedenVervolgkeuze,
    Uitkomst,
)
from overstap.domain.rollen import Actor, Rol
from overstap.domain.statussen import AanmeldingStatus, OverstapStatus, status_bij_rang
from overstap.domain.weigering import Reden
from overstap.domain.woorden import datum_in_woorden, opsomming

CODE_VAN: dict[str, str] = {
    "voor_de_aanmelddatum": "te_vroeg",
    "voor_de_mbo_start": "te_vroeg",
    "voor_de_vervolgkeuze": "te_vroeg",
    "voor_de_sluiting": "te_vroeg",
    "grond_ongeldig": "reden_ongeldig",
    "onderbreekreden_ontbreekt": "reden_ontbreekt",
    "onderbreekreden_ongeldig": "reden_ongeldig",
    "vervolgreden_ongeldig": "reden_ongeldig",
    "uitkomst_ongeldig": "reden_ongeldig",
    "afsluitreden_ongeldig": "reden_ongeldig",
    "uitschrijfreden_ongeldig": "reden_ongeldig",
    "nieuwe_gemeente_ontbreekt": "veld_ontbreekt",
    "regiereden_ontbreekt": "reden_ontbreekt",
    "heropenreden_ontbreekt": "reden_ontbreekt",
    "leerplicht_is_aan_zet": "niet_bevoegd",
    "overleg_ontbreekt": "overleg_ontbreekt",
    "overleg_in_toekomst": "overleg_in_toekomst",
    "overleg_verouderd": "overleg_verouderd",
}
"""The stable refusal code of each obstacle."""

_EEN_WOORD = re.compile(r"[a-z][a-z_]{1,39}", re.ASCII)

UITSCHRIJFREDENEN_SCHOOL = (
    RedenUitschrijving.VERHUISD,
    RedenUitschrijving.OVERLEDEN,
    RedenUitschrijving.FOUTIEF_OPGEVOERD,
)


def _reden(voorwaarde: str, uitleg: str) -> Reden:
    return Reden(voorwaarde=voorwaarde, uitleg=uitleg)


class Beletselen:
    """The circumstances of one request, and what in them stands in its way.

    A method that gives a Reden is an obstacle (None: free way); the charts name it under `unless`. A method that
    gives a bool picks between rows of one transition; the charts name it under `cond`. Without a request (None) only
    the obstacles that do not depend on its content speak: so one can ask which steps are open. `herzien_naar` is the
    recomputed status.
    """

    def __init__(  # noqa: PLR0913  # each is a circumstance of its own
        self,
        *,
        regels: Regels,
        actor: Actor,
        gebeurd_op: datetime,
        overstap: Overstap | None = None,
        aanmelding: Aanmelding | None = None,
        verzoek: v.Verzoek | None = None,
        herzien_naar: AanmeldingStatus | OverstapStatus | None = None,
        rang: int | None = None,
    ) -> None:
        """Hold the circumstances; rang is the best active rank, computed from the overstap when absent."""
        self.regels = regels
        self.actor = actor
        self._gebeurd_op = gebeurd_op
        self.overstap = overstap
        self.aanmelding = aanmelding
        self.verzoek = verzoek
        self.herzien_naar = herzien_naar
        self.rang = rang if rang is not None else (overstap.beste_rang if overstap else 0)
        self.state: object = None

    @cached_property
    def dag(self) -> date:
        """The day in Amsterdam on which it happened; most steps never ask."""
        return datum_in_amsterdam(self._gebeurd_op)

    # The calendar, judged on the day it happened.

    def _voor(self, naam: str, opent: date, wat: str) -> Reden | None:
        if self.dag >= opent:
            return None
        return _reden(naam, f"{wat} kan vanaf {datum_in_woorden(opent)}.")

    def voor_de_aanmelddatum(self) -> Reden | None:
        """The waiting list opens on the aanmelddatum."""
        return self._voor("voor_de_aanmelddatum", self.regels.kalender.aanmelddatum, "Plaatsen op een wachtlijst")

    def voor_de_mbo_start(self) -> Reden | None:
        """Start and no-show exist from the start of the MBO year."""
        return self._voor("voor_de_mbo_start", self.regels.kalender.mbo_start, "Een start of niet-verschijnen melden")

    def voor_de_vervolgkeuze(self) -> Reden | None:
        """Vervolgkeuze VO opens on a date of its own."""
        return self._voor(
            "voor_de_vervolgkeuze", self.regels.kalender.vervolgkeuze_vanaf, "Een vervolgkeuze VO vastleggen"
        )

    def voor_de_sluiting(self) -> Reden | None:
        """Overstappen are closed after the measurement."""
        return self._voor("voor_de_sluiting", self.regels.kalender.sluit_vanaf, "Een overstap afsluiten")

    # The lists from which a request must choose.

    def grond_ongeldig(self) -> Reden | None:
        """A refusal needs a ground of the list; niet_meegedeeld is for a koppeling that names none."""
        if not isinstance(self.verzoek, v.WijsAf):
            return None
        gronden = [grond for grond in self.regels.gronden if grond is not Grond.NIET_MEEGEDEELD]
        if self.verzoek.grond in gronden:
            return None
        return _reden("grond_ongeldig", f"Kies als grond {opsomming(gronden)}.")

    def onderbreekreden_ontbreekt(self) -> Reden | None:
        """Leaving early needs a reason."""
        if not isinstance(self.verzoek, v.Onderbreek) or self.verzoek.reden.strip():
            return None
        return _reden("onderbreekreden_ontbreekt", "Geef een reden van de onderbreking.")

    def onderbreekreden_ongeldig(self) -> Reden | None:
        """The reason stands in the log in the clear, so it is one word of the MBO's list and never a story."""
        if not isinstance(self.verzoek, v.Onderbreek):
            return None
        reden = self.verzoek.reden.strip()
        if not reden or _EEN_WOORD.fullmatch(reden):
            return None
        return _reden(
            "onderbreekreden_ongeldig", "Geef de reden als één woord van uw lijst: kleine letters en _, hoogstens 40."
        )

    def vervolgreden_ongeldig(self) -> Reden | None:
        """A vervolgkeuze needs a reason of the list."""
        if not isinstance(self.verzoek, v.KiesVervolgVo) or self.verzoek.reden in set(RedenVervolgkeuze):
            return None
        return _reden("vervolgreden_ongeldig", f"Kies als reden {opsomming(RedenVervolgkeuze)}.")

    def uitkomst_ongeldig(self) -> Reden | None:
        """Handing back needs an outcome of the list."""
        if not isinstance(self.verzoek, v.HandelLeerplichtAf) or self.verzoek.uitkomst in set(Uitkomst):
            return None
        return _reden("uitkomst_ongeldig", f"Kies als uitkomst {opsomming(Uitkomst)}.")

    def afsluitreden_ongeldig(self) -> Reden | None:
        """Closing an unfinished overstap needs a reason of the list."""
        if not isinstance(self.verzoek, v.SluitAfMetReden) or self.verzoek.reden in set(RedenAfsluiting):
            return None
        return _reden("afsluitreden_ongeldig", f"Kies als reden {opsomming(RedenAfsluiting)}.")

    def uitschrijfreden_ongeldig(self) -> Reden | None:
        """A school has three reasons to stop following a pupil, the regiebeheerder one more."""
        if not isinstance(self.verzoek, v.SchrijfUit):
            return None
        mag = tuple(RedenUitschrijving) if self.actor.rol is Rol.REGIEBEHEERDER else UITSCHRIJFREDENEN_SCHOOL
        if self.verzoek.reden in mag:
            return None
        return _reden("uitschrijfreden_ongeldig", f"Kies als reden {opsomming(mag)}.")

    def nieuwe_gemeente_ontbreekt(self) -> Reden | None:
        """Who moves away goes somewhere: the new gemeente takes over."""
        if not isinstance(self.verzoek, v.SchrijfUit) or self.verzoek.reden != RedenUitschrijving.VERHUISD:
            return None
        if self.verzoek.nieuwe_gemeente:
            return None
        return _reden("nieuwe_gemeente_ontbreekt", "Noem bij een verhuizing de nieuwe gemeente (vier cijfers).")

    def regiereden_ontbreekt(self) -> Reden | None:
        """The regiebeheerder acts in Leerplicht's place only with a reason."""
        if self.actor.rol is not Rol.REGIEBEHEERDER or not isinstance(self.verzoek, v.HandelLeerplichtAf):
            return None
        if self.verzoek.reden:
            return None
        return _reden("regiereden_ontbreekt", "Geef als regiebeheerder een reden.")

    def heropenreden_ontbreekt(self) -> Reden | None:
        """A closed overstap is taken up again only with a reason."""
        if not isinstance(self.verzoek, v.HeropenOverstap) or self.verzoek.reden:
            return None
        return _reden("heropenreden_ontbreekt", "Geef een reden van het heropenen.")

    def leerplicht_is_aan_zet(self) -> Reden | None:
        """While Leerplicht has the pupil, only the regiebeheerder may stop following him."""
        if self.actor.rol is Rol.REGIEBEHEERDER:
            return None
        return _reden("leerplicht_is_aan_zet", "Leerplicht is aan zet; alleen de regiebeheerder kan nu uitschrijven.")

    # The consultation with Leerplicht.

    @property
    def _laatste_afhandeling(self) -> date | None:
        if self.overstap is None:
            return None
        for stap in reversed(self.overstap.geldende_stappen):
            if isinstance(stap.feit, o.LeerplichtAfgehandeld):
                return datum_in_amsterdam(stap.gebeurd_op)
        return None

    def _overlegdatum(self) -> date | None:
        if isinstance(self.verzoek, v.SchakelLeerplichtIn) and self.verzoek.overleg is not None:
            return self.verzoek.overleg.overleg_datum
        if not self.regels.overleg_vereist:
            return None
        if self.verzoek is None:
            return self.dag
        laatste = self.laatste_overleg()
        return date.fromisoformat(laatste[1]) if laatste else None

    def laatste_overleg(self) -> tuple[int, str] | None:
        """Give number and date of the latest recorded consultation that holds."""
        if self.overstap is None:
            return None
        for stap in reversed(self.overstap.geldende_stappen):
            if isinstance(stap.feit, o.OverlegVastgelegd):
                return stap.nummer, stap.feit.overleg_datum
        return None

    def overleg_ontbreekt(self) -> Reden | None:
        """Leerplicht is called in only after consultation."""
        if not self.regels.overleg_vereist or self._overlegdatum() is not None:
            return None
        return _reden("overleg_ontbreekt", "Leg eerst het overleg met Leerplicht vast: met wie en wanneer.")

    def overleg_in_toekomst(self) -> Reden | None:
        """A consultation that is still to come is none."""
        datum = self._overlegdatum()
        if datum is None or datum <= self.dag:
            return None
        return _reden(
            "overleg_in_toekomst", "Het overleg ligt na de inschakeling; Leerplicht wordt pas na overleg ingeschakeld."
        )

    def overleg_verouderd(self) -> Reden | None:
        """A new call needs a new consultation: of a later day than the last handing back."""
        datum, afhandeling = self._overlegdatum(), self._laatste_afhandeling
        if datum is None or afhandeling is None or datum > afhandeling:
            return None
        return _reden("overleg_verouderd", f"Er is een nieuw overleg nodig, van na {datum_in_woorden(afhandeling)}.")

    # Which row of a transition: by the request, by the best rank, by the recomputed status.

    def heropen_als_aangemeld(self) -> bool:
        """The request reopens to aangemeld."""
        return isinstance(self.verzoek, v.Heropen) and self.verzoek.naar == AanmeldingStatus.AANGEMELD

    def heropen_als_voorlopig(self) -> bool:
        """The request reopens to voorlopig_geplaatst."""
        return isinstance(self.verzoek, v.Heropen) and self.verzoek.naar == AanmeldingStatus.VOORLOPIG_GEPLAATST

    def rang_zegt_nog_niet_aangemeld(self) -> bool:
        """No aanmelding is active."""
        return status_bij_rang(self.rang) is OverstapStatus.NOG_NIET_AANGEMELD

    def rang_zegt_aangemeld(self) -> bool:
        """The best active aanmelding is received."""
        return status_bij_rang(self.rang) is OverstapStatus.AANGEMELD

    def rang_zegt_intake(self) -> bool:
        """The best active aanmelding is in the intake."""
        return status_bij_rang(self.rang) is OverstapStatus.INTAKE

    def rang_zegt_geplaatst(self) -> bool:
        """The best active aanmelding has a place."""
        return status_bij_rang(self.rang) is OverstapStatus.GEPLAATST

    def rang_zegt_gestart(self) -> bool:
        """The best active aanmelding started."""
        return status_bij_rang(self.rang) is OverstapStatus.GESTART


def _voeg_herzieningen_toe() -> None:
    """Give each status its own choice `herzien_naar_<status>`, by which the charts draw corrections."""

    def maak(status: AanmeldingStatus | OverstapStatus) -> None:
        def kiest(self: Beletselen) -> bool:
            return self.herzien_naar is status

        kiest.__doc__ = f"The correction leads to {status}."
        naam = f"herzien_naar_{status}" if isinstance(status, OverstapStatus) else f"aanmelding_herzien_naar_{status}"
        setattr(Beletselen, naam, kiest)

    for status in (*AanmeldingStatus, *OverstapStatus):
        maak(status)


_voeg_herzieningen_toe()
