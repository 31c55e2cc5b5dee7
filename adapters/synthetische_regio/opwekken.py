"""Generates the year: every pupil's lines, the files they come in, what is wrong in them, and what to expect."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import msgspec

from overstap.adapters.synthetische_regio.aanmeldingen import Aanvragen, gang, tot_en_met, volg
from overstap.adapters.synthetische_regio.agenda import Agenda
from overstap.adapters.synthetische_regio.bestanden import Levering, Leveringen, Moeilijkheid, Wachtend
from overstap.adapters.synthetische_regio.dossier import Dossier
from overstap.adapters.synthetische_regio.fouten import FOUTEN
from overstap.adapters.synthetische_regio.inrichting import richt_in
from overstap.adapters.synthetische_regio.invoer import LIJSTFOUTEN, schrijf_op_lijsten
from overstap.adapters.synthetische_regio.kalender import Schooljaar, in_utc
from overstap.adapters.synthetische_regio.levensloop import leef
from overstap.adapters.synthetische_regio.mensen import Mensen, Nummers
from overstap.adapters.synthetische_regio.omlijsting import omlijst
from overstap.adapters.synthetische_regio.organisaties import verzin_regio
from overstap.adapters.synthetische_regio.plan import Leerling, Regel, Verwacht
from overstap.adapters.synthetische_regio.reis import Reis
from overstap.adapters.synthetische_regio.ruis import voeg_ruis_toe
from overstap.adapters.synthetische_regio.spelling import spel
from overstap.adapters.synthetische_regio.toeval import toeval_voor
from overstap.adapters.synthetische_regio.verdeling import klassen, verdeel
from overstap.adapters.synthetische_regio.verwacht import Telling

Voortgang = Callable[[int, int], None]
_ONBEKENDEN = 0.02  # people nobody enters, as a share of the pupils
_MELD_ELKE = 250


class Manifest(msgspec.Struct, frozen=True):
    """The set of files that was written, in order of delivery."""

    regio: str
    overstapjaar: int
    seed: int
    leerlingen: int
    leveringen: list[Levering]


class _Opwekking:
    """Holds together what one generation needs; made once, used once."""

    def __init__(self, leerlingen: int, jaar: int, seed: int, map_: Path) -> None:
        self._map = map_
        self.seed = seed
        self.jaar = Schooljaar(jaar)
        self.aantal = leerlingen
        self.regio = verzin_regio(self._toeval("regio"), leerlingen)
        self.agenda = Agenda(self.regio, self.jaar)
        self.leveringen = Leveringen(map_, self.regio, seed)
        self.telling = Telling(self.jaar)
        self.loten = verdeel(self._toeval("loten"), self.regio, leerlingen, (*FOUTEN, *LIJSTFOUTEN))
        self._klassen = klassen(self.loten)
        nummers = Nummers.uit(self._toeval("nummers"))
        self._mensen = Mensen(self.regio, self.agenda, nummers, self._klassen)
        self._aanvragen = Aanvragen(self.regio)
        self._scholen = {school.brin: school for school in self.regio.scholen}
        self._mbos = {mbo.brin: mbo for mbo in self.regio.mbos}

    def _toeval(self, *waarvoor: object) -> random.Random:
        return toeval_voor(self.seed, self.jaar.jaar, *waarvoor)

    def richt_in(self) -> None:
        """Hand in what the institutions begin with."""
        richt_in(self.leveringen, self.agenda, self.regio, self._klassen, self.telling)

    def leerling(self, nummer: int) -> None:
        """Make up one pupil's year and hand in its lines."""
        toeval = self._toeval("leerling", nummer)
        lot = self.loten[nummer]
        reis = Reis(self._mensen.maak(toeval, nummer, lot), self.agenda, toeval)
        leef(reis, self._aanvragen)
        if lot.fout in FOUTEN:
            FOUTEN[lot.fout](reis, self.regio)
        voeg_ruis_toe(reis)
        omlijst(reis)
        schrijf_op_lijsten(reis, self.regio)
        dossier = self._lever(reis)
        self.telling.tel_leerling(reis.leerling, dossier)

    def onbekende(self, nummer: int) -> None:
        """Make up the messages about somebody whom no school of the region enters."""
        toeval = self._toeval("onbekende", nummer)
        lot = self.loten[nummer % len(self.loten)]
        leerling = self._mensen.maak_onbekende(nummer, lot)
        reis = Reis(leerling, self.agenda, toeval)
        aanvraag = self._aanvragen.in_regio(reis, alleen_koppeling=True)
        begin = reis.tussen((11, 15), (5, 10))
        stappen = gang(reis, begin)
        volg(reis, aanvraag, tot_en_met(stappen, toeval.choice(("intake_afgerond", "voorlopig_geplaatst", "gestart"))))
        for regel in leerling.regels:
            regel.verwacht, regel.moeilijkheden = Verwacht.WACHTBAK, ("onbekend_pgn_nooit_bekend",)
        self.telling.tel_wachtbak(self._lever(reis))

    def _lever(self, reis: Reis) -> Dossier:
        """Judge a pupil's lines by our own model, in order of delivery, and hand in those that turn out as meant."""
        leerling = reis.leerling
        dossier = Dossier()
        teksten: dict[str, str] = {}
        for regel in sorted(leerling.regels, key=lambda regel: (regel.op, regel.t)):
            regel.pgn = regel.pgn or self._pgn(leerling, regel)
            if not regel.buiten_model and (uitkomst := dossier.verwerk(regel)) != (regel.verwacht, regel.code):
                self.telling.vervallen.append(f"{leerling.nummer}: {regel.verzoek} {regel.status} -> {uitkomst}")
                continue
            self.telling.tel_regel(regel)
            tekst = teksten.get(regel.volgnummersleutel) or spel(regel, reis, self._scholen, self._mbos)
            if regel.volgnummersleutel:
                teksten[regel.volgnummersleutel] = tekst
            self._geef_uit(regel, tekst, leerling.nummer)
        return dossier

    def _geef_uit(self, regel: Regel, tekst: str, nummer: int) -> None:
        sleutel = nummer if regel.verzoek == "voer_op" else regel.t
        moeilijkheden = tuple(Moeilijkheid(soort, str(regel.verwacht), regel.code) for soort in regel.moeilijkheden)
        gedeeld = regel.volgnummersleutel
        if regel.verwacht is Verwacht.NIET_TOEGEPAST:
            self.leveringen.voeg_toe(regel.bron, Wachtend(sleutel, "", (), gedeeld))
        herhaalt = bool(gedeeld) and regel.levering != regel.bron
        self.leveringen.voeg_toe(regel.levering, Wachtend(sleutel, tekst, moeilijkheden, gedeeld, herhaalt))

    def schrijf(self) -> Manifest:
        """Write all files, then the manifest, the list of troubles and what to expect."""
        geleverd: list[tuple[int, Levering]] = []
        for kanaal in self.agenda.kanalen:
            for levering in self.leveringen.schrijf(kanaal):
                op = kanaal.op(levering)
                bestand = kanaal.bestand(levering)
                geleverd.append((op, Levering(bestand, kanaal.soort, kanaal.namens, kanaal.rol, in_utc(op))))
        self.leveringen.ruim_op()
        geleverd.sort(key=lambda paar: paar[0])
        manifest = Manifest(
            self.regio.code, self.jaar.jaar, self.seed, self.aantal, [levering for _, levering in geleverd]
        )
        _schrijf_json(self._map / "manifest.json", msgspec.to_builtins(manifest))
        _schrijf_json(self._map / "verwacht.json", self.telling.als_json(self.aantal))
        self._schrijf_moeilijkheden()
        return manifest

    def _schrijf_moeilijkheden(self) -> None:
        gevonden = sorted(self.leveringen.gevonden, key=lambda geval: (geval.op, geval.bestand, geval.regel))
        with (self._map / "moeilijkheden.ndjson").open("w", encoding="utf-8", newline="\n") as bestand:
            for geval in gevonden:
                wat = geval.moeilijkheid
                regel = {"soort": wat.soort, "bestand": geval.bestand, "regel": geval.regel, "verwacht": wat.verwacht}
                if wat.code:
                    regel["code"] = wat.code
                bestand.write(json.dumps(regel) + "\n")

    @staticmethod
    def _pgn(leerling: Leerling, regel: Regel) -> str:
        if regel.aanvraag is not None and regel.aanvraag.altijd_nieuw_pgn:
            return leerling.nieuw_pgn
        return leerling.pgn_op(regel.op, regel.t)


