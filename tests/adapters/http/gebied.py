"""A region with an account in every role, and pupils to whom anything happened: the ground of the permission matrix."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec

from overstap.adapters.http.identiteit.wie import account_van
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_tabellen import richt_in
from overstap.adapters.postgres.projectie_werker import Werker
from overstap.adapters.postgres.toevoeging import Aanspraak, Afloop, Datasleutel, Toevoeging
from overstap.adapters.vault import Kluis
from overstap.domain.feiten import Feit, Verzegeld, naam_van
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import organisatie as org
from overstap.domain.feiten import overstap as o
from overstap.domain.feiten import procedure as p
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.kalender import inhoud_hash
from overstap.domain.redenen import RedenVervolgkeuze
from overstap.domain.rollen import Actor, Rol
from overstap.domain.stromen import stroom_van_organisatie, stroom_van_procedure
from tests.adapters.http.binnendeur import Binnendeur, Vraag, open_binnendeur
from tests.adapters.http.uitgever import EigenUitgever, eigen_uitgever, schrijf_uitgevers
from tests.adapters.opstelling import HOOFDSLEUTEL
from tests.rechtentabel import Kring, kringen
from tests.statemachine.gegeven import NIEMAND, OPGEVOERD, Gebeurd, Gegeven
from tests.statemachine.spelers import (
    ALLES_OPEN,
    EERDER,
    GEMEENTE,
    MBO,
    MBO_ZONDER_KOPPELING,
    ORGANISATIES,
    REGELS,
    REGIEBEHEERDER,
    REGIO,
)
from tests.statemachine.standen import gewijzigd, ontvangen
from tests.statemachine.test_rechten import actor as actor_in

DOELGROEP = "overstap-api"
ANDERE_REGIO = "22"
PGN = "900180730"
PERSOON = {
    veld: Verzegeld(tekst)
    for veld, tekst in {
        "pgn": PGN,
        "achternaam": "Kanarie",
        "geboortedatum": "2010-03-14",
        "woonplaats": "Kanariedorp",
        "email": "kanarie@school.example",
    }.items()
}
BEWOGEN: Gegeven = NIEMAND.given(
    msgspec.structs.replace(OPGEVOERD, persoon=PERSOON),
    ontvangen(),
    ontvangen(f"{MBO_ZONDER_KOPPELING}01", keten_id=None, nummer=2),
    a.DefinitiefGeplaatst(nummer=2),
    gewijzigd("nog_niet_aangemeld", "geplaatst", 4),
    o.SignaalGegeven(signaal="tegenstrijdig", voor=Rol.DECAAN),
    o.VervolgkeuzeVoGekozen(reden=RedenVervolgkeuze.HAVO, toelichting=Verzegeld("geheim waarom")),
    o.OverlegVastgelegd(overleg_datum="2026-08-30", contact=Verzegeld("geheim met wie")),
    o.BerichtGeplaatst(aan=MBO, tekst=Verzegeld("geheim aan het MBO")),
    o.BerichtGeplaatst(aan=GEMEENTE, tekst=Verzegeld("geheim aan Leerplicht")),
    o.BerichtGeplaatst(aan=MBO_ZONDER_KOPPELING, tekst=Verzegeld("geheim aan het andere MBO")),
    o.WarmeOverdrachtVastgelegd(datum="2026-08-30"),
    o.LeerplichtIngeschakeld(overleg=8, overleg_datum="2026-08-30"),
    gewijzigd("geplaatst", "leerplicht_ingeschakeld", 13, "schakel_leerplicht_in"),
)
"""A pupil to whom everything happened that some role may not know."""


class Gebied:
    """The region as it is recorded, and how to knock as somebody in it."""

    def __init__(self, databank: Databank, uitgever: EigenUitgever) -> None:
        self.databank = databank
        self.uitgever = uitgever
        self._kluis = Kluis(HOOFDSLEUTEL, lambda _stromen: {})
        self._tokens: dict[tuple[Rol, str], str] = {}
        richt_in(databank)
        self.leg_vast([*self._organisaties(), self._procedure()])

    def leg_vast(self, toevoegingen: Iterable[Toevoeging]) -> None:
        """Record, and fold it into the read models."""
        with self.databank.verbind(Login.SCHRIJVER) as verbinding:
            uitkomsten = Log(verbinding).voeg_toe(list(toevoegingen), ALLES_OPEN)
        assert {uitkomst.afloop for uitkomst in uitkomsten} == {Afloop.VASTGELEGD}
        with Werker(self.databank) as werker:
            werker.bijwerken_tot()

    def leerling(self, gegeven: Gegeven, regio: str = REGIO, pgn: str | None = None) -> tuple[UUID, Toevoeging]:
        """Give a pupil with this story, still to be recorded; what is sealed in it is sealed for him."""
        stroom = uuid4()
        sleutel = self._kluis.nieuwe_sleutel(stroom)
        aanspraken = [] if pgn is None else [Aanspraak("pgn", self._kluis.pgn_hash(pgn), stroom, regio, 2026)]
        return stroom, self._toevoeging(regio, stroom, gegeven.verhaal, sleutel, aanspraken)

    def als(self, actor: Actor) -> dict[str, str]:
        """Give the header by which somebody is known; his token is made once."""
        wie = (actor.rol, actor.organisatie)
        if wie not in self._tokens:
            self._tokens[wie] = self.uitgever.token(self.claims(actor))
        return {"Authorization": f"Bearer {self._tokens[wie]}"}

    @staticmethod
    def claims(actor: Actor) -> dict[str, Any]:
        """Give what the issuer says of somebody."""
        organisatie = actor.organisatie
        sub = f"{actor.rol} van {organisatie}"
        return {"aud": DOELGROEP, "sub": sub, "organisatie": organisatie, "scope": f"openid rol:{actor.rol}"}

    def account(self, actor: Actor) -> str:
        """Give the account that somebody's token stands for."""
        return account_van(HOOFDSLEUTEL, self.uitgever.issuer, self.claims(actor)["sub"])

    def _organisaties(self) -> Iterator[Toevoeging]:
        spelers = [actor_in(rol, kring) for rol in Rol for kring in kringen(rol) if kring is not Kring.ANDERE_REGIO]
        for een in ORGANISATIES.values():
            velden = {veld: getattr(een, veld) for veld in org.OrganisatieOpgenomen.__struct_fields__}
            feiten: list[Feit] = [org.OrganisatieOpgenomen(**velden)]
            feiten += [
                org.RolToegekend(account=self.account(actor), rol=actor.rol, vestiging=actor.vestiging, klas=actor.klas)
                for actor in spelers
                if actor.organisatie == een.code
            ]
            stroom = stroom_van_organisatie(REGIO, een.code)
            yield self._vast(stroom, "organisatie", feiten)

    def _procedure(self) -> Toevoeging:
        feiten = (
            p.ProcedureVastgesteld(regels=REGELS, inhoud_hash=inhoud_hash(REGELS)),
            p.JaarGeopend(overstapjaar=REGELS.overstapjaar),
        )
        stroom = stroom_van_procedure(REGIO, REGELS.overstapjaar)
        return self._vast(stroom, "procedure", feiten)

    def _vast(self, stroom: UUID, soort: str, feiten: Iterable[Feit]) -> Toevoeging:
        verhaal = [Gebeurd(een, REGIEBEHEERDER) for een in feiten]
        sleutel = self._kluis.nieuwe_sleutel(stroom)
        return self._toevoeging(REGIO, stroom, verhaal, sleutel, [Aanspraak(soort, stroom.bytes, stroom)])

    def _toevoeging(
        self,
        regio: str,
        stroom: UUID,
        verhaal: Iterable[Gebeurd],
        sleutel: Datasleutel,
        aanspraken: Iterable[Aanspraak] = (),
    ) -> Toevoeging:
        gebeurtenissen = [
            Gebeurtenis(
                originator_id=stroom,
                originator_version=nummer,
                feit=self._verzegel(stroom, een.feit),
                regio=regio,
                gebeurd_op=EERDER,
                actor=een.door.account,
                rol=een.door.rol,
                organisatie=een.door.organisatie,
            )
            for nummer, een in enumerate(verhaal, 1)
        ]
        return Toevoeging(gebeurtenissen=gebeurtenissen, datasleutels=[sleutel], aanspraken=tuple(aanspraken))

    def _verzegel(self, stroom: UUID, feit: Feit) -> Feit:
        naam = naam_van(feit)
        if persoon := getattr(feit, "persoon", None):
            return msgspec.structs.replace(feit, persoon=self._kluis.verzegel_velden(stroom, naam, persoon))
        dicht = {
            veld: self._kluis.verzegel(stroom, naam, veld, tekst)
            for veld in ("toelichting", "contact", "tekst")
            if (tekst := getattr(feit, veld, None)) is not None
        }
        return msgspec.structs.replace(feit, **dicht)


