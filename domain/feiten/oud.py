"""The shapes that facts had before, and how each becomes the next: what was stored once is read for ever.

When the shape of a fact must change (docs/log.md): its class moves here under the name it has in the archive, the new
class takes the name with the next version, and OPWAARDERINGEN says how the one becomes the other. None has changed yet.
"""

from overstap.domain.feiten._vorm import Vorm
from overstap.domain.feiten.archief import Opwaardering

OPWAARDERINGEN: dict[type[Vorm], Opwaardering] = {}
"""From each old shape to the version after it."""