def genereer(leerlingen: int, jaar: int, seed: int, map_: Path, voortgang: Voortgang | None = None) -> Manifest:
    """Write the files that a region's institutions deliver over overstapjaar `jaar`, for exactly so many pupils.

    The folder is made; it must be empty when it exists. Beside the files come `manifest.json` (what to deliver when),
    `moeilijkheden.ndjson` (every seeded trouble and what must become of it) and `verwacht.json` (what all of it must
    add up to). The same arguments give the same bytes. `voortgang` is told how many of how many people are done.

    Raises:
        ValueError: fewer than one pupil.
        FileExistsError: the folder has something in it.
    """
    if leerlingen < 1:
        raise ValueError("a region has at least one pupil")
    if map_.exists() and any(map_.iterdir()):
        raise FileExistsError(f"{map_} is not empty")
    map_.mkdir(parents=True, exist_ok=True)
    opwekking = _Opwekking(leerlingen, jaar, seed, map_)
    opwekking.richt_in()
    onbekenden = round(leerlingen * _ONBEKENDEN)
    for nummer in range(leerlingen):
        opwekking.leerling(nummer)
        if voortgang is not None and nummer % _MELD_ELKE == 0:
            voortgang(nummer, leerlingen + onbekenden)
    for nummer in range(onbekenden):
        opwekking.onbekende(nummer)
    manifest = opwekking.schrijf()
    if voortgang is not None:
        voortgang(leerlingen + onbekenden, leerlingen + onbekenden)
    return manifest


def _schrijf_json(pad: Path, inhoud: object) -> None:
    pad.write_text(json.dumps(inhoud, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
