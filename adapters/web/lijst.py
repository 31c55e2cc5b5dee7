"""Read a page of the list of pupils for a visitor: in his scope, with the columns and names of his role, and logged."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from fastapi import Request
from psycopg import Cursor
from psycopg.errors import InsufficientPrivilege
from psycopg.rows import dict_row
from psycopg.sql import SQL

from overstap.adapters.http.bladen import Persoonblad
from overstap.adapters.http.problemen import Fout, Probleem, correlatie_van, ongeldig
from overstap.adapters.http.werklijsten import lijsten_van_rol, open_namen
from overstap.adapters.http.zoeken import DOORZOEKBAAR, VOOR_DE_REGIO, Zoekvraag, eis_mag_zo_zoeken
from overstap.adapters.postgres.bereik_kolommen import Verzegelde, lees_verzegelden, leesvraag
from overstap.adapters.postgres.gezien import gevouwen_tot
from overstap.adapters.toegangslog import toegang_tot
from overstap.adapters.web.bezoeker import Bezoeker
from overstap.adapters.web.tellingen import tel_eens
from overstap.domain.kalender import Regels, datum_in_amsterdam
from overstap.domain.redenen import Leerweg
from overstap.domain.rollen import Rol
from overstap.domain.statussen import RANG, AanmeldingStatus, OverstapStatus
from overstap.projections.actueel_lijst import Volgorde, Vraag, bladwijzer_bij, kies, tel, werklijsten_per_leerling
from overstap.projections.selectie import BladwijzerOngeldig, Selectie, lees_bladwijzer, schrijf_bladwijzer
from overstap.projections.werklijsten import Werklijst
from overstap.statemachine.veldgroepen import Veldgroep, zichtbare_groepen

OP_NAAM: Final = "naam"
PER_BLADZIJDE: Final = 50
_LANGST_EERST: Final = VOOR_DE_REGIO | {Rol.SAMENWERKINGSVERBAND, Rol.MBO_INTAKER}
"""Who looks over more pupils than one knows by name: who stands still longest comes first."""


class Lijstvraag(msgspec.Struct, frozen=True, kw_only=True):
    """Which pupils, in which order, from where on; volgorde None is the order of the role.

    status is one of the overstap, of an MBO that of its own aanmelding. naam is searched for and never in an address.
    """

    overstapjaar: int | None = None
    status: str | None = None
    werklijst: Werklijst | None = None
    selectie: Selectie = Selectie()
    volgorde: str | None = None
    na: str | None = None
    naam: str | None = None
    aantal: int = PER_BLADZIJDE


class Regel(msgspec.Struct, frozen=True, kw_only=True):
    """One pupil of the list; what the visitor's role may not have is None. dagen: since how many he has this status."""

    overstap: UUID
    versie: int
    naam: str | None = None
    is_gewist: bool = False
    school: str | None = None
    vestiging: str | None = None
    klas: str | None = None
    leerweg: str | None = None
    gemeente: str | None = None
    status: str | None = None
    sinds: datetime | None = None
    dagen: int | None = None
    mbo: str | None = None
    mbo_status: str | None = None
    aanmeldingen: int | None = None
    elders: bool | None = None
    laatste_op: datetime | None = None
    werklijsten: tuple[Werklijst, ...] = ()


class Lijstblad(msgspec.Struct, frozen=True, kw_only=True):
    """A page: its pupils, how many there are on all pages, the bookmark of the next (None after the last).

    gevouwen is a position in the log: what happened up to there is in it.
    """

    regels: list[Regel]
    totaal: int
    verder: str | None
    volgorde: str
    gevouwen: int


class _Plaats(msgspec.Struct, frozen=True):
    overstap: UUID


class _Gelezen(msgspec.Struct):
    rijen: list[dict[str, Any]]
    verzegelden: list[Verzegelde]
    lijsten: dict[UUID, list[Werklijst]]
    totaal: int
    verder: str | None


def is_mbo(bezoeker: Bezoeker) -> bool:
    """Tell whether the visitor knows of his own aanmeldingen alone: his list is about those."""
    return bezoeker.actor.rol is Rol.MBO_INTAKER


def mag_lijst(rol: Rol) -> bool:
    """Tell whether there are pupils for a role."""
    return bool(zichtbare_groepen(rol))


def volgorde_van(bezoeker: Bezoeker, gevraagd: str | None) -> str:
    """Give the order that is asked for, or the one of the role."""
    return gevraagd or (Volgorde.LANGST.value if bezoeker.actor.rol in _LANGST_EERST else OP_NAAM)


