"""Know a request again by its Idempotency-Key: the receipt that goes into the log with its facts."""

import contextlib
from collections.abc import Iterator
from typing import Final

from overstap.adapters.http.problemen import Probleem
from overstap.adapters.postgres.toevoeging import Kwitantie
from overstap.adapters.vault import Hoofdsleutel, Kluis
from overstap.domain.rollen import Actor


class Kwitanties:
    """Makes receipts, and knows which of them are being worked on in this process."""

    def __init__(self, hoofdsleutel: Hoofdsleutel) -> None:
        self._kluis: Final = Kluis(hoofdsleutel, lambda _stromen: {})
        self._lopend: set[tuple[str, bytes]] = set()

    def maak(self, actor: Actor, sleutel: str, inhoud: bytes) -> Kwitantie:
        """Make the receipt of a request; key and content are kept as keyed hashes, scoped to the one who sends it."""
        client = f"http:{actor.regio}:{actor.organisatie}:{actor.account}"
        return Kwitantie(
            client, self._kluis.vingerafdruk(b"sleutel|" + sleutel.encode()), self._kluis.vingerafdruk(inhoud)
        )

    def pgn_hash(self, pgn: str) -> bytes:
        """Give the keyed hash by which the vault finds a persoonsgebonden nummer."""
        return self._kluis.pgn_hash(pgn)

    @contextlib.contextmanager
    def loopt(self, kwitantie: Kwitantie | None) -> Iterator[None]:
        """Hold a receipt, if there is one, while its request is worked on.

        Raises:
            Probleem: 409 when the same request is being worked on already.

        """
        if kwitantie is None:
            yield
            return
        wie = (kwitantie.client, kwitantie.sleutel)
        if wie in self._lopend:
            raise Probleem(
                "bezig", "Een verzoek met deze Idempotency-Key is nog onderweg.", koppen={"Retry-After": "1"}
            )
        self._lopend.add(wie)
        try:
            yield
        finally:
            self._lopend.discard(wie)
