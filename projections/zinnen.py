"""What every sentence about an event is made with: who acted, and how to name and open what the fact refers to."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import msgspec

from overstap.domain.feiten import Verzegeld
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.woorden import datum_in_woorden, moment_in_woorden

_WOORDEN = {
    "vervolgkeuze_vo": "vervolgkeuze VO",
    "mbo_buiten_regio": "MBO buiten de regio",
    "terug_naar_vo": "terug naar het VO",
    "naar_mbo": "naar het MBO",
    "overgedragen_aan_doorstroompunt": "overgedragen aan het Doorstroompunt",
    "vo_beheerder": "vo-beheerder",
    "mbo_beheerder": "mbo-beheerder",
    "mbo_intaker": "mbo-intaker",
    "niet_gehandhaafd": "aanmelding niet gehandhaafd",
    "bsn": "burgerservicenummer",
    "alle_aanmeldingen_beeindigd": "alle aanmeldingen beëindigd",
}
"""Codes that read badly when only their underscores become spaces."""

OpenZegel = Callable[[Gebeurtenis, str, Verzegeld], str | None]
"""Open sealed text of an event: the event, the field, the ciphertext; None when its key is gone or out of reach."""

ONLEESBAAR = "(niet leesbaar)"


class Zin(msgspec.Struct, frozen=True):
    """What happened, as a whole sentence, and why ('' when the fact does not say)."""

    wat: str
    waarom: str = ""


class Verteller(msgspec.Struct, frozen=True, kw_only=True):
    """The circumstances of one event: who acted, and how to name an organisation or an earlier event."""

    gebeurtenis: Gebeurtenis
    wie: str
    noem: Callable[[str], str]
    verwijs: Callable[[int], str]
    open_zegel: OpenZegel

    def lees(self, veld: str, verzegeld: Verzegeld | None) -> str:
        """Give the sealed text of a field in quotation marks, or say that it cannot be read; '' when there is none."""
        if verzegeld is None:
            return ""
        tekst = self.open_zegel(self.gebeurtenis, veld, verzegeld)
        return ONLEESBAAR if tekst is None else f"“{tekst}”"


def voeg_samen(*delen: str) -> str:
    """Join what is said with semicolons, leaving out what is empty."""
    return "; ".join(deel for deel in delen if deel)


def som_op(delen: list[str]) -> str:
    """Write a list as 'a, b en c'."""
    return delen[0] if len(delen) == 1 else f"{', '.join(delen[:-1])} en {delen[-1]}"


def in_woorden(code: str) -> str:
    """Write a code such as nog_niet_aangemeld as the words it stands for."""
    return _WOORDEN.get(code, code.replace("_", " "))


def schrijf_datum(datum: str) -> str:
    """Write an ISO date as 21 november 2026."""
    return datum_in_woorden(date.fromisoformat(datum))


def schrijf_moment(tekst: str) -> str:
    """Write an instant given as RFC 3339 text, UTC where it names no offset; text that is no instant stays as it is."""
    try:
        moment = datetime.fromisoformat(tekst)
    except ValueError:
        return tekst
    return moment_in_woorden(moment.replace(tzinfo=moment.tzinfo or UTC))
