"""What can go wrong between us and the database, each with a sentence that says what to do."""


class DatabankFout(Exception):
    """Something is wrong with the database; the message says what to do. The other errors here are kinds of it."""


class DatabankOnbereikbaar(DatabankFout):
    """No connection to the database could be made (a command ends with exit code 4)."""


class MigratieFout(DatabankFout):
    """The database's migrations and those of this version do not fit together."""


class VerkeerdeLogin(DatabankFout):
    """The connection has more rights than this work may have (superuser or owner), or lacks those it needs."""


class LogFout(DatabankFout):
    """The log refused a whole batch: it was called in a way that is never right."""
