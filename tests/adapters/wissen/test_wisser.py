"""Erasing persons: what goes, what stays, and what may happen afterwards."""

import threading
from uuid import UUID, uuid4

import pytest

from overstap.adapters.koppelingen.wachtbak import Wachtbak
from overstap.adapters.opdracht import Opdracht, Vastgelegd
from overstap.adapters.postgres.log import SLOT
from overstap.adapters.postgres.logins import Login
from overstap.adapters.postgres.toevoeging import Kwitantie
from overstap.adapters.stroomsoorten import OVERSTAP, Waargenomen
from overstap.adapters.vault import Kluis, Persoon, SleutelVernietigd
from overstap.adapters.wissen.wisser import Vernietigd
from overstap.domain.feiten.overstap import OverstapGewist, SignaalGegeven
from overstap.domain.feiten.wachtbak import WachtbakItemVervallen
from overstap.domain.verzoeken import VerwerkKoppelbericht, WijzigPersoonsgegevens
from overstap.domain.weigering import Weigering
from tests.adapters.koppelingen.bestanden import bsn
from tests.adapters.opstelling import DECAAN, HOOFDSLEUTEL, JAAR, KOPPELING, REGIEBEHEERDER, VO_BEHEERDER
from tests.adapters.wissen.conftest import Streek

KETEN, ANDERE_KETEN = "99XX:70000001", "99XX:70000002"


def test_of_who_is_erased_the_key_the_number_the_wachtbak_and_the_receipts_go(streek: Streek) -> None:
    pgn = bsn()
    assert streek.meld(pgn, KETEN)["wachtbak"] == 1
    [overstap] = streek.voer_op(pgn)  # the message that waited goes to him
    assert streek.meld(pgn, KETEN, 2, "PB")["aanvaard"] == 1

    wissing = streek.wis(overstap)

    [gewist] = wissing.gewist
    assert gewist.vernietigd == Vernietigd(datasleutels=1, nummers=1, wachtbakitems=0, kwitanties=2)
    assert wissing.sleutels_voor - wissing.sleutels_na == 1
    assert streek.vraag("SELECT 1 FROM kluis.datasleutels WHERE stroom = %s", overstap) == []
    assert streek.vraag("SELECT 1 FROM kluis.pgn WHERE stroom = %s", overstap) == []
    assert streek.vraag("SELECT 1 FROM log.kwitanties WHERE stroom = %s", overstap) == []


def test_a_message_that_still_waits_for_his_number_goes_too(streek: Streek) -> None:
    pgn = bsn()
    [overstap] = streek.voer_op(pgn)
    item = _laat_wachten(streek, pgn)

    [gewist] = streek.wis(overstap).gewist

    assert gewist.vernietigd.wachtbakitems == 1
    assert gewist.vernietigd.datasleutels == 2
    assert streek.vraag("SELECT 1 FROM kluis.wachtbak") == []
    assert streek.vraag("SELECT 1 FROM kluis.datasleutels WHERE stroom = %s", item) == []
    assert [een.feit for een in streek.app.log.laad([item])[item]][-1] == WachtbakItemVervallen(reden="gewist")


def test_the_log_says_who_erased_and_why(streek: Streek) -> None:
    [overstap] = streek.voer_op(bsn())
    wissing = streek.wis(overstap)
    laatste = streek.app.log.laad([overstap])[overstap][-1]
    assert laatste.feit == OverstapGewist(aanleiding="verzoek", reden="brief 12")
    assert (laatste.actor, laatste.rol) == (REGIEBEHEERDER.account, REGIEBEHEERDER.rol)
    assert (wissing.voor, wissing.na) == (wissing.gewist[0].positie - 1, laatste.positie)  # type: ignore[operator]


def test_what_was_sealed_opens_no_more_and_nothing_can_be_sealed(streek: Streek) -> None:
    [overstap, ander] = streek.voer_op(bsn(), bsn())
    streek.wis(overstap)
    kluis = Kluis(HOOFDSLEUTEL, streek.app.opzoeker.datasleutels)
    persoon = {stroom: streek.app.bus.staat(OVERSTAP, stroom).persoon for stroom in (overstap, ander)}
    assert kluis.open_persoon(overstap, persoon[overstap]) == Persoon()
    assert kluis.open_persoon(ander, persoon[ander]).achternaam == "Zwartevlinder"
    with pytest.raises(SleutelVernietigd):
        kluis.verzegel(overstap, "bericht-geplaatst", "tekst", "hallo")


def test_erasing_again_records_nothing_and_destroys_what_is_left(streek: Streek) -> None:
    [overstap] = streek.voer_op(bsn())
    eerst = streek.wis(overstap)
    opnieuw = streek.wis(overstap)
    assert (opnieuw.voor, opnieuw.na) == (eerst.na, eerst.na)
    assert opnieuw.gewist[0].positie is None
    assert opnieuw.gewist[0].vernietigd == Vernietigd(datasleutels=0, nummers=0, wachtbakitems=0, kwitanties=0)


def test_only_the_regiebeheerder_and_the_system_erase(streek: Streek) -> None:
    [overstap] = streek.voer_op(bsn())
    wissing = streek.wis(overstap, door=DECAAN)
    assert wissing.geweigerd[overstap].code == "niet_bevoegd"
    assert wissing.gewist == ()
    assert streek.vraag("SELECT count(*) FROM kluis.datasleutels WHERE stroom = %s", overstap) == [(1,)]


