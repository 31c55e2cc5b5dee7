"""Damage a log as somebody could who has every right on the server: one random change, and where it should be found.

Each kind takes a source of chance, a connection that may do anything, and the position up to which a checkpoint was
kept elsewhere. It gives the positions (or the checkpoints) of which at least one must be named.
"""

from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

import psycopg

from overstap.adapters.postgres.keten import BEGIN, keten_hash

Verbinding = psycopg.Connection[Any]
_KOLOMMEN = (
    "originator_id, originator_version, topic, state, regio, gebeurd_op, actor, rol, organisatie, correlatie, oorzaak, "
    "procedure"
)
GEWIST = "overstap-gewist.v1"
_TEKSTEN = ("topic", "regio", "actor", "rol", "organisatie", "oorzaak", "procedure")


class Plaats(NamedTuple):
    """What was done, and where: positions of the log, or the number of a checkpoint or key."""

    wat: str
    posities: set[int] = set()
    noemt: str = ""


Knoeierij = Callable[[Random, Verbinding, int], Plaats]


def wijzig_tekst(toeval: Random, verbinding: Verbinding, tot: int) -> Plaats:
    """Change one character of a column of text, or give it one."""
    kolom, positie = toeval.choice(_TEKSTEN), toeval.randint(1, tot)
    [(oud,)] = verbinding.execute(f"SELECT {kolom} FROM log.gebeurtenissen WHERE positie = %s".encode(), (positie,))
    if oud is None:
        if kolom not in {"oorzaak", "procedure"}:
            kolom = "oorzaak"  # the other columns are null together
        nieuw = "x"
    else:
        plek = toeval.randrange(len(oud)) if oud else 0
        nieuw = oud[:plek] + chr((ord(oud[plek]) + toeval.randint(1, 20)) if oud else 65) + oud[plek + 1 :]
    verbinding.execute(f"UPDATE log.gebeurtenissen SET {kolom} = %s WHERE positie = %s".encode(), (nieuw, positie))
    return Plaats(f"{kolom} van {positie}", {positie})


def wis_waarde(toeval: Random, verbinding: Verbinding, tot: int) -> Plaats:
    """Make a value NULL where that may be."""
    kolom = toeval.choice(["correlatie", "oorzaak", "procedure"])
    vraag = f"SELECT positie FROM log.gebeurtenissen WHERE {kolom} IS NOT NULL AND positie <= %s ORDER BY positie"
    positie = toeval.choice(verbinding.execute(vraag.encode(), (tot,)).fetchall())[0]
    verbinding.execute(f"UPDATE log.gebeurtenissen SET {kolom} = NULL WHERE positie = %s".encode(), (positie,))
    return Plaats(f"{kolom} van {positie} weg", {positie})


def wijzig_byte(toeval: Random, verbinding: Verbinding, tot: int) -> Plaats:
    """Flip a bit of a column of bytes."""
    kolom, positie = toeval.choice(["state", "hash"]), toeval.randint(1, tot)
    [(oud,)] = verbinding.execute(f"SELECT {kolom} FROM log.gebeurtenissen WHERE positie = %s".encode(), (positie,))
    verbinding.execute(
        f"UPDATE log.gebeurtenissen SET {kolom} = %s WHERE positie = %s".encode(), (_gebeten(toeval, oud), positie)
    )
    return Plaats(f"{kolom} van {positie}", {positie})


def verkort_hash(toeval: Random, verbinding: Verbinding, tot: int) -> Plaats:
    """Take bytes off a hash."""
    positie = toeval.randint(1, tot)
    verbinding.execute("UPDATE log.gebeurtenissen SET hash = substr(hash, 2) WHERE positie = %s", (positie,))
    return Plaats(f"hash van {positie} korter", {positie})


def wijzig_uuid(toeval: Random, verbinding: Verbinding, tot: int) -> Plaats:
    """Flip a bit of a stream's id, or of a correlation."""
    kolom, positie = toeval.choice(["originator_id", "correlatie"]), toeval.randint(1, tot)
    [(oud,)] = verbinding.execute(f"SELECT {kolom} FROM log.gebeurtenissen WHERE positie = %s".encode(), (positie,))
    nieuw = UUID(bytes=_gebeten(toeval, oud.bytes if oud else bytes(16)))
    verbinding.execute(f"UPDATE log.gebeurtenissen SET {kolom} = %s WHERE positie = %s".encode(), (nieuw, positie))
    return Plaats(f"{kolom} van {positie}", {positie})


