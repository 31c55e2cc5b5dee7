"""The notary: it reads on from its last checkpoint, and signs what is right.

It reads as overstap_audit, stores through functions as overstap_schrijver, and keeps two things of its own outside the
database: its key, and what it signed last. So a database that was put back is found out by the notary itself.
"""

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from overstap.adapters.bewijs import opslag
from overstap.adapters.bewijs.bewaard import Uitgegeven, lees_bewaard, uitgegeven
from overstap.adapters.bewijs.boom import Boom, Plek, toppen_van
from overstap.adapters.bewijs.fouten import NotarisWeigert
from overstap.adapters.bewijs.getekend import sleutel_voor, toets_sleutels
from overstap.adapters.bewijs.gewist import lees_gewist, stand_van_gewist
from overstap.adapters.bewijs.gewistenlijst import lijst_van, onthoud
from overstap.adapters.bewijs.koppenboom import Koppen
from overstap.adapters.bewijs.nalezen import Bevindingen, Nalezing, lees_op, lees_schakels
from overstap.adapters.bewijs.opslag import BewaardeSleutel, Getekend
from overstap.adapters.bewijs.rijen import lees_bytes
from overstap.adapters.bewijs.sleutels import Sleutel, is_ondertekend, lees_sleutel, maak_sleutel
from overstap.adapters.bewijs.teksten import (
    GEEN,
    NIETS,
    Controlepunt,
    Sleutelverklaring,
    Stand,
    TekstOngeldig,
    lees_controlepunt,
    vingerafdruk,
)
from overstap.adapters.bewijs.toegangskoppen import (
    bijgekomen,
    koppen_bij,
    koppen_nu,
    mis_met_nieuwe,
    stand_van,
)
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.logins import Login

_SLOT = 7305808869233650793  # advisory lock of the notary at work: one at a time
SLEUTEL, _VOLGENDE = "sleutel.pem", "sleutel.volgende.pem"
_NIEUW = "SELECT coalesce(max(positie), 0) FROM log.gebeurtenissen"


