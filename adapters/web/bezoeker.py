"""Who looks at a page: somebody who signed in, his language, the mark of his forms, and when he was here before."""

import hmac
from datetime import datetime, timedelta
from typing import Annotated, Final

import msgspec
from fastapi import Depends, Request
from starlette.responses import Response

from overstap.adapters.http.dienst import Dienst, dienst_van
from overstap.adapters.http.identiteit.sessies import KOEKJE as SESSIE
from overstap.adapters.http.identiteit.wie import niet_aangemeld, rollen_van, wie
from overstap.adapters.http.problemen import Probleem
from overstap.adapters.web.taal import KOEKJE as TAAL
from overstap.adapters.web.taal import NEDERLANDS, Taal
from overstap.domain.organisatie import Organisatie
from overstap.domain.rollen import Actor

BEZOEK: Final = "__Host-overstap-bezoek"
_WEG: Final = timedelta(minutes=30)
"""Who was away for so long visits anew."""
_BEWAAR: Final = 400 * 24 * 3600
_VELD: Final = "merk"


class Bezoeker:
    """Somebody who signed in, as one request knows him."""

    def __init__(self, request: Request, actor: Actor) -> None:
        self.actor = actor
        self.dienst: Dienst = dienst_van(request)
        self.taal = taal_van(request)
        self.merk = merk_van(request)
        """What every form of his carries."""
        self._bezoek = _Bezoek.lees(request.cookies.get(BEZOEK, ""), actor)

    @property
    def andere_rollen(self) -> str | None:
        """Where he goes on in another role: in a trial the sign-in page; None when he has only this one."""
        if self.dienst.opties.is_proef:
            return "/aanmelden"
        rollen = rollen_van(self.dienst, self.actor.account, self.actor.organisatie)
        return "/rol" if len(rollen) > 1 else None

    @property
    def organisatie(self) -> Organisatie | None:
        """The organisation he acts for, as it is known now."""
        return self.dienst.kaders.organisatie(self.actor.regio, self.actor.organisatie)

    def noem(self, code: str | None) -> str:
        """Name an organisation by its code, which stands in for a name that is not known."""
        bekend = self.dienst.kaders.organisatie(self.actor.regio, code) if code else None
        if bekend is None and code == self.actor.regio:
            return self.taal("woord.regio", code=code)
        return bekend.naam if bekend and bekend.naam else code or ""

    def vorig_bezoek(self, nu: datetime) -> datetime | None:
        """Tell when he was here before; None when we do not know."""
        if self._bezoek is None:
            return None
        return self._bezoek.begonnen if nu - self._bezoek.laatst > _WEG else self._bezoek.vorig

    def onthoud_bezoek(self, antwoord: Response, nu: datetime) -> None:
        """Let his browser remember that he is here now: an instant and a mark of his account, nothing about anybody."""
        is_nieuw = self._bezoek is None or nu - self._bezoek.laatst > _WEG
        begonnen = nu if is_nieuw or self._bezoek is None else self._bezoek.begonnen
        bezoek = _Bezoek(_kenmerk(self.actor), self.vorig_bezoek(nu), begonnen, nu)
        antwoord.set_cookie(
            BEZOEK, bezoek.schrijf(), max_age=_BEWAAR, path="/", secure=True, httponly=True, samesite="lax"
        )


class _Bezoek(msgspec.Struct, frozen=True, array_like=True):
    """The visit before this one, when this one began, and the last request of it."""

    van: str
    vorig: datetime | None
    begonnen: datetime
    laatst: datetime

    @classmethod
    def lees(cls, tekst: str, actor: Actor) -> "_Bezoek | None":
        try:
            bezoek = msgspec.json.decode(bytes.fromhex(tekst), type=cls)
        except (ValueError, msgspec.DecodeError):
            return None
        momenten = (bezoek.vorig, bezoek.begonnen, bezoek.laatst)
        is_heel = all(moment is None or moment.tzinfo is not None for moment in momenten)
        return bezoek if is_heel and bezoek.van == _kenmerk(actor) else None

    def schrijf(self) -> str:
        return msgspec.json.encode(self).hex()


def _kenmerk(actor: Actor) -> str:
    return hmac.digest(b"bezoek", f"{actor.account}|{actor.rol}|{actor.organisatie}".encode(), "sha256").hex()[:16]


def merk_van(request: Request) -> str:
    """Give the mark of the forms of a session: nobody makes it without the session's secret."""
    return hmac.digest(request.cookies.get(SESSIE, "").encode(), b"formulier", "sha256").hex()


def eis_merk(request: Request, gegeven: str) -> None:
    """See to it that a form is one that we gave in this session.

    Raises:
        Probleem: 403 when it is not.

    """
    if not hmac.compare_digest(merk_van(request).encode(), gegeven.encode()):
        raise Probleem("geen-toegang", "Dit formulier is verlopen. Laad de bladzijde opnieuw.", code="merk")


def taal_van(request: Request) -> Taal:
    """Give the language that a browser chose, else Dutch."""
    return Taal(request.cookies.get(TAAL, NEDERLANDS))


async def _bezoeker(request: Request) -> Bezoeker:
    if SESSIE not in request.cookies:
        raise niet_aangemeld("Meld u aan.")
    bezoeker = Bezoeker(request, await wie(request))
    request.state.bezoeker = bezoeker  # what goes wrong from here on is told within his own frame
    return bezoeker


Bezoek = Annotated[Bezoeker, Depends(_bezoeker)]
"""Who looks; without a session he is sent to sign in (bladroute.py)."""


async def lees_formulier(request: Request, _bezoeker: Bezoeker) -> dict[str, str]:
    """Read the fields of a form that we gave him, the last of each name; files are not read.

    Raises:
        Probleem: 403 when it is not one of ours.

    """
    async with request.form(max_files=0, max_fields=200) as gelezen:
        velden = {naam: waarde for naam, waarde in gelezen.multi_items() if isinstance(waarde, str)}
    eis_merk(request, velden.pop(_VELD, ""))
    return velden
