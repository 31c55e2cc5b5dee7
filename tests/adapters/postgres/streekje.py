"""Two small regions with the same pupils, recorded and folded: what row policies and grants are tried on."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
from msgspec.structs import replace

from overstap.adapters.postgres.bereik import Bereik, bereik_van, in_bereik
from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.log import Log
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.projectie_werker import Werker
from overstap.adapters.postgres.toevoeging import Afloop, Datasleutel, Toevoeging
from overstap.domain.feiten import Feit, Verzegeld
from overstap.domain.feiten import aanmelding as a
from overstap.domain.feiten import organisatie as org
from overstap.domain.feiten import overstap as o
from overstap.domain.gebeurtenis import Gebeurtenis
from overstap.domain.overstap import Overstap, evolve
from overstap.domain.redenen import RedenVervolgkeuze
from overstap.domain.rollen import Actor, Rol
from overstap.domain.statussen import OverstapStatus
from overstap.domain.stromen import stroom_van_organisatie
from tests.statemachine.gegeven import OPGEVOERD, wie_doet_dit
from tests.statemachine.spelers import (
    ANDER_MBO,
    GEMEENTE,
    KADER,
    MBO,
    MBO_ZONDER_KOPPELING,
    ORGANISATIES,
    REGIEBEHEERDER,
)

DERDE_MBO = MBO_ZONDER_KOPPELING
GEBEURD = datetime(2026, 9, 1, 10, tzinfo=UTC)
NU = datetime(2026, 10, 5, 10, tzinfo=UTC)
ANDERE_REGIO = "22"
PERSOON = {veld: Verzegeld(f"geheim {veld}") for veld in ("pgn", "achternaam", "geboortedatum", "woonplaats", "email")}
LEERLING = replace(OPGEVOERD, persoon=PERSOON)


def _status(van: str, naar: str, oorzaak: int, stap: str) -> o.StatusGewijzigd:
    return o.StatusGewijzigd(van=OverstapStatus(van), naar=OverstapStatus(naar), oorzaak=oorzaak, stap=stap)


BEWOGEN: tuple[Feit, ...] = (
    LEERLING,
    a.AanmeldingOntvangen(nummer=1, brin=MBO, crebo="25647"),
    a.AanmeldingOntvangen(nummer=2, brin=f"{DERDE_MBO}01", crebo="25655"),
    a.DefinitiefGeplaatst(nummer=2),
    _status("nog_niet_aangemeld", "geplaatst", 4, "volg_aanmelding"),
    o.SignaalGegeven(signaal="tegenstrijdig", voor=Rol.DECAAN),
    o.VervolgkeuzeVoGekozen(reden=RedenVervolgkeuze.HAVO, toelichting=Verzegeld("geheim waarom")),
    o.OverlegVastgelegd(overleg_datum="2026-08-30", contact=Verzegeld("geheim wie")),
    o.BerichtGeplaatst(aan=MBO, tekst=Verzegeld("geheim aan het MBO")),
    o.BerichtGeplaatst(aan=GEMEENTE, tekst=Verzegeld("geheim aan Leerplicht")),
    o.BerichtGeplaatst(aan=DERDE_MBO, tekst=Verzegeld("geheim aan het andere MBO")),
    o.WarmeOverdrachtVastgelegd(datum="2026-08-30"),
    o.LeerplichtIngeschakeld(overleg=8, overleg_datum="2026-08-30"),
    _status("geplaatst", "leerplicht_ingeschakeld", 13, "schakel_leerplicht_in"),
)
"""A pupil to whom everything happened that some role may not know."""
VERHALEN: dict[str, tuple[Feit, ...]] = {
    "bewogen": BEWOGEN,
    "andere klas": (replace(LEERLING, klas="4C"),),
    "andere vestiging": (replace(LEERLING, vestiging="02"),),
    "andere school": (
        replace(LEERLING, school="99BB", gemeente="0599"),
        a.AanmeldingOntvangen(nummer=1, brin=ANDER_MBO, crebo="25647"),
    ),
    "lang geleden bij Leerplicht": (
        LEERLING,
        o.LeerplichtIngeschakeld(),
        _status("nog_niet_aangemeld", "leerplicht_ingeschakeld", 2, "schakel_leerplicht_in"),
    ),
}


class Streekje:
    """The ids of its pupils by (region, story), and everything recorded."""

    def __init__(self, databank: Databank) -> None:
        self.databank = databank
        self.leerlingen = {(regio, naam): uuid4() for regio in ("21", ANDERE_REGIO) for naam in VERHALEN}
        with databank.verbind(Login.SCHRIJVER) as verbinding:
            log = Log(verbinding)
            uitkomsten = log.voeg_toe([*self._organisaties(), *self._leerlingen()], NU)
            assert {uitkomst.afloop for uitkomst in uitkomsten} == {Afloop.VASTGELEGD}
            self.gebeurtenissen = log.lees(0, 10_000)
        with Werker(databank) as werker:
            werker.bijwerken_tot()

    @property
    def bewogen(self) -> UUID:
        return self.leerlingen["21", "bewogen"]

    @property
    def elders(self) -> list[UUID]:
        """The pupils of the other region."""
        return [stroom for (regio, _), stroom in self.leerlingen.items() if regio == ANDERE_REGIO]

    def toestanden(self) -> dict[UUID, Overstap]:
        """Fold every pupil in memory."""
        toestanden: dict[UUID, Overstap] = {}
        for g in self.gebeurtenissen:
            if g.originator_id in set(self.leerlingen.values()):
                toestanden[g.originator_id] = evolve(toestanden.get(g.originator_id), g)
        return toestanden

    def bereik(self, actor: Actor, reden: str | None = None) -> Bereik:
        organisaties = KADER.organisaties.values() if actor.regio == "21" else ()
        return bereik_van(actor, NU, organisaties, reden)

    @contextmanager
    def blik(self, actor: Actor, reden: str | None = None) -> Iterator[psycopg.Cursor[Any]]:
        with (
            self.databank.verbind(Login.APP) as verbinding,
            in_bereik(verbinding, self.bereik(actor, reden)) as cursor,
        ):
            yield cursor

    def _organisaties(self) -> Iterator[Toevoeging]:
        for regio in ("21", ANDERE_REGIO):
            for een in ORGANISATIES.values():
                feiten = (
                    org.OrganisatieOpgenomen(
                        code=een.code,
                        soort=een.soort,
                        naam=een.naam,
                        aangesloten=een.aangesloten,
                        accounts=een.accounts,
                    ),
                    org.RolToegekend(account=f"iemand-{een.code.lower()}", rol=Rol.MANAGER),
                    org.ContactVastgelegd(onderwerp="intake", contact={"naam": Verzegeld("geheim contact")}),
                )
                yield self._toevoeging(regio, stroom_van_organisatie(regio, een.code), feiten, REGIEBEHEERDER)

    def _leerlingen(self) -> Iterator[Toevoeging]:
        for (regio, naam), stroom in self.leerlingen.items():
            yield self._toevoeging(regio, stroom, VERHALEN[naam])

    @staticmethod
    def _toevoeging(regio: str, stroom: UUID, feiten: tuple[Feit, ...], door: Actor | None = None) -> Toevoeging:
        gebeurtenissen = [
            Gebeurtenis(
                originator_id=stroom,
                originator_version=nummer,
                feit=feit,
                regio=regio,
                gebeurd_op=GEBEURD,
                actor=(wie := door or wie_doet_dit(feit)).account,
                rol=wie.rol,
                organisatie=wie.organisatie,
            )
            for nummer, feit in enumerate(feiten, 1)
        ]
        return Toevoeging(gebeurtenissen=gebeurtenissen, datasleutels=[Datasleutel(stroom, b"verpakt")])
