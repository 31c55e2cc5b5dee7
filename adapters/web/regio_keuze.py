"""The parts of a region that one can choose, as options, written once for all who see the same: there may be 1,300."""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec
from markupsafe import Markup

from overstap.adapters.web.taal import Taal

Keuze = tuple[str, str]
"""The value of an option, and its text."""
_OPTIE: Final = Markup('<option value="{}">{}</option>\n')
_GROEP: Final = Markup('<optgroup label="{}">\n{}</optgroup>')


class Keuzelijst(msgspec.Struct, frozen=True, kw_only=True):
    """What one can choose by division, and its options as they stand in a page."""

    soorten: tuple[str, ...]
    opties: Markup

    def __bool__(self) -> bool:
        """Tell whether there is anything to choose."""
        return bool(self.soorten)

    def met(self, gekozen: str | None) -> Markup:
        """Give the options, of which one is chosen."""
        if gekozen is None:
            return self.opties
        kaal = Markup('<option value="{}"').format(gekozen)
        return Markup(str(self.opties).replace(kaal, f"{kaal} selected", 1))  # noqa: S704 - only a word added


def keuzelijst_van(taal: Taal, delen: Mapping[str, Iterable[Keuze]]) -> Keuzelijst:
    """Write the options of each division by name; a division of one group is no choice."""
    groepen = {soort: sorted(keuzes, key=lambda keuze: keuze[1]) for soort, keuzes in delen.items()}
    groepen = {soort: keuzes for soort, keuzes in groepen.items() if len(keuzes) > 1}
    return Keuzelijst(
        soorten=tuple(groepen),
        opties=Markup("").join(
            _GROEP.format(taal(f"regio.kop_{soort}"), Markup("").join(_OPTIE.format(*keuze) for keuze in keuzes))
            for soort, keuzes in groepen.items()
        ),
    )
