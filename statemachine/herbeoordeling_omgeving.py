"""Judge once more what was recorded of an organisation or a year: who took part, who could act, which rules held."""

from collections.abc import Iterator, Sequence
from typing import assert_never

from overstap.domain import verzoeken_organisatie as vo
from overstap.domain import verzoeken_procedure as vp
from overstap.domain.feiten import FeitVanOrganisatie, FeitVanProcedure
from overstap.domain.feiten import organisatie as org
from overstap.domain.feiten import procedure as proc
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.organisatie import Organisatie, evolve_organisatie
from overstap.domain.procedure import Jaar, evolve_procedure
from overstap.domain.rollen import Actor
from overstap.domain.weigering import Weigering
from overstap.statemachine.herbeoordeling import Bezwaar, anders, beschadigd, geweigerd
from overstap.statemachine.kader import Besluit
from overstap.statemachine.organisatie import decide_organisatie
from overstap.statemachine.procedure import decide_procedure


def beoordeel_omgeving(stroom: Sequence[Gebeurtenis]) -> Iterator[tuple[Gebeurtenis, Bezwaar]]:
    """Judge every decision of an organisation's or a year's stream again; no version of the rules is about these."""
    toestand: Organisatie | Jaar | None = None
    plaats = 0
    while plaats < len(stroom):
        eerste = stroom[plaats]
        try:
            aantal = _aantal(stroom, plaats)
            bezwaar = _beoordeel(toestand, stroom[plaats : plaats + aantal])
            if bezwaar is not None:
                yield stroom[plaats + bezwaar.plaats], bezwaar
            for gebeurtenis in stroom[plaats : plaats + aantal]:
                toestand = _vouw(toestand, gebeurtenis)
        except (ValueError, TypeError, AttributeError) as fout:
            yield eerste, beschadigd(fout)
            return
        plaats += aantal


def _vouw(toestand: Organisatie | Jaar | None, gebeurtenis: Gebeurtenis) -> Organisatie | Jaar:
    if toestand is None:
        is_jaar = isinstance(gebeurtenis.feit, FeitVanProcedure)
        return evolve_procedure(None, gebeurtenis) if is_jaar else evolve_organisatie(None, gebeurtenis)
    if isinstance(toestand, Jaar):
        return evolve_procedure(toestand, gebeurtenis)
    return evolve_organisatie(toestand, gebeurtenis)


def _aantal(stroom: Sequence[Gebeurtenis], plaats: int) -> int:
    """Count the events of one decision: the first rules of a year open it too."""
    eerste, volgend = stroom[plaats], stroom[plaats + 1] if plaats + 1 < len(stroom) else None
    opent = (
        volgend is not None
        and isinstance(eerste.feit, proc.ProcedureVastgesteld)
        and isinstance(volgend.feit, proc.JaarGeopend)
        and (eerste.vastgelegd_op, eerste.correlatie, eerste.actor, eerste.rol)
        == (volgend.vastgelegd_op, volgend.correlatie, volgend.actor, volgend.rol)
    )
    return 2 if opent else 1


def _beoordeel(toestand: Organisatie | Jaar | None, besloten: Sequence[Gebeurtenis]) -> Bezwaar | None:
    eerste = besloten[0]
    nu = max(eerste.vastgelegd_op or eerste.gebeurd_op, eerste.gebeurd_op)
    actor = Actor(account=eerste.actor, rol=eerste.rol, organisatie=eerste.organisatie, regio=eerste.regio)
    uitkomst: Besluit | Weigering
    if isinstance(eerste.feit, FeitVanProcedure):
        jaar = toestand if isinstance(toestand, Jaar) else None
        uitkomst = decide_procedure(jaar, _over_jaar(eerste.feit), actor, eerste.gebeurd_op)
    elif isinstance(eerste.feit, FeitVanOrganisatie):
        organisatie = toestand if isinstance(toestand, Organisatie) else None
        uitkomst = decide_organisatie(organisatie, _over_organisatie(eerste), actor, nu)
    else:
        raise TypeError(type(eerste.feit).__name__)
    if isinstance(uitkomst, Weigering):
        return geweigerd(uitkomst)
    if uitkomst.feiten == tuple(g.feit for g in besloten):
        return None
    return anders(besloten, uitkomst.feiten)


def _over_jaar(feit: FeitVanProcedure) -> vp.ProcedureVerzoek:
    match feit:
        case proc.ProcedureVastgesteld():
            return vp.StelProcedureVast(regels=feit.regels)
        case proc.JaarGeopend():
            return vp.OpenJaar(overstapjaar=feit.overstapjaar)
        case proc.JaarGesloten():
            return vp.SluitJaar(overstapjaar=feit.overstapjaar, afgesloten=feit.afgesloten)
        case _:
            assert_never(feit)


def _over_organisatie(gebeurtenis: Gebeurtenis) -> vo.OrganisatieVerzoek:
    feit, gebeurd_op = gebeurtenis.feit, gebeurtenis.gebeurd_op
    match feit:
        case org.OrganisatieOpgenomen():
            return vo.NeemOrganisatieOp(
                gebeurd_op=gebeurd_op,
                code=feit.code,
                soort=feit.soort,
                naam=feit.naam,
                gemeente=feit.gemeente,
                aangesloten=feit.aangesloten,
                koppeling=feit.koppeling,
                accounts=feit.accounts,
            )
        case org.RolToegekend():
            return vo.KenRolToe(
                gebeurd_op=gebeurd_op,
                account=feit.account,
                rol=feit.rol,
                vestiging=feit.vestiging,
                klas=feit.klas,
                functionaris=feit.functionaris,
            )
        case org.RolVoorgesteld():
            return vo.KenRolToe(
                gebeurd_op=gebeurd_op, account=feit.account, rol=feit.rol, functionaris=feit.functionaris
            )
        case org.RolIngetrokken():
            return vo.TrekRolIn(gebeurd_op=gebeurd_op, account=feit.account, rol=feit.rol)
        case org.ContactVastgelegd():
            return vo.LegContactVast(gebeurd_op=gebeurd_op, onderwerp=feit.onderwerp, contact=feit.contact)
        case _:
            raise TypeError(type(feit).__name__)