def wijzig_versie(toeval: Random, verbinding: Verbinding, tot: int) -> Plaats:
    """Flip a bit of an event's number in its stream, any of the 63."""
    positie, bit = toeval.randint(1, tot), toeval.randrange(63)
    verbinding.execute(
        "UPDATE log.gebeurtenissen SET originator_version = originator_version # %s::bigint WHERE positie = %s",
        (1 << bit, positie),
    )
    return Plaats(f"versie van {positie}", {positie})


def wijzig_tijd(toeval: Random, verbinding: Verbinding, tot: int) -> Plaats:
    """Move one of the two times, a little or to where no calendar goes."""
    kolom, positie = toeval.choice(["gebeurd_op", "vastgelegd_op"]), toeval.randint(1, tot)
    nieuw = toeval.choice([
        f"{kolom} + interval '1 microsecond'", f"{kolom} - interval '1 day'", "'infinity'", "'-infinity'",
        "'4000-01-01 BC'", "'20000-01-01'",
    ])  # fmt: skip
    [(oud,)] = verbinding.execute(
        f"SELECT {kolom} IS NULL FROM log.gebeurtenissen WHERE positie = %s".encode(), (positie,)
    )
    if oud:
        kolom, nieuw = "vastgelegd_op", "vastgelegd_op - interval '3 seconds'"
    verbinding.execute(f"UPDATE log.gebeurtenissen SET {kolom} = {nieuw} WHERE positie = %s".encode(), (positie,))
    return Plaats(f"{kolom} van {positie}: {nieuw}", {positie, positie + 1})


def hernummer(toeval: Random, verbinding: Verbinding, tot: int) -> Plaats:
    """Flip a bit of a position, any of the 63, or its sign."""
    positie = toeval.randint(1, tot)
    nieuw = -positie if toeval.random() < 0.1 else positie ^ (1 << toeval.randrange(63))
    if verbinding.execute("SELECT FROM log.gebeurtenissen WHERE positie = %s", (nieuw,)).fetchone() is not None:
        return verwissel_posities(positie, nieuw, verbinding)
    verbinding.execute("UPDATE log.gebeurtenissen SET positie = %s WHERE positie = %s", (nieuw, positie))
    return Plaats(f"{positie} wordt {nieuw}", {positie, nieuw})


def verwissel(toeval: Random, verbinding: Verbinding, tot: int) -> Plaats:
    """Let two events change places."""
    een, ander = toeval.sample(range(1, tot + 1), 2)
    return verwissel_posities(een, ander, verbinding)


def verwissel_posities(een: int, ander: int, verbinding: Verbinding) -> Plaats:
    for van, naar in ((een, -(10**9)), (ander, een), (-(10**9), ander)):
        verbinding.execute("UPDATE log.gebeurtenissen SET positie = %s WHERE positie = %s", (naar, van))
    return Plaats(f"{een} en {ander} verwisseld", {een, ander})


def verwissel_inhoud(toeval: Random, verbinding: Verbinding, tot: int) -> Plaats:
    """Let two events change what they say, and keep their places."""
    een, ander = toeval.sample(range(1, tot + 1), 2)
    sql = """UPDATE log.gebeurtenissen AS g SET state = set_byte(v.state, 0, 32)
               FROM log.gebeurtenissen AS v WHERE (g.positie, v.positie) IN ((%s, %s), (%s, %s))"""
    verbinding.execute(sql, (een, ander, ander, een))
    return Plaats(f"inhoud van {een} en {ander} verwisseld", {een, ander})


def verwijder(toeval: Random, verbinding: Verbinding, tot: int) -> Plaats:
    """Take an event out; half of the time the others close the gap."""
    positie = toeval.randint(1, tot)
    verbinding.execute("DELETE FROM log.gebeurtenissen WHERE positie = %s", (positie,))
    if toeval.random() < 0.5:
        _schuif(verbinding, positie, -1)
    return Plaats(f"{positie} verwijderd", {positie})


def voeg_in(toeval: Random, verbinding: Verbinding, tot: int) -> Plaats:
    """Put in an event of a new stream, with the right hash; the others make room."""
    positie, stroom = toeval.randint(1, tot), UUID(int=toeval.getrandbits(128))
    _schuif(verbinding, positie - 1, 1)
    hash_ = keten_hash(BEGIN, stroom, 1, "x.v1", b"{}", *[None] * 8)
    verbinding.execute(
        """INSERT INTO log.gebeurtenissen
               (positie, originator_id, originator_version, topic, state, vastgelegd_op, hash)
           SELECT %s, %s, 1, 'x.v1', '{}', vastgelegd_op, %s FROM log.gebeurtenissen WHERE positie = %s""",
        (positie, stroom, hash_, positie + 1),
    )
    return Plaats(f"ingevoegd op {positie}", {positie})


