"""The main paths with a keyboard and nothing else, and always to be seen where one is."""

from collections.abc import Callable
from uuid import UUID

import pytest

from overstap.adapters.http.stapverzoeken import STAPPEN
from tests.adapters.http.deur import Deur
from tests.adapters.opstelling import DECAAN
from tests.adapters.web.kijker import Kijker
from tests.adapters.web.school import voer_op

Kijk = Callable[..., Kijker]
_HOOGSTENS = 120
_HIER = """() => {
  const hier = document.activeElement, stijl = getComputedStyle(hier), vak = hier.getBoundingClientRect();
  return {
    naam: (hier.labels?.[0] ?? hier).innerText?.trim() ?? '',
    soort: hier.tagName, veld: hier.name ?? '',
    // Within a field for a date the browser shows by itself in which part one is.
    zichtbaar: hier === document.body || !hier.matches(':focus-visible')
      || ((stijl.outlineStyle !== 'none' && parseFloat(stijl.outlineWidth) > 0) || stijl.boxShadow !== 'none')
      && vak.width > 0 && vak.bottom > 0 && vak.top < innerHeight,
  };
}"""


class Typist:
    """Somebody without a mouse."""

    def __init__(self, kijker: Kijker) -> None:
        self.kijker = kijker
        self.onzichtbaar: list[str] = []

    def druk(self, toets: str) -> None:
        self.kijker.blad.keyboard.press(toets)

    def loop_naar(self, *, naam: str = "", veld: str = "") -> None:
        """Press Tab until one is there."""
        for _ in range(_HOOGSTENS):
            self.druk("Tab")
            hier = self.kijker.blad.evaluate(_HIER)
            if not hier["zichtbaar"]:
                self.onzichtbaar.append(f"{self.kijker.pad}: {hier['soort']} {hier['naam'][:40]}")
            if (naam and hier["naam"].startswith(naam)) or (veld and hier["veld"] == veld):
                return
        raise AssertionError(f"no way by keyboard to {naam or veld} at {self.kijker.pad}")

    def volg(self, naam: str) -> None:
        """Go to a link or button, and press Enter."""
        self.loop_naar(naam=naam)
        with self.kijker.blad.expect_navigation():
            self.druk("Enter")


@pytest.fixture
def leerling(deur: Deur) -> UUID:
    return voer_op(deur, "Meerkoet")


@pytest.fixture
def typist(kijk: Kijk) -> Typist:
    kijker = kijk()
    kijker.ga("/aanmelden")
    typist = Typist(kijker)
    typist.loop_naar(veld="organisatie")
    while kijker.blad.evaluate("document.activeElement.form.elements.rol.value") != "decaan":
        typist.loop_naar(veld="organisatie")
    kijker.blad.keyboard.type("Eerste School")
    typist.volg("Verder als decaan")
    return typist


def test_a_decaan_calls_in_leerplicht_by_keyboard_alone(typist: Typist, deur: Deur, leerling: UUID) -> None:
    typist.volg("Leerlingen")
    typist.volg("Meerkoet")
    typist.volg("Schakel Leerplicht in")
    typist.loop_naar(veld="overleg.contact")
    typist.kijker.blad.keyboard.type("Team Noord")
    typist.loop_naar(veld="overleg.overlegDatum")
    typist.kijker.blad.keyboard.type("01092026")
    typist.volg("Vastleggen")
    assert "Schakel Leerplicht in" in typist.kijker.blad.get_by_role("status").inner_text()
    assert deur.toon(leerling, DECAAN).json()["status"] == "leerplicht_ingeschakeld"
    assert typist.onzichtbaar == []


@pytest.mark.usefixtures("leerling")
def test_a_list_is_searched_by_keyboard_alone(typist: Typist) -> None:
    typist.volg("Leerlingen")
    typist.loop_naar(veld="naam")
    typist.kijker.blad.keyboard.type("meerkoet")
    typist.druk("Enter")
    typist.kijker.zie("Gezocht op").wait_for()
    assert set(typist.kijker.namen()) == {"Meerkoet, Noor van der"}
    assert typist.onzichtbaar == []


def test_no_form_of_a_step_holds_the_keyboard(typist: Typist, leerling: UUID) -> None:
    for stap in ("schakel_leerplicht_in", "meld_aan", "schrijf_uit"):
        assert stap in STAPPEN
        typist.kijker.ga(f"/leerlingen/{leerling}/stappen/{stap}")
        typist.loop_naar(naam="Vastleggen")
        typist.loop_naar(naam="Naar de inhoud")  # out of the page at its end, and in again at its begin
    assert typist.onzichtbaar == []
