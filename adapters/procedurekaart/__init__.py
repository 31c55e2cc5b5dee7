"""Drawings of the procedure, made from the chart classes themselves: a table, mermaid text, an svg picture."""

from overstap.adapters.procedurekaart.lezen import Kaart, kaarten
from overstap.adapters.procedurekaart.markdown import als_markdown
from overstap.adapters.procedurekaart.mermaid import als_mermaid
from overstap.adapters.procedurekaart.svg import als_svg

__all__ = ["Kaart", "als_markdown", "als_mermaid", "als_svg", "kaarten"]