def verdubbel(toeval: Random, verbinding: Verbinding, tot: int) -> Plaats:
    """Put in an event on a position that is taken, without the keys that forbid it."""
    positie = toeval.randint(1, tot)
    verbinding.execute("ALTER TABLE log.gebeurtenissen DROP CONSTRAINT gebeurtenissen_pkey")
    verbinding.execute("CREATE INDEX ON log.gebeurtenissen (positie)")
    verbinding.execute(
        f"""INSERT INTO log.gebeurtenissen (positie, vastgelegd_op, hash, {_KOLOMMEN})
            SELECT positie, vastgelegd_op, hash, gen_random_uuid(), {_KOLOMMEN.partition(", ")[2]}
              FROM log.gebeurtenissen WHERE positie = %s""".encode(),
        (positie,),
    )
    return Plaats(f"{positie} verdubbeld", {positie})


def kap_de_staart(toeval: Random, verbinding: Verbinding, tot: int) -> Plaats:
    """Cut the log off below the checkpoint; half of the time the checkpoints that saw more go too."""
    rest = toeval.randint(0, tot - 1)
    verbinding.execute("DELETE FROM log.gebeurtenissen WHERE positie > %s", (rest,))
    if toeval.random() < 0.5:
        verbinding.execute("DELETE FROM log.controlepunten WHERE grootte > %s", (rest,))
        verbinding.execute("DELETE FROM log.boom WHERE (nummer + 1) << niveau > %s", (rest,))
    return Plaats(f"gekapt na {rest}", set(range(rest + 1, tot + 1)))


def herschrijf_stroom(toeval: Random, verbinding: Verbinding, tot: int) -> Plaats:
    """Change an event and compute every hash of its stream after it again, as the append would have."""
    positie = toeval.randint(1, tot)
    verbinding.execute("UPDATE log.gebeurtenissen SET topic = topic || 'x' WHERE positie = %s", (positie,))
    return Plaats(f"stroom vanaf {positie} herschreven", reken_keten_opnieuw(verbinding, positie))


def ontwis(toeval: Random, verbinding: Verbinding, tot: int) -> Plaats:
    """Take an erased stream off the list: its event goes, the others close the gap; or it says something else."""
    vraag = "SELECT positie FROM log.gebeurtenissen WHERE topic = %s AND positie <= %s ORDER BY positie"
    positie = toeval.choice(verbinding.execute(vraag, (GEWIST, tot)).fetchall())[0]
    if toeval.random() < 0.5:
        verbinding.execute("DELETE FROM log.gebeurtenissen WHERE positie = %s", (positie,))
        _schuif(verbinding, positie, -1)
        return Plaats(f"wissing op {positie} verwijderd", {positie})
    verbinding.execute("UPDATE log.gebeurtenissen SET topic = 'iets-anders.v1' WHERE positie = %s", (positie,))
    return Plaats(f"wissing op {positie} zegt iets anders", reken_keten_opnieuw(verbinding, positie))


def wis_erbij(toeval: Random, verbinding: Verbinding, tot: int) -> Plaats:
    """Put a stream on the list of who was erased: one of its events says so, with the right hashes after it."""
    vraag = "SELECT positie FROM log.gebeurtenissen WHERE topic <> %s AND regio IS NOT NULL AND positie <= %s"
    positie = toeval.choice(sorted(verbinding.execute(vraag, (GEWIST, tot)).fetchall()))[0]
    verbinding.execute("UPDATE log.gebeurtenissen SET topic = %s WHERE positie = %s", (GEWIST, positie))
    return Plaats(f"wissing op {positie} erbij", reken_keten_opnieuw(verbinding, positie))


def reken_keten_opnieuw(verbinding: Verbinding, positie: int, hash_: Callable[..., bytes] = keten_hash) -> set[int]:
    """Compute every hash of a stream again, as the append would have; give the positions from this one on."""
    posities: set[int] = set()
    schakel = BEGIN
    rijen = verbinding.execute(
        f"""SELECT positie, {_KOLOMMEN} FROM log.gebeurtenissen
             WHERE originator_id = (SELECT originator_id FROM log.gebeurtenissen WHERE positie = %s)
             ORDER BY originator_version""".encode(),
        (positie,),
    ).fetchall()
    for plek, *rij in rijen:
        schakel = hash_(schakel, *rij)
        verbinding.execute("UPDATE log.gebeurtenissen SET hash = %s WHERE positie = %s", (schakel, plek))
        if plek >= positie:
            posities.add(plek)
    return posities


