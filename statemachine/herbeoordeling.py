"""Judge once more what was recorded: would the procedure, in these versions, let each event happen again?"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import Literal

import msgspec
from msgspec.structs import replace

from overstap.domain.feiten import Feit, naam_van
from overstap.domain.feiten.overstap import GebeurtenisHerzien, OverstapGewist, OverstapOpgevoerd, SignaalGegeven
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.kalender import SPELING_VAN_DE_KLOK
from overstap.domain.overstap import Overstap, evolve
from overstap.domain.rollen import Actor, Rol
from overstap.domain.verzoeken_wissen import WisPersoon
from overstap.domain.weigering import Weigering
from overstap.statemachine.decide import decide
from overstap.statemachine.kader import Kader
from overstap.statemachine.teruglezen import lees_terug
from overstap.statemachine.wissen import decide_wissen

Soort = Literal["geweigerd", "anders", "zonder_verzoek", "onbekende_procedure", "beschadigd"]

WAARGENOMEN = frozenset({"dubbele_opvoer", "pgn_tegenstrijdig"})
"""Signals of the receiving side itself, which no request on the pupil's stream leads to."""
_NAUW = frozenset({Rol.MENTOR, Rol.DECAAN, Rol.VO_BEHEERDER})


class Bezwaar(msgspec.Struct, frozen=True, kw_only=True):
    """Why an event would not happen again as it is recorded: soort, a stable code, and what it says in Dutch.

    geweigerd: the procedure refuses it (code is the refusal's). anders: the same request now leads to other facts.
    zonder_verzoek: nothing that anybody can ask leads to it. onbekende_procedure: it names rules that were not in
    force then. beschadigd: the stream cannot be folded any further.
    """

    soort: Soort
    code: str
    zin: str
    wat_nodig: str = ""
    plaats: int = 0


class Beoordeeld(msgspec.Struct, frozen=True, kw_only=True):
    """A stream judged: its state as recorded (None: it holds nothing), and what was objected to which event."""

    overstap: Overstap | None
    bezwaren: tuple[tuple[Gebeurtenis, Bezwaar], ...]


Kadervinder = Callable[[Gebeurtenis, int], Iterable[Kader] | Bezwaar]
"""Gives for an event and an overstapjaar what it is judged against: it must be legal under one of these. None of them:
it is not judged. There may be more, where organisations had just changed: who decides knows it a moment later."""


def beoordeel(stroom: Sequence[Gebeurtenis], vind_kaders: Kadervinder) -> Beoordeeld:
    """Judge every decision of a pupil's stream again, each on the state that the recorded events before it left."""
    overstap: Overstap | None = None
    bezwaren: list[tuple[Gebeurtenis, Bezwaar]] = []
    plaats = 0
    while plaats < len(stroom):
        try:
            bezwaar, aantal = _beoordeel_besluit(overstap, stroom, plaats, vind_kaders)
            if bezwaar is not None:
                bezwaren.append((stroom[plaats + bezwaar.plaats], bezwaar))
            for gebeurtenis in stroom[plaats : plaats + aantal]:
                overstap = evolve(overstap, gebeurtenis)
        except (ValueError, LookupError, TypeError, AttributeError) as fout:
            bezwaren.append((stroom[plaats], beschadigd(fout)))
            break
        plaats += aantal
    return Beoordeeld(overstap=overstap, bezwaren=tuple(bezwaren))


def beschadigd(fout: Exception) -> Bezwaar:
    """Object that a stream cannot be folded; the error is named, never its words: they may quote what is in it."""
    return Bezwaar(
        soort="beschadigd",
        code="beschadigd",
        zin=f"Deze gebeurtenis is niet te lezen als deel van haar stroom ({type(fout).__name__}).",
        wat_nodig="Zoek met `overstap audit verify` uit of zij veranderd is.",
    )


def _beoordeel_besluit(
    overstap: Overstap | None, stroom: Sequence[Gebeurtenis], plaats: int, vind_kaders: Kadervinder
) -> tuple[Bezwaar | None, int]:
    """Judge the decision that begins here; give the objection, if any, and how many events it recorded."""
    eerste = stroom[plaats]
    if isinstance(eerste.feit, OverstapGewist):
        return _beoordeel_wissen(overstap, eerste, eerste.feit), 1
    verzoek, aantal = lees_terug(overstap, stroom, plaats)
    if verzoek is None:
        return (None if _is_waargenomen(eerste.feit) else _zonder_verzoek(eerste)), aantal
    kaders = vind_kaders(eerste, _overstapjaar(overstap, eerste.feit))
    if isinstance(kaders, Bezwaar):
        return kaders, aantal
    nu = eerste.vastgelegd_op or eerste.gebeurd_op
    if eerste.gebeurd_op > nu:
        if eerste.gebeurd_op > nu + SPELING_VAN_DE_KLOK:
            return _in_de_toekomst(), aantal
        nu = eerste.gebeurd_op  # the clock of who decided ran ahead of the log's
    if type(eerste.feit) is GebeurtenisHerzien and nu - eerste.gebeurd_op <= SPELING_VAN_DE_KLOK:
        nu = eerste.gebeurd_op  # a correction happens when it is judged, just before it is recorded
    besloten = stroom[plaats : plaats + aantal]
    bezwaar: Bezwaar | None = None
    for kader in kaders:
        uitkomst = decide(overstap, verzoek, _actor(eerste, overstap, kader), nu, kader)
        if isinstance(uitkomst, Weigering):
            tegen = geweigerd(uitkomst)
        elif uitkomst.feiten == tuple([g.feit for g in besloten]) and uitkomst.gebeurd_op == eerste.gebeurd_op:
            return None, aantal
        else:
            tegen = anders(besloten, uitkomst.feiten)
        bezwaar = bezwaar or tegen
    return bezwaar, aantal


