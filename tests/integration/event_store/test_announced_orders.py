"""The clerk orders no erasure that was not announced thirty days ago by the database's clock, whatever its code says."""

import dataclasses
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from crypto.event_store.append import Append, values_of
from crypto.event_store.recorder import QUERIES
from domain.mentoring import CommandRecord
from tests.databases import Database
from tests.event_store import Card, Store

ORDER = "SELECT record.order_announced_erasure(%s, %s, %s)"
AGED = "UPDATE record.event SET recorded_at = recorded_at - %s::interval WHERE originator_id = %s"
ORDERED = "SELECT count(*) FROM record.erasure WHERE person = %s"
A_MONTH = "30 days"


def say(store: Store, database: Database, card: Card, topic: str) -> None:
    """An event of this topic at the end of a stream, as the clerk appends it."""
    card.say({"any": "word"})
    (event,) = (store.mapper.to_stored_event(each) for each in card.collect_events())
    said = dataclasses.replace(event, topic=topic)
    values = values_of([Append(CommandRecord(uuid4(), b"", card.id, card.version), [said], [])])
    with psycopg.connect(database.clerk_url) as connection:
        connection.execute(QUERIES.append.sql, values)


def age(database: Database, card: Card, by: str) -> None:
    with psycopg.connect(database.superuser_url) as connection:
        connection.execute(AGED, [by, card.id])


def order(url: str, person: UUID) -> str | None:
    """What the database refuses it with; None when it is ordered."""
    try:
        with psycopg.connect(url) as connection:
            connection.execute(ORDER, [uuid4(), person, [person]])
    except psycopg.Error as refused:
        return refused.sqlstate
    return None


def ordered(database: Database, person: UUID) -> int:
    with psycopg.connect(database.superuser_url) as connection:
        row = connection.execute(ORDERED, [person]).fetchone()
    assert row is not None
    return int(row[0])


def test_an_end_that_was_announced_a_month_ago_is_ordered(store: Store, database: Database) -> None:
    card = store.begin()
    assert order(database.clerk_url, card.id) == "VS010"
    say(store, database, card, "person.end_announced")
    for by, refusal in (("29 days 23 hours", "VS010"), ("1 hour", None)):
        age(database, card, by)
        assert order(database.clerk_url, card.id) == refusal
    assert ordered(database, card.id) == 1


def test_one_that_was_put_off_since_is_not_until_it_is_announced_anew(
    store: Store, database: Database
) -> None:
    card = store.begin()
    say(store, database, card, "person.end_announced")
    say(store, database, card, "person.end_put_off")
    age(database, card, A_MONTH)
    assert order(database.clerk_url, card.id) == "VS010"
    say(store, database, card, "person.end_announced")
    assert order(database.clerk_url, card.id) == "VS010"
    age(database, card, A_MONTH)
    assert order(database.clerk_url, card.id) is None


def test_nobody_else_orders_so_and_the_clerk_in_no_other_way(
    store: Store, database: Database
) -> None:
    card = store.begin()
    say(store, database, card, "person.end_announced")
    age(database, card, A_MONTH)
    for url in (database.api_url, database.worker_url):
        assert order(url, card.id) == InsufficientPrivilege.sqlstate
    freely = ORDER.replace("order_announced_erasure", "order_erasure")
    with (
        psycopg.connect(database.clerk_url) as connection,
        pytest.raises(InsufficientPrivilege),
    ):
        connection.execute(freely.encode(), [uuid4(), card.id, [card.id]])
    assert ordered(database, card.id) == 0
