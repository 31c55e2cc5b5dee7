"""The processes that the one which runs a test has begun."""

from pathlib import Path


def kinderen() -> set[int]:
    """Give the processes that this one began and has not buried yet."""
    taken = Path("/proc/self/task").iterdir()
    return {int(kind) for taak in taken for kind in (taak / "children").read_text().split()}
