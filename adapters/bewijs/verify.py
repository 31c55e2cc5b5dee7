"""Verify an export or a proof of an Overstap log, without Overstap and without its database.

    python verify.py EXPORT [--tegen KEPT]        a folder made by `overstap audit export`
    python verify.py PROOF.json [--tegen KEPT]    one event or two checkpoints: `overstap audit proof`, `consistency`

KEPT is a file with checkpoints that you kept, one a line. Needs Python 3.11 and the package cryptography, and
nothing else of Overstap: copy this one file. docs/audit-format.md describes every byte that it computes.
It says what it found in Dutch. Exit code 0: all is right, 1: something is not, 2: it cannot read what it was given.
"""

import argparse
import binascii
import json
import struct
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Rij = dict[str, Any]  # an object of JSON, or the parts of a signed text
Meld = Callable[[str], object]  # takes a sentence that says what was found, and where

NUL, LEEG = bytes(32), sha256().digest()
BEWAARD_VANAF = 5  # the tree's nodes are exported from this level up
GROOTSTE_GAT = 1_000_000  # missing events whose places are kept in the tree
HOOGSTENS_GENOEMD = 100
UUID, BIGINT, TEXT, TEKSTEN, BYTEA, TIMESTAMPTZ = 2950, 20, 25, 1009, 17, 1184  # PostgreSQL's numbers of these types
KETEN = {  # the columns that the hash of an event covers, in this order
    "originator_id": UUID, "originator_version": BIGINT, "topic": TEXT, "state": BYTEA, "regio": TEXT,
    "gebeurd_op": TIMESTAMPTZ, "actor": TEXT, "rol": TEXT, "organisatie": TEXT, "correlatie": UUID, "oorzaak": TEXT,
    "procedure": TEXT,
}  # fmt: skip
EIGEN = {"originator_version", "topic", "state", "oorzaak"}  # the event's own; the other columns are its origin
TOEGANG = {  # those of a line of the log of access; of its own hash the place alone, empty
    "keten": UUID, "nummer": BIGINT, "op": TIMESTAMPTZ, "regio": TEXT, "account": TEXT, "rol": TEXT,
    "organisatie": TEXT, "overstap": UUID, "handeling": TEXT, "onderwerp": TEXT, "velden": TEKSTEN, "reden": TEXT,
    "uitkomst": TEXT, "herkomst": TEXT, "spoor": TEXT, "hash": BYTEA,
}  # fmt: skip
KOLOMMEN = {"positie", "vastgelegd_op", "hash", *KETEN}
CONTROLEPUNT = ["databank", "nummer", "vorige", "grootte", "wortel", "tijdstip", "toegang", "gewist", "sleutel"]
SLEUTEL = ["databank", "nummer", "vorige", "publiek", "vanaf"]
KOPPEN = {len(CONTROLEPUNT): "overstap controlepunt v1", len(SLEUTEL): "overstap notarissleutel v1"}
ONLEESBAAR = (KeyError, TypeError, ValueError, AttributeError, struct.error)
GEEN_SCHAKEL = "past niet bij haar hash: haar inhoud, haar hash of wat er in haar stroom aan voorafging is veranderd."


def lijst(teksten: list[str]) -> bytes:
    """Give an array of texts as PostgreSQL sends it: dimensions, NULLs, type, length, lowest index, values."""
    if not teksten:
        return struct.pack("!iii", 0, 0, TEXT)
    inhouden = [tekst.encode() for tekst in teksten]
    kop = struct.pack("!iiiii", 1, 0, TEXT, len(inhouden), 1)
    return kop + b"".join(len(inhoud).to_bytes(4, "big") + inhoud for inhoud in inhouden)


NAAR_BYTES: dict[int, Callable[[Any], bytes]] = {
    UUID: lambda waarde: bytes.fromhex(waarde.replace("-", "")),
    BIGINT: struct.Struct("!q").pack,
    TEXT: str.encode,
    TEKSTEN: lijst,
    BYTEA: lambda waarde: binascii.a2b_base64(waarde, strict_mode=True),
    TIMESTAMPTZ: struct.Struct("!q").pack,
}
Velden = list[tuple[str, Callable[[Any], bytes], bytes]]
VELDEN, TOEGANGSVELDEN = (
    [(naam, NAAR_BYTES[soort], soort.to_bytes(4, "big")) for naam, soort in kolommen.items()]
    for kolommen in (KETEN, TOEGANG)
)
HERKOMST, EIGEN_DEEL = ([veld for veld in VELDEN if (veld[0] in EIGEN) is eigen] for eigen in (False, True))