async def lees_lijst(
    request: Request, bezoeker: Bezoeker, vraag: Lijstvraag, regels: Regels, *, als: str = "zoeken"
) -> Lijstblad:
    """Read a page, and record whom it shows before it is given; als names what is done.

    Raises:
        Probleem: 403 when the role may not choose by something, 400 when it asks for too much or a bookmark is none.

    """
    groepen = zichtbare_groepen(bezoeker.actor.rol)
    _eis_mag(bezoeker, vraag, groepen)
    volgorde = volgorde_van(bezoeker, vraag.volgorde)
    op_naam = volgorde == OP_NAAM or vraag.naam is not None
    try:
        lees = _lees_alles if op_naam else _lees_van_mbo if is_mbo(bezoeker) else _lees_bladzijde
        gevouwen, gelezen = await bezoeker.dienst.lees_als(
            # First how far: of what is folded meanwhile the page may show the one and not the other.
            bezoeker.actor,
            lambda cursor: (gevouwen_tot(cursor), lees(cursor, bezoeker, vraag, volgorde, regels)),
        )
        maak = _kies if op_naam else _neem_over
        blad = await asyncio.to_thread(maak, bezoeker, gelezen, vraag, volgorde, gevouwen)
    except BladwijzerOngeldig as fout:
        raise ongeldig(Fout(plaats="query.na", code="ongeldig", uitleg=str(fout))) from None
    except InsufficientPrivilege:
        raise Probleem("geen-toegang", "Daarop is in uw rol niet te kiezen.", code="niet_doorzoekbaar") from None
    await bezoeker.dienst.toegangslog.schrijf_async(
        toegang_tot(
            bezoeker.actor,
            [een.overstap for een in blad.regels] or [None],
            handeling=als,
            onderwerp="overstap",
            herkomst="web",
            velden=groepen,
            spoor=correlatie_van(request),
        )
    )
    return blad


async def lees_regels(request: Request, bezoeker: Bezoeker, overstappen: Sequence[UUID], regels: Regels) -> list[Regel]:
    """Read these pupils as lines of the list, as far as they exist for the visitor, and record that he saw them."""
    groepen = zichtbare_groepen(bezoeker.actor.rol)

    def lees(cursor: Cursor[Any]) -> _Gelezen:
        with cursor.connection.cursor(row_factory=dict_row) as rijcursor:
            waar = SQL(" WHERE a.overstap = ANY(%s)")
            rijen = rijcursor.execute(leesvraag(bezoeker.actor.rol) + waar, (list(overstappen),)).fetchall()
        return _vul_aan(cursor, bezoeker, regels, rijen, len(rijen), None)

    gelezen = await bezoeker.dienst.lees_als(bezoeker.actor, lees)
    namen = await asyncio.to_thread(_namen, bezoeker, gelezen.verzegelden)
    gevonden = [_regel(bezoeker, rij, namen, gelezen.lijsten) for rij in gelezen.rijen]
    if gevonden:
        lijnen = toegang_tot(
            bezoeker.actor,
            [een.overstap for een in gevonden],
            handeling="volgen",
            onderwerp="overstap",
            herkomst="web",
            velden=groepen,
            spoor=correlatie_van(request),
        )
        await bezoeker.dienst.toegangslog.schrijf_async(lijnen)
    return gevonden


def _eis_mag(bezoeker: Bezoeker, vraag: Lijstvraag, groepen: frozenset[Veldgroep]) -> None:
    if not groepen:
        raise Probleem("geen-toegang", "In uw rol ziet u geen leerlingen.", code="geen_leerlingen")
    gekozen = vraag.selectie
    als_zoekvraag = Zoekvraag(
        naam=vraag.naam,
        school=gekozen.school,
        vestiging=gekozen.vestiging,
        klas=gekozen.klas,
        gemeente=gekozen.gemeente,
        leerweg=Leerweg(gekozen.leerweg) if gekozen.leerweg else None,
        status=OverstapStatus(vraag.status) if vraag.status and not is_mbo(bezoeker) else None,
    )
    eis_mag_zo_zoeken(als_zoekvraag, bezoeker.actor, groepen, None)
    if vraag.werklijst is not None and vraag.werklijst not in lijsten_van_rol(bezoeker.actor.rol):
        raise Probleem("geen-toegang", "Deze werklijst is er niet in uw rol.", code="geen_werklijst")


def _als_vraag(bezoeker: Bezoeker, vraag: Lijstvraag) -> Vraag:
    status = OverstapStatus(vraag.status) if vraag.status and not is_mbo(bezoeker) else None
    return Vraag(selectie=vraag.selectie, status=status, werklijst=vraag.werklijst)


