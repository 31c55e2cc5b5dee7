"""CloudEvents 1.0 (NL GOV profile) as institutions send them: each becomes a line that an importer reads."""

from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from overstap.adapters.http.problemen import Fout, ongeldig
from overstap.adapters.http.stapverzoeken import STAPPEN
from overstap.adapters.koppelingen.vooronderzoek import Soort

EEN: Final = "application/cloudevents+json"
VELE: Final = "application/cloudevents-batch+json"
KOPPELBERICHT: Final = "nl.overstappen.koppelbericht.v1"
_VOOR: Final = "nl.overstappen.verzoek."
_NA: Final = ".v1"
GROOTSTE: Final = 65_536
"""How many bytes the data of one event may have."""


class Gebeurd(msgspec.Struct, frozen=True, kw_only=True):
    """One CloudEvent; extensions are read and not used. It does not show itself."""

    specversion: Annotated[str, Meta(pattern=r"^1\.0$")]
    id: Annotated[str, Meta(min_length=1, max_length=255)]
    source: Annotated[str, Meta(min_length=1, max_length=255)]
    type: Annotated[str, Meta(min_length=1, max_length=255)]
    data: msgspec.Raw
    datacontenttype: str = "application/json"
    time: str | None = None
    subject: str | None = None

    def __repr__(self) -> str:
        return "Gebeurd(***)"


_lees_een: Final = msgspec.json.Decoder(Gebeurd)
_lees_vele: Final = msgspec.json.Decoder(list[Gebeurd])


def regels_van(ruw: bytes, media: str) -> tuple[Soort, bytes]:
    """Give the lines of NDJSON that one event or a batch stands for, and what kind of delivery they are.

    The events of a batch are all requests (`nl.overstappen.verzoek.plan-intake.v1`) or all messages of a koppeling.

    Raises:
        Probleem: 400 when it is no CloudEvent, or of a type that is not known here.

    """
    try:
        gebeurd = [_lees_een.decode(ruw)] if media == EEN else _lees_vele.decode(ruw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ongeldig(
            Fout(plaats="body", code="onleesbaar", uitleg="Dit is geen CloudEvent 1.0 in JSON, met data.")
        ) from None
    soorten = {Soort.KOPPELING if een.type == KOPPELBERICHT else Soort.STAPPEN for een in gebeurd}
    mis = [fout for nummer, een in enumerate(gebeurd) for fout in _fouten(een, f"body[{nummer}]")]
    if len(soorten) != 1:
        mis.append(
            Fout(plaats="body", code="ongeldig", uitleg="Stuur verzoeken en koppelberichten apart, en nooit niets.")
        )
    if mis:
        raise ongeldig(*mis)
    [soort] = soorten
    return soort, b"\n".join(map(_regel, gebeurd)) + b"\n"


def _fouten(een: Gebeurd, plaats: str) -> list[Fout]:
    mis = []
    if een.type != KOPPELBERICHT and _stap(een.type) not in STAPPEN:
        mis.append(
            Fout(plaats=f"{plaats}.type", code="ongeldig", uitleg="Dit soort gebeurtenis wordt hier niet gelezen.")
        )
    if len(bytes(een.data)) > GROOTSTE:
        mis.append(Fout(plaats=f"{plaats}.data", code="te_groot", uitleg="De data is groter dan 64 KiB."))
    elif not isinstance(msgspec.json.decode(een.data), dict):
        mis.append(Fout(plaats=f"{plaats}.data", code="verkeerd_type", uitleg="Hier hoort een JSON-object."))
    return mis


def _stap(soort: str) -> str:
    return soort.removeprefix(_VOOR).removesuffix(_NA).replace("-", "_") if soort.startswith(_VOOR) else ""


def _regel(een: Gebeurd) -> bytes:
    data: dict[str, Any] = msgspec.json.decode(een.data)
    if een.type != KOPPELBERICHT:
        data = {**data, "verzoek": _stap(een.type), "sleutel": f"{een.source} {een.id}"}
    return msgspec.json.encode(data)
