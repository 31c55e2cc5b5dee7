"""When what a request tells happened: from its source, never in the future."""

from datetime import UTC, datetime

from overstap.domain.kalender import SPELING_VAN_DE_KLOK
from overstap.domain.verzoeken import Vraag
from overstap.domain.weigering import Weigering, weiger


def moment_van(verzoek: Vraag, nu: datetime) -> datetime | Weigering:
    """Give the moment (UTC) a request speaks of, by default now; up to five minutes ahead counts as now."""
    gebeurd_op = verzoek.gebeurd_op or nu
    if gebeurd_op.tzinfo is None:
        return weiger(
            "veld_ongeldig", "Het moment heeft geen tijdzone.", "Schrijf gebeurdOp met Z of een tijdverschil."
        )
    if gebeurd_op.tzinfo is UTC and gebeurd_op <= nu:  # nearly always
        return gebeurd_op
    if gebeurd_op > nu + SPELING_VAN_DE_KLOK:
        return weiger("in_de_toekomst", "Dit moment ligt in de toekomst.", "Leg vast wat al gebeurd is.")
    return min(gebeurd_op, nu).astimezone(UTC)
