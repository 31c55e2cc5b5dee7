"""What leaves over a connection in one turn of the event loop leaves together."""

import asyncio

from overstap.adapters.http.samen import Samen


class Lijn(asyncio.Transport):
    """A transport that keeps what was written."""

    def __init__(self) -> None:
        super().__init__()
        self.geschreven: list[bytes] = []
        self.dicht = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.geschreven.append(bytes(data))

    def close(self) -> None:
        self.dicht = True

    def is_closing(self) -> bool:
        return self.dicht


def test_a_head_and_its_body_are_one_write() -> None:
    async def schrijf() -> list[bytes]:
        lijn = Lijn()
        samen = Samen(lijn, asyncio.get_running_loop())
        for deel in (b"kop ", b"inhoud"):
            samen.write(deel)
        assert not lijn.geschreven
        await asyncio.sleep(0)
        samen.write(b"later")
        await asyncio.sleep(0)
        return lijn.geschreven

    assert asyncio.run(schrijf()) == [b"kop inhoud", b"later"]


def test_what_was_written_goes_before_the_end_and_nothing_after_it() -> None:
    async def schrijf() -> tuple[list[bytes], bool]:
        lijn = Lijn()
        samen = Samen(lijn, asyncio.get_running_loop())
        samen.write(b"laatste")
        samen.close()
        samen.write(b"te laat")
        await asyncio.sleep(0)
        return lijn.geschreven, samen.is_closing()

    assert asyncio.run(schrijf()) == ([b"laatste"], True)
