"""Makes up the applications of a pupil and the dates on which each of them moves."""

import random
from uuid import UUID

from overstap.adapters.synthetische_regio.kalender import UUR, datum
from overstap.adapters.synthetische_regio.organisaties import BUITEN_REGIO, Mbo, Regio
from overstap.adapters.synthetische_regio.plan import Aanvraag, Beweging, Ingang
from overstap.adapters.synthetische_regio.reis import Reis

Gang = list[Beweging]

_TE_LAAT_GELEVERD = 0.025
_EERSTE_KETENNUMMER = 90_000_000
_CREBOS_BUITEN = tuple(f"{28_000 + 7 * nummer:05d}" for nummer in range(40))
# When pupils apply for the first time: from, to, weight. The last week of March is the peak, the last line is too late.
_AANMELDPERIODES = (
    ((11, 10), (12, 31), 13),
    ((1, 1), (1, 31), 19),
    ((2, 1), (2, 28), 21),
    ((3, 1), (3, 22), 19),
    ((3, 23), (3, 31), 24),
    ((4, 3), (5, 29), 4),
)
_GEWICHTEN = [gewicht for _, _, gewicht in _AANMELDPERIODES]
_PLAATSING = (((3, 2), (3, 31), 12), ((4, 1), (5, 29), 83), ((6, 2), (7, 10), 5))
_INSCHRIJVING = (((6, 10), (7, 17), 86), ((8, 3), (8, 21), 14))
_START = (((8, 24), (8, 30), 20), ((8, 31), (9, 6), 64), ((9, 7), (9, 20), 15), ((9, 21), (9, 25), 1))


class Aanvragen:
    """Gives applications their MBO, opleiding and ketenId, no ketenId twice."""

    def __init__(self, regio: Regio) -> None:
        self._mbos = regio.mbos
        self._gewichten = [mbo.gewicht for mbo in regio.mbos]
        self._laatste = dict.fromkeys((mbo.brin for mbo in regio.mbos), _EERSTE_KETENNUMMER)

    def in_regio(self, reis: Reis, *, alleen_koppeling: bool = False) -> Aanvraag:
        """Make an application at an MBO of the region, at an opleiding the pupil has not chosen there yet."""
        bezet = {(aanvraag.brin, aanvraag.crebo) for aanvraag in reis.leerling.aanvragen}
        while True:
            mbo = reis.toeval.choices(self._mbos, self._gewichten)[0]
            crebo = reis.toeval.choice(mbo.crebos)
            if (mbo.koppeling or not alleen_koppeling) and (mbo.brin, crebo) not in bezet:
                return self._aanvraag(reis, mbo.brin, crebo, mbo, _ingang(mbo))

    def buiten_regio(self, reis: Reis) -> Aanvraag:
        """Make an application at an MBO outside the region, which the decaan enters by hand."""
        return self._aanvraag(
            reis, reis.toeval.choice(BUITEN_REGIO), reis.toeval.choice(_CREBOS_BUITEN), None, Ingang.DECAAN
        )

    def _keten_id(self, toeval: random.Random, mbo: Mbo) -> str:
        """Give the next ketenId of an MBO, sometimes with a vestiging in it."""
        self._laatste[mbo.brin] += toeval.randrange(1, 8)
        vestiging = toeval.choice(("01", "", "", "", ""))
        return f"{mbo.brin}{vestiging}:{self._laatste[mbo.brin]:08d}"

    def _aanvraag(self, reis: Reis, brin: str, crebo: str, mbo: Mbo | None, ingang: Ingang) -> Aanvraag:
        toeval = reis.toeval
        aanvraag = Aanvraag(
            brin=brin,
            crebo=crebo,
            ingang=ingang,
            mbo=mbo,
            keten_id=self._keten_id(toeval, mbo) if mbo is not None and ingang is Ingang.KOPPELING else "",
            ca_keten_id=str(UUID(int=toeval.getrandbits(128), version=4)),
            leertraject="BOL" if reis.kans(0.82) else "BBL",
            startdatum=datum(reis.tussen((8, 24), (8, 31))),
        )
        reis.leerling.aanvragen.append(aanvraag)
        return aanvraag


def _ingang(mbo: Mbo) -> Ingang:
    if mbo.koppeling:
        return Ingang.KOPPELING
    return Ingang.INTAKER if mbo.accounts else Ingang.DECAAN


