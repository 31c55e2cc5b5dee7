"""The shape all facts share: immutable, keyword-only, told apart by a stable name in the key `feit`."""

from typing import NewType

import msgspec

Verzegeld = NewType("Verzegeld", str)
"""Personal data as ciphertext (base64): made and opened outside the domain, which only carries it."""

Datum = str
"""A date of the calendar in Europe/Amsterdam, written 2026-04-01."""


class Vorm(msgspec.Struct, frozen=True, kw_only=True, tag_field="feit", omit_defaults=True, gc=False):
    """A fact. Field names and tags are the archive: a new shape is a new version with an upcaster.

    gc=False, here and at what is made for every event: it holds no cycle, and to have the collector look for one in
    thousands of states took a third of the time of deciding.
    """
