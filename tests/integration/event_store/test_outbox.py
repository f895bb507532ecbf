"""A message is there when its event is, and not otherwise."""

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from crypto.errors import AlreadyRecorded, HeadMoved
from domain.mentoring import CommandRecord
from domain.policies.messages import Message, MessageKind, Which
from tests.databases import Database
from tests.event_store import Card, Store, new_card

NOW = datetime.now(UTC)


def message(kind: MessageKind = MessageKind.MATCHED) -> Message:
    return Message(uuid4(), uuid4(), kind, uuid4(), Which(uuid4(), 3), NOW + timedelta(hours=1))


def command_of(card: Card, *messages: Message, heads: dict[UUID, int] | None = None) -> Any:
    return CommandRecord(uuid4(), b"", card.id, card.version, heads or {}, messages)


def append(store: Store, card: Card, command: CommandRecord) -> None:
    sealed = [store.mapper.to_stored_event(event) for event in card.pending_events]
    store.recorder.insert_events(sealed, command=command)


def outbox(database: Database, columns: str = "message") -> list[Any]:
    query = f"SELECT {columns} FROM record.outbox ORDER BY message"  # noqa: S608 - columns of our own
    with psycopg.connect(database.superuser_url) as connection:
        return connection.execute(query.encode()).fetchall()


def test_messages_come_with_the_events_they_follow_from(database: Database, store: Store) -> None:
    card, told = new_card(), message()
    append(store, card, command_of(card, told))
    columns = "message, person, kind, about, item, edition, not_before, next_try_at, tries, outcome"
    assert outbox(database, columns) == [
        (
            told.id,
            told.to,
            "matched",
            told.about,
            told.which.item,
            3,
            told.not_before,
            told.not_before,
            0,
            None,
        )
    ]


def test_a_commit_that_fails_leaves_no_message(database: Database, store: Store) -> None:
    read = store.begin()
    card = new_card()
    stale = command_of(card, message(), heads={read.id: read.version + 1})
    with pytest.raises(HeadMoved):
        append(store, card, stale)
    assert outbox(database) == []


def test_a_repeated_command_adds_no_message(database: Database, store: Store) -> None:
    card = new_card()
    command = command_of(card, message())
    append(store, card, command)
    with pytest.raises(AlreadyRecorded):
        append(store, card, dataclasses.replace(command, messages=(message(),)))
    assert outbox(database) == [(command.messages[0].id,)]


def test_a_message_made_twice_is_kept_once(database: Database, store: Store) -> None:
    card, told = new_card(), message()
    append(store, card, command_of(card, told, told))
    assert outbox(database) == [(told.id,)]


@pytest.mark.usefixtures("store")
def test_the_clerk_alone_reads_and_marks_messages_and_nobody_writes_one(
    database: Database,
) -> None:
    forbidden = {
        "SELECT FROM record.outbox": {"api", "worker", "reader", "keeper"},
        "UPDATE record.outbox SET tries = 1": {"api", "worker", "reader", "keeper"},
        "DELETE FROM record.outbox": {"api", "worker", "reader", "keeper"},
        "UPDATE record.outbox SET person = about": {"api", "worker", "clerk"},
        "INSERT INTO record.outbox SELECT * FROM record.outbox": {"api", "worker", "clerk"},
    }
    for statement, roles in forbidden.items():
        for role in roles:
            with (
                psycopg.connect(database.url(f"vouchsafe_{role}")) as connection,
                pytest.raises(InsufficientPrivilege),
            ):
                connection.execute(statement.encode())
    with psycopg.connect(database.clerk_url) as connection:
        connection.execute("SELECT FROM record.outbox")
        connection.execute("UPDATE record.outbox SET tries = 1")


def test_how_many_are_late_or_failed_is_told_without_telling_whose(
    database: Database, store: Store
) -> None:
    card, told = new_card(), [message() for _ in range(4)]
    late = dataclasses.replace(told[0], not_before=NOW - timedelta(hours=1))
    append(store, card, command_of(card, late, *told[1:]))
    with psycopg.connect(database.superuser_url) as connection:
        for each, outcome in zip(told[1:], ("refused", "given_up", "sent"), strict=True):
            connection.execute(
                "UPDATE record.outbox SET outcome = %s, ended_at = now() WHERE message = %s",
                [outcome, each.id],
            )
    with psycopg.connect(database.api_url) as connection:
        figures = connection.execute("SELECT * FROM record.outbox_figures('10 minutes')")
        assert figures.fetchone() == (1, 2)
