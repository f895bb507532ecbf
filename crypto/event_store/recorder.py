"""Appends to the log in total order and reads it back; an acknowledged append is durable.

Every append goes through the database function record.append, which holds one advisory lock to the
end of its transaction: positions become visible in their own order, so no reader passes over one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, LiteralString
from uuid import UUID

import aiosql
import psycopg
from eventsourcing.persistence import (
    Notification,
    StoredEvent,
)
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.rows import DictRow
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests
from typing_extensions import override

from crypto.errors import (
    AlreadyRecorded,
    HeadMoved,
    KeyMadeTwice,
    KeyNotLive,
    RecorderUnavailable,
    RecordingError,
    RecordRefused,
    StreamMoved,
)
from crypto.event_store.append import Append, Command, values_of
from crypto.event_store.group_commit import GroupCommit
from crypto.event_store.mapper import SealedEvent
from crypto.event_store.read_ahead import ReadAhead, by_stream, without_holes
from crypto.key_store import KeyRecord
from crypto.keyring import Keyring, NewKey

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)
RECONNECT_SECONDS = 5.0
"""The pool doubles its waits while the database is away; given up early, the next caller starts anew."""

TRIES = 3
"""A lost connection is tried again this often; the command's id makes that safe."""


EVENT_FIELDS = tuple(field.name for field in fields(StoredEvent))
KEY_FIELDS = tuple(field.name for field in fields(KeyRecord))


class NotSealed(Exception):
    """Only events that our own mapper sealed can be appended; none may be left out silently."""


class UnsafeOrder(Exception):
    """Database functions of the eventsourcing library lose events for readers; switch them off."""


