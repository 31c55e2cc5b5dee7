"""Holds what one pupil's year is made of: his aanvragen, his lines, and the windows in which he must be left alone."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from overstap.adapters.synthetische_regio.agenda import Kanaal
from overstap.adapters.synthetische_regio.organisaties import Mbo, School
from overstap.adapters.synthetische_regio.verdeling import Lot

NOOIT = 1 << 60


class Verwacht(StrEnum):
    """What must become of a line."""

    AANVAARD = "aanvaard"
    ONGEWIJZIGD = "ongewijzigd"
    WACHTBAK = "wachtbak"
    GEWEIGERD = "geweigerd"
    SIGNAAL = "signaal"
    NIET_TOEGEPAST = "niet_toegepast"


class Ingang(StrEnum):
    """Who brings an aanvraag in: the MBO's system, its intaker, or the decaan for an MBO that takes no part."""

    KOPPELING = "koppeling"
    INTAKER = "mbo_intaker"
    DECAAN = "decaan"


class Beweging(NamedTuple):
    """A status that an aanvraag reaches at or soon after a moment; `vertraging` counts the deliveries it comes late."""

    status: str
    t: int
    soort: str = ""
    grond: str = ""
    vertraging: int = 0


@dataclass(slots=True)
class Aanvraag:
    """One application at one MBO: `mbo` is None outside the region."""

    brin: str
    crebo: str
    ingang: Ingang
    mbo: Mbo | None
    keten_id: str
    ca_keten_id: str
    leertraject: str
    startdatum: str
    altijd_nieuw_pgn: bool = False
    begint_voor_invoer: bool = False  # moves even before a school has entered the pupil
    t: int = 0  # when it last moved
    levering: int = -1  # in which delivery it last moved
    dicht: bool = False
    regels: "list[Regel]" = field(default_factory=list)


@dataclass(slots=True)
class Regel:
    """One line of a file, before it is spelled.

    `verzoek` is `voer_op`, `koppelbericht` or the name of a people's step. `bron` is the delivery in which a
    koppelbericht was published: an earlier one than its own when it comes again or too late. `tekst`, when given, is
    written as it stands.
    """

    kanaal: Kanaal
    levering: int
    t: int
    verzoek: str
    velden: dict[str, object] = field(default_factory=dict)
    rij: dict[str, str] = field(default_factory=dict)  # of a list
    gelijk: bool = False  # the row says what an earlier list said
    aanvraag: Aanvraag | None = None
    status: str = ""
    crebo: str = ""
    bron: int = -1
    bron_t: int = 0
    verwacht: Verwacht = Verwacht.AANVAARD
    code: str = ""
    moeilijkheden: tuple[str, ...] = ()
    pgn: str = ""
    volgnummersleutel: str = ""
    tekst: str = ""
    gebeurd: int = 0  # what the line says of when it happened, when that is not `t`
    buiten_model: bool = False  # refused for a reason that a pupil's file knows nothing of

    @property
    def op(self) -> int:
        """Give the moment of its delivery."""
        return self.kanaal.op(self.levering)


@dataclass(slots=True)
class Leerling:
    """One pupil with his lines; `ingevoerd` is when his school's list that names him rightly is delivered."""

    nummer: int
    lot: Lot
    pgn: str
    nieuw_pgn: str
    nieuw_pgn_vanaf: tuple[int, int]
    persoon: dict[str, str]
    gemeente_heeft_accounts: bool
    school: School
    ingevoerd: int
    nieuwe_school: School | None = None
    nieuwe_school_vanaf: int = NOOIT
    late_klas: str = ""
    late_klas_vanaf: int = NOOIT
    aanvragen: list[Aanvraag] = field(default_factory=list)
    regels: list[Regel] = field(default_factory=list)
    vensters: list[tuple[int, int]] = field(default_factory=list)
    weg: list[tuple[int, int]] = field(default_factory=list)

    def pgn_op(self, op: int, t: int) -> str:
        """Give the number that everyone uses for him in a line delivered and happened then."""
        return self.nieuw_pgn if (op, t) >= self.nieuw_pgn_vanaf else self.pgn

    def klas_op(self, op: int) -> str:
        """Give the class he is in at the moment of a delivery."""
        return self.late_klas if op >= self.late_klas_vanaf else self.lot.klas

    def school_op(self, op: int) -> School:
        """Give the school that has him at the moment of a delivery."""
        return self.nieuwe_school if self.nieuwe_school is not None and op >= self.nieuwe_school_vanaf else self.school
