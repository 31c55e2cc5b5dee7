"""What is counted over a whole region is counted once, until something changes."""

import re
from itertools import count
from uuid import UUID

from overstap.adapters.web.tellingen import Tellingen
from overstap.domain.rollen import Rol
from tests.adapters.http.deur import Deur
from tests.adapters.web.iedereen import Aanwezige
from tests.adapters.web.school import voer_op


def test_what_was_counted_holds_until_the_state_changes() -> None:
    tellingen, keer = Tellingen(), count(1)
    assert [tellingen.geef("wie", stand, lambda: next(keer)) for stand in (1, 1, 2, 2)] == [1, 1, 2, 2]


def test_another_question_is_counted_apart() -> None:
    tellingen, keer = Tellingen(), count(1)
    assert [tellingen.geef(vraag, 1, lambda: next(keer)) for vraag in ("een", "ander", "een")] == [1, 2, 1]


def test_whoever_is_entered_is_counted_at_once(deur: Deur, leerlingen: dict[str, UUID]) -> None:
    assert leerlingen
    wie = Aanwezige(deur, Rol.REGIEBEHEERDER)

    def geteld() -> int:
        gevonden = re.search(r"(\d+) leerlingen", wie.client.get("/leerlingen?volgorde=school").text)
        assert gevonden
        return int(gevonden[1])

    try:
        eerst = [geteld(), geteld()]
        voer_op(deur, "Gaai")
        assert [*eerst, geteld()] == [eerst[0], eerst[0], eerst[0] + 1]
    finally:
        wie.client.close()
