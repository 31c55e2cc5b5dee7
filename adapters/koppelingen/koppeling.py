"""An MBO's pages of the koppeling: each item goes to its pupil, or into the wachtbak until he is known."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from overstap.adapters.koppelingen import fouten
from overstap.adapters.koppelingen.koppelitem import Koppelitem, Strikt, lees_koppelitem
from overstap.adapters.koppelingen.levering import (
    KETENID,
    Levering,
    Regeluitkomst,
    Uitslag,
    afzender,
    keten_aanspraak,
    keten_sleutel,
    pgn_aanspraak,
    uitslag_van,
)
from overstap.adapters.koppelingen.wachtbak import AL_GEKOPPELD, Wachtbak
from overstap.adapters.opdracht import (
    ANDERE_INHOUD,
    DRUK,
    IN_DE_TOEKOMST,
    NietUniek,
    Opdracht,
    Resultaat,
    Vastgelegd,
)
from overstap.adapters.postgres.toevoeging import Kwitantie
from overstap.adapters.stroomsoorten import OVERSTAP, WACHTBAK, Dossier, Waargenomen
from overstap.adapters.vault.persoon import PGN_VERVANGEN
from overstap.domain.feiten.overstap import SignaalGegeven
from overstap.domain.identificaties import SoortPgn
from overstap.domain.kalender import SPELING_VAN_DE_KLOK
from overstap.domain.rollen import Rol
from overstap.domain.stromen import stroom_van_wachtbak
from overstap.domain.verzoeken import VervangPgn, VerwerkKoppelbericht
from overstap.domain.weigering import Weigering

_KEREN = 3
"""How often an item is looked up again after another process was first with its pupil or ketenId."""

_schrijf = msgspec.json.Encoder()

Nummer = tuple[int, bytes]
"""A persoonsgebonden nummer in an overstapjaar, as keyed hash."""


class _Plaatsen(msgspec.Struct):
    """Where the items of a batch belong, as far as is known: by ketenId, by number, and what waits for which hash."""

    ketens: dict[bytes, UUID]
    nummers: dict[Nummer, UUID]
    wachtend: dict[UUID, bytes]


class _Opdrachten(msgspec.Struct):
    """What goes to the bus: each request with the place of its item in the batch and what it is for."""

    alle: list[Opdracht] = msgspec.field(default_factory=list)
    berichten: dict[int, int] = msgspec.field(default_factory=dict)
    vervangingen: dict[int, Nummer] = msgspec.field(default_factory=dict)

    def voeg_toe(self, opdracht: Opdracht) -> int:
        """Add one, and give its place."""
        self.alle.append(opdracht)
        return len(self.alle) - 1


class Koppeling:
    """Items of one MBO's student system."""

    def __init__(self, levering: Levering) -> None:
        self._levering = levering
        self._app = levering.app
        self._regio = levering.regio
        self._mbo = levering.actor.organisatie
        self._wachtbak = Wachtbak(levering.app, levering.correlatie)
        self._afzender = afzender(levering.actor)

    def ontleed(self, inhoud: Mapping[str, Any] | Strikt) -> Koppelitem:
        """Read one item.

        Raises:
            Onbruikbaar: when a field is missing or not of its form, or the item belongs to another MBO.

        """
        item = lees_koppelitem(inhoud)
        if item.bericht.brin[:4] != self._mbo:
            raise fouten.Onbruikbaar(fouten.andere_organisatie("Dit bericht"))
        return item

    def verwerk(self, regels: Sequence[Koppelitem]) -> list[Uitslag]:
        """Send each item to its pupil or into the wachtbak, in order of the delivery."""
        uitslagen: dict[int, Uitslag] = {}
        grens = self._app.klok() + SPELING_VAN_DE_KLOK
        over: dict[int, Koppelitem] = {}
        for nummer, item in enumerate(regels):
            if item.bericht.gebeurd_op is not None and item.bericht.gebeurd_op > grens:
                uitslagen[nummer] = IN_DE_TOEKOMST
            elif self._app.kaders.kader(self._regio, item.overstapjaar) is None:
                uitslagen[nummer] = fouten.GEEN_JAAR
            else:
                over[nummer] = item
        for _ in range(_KEREN):
            uitslagen |= self._verwerk(over)
            over = {nummer: item for nummer, item in over.items() if uitslagen[nummer] is AL_GEKOPPELD}
            if not over:
                break
        uitslagen |= dict.fromkeys(over, DRUK)
        return [uitslagen[nummer] for nummer in range(len(regels))]

    def _verwerk(self, items: Mapping[int, Koppelitem]) -> dict[int, Uitslag]:
        hashes = {nummer: self._app.kluis.pgn_hash(item.pgn) for nummer, item in items.items()}
        sleutels = {nummer: keten_sleutel(self._regio, item.bericht.keten_id) for nummer, item in items.items()}
        plaatsen = self._zoek_op(items, hashes, sleutels)
        opdrachten, wachtenden, uitgesteld = _Opdrachten(), dict[str, Nummer](), set[int]()
        genomen: dict[bytes, int] = {}
        for nummer, item in items.items():
            sleutel = sleutels[nummer]
            van_nummer = (item.overstapjaar, hashes[nummer])
            bekend = plaatsen.ketens.get(sleutel)
            stroom = bekend or plaatsen.nummers.get(van_nummer)
            keten_id = item.bericht.keten_id
            if wachtenden.get(keten_id, van_nummer) != van_nummer:
                uitgesteld.add(nummer)  # an earlier item of this batch waits for another number: it goes first
                continue
            if stroom is None:
                kwitantie = self._kwitantie(item, Regeluitkomst.WACHTBAK)
                opdracht = self._in_wachtbak(item, hashes[nummer], plaatsen, kwitantie)
                wachtenden[keten_id] = van_nummer
            else:
                kwitantie = self._kwitantie(item, Regeluitkomst.AANVAARD)
                if bekend and plaatsen.nummers.get(van_nummer) != bekend:
                    is_eerste = genomen.get(kwitantie.sleutel, nummer) == nummer
                    if is_eerste and not self._app.opzoeker.kwitanties([kwitantie]):
                        self._let_op_nummer(item, bekend, van_nummer, plaatsen, opdrachten)
                opdracht = self._bericht(item, stroom, bekend, kwitantie)
                plaatsen.ketens[sleutel] = stroom
            genomen.setdefault(kwitantie.sleutel, nummer)
            opdrachten.berichten[opdrachten.voeg_toe(opdracht)] = nummer
        antwoorden = self._app.bus.verwerk(opdrachten.alle)
        bekend_geworden = {
            van_nummer
            for plek, van_nummer in opdrachten.vervangingen.items()
            if isinstance(antwoorden[plek], Vastgelegd)
        }
        # Also what was put aside just now: a school may have entered the pupil meanwhile.
        te_koppelen = bekend_geworden.union(wachtenden.values())
        for jaar in {jaar for jaar, _ in te_koppelen}:
            self._wachtbak.koppel_bij_pgn(self._regio, jaar, {een for van_jaar, een in te_koppelen if van_jaar == jaar})
        uitslagen = {
            nummer: _uitslag(antwoorden[plek], opdrachten.alle[plek]) for plek, nummer in opdrachten.berichten.items()
        }
        return uitslagen | dict.fromkeys(uitgesteld, AL_GEKOPPELD)

    def _zoek_op(
        self, items: Mapping[int, Koppelitem], hashes: Mapping[int, bytes], sleutels: Mapping[int, bytes]
    ) -> _Plaatsen:
        opzoeker, regio = self._app.opzoeker, self._regio
        ketens = opzoeker.houders(KETENID, set(sleutels.values()))
        nummers: dict[Nummer, UUID] = {}
        for jaar in {item.overstapjaar for item in items.values()}:
            van_jaar = {hashes[nummer] for nummer, item in items.items() if item.overstapjaar == jaar}
            gevonden = opzoeker.overstappen_bij_pgn(regio, jaar, van_jaar)
            nummers |= {(jaar, pgn_hash): stroom for pgn_hash, stroom in gevonden.items()}
        van_keten = {item.bericht.keten_id: nummer for nummer, item in items.items()}
        onbekend = {
            stroom_van_wachtbak(regio, self._mbo, keten_id): nummer
            for keten_id, nummer in van_keten.items()
            if sleutels[nummer] not in ketens
        }
        wachtend = opzoeker.wachtende_hashes(onbekend)
        # What waits is older than what comes now: it goes first.
        eerst = {
            wacht: stroom
            for wacht in wachtend
            if (stroom := nummers.get((items[onbekend[wacht]].overstapjaar, hashes[onbekend[wacht]])))
        }
        for wacht in self._wachtbak.koppel(eerst, regio):
            ketens[sleutels[onbekend[wacht]]] = eerst[wacht]
        return _Plaatsen(ketens, nummers, wachtend)

    def _bericht(self, item: Koppelitem, stroom: UUID, bekend: UUID | None, kwitantie: Kwitantie) -> Opdracht:
        def maak(dossier: Dossier | None) -> VerwerkKoppelbericht | Weigering:
            if dossier is not None and dossier.overstap.overstapjaar != item.overstapjaar:
                return fouten.veld_ongeldig("opleidingAanmeldjaar", "deze aanmelding hoort bij een ander overstapjaar")
            return item.bericht

        return Opdracht(
            soort=OVERSTAP,
            stroom=stroom,
            verzoek=maak,
            actor=self._levering.actor,
            aanspraken=() if bekend else (keten_aanspraak(self._regio, item.bericht.keten_id, stroom),),
            kwitantie=kwitantie,
            correlatie=self._levering.correlatie,
        )

    def _kwitantie(self, item: Koppelitem, uitkomst: Regeluitkomst) -> Kwitantie:
        """Know a message again by its ketenId and volgnummer; of what it says a keyed hash is kept."""
        bericht = item.bericht
        inhoud = _schrijf.encode((item.pgn, item.overstapjaar, bericht))
        return Kwitantie(
            self._afzender,
            f"{bericht.keten_id}/{bericht.volgnummer}".encode(),
            self._app.kluis.vingerafdruk(b"bericht|" + inhoud),
            uitkomst,
        )

    def _in_wachtbak(self, item: Koppelitem, pgn_hash: bytes, plaatsen: _Plaatsen, kwitantie: Kwitantie) -> Opdracht:
        plek = stroom_van_wachtbak(self._regio, self._mbo, item.bericht.keten_id)
        opdracht = self._wachtbak.bewaar(
            item.bericht,
            item.overstapjaar,
            pgn_hash,
            self._levering.actor,
            kwitantie,
            wacht_op=plaatsen.wachtend.get(plek),
        )
        plaatsen.wachtend[plek] = pgn_hash
        return opdracht

    def _let_op_nummer(
        self, item: Koppelitem, stroom: UUID, van_nummer: Nummer, plaatsen: _Plaatsen, opdrachten: _Opdrachten
    ) -> None:
        """Replace the pupil's number when a message carries an unknown one.

        Not when it is somebody else's, or a person said, against the number, whose this aanmelding is: that is told.
        """
        plek = stroom_van_wachtbak(self._regio, self._mbo, item.bericht.keten_id)
        if van_nummer in plaatsen.nummers or self._wachtbak.met_de_hand_gekoppeld([plek]):
            opdrachten.voeg_toe(self._tegenstrijdig(stroom, van_nummer))
        else:
            opdrachten.vervangingen[opdrachten.voeg_toe(self._vervanging(item, stroom, van_nummer))] = van_nummer
            plaatsen.nummers[van_nummer] = stroom

    def _vervanging(self, item: Koppelitem, stroom: UUID, van_nummer: Nummer) -> Opdracht:
        def maak(dossier: Dossier | None) -> VervangPgn | None:
            if dossier is None or dossier.overstap.overstapjaar != item.overstapjaar:
                return None
            if dossier.overstap.soort_pgn is SoortPgn.BSN and item.soort_pgn is SoortPgn.ONDERWIJSNUMMER:
                return None  # a BSN never goes back; the message itself counts
            verzegeld = self._app.kluis.verzegel(stroom, PGN_VERVANGEN, "pgn", item.pgn)
            return VervangPgn(soort=item.soort_pgn, pgn=verzegeld, gebeurd_op=item.bericht.gebeurd_op)

        return Opdracht(
            soort=OVERSTAP,
            stroom=stroom,
            verzoek=maak,
            actor=self._levering.actor,
            aanspraken=(pgn_aanspraak(self._regio, *van_nummer, stroom),),
            correlatie=self._levering.correlatie,
        )

    def _tegenstrijdig(self, stroom: UUID, van_nummer: Nummer) -> Opdracht:
        return Opdracht(
            soort=OVERSTAP,
            stroom=stroom,
            verzoek=Waargenomen(feiten=(SignaalGegeven(signaal="pgn_tegenstrijdig", voor=Rol.REGIEBEHEERDER),)),
            actor=self._levering.actor,
            kwitantie=Kwitantie("pgn_tegenstrijdig", stroom.bytes + van_nummer[1], b""),
            correlatie=self._levering.correlatie,
        )


def _uitslag(antwoord: Resultaat, opdracht: Opdracht) -> Uitslag:
    if isinstance(antwoord, NietUniek):
        return AL_GEKOPPELD  # another process was first with this ketenId: look it up again
    if antwoord is ANDERE_INHOUD:
        return fouten.ANDER_BERICHT
    if opdracht.soort is WACHTBAK and isinstance(antwoord, Vastgelegd):
        return Regeluitkomst.WACHTBAK
    return uitslag_van(antwoord)
