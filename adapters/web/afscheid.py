"""The last words of a page that was live: its reader is signed in no more, and it will not change again."""

from typing import Final

from overstap.adapters.web.sjabloon import vul_in
from overstap.adapters.web.taal import Taal

SSE: Final = "text/event-stream"


def afscheid(taal: Taal) -> bytes:
    """Write the messages that end a stream: what the page says from now on, and that it need not ask again."""
    html = vul_in("live_einde.html", taal, {})
    regels = "".join(f"data: {regel}\n" for regel in html.splitlines() if regel.strip())
    return f"{regels}\nevent: einde\ndata: afgemeld\n\n".encode()