class LogRecorder(PostgresApplicationRecorder):
    """The library's recorder over our own schema, with our own append."""

    def __init__(self, datastore: PostgresDatastore, keyring: Keyring | None) -> None:
        if datastore.enable_db_functions:
            raise UnsafeOrder
        datastore.pool.reconnect_timeout = RECONNECT_SECONDS
        super().__init__(datastore)
        self._keyring = keyring
        self._commit: GroupCommit[Append, DictRow] = GroupCommit(
            self._append, is_alone=lambda append: append.goes_alone
        )

    @override
    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """Append the events of one command, durably and together; answer their positions.

        Raises AlreadyRecorded when the command has an outcome, StreamMoved, HeadMoved, KeyNotLive or
        KeyMadeTwice when the decision no longer holds: then nothing was written.
        """
        command: Command = kwargs["command"]
        events = _sealed(stored_events)
        append = Append(command, events, self._new_keys(events))
        row = self._recorded(append)
        self._settle(append)
        if row["replayed"]:
            raise AlreadyRecorded(
                position=row["last_position"],
                subject=row["outcome_subject"],
                version=row["outcome_version"],
                request_mac=bytes(row["outcome_mac"]),
            )
        last: int = row["last_position"]
        return range(last - len(events) + 1, last + 1)

    def outcome(self, command_id: UUID) -> AlreadyRecorded | None:
        """What became of a command; None when it was never recorded."""
        rows = self._read("outcome", {"command_id": command_id})
        return AlreadyRecorded(**rows[0]) if rows else None

    @override
    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The events of one stream; a whole one brings its key along, if that is not known."""
        if (gt, lte, limit) == (None, None, None) and not desc and self._lacks_key(originator_id):
            return self._stream_and_key(originator_id)
        name = "newest_of_stream" if desc else "stream"
        values = {"originator_id": originator_id, "gt": gt, "lte": lte, "most": limit}
        events = [StoredEvent(**row) for row in self._read(name, values)]
        return events if desc else without_holes(events, after=gt or 0)

    def ahead(self, whole: Collection[UUID], newest: Collection[UUID]) -> ReadAhead:
        """Ask at once for whole streams, for the last event of others, and for the keys of all."""
        streams = by_stream(whole, self._events_of("streams", whole))
        lasts = by_stream(newest, self._events_of("newest_of_streams", newest))
        if self._keyring is not None:
            self._keyring.learn_all([*whole, *newest])
        return ReadAhead(self, streams, lasts)

    @override
    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """The log from a position on, in order."""
        after = (start or 0) - (1 if inclusive_of_start else 0)
        values = {"after": after, "stop": stop, "topics": list(topics), "most": limit}
        rows = self._read("log", values)
        return [Notification(id=row.pop("position"), **row) for row in rows]

    @override
    def max_notification_id(self) -> int | None:
        """The highest position that can be read."""
        newest: int | None = self._read("newest_position", {})[0]["max"]
        return newest

    def _events_of(self, name: str, streams: Collection[UUID]) -> list[StoredEvent]:
        values = {"originator_ids": list(set(streams))}
        return [StoredEvent(**row) for row in self._read(name, values)] if streams else []

    def _lacks_key(self, stream: UUID | str) -> bool:
        if self._keyring is None or not isinstance(stream, UUID):
            return False
        return not self._keyring.knows(stream)

    def _stream_and_key(self, stream: UUID | str) -> Sequence[StoredEvent]:
        rows = self._read("stream_and_key", {"originator_id": stream})
        if rows and rows[0]["key_id"] is not None and self._keyring is not None:
            first = {**rows[0], "state": rows[0]["key_state"]}
            self._keyring.learn(KeyRecord(**{name: first[name] for name in KEY_FIELDS}))
        events = [StoredEvent(**{name: row[name] for name in EVENT_FIELDS}) for row in rows]
        return without_holes(events, after=0)

    def _new_keys(self, events: Sequence[SealedEvent]) -> list[NewKey]:
        if self._keyring is None:
            return []
        return self._keyring.new_keys(key_id for event in events for _, key_id in event.uses)

    def _recorded(self, append: Append) -> DictRow:
        try:
            return self._commit.submit(append)
        except (KeyNotLive, KeyMadeTwice, StreamMoved):
            # What this process holds of these keys is out of date; the next try asks the store.
            self._settle(append)
            self._forget(_streams(append.events))
            raise

    def _settle(self, append: Append) -> None:
        if self._keyring is not None and append.new_keys:
            self._keyring.settle(key.record.key_id for key in append.new_keys)
        self._forget({owner for event in append.events for _, owner, _ in event.ends})

    def _forget(self, owners: Collection[UUID]) -> None:
        if self._keyring is not None and owners:
            self._keyring.forget(owners)

    def _append(self, group: Sequence[Append]) -> Sequence[DictRow] | RecordingError:
        """One transaction for the whole group.

        A lost connection leaves open whether it was recorded; the same command ids find out.
        """
        return self._outcome(QUERIES.append.sql, values_of(group))

    def _read(self, name: str, values: Mapping[str, Any]) -> list[DictRow]:
        outcome = self._outcome(getattr(QUERIES, name).sql, values)
        if isinstance(outcome, RecordingError):
            raise outcome
        return outcome

    def _outcome(
        self, statement: LiteralString, values: Mapping[str, Any]
    ) -> list[DictRow] | RecordingError:
        for _ in range(TRIES):
            outcome = self._try(statement, values)
            if outcome is not None:
                return outcome
            # One lost connection often means that all of them are: have the pool replace them.
            self.datastore.pool.check()
        return RecorderUnavailable()

    def _try(
        self, statement: LiteralString, values: Mapping[str, Any]
    ) -> list[DictRow] | RecordingError | None:
        """The rows, the reason why not, or None where trying again may help.

        Errors are answered, not raised: one raised here would carry the driver's, which quotes rows.
        """
        try:
            with self.datastore.pool.connection() as connection:
                return connection.execute(statement, values, prepare=True).fetchall()
        except (PoolTimeout, PoolClosed, TooManyRequests, psycopg.errors.QueryCanceled):
            # Sent away at once: a database that is slow would only be slower for another try.
            return RecorderUnavailable()
        except (psycopg.OperationalError, psycopg.InterfaceError):
            return None
        except psycopg.Error as error:
            return _refusal(error)


class ComeOneByOne(RecordingError):
    """These commands depend on each other; each is tried by itself."""


REFUSALS: dict[str, type[RecordingError]] = {
    "VS001": HeadMoved,
    "VS002": KeyNotLive,
    "VS004": ComeOneByOne,
    # Read only: a standby that is not, or not yet, the primary.
    "25006": RecorderUnavailable,
    # A fault of the server itself: a quota of its disk is used up, say.
    "XX000": RecorderUnavailable,
}
UNIQUENESS: dict[str, type[RecordingError]] = {"event_stream": StreamMoved}


def _refusal(error: psycopg.Error) -> RecordingError:
    if isinstance(error, psycopg.errors.UniqueViolation):
        return UNIQUENESS.get(error.diag.constraint_name or "", KeyMadeTwice)()
    return REFUSALS.get(error.sqlstate or "", RecordRefused)()


def _sealed(stored_events: Sequence[StoredEvent]) -> list[SealedEvent]:
    events = [event for event in stored_events if isinstance(event, SealedEvent)]
    if not events or len(events) < len(stored_events):
        raise NotSealed
    return events


def _streams(events: Sequence[SealedEvent]) -> set[UUID]:
    return {event.originator_id for event in events if isinstance(event.originator_id, UUID)}
