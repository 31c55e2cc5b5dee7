"""The stream of one delivery: received, lines refused, processed; the same delivery again adds nothing to it."""

from collections import Counter
from collections.abc import Sequence
from typing import assert_never
from uuid import UUID

from overstap.adapters.app import App
from overstap.adapters.koppelingen.levering import Regeluitkomst, Uitslag
from overstap.adapters.koppelingen.verslag import GeweigerdeRegel, Verslag
from overstap.adapters.koppelingen.vooronderzoek import Bestand, Soort
from overstap.adapters.postgres.toevoeging import Afloop, Toevoeging, Uitkomst
from overstap.domain.feiten.aanlevering import (
    AanleveringOntvangen,
    AanleveringVerwerkt,
    FeitVanAanlevering,
    RegelGeweigerd,
)
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.rollen import Actor, Rol
from overstap.domain.weigering import Weigering

GEEN_JAAR = "geen_jaar"


class Aanlevering:
    """What is recorded of one delivery.

    A line refused before is not recorded again; of refused lines alone something is kept in memory (several items may
    stand on one line, so they are counted). Two processes that read one delivery at once meet here by the version.
    """

    def __init__(self, app: App, stroom: UUID, actor: Actor) -> None:
        self._app = app
        self._stroom = stroom
        self._actor = actor
        self._te_zeggen: list[FeitVanAanlevering] = []
        self._onderweg: list[FeitVanAanlevering] = []
        self._gezegd: Counter[int] = Counter()
        self.toegevoegd = 0
        self._versie = 0
        self._geweigerd: Counter[int] = Counter()
        self._is_verwerkt = self._gaf_iets = False
        eerder = self._lees()
        self._afgehandeld = eerder if self._is_verwerkt and self._gaf_iets else None

    def eerder_oordeel(self, regel: int) -> Uitslag | None:
        """Give what a former run made of a line; None: judge it (again).

        A delivery that was read to its end and was of use is settled: who sends it again changes nothing, also when
        what was refused would be allowed by now; those lines must be sent apart. Only a year that was not open is
        judged again, and so are items of a koppeling (many may share a line), which are known by their volgnummer.
        """
        if self._afgehandeld is None:
            return None
        eerdere = self._afgehandeld.get(regel)
        if eerdere is None:
            return Regeluitkomst.ONGEWIJZIGD
        return None if eerdere.code == GEEN_JAAR or self._actor.rol is Rol.KOPPELING else eerdere

    def ontvang(self, bestand: Bestand, soort: Soort) -> None:
        """Record that the delivery came in, once."""
        self._te_zeggen.append(
            AanleveringOntvangen(soort=soort.value, vingerafdruk=bestand.vingerafdruk, bytes=bestand.omvang)
        )

    def weiger(self, regels: Sequence[GeweigerdeRegel]) -> None:
        """Record the lines that were refused, each once."""
        self._te_zeggen += [RegelGeweigerd(regel=een.regel, code=een.code, reden=een.reden) for een in regels]

    def sluit_af(self, verslag: Verslag) -> None:
        """Record that the delivery was read to its end; a next time only when it brought something new."""
        self._te_zeggen.append(
            AanleveringVerwerkt(
                regels=verslag.regels,
                aanvaard=verslag.aanvaard,
                ongewijzigd=verslag.ongewijzigd,
                wachtbak=verslag.wachtbak,
                geweigerd=verslag.aantal_geweigerd,
            )
        )

    def toevoeging(self) -> Toevoeging | None:
        """Give what is not in the log yet."""
        geweigerd, ontbreekt = Counter(self._gezegd), list[FeitVanAanlevering]()
        for feit in self._te_zeggen:
            match feit:
                case AanleveringOntvangen():
                    is_nieuw = self._versie == 0
                case RegelGeweigerd():
                    geweigerd[feit.regel] += 1
                    is_nieuw = geweigerd[feit.regel] > self._geweigerd[feit.regel]
                case AanleveringVerwerkt():
                    is_nieuws = feit.aanvaard + feit.wachtbak + self.toegevoegd > 0 or bool(ontbreekt)
                    is_nieuw = is_nieuws or not self._is_verwerkt
                case _:
                    assert_never(feit)
            if is_nieuw:
                ontbreekt.append(feit)
        self._onderweg = ontbreekt
        return Toevoeging(gebeurtenissen=self._gebeurtenissen(ontbreekt)) if ontbreekt else None

    def neem_antwoord(self, uitkomst: Uitkomst) -> None:
        """Hear whether it went in; when another process was first, read what is there now."""
        if uitkomst.afloop is not Afloop.VASTGELEGD:
            self._lees()
            return
        self._gezegd.update(een.regel for een in self._te_zeggen if isinstance(een, RegelGeweigerd))
        self._te_zeggen = []
        self._versie += len(self._onderweg)
        self._geweigerd.update(een.regel for een in self._onderweg if isinstance(een, RegelGeweigerd))
        self._is_verwerkt = self._is_verwerkt or any(isinstance(een, AanleveringVerwerkt) for een in self._onderweg)
        self.toegevoegd += len(self._onderweg)

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

    def _lees(self) -> dict[int, Weigering]:
        self._versie, self._is_verwerkt, self._gaf_iets = self._app.opzoeker.aanlevering(self._stroom)
        regels = self._app.opzoeker.geweigerde_regels(self._stroom) if self._versie else []
        self._geweigerd = Counter(regel for regel, _, _ in regels)
        return {regel: Weigering(code=code, zin=reden) for regel, code, reden in regels}