def eerste_aanmelding(reis: Reis, uiterlijk: int | None = None) -> int:
    """Draw when a pupil applies for the first time, after his school entered him and not after a last moment."""
    van, tot, _ = reis.toeval.choices(_AANMELDPERIODES, _GEWICHTEN)[0]
    t = reis.tussen(van, tot)
    if uiterlijk is not None and t > uiterlijk:
        t = uiterlijk - reis.dagen(0, 40)
    return max(t, reis.leerling.ingevoerd + reis.dagen(1, 9))


def gang(reis: Reis, t: int, tot: str = "gestart") -> Gang:
    """Make up how an application goes from its first day to a status; one that begins in summer goes in days."""
    jaar = reis.jaar
    snel = t >= jaar.dag(6, 20)
    tussenpoos = (0.6, 3) if snel else (4, 19)
    stappen = [Beweging("aangemeld", t)]
    for status, aandeel in (("intake_gepland", 0.24), ("nader_onderzoek", 0.04), ("intake_afgerond", 0.42)):
        if reis.kans(aandeel):
            t += reis.dagen(*tussenpoos)
            stappen.append(Beweging(status, t))
    if not snel and jaar.dag(4, 2) <= t < jaar.dag(5, 15) and reis.kans(0.2):
        t += reis.dagen(2, 9)
        stappen.append(Beweging("wachtlijst", t))
    t = _niet_voor(reis, t + reis.dagen(*tussenpoos), _PLAATSING, snel=snel)
    if reis.kans(0.96):
        stappen.append(Beweging("voorlopig_geplaatst", t))
    t = _niet_voor(reis, t + reis.dagen(0.6, 3), _INSCHRIJVING, snel=t >= jaar.dag(7, 10))
    stappen.append(Beweging("definitief_geplaatst", t))
    t = max(t + reis.dagen(0.5, 2), jaar.dag(8, 24) + reis.dagen(0, 4))
    t = _niet_voor(reis, t, _START, snel=t >= jaar.dag(9, 5))
    stappen.append(Beweging("gestart", min(t, jaar.dag(9, 30) + 9 * UUR)))
    return tot_en_met(stappen, tot)


def te_laat_bekend(reis: Reis, stappen: Gang) -> Gang:
    """Put the start so late that its message comes after the measurement of 1 October."""
    return [*stappen[:-1], Beweging("gestart", reis.jaar.dag(9, 30) + 8 * UUR + reis.toeval.randrange(30 * UUR))]


def tot_en_met(stappen: Gang, tot: str) -> Gang:
    """Give the steps up to a status, or up to the last one before it where it is skipped."""
    rang = VOLGORDE.index(tot)
    return [beweging for beweging in stappen if VOLGORDE.index(beweging.status) <= rang]


VOLGORDE = (
    "aangemeld",
    "intake_gepland",
    "nader_onderzoek",
    "intake_afgerond",
    "wachtlijst",
    "voorlopig_geplaatst",
    "definitief_geplaatst",
    "gestart",
)


def volg(reis: Reis, aanvraag: Aanvraag, stappen: Gang) -> int:
    """Let an application go its way, now and then in a late delivery; give the last moment of delivery, 0 for none."""
    laatste_op = 0
    for beweging in stappen:
        te_laat = reis.kans(_TE_LAAT_GELEVERD) and beweging.t < reis.jaar.dag(8, 1)
        op = reis.beweeg(aanvraag, beweging._replace(vertraging=reis.toeval.randrange(1, 4) if te_laat else 0))
        if op is None:
            break
        laatste_op = op
    return laatste_op


def bijzaak(reis: Reis, aanvraag: Aanvraag, uiterlijk: int) -> None:
    """Let an application that comes to nothing begin before a moment, and often be left lying."""
    t = eerste_aanmelding(reis, uiterlijk)
    if reis.beweeg(aanvraag, Beweging("aangemeld", t)) is None:
        return
    if reis.kans(0.3):
        t += reis.dagen(6, 30)
        reis.beweeg(aanvraag, Beweging("intake_afgerond", t))
    if reis.kans(0.3):
        t = max(t, reis.tussen((5, 20), (7, 10))) + reis.dagen(1, 9)
        reis.beweeg(aanvraag, Beweging("ingetrokken", t))


def _niet_voor(
    reis: Reis, t: int, periodes: tuple[tuple[tuple[int, int], tuple[int, int], int], ...], *, snel: bool
) -> int:
    if snel:
        return t
    van, tot, _ = reis.toeval.choices(periodes, [gewicht for _, _, gewicht in periodes])[0]
    return max(t, reis.tussen(van, tot))
