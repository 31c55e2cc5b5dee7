"""What can happen to one pupil in one overstapjaar, outside his aanmeldingen. These names are the archive."""

from typing import Literal
from uuid import UUID

from overstap.domain.feiten._vorm import Datum, Verzegeld, Vorm
from overstap.domain.identificaties import SoortPgn
from overstap.domain.redenen import Leerweg, RedenAfsluiting, RedenUitschrijving, RedenVervolgkeuze, Uitkomst
from overstap.domain.statussen import OverstapStatus

Aanleiding = Literal["verzoek", "bewaartermijn", "teruggezet"]
"""Why a person is erased: he asked, the term is over, or a backup that was put back brought him back."""


class OverstapOpgevoerd(Vorm, frozen=True, kw_only=True, tag="overstap-opgevoerd.v1"):
    """A VO school entered a pupil who may go to an MBO.

    kwalificatieplicht_tot is the month (2028-03) in which the duty ends, None for a pro diploma or a startkwalificatie.
    """

    leerling: UUID
    overstapjaar: int
    school: str
    vestiging: str
    klas: str
    leerweg: Leerweg
    gemeente: str
    soort_pgn: SoortPgn
    kwalificatieplicht_tot: str | None = None
    persoon: dict[str, Verzegeld]


class StatusGewijzigd(Vorm, frozen=True, kw_only=True, tag="status-gewijzigd.v1"):
    """The pupil's status changed by the transition `stap`; oorzaak numbers the event of this stream that caused it."""

    van: OverstapStatus
    naar: OverstapStatus
    oorzaak: int
    stap: str


class SignaalGegeven(Vorm, frozen=True, kw_only=True, tag="signaal-gegeven.v1"):
    """Something needs a person's eye: signaal names it, voor the role that should look, oorzaak the event."""

    signaal: str
    voor: str
    oorzaak: int | None = None
    aanmelding: int | None = None


class PersoonsgegevensGewijzigd(Vorm, frozen=True, kw_only=True, tag="persoonsgegevens-gewijzigd.v1"):
    """The school mended what it had entered; what is None stayed as it was."""

    persoon: dict[str, Verzegeld] = {}
    klas: str | None = None
    leerweg: Leerweg | None = None
    gemeente: str | None = None
    vestiging: str | None = None
    kwalificatieplicht_gewijzigd: bool = False
    kwalificatieplicht_tot: str | None = None


class PgnVervangen(Vorm, frozen=True, kw_only=True, tag="pgn-vervangen.v1"):
    """An onderwijsnummer gave way to a BSN, or one number to a better one of its kind."""

    van_soort: SoortPgn
    naar_soort: SoortPgn
    pgn: Verzegeld


class VervolgkeuzeVoGekozen(Vorm, frozen=True, kw_only=True, tag="vervolgkeuze-vo-gekozen.v1"):
    """The decaan recorded what the pupil does instead of an MBO in this region."""

    reden: RedenVervolgkeuze
    brin: str | None = None
    toelichting: Verzegeld | None = None


class VervolgkeuzeVoIngetrokken(Vorm, frozen=True, kw_only=True, tag="vervolgkeuze-vo-ingetrokken.v1"):
    """The decaan took the vervolgkeuze back."""


class OverlegVastgelegd(Vorm, frozen=True, kw_only=True, tag="overleg-vastgelegd.v1"):
    """The decaan consulted Leerplicht; contact is the person spoken to."""

    overleg_datum: Datum
    contact: Verzegeld


class LeerplichtIngeschakeld(Vorm, frozen=True, kw_only=True, tag="leerplicht-ingeschakeld.v1"):
    """The decaan called in Leerplicht/RMC; overleg numbers the event of the consultation, None where none is asked."""

    overleg: int | None = None
    overleg_datum: Datum | None = None


class LeerplichtAfgehandeld(Vorm, frozen=True, kw_only=True, tag="leerplicht-afgehandeld.v1"):
    """Leerplicht handed the pupil back to the school."""

    uitkomst: Uitkomst
    gemeente: str
    gemeente_zonder_accounts: bool = False
    reden: Verzegeld | None = None


class OverstapHervat(Vorm, frozen=True, kw_only=True, tag="overstap-hervat.v1"):
    """The decaan took up the pupil again after Leerplicht handed him back."""


class OverstapAfgesloten(Vorm, frozen=True, kw_only=True, tag="overstap-afgesloten.v1"):
    """The year closed for this pupil; reden is None when he reached an end of his own."""

    reden: RedenAfsluiting | None = None


class LeerlingUitgeschreven(Vorm, frozen=True, kw_only=True, tag="leerling-uitgeschreven.v1"):
    """The pupil is no longer followed."""

    reden: RedenUitschrijving
    nieuwe_gemeente: str | None = None
    toelichting: Verzegeld | None = None


class OverstapHeropend(Vorm, frozen=True, kw_only=True, tag="overstap-heropend.v1"):
    """The regiebeheerder took up a closed overstap again."""

    reden: Verzegeld


class GebeurtenisHerzien(Vorm, frozen=True, kw_only=True, tag="gebeurtenis-herzien.v1"):
    """An earlier event of this stream counts from now on as not applied; both remain in the log."""

    gebeurtenis: int
    reden: Verzegeld


class BerichtGeplaatst(Vorm, frozen=True, kw_only=True, tag="bericht-geplaatst.v1"):
    """A short message to one named organisation that may see the pupil."""

    aan: str
    tekst: Verzegeld


class WarmeOverdrachtVastgelegd(Vorm, frozen=True, kw_only=True, tag="warme-overdracht-vastgelegd.v1"):
    """VO and MBO spoke about the pupil: that, when and by whom, never the content."""

    datum: Datum


class DddStatusVastgelegd(Vorm, frozen=True, kw_only=True, tag="ddd-status-vastgelegd.v1"):
    """The digital transfer file was handed over: that, when and by whom, never the content."""

    datum: Datum


class OverdrachtAangeboden(Vorm, frozen=True, kw_only=True, tag="overdracht-aangeboden.v1"):
    """The school offers the pupil to another VO school; nothing changes until that school accepts."""

    naar: str


class LeerlingOvergedragen(Vorm, frozen=True, kw_only=True, tag="leerling-overgedragen.v1"):
    """Another VO school follows the pupil from here on."""

    van: str
    naar: str
    vestiging: str = "00"
    klas: str = ""


class OverstapGewist(Vorm, frozen=True, kw_only=True, tag="overstap-gewist.v1"):
    """The person was erased: his data key is destroyed, and what was sealed with it can be read by nobody.

    aanleiding is why; reden says more, in words that name nobody: it can never be taken back.
    """

    aanleiding: Aanleiding
    reden: str = ""


FeitVanOverstap = (
    OverstapOpgevoerd
    | StatusGewijzigd
    | SignaalGegeven
    | PersoonsgegevensGewijzigd
    | PgnVervangen
    | VervolgkeuzeVoGekozen
    | VervolgkeuzeVoIngetrokken
    | OverlegVastgelegd
    | LeerplichtIngeschakeld
    | LeerplichtAfgehandeld
    | OverstapHervat
    | OverstapAfgesloten
    | LeerlingUitgeschreven
    | OverstapHeropend
    | GebeurtenisHerzien
    | BerichtGeplaatst
    | WarmeOverdrachtVastgelegd
    | DddStatusVastgelegd
    | OverdrachtAangeboden
    | LeerlingOvergedragen
    | OverstapGewist
)
