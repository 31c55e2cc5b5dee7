"""What is counted over a whole region is counted once, until something changes."""

import asyncio
import re
from itertools import count
from uuid import UUID

import pytest

from overstap.adapters.web.regio_cijfers import neem_deel
from overstap.adapters.web.tellingen import Gelezen, Tellingen
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


def test_who_asks_while_something_is_read_waits_for_that_and_what_failed_is_read_again() -> None:
    keer = count(1)

    async def lees() -> int:
        deze = next(keer)
        await asyncio.sleep(0)
        if deze == 1:
            raise LookupError
        return deze

    async def vraag() -> list[object]:
        gelezen = Gelezen()
        eerst = await asyncio.gather(*(gelezen.geef("wie", 1, lees) for _ in range(3)), return_exceptions=True)
        daarna = await asyncio.gather(*(gelezen.geef("wie", 1, lees) for _ in range(3)))
        return [*map(type, eerst), *daarna, await gelezen.geef("wie", 2, lees)]

    assert asyncio.run(vraag()) == [LookupError, LookupError, LookupError, 2, 2, 2, 3]


def test_a_long_table_is_read_in_pages_to_its_end() -> None:
    alle, vanaf = list(range(250)), None
    gezien: list[int] = []
    for _ in range(3):
        deel, lijst = neem_deel(alle, vanaf)
        gezien += deel
        vanaf = lijst.verder
    assert (gezien, vanaf) == (alle, None)


@pytest.mark.parametrize("blad", ["/regio", "/regio/verdeling", "/regio/verslag"])
def test_whoever_is_entered_is_in_the_figures_at_once(deur: Deur, leerlingen: dict[str, UUID], blad: str) -> None:
    assert leerlingen
    wie = Aanwezige(deur, Rol.REGIEBEHEERDER)
    try:
        eerst = [_leerlingen(wie.client.get(blad).text) for _ in range(2)]
        voer_op(deur, "Vink")
        _wacht_op_cijfers(deur)
        assert [*eerst, _leerlingen(wie.client.get(blad).text)] == [eerst[0], eerst[0], eerst[0] + 1]
    finally:
        wie.client.close()


def _leerlingen(blad: str) -> int:
    gevonden = re.search(r"([0-9]+) leerlingen", re.sub(r"<[^>]*>", "", blad)) or re.search(
        r'geheel-rij">.*?rechts">([0-9]+)', blad, re.DOTALL
    )
    assert gevonden, blad[:3000]
    return int(gevonden[1])


def _wacht_op_cijfers(deur: Deur) -> None:
    laatste = deur.dienst.bus.app.log.laatste_positie()
    for beeld in ("statusperiodes", "kenmerkperiodes"):
        deur.dienst.voortgang.tot(beeld, laatste, 60)


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
