"""One line for each command or batch, readable by a machine where no person looks on, and never anything personal."""

from overstap.adapters.telemetry.logboek import opdracht, richt_in

__all__ = ["opdracht", "richt_in"]
