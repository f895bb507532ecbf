"""Somebody who holds what others need costs them an answer that says so, and nothing else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from crypto.errors import KeysUnavailable
from crypto.key_store import KeyStore
from domain.values import Role
from projections.reader import ReadModelsUnavailable
from tests.databases import Database
from tests.live_service import PATIENCE_SECONDS
from tests.scheme import Scheme, Somebody

LIMIT = "500ms"
APPENDS = "SELECT pg_advisory_xact_lock(7012023)"
KEYS = "LOCK TABLE keys.data_key_operational"
READ_MODELS = "LOCK TABLE read.position"


@pytest.fixture
def coordinator(reading_scheme: Scheme, database: Database) -> Somebody:
    """Somebody who came before the limits became short: to prepare takes the time that it takes."""
    scheme = reading_scheme
    somebody = scheme.person(Role.COORDINATOR)
    newest = scheme.parts.recorder.max_notification_id() or 0
    scheme.app.state.reader.wait_for("pipeline", newest, PATIENCE_SECONDS)
    with psycopg.connect(database.superuser_url, autocommit=True) as superuser:
        for role in ("vouchsafe_api", "vouchsafe_reader"):
            limit = SQL("ALTER ROLE {} IN DATABASE {} SET statement_timeout = {}")
            superuser.execute(limit.format(Identifier(role), Identifier(database.name), LIMIT))
            superuser.execute(
                "SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND usename = %s",
                [role],
            )
    for pool in (
        scheme.parts.pool,
        scheme.parts.recorder.datastore.pool,
        scheme.app.state.reader._pool,
    ):
        pool.check()
    return somebody


@contextmanager
def held(database: Database, what: str) -> Iterator[None]:
    """Somebody has it and does not let go."""
    with psycopg.connect(database.superuser_url) as somebody:
        somebody.execute(what)
        yield


def newest_position(database: Database) -> int:
    with psycopg.connect(database.superuser_url) as superuser:
        row = superuser.execute("SELECT max(position) FROM record.event").fetchone()
    assert row is not None
    return int(row[0])


def test_who_waits_too_long_to_append_is_told_to_come_again(
    coordinator: Somebody, database: Database
) -> None:
    before, path = newest_position(database), "/organisations"
    buyer = {"name": "Borough of Fernley"}
    answers = []

    def refused_as_it_should_be() -> bool:
        answers.append(coordinator.post(path, buyer))
        return bool(answers[-1].json()["type"] == "urn:vouchsafe:problem:recorder-unavailable")

    with held(database, APPENDS):
        until(refused_as_it_should_be)
    assert {answer.status_code for answer in answers} == {503}
    assert all(answer.headers["retry-after"] for answer in answers)
    assert newest_position(database) == before
    until(lambda: coordinator.post(path, buyer).status_code == 201)


def test_keys_that_cannot_be_read_in_time_are_unavailable_and_not_absent(
    reading_scheme: Scheme, coordinator: Somebody, database: Database
) -> None:
    store = KeyStore(reading_scheme.parts.pool)

    def ask() -> Any:
        return store.keys_of("operational", [coordinator.id], "stream")

    with held(database, KEYS), pytest.raises(KeysUnavailable):
        ask()
    until(ask, KeysUnavailable)


def test_read_models_that_cannot_be_read_in_time_are_away_and_not_empty(
    reading_scheme: Scheme, coordinator: Somebody, database: Database
) -> None:
    assert coordinator.role is Role.COORDINATOR
    reader = reading_scheme.app.state.reader
    with held(database, READ_MODELS), pytest.raises(ReadModelsUnavailable):
        reader.standings()
    until(reader.standings, ReadModelsUnavailable)


def until(succeeds: Callable[[], Any], *refusals: type[Exception]) -> None:
    """On a busy machine anything may take longer than the limit; now and then it does not."""
    give_up = monotonic() + PATIENCE_SECONDS
    while monotonic() < give_up:
        try:
            if succeeds():
                return
        except refusals:
            continue
    raise TimeoutError
