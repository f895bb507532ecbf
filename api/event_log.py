"""The log for read models, out of the recorder and the mapper: damage is shown, never passed over."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

import psycopg
from eventsourcing.persistence import Notification

from crypto.errors import (
    Absent,
    KeyServiceUnavailable,
    KeysUnavailable,
    RecorderUnavailable,
    SealedRecordError,
    Unreadable,
)
from crypto.event_store.mapper import ErasedEvent, SealingMapper
from crypto.event_store.recorder import LogRecorder
from projections.log import Damage, Damaged, Entry, LogUnavailable

UNAVAILABLE = (
    RecorderUnavailable,
    KeyServiceUnavailable,
    KeysUnavailable,
    psycopg.OperationalError,
    psycopg.InterfaceError,
)


class EventLog:
    """Needs the operational key alone: what is sealed inside an event stays sealed."""

    def __init__(self, recorder: LogRecorder, mapper: SealingMapper) -> None:
        self._recorder = recorder
        self._mapper = mapper

    def read(self, after: int, most: int) -> Sequence[Entry]:
        """The next entries after a position, at most so many; raises LogUnavailable."""
        try:
            stored = self._recorder.select_notifications(after, most, inclusive_of_start=False)
            return self._open(stored)
        except UNAVAILABLE:
            raise LogUnavailable from None

    def newest(self) -> int:
        """The highest position that can be read, 0 of an empty log; raises LogUnavailable."""
        try:
            return self._recorder.max_notification_id() or 0
        except UNAVAILABLE:
            raise LogUnavailable from None

    def _open(self, stored: Sequence[Notification]) -> list[Entry]:
        try:
            opened = self._mapper.open_many(stored)
        except SealedRecordError:
            # One of them stops the batch, so each is asked for by itself.
            return [self._open_alone(notification) for notification in stored]
        return [_entry(*pair) for pair in zip(stored, opened, strict=True)]

    def _open_alone(self, stored: Notification) -> Entry:
        try:
            return _entry(stored, self._mapper.open_many([stored])[0])
        except SealedRecordError as error:
            return _entry(stored, error)


def _entry(stored: Notification, opened: object) -> Entry:
    stream = cast("UUID", stored.originator_id)
    if isinstance(opened, SealedRecordError):
        damaged = Damaged(_damage_of(opened), opened.record)
        return Entry(stored.id, stream, stored.topic, None, damaged)
    event = None if isinstance(opened, ErasedEvent) else opened
    return Entry(stored.id, stream, stored.topic, event)


def _damage_of(error: SealedRecordError) -> Damage:
    if isinstance(error, Unreadable):
        return Damage.UNREADABLE
    return Damage.KEY_ABSENT if isinstance(error, Absent) else Damage.TAMPERED
