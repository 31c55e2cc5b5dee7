"""Say whose a wachtbak item is: the one step that is about two streams, so it is done as an import does it."""

from typing import Final
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request, Response

from overstap.adapters.app import App
from overstap.adapters.http.antwoorden import etag, in_json, verwachte_versie
from overstap.adapters.http.dienst import dienst_van
from overstap.adapters.http.identiteit.wie import Wie
from overstap.adapters.http.lezen import lees_overstap
from overstap.adapters.http.lichaam import lees
from overstap.adapters.http.operaties import VASTLEGGEND, operatie
from overstap.adapters.http.problemen import van_weigering
from overstap.adapters.http.stappen import VASTGELEGD, IdempotencyKey, IfMatch, OverstapId, Vastlegging
from overstap.adapters.http.stapverzoeken import KOPPEL_WACHTBAK, KoppelWachtbak, pad_van
from overstap.adapters.http.stapvoorbeelden import VOORBEELDEN
from overstap.adapters.koppelingen.levering import Levering, Regeluitkomst
from overstap.adapters.koppelingen.stappen import Stappen
from overstap.adapters.koppelingen.stapregel import KoppelWachtbak as Verzoek
from overstap.adapters.koppelingen.stapregel import Stapregel, Verwijzing
from overstap.adapters.opdracht import ANDERE_INHOUD, conflict
from overstap.adapters.postgres.toevoeging import Afloop, Kwitantie, Toevoeging
from overstap.domain.rollen import Actor
from overstap.domain.weigering import Weigering

router: Final = APIRouter()


@router.post(
    f"/overstappen/{{overstapId:uuid}}/stappen/{pad_van(KOPPEL_WACHTBAK)}",
    operation_id=KOPPEL_WACHTBAK,
    tags=["stappen"],
    openapi_extra=operatie(
        antwoord=Vastlegging,
        voorbeeld={**VASTGELEGD, "gebeurtenissen": 0, "positie": None, "vastgelegdOp": None},
        betekenis="De berichten van het item zijn bij deze leerling gevoegd; versie is die van daarna.",
        lichaam=KoppelWachtbak,
        vraag_voorbeeld=VOORBEELDEN[KOPPEL_WACHTBAK],
        problemen=("niet-gevonden", "verouderd", "versie-ontbreekt", *VASTLEGGEND),
        koppen={"ETag": "De versie na deze stap."},
    ),
)
async def koppel_wachtbak(  # FastAPI reads the headers from the arguments
    request: Request, overstap_id: OverstapId, actor: Wie, sleutel: IdempotencyKey, _als: IfMatch = None
) -> Response:
    """Zeg dat een bericht in de wachtbak over deze leerling gaat."""
    lichaam = await lees(request, KoppelWachtbak)
    versie = verwachte_versie(request)
    vastlegging = await doe_koppel_wachtbak(
        request, actor, overstap_id, lichaam.keten_id, versie=versie, sleutel=sleutel
    )
    return in_json(vastlegging, koppen={"ETag": etag(vastlegging.versie)})


async def doe_koppel_wachtbak(  # noqa: PLR0913  # who sends what to whom, on what he saw
    request: Request, actor: Actor, overstap: UUID, keten_id: str, *, versie: int | None, sleutel: str
) -> Vastlegging:
    """Match an item with a pupil, and record that it was asked; versie is what the caller saw (None: whichever it is).

    Raises:
        Probleem: when it is refused, the pupil has moved on, or he does not exist for this caller.

    """
    dienst = dienst_van(request)
    gezien = await lees_overstap(request, dienst, overstap, actor, als=KOPPEL_WACHTBAK)
    if versie is not None and versie != gezien.dossier.versie:
        raise van_weigering(conflict(gezien.dossier.versie))
    inhoud = b"|".join((KOPPEL_WACHTBAK.encode(), overstap.bytes, keten_id.encode()))
    kwitantie = dienst.kwitanties.maak(actor, sleutel, inhoud)
    correlatie: UUID = request.scope["overstap.correlatie"]
    with dienst.kwitanties.loopt(kwitantie):
        uitslag = await dienst.werkplaats.doe(
            lambda app: _koppel(app, keten_id, overstap, actor, kwitantie, correlatie)
        )
    if isinstance(uitslag, Weigering):
        raise van_weigering(uitslag)
    dienst.standen.vergeet(overstap)
    nu = (await lees_overstap(request, dienst, overstap, actor, als=KOPPEL_WACHTBAK)).dossier.versie
    return Vastlegging(overstap=overstap, versie=nu, gebeurtenissen=0, positie=None, vastgelegd_op=None)


def _koppel(  # noqa: PLR0913, PLR0917  # which item goes to whom, by whom, and how it is known again
    app: App, keten_id: str, overstap: UUID, actor: Actor, kwitantie: Kwitantie, correlatie: UUID
) -> Regeluitkomst | Weigering:
    """Match the item; done again it is already so. The key is bound to what it was used for when it went well."""
    regel = Stapregel(
        verzoek=Verzoek(keten_id=keten_id),
        leerling=Verwijzing(overstap=overstap),
        overstapjaar=None,
        account=None,
        sleutel=None,
        inhoud=kwitantie.sleutel + kwitantie.vingerafdruk,  # known again as this request, and as no other
    )
    bekend = app.opzoeker.kwitanties([kwitantie]).get((kwitantie.client, kwitantie.sleutel))
    if bekend is not None and bekend[0] != kwitantie.vingerafdruk:
        return ANDERE_INHOUD
    [uitslag] = Stappen(Levering(app, actor, correlatie, is_eigen=True)).verwerk([regel])
    if isinstance(uitslag, Weigering):
        return uitslag
    met_stroom = msgspec.structs.replace(kwitantie, stroom=overstap)
    [uitkomst] = app.log.voeg_toe([Toevoeging(kwitantie=met_stroom)], app.klok.voor_het_log())
    return ANDERE_INHOUD if uitkomst.afloop is Afloop.ANDERE_INHOUD else uitslag
