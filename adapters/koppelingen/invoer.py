"""Take in a delivered file: recognise it, judge each line, record what may be recorded, report the rest."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import structlog

from overstap.adapters.app import App
from overstap.adapters.bus import Bus
from overstap.adapters.koppelingen import fouten
from overstap.adapters.koppelingen.aanlevering import Aanlevering
from overstap.adapters.koppelingen.csvlezer import Regel
from overstap.adapters.koppelingen.geweigerd import Bewaarder, bewaar_in
from overstap.adapters.koppelingen.koppeling import Koppeling
from overstap.adapters.koppelingen.leerlingen import Leerlingen
from overstap.adapters.koppelingen.levering import Levering, Regeluitkomst, Uitslag, Verwerker
from overstap.adapters.koppelingen.lezers import lees
from overstap.adapters.koppelingen.organisaties import Organisaties
from overstap.adapters.koppelingen.parameters import Parameters
from overstap.adapters.koppelingen.stappen import Stappen
from overstap.adapters.koppelingen.toegang import MAG_LEVEREN, leverancier, vermoedelijke_soort
from overstap.adapters.koppelingen.verslag import BijWeigering, GeweigerdeRegel, Luisteraar, Verslag, Voortgang
from overstap.adapters.koppelingen.vooronderzoek import Bestand, Soort, onderzoek
from overstap.adapters.opruimen import zelden_opruimen
from overstap.domain.rollen import Actor, Rol
from overstap.domain.stromen import stroom_van_aanlevering
from overstap.domain.weigering import Weigering
from overstap.statemachine.weigeringen import niet_bevoegd

REGELS_PER_BATCH = 2_000
BYTES_PER_BATCH = 1 << 21

_VERWERKERS: dict[Soort, type[Organisaties | Parameters | Leerlingen | Koppeling | Stappen]] = {
    Soort.ORGANISATIES: Organisaties,
    Soort.PARAMETERS: Parameters,
    Soort.LEERLINGEN: Leerlingen,
    Soort.KOPPELING: Koppeling,
    Soort.STAPPEN: Stappen,
}


def importeer(  # noqa: PLR0913  # a file, who delivers it, and who listens
    app: App,
    pad: Path,
    namens: str,
    rol: Rol,
    *,
    soort: Soort | None = None,
    voortgang: Luisteraar | None = None,
    geweigerd_naar: Path | None = None,
    bij_weigering: BijWeigering | None = None,
) -> Verslag:
    """Import one file under the organisation and role that deliver it, and report.

    Every line is judged on its own. The same file again adds nothing; a run that was stopped half-way and is run again
    ends in the same state. bij_weigering hears of every refused line, geweigerd_naar gets those lines themselves.

    Raises:
        OSError: when the file cannot be read.
        DatabankFout: when the database cannot be reached.
        KluisFout: when the master key does not belong to this database.

    """
    actor = leverancier(app, namens, rol)
    if isinstance(actor, Weigering):
        verslag = Verslag(soort=onderzoek(pad, app.kluis, soort).soort)
        _weiger(verslag, [GeweigerdeRegel(0, actor.code, actor.zin)], bij_weigering)
        return verslag
    return _importeer(app, pad, actor, soort, voortgang, geweigerd_naar, bij_weigering, is_eigen=False)


def importeer_als(
    app: App, pad: Path, actor: Actor, *, soort: Soort | None = None, voortgang: Luisteraar | None = None
) -> Verslag:
    """Import one file that somebody known delivers, who speaks for no other account than his own; and report.

    Raises the same.
    """
    return _importeer(app, pad, actor, soort, voortgang, None, None, is_eigen=True)


def _importeer(  # noqa: PLR0913, PLR0917  # as above
    app: App,
    pad: Path,
    actor: Actor,
    soort: Soort | None,
    voortgang: Luisteraar | None,
    geweigerd_naar: Path | None,
    bij_weigering: BijWeigering | None,
    *,
    is_eigen: bool,
) -> Verslag:
    begin, al_vastgelegd = time.perf_counter(), app.bus.aantal_vastgelegd
    bestand = onderzoek(pad, app.kluis, soort)
    verslag = Verslag(soort=bestand.soort)
    verslag.soort = bestand.soort or vermoedelijke_soort(actor.rol, pad)
    verslag.aanlevering = stroom_van_aanlevering(app.regio, actor.organisatie, actor.rol, bestand.vingerafdruk)
    aanlevering = Aanlevering(app, verslag.aanlevering, actor)
    with app.bus.neem_mee(aanlevering), zelden_opruimen():
        aanlevering.ontvang(bestand, verslag.soort)
        gebrek = bestand.gebrek or _onbevoegd(verslag.soort, actor)
        if gebrek is not None:
            regels = [GeweigerdeRegel(0, gebrek.code, gebrek.zin)]
            aanlevering.weiger(regels)
            _weiger(verslag, regels, bij_weigering)
        else:
            levering = Levering(app, actor, verslag.aanlevering, is_eigen=is_eigen)
            with bewaar_in(geweigerd_naar) as bewaarder:
                verwerker = _VERWERKERS[verslag.soort](levering)
                loop = _Invoer(app.bus, verslag, aanlevering, verwerker, bewaarder, bij_weigering)
                for gelezen in loop.verwerk(bestand, verslag.soort):
                    verslag.gebeurtenissen = app.bus.aantal_vastgelegd - al_vastgelegd
                    if voortgang is not None:
                        voortgang(Voortgang(verslag.regels, gelezen, bestand.omvang, verslag.gebeurtenissen))
        aanlevering.sluit_af(verslag)
    verslag.gebeurtenissen = app.bus.aantal_vastgelegd - al_vastgelegd
    verslag.seconden = time.perf_counter() - begin
    _log(verslag, actor)
    return verslag


def _onbevoegd(soort: Soort, actor: Actor) -> Weigering | None:
    rollen = MAG_LEVEREN[soort]
    return None if actor.rol in rollen else niet_bevoegd(f"{soort} aanleveren", actor, rollen)


def _weiger(verslag: Verslag, regels: Sequence[GeweigerdeRegel], bij_weigering: BijWeigering | None) -> None:
    for regel in regels:
        verslag.weiger(regel)
        if bij_weigering is not None:
            bij_weigering(regel)


def _log(verslag: Verslag, actor: Actor) -> None:
    structlog.get_logger().info(
        "import",
        soort=str(verslag.soort),
        aanlevering=str(verslag.aanlevering),
        organisatie=actor.organisatie,
        rol=str(actor.rol),
        regels=verslag.regels,
        aanvaard=verslag.aanvaard,
        ongewijzigd=verslag.ongewijzigd,
        wachtbak=verslag.wachtbak,
        geweigerd=dict(verslag.per_code),
        gebeurtenissen=verslag.gebeurtenissen,
        seconden=round(verslag.seconden, 3),
    )


class _Batch(msgspec.Struct):
    """Lines that go in together, read but not judged: what can be put to the bus, and what came of the others.

    gelezen: how many bytes of the file were read by then.
    """

    regels: Sequence[Regel]
    gelezen: int
    uitslagen: dict[int, Uitslag] = {}
    goed: dict[int, Any] = {}


class _Invoer:
    """One pass over a file, batch by batch."""

    def __init__(  # noqa: PLR0913, PLR0917  # what it connects
        self,
        bus: Bus,
        verslag: Verslag,
        aanlevering: Aanlevering,
        verwerker: Verwerker,
        bewaarder: Bewaarder,
        bij_weigering: BijWeigering | None,
    ) -> None:
        self._bus = bus
        self._verslag = verslag
        self._aanlevering = aanlevering
        self._verwerker = verwerker
        self._bewaarder = bewaarder
        self._bij_weigering = bij_weigering
        self._vooruit: _Batch | None = None

    def verwerk(self, bestand: Bestand, soort: Soort) -> Iterator[int]:
        """Read and handle the file; after each batch give how many bytes were read.

        The next batch is read while the log records the end of this one.
        """
        with bestand.pad.open("rb") as open_bestand:
            self._batches = self._lees(open_bestand, bestand, soort)
            with self._bus.doe_intussen(self._lees_vooruit):
                while (batch := self._vooruit or next(self._batches, None)) is not None:
                    self._vooruit = None
                    self._verwerk_batch(batch)
                    yield batch.gelezen

    def _lees_vooruit(self) -> None:
        if self._vooruit is None:
            self._vooruit = next(self._batches, None)

    def _lees(self, open_bestand: BinaryIO, bestand: Bestand, soort: Soort) -> Iterator[_Batch]:
        regels: list[Regel] = []
        omvang = 0
        for regel in lees(open_bestand, bestand, soort, self._bewaarder):
            regels.append(regel)
            omvang += len(regel.ruw)
            if len(regels) >= REGELS_PER_BATCH or omvang >= BYTES_PER_BATCH:
                yield self._ontleed(regels, open_bestand.tell())
                regels, omvang = [], 0
        yield self._ontleed(regels, open_bestand.tell())

    def _ontleed(self, regels: Sequence[Regel], gelezen: int) -> _Batch:
        batch = _Batch(regels, gelezen)
        for plek, regel in enumerate(regels):
            eerder = self._aanlevering.eerder_oordeel(regel.nummer)
            if eerder is not None:
                batch.uitslagen[plek] = eerder
            elif isinstance(regel.inhoud, Weigering):
                batch.uitslagen[plek] = regel.inhoud
            else:
                try:
                    batch.goed[plek] = self._verwerker.ontleed(regel.inhoud)
                except fouten.Onbruikbaar as fout:
                    batch.uitslagen[plek] = fout.weigering
        return batch

    def _verwerk_batch(self, batch: _Batch) -> None:
        uitslagen = batch.uitslagen
        if batch.goed:
            uitslagen |= zip(batch.goed, self._verwerker.verwerk(list(batch.goed.values())), strict=True)
        self._boek(batch.regels, uitslagen)

    def _boek(self, batch: Sequence[Regel], uitslagen: dict[int, Uitslag]) -> None:
        geweigerd: list[GeweigerdeRegel] = []
        self._verslag.regels += len(batch)
        for plek, regel in enumerate(batch):
            uitslag = uitslagen[plek]
            if isinstance(uitslag, Weigering):
                geweigerd.append(GeweigerdeRegel(regel.nummer, uitslag.code, uitslag.zin))
                self._bewaarder.bewaar(regel.ruw)
            elif uitslag is Regeluitkomst.AANVAARD:
                self._verslag.aanvaard += 1
            elif uitslag is Regeluitkomst.WACHTBAK:
                self._verslag.wachtbak += 1
            else:
                self._verslag.ongewijzigd += 1
        self._aanlevering.weiger(geweigerd)
        _weiger(self._verslag, geweigerd, self._bij_weigering)
