"""Puts lock keys from one epoch under another, each through the key service, while others read and append.

Follows docs/specs/keyring.md, "Rewrapping". What was destroyed meanwhile stays destroyed.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import aiosql
import psycopg

from crypto.errors import KeysDamaged, KeysHeld, RotationStopped, Tampered
from crypto.kms import KeyService
from crypto.lock_keys import LOCK_COMPARTMENT, LockKey
from crypto.rewrapping import MOST_IN_VAIN, Progress

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)
BATCH = 200
BEFORE_ALL = UUID(int=0)

Connection = psycopg.Connection[Any]
StoredLock = tuple[LockKey, bytes]


@dataclass
class LockRewrapping:
    """From which epoch to which, and what came of it so far."""

    connection: Connection
    service: KeyService
    old: int
    new: int
    rewrapped: int = 0
    damaged: set[UUID] = field(default_factory=set)

    def carry_out(self, *, progress: Progress, go_on: Callable[[], bool]) -> None:
        """Rewrap until nothing is left; raises KeysDamaged, KeysHeld or RotationStopped as `rewrap` does."""
        left, in_vain = self._left(), 0
        total = left
        while left > len(self.damaged):
            before = self.rewrapped
            for lock, wrapped in self._stored():
                self._rewrap(lock, wrapped)
                progress(LOCK_COMPARTMENT, self.rewrapped, total)
                if not go_on():
                    raise RotationStopped
            in_vain = 0 if self.rewrapped > before else in_vain + 1
            if in_vain > MOST_IN_VAIN:
                raise KeysHeld
            left = self._left()
        if left:
            raise KeysDamaged([f"key {key_id}" for key_id in sorted(self.damaged)])

    def _rewrap(self, lock: LockKey, wrapped: bytes) -> None:
        try:
            secret = lock.unwrap(self.service, self.old, wrapped)
        except Tampered:
            self.damaged.add(lock.key_id)
            return
        again = lock.wrap(self.service, self.new, secret)
        values = {"key_id": lock.key_id, "old": self.old, "new": self.new, "rewrapped": again}
        # Held by an append for longer than a moment: the next pass comes by again.
        with suppress(psycopg.errors.LockNotAvailable):
            row = self.connection.execute(QUERIES.rewrap_lock.sql, values).fetchone()
            self.rewrapped += bool(row and row[0])

    def _stored(self) -> Iterator[StoredLock]:
        after = BEFORE_ALL
        while True:
            values = {"old": self.old, "after": after, "most": BATCH}
            rows = self.connection.execute(QUERIES.locks.sql, values).fetchall()
            for key_id, owner, purpose, wrapped in rows:
                yield LockKey(key_id, owner, purpose), bytes(wrapped)
            if len(rows) < BATCH:
                return
            after = cast("UUID", rows[-1][0])

    def _left(self) -> int:
        row = self.connection.execute(QUERIES.locks_left.sql, {"old": self.old}).fetchone()
        return int(row[0]) if row else 0
