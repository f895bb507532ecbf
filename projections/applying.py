"""Applies entries to one read model: its tables and its position change together or not at all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import Connection

from projections import positions
from projections.log import Entry
from projections.positions import TakenOver
from projections.read_model import ReadModel, Tables


@dataclass(frozen=True, slots=True)
class Stopped:
    """A read model cannot pass a position: why, by class alone, and which record, if it is damaged."""

    read_model: str
    position: int
    reason: str
    record: str | None = None


Alarm = Callable[[Stopped], None]
"""Tells people that a read model stopped."""

PASSING = (psycopg.OperationalError, psycopg.InterfaceError, TakenOver)
"""What says nothing about the events: the connection, the server or the leader changed."""


@dataclass(frozen=True)
class Applier:
    """Moves one read model on, in its live tables or with a suffix in those of a rebuild."""

    connection: Connection[Any]
    model: ReadModel
    suffix: str = ""

    def apply(self, entries: Sequence[Entry], *, old: int) -> tuple[int, Stopped | None]:
        """Apply what can be applied; answer where the model stands then, and why it goes no further.

        Raises TakenOver, with nothing written, when the model does not stand at `old` any more.
        """
        sound = _until_damaged(self.model, entries)
        new, error = self._as_far_as_possible(sound, old)
        if error is not None:
            following = next(entry for entry in sound if entry.position > new)
            return new, Stopped(self.model.name, following.position, type(error).__name__)
        if len(sound) == len(entries):
            return new, None
        return new, _damage_of(self.model, entries[len(sound)])

    def _as_far_as_possible(
        self, entries: Sequence[Entry], old: int
    ) -> tuple[int, Exception | None]:
        """Together if that works; else one by one, to find the one that does not."""
        error = self._try(entries, old)
        if error is None:
            return (entries[-1].position if entries else old), None
        for entry in entries:
            error = self._try([entry], old)
            if error is not None:
                return old, error
            old = entry.position
        return old, None

    def _try(self, entries: Sequence[Entry], old: int) -> Exception | None:
        try:
            self._write(entries, old)
        except PASSING:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a read model raises stops it alone
            return error
        return None

    def _write(self, entries: Sequence[Entry], old: int) -> None:
        if not entries:
            return
        readable = [
            entry
            for entry in entries
            if entry.topic in self.model.topics and entry.event is not None
        ]
        name, new = self.model.name + self.suffix, entries[-1].position
        with self.connection.transaction(), self.connection.cursor() as cursor:
            # The position comes first: whoever lost it learns so before touching a table, and a
            # swap that holds the position never waits for a table that waits for the position.
            positions.advance(cursor, self.model, name=name, old=old, new=new)
            if readable:
                self.model.apply(Tables(cursor, self.model, self.suffix), readable)


def _until_damaged(model: ReadModel, entries: Sequence[Entry]) -> Sequence[Entry]:
    for index, entry in enumerate(entries):
        if entry.damaged is not None and entry.topic in model.topics:
            return entries[:index]
    return entries


def _damage_of(model: ReadModel, entry: Entry) -> Stopped | None:
    damaged = entry.damaged
    if damaged is None:
        return None
    return Stopped(model.name, entry.position, damaged.damage, damaged.record)
