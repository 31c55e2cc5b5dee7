"""The wachtbak: messages about pupils nobody entered, sealed, until somebody does."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

import msgspec

from overstap.adapters.app import App
from overstap.adapters.koppelingen.levering import keten_aanspraak, koppeling_van
from overstap.adapters.opdracht import Ongewijzigd, Opdracht, Vastgelegd
from overstap.adapters.postgres.toevoeging import Kwitantie, Vrijgave, Wachtbakrij
from overstap.adapters.stroomsoorten import OVERSTAP, WACHTBAK, Waargenomen
from overstap.adapters.vault import naam_van_soort
from overstap.domain.feiten.wachtbak import WachtbakBerichtOntvangen, WachtbakItemGekoppeld
from overstap.domain.rollen import Actor, Rol
from overstap.domain.stromen import stroom_van_wachtbak
from overstap.domain.verzoeken import VerwerkKoppelbericht
from overstap.domain.wachtbak import WachtbakItem
from overstap.domain.weigering import Weigering, weiger

AL_GEKOPPELD = weiger("al_gekoppeld", "Dit item is al bij een leerling gevoegd.")
VERVALLEN = weiger("onbekende_leerling", "Deze leerling is hier niet bekend.", "Het item in de wachtbak is vervallen.")
ONTVANGEN = naam_van_soort(WachtbakBerichtOntvangen)
_lees = msgspec.json.Decoder(VerwerkKoppelbericht)
_schrijf = msgspec.json.Encoder()


class Wachtbak:
    """Keeps messages aside, and sends them on once their pupil is known; correlatie is that of the delivery."""

    def __init__(self, app: App, correlatie: UUID) -> None:
        self._app = app
        self._correlatie = correlatie

    def bewaar(  # noqa: PLR0913  # a message, who sent it, and where it waits
        self,
        bericht: VerwerkKoppelbericht,
        overstapjaar: int,
        pgn_hash: bytes,
        actor: Actor,
        kwitantie: Kwitantie,
        *,
        wacht_op: bytes | None,
    ) -> Opdracht:
        """Make the request that keeps one message; wacht_op is the hash its item waits for already, None: no item.

        It is refused with AL_GEKOPPELD when the item went to its pupil meanwhile: the message must follow it.
        """
        brin, regio = actor.organisatie, actor.regio
        item = stroom_van_wachtbak(regio, brin, bericht.keten_id)

        def maak(staat: WachtbakItem | None) -> Waargenomen | Weigering | None:
            if staat is not None and not staat.wacht:
                return AL_GEKOPPELD if staat.overstap else VERVALLEN
            if staat is not None and bericht.volgnummer in staat.berichten:
                return None
            verzegeld = self._app.kluis.verzegel(item, ONTVANGEN, "bericht", _schrijf.encode(bericht).decode())
            ontvangen = WachtbakBerichtOntvangen(
                brin=brin,
                keten_id=bericht.keten_id,
                volgnummer=bericht.volgnummer,
                overstapjaar=overstapjaar,
                bericht=verzegeld,
            )
            return Waargenomen(feiten=(ontvangen,))

        is_bekend = wacht_op == pgn_hash
        return Opdracht(
            soort=WACHTBAK,
            stroom=item,
            verzoek=maak,
            actor=actor,
            kwitantie=kwitantie,
            wachtbak=() if is_bekend else (Wachtbakrij(regio, overstapjaar, pgn_hash, item),),
            vrijgaven=() if is_bekend else (Vrijgave("wachtbak", item),),
            correlatie=self._correlatie,
        )

    def koppel_bij_pgn(self, regio: str, overstapjaar: int, hashes: Collection[bytes]) -> set[UUID]:
        """Send on what waits for those of these persoonsgebonden nummers (keyed hashes) that have an overstap."""
        wachtend = self._app.opzoeker.wachtbak_bij_pgn(regio, overstapjaar, hashes)
        if not wachtend:
            return set()
        stromen = self._app.opzoeker.overstappen_bij_pgn(regio, overstapjaar, set(wachtend.values()))
        return self.koppel({item: stromen[een] for item, een in wachtend.items() if een in stromen}, regio)

    def koppel(
        self,
        overstappen: Mapping[UUID, UUID],
        regio: str,
        door: Actor | None = None,
        kwitantie: Kwitantie | None = None,
    ) -> set[UUID]:
        """Send the messages of items on to overstappen, in order of volgnummer, and close the items; give those.

        door is who said whose they are, kwitantie the receipt of that request; None when the number itself did.
        First the messages, then, when all are durable, the end of the item and of its key: whatever happens in between,
        nothing is lost, and the next delivery about the pupil finishes it. An item whose messages are refused stays.
        """
        app = self._app
        if not overstappen:
            return set()
        app.kluis.laad(overstappen)
        items: dict[UUID, WachtbakItem] = {
            item: staat for item, staat in app.bus.staten(WACHTBAK, overstappen).items() if staat and staat.wacht
        }
        berichten = [
            (item, opdracht)
            for item, staat in items.items()
            for opdracht in self._berichten(item, staat, overstappen[item], regio)
        ]
        antwoorden = app.bus.verwerk([opdracht for _, opdracht in berichten])
        mislukt = {
            item
            for (item, _), antwoord in zip(berichten, antwoorden, strict=True)
            if not isinstance(antwoord, Vastgelegd | Ongewijzigd)
        }
        klaar = items.keys() - mislukt
        app.bus.verwerk(
            [
                self._sluiting(
                    item, items[item], overstappen[item], door or koppeling_van(regio, items[item].brin), kwitantie
                )
                for item in klaar
            ]
        )
        return klaar

    def met_de_hand_gekoppeld(self, items: Collection[UUID]) -> set[UUID]:
        """Give the items of which a person, not the number they carry, said whose they are."""
        return {
            item
            for item, gebeurtenissen in (self._app.log.laad(items) if items else {}).items()
            if any(
                isinstance(een.feit, WachtbakItemGekoppeld) and een.rol is not Rol.KOPPELING for een in gebeurtenissen
            )
        }

    def _berichten(self, item: UUID, staat: WachtbakItem, overstap: UUID, regio: str) -> Iterable[Opdracht]:
        for verzegeld in staat.berichten.values():
            bericht = self._app.kluis.open(item, ONTVANGEN, "bericht", verzegeld)
            if bericht is None:
                continue  # erased while it waited
            yield Opdracht(
                soort=OVERSTAP,
                stroom=overstap,
                verzoek=_lees.decode(bericht),
                actor=koppeling_van(regio, staat.brin),
                aanspraken=(keten_aanspraak(regio, staat.keten_id, overstap),),
                correlatie=self._correlatie,
            )

    def _sluiting(
        self, item: UUID, staat: WachtbakItem, overstap: UUID, door: Actor, kwitantie: Kwitantie | None
    ) -> Opdracht:
        def maak(nu: WachtbakItem) -> Waargenomen | None:
            is_alles_gestuurd = nu.wacht and nu.berichten.keys() == staat.berichten.keys()
            return Waargenomen(feiten=(WachtbakItemGekoppeld(overstap=overstap),)) if is_alles_gestuurd else None

        return Opdracht(
            soort=WACHTBAK,
            stroom=item,
            verzoek=maak,
            actor=door,
            kwitantie=kwitantie,
            vrijgaven=(Vrijgave("wachtbak", item), Vrijgave("datasleutel", item)),
            correlatie=self._correlatie,
        )
