"""Clerks that are killed while they deliver lose no message, and none is shown twice."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

import pytest

from api.embedded_postgres.processes import wait_until
from tests.databases import Database
from tests.faults.clerking import World, world
from tests.faults.rounds import SEEDS, chance_of
from tests.faults.test_clerk_kills import Clerks
from tests.match import propose
from tests.messages import address_of
from tests.post import SENDER, Post, post, shown_once
from tests.scheme import Somebody

PATIENCE_SECONDS = 180.0
MESSAGES = 60
KILLS = 5
MOST_AT_ONCE = 4
COPY = """
INSERT INTO record.outbox (message, person, kind, about, item, edition, not_before, made_at, next_try_at)
SELECT %s, person, kind, about, item, edition, not_before, made_at, next_try_at
  FROM record.outbox WHERE person = %s LIMIT 1
"""


@pytest.fixture
def of(database: Database, tmp_path: Path) -> Iterator[World]:
    with world(database, tmp_path) as made:
        yield made


def many_messages(of: World) -> dict[Somebody, set[UUID]]:
    """Sixty messages to two people: what one proposal brings about, and as much again under other ids."""
    made = propose(of.now)
    for number in range(MESSAGES - 2):
        person = made.mentee if number % 2 else made.mentor
        of.rows(COPY, [uuid4(), person.id])
    return {person: ids_of(of, person) for person in (made.mentee, made.mentor)}


def ids_of(of: World, person: Somebody) -> set[UUID]:
    found = of.rows("SELECT message FROM record.outbox WHERE person = %s", [person.id])
    return {id for (id,) in found}


def unfinished(of: World) -> int:
    return len(of.rows("SELECT message FROM record.outbox WHERE ended_at IS NULL"))


def go_on_killing(clerks: Clerks, chance: Random, server: Post) -> None:
    """Kill clerks at random moments: between two mails, and while the server has one and has not said so."""
    for _ in range(KILLS):
        so_far, server.allowance = len(server.mails), chance.randint(1, MOST_AT_ONCE)
        assert wait_until(lambda before=so_far: len(server.mails) > before, PATIENCE_SECONDS)
        wait_until(lambda: False, chance.uniform(0, 0.2))
        clerks.kill_one(chance)


@SEEDS
def test_every_message_arrives_through_kills_and_is_shown_once(
    of: World, tmp_path: Path, seed: int
) -> None:
    meant = many_messages(of)
    with post() as server:
        clerks = Clerks(of, tmp_path, 2, **mail_settings(server))
        try:
            go_on_killing(clerks, chance_of(seed), server)
            server.allowance = None
            # What a kill interrupts is put off for some seconds, for longer each time.
            assert wait_until(lambda: unfinished(of) == 0, PATIENCE_SECONDS)
        finally:
            clerks.stop()
    for person, ids in meant.items():
        shown = shown_once(server.to(address_of(person)))
        assert set(shown) == {f"<{id}@post.example.org>" for id in ids}
    assert dict(of.rows("SELECT outcome, count(*) FROM record.outbox GROUP BY 1")) == {
        "sent": MESSAGES
    }


def mail_settings(server: Post) -> dict[str, str]:
    return {
        "VOUCHSAFE_SMTP_HOST": "127.0.0.1",
        "VOUCHSAFE_SMTP_PORT": str(server.port),
        "VOUCHSAFE_SMTP_TLS": "none",
        "VOUCHSAFE_MAIL_SENDER": SENDER.address,
    }