def wijzig_controlepunt(toeval: Random, verbinding: Verbinding, tot: int) -> Plaats:
    """Change a checkpoint, in its columns or its text."""
    [(aantal,)] = verbinding.execute("SELECT count(*) FROM log.controlepunten")
    nummer = toeval.randint(1, aantal)
    [(tekst, handtekening)] = verbinding.execute(
        "SELECT tekst, handtekening FROM log.controlepunten WHERE nummer = %s", (nummer,)
    )
    plek = toeval.randrange(len(tekst))
    anders = "0" if tekst[plek] != "0" else "1"
    wijziging, waarde = toeval.choice([
        ("tekst", tekst[:plek] + anders + tekst[plek + 1 :]),
        ("tekst", tekst + "\n"),
        ("handtekening", _gebeten(toeval, handtekening)),
        ("nummer", nummer + aantal),
    ])  # fmt: skip
    verbinding.execute(f"UPDATE log.controlepunten SET {wijziging} = %s WHERE nummer = %s".encode(), (waarde, nummer))
    return Plaats(f"{wijziging} van controlepunt {nummer}", noemt="ontrolepunt")


def verwijder_controlepunt(toeval: Random, verbinding: Verbinding, tot: int) -> Plaats:
    """Take a checkpoint out."""
    [(aantal,)] = verbinding.execute("SELECT count(*) FROM log.controlepunten WHERE grootte <= %s", (tot,))
    nummer = toeval.randint(1, aantal)
    verbinding.execute("DELETE FROM log.controlepunten WHERE nummer = %s", (nummer,))
    return Plaats(f"controlepunt {nummer} weg", noemt="ontrolepunt")


def wijzig_boom(toeval: Random, verbinding: Verbinding, tot: int) -> Plaats:
    """Change or take out a node of the tree."""
    knopen = verbinding.execute("SELECT niveau, nummer, hash FROM log.boom ORDER BY 1, 2").fetchall()
    niveau, nummer, hash_ = toeval.choice(knopen)
    waar = b"WHERE niveau = %s AND nummer = %s"
    if toeval.random() < 0.5:
        verbinding.execute(b"DELETE FROM log.boom " + waar, (niveau, nummer))
    else:
        sql = b"UPDATE log.boom SET hash = %s " + waar
        verbinding.execute(sql, (_gebeten(toeval, hash_), niveau, nummer))
    return Plaats(f"knoop {niveau}, {nummer}", set(range((nummer << niveau) + 1, (nummer + 1 << niveau) + 1)))


def wijzig_sleutel(toeval: Random, verbinding: Verbinding, tot: int) -> Plaats:
    """Change a key of the notary."""
    [(publiek, handtekening)] = verbinding.execute(
        "SELECT publiek, handtekening FROM log.notarissleutels WHERE nummer = 1"
    )
    kolom, waarde = toeval.choice([("publiek", publiek), ("handtekening", handtekening)])
    verbinding.execute(
        f"UPDATE log.notarissleutels SET {kolom} = %s WHERE nummer = 1".encode(), (_gebeten(toeval, waarde),)
    )
    return Plaats(f"{kolom} van sleutel 1", noemt="otarissleutel 1")


KNOEIERIJEN: tuple[Knoeierij, ...] = (
    wijzig_tekst, wis_waarde, wijzig_byte, verkort_hash, wijzig_uuid, wijzig_versie, wijzig_tijd, hernummer, verwissel,
    verwissel_inhoud, verwijder, voeg_in, verdubbel, kap_de_staart, herschrijf_stroom, wijzig_controlepunt,
    verwijder_controlepunt, wijzig_boom, wijzig_sleutel, ontwis, wis_erbij,
)  # fmt: skip


def _gebeten(toeval: Random, inhoud: bytes) -> bytes:
    """Flip one bit."""
    plek = toeval.randrange(len(inhoud))
    return inhoud[:plek] + bytes([inhoud[plek] ^ (1 << toeval.randrange(8))]) + inhoud[plek + 1 :]


def _schuif(verbinding: Verbinding, na: int, stap: int) -> None:
    """Renumber all after a position, past a place where nothing is."""
    verbinding.execute("UPDATE log.gebeurtenissen SET positie = -positie WHERE positie > %s", (na,))
    verbinding.execute("UPDATE log.gebeurtenissen SET positie = -positie + %s WHERE positie < 0", (stap,))
