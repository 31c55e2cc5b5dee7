"""One reader of the live feed: which events that come by are his, told in memory, exactly as row security does."""

from collections.abc import Collection
from datetime import date
from typing import Final, get_args

import msgspec

from overstap.adapters.http.nieuws import Nieuws
from overstap.adapters.postgres.gezien import Filter
from overstap.domain.feiten import FeitVanAanmelding, FeitVanOverstap, Vorm
from overstap.domain.feiten import organisatie as org
from overstap.domain.rollen import Actor
from overstap.statemachine.feitzicht import Feitzicht, eigen_stroom, feitzicht, ziet_feit
from overstap.statemachine.reikwijdte import bestaat_voor

VAN_EEN_LEERLING: Final = frozenset(get_args(FeitVanOverstap | FeitVanAanmelding))


class Kijker:
    """Who reads, and what he asked for; his rights change when a fact about his role comes by.

    Readers of one kring see the same: it holds all of them that is asked, and no account.
    """

    def __init__(self, actor: Actor, filter_: Filter) -> None:
        self._filter = filter_
        self._wordt(actor)
        self.stroom = eigen_stroom(actor)
        self._zichten: dict[type[Vorm], Feitzicht | None] = {}

    def _wordt(self, actor: Actor) -> None:
        self.actor = actor
        self.kring = (actor.regio, actor.rol, actor.organisatie, actor.vestiging, actor.klas, self._filter)

    def ziet(self, een: Nieuws, vandaag: date, scholen: Collection[str]) -> bool:
        """Tell whether an event is his; scholen are those of his samenwerkingsverband."""
        wat = een.gebeurtenis
        if not self._filter.past(een.feit, wat.originator_id, wat.organisatie):
            return False
        soort = type(wat.feit)
        if soort not in self._zichten:
            self._zichten[soort] = feitzicht(self.actor.rol, soort)
        zicht = self._zichten[soort]
        if zicht is None:
            return False
        if soort in VAN_EEN_LEERLING and (
            een.reikwijdte is None or not bestaat_voor(self.actor, een.reikwijdte, vandaag, scholen)
        ):
            return False
        return ziet_feit(self.actor, wat, zicht, een.reikwijdte)

    def schrijf(self, een: Nieuws) -> bytes:
        """Give an event as it goes out to him."""
        zicht = self._zichten[type(een.gebeurtenis.feit)]
        if zicht is None:
            raise AssertionError("an event that he does not see is not written")
        return een.voor(self.actor.rol, zicht)

    def hoort(self, een: Nieuws) -> bool:
        """Take in a fact about his own role; tell whether he may go on."""
        wat = een.gebeurtenis
        if wat.originator_id != self.stroom:
            return True
        match wat.feit:
            case org.RolToegekend(account=self.actor.account, rol=self.actor.rol) as feit:
                self._wordt(msgspec.structs.replace(self.actor, vestiging=feit.vestiging, klas=feit.klas))
            case org.RolIngetrokken(account=self.actor.account, rol=self.actor.rol):
                return False
            case _:
                pass
        return True