class Notaris:
    """Works on two connections in autocommit, and a folder of its own; for one thread."""

    def __init__(
        self,
        lezer: psycopg.Connection[Any],
        schrijver: psycopg.Connection[Any],
        map_: Path,
        klok: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._lezer, self._schrijver, self._map, self._klok = lezer, schrijver, map_, klok
        self._databank = opslag.databank_van(lezer)
        self._geheugen = map_ / f"laatste-{self._databank}.json"

    def onderteken(self) -> Uitgegeven | None:
        """Verify what was recorded since the last checkpoint and sign the whole; None when there is nothing new.

        Raises:
            NotarisWeigert: when something in the new stretch, the last checkpoint, the tree or the keys is not right.

        """
        with self._alleen():
            sleutel, verklaringen = self._sleutel()
            laatste, ervoor = self._laatste(verklaringen)
            tot, koppen = self._laatste_positie(), koppen_nu(self._lezer)
            toegang, gewisten = stand_van(koppen), lees_gewist(self._lezer, tot)
            gewist = self._gewist(gewisten, laatste)
            na = laatste.grootte if laatste else 0
            stand_ervoor = (laatste.grootte, laatste.toegang, laatste.gewist) if laatste else (0, NIETS, NIETS)
            if (tot, toegang, gewist) == stand_ervoor or not tot:
                return None
            boom, bekend = self._boom(laatste), self._koppen(laatste, koppen)
            geheel = self._lees_verder(boom, na, tot)
            punt = Controlepunt(
                databank=self._databank,
                nummer=laatste.nummer + 1 if laatste else 1,
                vorige=vingerafdruk(ervoor.tekst) if ervoor else GEEN,
                grootte=boom.grootte,
                wortel=boom.wortel(),
                tijdstip=max(self._klok(), laatste.tijdstip) if laatste else self._klok(),
                toegang=toegang,
                gewist=gewist,
                sleutel=sleutel.naam,
            )
            tekst = punt.tekst()
            nieuw = Getekend(punt.nummer, punt.grootte, tekst, sleutel.onderteken(tekst))
            verder = [(keten, *kop) for keten, kop in koppen.items() if bekend.get(keten) != kop]
            if not opslag.leg_controlepunt_vast(self._schrijver, nieuw, geheel, verder):
                raise NotarisWeigert(
                    "Iets anders dan deze notaris legt controlepunten vast. Zoek uit wat, en stop het."
                )
            uitgave = uitgegeven(nieuw, opslag.sleutels(self._lezer))
            self._onthoud(uitgave)
            onthoud(lijst_van(self._map, self._databank), gewisten)
            return uitgave

    def wissel_sleutel(self) -> Sleutel:
        """Make a new key, let the one in force say that it follows, and destroy that one.

        Raises:
            NotarisWeigert: when the key in force is not there, or the keys are not right.

        """
        with self._alleen():
            oud, verklaringen = self._sleutel()
            laatste, _ = self._laatste(verklaringen)
            nieuw = maak_sleutel(self._map / _VOLGENDE)
            vanaf = laatste.nummer + 1 if laatste else 1
            self._verklaar(nieuw, door=oud, nummer=len(verklaringen) + 1, vorige=oud.naam, vanaf=vanaf)
            (self._map / _VOLGENDE).replace(self._map / SLEUTEL)
            return nieuw

    def wachtend(self) -> int:
        """Tell how many events and lines of the log of access no checkpoint covers yet."""
        opgeslagen = opslag.controlepunt(self._lezer, None)
        if opgeslagen is None:
            return self._laatste_positie()
        return self._laatste_positie() - opgeslagen.grootte + bijgekomen(self._lezer)

    def _sleutel(self) -> tuple[Sleutel, list[Sleutelverklaring]]:
        """Give the key in force, made and declared when the database knows none yet, and all that were declared."""
        bevindingen = Bevindingen()
        bewaard = opslag.sleutels(self._lezer)
        if not bewaard:
            sleutel = maak_sleutel(self._map / SLEUTEL)
            self._verklaar(sleutel, door=sleutel, nummer=1, vorige=GEEN, vanaf=1)
            bewaard = opslag.sleutels(self._lezer)
        verklaringen = toets_sleutels(self._databank, bewaard, bevindingen)
        for bevinding in bevindingen.alle:
            raise NotarisWeigert(f"{bevinding.zin} Zoek met `overstap audit verify` uit wat er veranderd is.")
        geldig = bewaard[-1].publiek
        volgende = self._map / _VOLGENDE
        if volgende.exists() and lees_sleutel(volgende).publiek == geldig:  # a change of keys that was cut short
            volgende.replace(self._map / SLEUTEL)
        sleutel = lees_sleutel(self._map / SLEUTEL)
        if sleutel.publiek != geldig:
            raise NotarisWeigert(
                f"De sleutel in {self._map} is niet de laatste die deze database kent. Zet de juiste terug, of wijs "
                "haar map aan met OVERSTAP_NOTARISMAP."
            )
        return sleutel, verklaringen

    def _verklaar(self, sleutel: Sleutel, *, door: Sleutel, nummer: int, vorige: bytes, vanaf: int) -> None:
        verklaring = Sleutelverklaring(
            databank=self._databank, nummer=nummer, vorige=vorige, publiek=sleutel.publiek, vanaf=vanaf
        )
        tekst = verklaring.tekst()
        nieuw = BewaardeSleutel(nummer, sleutel.publiek, tekst, door.onderteken(tekst))
        if not opslag.leg_sleutel_vast(self._schrijver, nieuw):
            raise NotarisWeigert("Iets anders dan deze notaris legt sleutels vast. Zoek uit wat, en stop het.")

    def _laatste(self, verklaringen: list[Sleutelverklaring]) -> tuple[Controlepunt | None, Getekend | None]:
        """Give the last checkpoint, doubted."""
        self._vergelijk_met_geheugen()
        opgeslagen = opslag.controlepunt(self._lezer, None)
        if opgeslagen is None:
            return None, None
        try:
            punt = lees_controlepunt(opgeslagen.tekst)
        except TekstOngeldig:
            punt = None
        sleutel = sleutel_voor(opgeslagen.nummer, verklaringen)
        if (
            punt is None
            or sleutel is None
            or (punt.databank, punt.nummer, punt.grootte) != (self._databank, opgeslagen.nummer, opgeslagen.grootte)
            or not is_ondertekend(opgeslagen.tekst, opgeslagen.handtekening, sleutel.publiek)
        ):
            raise NotarisWeigert(
                f"Controlepunt {opgeslagen.nummer} is veranderd of niet van deze notaris. Zoek met `overstap audit "
                "verify` uit wat er veranderd is."
            )
        return punt, opgeslagen

    def _vergelijk_met_geheugen(self) -> None:
        if not self._geheugen.exists():
            return
        [onthouden] = lees_bewaard(self._geheugen)
        opgeslagen = opslag.controlepunt(self._lezer, onthouden.nummer)
        if opgeslagen is None or opgeslagen.tekst != onthouden.tekst:
            raise NotarisWeigert(
                f"De database heeft controlepunt {onthouden.nummer} niet meer, dat deze notaris het laatst "
                f"ondertekende: zij is teruggezet of veranderd. Zoek uit wat er weg is. Haal {self._geheugen} pas "
                "daarna weg, en meld het aan wie controlepunten bewaart: voor hen is de geschiedenis veranderd."
            )

    def _boom(self, laatste: Controlepunt | None) -> Boom:
        """Give the tree as it stood at the last checkpoint, from what is stored of it."""
        if laatste is None:
            return Boom()
        plekken = toppen_van(laatste.grootte)
        gevonden = opslag.knopen(self._lezer, plekken)
        boom = Boom(laatste.grootte, {plek.niveau: gevonden.get(plek, GEEN) for plek in plekken})
        if boom.wortel() != laatste.wortel:
            raise NotarisWeigert(
                f"De boom is niet meer die van controlepunt {laatste.nummer}: er is iets veranderd aan de boom of aan "
                "gebeurtenissen van daarvoor. Zoek met `overstap audit verify` uit wat."
            )
        return boom

    def _koppen(self, laatste: Controlepunt | None, nu: Koppen) -> Koppen:
        """Give how far the log of access was at the last checkpoint, and doubt what came since."""
        bekend = koppen_bij(self._lezer)
        if stand_van(bekend) != (laatste.toegang if laatste else NIETS):
            mis = "Wat bewaard is van de stand van het toegangslog, is niet wat het laatste controlepunt ondertekende."
        else:
            mis = mis_met_nieuwe(self._lezer, bekend, nu)
        if mis:
            raise NotarisWeigert(f"{mis} Zoek met `overstap audit verify` uit wat er veranderd is.")
        return bekend

    @staticmethod
    def _gewist(gewist: Sequence[UUID], laatste: Controlepunt | None) -> Stand:
        """Give how far the list of erased streams has come, and doubt that it goes on where it was."""
        bekend = laatste.gewist if laatste else NIETS
        if stand_van_gewist(gewist[: bekend.aantal]) != bekend:
            raise NotarisWeigert(
                "De lijst van gewiste overstappen is niet meer die van het laatste controlepunt. Zoek met `overstap "
                "audit verify` uit wat er veranderd is."
            )
        return stand_van_gewist(gewist)

    def _lees_verder(self, boom: Boom, na: int, tot: int) -> list[tuple[Plek, bytes]]:
        """Verify a stretch of the log and grow the tree by it; give the nodes that became whole."""
        bevindingen, geheel = Bevindingen(), list[tuple[Plek, bytes]]()
        nalezing = Nalezing(bevindingen, na, lees_schakels(self._lezer, na, tot), lees_op(self._lezer, na))
        for blok in lees_bytes(self._lezer, na, tot):
            geheel += boom.groei(nalezing.neem(blok))
            for bevinding in bevindingen.alle:
                raise NotarisWeigert(f"{bevinding.zin} Dit wordt niet ondertekend; zoek uit wie dit deed.")
        return geheel

    def _laatste_positie(self) -> int:
        [(positie,)] = self._lezer.execute(_NIEUW).fetchall()
        return int(positie)

    def _onthoud(self, uitgave: Uitgegeven) -> None:
        nieuw = self._geheugen.with_suffix(f".{os.getpid()}")
        nieuw.write_bytes(msgspec.json.encode(uitgave) + b"\n")
        nieuw.replace(self._geheugen)

    @contextlib.contextmanager
    def _alleen(self) -> Iterator[None]:
        self._schrijver.execute("SELECT pg_advisory_lock(%s)", (_SLOT,))
        try:
            yield
        finally:
            self._schrijver.execute("SELECT pg_advisory_unlock(%s)", (_SLOT,))


@contextlib.contextmanager
def open_notaris(databank: Databank, map_: Path) -> Iterator[Notaris]:
    """Give the notary of a database, with its folder (made when it first signs)."""
    with databank.verbind(Login.AUDIT) as lezer, databank.verbind(Login.SCHRIJVER) as schrijver:
        yield Notaris(lezer, schrijver, map_)
