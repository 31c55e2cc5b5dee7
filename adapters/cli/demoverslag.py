"""What a demo tells at its end: what came in, what was refused and why, and the region on its three days."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import msgspec

from overstap.adapters.cli.cijferblad import Blad, Deel, delen_van, schrijf_oordeel
from overstap.adapters.cli.uitvoer import schrijf, schrijf_tabel
from overstap.adapters.demo import Telling
from overstap.domain.woorden import MAANDEN
from overstap.projections.cijfers import Indeling
from overstap.projections.werklijsten import Werklijst
from overstap.projections.zinnen import in_woorden


class Normregel(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One norm on its own day, for the region or one of its groups."""

    norm: str
    op: str
    per: Indeling
    groep: str
    deel: Deel


class Demoverslag(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The whole report; days are named 1 apr, 1 jun and 1 okt, refused counts lines by code."""

    pupils: int
    events: int
    deliveries: int
    lines: int
    accepted: int
    unchanged: int
    wachtbak: int
    refused: dict[str, int]
    refusal_examples: dict[str, str]
    closed: int
    seconds: float
    events_per_second: int
    status_on: dict[str, dict[str, int]]
    norms: list[Normregel]
    worklists: dict[str, int]


def maak_verslag(
    leerlingen: int, telling: Telling, bladen: Sequence[Blad], werklijsten: Mapping[Werklijst, int]
) -> Demoverslag:
    """Put the report together; bladen are the sheets of the three days."""
    return Demoverslag(
        pupils=leerlingen,
        events=telling.gebeurtenissen,
        deliveries=telling.leveringen,
        lines=telling.regels,
        accepted=telling.aanvaard,
        unchanged=telling.ongewijzigd,
        wachtbak=telling.wachtbak,
        refused=telling.geweigerd,
        refusal_examples=telling.redenen,
        closed=telling.afgesloten,
        seconds=round(telling.seconden, 1),
        events_per_second=round(telling.gebeurtenissen_per_seconde),
        status_on={
            _korte_dag(blad.op): {str(status): aantal for status, aantal in blad.per_status.items()} for blad in bladen
        },
        norms=[regel for blad in bladen for regel in _normen_van_de_dag(blad)],
        worklists={str(lijst): aantal for lijst, aantal in werklijsten.items()},
    )


def schrijf_verslag(verslag: Demoverslag, noem: Callable[[str], str]) -> None:
    """Write the report for a person."""
    schrijf(
        f"{_getal(verslag.pupils)} leerlingen: {_getal(verslag.events)} gebeurtenissen uit {_getal(verslag.lines)} "
        f"regels van {_getal(verslag.deliveries)} bestanden, in {round(verslag.seconds)} s "
        f"({_getal(verslag.events_per_second)} per seconde)"
    )
    schrijf()
    dagen = [f"#{dag}" for dag in verslag.status_on]
    standen = list(verslag.status_on.values())
    schrijf_tabel(
        "Waar de leerlingen stonden",
        ("status", *dagen),
        [(in_woorden(status), *(stand[status] for stand in standen)) for status in standen[0]],
    )
    for indeling in (Indeling.REGIO, Indeling.LEERWEG, Indeling.GEMEENTE):
        schrijf()
        _schrijf_normen([regel for regel in verslag.norms if regel.per is indeling], indeling, noem)
    schrijf()
    schrijf_tabel(
        "Wat er met de regels gebeurde",
        ("uitkomst", "#regels"),
        [
            ("aanvaard", verslag.accepted),
            ("ongewijzigd", verslag.unchanged),
            ("in de wachtbak", verslag.wachtbak),
            ("geweigerd", sum(verslag.refused.values())),
        ],
    )
    if verslag.refused:
        schrijf()
        schrijf_tabel(
            "Wat is geweigerd, en waarom",
            ("code", "#regels", "bijvoorbeeld"),
            [(code, aantal, verslag.refusal_examples[code]) for code, aantal in verslag.refused.items()],
        )
    schrijf()
    schrijf_tabel(
        f"Werklijsten, nadat {_getal(verslag.closed)} overstappen zijn afgesloten",
        ("werklijst", "#aantal"),
        [(in_woorden(lijst), aantal) for lijst, aantal in verslag.worklists.items()],
    )


def _schrijf_normen(regels: Sequence[Normregel], indeling: Indeling, noem: Callable[[str], str]) -> None:
    per_groep: dict[str, dict[str, Deel]] = {}
    for regel in regels:
        per_groep.setdefault(regel.groep, {})[regel.norm] = regel.deel
    eerste = next(iter(per_groep.values()), {})
    koppen = [f"#{in_woorden(naam)} (norm {deel.norm} %)" for naam, deel in eerste.items()]
    schrijf_tabel(
        f"Tegen de normen, per {indeling}" if indeling is not Indeling.REGIO else "Tegen de normen, elk op hun dag",
        (indeling, *koppen),
        [
            (noem(groep), *(schrijf_oordeel(deel) for deel in delen.values()))
            for groep, delen in sorted(per_groep.items())
        ],
    )


def _normen_van_de_dag(blad: Blad) -> list[Normregel]:
    return [
        Normregel(norm=naam, op=_korte_dag(blad.op), per=indeling, groep=groep.groep, deel=deel)
        for indeling in (Indeling.REGIO, Indeling.LEERWEG, Indeling.GEMEENTE)
        for groep in blad.groepen[indeling]
        for naam, deel in delen_van(groep).items()
        if deel.norm_op == blad.op
    ]


def _korte_dag(dag: date) -> str:
    return f"{dag.day} {MAANDEN[dag.month - 1][:3]}"


def _getal(aantal: int) -> str:
    return f"{aantal:,}".replace(",", ".")
