"""What can be asked about one overstap. Requests are data; free text and person data arrive sealed."""

from datetime import date, datetime
from typing import get_args
from uuid import UUID

import msgspec

from overstap.domain.feiten._vorm import Verzegeld
from overstap.domain.feiten.aanmelding import Leertraject
from overstap.domain.identificaties import SoortPgn
from overstap.domain.redenen import Leerweg


class AanmeldingVerwijzing(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """How a request names one aanmelding: by ketenId, by MBO (and opleiding), or by its number at this pupil."""

    keten_id: str | None = None
    brin: str | None = None
    crebo: str | None = None
    nummer: int | None = None


class Vraag(msgspec.Struct, frozen=True, kw_only=True, rename="camel", tag_field="verzoek", forbid_unknown_fields=True):
    """What every request has: when it happened (None: now), in any offset."""

    gebeurd_op: datetime | None = None


class OverAanmelding(Vraag, frozen=True, kw_only=True):
    """A request about one aanmelding; None when the pupil has one only at the actor's MBO."""

    aanmelding: AanmeldingVerwijzing | None = None


class MeldAan(Vraag, frozen=True, kw_only=True, tag="meld_aan"):
    """Enter an aanmelding by hand."""

    brin: str
    crebo: str
    leertraject: Leertraject | None = None
    startdatum: date | None = None


class WijzigAanmelding(OverAanmelding, frozen=True, kw_only=True, tag="wijzig_aanmelding"):
    """Change opleiding, startdatum or leertraject."""

    crebo: str | None = None
    leertraject: Leertraject | None = None
    startdatum: date | None = None


class PlanIntake(OverAanmelding, frozen=True, kw_only=True, tag="plan_intake"):
    """Invite the pupil."""


class StartOnderzoek(OverAanmelding, frozen=True, kw_only=True, tag="start_onderzoek"):
    """Investigate further."""


class RondIntakeAf(OverAanmelding, frozen=True, kw_only=True, tag="rond_intake_af"):
    """Record that the interview is done."""


class PlaatsOpWachtlijst(OverAanmelding, frozen=True, kw_only=True, tag="plaats_op_wachtlijst"):
    """Put the pupil on the waiting list."""


class PlaatsVoorlopig(OverAanmelding, frozen=True, kw_only=True, tag="plaats_voorlopig"):
    """Make a positive decision known."""


class PlaatsDefinitief(OverAanmelding, frozen=True, kw_only=True, tag="plaats_definitief"):
    """Enrol the pupil."""


class BevestigStart(OverAanmelding, frozen=True, kw_only=True, tag="bevestig_start"):
    """Confirm that the pupil started."""


class WijsAf(OverAanmelding, frozen=True, kw_only=True, tag="wijs_af"):
    """Refuse the pupil; grond is one of the list."""

    grond: str


class TrekIn(OverAanmelding, frozen=True, kw_only=True, tag="trek_in"):
    """Withdraw on the pupil's notice."""


class MeldNietVerschenen(OverAanmelding, frozen=True, kw_only=True, tag="meld_niet_verschenen"):
    """Report that the pupil did not come."""


class Onderbreek(OverAanmelding, frozen=True, kw_only=True, tag="onderbreek"):
    """Report that the pupil left early."""

    reden: str


class Heropen(OverAanmelding, frozen=True, kw_only=True, tag="heropen"):
    """Let an ended aanmelding live again, as aangemeld or voorlopig_geplaatst."""

    naar: str


class VerwerkKoppelbericht(Vraag, frozen=True, kw_only=True, tag="verwerk_koppelbericht"):
    """Take in a message of a koppeling, which names a status, not a step; startdatum is an ISO date."""

    keten_id: str
    volgnummer: int
    code: str
    laatste_wijziging: str
    brin: str
    crebo: str
    aanbieder: str | None = None
    startdatum: str | None = None
    leertraject: Leertraject | None = None
    grond: str | None = None


class KiesVervolgVo(Vraag, frozen=True, kw_only=True, tag="kies_vervolg_vo"):
    """Record what the pupil does instead of an MBO in this region."""

    reden: str
    brin: str | None = None
    toelichting: Verzegeld | None = None


class TrekVervolgkeuzeIn(Vraag, frozen=True, kw_only=True, tag="trek_vervolgkeuze_in"):
    """Take the vervolgkeuze back."""


class Overleg(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A consultation: with whom at Leerplicht (sealed) and on which date."""

    contact: Verzegeld
    overleg_datum: date


class LegOverlegVast(Vraag, frozen=True, kw_only=True, tag="leg_overleg_vast"):
    """Record a consultation with Leerplicht."""

    contact: Verzegeld
    overleg_datum: date


class SchakelLeerplichtIn(Vraag, frozen=True, kw_only=True, tag="schakel_leerplicht_in"):
    """Call in Leerplicht/RMC, on a consultation recorded before or with this request."""

    overleg: Overleg | None = None


class HandelLeerplichtAf(Vraag, frozen=True, kw_only=True, tag="handel_leerplicht_af"):
    """Hand the pupil back to the school."""

    uitkomst: str
    reden: Verzegeld | None = None


class Hervat(Vraag, frozen=True, kw_only=True, tag="hervat"):
    """Take up the pupil again after Leerplicht."""


class SluitAf(Vraag, frozen=True, kw_only=True, tag="sluit_af"):
    """Close an overstap that reached its end."""


class SluitAfMetReden(Vraag, frozen=True, kw_only=True, tag="sluit_af_met_reden"):
    """Close an overstap that did not reach an end of its own."""

    reden: str


class SchrijfUit(Vraag, frozen=True, kw_only=True, tag="schrijf_uit"):
    """Stop following the pupil."""

    reden: str
    nieuwe_gemeente: str | None = None
    toelichting: Verzegeld | None = None


class HeropenOverstap(Vraag, frozen=True, kw_only=True, tag="heropen_overstap"):
    """Take up a closed overstap again."""

    reden: Verzegeld


class Herzie(Vraag, frozen=True, kw_only=True, tag="herzie"):
    """Correct: let the named event (its number in this stream) count as not applied."""

    gebeurtenis: int
    reden: Verzegeld


class VoerOp(Vraag, frozen=True, kw_only=True, tag="voer_op"):
    """Enter a pupil; leerling is our own key of the person, persoon sealed."""

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


class WijzigPersoonsgegevens(Vraag, frozen=True, kw_only=True, tag="wijzig_persoonsgegevens"):
    """Mend what the school entered; what is None or absent stays."""

    persoon: dict[str, Verzegeld] = {}
    klas: str | None = None
    leerweg: Leerweg | None = None
    gemeente: str | None = None
    vestiging: str | None = None
    kwalificatieplicht_gewijzigd: bool = False
    kwalificatieplicht_tot: str | None = None


class VervangPgn(Vraag, frozen=True, kw_only=True, tag="vervang_pgn"):
    """Replace the persoonsgebonden nummer; soort is the kind of the new one."""

    soort: SoortPgn
    pgn: Verzegeld


class PlaatsBericht(Vraag, frozen=True, kw_only=True, tag="plaats_bericht"):
    """Send a short message to one organisation that may see the pupil."""

    aan: str
    tekst: Verzegeld


class LegWarmeOverdrachtVast(Vraag, frozen=True, kw_only=True, tag="leg_warme_overdracht_vast"):
    """Record that VO and MBO spoke about the pupil."""

    datum: date


class LegDddStatusVast(Vraag, frozen=True, kw_only=True, tag="leg_ddd_status_vast"):
    """Record that the digital transfer file was handed over."""

    datum: date


class DraagOver(Vraag, frozen=True, kw_only=True, tag="draag_over"):
    """Offer the pupil to another VO school, or, as regiebeheerder, move him there."""

    naar: str


class AanvaardOverdracht(Vraag, frozen=True, kw_only=True, tag="aanvaard_overdracht"):
    """Accept a pupil another school offers."""

    vestiging: str = "00"
    klas: str = ""


Aanmeldingsverzoek = (
    PlanIntake
    | StartOnderzoek
    | RondIntakeAf
    | PlaatsOpWachtlijst
    | PlaatsVoorlopig
    | PlaatsDefinitief
    | BevestigStart
    | WijsAf
    | TrekIn
    | MeldNietVerschenen
    | Onderbreek
    | Heropen
    | WijzigAanmelding
)
"""The requests that take one row of chart 1 on one aanmelding."""

Overstapsverzoek = (
    KiesVervolgVo
    | TrekVervolgkeuzeIn
    | SchakelLeerplichtIn
    | HandelLeerplichtAf
    | Hervat
    | SluitAf
    | SluitAfMetReden
    | SchrijfUit
    | HeropenOverstap
)
"""The requests that take one row of chart 2."""

AnderVerzoek = (
    WijzigPersoonsgegevens
    | VervangPgn
    | LegOverlegVast
    | PlaatsBericht
    | LegWarmeOverdrachtVast
    | LegDddStatusVast
    | DraagOver
    | AanvaardOverdracht
)
"""The requests that change no status."""

Verzoek = Aanmeldingsverzoek | Overstapsverzoek | AnderVerzoek | VoerOp | MeldAan | VerwerkKoppelbericht | Herzie

VERZOEKEN: dict[str, type[Vraag]] = {str(soort.__struct_config__.tag): soort for soort in get_args(Verzoek)}
"""The class of each request's name."""


def naam_van_verzoek(verzoek: Verzoek) -> str:
    """Give the name of a request, such as kies_vervolg_vo."""
    return str(verzoek.__struct_config__.tag)
