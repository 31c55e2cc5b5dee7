"""What the database says of who sees which facts is what this version says, and migrating mends it."""

from overstap.adapters.postgres.databank import Databank
from overstap.adapters.postgres.feitzicht_tabel import feitzicht_is_bij
from overstap.adapters.postgres.logins import Login


def is_bij(databank: Databank) -> bool:
    with databank.verbind(Login.AUDIT) as verbinding:
        return feitzicht_is_bij(verbinding)


def test_a_database_that_another_version_made_is_told_apart_and_mended(databank: Databank) -> None:
    assert is_bij(databank)
    with databank.verbind(Login.EIGENAAR) as verbinding:
        verbinding.execute(
            "UPDATE toegang.feitzicht SET velden = velden || '{pgn}' WHERE feit = 'overstap-opgevoerd.v1'"
        )
    assert not is_bij(databank)
    assert databank.migreer() == []
    assert is_bij(databank)
