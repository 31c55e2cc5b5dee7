"""Steps of people, as lines of NDJSON: each is sealed, put to the bus under the one who took it, and known again."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

import msgspec
from msgspec.structs import replace

from overstap.adapters.koppelingen import fouten
from overstap.adapters.koppelingen.levering import (
    KETEN_ELDERS,
    KETENID,
    Levering,
    Regeluitkomst,
    Uitslag,
    afzender,
    keten_sleutel,
    pgn_aanspraak,
    uitslag_van,
)
from overstap.adapters.koppelingen.stapregel import KoppelWachtbak, Stapregel, Verwijzing, lees_stapregel
from overstap.adapters.koppelingen.verzegelen import verzegel, zegt_iets
from overstap.adapters.koppelingen.wachtbak import Wachtbak
from overstap.adapters.opdracht import Opdracht, antwoord_bij_kwitantie
from overstap.adapters.postgres.toevoeging import Aanspraak, Kwitantie
from overstap.adapters.stroomsoorten import OVERSTAP, WACHTBAK, Dossier
from overstap.domain import verzoeken as v
from overstap.domain.kalender import datum_in_amsterdam
from overstap.domain.rollen import Actor, Rol, SoortOrganisatie
from overstap.domain.stromen import stroom_van_wachtbak
from overstap.domain.weigering import Weigering, weiger
from overstap.statemachine.bevoegdheden import bevoegde_rollen
from overstap.statemachine.weigeringen import niet_bevoegd, onbekende_leerling

_GEEN_ITEM = weiger(
    "onbekende_aanmelding", "In de wachtbak staat geen item met dit ketenId.", "Controleer het ketenId."
)
_ACCOUNT_ZONDER_ROL = weiger(
    "niet_bevoegd", "Dit account heeft deze rol hier niet.", "Laat de beheerder de rol toekennen."
)


class _Plaats(msgspec.Struct, frozen=True):
    """The overstap a line names, and the year in which its number counts."""

    stroom: UUID
    jaar: int


class Stappen:
    """Steps that people of one organisation took in one role."""

    def __init__(self, levering: Levering) -> None:
        self._levering = levering
        self._app = levering.app
        self._regio = levering.regio
        self._wachtbak = Wachtbak(levering.app, levering.correlatie)

    def ontleed(self, inhoud: bytes) -> Stapregel:
        """Read one line.

        Raises:
            Onbruikbaar: when it is no request, or its account may not act in this role.

        """
        regel = lees_stapregel(inhoud)
        if regel.account is not None and not self._mag(regel.account):
            raise fouten.Onbruikbaar(_ACCOUNT_ZONDER_ROL)
        return regel

    def _mag(self, account: str) -> bool:
        """Tell whether the account may act in the role: where accounts of it are kept here, it must be one."""
        if self._levering.is_eigen:
            return account == self._levering.actor.account
        rol, rollen = self._levering.actor.rol, self._rollen
        return (account, rol) in rollen or not any(van_rol is rol for _, van_rol in rollen)

    @property
    def _rollen(self) -> Mapping[tuple[str, Rol], tuple[str | None, str | None]]:
        organisatie = self._app.kaders.organisatie(self._regio, self._levering.actor.organisatie)
        return organisatie.rollen if organisatie else {}

    def verwerk(self, regels: Sequence[Stapregel]) -> list[Uitslag]:
        """Take each step, in order; one that changes whose number is whose is taken before the next is looked up."""
        uitslagen: list[Uitslag] = []
        for deel in _in_delen(regels):
            uitslagen += self._verwerk(deel)
        return uitslagen

    def _verwerk(self, regels: Sequence[Stapregel]) -> list[Uitslag]:
        plaatsen = self._zoek_op(regels)
        self._app.kluis.laad(
            {plaats.stroom for nummer, plaats in plaatsen.items() if zegt_iets(regels[nummer].verzoek)}
        )
        uitslagen: dict[int, Uitslag] = {}
        opdrachten: dict[int, Opdracht] = {}
        for nummer, regel in enumerate(regels):
            plaats = plaatsen.get(nummer)
            if plaats is None:
                uitslagen[nummer] = onbekende_leerling()
            elif isinstance(regel.verzoek, KoppelWachtbak):
                uitslagen[nummer] = self._koppel_wachtbak(regel, regel.verzoek, plaats)
            else:
                opdrachten[nummer] = self._opdracht(regel, regel.verzoek, plaats)
        antwoorden = dict(zip(opdrachten, self._app.bus.verwerk(list(opdrachten.values())), strict=True))
        uitslagen |= {nummer: uitslag_van(antwoord) for nummer, antwoord in antwoorden.items()}
        for nummer in opdrachten:
            verzoek = regels[nummer].verzoek
            if isinstance(verzoek, v.VervangPgn) and not isinstance(uitslagen[nummer], Weigering):
                pgn_hash = self._app.kluis.pgn_hash(verzoek.pgn)
                self._wachtbak.koppel_bij_pgn(self._regio, plaatsen[nummer].jaar, {pgn_hash})
        return [uitslagen[nummer] for nummer in range(len(regels))]

    def _zoek_op(self, regels: Sequence[Stapregel]) -> dict[int, _Plaats]:
        """Find the overstap of each line; one that is not there, or in a year that is not known, is left out."""
        opzoeker, regio = self._app.opzoeker, self._regio
        lopend = self._app.kaders.lopend_jaar(regio, datum_in_amsterdam(self._app.klok())) or 0
        jaren = {nummer: regel.overstapjaar or lopend for nummer, regel in enumerate(regels)}
        hashes = {
            nummer: self._app.kluis.pgn_hash(regel.leerling.pgn)
            for nummer, regel in enumerate(regels)
            if regel.leerling.pgn
        }
        bij_pgn = {
            (jaar, een): stroom
            for jaar in {jaren[nummer] for nummer in hashes}
            for een, stroom in opzoeker.overstappen_bij_pgn(
                regio, jaar, {pgn_hash for nummer, pgn_hash in hashes.items() if jaren[nummer] == jaar}
            ).items()
        }
        namen = [regel.leerling for regel in regels]
        ketens = opzoeker.houders(KETENID, {keten_sleutel(regio, naam.keten_id) for naam in namen if naam.keten_id})
        genoemd = opzoeker.bekende_overstappen(regio, {naam.overstap for naam in namen if naam.overstap})

        def plaats(nummer: int, naam: Verwijzing) -> UUID | None:
            if naam.pgn:
                return bij_pgn.get((jaren[nummer], hashes[nummer]))
            if naam.keten_id:
                return ketens.get(keten_sleutel(regio, naam.keten_id))
            return naam.overstap if naam.overstap in genoemd else None

        stromen = {nummer: stroom for nummer, naam in enumerate(namen) if (stroom := plaats(nummer, naam))}
        zonder_jaar = {stroom for nummer, stroom in stromen.items() if nummer not in hashes}
        dossiers: Mapping[UUID, Dossier] = self._app.bus.staten(OVERSTAP, zonder_jaar) if zonder_jaar else {}
        return {
            nummer: _Plaats(stroom, jaren[nummer] if nummer in hashes else dossiers[stroom].overstap.overstapjaar)
            for nummer, stroom in stromen.items()
        }

    def _actor(self, regel: Stapregel) -> Actor:
        """Give who took the step: an account sees what its role was granted for, one vestiging or class."""
        actor = self._levering.actor
        if regel.account is None or self._levering.is_eigen:
            return actor
        vestiging, klas = self._rollen.get((regel.account, actor.rol), (None, None))
        return replace(actor, account=regel.account, vestiging=vestiging or actor.vestiging, klas=klas)

    def _opdracht(self, regel: Stapregel, verzoek: v.Vraag, plaats: _Plaats) -> Opdracht:
        def maak(dossier: Dossier | None) -> v.Vraag | None:
            return verzegel(self._app.kluis, verzoek, plaats.stroom, dossier) if dossier else verzoek

        aanspraken: tuple[Aanspraak, ...] = ()
        if isinstance(verzoek, v.VervangPgn):
            pgn_hash = self._app.kluis.pgn_hash(verzoek.pgn)
            aanspraken = (pgn_aanspraak(self._regio, plaats.jaar, pgn_hash, plaats.stroom),)
        return Opdracht(
            soort=OVERSTAP,
            stroom=plaats.stroom,
            verzoek=maak,
            actor=self._actor(regel),
            aanspraken=aanspraken,
            kwitantie=self._kwitantie(regel),
            correlatie=self._levering.correlatie,
        )

    def _kwitantie(self, regel: Stapregel) -> Kwitantie:
        """Know the line again by the deliverer's key or else by its content; neither is kept but as a keyed hash."""
        actor, kluis = self._levering.actor, self._app.kluis
        inhoud = kluis.vingerafdruk(b"inhoud|" + regel.inhoud)
        sleutel = kluis.vingerafdruk(b"sleutel|" + regel.sleutel.encode()) if regel.sleutel else inhoud
        return Kwitantie(afzender(actor), sleutel, inhoud)

    def _koppel_wachtbak(self, regel: Stapregel, verzoek: KoppelWachtbak, plaats: _Plaats) -> Uitslag:
        """Send a wachtbak item on to the pupil that a person says it is about."""
        actor, bus = self._actor(regel), self._app.bus
        dossier: Dossier = bus.staat(OVERSTAP, plaats.stroom)
        kader = self._app.kaders.kader(self._regio, plaats.jaar)
        if kader is None:
            return fouten.GEEN_JAAR
        rollen = bevoegde_rollen("koppel_wachtbak", kader.regels)
        if actor.rol not in rollen:
            return niet_bevoegd("koppel_wachtbak", actor, rollen)
        if actor.rol is not Rol.REGIEBEHEERDER and dossier.overstap.school != actor.organisatie:
            return onbekende_leerling()
        kwitantie = self._kwitantie(regel)
        eerder = self._app.opzoeker.kwitanties([kwitantie]).get((kwitantie.client, kwitantie.sleutel))
        if eerder is not None:
            return uitslag_van(antwoord_bij_kwitantie(kwitantie, *eerder))
        items = [
            stroom_van_wachtbak(self._regio, organisatie.code, verzoek.keten_id)
            for organisatie in self._app.kaders.organisaties(self._regio)
            if organisatie.soort is SoortOrganisatie.MBO
        ]
        staten = bus.staten(WACHTBAK, items)
        item = next((een for een in items if staten[een] is not None and staten[een].wacht), None)
        if item is None:
            is_al_zo = any(staat is not None and staat.overstap == plaats.stroom for staat in staten.values())
            return Regeluitkomst.ONGEWIJZIGD if is_al_zo else _GEEN_ITEM
        is_gekoppeld = self._wachtbak.koppel({item: plaats.stroom}, self._regio, actor, kwitantie)
        return Regeluitkomst.AANVAARD if is_gekoppeld else KETEN_ELDERS


def _in_delen(regels: Sequence[Stapregel]) -> Iterator[list[Stapregel]]:
    """Cut a batch where a line changes what the next one's look-up finds."""
    deel: list[Stapregel] = []
    for regel in regels:
        if isinstance(regel.verzoek, v.VervangPgn | KoppelWachtbak):
            if deel:
                yield deel
            yield [regel]
            deel = []
        else:
            deel.append(regel)
    if deel:
        yield deel
