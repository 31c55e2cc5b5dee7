"""One pupil's overstap: where he stands, who he is, and what this caller may do about him now."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query, Request, Response
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from overstap.adapters.http.antwoorden import etag, in_json, is_bekend, ongewijzigd
from overstap.adapters.http.bladen import GEWIST, Leerlingblad, persoonblad
from overstap.adapters.http.dienst import Dienst, dienst_van
from overstap.adapters.http.dossier import (
    Berichtblad,
    Leerplichtblad,
    Overdrachtblad,
    Overlegblad,
    Signaalblad,
    dossierdelen,
)
from overstap.adapters.http.identiteit.wie import Wie
from overstap.adapters.http.jaren import Moment
from overstap.adapters.http.lezen import Gezien, lees_overstap
from overstap.adapters.http.operaties import operatie, schema_van
from overstap.adapters.http.overstapvoorbeeld import VOORBEELD
from overstap.adapters.http.problemen import Fout, onbekend, ongeldig
from overstap.adapters.http.reden import Reden
from overstap.adapters.http.stappen import OverstapId
from overstap.adapters.http.stapverzoeken import STAPPEN, pad_van
from overstap.adapters.http.wachten import Bijgewerkt
from overstap.domain.overstap import Aanmelding
from overstap.domain.rollen import Actor
from overstap.domain.statussen import RANG, AanmeldingStatus
from overstap.domain.weigering import Reden as Voorwaarde
from overstap.domain.weigering import Weigering
from overstap.projections.peiling import Regelstand, peil
from overstap.statemachine.kader import zelfde_instelling
from overstap.statemachine.mogelijkheden import Mogelijkheid, mogelijkheden
from overstap.statemachine.veldgroepen import PERSOONLIJK, Veldgroep

router: Final = APIRouter()
_GEPLAATST: Final = RANG[AanmeldingStatus.VOORLOPIG_GEPLAATST]
_PADEN: Final = {stap: pad_van(stap) for stap in STAPPEN}


class Aanmeldingblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One aanmelding as it goes out."""

    nummer: int
    brin: str
    crebo: str
    status: str
    sinds_op: datetime
    keten_id: str | None
    startdatum: str | None
    leertraject: str | None


class Weigeringblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Why a step is not open."""

    code: str
    zin: str
    redenen: tuple[Voorwaarde, ...]
    wat_nodig: str


class Stapblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A step: where to send it, on which aanmelding, and whether it is open to this caller now."""

    stap: str
    aanmelding: int | None
    is_open: bool
    adres: str
    weigering: Weigeringblad | None


class Overstapblad(Leerlingblad, frozen=True, kw_only=True, rename="camel"):
    """An overstap as it goes out to one caller; what his role may not have is left out."""

    kwalificatieplicht_tot: str | UnsetType | None = UNSET
    vervolgkeuze: str | UnsetType | None = UNSET
    soort_pgn: str | UnsetType = UNSET
    aanmeldingen: list[Aanmeldingblad] | UnsetType = UNSET
    elders_geplaatst: bool | UnsetType = UNSET
    signalen: list[Signaalblad] | UnsetType = UNSET
    leerplicht: Leerplichtblad | UnsetType = UNSET
    overleg: list[Overlegblad] | UnsetType = UNSET
    berichten: list[Berichtblad] | UnsetType = UNSET
    overdracht: Overdrachtblad | UnsetType = UNSET
    stappen: list[Stapblad]


