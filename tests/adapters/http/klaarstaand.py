"""For each step that a role may take: a pupil for whom it is in order, and what to send. Random ids find neither."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, Final

import msgspec

from overstap.adapters.http.stapverzoeken import STAPPEN
from overstap.domain import verzoeken as v
from overstap.domain.identificaties import is_bsn
from overstap.domain.rollen import Rol
from tests.adapters.http.gebied import Gebied
from tests.rechtentabel import DOET, Cel, Kring
from tests.statemachine.gegeven import Gegeven
from tests.statemachine.spelers import GEMEENTE, LEERPLICHT, MBO_ZONDER_ACCOUNTS
from tests.statemachine.standen import aanmelding_in
from tests.statemachine.tafel import KAART_1
from tests.statemachine.test_rechten import KAART, geval

PER_STAP: Final = 3
_PGNS: Final = (str(nummer) for nummer in count(910_000_000) if is_bsn(str(nummer)))
_ANDERS: Final[dict[str, Callable[[], dict[str, Any]]]] = {
    "vervang_pgn": lambda: {"nieuwePgn": next(_PGNS)},
    "aanvaard_overdracht": lambda: {"vestiging": "01", "klas": "4b"},
}
"""Bodies that are not those of the request itself."""
_NIEUW: Final = (f"{nummer:02}ZY" for nummer in range(99))


class Klaar(msgspec.Struct, frozen=True, kw_only=True):
    """Where an operation is asked, and with which body: None is whatever was made up."""

    pad: dict[str, str]
    inhoud: dict[str, Any] | None = None


def lichaam(naam: str, verzoek: v.Verzoek) -> dict[str, Any]:
    """Write a request as a body: the fields that say something."""
    if naam in _ANDERS:
        return _ANDERS[naam]()
    inhoud: dict[str, Any] = msgspec.to_builtins(
        {
            veld.encode_name: waarde
            for veld in msgspec.structs.fields(verzoek)
            if (waarde := getattr(verzoek, veld.name)) != veld.default and waarde != {}
        }
    )
    return inhoud


def zet_klaar(gebied: Gebied, rol: Rol) -> dict[str, list[Klaar]]:
    """Record the pupils; give by the name of an operation who stands ready for it."""
    klaar: dict[str, list[Klaar]] = {}
    toevoegingen = []
    for stap, gegeven, verzoek in _gevallen(rol):
        for _ in range(PER_STAP):
            stroom, toevoeging = gebied.leerling(gegeven)
            toevoegingen.append(toevoeging)
            een = Klaar(pad={"overstapId": str(stroom)}, inhoud=lichaam(stap, verzoek))
            klaar.setdefault(stap, []).append(een)
    gebied.leg_vast(toevoegingen)
    if rol is Rol.REGIEBEHEERDER:
        klaar |= _organisatiestappen(gebied)
    return klaar


def _organisatiestappen(gebied: Gebied) -> dict[str, list[Klaar]]:
    """Give what the region may do about an organisation: of a gemeente it gives the roles itself."""
    van_nu = {"account": gebied.account(LEERPLICHT), "rol": "leerplichtambtenaar"}
    nieuwe = [{"account": f"nieuw-{nummer}", "rol": "leerplichtambtenaar"} for nummer in range(PER_STAP)]
    return {
        "neem_organisatie_op": [Klaar(pad={"code": next(_NIEUW)}) for _ in range(PER_STAP)],
        "ken_rol_toe": [Klaar(pad={"code": GEMEENTE}, inhoud=een) for een in nieuwe],
        "trek_rol_in": [Klaar(pad={"code": GEMEENTE}, inhoud=van_nu)],
        "leg_contact_vast": [Klaar(pad={"code": GEMEENTE}) for _ in range(PER_STAP)],
    }


def _gevallen(rol: Rol) -> Iterator[tuple[str, Gegeven, v.Verzoek]]:
    for stap in STAPPEN:
        if rol in DOET.get(stap, ()):
            yield stap, *geval(Cel(rol=rol, wat=stap, kring=Kring.EIGEN, mag=True))
        elif rol is Rol.DECAAN and (stap in KAART_1 or stap == "heropen"):
            rij = KAART[stap]  # he takes it for an MBO that has no accounts
            yield stap, aanmelding_in(rij.vanuit[0], MBO_ZONDER_ACCOUNTS, None), rij.verzoek
