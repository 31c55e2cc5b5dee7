"""The stream of one delivery: received, lines refused, processed; the same delivery again adds nothing to it."""

from collections import Counter
from collections.abc import Callable, Sequence
from uuid import UUID

from overstap.adapters.app import App
from overstap.adapters.koppelingen.verslag import GeweigerdeRegel, Verslag
from overstap.adapters.koppelingen.vooronderzoek import Bestand, Soort
from overstap.adapters.postgres.toevoeging import Afloop, Toevoeging
from overstap.domain.feiten.aanlevering import (
    AanleveringOntvangen,
    AanleveringVerwerkt,
    FeitVanAanlevering,
    RegelGeweigerd,
)
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.rollen import Actor


class Aanlevering:
    """What is recorded of one delivery.

    A line refused before is not recorded again; the numbers of refused lines alone are kept in memory (several items
    may stand on one line, so they are counted). Two processes that read one delivery at once meet here by the version.
    """

    def __init__(self, app: App, stroom: UUID, actor: Actor) -> None:
        self._app = app
        self._stroom = stroom
        self._actor = actor
        self._nu_geweigerd: Counter[int] = Counter()
        self.toegevoegd = 0
        self._versie = 0
        self._geweigerd: Counter[int] = Counter()
        self._is_verwerkt = False
        self._lees()
        self._was_verwerkt = self._is_verwerkt

    def is_eerder_afgehandeld(self, regel: int) -> bool:
        """Tell whether a former run read this file to its end and refused nothing on this line."""
        return self._was_verwerkt and regel not in self._geweigerd

    def ontvang(self, bestand: Bestand, soort: Soort) -> None:
        """Record that the delivery came in, once."""
        ontvangen = AanleveringOntvangen(soort=soort.value, vingerafdruk=bestand.vingerafdruk, bytes=bestand.omvang)
        self._voeg_toe(lambda: [ontvangen] if self._versie == 0 else [])

    def weiger(self, regels: Sequence[GeweigerdeRegel]) -> None:
        """Record the lines that were refused, each once."""
        hoeveelste: list[int] = []
        for een in regels:
            self._nu_geweigerd[een.regel] += 1
            hoeveelste.append(self._nu_geweigerd[een.regel])
        self._voeg_toe(
            lambda: [
                RegelGeweigerd(regel=een.regel, code=een.code, reden=een.reden)
                for een, keer in zip(regels, hoeveelste, strict=True)
                if keer > self._geweigerd[een.regel]
            ]
        )

    def sluit_af(self, verslag: Verslag) -> None:
        """Record that the delivery was read to its end; a next time only when it brought something new."""
        is_nieuws = verslag.aanvaard + verslag.wachtbak + self.toegevoegd > 0
        verwerkt = AanleveringVerwerkt(
            regels=verslag.regels,
            aanvaard=verslag.aanvaard,
            ongewijzigd=verslag.ongewijzigd,
            wachtbak=verslag.wachtbak,
            geweigerd=verslag.aantal_geweigerd,
        )
        self._voeg_toe(lambda: [verwerkt] if is_nieuws or not self._is_verwerkt else [])

    def _voeg_toe(self, wat_nog_ontbreekt: Callable[[], Sequence[FeitVanAanlevering]]) -> None:
        """Add facts; when another process was first, read again what is there, until nothing is missing."""
        while feiten := wat_nog_ontbreekt():
            toevoeging = Toevoeging(gebeurtenissen=self._gebeurtenissen(feiten))
            [uitkomst] = self._app.log.voeg_toe([toevoeging], self._app.klok.voor_het_log())
            if uitkomst.afloop is Afloop.VERSIECONFLICT:
                self._lees()
                continue
            self._versie += len(feiten)
            self._geweigerd.update(een.regel for een in feiten if isinstance(een, RegelGeweigerd))
            self._is_verwerkt = self._is_verwerkt or any(isinstance(een, AanleveringVerwerkt) for een in feiten)
            self.toegevoegd += len(feiten)
            return

    def _gebeurtenissen(self, feiten: Sequence[FeitVanAanlevering]) -> list[Gebeurtenis]:
        nu = self._app.klok()
        return [
            Gebeurtenis(
                originator_id=self._stroom,
                originator_version=versie,
                feit=feit,
                regio=self._actor.regio,
                gebeurd_op=nu,
                actor=self._actor.account,
                rol=self._actor.rol,
                organisatie=self._actor.organisatie,
                correlatie=self._stroom,
            )
            for versie, feit in enumerate(feiten, self._versie + 1)
        ]

    def _lees(self) -> None:
        self._versie, self._is_verwerkt, regels = self._app.opzoeker.aanlevering(self._stroom)
        self._geweigerd = Counter(regels)
