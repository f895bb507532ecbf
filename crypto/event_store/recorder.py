"""Appends to the log in total order and reads it back; an acknowledged append is durable.

Every append goes through the database function record.append, which holds one advisory lock to the
end of its transaction: positions become visible in their own order, so no reader passes over one.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, LiteralString, Protocol
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
from crypto.event_store.mapper import SealedEvent
from crypto.keyring import Keyring, NewKey

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)
RECONNECT_SECONDS = 5.0
"""The pool doubles its waits while the database is away; given up early, the next caller starts anew."""

TRIES = 3
"""A lost connection is tried again this often; the command's id makes that safe."""


class Command(Protocol):
    """What the caller says of the command whose events are appended."""

    @property
    def command_id(self) -> UUID:
        """Under this id a repetition finds the outcome."""

    @property
    def request_mac(self) -> bytes:
        """Tells whether a repetition asks for the same."""

    @property
    def subject(self) -> UUID:
        """The aggregate that the command is about."""

    @property
    def version(self) -> int:
        """The subject's version once the command is recorded."""

    @property
    def expected_heads(self) -> Mapping[UUID, int]:
        """The streams that the decision read without changing them, with the versions it saw."""


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
        new_keys = self._new_keys(events)
        row = self._recorded(_values(command, events, new_keys), events)
        self._settle(events)
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
        """The events of one stream."""
        name = "newest_of_stream" if desc else "stream"
        values = {"originator_id": originator_id, "gt": gt, "lte": lte, "most": limit}
        return [StoredEvent(**row) for row in self._read(name, values)]

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

    def _new_keys(self, events: Sequence[SealedEvent]) -> list[NewKey]:
        if self._keyring is None:
            return []
        return self._keyring.new_keys(key_id for event in events for _, key_id in event.uses)

    def _recorded(self, values: Mapping[str, Any], events: Sequence[SealedEvent]) -> DictRow:
        try:
            return self._append(values)
        except (KeyNotLive, KeyMadeTwice, StreamMoved):
            # What this process holds of these keys is out of date; the next try asks the store.
            self._settle(events)
            self._forget(_streams(events))
            raise

    def _settle(self, events: Sequence[SealedEvent]) -> None:
        if self._keyring is not None:
            self._keyring.settle(key_id for event in events for _, key_id in event.uses)
            self._forget({owner for event in events for _, owner, _ in event.ends})

    def _forget(self, owners: Iterable[UUID]) -> None:
        if self._keyring is not None:
            self._keyring.forget(owners)

    def _append(self, values: Mapping[str, Any]) -> DictRow:
        # A lost connection leaves open whether it was recorded; the same command id finds out.
        return self._run(QUERIES.append.sql, values)[0]

    def _read(self, name: str, values: Mapping[str, Any]) -> list[DictRow]:
        return self._run(getattr(QUERIES, name).sql, values)

    def _run(self, statement: LiteralString, values: Mapping[str, Any]) -> list[DictRow]:
        for _ in range(TRIES):
            outcome = self._try(statement, values)
            if isinstance(outcome, list):
                return outcome
            if outcome is not None:
                raise outcome
            # One lost connection often means that all of them are: have the pool replace them.
            self.datastore.pool.check()
        raise RecorderUnavailable

    def _try(
        self, statement: LiteralString, values: Mapping[str, Any]
    ) -> list[DictRow] | RecordingError | None:
        """The rows, the reason why not, or None where trying again may help.

        Errors are answered, not raised: one raised here would carry the driver's, which quotes rows.
        """
        try:
            with self.datastore.pool.connection() as connection:
                return connection.execute(statement, values, prepare=True).fetchall()
        except (PoolTimeout, PoolClosed, TooManyRequests):
            return RecorderUnavailable()
        except (psycopg.OperationalError, psycopg.InterfaceError):
            return None
        except psycopg.Error as error:
            return _refusal(error)


REFUSALS: dict[str, type[RecordingError]] = {
    "VS001": HeadMoved,
    "VS002": KeyNotLive,
    # Read only: a standby that is not, or not yet, the primary.
    "25006": RecorderUnavailable,
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


def _values(
    command: Command, events: Sequence[SealedEvent], new_keys: Sequence[NewKey]
) -> dict[str, Any]:
    return {
        "command_id": command.command_id,
        "request_mac": command.request_mac,
        "subject": command.subject,
        "version": command.version,
        "head_ids": list(command.expected_heads),
        "head_versions": list(command.expected_heads.values()),
        **_new_key_values(new_keys),
        **_event_values(events),
    }


def _new_key_values(new_keys: Sequence[NewKey]) -> dict[str, Any]:
    return {
        "new_compartments": [key.named.compartment for key in new_keys],
        "new_key_ids": [key.record.key_id for key in new_keys],
        "new_owners": [key.record.owner for key in new_keys],
        "new_purposes": [key.record.purpose for key in new_keys],
        "new_epochs": [key.record.epoch for key in new_keys],
        "new_wrapped_keys": [key.record.wrapped_key for key in new_keys],
    }


def _event_values(events: Sequence[SealedEvent]) -> dict[str, Any]:
    uses = list(dict.fromkeys(use for event in events for use in event.uses))
    ends = list(dict.fromkeys(end for event in events for end in event.ends))
    return {
        "used_compartments": [compartment for compartment, _ in uses],
        "used_key_ids": [key_id for _, key_id in uses],
        "originator_ids": [event.originator_id for event in events],
        "versions": [event.originator_version for event in events],
        "topics": [event.topic for event in events],
        "states": [event.state for event in events],
        "salts": [event.salt for event in events],
        "ended_compartments": [compartment for compartment, _, _ in ends],
        "ended_owners": [owner for _, owner, _ in ends],
        "ended_purposes": [purpose for _, _, purpose in ends],
    }