def canoniek(rij: Rij, velden: Velden) -> bytes:
    """Give the bytes that a hash covers: of each column its type, length (-1: NULL) and value."""
    delen = [struct.pack("!i", len(velden))]
    for naam, naar_bytes, soort in velden:
        if (waarde := rij[naam]) is None:
            delen += (soort, b"\xff\xff\xff\xff")
        else:
            inhoud = naar_bytes(waarde)
            delen += (soort, len(inhoud).to_bytes(4, "big"), inhoud)
    return b"".join(delen)


def past(vorige: bytes, rij: Rij) -> bool:
    """Tell whether the hash of an event is that of the link before it and its columns, in the form of now or before."""
    hash_, herkomst = bytes.fromhex(rij["hash"]), sha512(canoniek(rij, HERKOMST)).digest()[:32]
    is_van_nu = sha512(vorige + herkomst + canoniek(rij, EIGEN_DEEL)).digest()[:32] == hash_
    return is_van_nu or sha256(vorige + canoniek(rij, VELDEN)).digest() == hash_


def blad(rij: Rij) -> bytes:
    """Give the leaf of an event."""
    kop = struct.pack("!qq", rij["positie"], rij["vastgelegd_op"])
    return sha256(b"\x00" + kop + bytes.fromhex(rij["hash"])).digest()


def knoop(links: bytes, rechts: bytes) -> bytes:
    """Give the node above two others."""
    return sha256(b"\x01" + links + rechts).digest()


class Boom:
    """A Merkle tree (RFC 9162) to which leaves are added; it remembers the tops of whole subtrees."""

    def __init__(self, bij_knoop: Callable[[int, int, bytes], None] = lambda *_: None) -> None:
        self.grootte, self.bij_knoop = 0, bij_knoop
        self.toppen: list[bytes] = []

    def voeg_toe(self, hash_: bytes) -> None:
        """Add a leaf, and tell bij_knoop (niveau, nummer, hash) which nodes became whole."""
        niveau, nummer = 0, self.grootte
        self.grootte += 1
        while nummer & 1:
            hash_ = knoop(self.toppen.pop(), hash_)
            niveau, nummer = niveau + 1, nummer >> 1
            if niveau >= BEWAARD_VANAF:
                self.bij_knoop(niveau, nummer, hash_)
        self.toppen.append(hash_)

    def wortel(self) -> bytes:
        """Give the root."""
        return reduce(lambda wortel, top: knoop(top, wortel), reversed(self.toppen)) if self.toppen else LEEG


def wortel_uit_inclusie(nummer: int, grootte: int, hash_: bytes, pad: list[bytes]) -> bytes:
    """Compute the root of a tree from one leaf (numbered from 0) and its path: RFC 9162, 2.1.3."""
    if grootte == 1 and not pad:
        return hash_
    *onder, naast = pad
    links = 1 << (grootte - 1).bit_length() - 1  # the largest power of two below it
    if nummer < links:
        return knoop(wortel_uit_inclusie(nummer, links, hash_, onder), naast)
    return knoop(naast, wortel_uit_inclusie(nummer - links, grootte - links, hash_, onder))


def wortels_uit_samenhang(oud: int, nieuw: int, bekend: bytes | None, pad: list[bytes]) -> tuple[bytes, bytes]:
    """Compute the roots of a tree at two sizes from their path, and the old one while it is known: RFC 9162, 2.1.4."""
    hashes = pad if bekend is None else [bekend, *pad]
    if oud == nieuw and len(hashes) == 1:
        return hashes[0], hashes[0]
    *onder, naast = pad
    links = 1 << (nieuw - 1).bit_length() - 1
    if oud <= links:
        oude, nieuwe = wortels_uit_samenhang(oud, links, bekend, onder)
        return oude, knoop(nieuwe, naast)
    oude, nieuwe = wortels_uit_samenhang(oud - links, nieuw - links, None, onder)
    return knoop(naast, oude), knoop(naast, nieuwe)


