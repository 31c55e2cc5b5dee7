"""What stands around every page of somebody who signed in: the menu of his role, who he is, the way out."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import HTMLResponse

from overstap.adapters.http.cijfers import heeft_cijfers
from overstap.adapters.http.toegang import LEZERS as TOEGANG_LEZERS
from overstap.adapters.web.aanleveringen_wie import LEZERS, VAN_DE_REGIO
from overstap.adapters.web.bezoeker import Bezoeker
from overstap.adapters.web.lijst import mag_lijst
from overstap.adapters.web.sjabloon import blad
from overstap.domain.kalender import datum_in_amsterdam
from overstap.domain.rollen import Rol


class Ingang(msgspec.Struct, frozen=True):
    """A way in: the name of its text (menu.naam), and where it leads."""

    naam: str
    pad: str


def menu(rol: Rol) -> list[Ingang]:
    """Give the menu of a role; who adds a page of his own adds it here."""
    ingangen = [Ingang("start", "/")]
    if mag_lijst(rol):
        ingangen.append(Ingang("leerlingen", "/leerlingen"))
    if heeft_cijfers(rol):
        ingangen.append(Ingang("regio", "/regio"))
    if rol is Rol.AUDITOR:
        ingangen += [Ingang("log", "/log"), Ingang("controle", "/controle")]
    if rol in VAN_DE_REGIO:
        ingangen.append(Ingang("wachtbak", "/wachtbak"))
    if rol in LEZERS:
        ingangen.append(Ingang("aanleveringen", "/aanleveringen"))
    if rol is Rol.REGIEBEHEERDER:
        ingangen.append(Ingang("beelden", "/beelden"))
    if rol in TOEGANG_LEZERS:
        ingangen.append(Ingang("toegang", "/toegang"))
    if rol in {Rol.VO_BEHEERDER, Rol.MBO_BEHEERDER}:
        ingangen.append(Ingang("organisatie", "/organisatie"))
    if rol is Rol.REGIEBEHEERDER:
        ingangen += [Ingang("organisaties", "/organisaties"), Ingang("jaren", "/jaren")]
    return ingangen


def toon(  # noqa: PLR0913  # what a page is made of
    sjabloon: str, bezoeker: Bezoeker, hier: str, pad: str, waarden: Mapping[str, Any], *, status: int = 200
) -> HTMLResponse:
    """Answer with a page: hier names the entry of the menu that it is under, pad is its own address."""
    return blad(sjabloon, bezoeker.taal, {**omlijsting(bezoeker, hier, pad), **waarden}, status)


def omlijsting(bezoeker: Bezoeker, hier: str, pad: str) -> dict[str, Any]:
    """Give what the frame of a page is filled in with."""
    return {
        "bezoeker": bezoeker,
        "menu": menu(bezoeker.actor.rol),
        "hier": hier,
        "pad": pad,
        "is_proef": bezoeker.dienst.opties.is_proef,
        "proefdag": datum_in_amsterdam(bezoeker.dienst.nu()),
    }
