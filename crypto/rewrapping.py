"""Puts the data keys of a compartment from one epoch under another, in batches, while others read and append.

Follows docs/specs/keyring.md, "Rewrapping". A batch is what lies on some pages of the table, so it is
read and written in the order in which it is stored. What was destroyed meanwhile stays destroyed.
"""

import io
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, LiteralString, cast
from uuid import UUID

import aiosql
import psycopg
from psycopg.sql import SQL, Identifier

from crypto.branch_keys import key_places
from crypto.envelope import KEY_BYTES, NONCE_BYTES, DataKey
from crypto.errors import KeysDamaged, KeysHeld, RotationStopped, Tampered

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)
PAGES = 256
"""Some thousands of keys; an append that ends keys waits for one batch and no longer."""
MOST_IN_VAIN = 100
"""After so many passes that could change nothing because rows were held, somebody is told."""

StoredKey = tuple[bytes, bytes, bytes, bytes]
"""Key id, owner, purpose and wrapped key."""
Connection = psycopg.Connection[Any]
Progress = Callable[[str, int, int], None]
"""Told the compartment, how many keys are done, and how many there are to do."""


@dataclass(frozen=True, slots=True)
class Step:
    """From which branch key to which, in one compartment."""

    compartment: str
    old: int
    old_key: DataKey
    new: int
    new_key: DataKey


@dataclass(frozen=True, slots=True)
class Sessions:
    """Two sessions of the keeper's: while one writes a batch, the next is read and rewrapped."""

    reading: Connection
    writing: Connection


@dataclass(slots=True)
class _Pass:
    """What came of going over the whole table once."""

    rewrapped: int = 0
    damaged: list[bytes] = field(default_factory=list)


def rewrap(
    sessions: Sessions, step: Step, *, progress: Progress, go_on: Callable[[], bool]
) -> None:
    """Rewrap until nothing is left under the old epoch.

    A batch commits by itself, so whoever is killed goes on from there. Raises KeysDamaged when what is
    left does not open, KeysHeld when it is held for long, RotationStopped when told to stop.
    """
    left, pages = _left(sessions.reading, step)
    total, in_vain = left, 0
    while left:
        done = _Pass()
        for _ in _batches(sessions, step, pages, done):
            progress(step.compartment, total - left + done.rewrapped, total)
            if not go_on():
                raise RotationStopped
        in_vain = 0 if done.rewrapped else in_vain + 1
        if done.damaged and not done.rewrapped:
            raise KeysDamaged([f"key {UUID(bytes=key_id)}" for key_id in done.damaged])
        if in_vain > MOST_IN_VAIN:
            raise KeysHeld
        left, pages = _left(sessions.reading, step)


def _batches(sessions: Sessions, step: Step, pages: int, done: _Pass) -> Iterator[None]:
    """Go over the whole table; yields whenever a batch is written."""
    with ThreadPoolExecutor(1) as writer:
        writing: Future[int] | None = None
        for first in range(0, pages, PAGES):
            stored = _stored(sessions.reading, step, first)
            rewrapped = _rewrapped(step, stored, done.damaged)
            if writing is not None:
                done.rewrapped += writing.result()
                yield
            writing = writer.submit(_write, sessions.writing, step, first, rewrapped)
        if writing is not None:
            done.rewrapped += writing.result()
            yield


def _write(connection: Connection, step: Step, first: int, rewrapped: Sequence[bytes]) -> int:
    """Write a batch; nothing of it where an append holds a row for longer than a moment."""
    if not rewrapped:
        return 0
    epochs = {"compartment": step.compartment, "old": step.old, "new": step.new}
    pages = {"first": first, "next": first + PAGES}
    values = {**epochs, **pages, "rewrapped": b"".join(rewrapped)}
    try:
        row = connection.execute(QUERIES.rewrap.sql, values, prepare=True).fetchone()
    except psycopg.errors.LockNotAvailable:
        return 0
    return int(row[0]) if row else 0


def _stored(connection: Connection, step: Step, first: int) -> list[StoredKey]:
    values = {"first": f"({first},0)", "next": f"({first + PAGES},0)", "old": step.old}
    cursor = connection.cursor(binary=True)
    return cursor.execute(_query("page", step), values, prepare=True).fetchall()


def _rewrapped(step: Step, stored: Sequence[StoredKey], damaged: list[bytes]) -> list[bytes]:
    """Each key's id and its bytes under the new epoch; the ids of those that do not open are added."""
    old_place = key_places(step.compartment, step.old)
    new_place = key_places(step.compartment, step.new)
    # One call for the nonces of a batch: asking the system for each takes as long as sealing.
    random = io.BytesIO(os.urandom(NONCE_BYTES * len(stored))).read
    rewrapped = []
    for key_id, owner, purpose, wrapped in stored:
        try:
            secret = step.old_key.open(wrapped, old_place(key_id, owner, purpose), record="key")
        except Tampered:
            damaged.append(key_id)
            continue
        if len(secret) != KEY_BYTES:
            damaged.append(key_id)
            continue
        sealed = step.new_key.seal(secret, new_place(key_id, owner, purpose), random=random)
        rewrapped.append(key_id + sealed)
    return rewrapped


def _left(connection: Connection, step: Step) -> tuple[int, int]:
    """How many keys are left under the old epoch, and how many pages the table has."""
    values = {"old": step.old, "table_name": f"keys.{_table(step)}"}
    row = connection.execute(_query("left", step), values).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def _query(name: str, step: Step) -> Any:
    statement = cast("LiteralString", getattr(QUERIES, name).sql)
    return SQL(statement).format(key_table=Identifier("keys", _table(step)))


def _table(step: Step) -> str:
    return f"data_key_{step.compartment}"