def is_ondertekend(rij: Rij, publiek: str) -> bool:
    """Tell whether the signature is that of this key under the text."""
    try:
        sleutel = Ed25519PublicKey.from_public_bytes(bytes.fromhex(publiek))
        sleutel.verify(bytes.fromhex(rij["handtekening"]), rij["tekst"].encode())
    except (InvalidSignature, *ONLEESBAAR):
        return False
    return True


def lees_tekst(tekst: str, namen: list[str]) -> Rij:
    """Read a signed text as a dict; its counts become numbers, `toegang` and `gewist` a count and a root."""
    eerste, *regels, leeg = tekst.split("\n")
    delen: Rij = dict(regel.split(" ", 1) for regel in regels)
    if (eerste, leeg) != (KOPPEN[len(namen)], "") or list(delen) != namen or len(regels) != len(namen):
        raise ValueError
    for naam in delen.keys() & {"nummer", "grootte", "vanaf"}:
        delen[naam] = int(delen[naam])
    for naam in delen.keys() & {"toegang", "gewist"}:
        aantal, wortel = delen[naam].split(" ")
        delen[naam] = (int(aantal), wortel)
    return delen


def toets_sleutels(rijen: Iterable[Rij], databank: str, meld: Meld) -> list[Rij]:
    """Check that each key was made the notary's by the one before it, and the first by itself; give them in order."""
    goed: list[Rij] = []
    for plaats, rij in enumerate(rijen, 1):
        try:
            sleutel = lees_tekst(rij["tekst"], SLEUTEL)
            sleutel["naam"] = sha256(bytes.fromhex(sleutel["publiek"])).hexdigest()
            ervoor = goed[-1] if goed else {"naam": NUL.hex(), "publiek": sleutel["publiek"], "vanaf": 1}
            plek = (sleutel["databank"], sleutel["nummer"], sleutel["vorige"], rij["nummer"], rij["publiek"])
            klopt = plek == (databank, plaats, ervoor["naam"], plaats, sleutel["publiek"])
            klopt = klopt and sleutel["vanaf"] >= ervoor["vanaf"] and is_ondertekend(rij, ervoor["publiek"])
        except ONLEESBAAR:
            klopt, sleutel = False, {}
        if not klopt:
            meld(f"Notarissleutel {plaats}: veranderd, of niet door de sleutel ervoor aangewezen.")
            return goed  # nothing says whose the ones after it are
        goed.append(sleutel)
    return goed


def toets_controlepunten(rijen: Iterable[Rij], sleutels: list[Rij], databank: str, meld: Meld) -> list[Rij]:
    """Check that the checkpoints follow each other, each signed by the key in force; give the right ones."""
    goed: list[Rij] = []
    vorige = NUL.hex()
    for plaats, rij in enumerate(rijen, 1):
        try:
            punt = {**lees_tekst(rij["tekst"], CONTROLEPUNT), "tekst": rij["tekst"]}
            sleutel = [sleutel for sleutel in sleutels if sleutel["vanaf"] <= punt["nummer"]][-1]
            ervoor = goed[-1] if goed else punt
            plek = (punt["databank"], punt["nummer"], rij["nummer"], punt["vorige"])
            is_verder = punt["grootte"] >= ervoor["grootte"] and punt["tijdstip"] >= ervoor["tijdstip"]
            if sleutel["naam"] != punt["sleutel"] or not is_ondertekend(rij, sleutel["publiek"]):
                mis = "niet ondertekend met de sleutel die toen gold; hij is veranderd of niet van de notaris"
            elif plek != (databank, plaats, plaats, vorige) or not is_verder:
                mis = "hij volgt niet op het controlepunt ervoor; er is er een weg of verwisseld"
            else:
                mis = ""
                goed.append(punt)
            vorige = sha256(rij["tekst"].encode()).hexdigest()
        except (IndexError, *ONLEESBAAR):
            mis = "niet te lezen, of van voor de eerste sleutel"
        if mis:
            meld(f"Controlepunt {plaats}: {mis}.")
    return goed


