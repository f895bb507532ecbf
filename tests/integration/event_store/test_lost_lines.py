"""Whatever happens to the line or the database, what was acknowledged is there, once."""

import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from api.embedded_postgres import EmbeddedPostgres
from api.migrations import migrate
from crypto.errors import AlreadyRecorded, KeysUnavailable, RecorderUnavailable
from tests.databases import Database
from tests.embedded import embedded
from tests.event_store import Store, joined, keep_branch_keys, key_files, new_card, order
from tests.unreliable_line import Cut, UnreliableLine, unreliable_line

Owner = psycopg.Connection[tuple[object, ...]]
Line = tuple[Store, UnreliableLine]
POOLED = 6
PATIENCE_SECONDS = 40.0


@pytest.fixture
def line(database: Database, files: dict[str, Path]) -> Iterator[Line]:
    """A store whose appends go over a line that can be cut, with one connection already in use."""
    given = conninfo_to_dict(database.api_url)
    real = Path(str(given["host"])) / f".s.PGSQL.{given.get('port') or 5432}"
    with (
        tempfile.TemporaryDirectory() as folder,
        unreliable_line(real, Path(folder)) as cuttable,
        joined(database.api_url, files, host=folder, max_overflow=0) as store,
    ):
        store.begin()
        yield store, cuttable


def test_a_lost_answer_is_found_again_and_the_command_stands_once(line: Line, owner: Owner) -> None:
    store, cuttable = line
    given, card = order(), new_card()
    cuttable.next_cut = Cut.BEFORE_THE_ANSWER
    with pytest.raises(AlreadyRecorded) as outcome:
        store.mentoring.commit(given, card)
    assert cuttable.cuts == 1
    assert (outcome.value.subject, outcome.value.version) == (card.id, 1)
    assert positions_of(owner, given.command_id) == [(outcome.value.position,)]
    again = store.load(card.id)
    again.say({"went": "on"})
    store.commit(again)


def test_a_lost_request_is_sent_again_and_the_command_stands_once(line: Line, owner: Owner) -> None:
    store, cuttable = line
    given = order()
    cuttable.next_cut = Cut.BEFORE_THE_REQUEST
    recorded = store.mentoring.commit(given, new_card())
    assert cuttable.cuts == 1
    assert positions_of(owner, given.command_id) == [(recorded.position,)]


def test_every_pooled_connection_may_be_cut_at_once(
    database: Database, files: dict[str, Path]
) -> None:
    with joined(database.api_url, files, pool_size=POOLED, max_overflow=0) as store:
        store.recorder.datastore.pool.wait(20)
        for _ in range(3):
            cut_all(database)
            store.begin()
            cut_all(database)
            assert store.recorder.max_notification_id() is not None


def cut_all(database: Database) -> None:
    with psycopg.connect(database.superuser_url) as superuser:
        superuser.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = 'vouchsafe_api'"
        )


def positions_of(owner: Owner, command_id: object) -> list[tuple[object, ...]]:
    query = "SELECT position FROM record.event WHERE command_id = %s"
    return owner.execute(query, [command_id]).fetchall()


@contextmanager
def own_server(folder: Path) -> Iterator[tuple[EmbeddedPostgres, Store]]:
    """A durable server of the test's own, and a store with several connections to it."""
    (folder / "keys").mkdir()
    files = key_files(folder / "keys")
    with embedded(folder / "postgres", durable=True) as postgres:
        postgres.provision("vouchsafe")
        owner_url = postgres.url("vouchsafe_owner", "vouchsafe")
        migrate(owner_url)
        keep_branch_keys(owner_url, files)
        url = postgres.url("vouchsafe_api", "vouchsafe")
        with joined(url, files, pool_size=POOLED, max_overflow=0) as store:
            yield postgres, store


def test_a_restart_and_a_kill_of_the_database_lose_nothing_acknowledged(
    enterable_folder: Path,
) -> None:
    with own_server(enterable_folder) as (postgres, store):
        for stop in (restart, kill):
            acknowledged = interrupted(postgres, store, stop)
            assert len(acknowledged) > 20
            log = store.recorder.select_notifications(1, 1_000_000)
            assert acknowledged <= {entry.id for entry in log}
            assert sorted(entry.id for entry in log) == [entry.id for entry in log]
            assert len({entry.originator_id for entry in log}) == len(log)
            assert store.commit(new_card()) > max(acknowledged)


def interrupted(
    postgres: EmbeddedPostgres, store: Store, stop: Callable[[EmbeddedPostgres], None]
) -> set[int]:
    """Append from several threads through the interruption; answer what was acknowledged."""
    stopped, enough = Event(), Event()
    acknowledged: set[int] = set()

    def write() -> None:
        while not stopped.is_set():
            acknowledged.add(written(store))
            if len(acknowledged) > 20:
                enough.set()

    with ThreadPoolExecutor(4) as threads:
        writers = [threads.submit(write) for _ in range(4)]
        try:
            assert enough.wait(30)
            stop(postgres)
        finally:
            stopped.set()
        for writer in writers:
            writer.result(60)
    return acknowledged


def written(store: Store) -> int:
    """Give one command until it is answered, as a caller with patience would."""
    given, card = order(uuid4()), new_card()
    patience_ends = monotonic() + PATIENCE_SECONDS
    while monotonic() < patience_ends:
        try:
            return store.mentoring.commit(given, card).position
        except AlreadyRecorded as outcome:
            return outcome.position
        except (RecorderUnavailable, KeysUnavailable):
            card = new_card(card.id)
    raise RecorderUnavailable


def restart(postgres: EmbeddedPostgres) -> None:
    postgres.stop()
    postgres.start()


def kill(postgres: EmbeddedPostgres) -> None:
    os.kill(postgres.pid, signal.SIGKILL)
    # Its holder starts it again only once it has seen it dead.
    os.waitid(os.P_PID, postgres.pid, os.WEXITED | os.WNOWAIT)
    postgres.start()
