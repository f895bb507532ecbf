"""Applies entries to one read model: its tables and its position change together or not at all.

A record that was tampered with sets its stream aside and nothing else, whatever topic it claims. What
this release cannot read, or the read model cannot apply, stops the read model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Connection

from projections import positions, set_aside
from projections.alarms import SetAside, Stopped
from projections.log import Damage, Damaged, Entry
from projections.positions import TakenOver
from projections.read_model import ReadModel, Tables

PASSING = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    # A server says so when a quota of its disk is used up; what says that tables are damaged is another.
    psycopg.errors.InternalError_,
    TakenOver,
)
"""What says nothing about the events: the connection, the server or the leader changed."""


class NotReadable(Exception):
    """A read model needs an event that cannot be read, though nobody tampered with it."""

    def __init__(self, damaged: Damaged) -> None:
        self.damaged = damaged
        super().__init__(damaged.record)


@dataclass(frozen=True, slots=True)
class Applied:
    """Where a read model stands now, what it left out on the way, and why it goes no further."""

    position: int
    set_aside: Sequence[SetAside] = ()
    stopped: Stopped | None = None


@dataclass(frozen=True)
class Applier:
    """Moves one read model on, in its live tables or with a suffix in those of a rebuild."""

    connection: Connection[Any]
    model: ReadModel
    suffix: str = ""

    def apply(self, entries: Sequence[Entry], *, old: int) -> Applied:
        """Apply what can be applied: together if that works, else one by one.

        Raises TakenOver, with nothing written, when the model does not stand at `old` any more.
        """
        if not entries:
            return Applied(old)
        try:
            return Applied(entries[-1].position, self._write(entries, old))
        except PASSING:
            raise
        except Exception:  # noqa: BLE001 - whatever it is, it is met again and told below
            return self._one_by_one(entries, old)

    def _one_by_one(self, entries: Sequence[Entry], old: int) -> Applied:
        aside: list[SetAside] = []
        for entry in entries:
            try:
                aside += self._write([entry], old)
            except PASSING:
                raise
            except Exception as error:  # noqa: BLE001 - whatever a read model raises stops it alone
                return Applied(old, aside, _stopped(self.model, entry, error))
            old = entry.position
        return Applied(old, aside)

    def _write(self, entries: Sequence[Entry], old: int) -> list[SetAside]:
        name, new = self.model.name + self.suffix, entries[-1].position
        connection = self.connection
        # What needs no answer of what came before goes out together: somebody waits for every round trip.
        with (
            connection.pipeline(),
            connection.transaction(),
            connection.cursor() as cursor,
            connection.cursor() as aside,
        ):
            # The position comes first: whoever lost it learns so before touching a table, and a
            # swap that holds the position never waits for a table that waits for the position.
            positions.advance(cursor, self.model, name=name, old=old, new=new)
            left_out = set_aside.streams(aside, name)
            positions.require_moved(cursor)
            readable, damaged = _sorted_out(self.model, entries, left_out)
            if readable:
                self.model.apply(Tables(cursor, self.model, self.suffix), readable)
            return set_aside.add(cursor, name, damaged)


def concerns(model: ReadModel, entries: Sequence[Entry]) -> bool:
    """Whether a read model has anything to do with entries but pass them by."""
    return any(entry.topic in model.topics or entry.damaged is not None for entry in entries)


def _sorted_out(
    model: ReadModel, entries: Sequence[Entry], left_out: set[UUID]
) -> tuple[list[Entry], list[Entry]]:
    """What the read model is shown, and what sets a stream aside; raises NotReadable."""
    readable, damaged = [], []
    for entry in entries:
        if entry.stream in left_out:
            continue
        if entry.damaged is None:
            if entry.event is not None and entry.topic in model.topics:
                readable.append(entry)
        elif entry.damaged.damage is Damage.TAMPERED:
            left_out.add(entry.stream)
            damaged.append(entry)
        elif entry.topic in model.topics:
            raise NotReadable(entry.damaged)
    return readable, damaged


def _stopped(model: ReadModel, entry: Entry, error: Exception) -> Stopped:
    if isinstance(error, NotReadable):
        damaged = error.damaged
        return Stopped(model.name, entry.position, damaged.damage.value, damaged.record)
    return Stopped(model.name, entry.position, type(error).__name__)
