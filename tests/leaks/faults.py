"""Faults in the middle of requests that carry words: an altered record, and a database that goes away."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from uuid import UUID

import httpx
import psycopg

from api.embedded_postgres.processes import wait_until
from tests.embedded import PATIENCE_SECONDS
from tests.leaks.cast import COORDINATOR, Cast
from tests.leaks.machine import LeakMachine
from tests.leaks.story import Story

ALTER = """
UPDATE record.event SET state = set_byte(state, 60, get_byte(state, 60) # 1)
 WHERE originator_id = %s AND originator_version = 1
"""
REFUSE = "ALTER TABLE access.session ADD CONSTRAINT planted CHECK (expires_at IS NULL) NOT VALID"
ALLOW = "ALTER TABLE access.session DROP CONSTRAINT planted"
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


def alter_a_record(machine: LeakMachine, cast: Cast, story: Story) -> None:
    """Flip a bit of an event, then ask for its stream and for a change of it, with words."""
    stream = story.relationships["kwame"]
    with psycopg.connect(machine.superuser_url) as connection:
        connection.execute(ALTER, (stream,))
    for who in (COORDINATOR, "kwame"):
        cast.client(who).get(f"/relationships/{stream}")
        _close(cast, who, stream)


def have_the_database_refuse_a_row(machine: LeakMachine, cast: Cast) -> None:
    """A fault that no code foresees, whose error in the driver quotes the whole row."""
    machine.do(REFUSE)
    for who in cast.members:
        cast.client(who).post("/session", json={"token": cast.members[who].token})
    machine.do(ALLOW)


def lose_the_database(machine: LeakMachine, cast: Cast, story: Story) -> None:
    """Stop the database while a request that carries words waits in it; start it again."""
    stream = story.relationships["joy"]
    postgres = machine.machine.postgres
    with ThreadPoolExecutor() as pool, _locked(machine):
        caught: Future[None] = pool.submit(_close, cast, COORDINATOR, stream)
        assert wait_until(lambda: machine.ask(WAITING) > 0, PATIENCE_SECONDS)
        postgres.stop()
        _close(cast, COORDINATOR, stream)
        postgres.start()
        caught.result(PATIENCE_SECONDS)
    assert wait_until(machine.is_ready, PATIENCE_SECONDS)


def _close(cast: Cast, who: str, relationship: UUID) -> None:
    words = cast.sentinels.words(f"words of {who} in a request that fails")
    body = {"reason": "no_fault", "words": words}
    with suppress(httpx.TransportError):
        cast.client(who).post(f"/relationships/{relationship}/closing", json=body)


@contextmanager
def _locked(machine: LeakMachine) -> Iterator[None]:
    """Hold up every append until the database goes away."""
    connection = psycopg.connect(machine.superuser_url)
    try:
        connection.execute("LOCK TABLE record.event IN EXCLUSIVE MODE")
        yield
    finally:
        connection.close()
