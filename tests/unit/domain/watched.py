"""What tests of commands look at beside the outcome: what each commit said of itself, and how much was read."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from eventsourcing.persistence import StoredEvent

from domain.mentoring import CommandRecord, Mentoring, Order
from domain.values import Act
from tests.unit.domain.memory import MemoryMapper, MemoryRecorder


class WatchedRecorder(MemoryRecorder):
    """Keeps the record of every command and counts the events it hands out."""

    def __init__(self) -> None:
        super().__init__()
        self.commands: list[CommandRecord] = []
        self.events_read = 0

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        self.commands.append(kwargs["command"])
        return super().insert_events(stored_events, **kwargs)

    def select_events(self, *args: Any, **kwargs: Any) -> Sequence[StoredEvent]:
        selected = super().select_events(*args, **kwargs)
        self.events_read += len(selected)
        return selected


def watched_mentoring() -> tuple[Mentoring, WatchedRecorder]:
    recorder = WatchedRecorder()
    return Mentoring(MemoryMapper(), recorder), recorder


def order(act: Act, expected_version: int | None = None) -> Order:
    return Order(act, uuid4(), expected_version=expected_version)