def toets_bewaarde(rijen: Iterable[Rij], sleutels: list[Rij], punten: list[Rij], meld: Meld) -> list[Rij]:
    """Check the checkpoints that were kept by themselves and against those of the export; give them."""
    bekend = {sleutel["publiek"] for sleutel in sleutels}
    teksten = {punt["tekst"] for punt in punten}
    goed = [lees_los(rij, "Het bewaarde controlepunt", meld) for rij in rijen]
    for punt in goed:
        if punt["publiek"] not in bekend:
            meld(f"Bewaard controlepunt {punt['nummer']} is getekend met een sleutel die hier niet bij hoort.")
        if punt["tekst"] not in teksten:
            meld(f"Bewaard controlepunt {punt['nummer']} zit niet, of anders, in de export.")
    return goed


def lees_los(rij: Rij, wie: str, meld: Meld) -> Rij:
    """Read a checkpoint that brings its own public key, and check that this key signed it."""
    if not is_ondertekend(rij, rij["publiek"]):
        meld(f"{wie} is niet goed ondertekend.")
    return {**lees_tekst(rij["tekst"], CONTROLEPUNT), "publiek": rij["publiek"], "tekst": rij["tekst"]}


def lees_regels(pad: Path) -> Iterator[Any]:
    """Read a file of one JSON value a line; None for what is no JSON: whoever takes it says that it cannot be read."""
    with pad.open("rb") as bestand:
        for regel in bestand:
            try:
                yield json.loads(regel.decode())
            except ValueError:
                yield None


