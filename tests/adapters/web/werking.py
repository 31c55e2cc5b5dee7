"""What of a page does its work in a browser without scripts, and what does not: read from the page itself."""

from html.parser import HTMLParser

from tests.adapters.web.wandeling import OPEN, route_van

_LEEG = {"input", "br", "hr", "img", "link", "meta", "path", "line", "rect", "circle", "use", "source", "wbr", "col"}
_VELDEN = {"input", "select", "textarea"}
_ELDERS = ("mailto:", "tel:")
_VANZELF = {"hx-get", "hx-trigger", "hx-swap", "hx-select", "hx-target", "hx-sse:connect", "hx-sse:close"}
"""What makes a part fresh by itself. A part that asks (hx-get) has a link that asks the same."""


class _Formulier:
    def __init__(self, methode: str, naar: str, soort: str) -> None:
        self.methode, self.naar, self.soort = methode, naar, soort
        self.namen: set[str] = set()
        self.heeft_knop = False
        self.heeft_bestand = False


class _Werking(HTMLParser):
    def __init__(self, hier: str) -> None:
        super().__init__(convert_charrefs=True)
        self.hier = hier
        self.mis: list[str] = []
        self.ankers: set[str] = set()
        self.namen: set[str] = set()
        self._formulier: _Formulier | None = None
        self._vers: list[list[bool]] = []  # of each part that is fresh by itself: has it a link, so far
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        bij = {naam: waarde or "" for naam, waarde in attrs}
        self.namen |= {bij["id"]} if "id" in bij else set()
        if vreemd := [naam for naam in bij if naam.startswith(("hx-", "data-hx-", "on")) and naam not in _VANZELF]:
            self.mis.append(f"<{tag}> does {vreemd} by script alone")
        if tag == "a":
            self._link(bij)
        elif tag == "form":
            naar = bij.get("action") or self.hier
            self._formulier = _Formulier(bij.get("method", "get").upper(), naar, bij.get("enctype", ""))
        elif tag in _VELDEN:
            self._veld(tag, bij)
        elif tag == "button":
            self._knop(bij)
        if tag not in _LEEG:
            self._open.append((tag, "hx-get" in bij))
            self._vers += [[False]] if "hx-get" in bij else []

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            naam, is_vers = self._open.pop()
            if is_vers and not self._vers.pop()[0]:
                self.mis.append(f"<{naam}> becomes fresh by script alone")
            if naam == tag:
                break
        if tag == "form" and self._formulier is not None:
            self._keur(self._formulier)
            self._formulier = None

    def _link(self, bij: dict[str, str]) -> None:
        naar = bij.get("href", "")
        if self._vers and naar.startswith("/"):
            self._vers[-1][0] = True
        if naar.startswith("#") and len(naar) > 1:
            self.ankers.add(naar[1:])
        elif not naar.startswith(_ELDERS) and route_van(naar.partition("#")[0]) is None:
            self.mis.append(f"a link leads nowhere: {naar!r}")

    def _veld(self, tag: str, bij: dict[str, str]) -> None:
        if self._formulier is None:
            self.mis.append(f"<{tag} name={bij.get('name')!r}> is in no form")
            return
        if not bij.get("name"):
            self.mis.append(f"a field of {self._formulier.naar} has no name")
        self._formulier.namen.add(bij.get("name", ""))
        self._formulier.heeft_bestand |= bij.get("type") == "file"

    def _knop(self, bij: dict[str, str]) -> None:
        if bij.get("type", "submit") == "submit" and self._formulier is not None:
            self._formulier.heeft_knop = True
        elif "hidden" not in bij:  # what only a script can do is shown by the script
            self.mis.append(f"a button does nothing: {bij}")

    def _keur(self, een: _Formulier) -> None:
        if route_van(een.naar.partition("#")[0], een.methode) is None:
            self.mis.append(f"{een.methode} {een.naar} is no address")
        if not een.heeft_knop:
            self.mis.append(f"{een.methode} {een.naar} cannot be sent")
        if een.methode == "POST" and een.naar not in OPEN and "merk" not in een.namen:
            self.mis.append(f"{een.naar} has no mark")
        if een.heeft_bestand and (een.methode, een.soort) != ("POST", "multipart/form-data"):
            self.mis.append(f"{een.naar} sends the name of a file, and not the file")


def werkt_niet(inhoud: str, hier: str) -> list[str]:
    """Tell what of a page does nothing without scripts; hier is its own address."""
    lezer = _Werking(hier)
    lezer.feed(inhoud)
    return lezer.mis + [f"#{anker} is not on the page" for anker in sorted(lezer.ankers - lezer.namen)]