class Standblad(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What held at one moment, as known at another: for the pupil, and for each aanmelding that the caller may know of.

    Each says since when, by which event, and when that became known; and what has replaced it since.
    """

    id: UUID
    peilmoment: datetime
    kennismoment: datetime
    leerling: Regelstand | UnsetType = UNSET
    aanmeldingen: list[Regelstand] | UnsetType = UNSET


@router.get(
    "/overstappen/{overstapId:uuid}",
    operation_id="toon_overstap",
    tags=["overstappen"],
    responses={304: {"description": "U hebt deze versie al."}},
    openapi_extra=operatie(
        antwoord={"oneOf": [schema_van(Overstapblad), schema_van(Standblad)]},
        voorbeeld=VOORBEELD,
        problemen=("niet-gevonden",),
        koppen={"ETag": "De versie van nu; niet bij een peilmoment."},
    ),
)
async def toon_overstap(  # noqa: PLR0913, PLR0917  # FastAPI reads the request from the arguments
    request: Request,
    overstap_id: OverstapId,
    actor: Wie,
    reden: Reden,
    _bij: Bijgewerkt,
    peilmoment: Annotated[
        Moment | None, Query(description="Toon de status die op dit moment gold, in plaats van alles van nu.")
    ] = None,
    kennismoment: Annotated[
        Moment | None, Query(description="Zoals die op dit moment bekend was; anders zoals nu bekend.")
    ] = None,
) -> Response:
    """Toon één overstap, met wat u er nu mee mag: elke stap, of waarom die niet kan.

    Met peilmoment of kennismoment: waar hij en elke aanmelding stonden, en wanneer dat bekend werd.
    """
    dienst = dienst_van(request)
    if peilmoment is not None or kennismoment is not None:
        op, bekend = _momenten(dienst, peilmoment, kennismoment)
        gezien = await lees_overstap(request, dienst, overstap_id, actor, reden, als="peiling")
        return in_json(stand_op(gezien, actor, op, bekend))
    gezien = await lees_overstap(request, dienst, overstap_id, actor, reden)
    versie = gezien.dossier.versie
    if is_bekend(request, versie):
        return ongewijzigd(versie)
    mag = mogelijkheden(gezien.dossier.overstap, actor, dienst.nu(), gezien.kader)
    delen = await dossierdelen(dienst, gezien, actor, reden)
    return in_json(_blad(gezien, actor, mag, delen), koppen={"ETag": etag(versie)})


def _blad(gezien: Gezien, actor: Actor, mag: tuple[Mogelijkheid, ...], delen: Mapping[str, object]) -> Overstapblad:
    overstap, groepen = gezien.dossier.overstap, gezien.groepen
    velden = dict(delen)
    if Veldgroep.SCHOOL in groepen:
        velden |= {naam: getattr(overstap, naam) for naam in ("school", "vestiging", "klas", "leerweg")}
    if Veldgroep.GEMEENTE in groepen:
        velden["gemeente"] = overstap.gemeente
    if Veldgroep.STATUS in groepen:
        velden |= {
            "status": overstap.status,
            "sinds_op": overstap.sinds,
            "kwalificatieplicht_tot": overstap.kwalificatieplicht_tot,
        }
    if Veldgroep.REDEN in groepen:
        velden["vervolgkeuze"] = overstap.vervolgkeuze
    if Veldgroep.PGN in groepen:
        velden["soort_pgn"] = overstap.soort_pgn
    if gezien.groepen & PERSOONLIJK:
        velden["persoon"] = GEWIST if overstap.is_gewist else persoonblad(dict(gezien.persoon().velden()))
    eigen = zichtbare_aanmeldingen(gezien, actor)
    if eigen is not None:
        velden["aanmeldingen"] = [_aanmelding(een) for een in eigen]
    if Veldgroep.ELDERS_GEPLAATST in groepen:
        velden["elders_geplaatst"] = any(
            een.rang >= _GEPLAATST and not zelfde_instelling(een.brin, actor.organisatie)
            for een in overstap.aanmeldingen
        )
    return Overstapblad(
        id=overstap.id,
        versie=overstap.versie,
        overstapjaar=overstap.overstapjaar,
        stappen=_stappen(overstap.id, mag),
        **velden,  # type: ignore[arg-type]  # by name, as the struct has them
    )


def zichtbare_aanmeldingen(gezien: Gezien, actor: Actor) -> tuple[Aanmelding, ...] | None:
    """Give the aanmeldingen that the caller may know of; None when his role is told of none."""
    alle = gezien.dossier.overstap.aanmeldingen
    if Veldgroep.ANDERE_AANMELDINGEN in gezien.groepen:
        return alle
    if Veldgroep.EIGEN_AANMELDINGEN in gezien.groepen:
        return tuple(een for een in alle if zelfde_instelling(een.brin, actor.organisatie))
    return None


def _momenten(dienst: Dienst, peilmoment: datetime | None, kennismoment: datetime | None) -> tuple[datetime, datetime]:
    nu = dienst.nu()
    op, bekend = peilmoment or nu, kennismoment or nu
    zonder_zone = [
        Fout(plaats=f"query.{naam}", code="ongeldig", uitleg="Schrijf het moment met Z of een tijdverschil.")
        for naam, moment in (("peilmoment", op), ("kennismoment", bekend))
        if moment.tzinfo is None
    ]
    if zonder_zone:
        raise ongeldig(*zonder_zone)
    return op, bekend


def stand_op(gezien: Gezien, actor: Actor, op: datetime, bekend: datetime) -> Standblad:
    """Give what held at one moment as known at another, as far as the caller may know.

    Raises:
        Probleem: 404 when nobody he knows of was known of then.

    """
    peiling = peil(gezien.gebeurtenissen, op, bekend)
    if peiling is None:
        raise onbekend()  # nobody knew of him then
    eigen = zichtbare_aanmeldingen(gezien, actor)
    nummers = None if eigen is None else {een.nummer for een in eigen}
    leerling = peiling.leerling if Veldgroep.STATUS in gezien.groepen else None
    aanmeldingen = None if nummers is None else [een for een in peiling.aanmeldingen if een.nummer in nummers]
    if leerling is None and not aanmeldingen:
        raise onbekend()  # the caller did not know of him then
    if leerling is not None and Veldgroep.REDEN not in gezien.groepen:
        leerling = replace(leerling, reden=None)
    return Standblad(
        id=gezien.stroom,
        peilmoment=op,
        kennismoment=bekend,
        leerling=leerling or UNSET,
        aanmeldingen=UNSET if aanmeldingen is None else aanmeldingen,
    )


def _aanmelding(een: Aanmelding) -> Aanmeldingblad:
    return Aanmeldingblad(
        nummer=een.nummer,
        brin=een.brin,
        crebo=een.crebo,
        status=een.status,
        sinds_op=een.sinds,
        keten_id=een.keten_id,
        startdatum=een.startdatum,
        leertraject=een.leertraject,
    )


def _stappen(overstap: UUID, mag: Iterable[Mogelijkheid]) -> list[Stapblad]:
    begin = f"/v1/overstappen/{overstap}/stappen/"
    return [
        Stapblad(
            stap=een.stap,
            aanmelding=een.aanmelding,
            is_open=een.weigering is None,
            adres=begin + _PADEN[een.stap],
            weigering=_weigering(een.weigering) if een.weigering else None,
        )
        for een in mag
        if een.stap in _PADEN
    ]


def _weigering(een: Weigering) -> Weigeringblad:
    return Weigeringblad(code=een.code, zin=een.zin, redenen=een.redenen, wat_nodig=een.wat_nodig)
