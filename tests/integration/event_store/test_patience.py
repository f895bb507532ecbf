"""A database that is frozen is given up in time, and used again as soon as it goes on."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from api.embedded_postgres import EmbeddedPostgres
from api.embedded_postgres.processes import server_pids, wait_until
from crypto import patience
from crypto.errors import KeysUnavailable
from crypto.key_store import KeyStore
from crypto.patience import SESSION, NoAnswer, PatientConnection
from tests.embedded import PATIENCE_SECONDS, embedded


@pytest.fixture
def server(enterable_folder: Path) -> Iterator[EmbeddedPostgres]:
    with embedded(enterable_folder / "postgres") as postgres:
        yield postgres


@contextmanager
def frozen(postgres: EmbeddedPostgres) -> Iterator[None]:
    """Every process of the server stands still; what is sent to it is taken by the kernel, as by a dead line."""
    pids = server_pids(postgres.cluster)
    send_all(pids, signal.SIGSTOP)
    try:
        yield
    finally:
        send_all(pids, signal.SIGCONT)


def send_all(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        os.kill(pid, number)


def test_a_frozen_database_is_given_up_and_taken_up_again(
    server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    with PatientConnection.connect(server.superuser_url(), **SESSION) as connection:
        monkeypatch.setattr(patience, "ANSWER_SECONDS", 0.2)
        with frozen(server), pytest.raises(NoAnswer):
            connection.execute("SELECT 1")
        assert connection.closed
    monkeypatch.undo()
    with PatientConnection.connect(server.superuser_url(), **SESSION) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_whoever_needs_a_key_of_a_frozen_database_is_sent_away_and_later_served(
    server: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ConnectionPool(
        server.superuser_url(),
        min_size=1,
        open=True,
        timeout=PATIENCE_SECONDS,
        connection_class=PatientConnection,
        kwargs=SESSION,
    ) as pool:
        pool.wait(PATIENCE_SECONDS)
        monkeypatch.setattr(patience, "ANSWER_SECONDS", 0.2)
        with frozen(server), pytest.raises(KeysUnavailable):
            KeyStore(pool).branch_keys("operational")
        monkeypatch.undo()
        assert wait_until(lambda: answers(pool), PATIENCE_SECONDS)


def answers(pool: "ConnectionPool[PatientConnection[tuple[object, ...]]]") -> bool:
    try:
        with pool.connection() as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False