class Export:
    """One pass over the events of an export: order, chains and tree."""

    def __init__(self, map_: Path, meld: Meld) -> None:
        self.map, self.meld = map_, meld
        self.gelezen = self.laatste = self.tot = 0
        self.toegang = Toegang(map_, meld)
        self.vorig_op = -(2**63)
        self.stromen: dict[str, tuple[int, bytes]] = {}
        self.boom = Boom(self.vergelijk_knoop)
        self.knopen: dict[tuple[int, int], bytes] = {}
        self.vreemd: set[tuple[int, int]] = set()
        self.wortels: dict[int, str] = {}

    def toets(self, bewaarde: Iterable[Rij]) -> tuple[list[Rij], list[Rij]]:
        """Check everything; give the checkpoints of the export and those that were kept."""
        inhoud = json.loads((self.map / "export.json").read_bytes())
        sleutels = toets_sleutels(lees_regels(self.map / "sleutels.ndjson"), inhoud["databank"], self.meld)
        rijen = list(lees_regels(self.map / "controlepunten.ndjson"))
        punten = toets_controlepunten(rijen, sleutels, inhoud["databank"], self.meld)
        kept = toets_bewaarde(bewaarde, sleutels, punten, self.meld)
        self.tot = max((punt["grootte"] for punt in punten), default=0)
        self.wortels = {punt["grootte"]: "" for punt in (*punten, *kept)}
        knopen = lees_regels(self.map / "boom.ndjson")
        self.knopen = {(rij["niveau"], rij["nummer"]): bytes.fromhex(rij["hash"]) for rij in knopen}
        for rij in lees_regels(self.map / "gebeurtenissen.ndjson"):
            self.neem(rij)
        for niveau, nummer in self.knopen:
            self.meld(f"De boom heeft een knoop ({niveau}, {nummer}) waar de gebeurtenissen niet komen.")
        self.toets_wortels("controlepunt", punten)
        self.toets_wortels("bewaard controlepunt", kept)
        self.toets_gewist(punten)
        self.toegang.toets(punten, inhoud)
        if (self.gelezen, len(rijen)) != (inhoud["gebeurtenissen"], inhoud["controlepunten"]):
            self.meld("De export heeft niet zoveel gebeurtenissen of controlepunten als export.json zegt.")
        return punten, kept

    def neem(self, rij: Rij) -> None:
        """Check one event: its hash, its place in its stream, its time, its place in the log."""
        self.gelezen += 1
        try:
            positie, stroom, versie = rij["positie"], rij["originator_id"], rij["originator_version"]
            vorige_versie, schakel = self.stromen.get(stroom, (-1, NUL))
            hash_, is_goed, leaf = bytes.fromhex(rij["hash"]), past(schakel, rij), blad(rij)
        except ONLEESBAAR:
            self.meld(f"Positie {self.laatste + 1}: deze gebeurtenis (regel {self.gelezen}) is niet te lezen.")
            return
        if not is_goed:
            self.meld(f"Positie {positie}: {GEEN_SCHAKEL}")
        if versie != max(vorige_versie, 0) + 1 and (rij["regio"] is not None or versie <= vorige_versie):
            self.meld(f"Positie {positie}: versie {versie} volgt in haar stroom niet op {max(vorige_versie, 0)}.")
        self.stromen[stroom] = (versie, hash_)
        if rij["vastgelegd_op"] < self.vorig_op:
            self.meld(f"Positie {positie}: eerder vastgelegd dan de positie ervoor.")
        self.vorig_op = rij["vastgelegd_op"]
        self.plaats(positie, leaf)

    def plaats(self, positie: int, leaf: bytes) -> None:
        """Put a leaf where its position says; missing ones get an empty place, so that what follows keeps its own."""
        gat = positie - self.laatste - 1
        if gat < 0:
            self.meld(f"Positie {positie}: hoort hier niet, zij is dubbel of te laag.")
            return
        if gat:
            self.meld(f"Positie {self.laatste + 1} tot en met {positie - 1}: ontbreekt.")
        if gat <= GROOTSTE_GAT:
            for hash_ in (*[NUL] * gat, leaf):
                self.boom.voeg_toe(hash_)
                if self.boom.grootte in self.wortels:
                    self.wortels[self.boom.grootte] = self.boom.wortel().hex()
            self.laatste = positie

    def vergelijk_knoop(self, niveau: int, nummer: int, hash_: bytes) -> None:
        """Name the smallest part of the tree that is not what the export's nodes say."""
        begin, eind = (nummer << niveau) + 1, nummer + 1 << niveau
        bewaard = self.knopen.pop((niveau, nummer), None)
        if bewaard == hash_ or (bewaard is None and eind > self.tot):
            return
        if not self.vreemd & {(niveau - 1, 2 * nummer), (niveau - 1, 2 * nummer + 1)}:
            self.meld(f"Positie {begin} tot en met {eind}: de gebeurtenissen en de boom spreken elkaar tegen.")
        self.vreemd.add((niveau, nummer))

    def toets_wortels(self, wie: str, punten: list[Rij]) -> None:
        """Name the first checkpoint that saw another log, and between which positions the difference begins."""
        gelijk, grootte = 0, self.boom.grootte
        for punt in sorted(punten, key=lambda punt: int(punt["grootte"])):
            if punt["grootte"] > grootte:
                waar, wat = f"{grootte + 1} tot en met {punt['grootte']}", "ontbreekt; het eind is eraf, naar"
            elif self.wortels[punt["grootte"]] != punt["wortel"]:
                waar, wat = f"{gelijk + 1} tot en met {punt['grootte']}", "hier staat iets anders dan"
            else:
                gelijk = punt["grootte"]
                continue
            self.meld(f"Positie {waar}: {wat} {wie} {punt['nummer']} zag.")
            return

    def toets_gewist(self, punten: list[Rij]) -> None:
        """Hold the list of erased streams against what each checkpoint saw of it."""
        boom, wortels = Boom(), [Boom().wortel().hex()]
        for stroom in lees_regels(self.map / "gewist.ndjson"):
            boom.voeg_toe(sha256(b"\x00" + NAAR_BYTES[UUID](stroom)).digest())
            wortels.append(boom.wortel().hex())
        for punt in punten:
            aantal, wortel = punt["gewist"]
            if wortel not in wortels[aantal : aantal + 1]:
                self.meld(f"Controlepunt {punt['nummer']} zag een andere lijst van gewiste overstappen.")


class Koppenboom:
    """The tree over the last lines of all writers: few of them move on from one checkpoint to the next."""

    def __init__(self) -> None:
        self.ketens: list[bytes] = []
        self.nummers: dict[bytes, int] = {}
        self.lagen: list[list[bytes]] = [[]]

    def zet(self, keten: bytes, nummer: int, hash_: bytes) -> None:
        """Put a writer's last line in its place, and compute what stands above it (and, of a new one, to its right)."""
        begin = bisect_left(self.ketens, keten)
        if keten not in self.nummers:
            self.ketens.insert(begin, keten)
            self.lagen[0].insert(begin, b"")
        eind = begin + 1 if keten in self.nummers else len(self.ketens)
        self.nummers[keten] = nummer
        self.lagen[0][begin] = sha256(b"\x00" + keten + struct.pack("!q", nummer) + hash_).digest()
        niveau = 0
        while len(onder := self.lagen[niveau]) > 1:
            begin, eind, niveau = begin // 2, (eind + 1) // 2, niveau + 1
            paren = (onder[plek : plek + 2] for plek in range(2 * begin, 2 * eind, 2))
            self.lagen[niveau:] = self.lagen[niveau:] or [[]]
            self.lagen[niveau][begin:eind] = [knoop(*paar) if len(paar) > 1 else paar[0] for paar in paren]

    def stand(self) -> tuple[int, str]:
        """Give what a checkpoint signs of it: how many lines, and the root."""
        return sum(self.nummers.values()), (self.lagen[-1] or [LEEG])[0].hex()


