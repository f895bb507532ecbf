"""What people are told of the log's damage: by class, position and record alone, and once a process."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Stopped:
    """A read model cannot pass a position: why, by class alone, and which record, if it is damaged."""

    read_model: str
    position: int
    reason: str
    record: str | None = None


@dataclass(frozen=True, slots=True)
class SetAside:
    """A stream is left out of read models since this record of it was tampered with; all others go on."""

    stream: UUID
    position: int
    record: str


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A record cannot be read, and no read model needs it."""

    position: int
    reason: str
    record: str


Alarm = Callable[[Stopped | SetAside | PassedOver], None]
"""Tells people what is damaged or stands still."""


class OnceEach:
    """Passes alarms on: those of a stream or of a passed record once a process, not once a read model."""

    def __init__(self, alarm: Alarm) -> None:
        self._alarm = alarm
        self._set_aside: set[SetAside] = set()
        self._passed: set[PassedOver] = set()

    def stopped(self, stopped: Stopped) -> None:
        """A read model stopped."""
        self._alarm(stopped)

    def set_aside(self, found: Iterable[SetAside]) -> None:
        """These streams were set aside."""
        for each in found:
            if each not in self._set_aside:
                self._set_aside.add(each)
                self._alarm(each)

    def recall(self, remembered: Iterable[SetAside]) -> None:
        """These streams are set aside and no others: one that comes back and goes again is told again."""
        now = set(remembered)
        self._set_aside &= now
        self.set_aside(now)

    def passed(self, found: PassedOver) -> None:
        """Nobody needed this record."""
        if found not in self._passed:
            self._passed.add(found)
            self._alarm(found)
