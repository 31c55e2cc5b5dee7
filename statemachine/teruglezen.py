"""What was asked of a pupil's overstap, read back from the facts it led to, so that it can be judged once more.

A request itself is not kept. Its facts hold all that it said and all that its guards used; what followed from them (a
change of status, a signal) names them as its cause, and so tells where the facts of one decision end.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from overstap.domain import verzoeken as v
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import overstap as o
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.overstap import Aanmelding, Overstap
from overstap.domain.rollen import Rol
from overstap.statemachine.aanmeldingsstappen import FEIT_VAN_STAP

GEVOLGEN = frozenset({o.StatusGewijzigd, o.SignaalGegeven})
"""What no request asks for: it follows from what one did."""
_AANMELDINGFEITEN = frozenset({*a.STATUS_NA, a.AanmeldingHeropend, a.AanmeldingGewijzigd})
_BERICHTFEITEN = frozenset(
    {
        *_AANMELDINGFEITEN,
        a.AanmeldingOntvangen,
        a.AanmeldingOvergenomen,
        a.KoppelberichtVastgelegd,
        a.KoppelberichtNietToegepast,
    }
)
_KAAL: Mapping[type, Callable[..., v.Verzoek]] = {feit: verzoek for verzoek, feit in FEIT_VAN_STAP.items()}


class Teruggelezen(NamedTuple):
    """A request as its facts tell it (None: no request leads to such a fact), and how many events it led to."""

    verzoek: v.Verzoek | None
    aantal: int


def lees_terug(overstap: Overstap | None, stroom: Sequence[Gebeurtenis], plaats: int) -> Teruggelezen:
    """Read back the request behind the event at `plaats` (from 0) of a pupil's stream; overstap is the state before it.

    Raises:
        ValueError: when a fact says what no request can have said, such as a day that does not exist.

    """
    eerste = stroom[plaats]
    feit = eerste.feit
    soort = type(feit)
    if soort in GEVOLGEN:
        return Teruggelezen(None, 1)
    hoofdfeiten = 1
    if soort in _BERICHTFEITEN and feit.bericht is not None:  # type: ignore[union-attr]  # all of these have one
        hoofdfeiten = _van_bericht(stroom, plaats)
        verzoek: v.Verzoek | None = _koppelbericht(overstap, stroom[plaats : plaats + hoofdfeiten])
    elif soort is o.OverlegVastgelegd and _is_ingeschakeld_met(stroom, plaats):
        hoofdfeiten, verzoek = 2, v.SchakelLeerplichtIn(gebeurd_op=eerste.gebeurd_op, overleg=_overleg(feit))
    else:
        lees = _LEES.get(soort)
        verzoek = lees(feit, eerste) if lees else None
    return Teruggelezen(verzoek, hoofdfeiten + _gevolgen(stroom, plaats, hoofdfeiten))


def _gevolgen(stroom: Sequence[Gebeurtenis], plaats: int, hoofdfeiten: int) -> int:
    """Count what follows from the facts of a decision: it stands right behind them, and names one of them."""
    eerste = stroom[plaats]
    van, tot = eerste.originator_version, stroom[plaats + hoofdfeiten - 1].originator_version
    verder = plaats + hoofdfeiten
    while verder < len(stroom):
        gevolg = stroom[verder]
        feit = gevolg.feit
        if type(feit) not in GEVOLGEN or not van <= (feit.oorzaak or 0) <= tot or not _samen(eerste, gevolg):  # type: ignore[union-attr]  # both have one
            break
        verder += 1
    return verder - plaats - hoofdfeiten


def _samen(een: Gebeurtenis, ander: Gebeurtenis) -> bool:
    """Tell whether two events may have been recorded as one decision."""
    return (
        een.vastgelegd_op == ander.vastgelegd_op
        and een.gebeurd_op == ander.gebeurd_op
        and een.actor == ander.actor
        and een.rol is ander.rol
        and een.organisatie == ander.organisatie
        and een.procedure == ander.procedure
    )


def _van_bericht(stroom: Sequence[Gebeurtenis], plaats: int) -> int:
    """Count the facts of one message: they stand together."""
    eerste = stroom[plaats]
    bericht = eerste.feit.bericht  # type: ignore[union-attr]  # asked for such a fact alone
    verder = plaats + 1
    while verder < len(stroom):
        volgend = stroom[verder]
        if (
            type(volgend.feit) not in _BERICHTFEITEN
            or volgend.feit.bericht != bericht  # type: ignore[union-attr]  # all of these have one
            or not _samen(eerste, volgend)
        ):
            break
        verder += 1
    return verder - plaats


def _is_ingeschakeld_met(stroom: Sequence[Gebeurtenis], plaats: int) -> bool:
    """Tell whether an overleg was recorded with the inschakeling that rests on it, as one request."""
    if plaats + 1 == len(stroom):
        return False
    overleg, volgend = stroom[plaats], stroom[plaats + 1]
    return (
        isinstance(volgend.feit, o.LeerplichtIngeschakeld)
        and volgend.feit.overleg == overleg.originator_version
        and overleg.correlatie == volgend.correlatie
        and _samen(overleg, volgend)
    )


def _overleg(feit: Any) -> v.Overleg:  # noqa: ANN401  # an OverlegVastgelegd
    return v.Overleg(contact=feit.contact, overleg_datum=date.fromisoformat(feit.overleg_datum))


def _koppelbericht(overstap: Overstap | None, deel: Sequence[Gebeurtenis]) -> v.VerwerkKoppelbericht:
    """Put a message together from the facts that it led to, and what was known of its aanmelding."""
    feiten: list[Any] = [een.feit for een in deel]
    eerste = feiten[0]
    bericht = eerste.bericht
    grond = None
    brin = deel[0].organisatie
    crebo, aanbieder, startdatum, leertraject = "", None, None, None
    bekend = _aanmelding(overstap, eerste.nummer)
    if bekend is not None:
        brin, crebo = bekend.brin, bekend.crebo
        startdatum, leertraject = bekend.startdatum, bekend.leertraject
    for feit in feiten:
        soort = type(feit)
        if soort is a.AanmeldingOntvangen:
            brin, crebo, aanbieder = feit.brin, feit.crebo, feit.aanbieder
            startdatum, leertraject = feit.startdatum, feit.leertraject
        elif soort is a.AanmeldingGewijzigd:
            crebo = feit.crebo or crebo
            startdatum = feit.startdatum or startdatum
            leertraject = feit.leertraject or leertraject
        elif soort is a.AanmeldingAfgewezen:
            grond = feit.grond
    return v.VerwerkKoppelbericht(
        gebeurd_op=deel[0].gebeurd_op,
        keten_id=bericht.keten_id,
        volgnummer=bericht.volgnummer,
        code=bericht.code,
        laatste_wijziging=bericht.laatste_wijziging,
        brin=brin,
        crebo=crebo,
        aanbieder=aanbieder,
        startdatum=startdatum,
        leertraject=leertraject,
        grond=grond,
    )


def _aanmelding(overstap: Overstap | None, nummer: int | None) -> Aanmelding | None:
    if overstap is None or nummer is None:
        return None
    return next((een for een in overstap.aanmeldingen if een.nummer == nummer), None)


def _over(feit: Any) -> v.AanmeldingVerwijzing:  # noqa: ANN401  # a fact about an aanmelding
    return v.AanmeldingVerwijzing(nummer=feit.nummer)


def _dag(tekst: str | None) -> date | None:
    return date.fromisoformat(tekst) if tekst else None


def _opvoer(feit: Any, g: Gebeurtenis) -> v.Verzoek:  # noqa: ANN401  # as the table says, and so below
    return v.VoerOp(
        gebeurd_op=g.gebeurd_op,
        leerling=feit.leerling,
        overstapjaar=feit.overstapjaar,
        school=feit.school,
        vestiging=feit.vestiging,
        klas=feit.klas,
        leerweg=feit.leerweg,
        gemeente=feit.gemeente,
        soort_pgn=feit.soort_pgn,
        kwalificatieplicht_tot=feit.kwalificatieplicht_tot,
        persoon=feit.persoon,
    )


def _persoonsgegevens(feit: Any, g: Gebeurtenis) -> v.Verzoek:  # noqa: ANN401
    return v.WijzigPersoonsgegevens(
        gebeurd_op=g.gebeurd_op,
        persoon=feit.persoon,
        klas=feit.klas,
        leerweg=feit.leerweg,
        gemeente=feit.gemeente,
        vestiging=feit.vestiging,
        kwalificatieplicht_gewijzigd=feit.kwalificatieplicht_gewijzigd,
        kwalificatieplicht_tot=feit.kwalificatieplicht_tot,
    )


def _overdracht(feit: Any, g: Gebeurtenis) -> v.Verzoek:  # noqa: ANN401
    if g.rol is Rol.REGIEBEHEERDER:
        return v.DraagOver(gebeurd_op=g.gebeurd_op, naar=feit.naar)
    return v.AanvaardOverdracht(gebeurd_op=g.gebeurd_op, vestiging=feit.vestiging, klas=feit.klas)


def _afsluiting(feit: Any, g: Gebeurtenis) -> v.Verzoek:  # noqa: ANN401
    if feit.reden is None:
        return v.SluitAf(gebeurd_op=g.gebeurd_op)
    return v.SluitAfMetReden(gebeurd_op=g.gebeurd_op, reden=feit.reden)


def _uitschrijving(feit: Any, g: Gebeurtenis) -> v.Verzoek:  # noqa: ANN401
    return v.SchrijfUit(
        gebeurd_op=g.gebeurd_op,
        reden=feit.reden,
        nieuwe_gemeente=feit.nieuwe_gemeente,
        toelichting=feit.toelichting,
    )


def _aangemeld(feit: Any, g: Gebeurtenis) -> v.Verzoek:  # noqa: ANN401
    return v.MeldAan(
        gebeurd_op=g.gebeurd_op,
        brin=feit.brin,
        crebo=feit.crebo,
        leertraject=feit.leertraject,
        startdatum=_dag(feit.startdatum),
    )


def _wijziging(feit: Any, g: Gebeurtenis) -> v.Verzoek:  # noqa: ANN401
    return v.WijzigAanmelding(
        gebeurd_op=g.gebeurd_op,
        aanmelding=_over(feit),
        crebo=feit.crebo,
        leertraject=feit.leertraject,
        startdatum=_dag(feit.startdatum),
    )


def _kaal(feit: Any, g: Gebeurtenis) -> v.Verzoek:  # noqa: ANN401
    return _KAAL[type(feit)](gebeurd_op=g.gebeurd_op, aanmelding=_over(feit))


_LEES: Mapping[type, Callable[[Any, Gebeurtenis], v.Verzoek]] = {
    **dict.fromkeys(_KAAL, _kaal),
    a.AanmeldingOntvangen: _aangemeld,
    a.AanmeldingGewijzigd: _wijziging,
    a.AanmeldingAfgewezen: lambda f, g: v.WijsAf(gebeurd_op=g.gebeurd_op, aanmelding=_over(f), grond=f.grond),
    a.OpleidingOnderbroken: lambda f, g: v.Onderbreek(gebeurd_op=g.gebeurd_op, aanmelding=_over(f), reden=f.reden),
    a.AanmeldingHeropend: lambda f, g: v.Heropen(gebeurd_op=g.gebeurd_op, aanmelding=_over(f), naar=f.naar),
    o.OverstapOpgevoerd: _opvoer,
    o.PersoonsgegevensGewijzigd: _persoonsgegevens,
    o.PgnVervangen: lambda f, g: v.VervangPgn(gebeurd_op=g.gebeurd_op, soort=f.naar_soort, pgn=f.pgn),
    o.VervolgkeuzeVoGekozen: lambda f, g: v.KiesVervolgVo(
        gebeurd_op=g.gebeurd_op, reden=f.reden, brin=f.brin, toelichting=f.toelichting
    ),
    o.VervolgkeuzeVoIngetrokken: lambda _, g: v.TrekVervolgkeuzeIn(gebeurd_op=g.gebeurd_op),
    o.OverlegVastgelegd: lambda f, g: v.LegOverlegVast(
        gebeurd_op=g.gebeurd_op, contact=f.contact, overleg_datum=date.fromisoformat(f.overleg_datum)
    ),
    o.LeerplichtIngeschakeld: lambda _, g: v.SchakelLeerplichtIn(gebeurd_op=g.gebeurd_op),
    o.LeerplichtAfgehandeld: lambda f, g: v.HandelLeerplichtAf(
        gebeurd_op=g.gebeurd_op, uitkomst=f.uitkomst, reden=f.reden
    ),
    o.OverstapHervat: lambda _, g: v.Hervat(gebeurd_op=g.gebeurd_op),
    o.OverstapAfgesloten: _afsluiting,
    o.LeerlingUitgeschreven: _uitschrijving,
    o.OverstapHeropend: lambda f, g: v.HeropenOverstap(gebeurd_op=g.gebeurd_op, reden=f.reden),
    o.GebeurtenisHerzien: lambda f, g: v.Herzie(gebeurd_op=g.gebeurd_op, gebeurtenis=f.gebeurtenis, reden=f.reden),
    o.BerichtGeplaatst: lambda f, g: v.PlaatsBericht(gebeurd_op=g.gebeurd_op, aan=f.aan, tekst=f.tekst),
    o.WarmeOverdrachtVastgelegd: lambda f, g: v.LegWarmeOverdrachtVast(
        gebeurd_op=g.gebeurd_op, datum=date.fromisoformat(f.datum)
    ),
    o.DddStatusVastgelegd: lambda f, g: v.LegDddStatusVast(gebeurd_op=g.gebeurd_op, datum=date.fromisoformat(f.datum)),
    o.OverdrachtAangeboden: lambda f, g: v.DraagOver(gebeurd_op=g.gebeurd_op, naar=f.naar),
    o.LeerlingOvergedragen: _overdracht,
}
"""How the request behind each kind of fact is read back, from the fact and its event."""