class Toegang:
    """The log of access: the last line of each writer under each checkpoint, and all of them when they are there."""

    def __init__(self, map_: Path, meld: Meld) -> None:
        self.map, self.meld = map_, meld
        self.regels: int | None = None  # None: they are not in the export
        self.koppen: dict[tuple[str, int], str] = {}

    def toets(self, punten: list[Rij], inhoud: Rij) -> None:
        """Hold the writers' last lines against what each checkpoint signed, and the lines against these."""
        per_punt: dict[int, list[Rij]] = {}
        for kop in lees_regels(self.map / "toegangskoppen.ndjson"):
            per_punt.setdefault(kop["controlepunt"], []).append(kop)
            self.koppen[kop["keten"], kop["nummer"]] = kop["hash"]
        if (sum(map(len, per_punt.values()))) != inhoud["toegangskoppen"]:
            self.meld("De export heeft niet zoveel koppen van het toegangslog als export.json zegt.")
        boom = Koppenboom()
        for punt in punten:
            for kop in per_punt.pop(punt["nummer"], ()):
                boom.zet(NAAR_BYTES[UUID](kop["keten"]), kop["nummer"], bytes.fromhex(kop["hash"]))
            if boom.stand() != punt["toegang"]:
                self.meld(
                    f"Controlepunt {punt['nummer']} zag een andere stand van het toegangslog dan de export ervan heeft."
                )
                break
        if inhoud["toegangsregels"] is not None:
            self.regels = self.toets_regels()
            if self.regels != inhoud["toegangsregels"]:
                self.meld("De export heeft niet zoveel regels van het toegangslog als export.json zegt.")

    def toets_regels(self) -> int:
        """Compute each writer's chain again, and say whether it has the lines that checkpoints saw; give how many."""
        aantal, schakels = 0, dict[str, tuple[int, bytes]]()
        for aantal, rij in enumerate(lees_regels(self.map / "toegangslog.ndjson"), 1):
            try:
                keten, nummer, hash_ = rij["keten"], rij["nummer"], bytes.fromhex(rij["hash"])
                inhoud = canoniek({**rij, "hash": None}, TOEGANGSVELDEN)
            except ONLEESBAAR:
                self.meld(f"Toegangslog: de regel op plaats {aantal} van het bestand is niet te lezen.")
                continue
            ervoor, schakel = schakels.get(keten, (0, NUL))
            gezien = self.koppen.pop((keten, nummer), rij["hash"])
            if (nummer, sha256(schakel + inhoud).digest()) != (ervoor + 1, hash_):
                mis = "is veranderd, of er ontbreekt er een voor haar"
            elif gezien != rij["hash"]:
                mis = "is niet die van een controlepunt"
            else:
                mis = ""
            if mis:
                self.meld(f"Toegangslog: regel {nummer} van schrijver {keten} {mis}.")
            schakels[keten] = (nummer, hash_)
        for keten, nummer in self.koppen:
            self.meld(f"Toegangslog: regel {nummer} van schrijver {keten} ontbreekt; een controlepunt zag haar.")
        return aantal


def toets_inclusie(bewijs: Rij, meld: Meld) -> tuple[str, list[Rij]]:
    """Check that an event is in the log of a checkpoint; say what it is about."""
    rij, punt = bewijs["gebeurtenis"], lees_los(bewijs["controlepunt"], "Het controlepunt", meld)
    plek = f"Positie {rij['positie']}:"
    if not past(bytes.fromhex(bewijs["schakel"]), rij):
        meld(f"{plek} {GEEN_SCHAKEL}")
    pad = [bytes.fromhex(stap) for stap in bewijs["pad"]]
    wortel = wortel_uit_inclusie(rij["positie"] - 1, punt["grootte"], blad(rij), pad)
    if wortel.hex() != punt["wortel"] or not 1 <= rij["positie"] <= punt["grootte"]:
        meld(f"{plek} deze gebeurtenis zit niet zo in het log van controlepunt {punt['nummer']}.")
    return f"Het bewijs gaat over positie {rij['positie']} en controlepunt {punt['nummer']}.", [punt]


