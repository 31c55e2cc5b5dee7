"""Clients of UmaDB, each in a thread of its own with a connection of its own; prints appends/s.

Runs in an environment of its own that holds nothing of ours: `python umadb_klant.py URL CLIENTS SECONDS EVENTS BYTES`.
"""

import sys
import threading
import time
from uuid import uuid4

from umadb import Client, Event  # type: ignore[import-not-found]  # installed apart, when measured


def meet(url: str, klanten: int, duur: float, feiten: int, bytes_: int) -> float:
    """Append so many events at a time, one append after the other, without a condition; give appends/s."""
    inhoud = bytes(bytes_)
    aantallen = [0] * klanten
    samen = threading.Barrier(klanten + 1)

    def klant(nummer: int) -> None:
        verbinding, stroom = Client(url), [str(uuid4())]
        verbinding.append([Event("begin", inhoud, stroom)])
        samen.wait()
        einde = time.perf_counter() + duur
        while time.perf_counter() < einde:
            verbinding.append([Event("klas-gewijzigd", inhoud, stroom, uuid4()) for _ in range(feiten)])
            aantallen[nummer] += 1

    draden = [threading.Thread(target=klant, args=(nummer,)) for nummer in range(klanten)]
    for draad in draden:
        draad.start()
    samen.wait()
    begin = time.perf_counter()
    for draad in draden:
        draad.join()
    return sum(aantallen) / (time.perf_counter() - begin)


if __name__ == "__main__":
    print(meet(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])))
