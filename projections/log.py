"""The log as read models see it: events in order, or the reason why one cannot be shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class LogUnavailable(Exception):
    """The log cannot be read for now; reading it later may work."""


class Damage(StrEnum):
    """Why an event that was never erased cannot be read."""

    TAMPERED = "tampered"
    UNREADABLE = "unreadable"
    KEY_ABSENT = "key absent"


@dataclass(frozen=True, slots=True)
class Damaged:
    """An event that cannot be trusted or understood, and the name of its record."""

    damage: Damage
    record: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One position of the log: its event, or what is wrong with it, or neither once it is erased."""

    position: int
    stream: UUID
    topic: str
    event: object | None
    damaged: Damaged | None = None


class Log(Protocol):
    """All events in one total order: a position, once seen, never gets a lower one behind it."""

    def read(self, after: int, most: int) -> Sequence[Entry]:
        """The next entries after a position, at most so many; raises LogUnavailable."""

    def newest(self) -> int:
        """The highest position that can be read, 0 of an empty log; raises LogUnavailable."""
