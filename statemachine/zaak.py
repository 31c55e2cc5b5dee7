"""One request in its circumstances, and what every decider does with it: follow, say what is open."""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from overstap.domain.feiten import Feit
from overstap.domain.feiten.aanmelding import AanmeldingFeit
from overstap.domain.feiten.overstap import SignaalGegeven, StatusGewijzigd
from overstap.domain.overstap import Aanmelding, Overstap, aanmeldingen_met, hoogste_rang
from overstap.domain.rollen import Actor, Rol
from overstap.domain.statussen import VOLGT_AANMELDINGEN, AanmeldingStatus, OverstapStatus
from overstap.domain.verzoeken import Verzoek
from overstap.statemachine.beletselen import Beletselen
from overstap.statemachine.bevoegdheden import bevoegde_mensen, bevoegde_rollen
from overstap.statemachine.kader import Besluit, Kader, zelfde_instelling
from overstap.statemachine.tabel import AANMELDING, OVERSTAP, STATUS_BIJ_RANG, stappen_vanuit, volgende


class Zaak(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An overstap, what is asked about it, by whom, when it happened (UTC) and when it is judged (UTC)."""

    overstap: Overstap
    verzoek: Verzoek
    actor: Actor
    nu: datetime
    gebeurd_op: datetime
    kader: Kader

    def beletselen(
        self,
        *,
        verzoek: Verzoek | None = None,
        aanmelding: Aanmelding | None = None,
        herzien_naar: AanmeldingStatus | OverstapStatus | None = None,
    ) -> Beletselen:
        """Give what may stand in the way of this request, or, without one, of any request like it."""
        return Beletselen(
            regels=self.kader.regels,
            actor=self.actor,
            gebeurd_op=self.gebeurd_op,
            overstap=self.overstap,
            aanmelding=aanmelding,
            verzoek=verzoek,
            herzien_naar=herzien_naar,
        )

    def besluit(self, *feiten: Feit) -> Besluit:
        """Decide these facts."""
        return Besluit(feiten=feiten, gebeurd_op=self.gebeurd_op)

    def besluit_met_volgen(self, feiten: tuple[Feit, ...], oorzaak: int) -> Besluit:
        """Decide facts about an aanmelding, and let the pupil's status follow when the best active rank changes.

        oorzaak counts from 1 within feiten: the fact that changed the aanmelding. Where a person's decision stands, it
        stands, and the conflict is signalled.
        """
        voor, aanmeldingen = self.overstap, self.overstap.aanmeldingen
        for feit in feiten:
            if isinstance(feit, AanmeldingFeit):
                aanmeldingen = aanmeldingen_met(aanmeldingen, feit, self.gebeurd_op)
        rang = hoogste_rang(aanmeldingen)
        if rang == voor.beste_rang:
            return self.besluit(*feiten)
        nummer = voor.versie + oorzaak
        if voor.status not in VOLGT_AANMELDINGEN:
            return self.besluit(*feiten, SignaalGegeven(signaal="tegenstrijdig", voor=Rol.DECAAN, oorzaak=nummer))
        naar = STATUS_BIJ_RANG.get((voor.status, rang))
        if naar is None or naar is voor.status:
            return self.besluit(*feiten)
        gewijzigd = StatusGewijzigd(van=voor.status, naar=naar, oorzaak=nummer, stap="volg_aanmelding")
        return self.besluit(*feiten, gewijzigd)

    def wel_mogelijk(self) -> tuple[str, ...]:
        """Name the steps this actor may take now on this pupil, as far as can be told without a step's own content."""
        leeg = replace(self, gebeurd_op=self.nu).beletselen()
        open_in_2 = [
            stap
            for stap in stappen_vanuit(OVERSTAP, self.overstap.status)
            if self.actor.rol in bevoegde_rollen(stap, self.kader.regels)
            and mag_namens(stap, self.actor, self.overstap, self.kader)
            and isinstance(volgende(OVERSTAP, self.overstap.status, stap, leeg), str)
        ]
        open_in_1 = [
            stap
            for aanmelding in self.overstap.aanmeldingen
            if mag_aanmelding(self.actor, aanmelding, self.kader)
            for stap in stappen_vanuit(AANMELDING, aanmelding.status)
            if self.actor.rol in bevoegde_mensen(stap, self.kader.regels)
            and (stap == "heropen" or isinstance(volgende(AANMELDING, aanmelding.status, stap, leeg), str))
        ]
        return tuple(dict.fromkeys([*open_in_2, *open_in_1]))


def mag_namens(stap: str, actor: Actor, overstap: Overstap, kader: Kader) -> bool:
    """Tell whether an actor whose role a step is open to may take it for this pupil.

    The regiebeheerder acts in Leerplicht's place only where the pupil's gemeente has no accounts.
    """
    if stap != "handel_leerplicht_af" or actor.rol is not Rol.REGIEBEHEERDER:
        return True
    return not kader.heeft_accounts(overstap.gemeente)


def mag_aanmelding(actor: Actor, aanmelding: Aanmelding, kader: Kader) -> bool:
    """Tell whether an actor may take rows of chart 1 on this aanmelding.

    The MBO may on its own, the decaan where the MBO has no accounts, the regiebeheerder never by a row of the chart.
    """
    if actor.rol is Rol.DECAAN:
        return not kader.heeft_accounts(aanmelding.brin)
    return zelfde_instelling(actor.organisatie, aanmelding.brin)
