"""What can go wrong, as problem+json (RFC 9457): each kind has a code, a status, and a page of ours."""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from overstap.domain.weigering import Weigering

PROBLEEM_JSON: Final = "application/problem+json"


class Soort(msgspec.Struct, frozen=True):
    """A kind of problem: its title, its HTTP status, and what its page says to do."""

    titel: str
    status: int
    uitleg: str


PROBLEMEN: Final[dict[str, Soort]] = {
    "ongeldige-invoer": Soort(
        "Het verzoek klopt niet", 400, "Verbeter alles wat in errors staat en stuur het verzoek opnieuw."
    ),
    "niet-aangemeld": Soort("U bent niet aangemeld", 401, "Geef een geldig token mee, of meld u aan."),
    "geen-toegang": Soort(
        "Dit mag u niet", 403, "U bent wel bekend, maar dit hoort niet bij uw rol. In detail staat wie het wel mag."
    ),
    "niet-gevonden": Soort("Dit bestaat hier niet", 404, "Controleer het adres of het nummer."),
    "methode-niet-toegestaan": Soort(
        "Deze methode kan hier niet", 405, "De kopregel Allow noemt de methoden die hier wel kunnen."
    ),
    "te-traag": Soort("Het verzoek kwam te langzaam binnen", 408, "Stuur het verzoek in één keer opnieuw."),
    "geweigerd": Soort(
        "De procedure staat dit nu niet toe",
        409,
        "In detail staat waarom, in watNodig wat er nodig is, en in welMogelijk wat u nu wel kunt doen.",
    ),
    "bezig": Soort(
        "Hetzelfde verzoek wordt nog verwerkt", 409, "Wacht even en stuur het dan met dezelfde sleutel opnieuw."
    ),
    "verouderd": Soort(
        "Dit is intussen gewijzigd",
        412,
        "Haal het opnieuw op, kijk of het nog nodig is, en gebruik de nieuwe ETag.",
    ),
    "te-groot": Soort("Het verzoek is te groot", 413, "Verdeel het over meer verzoeken."),
    "koppen-te-groot": Soort("De kopregels zijn te groot", 431, "Stuur kortere kopregels, of minder."),
    "verkeerd-mediatype": Soort(
        "Dit soort inhoud wordt hier niet gelezen", 415, "Kies een Content-Type dat in de documentatie staat."
    ),
    "andere-inhoud": Soort(
        "Deze sleutel is al gebruikt voor een ander verzoek", 422, "Geef een nieuw verzoek een nieuwe Idempotency-Key."
    ),
    "versie-ontbreekt": Soort(
        "De kopregel If-Match ontbreekt", 428, "Haal het eerst op en stuur de ETag mee als If-Match."
    ),
    "te-veel-verzoeken": Soort("U stuurt te veel verzoeken", 429, "Wacht zo veel seconden als Retry-After zegt."),
    "interne-fout": Soort(
        "Er ging bij ons iets mis",
        500,
        "Meld dit met de correlatie uit X-Correlation-Id. Of het is vastgelegd leert "
        "hetzelfde verzoek met dezelfde sleutel.",
    ),
    "niet-beschikbaar": Soort(
        "De dienst is even niet beschikbaar",
        503,
        "Stuur het na Retry-After opnieuw, met dezelfde sleutel.",
    ),
}
"""Every kind there is; the keys are part of the API."""


class Fout(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """One thing that is wrong: where in the request (body.grond, query.limit, header.If-Match), a code, a sentence."""

    plaats: str | None = None
    code: str
    uitleg: str


class Probleem(Exception):
    """Raised anywhere below the door; the door turns it into an answer."""

    def __init__(  # noqa: PLR0913  # the members of a problem
        self,
        soort: str,
        detail: str,
        *,
        code: str | None = None,
        errors: Iterable[Fout] = (),
        koppen: Mapping[str, str] | None = None,
        wat_nodig: str | None = None,
        wel_mogelijk: tuple[str, ...] | None = None,
    ) -> None:
        super().__init__(soort)
        self.soort = soort
        self.detail = detail
        self.code = code or soort.replace("-", "_")
        self.errors = tuple(errors)
        self.koppen = dict(koppen or {})
        self.wat_nodig = wat_nodig
        self.wel_mogelijk = wel_mogelijk

    @property
    def status(self) -> int:
        """The HTTP status of its kind."""
        return PROBLEMEN[self.soort].status


class ProbleemJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """A problem as it goes out."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    errors: tuple[Fout, ...]
    wat_nodig: str | None = None
    wel_mogelijk: tuple[str, ...] | None = None


_schrijf = msgspec.json.Encoder()


def antwoord(probleem: Probleem, adres: str, correlatie: str) -> Response:
    """Write a problem; adres is where this service is reached, instance names the one occurrence by its correlation."""
    soort = PROBLEMEN[probleem.soort]
    inhoud = ProbleemJson(
        type=f"{adres}/v1/problemen/{probleem.soort}",
        title=soort.titel,
        status=soort.status,
        detail=probleem.detail,
        instance=f"urn:uuid:{correlatie}",
        code=probleem.code,
        errors=probleem.errors,
        wat_nodig=probleem.wat_nodig,
        wel_mogelijk=probleem.wel_mogelijk,
    )
    return Response(_schrijf.encode(inhoud), soort.status, probleem.koppen, PROBLEEM_JSON)


def onbekend() -> Probleem:
    """Say the one sentence for what does not exist and for what this caller may not see: they cannot be told apart."""
    return Probleem("niet-gevonden", "Dit is hier niet bekend.")


_SOORT_VAN: Final = {
    "onbekende_leerling": "niet-gevonden",
    "conflict": "verouderd",
    "andere_inhoud": "andere-inhoud",
    "niet_bevoegd": "geen-toegang",
    "andere_organisatie": "geen-toegang",
    "druk": "niet-beschikbaar",
    "onleesbaar": "niet-beschikbaar",
}
"""The refusals that HTTP has a word of its own for; any other is `geweigerd`."""


def van_weigering(weigering: Weigering) -> Probleem:
    """Turn a refusal into its problem, with its structured reasons."""
    soort = _SOORT_VAN.get(weigering.code, "geweigerd")
    if soort == "niet-gevonden":
        return onbekend()
    return Probleem(
        soort,
        weigering.zin,
        code=weigering.code,
        errors=(Fout(code=reden.voorwaarde, uitleg=reden.uitleg) for reden in weigering.redenen),
        koppen={"Retry-After": "1"} if weigering.code == "druk" else None,
        wat_nodig=weigering.wat_nodig or None,
        wel_mogelijk=weigering.wel_mogelijk,
    )


def ongeldig(*errors: Fout) -> Probleem:
    """Say that the request is wrong, with everything that is."""
    hoeveel = "Er klopt één ding niet." if len(errors) == 1 else f"Er kloppen {len(errors)} dingen niet."
    return Probleem("ongeldige-invoer", hoeveel, errors=errors)


def correlatie_van(request: Request) -> str:
    """Give the correlation of a request, as the gate set it."""
    return str(request.scope["overstap.correlatie"])
