"""Organisations with their functionaries and contacts, as a CSV of three kinds of lines."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from overstap.adapters.koppelingen import velden
from overstap.adapters.koppelingen.fouten import ONBEKENDE_ORGANISATIE, Onbruikbaar, veld_ongeldig, veld_ontbreekt
from overstap.adapters.koppelingen.levering import Levering, Uitslag, uitslag_van
from overstap.adapters.opdracht import Opdracht
from overstap.adapters.stroomsoorten import ORGANISATIE, Organisatiedossier
from overstap.adapters.vault import naam_van_soort
from overstap.domain.feiten.organisatie import ContactVastgelegd, RolToegekend, RolVoorgesteld
from overstap.domain.identificaties import is_account, is_brin, is_gemeentecode
from overstap.domain.rollen import ROLLEN_VAN, Rol, SoortOrganisatie
from overstap.domain.stromen import stroom_van_organisatie
from overstap.domain.verzoeken_organisatie import KenRolToe, LegContactVast, NeemOrganisatieOp, OrganisatieVerzoek
from overstap.domain.weigering import Weigering
from overstap.statemachine.weigeringen import niet_bevoegd

KOLOMMEN: dict[str, str] = {
    naam: naam
    for naam in (
        "regel",
        "code",
        "soort",
        "naam",
        "gemeente",
        "koppeling",
        "accounts",
        "account",
        "rol",
        "vestiging",
        "klas",
        "onderwerp",
        "email",
        "telefoon",
        "aangesloten",
    )
}
VERPLICHT = ("regel", "code")
_PERSOONLIJK = ("naam", "email", "telefoon")
_CODE: Final = re.compile(r"[A-Z0-9-]{2,20}", re.ASCII)
_ONDERWERP: Final = re.compile(r"[A-Za-z][A-Za-z0-9 _/-]{0,59}", re.ASCII)
_PERSOONSNUMMER: Final = 9


class Organisatieregel(msgspec.Struct, frozen=True, kw_only=True):
    """A line: the organisation, what is asked, and the person it names in clear. It does not show itself."""

    code: str
    verzoek: OrganisatieVerzoek
    persoon: dict[str, str]

    def __repr__(self) -> str:
        return "Organisatieregel(***)"


class Organisaties:
    """Lines about organisations, delivered by the regiebeheerder or an administrator."""

    def __init__(self, levering: Levering) -> None:
        self._levering = levering
        self._app = levering.app

    def ontleed(self, inhoud: Mapping[str, str]) -> Organisatieregel:
        """Read one line.

        Raises:
            Onbruikbaar: when a field is missing or not of its form.

        """
        soort = velden.verplicht(inhoud, "regel").lower()
        code = velden.code(
            velden.verplicht(inhoud, "code"), "code", _is_code, "een BRIN, gemeentecode, SWV-code of OIN"
        )
        persoon = {veld: velden.vrije_tekst(inhoud[veld], veld) for veld in _PERSOONLIJK if inhoud.get(veld)}
        verzoek: OrganisatieVerzoek
        match soort:
            case "organisatie":
                verzoek, persoon = _organisatie(inhoud, code, self._levering.regio), {}
            case "functionaris":
                verzoek = _functionaris(inhoud)
            case "contact":
                velden.verplicht(inhoud, "naam")
                onderwerp = velden.verplicht(inhoud, "onderwerp")
                velden.code(onderwerp, "onderwerp", _past_op(_ONDERWERP), "hoogstens 60 letters en cijfers")
                verzoek = LegContactVast(onderwerp=onderwerp, contact={})
            case _:
                raise Onbruikbaar(veld_ongeldig("regel", "organisatie, functionaris of contact"))
        return Organisatieregel(code=code[:4] if is_brin(code) else code, verzoek=verzoek, persoon=persoon)

    def verwerk(self, regels: Sequence[Organisatieregel]) -> list[Uitslag]:
        """Put each line to the bus."""
        stromen = [stroom_van_organisatie(self._levering.regio, regel.code) for regel in regels]
        self._app.kluis.laad(set(stromen))
        opdrachten = [self._opdracht(regel, stroom) for regel, stroom in zip(regels, stromen, strict=True)]
        return [uitslag_van(antwoord) for antwoord in self._app.bus.verwerk(opdrachten)]

    def _opdracht(self, regel: Organisatieregel, stroom: UUID) -> Opdracht:
        def maak(dossier: Organisatiedossier | None) -> OrganisatieVerzoek | Weigering | None:
            match regel.verzoek:
                case KenRolToe() as verzoek:
                    return self._rol(verzoek, regel.persoon, stroom, dossier)
                case LegContactVast() as verzoek:
                    return self._contact(verzoek, regel.persoon, stroom, dossier)
                case verzoek:
                    return verzoek

        return Opdracht(
            soort=ORGANISATIE,
            stroom=stroom,
            verzoek=maak,
            actor=self._levering.actor,
            correlatie=self._levering.correlatie,
        )

    def _rol(
        self, verzoek: KenRolToe, persoon: Mapping[str, str], stroom: UUID, dossier: Organisatiedossier | None
    ) -> KenRolToe | Weigering | None:
        if dossier is None:
            return ONBEKENDE_ORGANISATIE
        actor = self._levering.actor
        if actor.rol is not Rol.REGIEBEHEERDER and verzoek.rol not in ROLLEN_VAN[dossier.organisatie.soort]:
            return niet_bevoegd("beheer_accounts", actor, {Rol.REGIEBEHEERDER})
        feit = naam_van_soort(RolVoorgesteld if _wordt_voorgesteld(verzoek, dossier, actor.account) else RolToegekend)
        functionaris = self._app.kluis.verzegel_velden(stroom, feit, persoon)
        return msgspec.structs.replace(verzoek, functionaris=functionaris)

    def _contact(
        self, verzoek: LegContactVast, persoon: Mapping[str, str], stroom: UUID, dossier: Organisatiedossier | None
    ) -> LegContactVast | Weigering | None:
        if dossier is None:
            return ONBEKENDE_ORGANISATIE
        kluis, feit = self._app.kluis, naam_van_soort(ContactVastgelegd)
        bekend = dossier.contacten.get(verzoek.onderwerp, {})
        nu = {veld: kluis.open(stroom, feit, veld, verzegeld) for veld, verzegeld in bekend.items()}
        if nu == persoon and self._levering.actor.organisatie in {dossier.organisatie.code, self._levering.regio}:
            return None
        return msgspec.structs.replace(verzoek, contact=kluis.verzegel_velden(stroom, feit, persoon))


def _wordt_voorgesteld(verzoek: KenRolToe, dossier: Organisatiedossier, account: str) -> bool:
    """Tell whether this grant is only the first of the two that an auditor takes."""
    voorstellers = {
        wie for van, rol, wie in dossier.organisatie.voorstellen if (van, rol) == (verzoek.account, verzoek.rol)
    }
    return verzoek.rol is Rol.AUDITOR and not voorstellers - {account}


def _is_code(code: str) -> bool:
    return bool(_CODE.fullmatch(code)) and not (len(code) == _PERSOONSNUMMER and code.isdigit())


def _past_op(patroon: re.Pattern[str]) -> Any:  # noqa: ANN401
    return lambda waarde: patroon.fullmatch(waarde) is not None


def _organisatie(inhoud: Mapping[str, str], code: str, regio: str) -> NeemOrganisatieOp:
    soort = velden.verplicht(inhoud, "soort").lower()
    if soort not in set(SoortOrganisatie) or (soort == SoortOrganisatie.REGIO) != (code == regio):
        raise Onbruikbaar(veld_ongeldig("soort", "vo, mbo, gemeente of samenwerkingsverband"))
    gemeente, aangesloten = inhoud.get("gemeente", ""), inhoud.get("aangesloten", "")
    if gemeente:
        velden.code(gemeente, "gemeente", is_gemeentecode, "vier cijfers")
    if aangesloten:
        velden.code(aangesloten, "aangesloten", _is_code, "de code van een samenwerkingsverband")
    return NeemOrganisatieOp(
        code=code[:4] if is_brin(code) else code,
        soort=SoortOrganisatie(soort),
        naam=velden.vrije_tekst(velden.verplicht(inhoud, "naam"), "naam"),
        gemeente=gemeente or None,
        aangesloten=aangesloten or None,
        koppeling=velden.ja_of_nee(inhoud.get("koppeling", ""), "koppeling"),
        accounts=velden.ja_of_nee(inhoud.get("accounts", ""), "accounts"),
    )


def _functionaris(inhoud: Mapping[str, str]) -> KenRolToe:
    account = velden.verplicht(inhoud, "account")
    rol, vestiging, klas = velden.verplicht(inhoud, "rol").lower(), inhoud.get("vestiging", ""), inhoud.get("klas", "")
    if not inhoud.get("naam"):
        raise Onbruikbaar(veld_ontbreekt("naam"))
    if rol not in set(Rol):
        raise Onbruikbaar(veld_ongeldig("rol", "een rol van de lijst"))
    return KenRolToe(
        account=velden.code(account, "account", is_account, "3 tot 64 kleine letters, cijfers en streepjes"),
        rol=Rol(rol),
        vestiging=velden.vestiging(vestiging) if vestiging else None,
        klas=velden.klas(klas) if klas else None,
    )