def _beoordeel_wissen(overstap: Overstap | None, gebeurtenis: Gebeurtenis, feit: OverstapGewist) -> Bezwaar | None:
    """Judge an erasure: no rules of a year say who may, and what it destroyed is not in the log."""
    door = Actor(
        account=gebeurtenis.actor, rol=gebeurtenis.rol, organisatie=gebeurtenis.organisatie, regio=gebeurtenis.regio
    )
    verzoek = WisPersoon(aanleiding=feit.aanleiding, reden=feit.reden)
    uitkomst = decide_wissen(overstap, verzoek, door, gebeurtenis.gebeurd_op)
    if isinstance(uitkomst, Weigering):
        return geweigerd(uitkomst)
    return None if uitkomst.feiten == (feit,) else anders([gebeurtenis], uitkomst.feiten)


def _overstapjaar(overstap: Overstap | None, feit: Feit) -> int:
    if overstap is not None:
        return overstap.overstapjaar
    return feit.overstapjaar if isinstance(feit, OverstapOpgevoerd) else 0


def _is_waargenomen(feit: Feit) -> bool:
    return isinstance(feit, SignaalGegeven) and feit.oorzaak is None and feit.signaal in WAARGENOMEN


def _actor(gebeurtenis: Gebeurtenis, overstap: Overstap | None, kader: Kader) -> Actor:
    """Give who acted, narrowed to the vestiging and klas that his organisation granted him by then.

    Who delivers files acts for the whole organisation and needs no grant; a mentor without one has the pupil's class.
    """
    actor = _onbegrensd(gebeurtenis.actor, gebeurtenis.rol, gebeurtenis.organisatie, gebeurtenis.regio)
    if gebeurtenis.rol not in _NAUW:
        return actor
    organisatie = kader.organisatie(gebeurtenis.organisatie)
    bereik = organisatie.rollen.get((gebeurtenis.actor, gebeurtenis.rol)) if organisatie else None
    if bereik is not None:
        return replace(actor, vestiging=bereik[0], klas=bereik[1])
    if gebeurtenis.rol is Rol.MENTOR and overstap is not None:
        return replace(actor, klas=overstap.klas)
    return actor


@lru_cache(maxsize=4_096)
def _onbegrensd(account: str, rol: Rol, organisatie: str, regio: str) -> Actor:
    return Actor(account=account, rol=rol, organisatie=organisatie, regio=regio)


def geweigerd(weigering: Weigering) -> Bezwaar:
    """Object that the procedure refuses it."""
    return Bezwaar(soort="geweigerd", code=weigering.code, zin=weigering.zin, wat_nodig=weigering.wat_nodig)


def _in_de_toekomst() -> Bezwaar:
    return Bezwaar(
        soort="geweigerd",
        code="in_de_toekomst",
        zin="Dit zou zijn gebeurd nadat het werd vastgelegd.",
        wat_nodig="Leg vast wat al gebeurd is.",
    )


def _zonder_verzoek(gebeurtenis: Gebeurtenis) -> Bezwaar:
    return Bezwaar(
        soort="zonder_verzoek",
        code="zonder_verzoek",
        zin=f"Geen enkel verzoek leidt hier tot '{naam_van(gebeurtenis.feit)}'.",
        wat_nodig="Zoek met `overstap audit verify` uit wie dit vastlegde.",
    )


def anders(besloten: Sequence[Gebeurtenis], nu: Sequence[Feit]) -> Bezwaar:
    """Object that the same request leads to other facts now; where only what they hold differs, say in what."""
    was, wordt = [naam_van(g.feit) for g in besloten], [naam_van(feit) for feit in nu]
    gelijk = sum(1 for _ in takewhile(lambda paar: paar[0].feit == paar[1], zip(besloten, nu, strict=False)))
    if was == wordt:
        verschil = sorted(
            {
                veld
                for g, feit in zip(besloten, nu, strict=True)
                for veld in g.feit.__struct_fields__
                if getattr(g.feit, veld) != getattr(feit, veld)
            }
        )
        hoe = f"Hetzelfde verzoek legt iets anders vast in: {', '.join(verschil) or 'het moment'}."
    else:
        hoe = f"Hetzelfde verzoek leidt tot {_noem(wordt)} in plaats van {_noem(was)}."
    plaats = gelijk if gelijk < len(besloten) else 0
    return Bezwaar(soort="anders", code="anders", zin=hoe, plaats=plaats)


def _noem(namen: Sequence[str]) -> str:
    return ", ".join(namen) or "niets nieuws"
