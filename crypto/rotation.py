"""Rolls the epochs of the key-encryption keys, so that old copies of wrapped keys die.

Follows docs/specs/keyring.md, "Rotation". For each compartment a new epoch is begun, everything is
rewrapped under it, and then the old epoch is emptied and destroyed in the key service. No event is
touched. Where it stands is in the database and the key service alone: killed at any moment, it goes
on when it is run again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import aiosql
import psycopg
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from crypto.branch_keys import BranchKeys, new_branch_key
from crypto.envelope import DataKey
from crypto.errors import KeysDamaged, KeysHeld, NotEveryCompartment, RotationRuns
from crypto.horizon import Epoch
from crypto.key_store import KeyStore
from crypto.kms import KeyService
from crypto.lock_keys import LOCK_COMPARTMENT
from crypto.rewrapping import Progress, Sessions, Step, rewrap
from crypto.rewrapping_locks import LockRewrapping

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)
Pool = ConnectionPool[psycopg.Connection[Any]]


@contextmanager
def rotation(
    pool: Pool,
    service: KeyService,
    *,
    progress: Progress = lambda *_: None,
    go_on: Callable[[], bool] = lambda: True,
) -> Iterator["Rotation"]:
    """The one rotation that runs now; RotationRuns while another does.

    The pool signs in as the keeper and has three sessions; the key service has every compartment.
    """
    with _session(pool) as connection:
        if connection.execute(QUERIES.lock.sql).fetchone() != (True,):
            raise RotationRuns
        try:
            connection.execute(QUERIES.wait_for_disks.sql)
            branches = BranchKeys(KeyStore(pool), service)
            made = Rotation(connection, pool, service, branches, progress, go_on)
            made.require_every_compartment()
            yield made
        finally:
            # A session that is lost has lost its lock too.
            with suppress(psycopg.Error):
                connection.execute(QUERIES.unlock.sql)


@dataclass(frozen=True)
class Rotation:
    """One rotation at work, alone, over a session of the keeper's."""

    connection: psycopg.Connection[Any]
    pool: Pool
    service: KeyService
    branches: BranchKeys
    progress: Progress
    go_on: Callable[[], bool]

    def carry_out(self, *, ask: bool) -> list[Epoch]:
        """Finish what was asked for, asking first if told so; then ask after old destructions.

        Answers every epoch as it is at the end.
        """
        if ask:
            self._run("ask")
        asked_at = self._asked_at()
        if asked_at is not None:
            for compartment in sorted({each.compartment for each in self._epochs()}):
                self._roll(compartment, asked_at)
        self._destroy_emptied()
        self._run("finish")
        return self._epochs()

    def require_every_compartment(self) -> None:
        """Raise NotEveryCompartment when a key is missing: a rotation that ends half way ends nothing."""
        if not {each.compartment for each in self._epochs()} <= self.service.compartments():
            raise NotEveryCompartment

    def _roll(self, compartment: str, asked_at: datetime) -> None:
        self._begin(compartment, asked_at)
        new, new_key = self.branches.newest(compartment)
        for old in self._epochs(compartment):
            if old.epoch < new and old.emptied_at is None:
                self._empty(old, new, new_key)

    def _begin(self, compartment: str, asked_at: datetime) -> None:
        """See that an epoch was begun since the rotation was asked for, and that older ones close."""
        newest = self._epochs(compartment)[-1]
        if newest.made_at < asked_at and self.service.epoch(compartment) <= newest.epoch:
            self.service.new_epoch(compartment)
        # Killed after this, the next run finds the epoch in the key service and makes no other.
        epoch, wrapped_key = new_branch_key(self.service, compartment)
        values = {"compartment": compartment, "epoch": epoch, "wrapped_key": wrapped_key}
        self._run("begin", values)
        self.branches.look_again()

    def _empty(self, old: Epoch, new: int, new_key: DataKey) -> None:
        values = {"compartment": old.compartment, "epoch": old.epoch}
        if self._run("empty", values):
            return
        name = f"branch key of {old.compartment}, epoch {old.epoch}"
        old_key = self.branches.of(old.compartment, old.epoch, record=name)
        step = Step(old.compartment, old.epoch, old_key, new, new_key)
        self._run("do_not_wait")
        self._rewrap(step)
        # Emptying is durable, and with it all that was rewrapped before: only then may the old key go.
        self._run("wait_for_disks")
        if not self._run("empty", values):
            raise KeysHeld

    def _rewrap(self, step: Step) -> None:
        """Everything that opens is rewrapped; what does not is named together at the end."""
        with _session(self.pool) as reading:
            sessions = Sessions(reading, self.connection)
            ways = [lambda: rewrap(sessions, step, progress=self.progress, go_on=self.go_on)]
            if step.compartment == LOCK_COMPARTMENT:
                locks = LockRewrapping(self.connection, self.service, step.old, step.new)
                ways.append(lambda: locks.carry_out(progress=self.progress, go_on=self.go_on))
            damaged = [record for way in ways for record in _damaged_in(way)]
        if damaged:
            raise KeysDamaged(damaged)

    def _destroy_emptied(self) -> None:
        """Nothing lies under these any more; some key services take days to confirm that they are gone."""
        for each in self._epochs():
            if each.emptied_at is None or each.destroyed_at is not None:
                continue
            self.service.destroy_epoch(each.compartment, each.epoch)
            if self.service.is_destroyed(each.compartment, each.epoch):
                values = {"compartment": each.compartment, "epoch": each.epoch}
                self._run("note_destroyed", values)

    def _asked_at(self) -> datetime | None:
        row = self.connection.execute(QUERIES.asked.sql).fetchone()
        return row[0] if row else None

    def _epochs(self, compartment: str | None = None) -> list[Epoch]:
        return [each for each in epochs(self.connection) if compartment in {None, each.compartment}]

    def _run(self, name: str, values: Mapping[str, Any] | None = None) -> Any:
        row = self.connection.execute(getattr(QUERIES, name).sql, values).fetchone()
        return row[0] if row else None


def epochs(connection: psycopg.Connection[Any]) -> list[Epoch]:
    """Every epoch of every compartment, oldest first; the keeper, the clerk and the api may ask."""
    return connection.cursor(row_factory=class_row(Epoch)).execute(QUERIES.epochs.sql).fetchall()


def _damaged_in(way: Callable[[], None]) -> Sequence[str]:
    try:
        way()
    except KeysDamaged as damaged:
        return damaged.records
    return ()


@contextmanager
def _session(pool: Pool) -> Iterator[psycopg.Connection[Any]]:
    """A session in which each statement is a transaction: none stays open between two batches."""
    with pool.connection() as connection:
        connection.autocommit = True
        try:
            yield connection
        finally:
            with suppress(psycopg.Error):
                connection.autocommit = False