def toets_samenhang(bewijs: Rij, meld: Meld) -> tuple[str, list[Rij]]:
    """Check that the log of one checkpoint goes on where that of another was; say what it is about."""
    oud, nieuw = (lees_los(bewijs[wie], f"Het controlepunt {wie}", meld) for wie in ("oud", "nieuw"))
    getekend = (bytes.fromhex(oud["wortel"]), bytes.fromhex(nieuw["wortel"]))
    pad = [bytes.fromhex(stap) for stap in bewijs["pad"]]
    is_verder = wortels_uit_samenhang(oud["grootte"], nieuw["grootte"], getekend[0], pad) == getekend
    if not is_verder or oud["databank"] != nieuw["databank"]:
        meld(f"Het log van controlepunt {nieuw['nummer']} gaat niet verder waar dat van {oud['nummer']} was.")
    return f"Het bewijs gaat over controlepunt {oud['nummer']} en {nieuw['nummer']}.", [oud, nieuw]


def toets(wat: Path, bewaarde: list[Rij], meld: Meld) -> tuple[str, list[Rij]]:
    """Check an export or a proof; say what was read, and give the checkpoints of `bewaarde` that bear it."""
    if wat.is_dir():
        export = Export(wat, meld)
        punten, bewaard = export.toets(bewaarde)
        gelezen = f"{export.gelezen} gebeurtenissen in {len(export.stromen)} stromen, {len(punten)} controlepunten."
        regels = export.toegang.regels
        kijkers = "het laatste van elke schrijver" if regels is None else f"alle {regels} regels"
        gelezen += f" Van het toegangslog {kijkers}."
        return f"{gelezen} Onder een handtekening: positie 1 tot en met {export.tot}.", bewaard
    bewijs = json.loads(wat.read_bytes())
    toets_het = {"overstap-inclusie-1": toets_inclusie, "overstap-samenhang-1": toets_samenhang}[bewijs["vorm"]]
    waarover, punten = toets_het(bewijs, meld)
    bewaard = [punt for punt in punten if punt["tekst"] in {rij["tekst"] for rij in bewaarde}]
    if bewaarde and not bewaard:
        meld("Dit bewijs steunt op geen controlepunt dat u bewaarde. Vraag het tegen een dat u wel heeft.")
    return waarover, bewaard


def hoofd(argumenten: list[str] | None = None) -> int:
    """Verify what was given, say what was found, and give the exit code."""
    lezer = argparse.ArgumentParser(description="Controleer een export of bewijs van een Overstap-log.")
    lezer.add_argument("wat", type=Path, help="een map van `overstap audit export`, of een bestand met een bewijs")
    lezer.add_argument("--tegen", type=Path, help="een bestand met controlepunten die u zelf bewaarde, een per regel")
    keuze = lezer.parse_args(argumenten)
    gevonden: list[str] = []
    try:
        bewaarde = [json.loads(regel) for regel in keuze.tegen.read_bytes().splitlines()] if keuze.tegen else []
        waarover, bewaard = toets(keuze.wat, bewaarde, gevonden.append)
    except (OSError, *ONLEESBAAR) as fout:
        sys.stdout.write(f"Niet te lezen: {type(fout).__name__} {fout}. Geef een hele export of een heel bewijs.\n")
        return 2
    zinnen = [waarover, *(f"MIS  {zin}" for zin in gevonden[:HOOGSTENS_GENOEMD])]
    if gevonden:
        zinnen.append(f"{len(gevonden)} bevindingen: dit is niet het log dat ondertekend werd.")
    elif bewaard:
        zinnen += [f"Het past bij uw controlepunt {punt['nummer']}, positie {punt['grootte']}." for punt in bewaard]
    else:
        zinnen.append(
            "Alles past bij elkaar. Of alles samen is vervangen, toont pas een bewaard controlepunt (--tegen)."
        )
    sys.stdout.write("\n".join([*zinnen, ""]))
    return 1 if gevonden else 0


if __name__ == "__main__":
    sys.exit(hoofd())