def test_who_does_not_exist_leaves_the_others_as_they_are(streek: Streek) -> None:
    [overstap], weg = streek.voer_op(bsn()), uuid4()
    wissing = streek.wis(weg, overstap)
    assert wissing.geweigerd[weg].code == "onbekende_leerling"
    assert [een.overstap for een in wissing.gewist] == [overstap]


def test_a_later_message_about_the_same_aanmelding_is_refused_and_keeps_nothing(streek: Streek) -> None:
    pgn = bsn()
    [overstap] = streek.voer_op(pgn)
    streek.meld(pgn, KETEN)
    streek.wis(overstap)
    sleutels = streek.vraag("SELECT count(*) FROM kluis.datasleutels")
    assert streek.meld(pgn, KETEN, 2, "PB") == {"gewist": 1, "aanvaard": 0, "wachtbak": 0}
    assert streek.meld(bsn(), KETEN, 3, "IS") == {"gewist": 1, "aanvaard": 0, "wachtbak": 0}
    assert streek.vraag("SELECT count(*) FROM kluis.datasleutels") == sleutels
    assert len(streek.app.log.laad([overstap])[overstap]) == 4


def test_whatever_is_put_to_the_bus_about_him_is_refused(streek: Streek) -> None:
    [overstap] = streek.voer_op(bsn())
    streek.app.bus.staat(OVERSTAP, overstap)  # in memory as it was
    streek.wis(overstap)
    verzoeken = (WijzigPersoonsgegevens(klas="4b"), Waargenomen(feiten=(SignaalGegeven(signaal="x", voor="decaan"),)))
    antwoorden = streek.app.bus.verwerk(
        [Opdracht(soort=OVERSTAP, stroom=overstap, verzoek=een, actor=VO_BEHEERDER) for een in verzoeken]
    )
    assert [een.code for een in antwoorden if isinstance(een, Weigering)] == ["gewist", "gewist"]


def test_his_school_can_enter_him_anew_as_another_overstap(streek: Streek) -> None:
    pgn = bsn()
    [overstap] = streek.voer_op(pgn)
    streek.wis(overstap)
    nieuw, _ = streek.voer_op(pgn, bsn())  # the same file again would be the same delivery
    assert nieuw != overstap


def test_a_request_in_flight_comes_before_the_erasure_or_is_refused(streek: Streek) -> None:
    [overstap] = streek.voer_op(bsn())
    geheel = streek.app

    def verzegel(_dossier: object) -> WijzigPersoonsgegevens:
        return WijzigPersoonsgegevens(
            persoon=geheel.kluis.verzegel_velden(overstap, "persoonsgegevens-gewijzigd", {"voornaam": "Sietske"})
        )

    opdracht = Opdracht(
        soort=OVERSTAP,
        stroom=overstap,
        verzoek=verzegel,
        actor=VO_BEHEERDER,
        kwitantie=Kwitantie("school", b"1", b"x"),
    )
    with streek.databank.verbind(Login.SCHRIJVER) as slot:
        slot.execute("SELECT pg_advisory_lock(%s)", (SLOT,))
        ronde = geheel.bus.begin([opdracht])  # decided and sealed, with the key that still is
        wisser = threading.Thread(target=streek.wis, args=(overstap,))
        wisser.start()
        while not streek.vraag("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"):
            threading.Event().wait(0.01)
        slot.execute("SELECT pg_advisory_unlock(%s)", (SLOT,))
    wisser.join(20)
    geheel.bus.verstuur(ronde)
    geheel.bus.ontvang(ronde)
    assert geheel.bus.rond_af(ronde) == [None], "another was first: decide again"
    [antwoord] = geheel.bus.verwerk([opdracht])
    assert isinstance(antwoord, Weigering)
    assert not isinstance(antwoord, Vastgelegd)
    soorten = [type(een.feit) for een in geheel.log.laad([overstap])[overstap]]
    assert soorten[-1] is OverstapGewist


def test_only_receipts_of_who_was_erased_are_removed(streek: Streek) -> None:
    pgn = bsn()
    [overstap] = streek.voer_op(pgn)
    streek.meld(pgn, KETEN)
    voor = streek.vraag("SELECT count(*) FROM log.kwitanties")
    assert streek.vraag("SELECT * FROM log.wis_kwitanties(%s)", [overstap]) == []
    assert streek.vraag("SELECT count(*) FROM log.kwitanties") == voor


def _laat_wachten(streek: Streek, pgn: str) -> UUID:
    """Put a message aside that waits for the number of somebody who is known: as between two processes."""
    bericht = VerwerkKoppelbericht(
        keten_id=ANDERE_KETEN,
        volgnummer=1,
        code="AO",
        laatste_wijziging="2026-01-10T09:30:00Z",
        brin="99XX",
        crebo="25600",
    )
    opdracht = Wachtbak(streek.app, uuid4()).bewaar(
        bericht, JAAR, streek.app.kluis.pgn_hash(pgn), KOPPELING, Kwitantie("koppeling", b"w", b"x"), wacht_op=None
    )
    [antwoord] = streek.app.bus.verwerk([opdracht])
    assert isinstance(antwoord, Vastgelegd)
    return opdracht.stroom
