"""What a decision is judged against, and what it gives: facts, or a refusal."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from overstap.domain.feiten import Feit
from overstap.domain.identificaties import BRIN_ZONDER_VESTIGING
from overstap.domain.kalender import Regels
from overstap.domain.organisatie import Organisatie


class Kader(msgspec.Struct, frozen=True, kw_only=True):
    """The rules in force and the organisations known (by code), at the moment of the decision."""

    regels: Regels
    organisaties: Mapping[str, Organisatie] = {}

    def organisatie(self, code: str) -> Organisatie | None:
        """Give the organisation of a code; of a BRIN with vestiging the first four characters count."""
        return self.organisaties.get(code) or self.organisaties.get(code[:BRIN_ZONDER_VESTIGING])

    def heeft_accounts(self, code: str) -> bool:
        """Tell whether an organisation's people work here themselves; one outside the region does not."""
        organisatie = self.organisatie(code)
        return organisatie is not None and organisatie.accounts

    def heeft_koppeling(self, code: str) -> bool:
        """Tell whether an MBO's student system sends its messages here."""
        organisatie = self.organisatie(code)
        return organisatie is not None and organisatie.koppeling


class Besluit(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What happened as a result of a request: the facts in order, and when it happened (UTC). No facts: nothing new."""

    feiten: tuple[Feit, ...]
    gebeurd_op: datetime


def zelfde_instelling(brin: str, andere: str) -> bool:
    """Tell whether two BRIN's name one institution, whatever the vestiging."""
    return brin[:BRIN_ZONDER_VESTIGING] == andere[:BRIN_ZONDER_VESTIGING]
