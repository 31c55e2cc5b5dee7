"""Adds what a koppeling does unnoticed: messages twice, in the wrong order, of another opleiding."""

from dataclasses import replace

from overstap.adapters.synthetische_regio.dossier import kortste_weg
from overstap.adapters.synthetische_regio.plan import Aanvraag, Ingang, Regel, Verwacht
from overstap.adapters.synthetische_regio.reis import Reis
from overstap.adapters.synthetische_regio.verdeling import Merk

_TWEEMAAL = 0.026
_VERKEERDE_VOLGORDE = 0.021
_ANDERE_OPLEIDING = 0.015
_VLAK_ERNA = 8 * 60  # less than the least time between two messages of one aanmelding


def voeg_ruis_toe(reis: Reis) -> None:
    """Disturb the messages of a pupil about whom nothing else is unusual."""
    if reis.leerling.lot.merk is not Merk.GEEN or reis.leerling.lot.fout:
        return
    for nummer, aanvraag in enumerate(reis.leerling.aanvragen):
        if aanvraag.ingang is not Ingang.KOPPELING:
            continue
        if reis.kans(_ANDERE_OPLEIDING):
            _wissel_van_opleiding(reis, aanvraag)
        for plaats, regel in enumerate(list(aanvraag.regels)):
            if regel.verzoek != "koppelbericht" or regel.moeilijkheden:
                continue
            sleutel = f"{reis.leerling.nummer}/{nummer}/{plaats}"
            if reis.kans(_TWEEMAAL):
                _stuur_nog_eens(reis, regel, sleutel)
            elif reis.kans(_VERKEERDE_VOLGORDE):
                _stuur_te_laat(aanvraag, regel, sleutel)


def _wissel_van_opleiding(reis: Reis, aanvraag: Aanvraag) -> None:
    """Let the pupil choose another opleiding at the same MBO: the same status, another crebo."""
    if aanvraag.mbo is None or len(aanvraag.regels) < 2 or aanvraag.regels[0].moeilijkheden:  # noqa: PLR2004
        return
    eerste = aanvraag.regels[0]
    bezet = {ander.crebo for ander in reis.leerling.aanvragen if ander.brin == aanvraag.brin}
    ander_crebo = reis.toeval.choice([crebo for crebo in aanvraag.mbo.crebos if crebo not in bezet])
    wijziging = replace(eerste, t=eerste.t + _VLAK_ERNA, bron_t=eerste.t + _VLAK_ERNA)
    if wijziging.t >= eerste.op:
        return
    for regel in (wijziging, *aanvraag.regels[1:]):
        regel.crebo = ander_crebo
    aanvraag.regels.insert(1, wijziging)
    reis.leerling.regels.append(wijziging)


def _stuur_nog_eens(reis: Reis, regel: Regel, sleutel: str) -> None:
    if not regel.kanaal.bevat(regel.levering + 1):
        return
    regel.volgnummersleutel = sleutel
    reis.leerling.regels.append(
        replace(regel, levering=regel.levering + 1, verwacht=Verwacht.ONGEWIJZIGD, moeilijkheden=("dubbel_bericht",))
    )


def _stuur_te_laat(aanvraag: Aanvraag, regel: Regel, sleutel: str) -> None:
    """Deliver a message after the one that follows it, where that one can do without it."""
    plaats = next(nummer for nummer, ander in enumerate(aanvraag.regels) if ander is regel)
    if plaats + 1 >= len(aanvraag.regels):
        return
    volgende = aanvraag.regels[plaats + 1]
    levering = volgende.levering + 1
    if volgende.moeilijkheden or volgende.crebo != regel.crebo or not regel.kanaal.bevat(levering):
        return
    vorige = aanvraag.regels[plaats - 1] if plaats else None
    if vorige is not None and vorige.verwacht is not Verwacht.AANVAARD:
        return
    if kortste_weg(vorige.status if vorige is not None else "aangemeld", volgende.status) != 1:
        return
    regel.levering, regel.volgnummersleutel = levering, sleutel
    regel.verwacht, regel.moeilijkheden = Verwacht.NIET_TOEGEPAST, ("verkeerde_volgorde",)
