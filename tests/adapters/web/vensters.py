"""The windows of one Chromium: what one test looked through the next looks through again, emptied.

A window costs as much to open as three pages to look at: a process of its own, and every style and script anew.
"""

from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as Storing

GEDULD = 20_000
_VERGEET = r"""() => {
  window.stop();
  if (location.protocol === 'http:') { sessionStorage.clear(); localStorage.clear(); }
  const is = vraag => matchMedia(vraag).matches;
  return {
    luistert: document.querySelector('[hx-sse\\:connect], [hx-trigger]') !== null,
    anders: is('print') || is('(prefers-color-scheme: dark)'),
  };
}"""
"""What is not on its way any more; and does the page ask or hear more by itself, does one look at it otherwise?"""


class Vensters:
    """The windows of a browser, each with cookies of its own."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._vrij: dict[bool, list[Page]] = {True: [], False: []}

    def neem(self, *, met_script: bool) -> Page:
        """Give a window that has seen nothing, or has forgotten it."""
        if self._vrij[met_script]:
            return self._vrij[met_script].pop()
        context = self._browser.new_context(java_script_enabled=met_script, bypass_csp=False, reduced_motion="reduce")
        context.set_default_timeout(GEDULD)
        return context.new_page()

    def geef_terug(self, blad: Page, *, met_script: bool) -> None:
        """Let a window forget what it saw: what it kept, its cookies, where the mouse was.

        A page that does nothing by itself may stay: to leave it and come back costs as much as to look at another.
        """
        try:
            blad.unroute_all()
            nog = blad.evaluate(_VERGEET)
            blad.mouse.move(0, 0)
            if nog["luistert"]:
                blad.goto("about:blank")
            if nog["anders"]:
                blad.emulate_media(media="null", color_scheme="light")
            blad.context.clear_cookies()
        except Storing:  # it was at something that does not end by itself: nobody takes it over
            blad.context.close()
        else:
            self._vrij[met_script].append(blad)