def _lees_bladzijde(
    cursor: Cursor[Any], bezoeker: Bezoeker, vraag: Lijstvraag, volgorde: str, regels: Regels
) -> _Gelezen:
    """Let the database put them in order: it has an index for each."""
    nu, wie, orde = bezoeker.dienst.nu(), _als_vraag(bezoeker, vraag), Volgorde(volgorde)
    staart, waarden = kies(regels, nu, wie, volgorde=orde, na=vraag.na, aantal=vraag.aantal)
    with cursor.connection.cursor(row_factory=dict_row) as rijcursor:
        rijen = rijcursor.execute(leesvraag(bezoeker.actor.rol) + SQL(staart), waarden).fetchall()
    verder = bladwijzer_bij(rijen[vraag.aantal - 1], orde) if len(rijen) > vraag.aantal else None
    totaal = tel_eens(bezoeker, ("lijst", regels.overstapjaar, wie), lambda: tel(cursor, regels, nu, wie))
    return _vul_aan(cursor, bezoeker, regels, rijen[: vraag.aantal], totaal, verder)


def _lees_alles(cursor: Cursor[Any], bezoeker: Bezoeker, vraag: Lijstvraag, volgorde: str, regels: Regels) -> _Gelezen:
    """Read the whole scope: names are sealed, so only here they can be put in order or searched."""
    orde = Volgorde.SCHOOL if volgorde == OP_NAAM or is_mbo(bezoeker) else Volgorde(volgorde)
    rijen = _alle_rijen(cursor, bezoeker, vraag, orde, regels)
    return _vul_aan(cursor, bezoeker, regels, rijen, len(rijen), None)


def _lees_van_mbo(
    cursor: Cursor[Any], bezoeker: Bezoeker, vraag: Lijstvraag, volgorde: str, regels: Regels
) -> _Gelezen:
    """Put the pupils of an MBO in order by its own aanmelding, which no index knows; read the names of one page."""
    rijen = _alle_rijen(cursor, bezoeker, vraag, Volgorde.SCHOOL, regels)
    if vraag.status:
        rijen = [rij for rij in rijen if (eigen := _eigen_aanmelding(rij)) and eigen["status"] == vraag.status]
    if volgorde in {Volgorde.LANGST, Volgorde.NIEUWST}:
        rijen.sort(
            key=lambda rij: str((_eigen_aanmelding(rij) or {}).get("sinds", "")), reverse=volgorde == Volgorde.NIEUWST
        )
    begin = _begin_na(vraag, [rij["overstap"] for rij in rijen])
    bladzijde = rijen[begin : begin + vraag.aantal]
    is_meer = len(rijen) > begin + vraag.aantal
    verder = schrijf_bladwijzer(_Plaats(bladzijde[-1]["overstap"])) if is_meer else None
    return _vul_aan(cursor, bezoeker, regels, bladzijde, len(rijen), verder)


def _alle_rijen(
    cursor: Cursor[Any], bezoeker: Bezoeker, vraag: Lijstvraag, orde: Volgorde, regels: Regels
) -> list[dict[str, Any]]:
    nu = bezoeker.dienst.nu()
    staart, waarden = kies(regels, nu, _als_vraag(bezoeker, vraag), volgorde=orde, aantal=DOORZOEKBAAR)
    with cursor.connection.cursor(row_factory=dict_row) as rijcursor:
        rijen = rijcursor.execute(leesvraag(bezoeker.actor.rol) + SQL(staart), waarden).fetchall()
    if len(rijen) > DOORZOEKBAAR:
        uitleg = "Kies ook een school, klas of status: dit zijn er te veel om op naam te zoeken of te zetten."
        raise ongeldig(Fout(plaats="query.volgorde", code="te_ruim", uitleg=uitleg))
    return rijen


def _eigen_aanmelding(rij: Mapping[str, Any]) -> dict[str, Any] | None:
    """Give the furthest aanmelding at the MBO that looks."""
    eigen: list[dict[str, Any]] = rij["eigen_aanmeldingen"]
    return max(eigen, key=lambda een: RANG[AanmeldingStatus(een["status"])], default=None)


def _begin_na(vraag: Lijstvraag, overstappen: Sequence[UUID]) -> int:
    """Give the place after the bookmark; who went from the list since takes one to its beginning."""
    if vraag.na is None:
        return 0
    na = lees_bladwijzer(vraag.na, _Plaats).overstap
    return next((plaats + 1 for plaats, een in enumerate(overstappen) if een == na), 0)