@contextmanager
def open_gebied(databank: Databank, datamap: Path) -> Iterator[tuple[Gebied, Binnendeur]]:
    """Give the region, and the application on it; its issuer is a real one, over HTTP."""
    with eigen_uitgever() as uitgever:
        tabel = {"doelgroep": DOELGROEP, "claim": "organisatie", "organisaties": {code: code for code in ORGANISATIES}}
        uitgevers = schrijf_uitgevers(datamap / "uitgevers.toml", {"issuer": uitgever.issuer, **tabel})
        gebied = Gebied(databank, uitgever)
        grenzen = {"verzoeken_per_minuut": 0, "missers_per_minuut": 0}
        with open_binnendeur(databank, datamap, uitgevers=uitgevers, **grenzen) as deur:
            yield gebied, deur


def lees(pad: str, koppen: Mapping[str, str], **anders: str) -> Vraag:
    """Make a question that records nothing."""
    return Vraag(pad=pad, koppen={**koppen, **anders})


def schrijf(pad: str, koppen: Mapping[str, str], inhoud: bytes, media: str = "application/json") -> Vraag:
    """Make a request that records something, in whichever version."""
    eigen = {"Content-Type": media, "Idempotency-Key": uuid4().hex, "If-Match": "*"}
    return Vraag(methode="POST", pad=pad, koppen={**koppen, **eigen}, inhoud=inhoud)
