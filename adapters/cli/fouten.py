"""How a command ends that cannot do what it was asked: one line that says what to do, and an exit code of its own."""

from enum import IntEnum


class Uitgang(IntEnum):
    """The exit codes; they are part of the interface."""

    GELUKT = 0
    GEWEIGERD = 1
    VERKEERD_GEBRUIK = 2
    INTERNE_FOUT = 3
    DATABASE_ONBEREIKBAAR = 4
    ONDERBROKEN = 130


class Afgebroken(Exception):  # it says what happened to the command, in the words of the screen
    """A command stops here; the sentence tells the user what to do."""

    def __init__(self, zin: str, uitgang: Uitgang) -> None:
        super().__init__(zin)
        self.uitgang = uitgang


def geweigerd(zin: str) -> Afgebroken:
    """Say that what was asked is refused, or did not succeed."""
    return Afgebroken(zin, Uitgang.GEWEIGERD)


def verkeerd_gebruik(zin: str) -> Afgebroken:
    """Say that the command was given in a way it does not understand."""
    return Afgebroken(zin, Uitgang.VERKEERD_GEBRUIK)


def vertaal(fout: Exception) -> Afgebroken:
    """Say what an error of a lower layer means to the user; what nobody foresaw is told without its words."""
    from overstap.adapters.bewijs.fouten import BewijsFout
    from overstap.adapters.postgres.fouten import DatabankFout, DatabankOnbereikbaar
    from overstap.adapters.vault import KluisFout

    match fout:
        case Afgebroken():
            return fout
        case DatabankOnbereikbaar():
            return Afgebroken(str(fout), Uitgang.DATABASE_ONBEREIKBAAR)
        case DatabankFout() | KluisFout() | BewijsFout():
            return Afgebroken(str(fout), Uitgang.GEWEIGERD)
        case FileNotFoundError() | PermissionError() | IsADirectoryError() | NotADirectoryError():
            return Afgebroken(f"{fout.filename}: {_GEEN_BESTAND[type(fout)]}", Uitgang.VERKEERD_GEBRUIK)
        case _:
            zin = f"Er ging iets mis dat niemand voorzag: {type(fout).__name__}. Geef de logregel hierboven door."
            return Afgebroken(zin, Uitgang.INTERNE_FOUT)


_GEEN_BESTAND = {
    FileNotFoundError: "dit bestand bestaat niet. Controleer het pad.",
    PermissionError: "dit mag niet. Controleer de rechten op het bestand.",
    IsADirectoryError: "dit is een map. Geef een bestand.",
    NotADirectoryError: "dit is geen map. Geef een map.",
}