def _vul_aan(  # noqa: PLR0913, PLR0917  # what was read
    cursor: Cursor[Any],
    bezoeker: Bezoeker,
    regels: Regels,
    rijen: list[dict[str, Any]],
    totaal: int,
    verder: str | None,
) -> _Gelezen:
    """Read beside the rows the sealed names, and on which worklists each pupil stands."""
    rol = bezoeker.actor.rol
    welke = [rij["overstap"] for rij in rijen]
    met_namen = Veldgroep.NAAM in zichtbare_groepen(rol) and welke
    verzegelden = lees_verzegelden(cursor, rol, welke) if met_namen else []
    lijsten = werklijsten_per_leerling(cursor, regels, bezoeker.dienst.nu(), welke, lijsten_van_rol(rol))
    return _Gelezen(rijen, verzegelden, lijsten, totaal, verder)


def _namen(bezoeker: Bezoeker, verzegelden: list[Verzegelde]) -> dict[UUID, Persoonblad]:
    return open_namen(bezoeker.dienst.hoofdsleutel, bezoeker.actor, verzegelden, met_reden=False)


def _neem_over(bezoeker: Bezoeker, gelezen: _Gelezen, _vraag: Lijstvraag, volgorde: str, gevouwen: int) -> Lijstblad:
    """Make the page as the database gave it."""
    namen = _namen(bezoeker, gelezen.verzegelden)
    rijen = [_regel(bezoeker, rij, namen, gelezen.lijsten) for rij in gelezen.rijen]
    return Lijstblad(regels=rijen, totaal=gelezen.totaal, verder=gelezen.verder, volgorde=volgorde, gevouwen=gevouwen)


def _kies(bezoeker: Bezoeker, gelezen: _Gelezen, vraag: Lijstvraag, volgorde: str, gevouwen: int) -> Lijstblad:
    """Keep who is looked for, put them in order, and cut the page that follows the bookmark."""
    namen = _namen(bezoeker, gelezen.verzegelden)
    alle = [_regel(bezoeker, rij, namen, gelezen.lijsten) for rij in gelezen.rijen]
    if is_mbo(bezoeker) and vraag.status:
        alle = [een for een in alle if een.mbo_status == vraag.status]
    if vraag.naam:
        gezocht = vraag.naam.casefold().split()
        alle = [een for een in alle if een.naam and all(deel in een.naam.casefold() for deel in gezocht)]
    if volgorde == OP_NAAM:
        alle.sort(key=lambda een: (een.naam is None, (een.naam or "").casefold(), een.overstap))
    begin = _begin_na(vraag, [een.overstap for een in alle])
    bladzijde = alle[begin : begin + vraag.aantal]
    is_meer = len(alle) > begin + vraag.aantal
    verder = schrijf_bladwijzer(_Plaats(bladzijde[-1].overstap)) if is_meer else None
    return Lijstblad(regels=bladzijde, totaal=len(alle), verder=verder, volgorde=volgorde, gevouwen=gevouwen)


def _regel(
    bezoeker: Bezoeker,
    rij: Mapping[str, Any],
    namen: Mapping[UUID, Persoonblad],
    lijsten: Mapping[UUID, list[Werklijst]],
) -> Regel:
    overstap = rij["overstap"]
    persoon = namen.get(overstap)
    velden: dict[str, Any] = {veld: rij.get(veld) for veld in ("school", "vestiging", "klas", "leerweg", "gemeente")}
    velden |= {"status": rij.get("status"), "sinds": rij.get("sinds"), "laatste_op": rij.get("laatste_op")}
    if "eigen_aanmeldingen" in rij:
        beste = _eigen_aanmelding(rij)
        velden |= {"elders": rij["elders_geplaatst"], "aanmeldingen": len(rij["eigen_aanmeldingen"])}
        if beste is not None:
            velden |= {"mbo_status": beste["status"], "sinds": datetime.fromisoformat(beste["sinds"])}
    elif "beste_brin" in rij:
        velden |= {"mbo": rij["beste_brin"], "mbo_status": rij["beste_status"], "aanmeldingen": rij["aantal_actief"]}
    sinds = velden["sinds"]
    vandaag = datum_in_amsterdam(bezoeker.dienst.nu())
    return Regel(
        overstap=overstap,
        versie=rij["versie"],
        naam=naam_van(persoon),
        is_gewist=persoon is not None and persoon.is_gewist is True,
        dagen=max(0, (vandaag - datum_in_amsterdam(sinds)).days) if sinds else None,
        werklijsten=tuple(lijsten.get(overstap, ())),
        **velden,
    )


def naam_van(persoon: Persoonblad | None) -> str | None:
    """Write a name as a list has it: Berg, Noor van den; None when it is not known, or nobody's any more."""
    if persoon is None or not isinstance(persoon.achternaam, str):
        return None
    rest = [deel for deel in (persoon.voornaam, persoon.tussenvoegsel) if isinstance(deel, str) and deel]
    return f"{persoon.achternaam}, {' '.join(rest)}" if rest else persoon.achternaam
