"""A VO school's list of pupils: who is new is entered, what differs is changed, the rest stays as it is."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID, uuid4

import msgspec

from overstap.adapters.app import App
from overstap.adapters.koppelingen import fouten, velden
from overstap.adapters.koppelingen.levering import (
    AL_OPGEVOERD,
    Levering,
    Uitslag,
    pgn_aanspraak,
    uitslag_van,
)
from overstap.adapters.koppelingen.persoonsvelden import wat_verschilt
from overstap.adapters.koppelingen.wachtbak import Wachtbak
from overstap.adapters.opdracht import NietUniek, Opdracht, Resultaat
from overstap.adapters.postgres.toevoeging import Kwitantie
from overstap.adapters.stroomsoorten import OVERSTAP, Dossier, Waargenomen
from overstap.adapters.vault import PERSOONSVELDEN
from overstap.adapters.vault.persoon import GEWIJZIGD, OPGEVOERD
from overstap.adapters.willekeurig import willekeurige_ids
from overstap.domain.feiten.overstap import SignaalGegeven
from overstap.domain.identificaties import SoortPgn, is_brin, is_gemeentecode
from overstap.domain.kalender import achttien_op, datum_in_amsterdam, maand_van
from overstap.domain.redenen import Leerweg
from overstap.domain.rollen import Actor, Rol
from overstap.domain.verzoeken import VoerOp, WijzigPersoonsgegevens
from overstap.domain.weigering import Weigering

KOLOMMEN: dict[str, str] = {
    "pgn": "pgn",
    "bsn": "pgn",
    "onderwijsnummer": "pgn",
    "burgerservicenummer": "pgn",
    "achternaam": "achternaam",
    "voornaam": "voornaam",
    "roepnaam": "voornaam",
    "tussenvoegsel": "tussenvoegsel",
    "voorvoegsel": "tussenvoegsel",
    "geboortedatum": "geboortedatum",
    "leerweg": "leerweg",
    "niveau": "leerweg",
    "klas": "klas",
    "brin": "brin",
    "vestiging": "vestiging",
    "gemeente": "gemeente",
    "gemeentecode": "gemeente",
    "adres": "adres",
    "postcode": "postcode",
    "woonplaats": "woonplaats",
    "email": "email",
    "telefoon": "telefoon",
    "startkwalificatie": "startkwalificatie",
    "vrijgesteld": "startkwalificatie",
    "overstapjaar": "overstapjaar",
}
"""Our name of each header name, written without regard to case, spaces, dots and underscores."""
VERPLICHT = ("pgn", "achternaam", "voornaam", "geboortedatum", "leerweg", "klas", "gemeente")
_VRIJ = tuple(veld for veld in PERSOONSVELDEN if veld not in {"pgn", "geboortedatum"})
_LEERWEGEN = {
    **{leerweg.value: leerweg for leerweg in Leerweg},
    "gl/tl": Leerweg.TL,
    "g/t": Leerweg.TL,
    "basis": Leerweg.BB,
    "kader": Leerweg.KB,
    "havo-3": Leerweg.HAVO,
    "havo-4": Leerweg.HAVO,
}
_VROEGSTE_JAAR, _LAATSTE_JAAR = 2000, 2100


class Leerlingregel(msgspec.Struct, frozen=True, kw_only=True):
    """One pupil of the list; persoon holds his own fields in clear. It does not show itself."""

    soort_pgn: SoortPgn
    overstapjaar: int
    vestiging: str | None
    klas: str
    leerweg: Leerweg
    gemeente: str
    geboren: date
    startkwalificatie: bool | None
    persoon: dict[str, str]

    def __repr__(self) -> str:
        return "Leerlingregel(***)"

    def kwalificatieplicht_tot(self, dossier: Dossier | None) -> str | None:
        """Give the month in which the duty ends; a list without startkwalificatie leaves that as it is known."""
        is_vrij = self.startkwalificatie
        if is_vrij is None:
            is_vrij = dossier is not None and dossier.overstap.kwalificatieplicht_tot is None
        return None if is_vrij else maand_van(achttien_op(self.geboren))


class Leerlingen:
    """Lines of a school's list, delivered by its vo_beheerder or a decaan."""

    def __init__(self, levering: Levering) -> None:
        self._levering = levering
        self._app = levering.app
        self._school = levering.actor.organisatie
        self._wachtbak = Wachtbak(levering.app, levering.correlatie)
        self._vandaag = datum_in_amsterdam(levering.app.klok())
        self._jaren: dict[str, int] = {}

    def ontleed(self, inhoud: Mapping[str, str]) -> Leerlingregel:
        """Read one line.

        Raises:
            Onbruikbaar: when a field is missing or not of its form, or the line belongs to another school.

        """
        brin = inhoud.get("brin", "")
        if brin:
            velden.code(brin, "brin", is_brin, "een BRIN van de vorm 99XX")
            if brin[:4] != self._school:
                raise fouten.Onbruikbaar(fouten.andere_organisatie("Deze leerling"))
        nummer, soort = velden.pgn(velden.verplicht(inhoud, "pgn"))
        for veld in VERPLICHT:
            velden.verplicht(inhoud, veld)
        geboren = velden.geboortedatum(inhoud["geboortedatum"], self._vandaag)
        leerweg = _LEERWEGEN.get(inhoud["leerweg"].lower().replace(" ", ""))
        if leerweg is None:
            raise fouten.Onbruikbaar(fouten.veld_ongeldig("leerweg", "bb, kb, gl, tl, havo, pro, vso, isk of vavo"))
        persoon = {veld: velden.vrije_tekst(waarde, veld) for veld in _VRIJ if (waarde := inhoud.get(veld, ""))}
        startkwalificatie = inhoud.get("startkwalificatie")
        vestiging = inhoud.get("vestiging") or brin[4:]
        return Leerlingregel(
            soort_pgn=soort,
            overstapjaar=self._jaar(inhoud.get("overstapjaar", "")),
            vestiging=velden.vestiging(vestiging) if vestiging else None,
            klas=velden.klas(inhoud["klas"]),
            leerweg=leerweg,
            gemeente=velden.code(inhoud["gemeente"], "gemeente", is_gemeentecode, "vier cijfers"),
            geboren=geboren,
            startkwalificatie=None
            if startkwalificatie is None
            else velden.ja_of_nee(startkwalificatie, "startkwalificatie"),
            persoon={"pgn": nummer, "geboortedatum": geboren.isoformat(), **persoon},
        )

    def _jaar(self, waarde: str) -> int:
        """Read the year of a line; within a batch each is judged once."""
        jaar = self._jaren.get(waarde)
        if jaar is None:
            jaar = self._jaren[waarde] = self._open_jaar(waarde)
        return jaar

    def _open_jaar(self, waarde: str) -> int:
        kaders, regio = self._app.kaders, self._levering.regio
        open_jaren = kaders.open_jaren(regio)
        if not waarde:
            lopend = kaders.lopend_jaar(regio, self._vandaag) if open_jaren else None
            if lopend is None:
                raise fouten.Onbruikbaar(fouten.GEEN_JAAR)
            return lopend
        if not waarde.isascii() or not waarde.isdigit() or not _VROEGSTE_JAAR <= int(waarde) <= _LAATSTE_JAAR:
            raise fouten.Onbruikbaar(fouten.veld_ongeldig("overstapjaar", "een jaartal"))
        if int(waarde) not in open_jaren:
            raise fouten.Onbruikbaar(fouten.GEEN_JAAR)
        return int(waarde)

    def verwerk(self, regels: Sequence[Leerlingregel]) -> list[Uitslag]:
        """Enter, change or leave each pupil; what waited for him in the wachtbak is sent on."""
        uitslagen: dict[int, Uitslag] = {}
        self._jaren.clear()
        for jaar in {regel.overstapjaar for regel in regels}:
            van_jaar = {nummer: regel for nummer, regel in enumerate(regels) if regel.overstapjaar == jaar}
            uitslagen |= self._verwerk_jaar(jaar, van_jaar)
        return [uitslagen[nummer] for nummer in range(len(regels))]

    def _verwerk_jaar(self, jaar: int, regels: Mapping[int, Leerlingregel]) -> dict[int, Uitslag]:
        app, regio = self._app, self._levering.regio
        hashes = {nummer: app.kluis.pgn_hash(regel.persoon["pgn"]) for nummer, regel in regels.items()}
        stromen = app.opzoeker.overstappen_bij_pgn(regio, jaar, set(hashes.values()))
        app.kluis.laad(stromen.values())
        onbekend = {een for een in hashes.values() if een not in stromen}
        personen, ids = self._bekende_personen(jaar, onbekend), willekeurige_ids(2 * len(onbekend))
        opdrachten = {}
        for nummer, regel in regels.items():
            is_nieuw = (pgn_hash := hashes[nummer]) not in stromen
            if is_nieuw:
                stromen[pgn_hash] = next(ids)
                personen.setdefault(pgn_hash, next(ids))
            stroom = stromen[pgn_hash]
            opdrachten[nummer] = self._opdracht(regel, pgn_hash, stroom, personen, is_nieuw=is_nieuw)
        antwoorden = dict(zip(opdrachten, app.bus.verwerk(list(opdrachten.values())), strict=True))
        self._opnieuw_bij_andere_stroom(regels, hashes, stromen, antwoorden)
        dubbel = {
            stromen[hashes[nummer]]
            for nummer, antwoord in antwoorden.items()
            if isinstance(antwoord, Weigering) and antwoord.code == AL_OPGEVOERD.code
        }
        signaleer_dubbele_opvoer(app, dubbel, self._levering.actor, self._levering.correlatie)
        self._wachtbak.koppel_bij_pgn(regio, jaar, set(hashes.values()))
        return {nummer: uitslag_van(antwoord) for nummer, antwoord in antwoorden.items()}

    def _bekende_personen(self, jaar: int, hashes: set[bytes]) -> dict[bytes, UUID]:
        """Give our own key of each person who was followed in an earlier year: he comes back as the same pupil."""
        eerder = self._app.opzoeker.eerdere_overstappen(self._levering.regio, jaar, hashes)
        dossiers: Mapping[UUID, Dossier] = self._app.bus.staten(OVERSTAP, eerder.values()) if eerder else {}
        return {pgn_hash: dossiers[stroom].overstap.leerling for pgn_hash, stroom in eerder.items()}

    def _opdracht(
        self,
        regel: Leerlingregel,
        pgn_hash: bytes,
        stroom: UUID,
        personen: Mapping[bytes, UUID],
        *,
        is_nieuw: bool = False,
    ) -> Opdracht:
        def maak(dossier: Dossier | None) -> VoerOp | WijzigPersoonsgegevens | Weigering | None:
            if dossier is None:
                return self._voer_op(regel, stroom, personen.get(pgn_hash) or uuid4())
            if dossier.overstap.school != self._school:
                return AL_OPGEVOERD
            return self._wijzig(regel, stroom, dossier)

        return Opdracht(
            soort=OVERSTAP,
            stroom=stroom,
            verzoek=maak,
            actor=self._levering.actor,
            aanspraken=(pgn_aanspraak(self._levering.regio, regel.overstapjaar, pgn_hash, stroom),),
            correlatie=self._levering.correlatie,
            is_nieuw=is_nieuw,
        )

    def _voer_op(self, regel: Leerlingregel, stroom: UUID, leerling: UUID) -> VoerOp:
        return VoerOp(
            leerling=leerling,
            overstapjaar=regel.overstapjaar,
            school=self._school,
            vestiging=regel.vestiging or "00",
            klas=regel.klas,
            leerweg=regel.leerweg,
            gemeente=regel.gemeente,
            soort_pgn=regel.soort_pgn,
            kwalificatieplicht_tot=regel.kwalificatieplicht_tot(None),
            persoon=self._app.kluis.verzegel_velden(stroom, OPGEVOERD, regel.persoon),
        )

    def _wijzig(self, regel: Leerlingregel, stroom: UUID, dossier: Dossier) -> WijzigPersoonsgegevens | None:
        anders = wat_verschilt(self._app.kluis, stroom, dossier, regel.persoon)
        oud, plicht = dossier.overstap, regel.kwalificatieplicht_tot(dossier)
        is_zelfde = (oud.klas, oud.leerweg, oud.gemeente) == (regel.klas, regel.leerweg, regel.gemeente)
        if (
            not anders
            and is_zelfde
            and regel.vestiging in {None, oud.vestiging}
            and plicht == oud.kwalificatieplicht_tot
        ):
            return None
        return WijzigPersoonsgegevens(
            persoon=self._app.kluis.verzegel_velden(stroom, GEWIJZIGD, anders),
            klas=regel.klas,
            leerweg=regel.leerweg,
            gemeente=regel.gemeente,
            vestiging=regel.vestiging,
            kwalificatieplicht_gewijzigd=plicht != oud.kwalificatieplicht_tot,
            kwalificatieplicht_tot=plicht,
        )

    def _opnieuw_bij_andere_stroom(
        self,
        regels: Mapping[int, Leerlingregel],
        hashes: Mapping[int, bytes],
        stromen: dict[bytes, UUID],
        antwoorden: dict[int, Resultaat],
    ) -> None:
        """Judge again what another process entered while we did: the pupil is known now."""
        over = {nummer: een.houder for nummer, een in antwoorden.items() if isinstance(een, NietUniek) and een.houder}
        if not over:
            return
        stromen |= {hashes[nummer]: houder for nummer, houder in over.items()}
        opnieuw = [self._opdracht(regels[nummer], hashes[nummer], houder, {}) for nummer, houder in over.items()]
        antwoorden |= dict(zip(over, self._app.bus.verwerk(opnieuw), strict=True))


def signaleer_dubbele_opvoer(app: App, stromen: Collection[UUID], actor: Actor, correlatie: UUID) -> None:
    """Tell the regiebeheerder, once for each pupil and school, that a second school (the actor's) entered him."""
    app.bus.verwerk(
        [
            Opdracht(
                soort=OVERSTAP,
                stroom=stroom,
                verzoek=Waargenomen(feiten=(SignaalGegeven(signaal="dubbele_opvoer", voor=Rol.REGIEBEHEERDER),)),
                actor=actor,
                kwitantie=Kwitantie("dubbele_opvoer", stroom.bytes + actor.organisatie.encode(), b""),
                correlatie=correlatie,
            )
            for stroom in stromen
        ]
    )
