"""Who may not do what to keys and records, whatever their code says."""

import dataclasses
import json
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from crypto.errors import Erased
from crypto.event_store.append import Append, values_of
from crypto.event_store.mapper import SealedEvent
from crypto.event_store.recorder import QUERIES
from domain.mentoring import CommandRecord
from tests.databases import Database
from tests.event_store import Card, Store, new_card

CLOSED_TO_THE_WORKER = ("contact", "personal", "special", "safeguarding", "locks")
CLOSED_TO_THE_CLERK = ("personal", "special", "safeguarding", "locks")

WRITES = (
    "INSERT INTO record.event SELECT * FROM record.event",
    "UPDATE record.event SET position = position",
    "DELETE FROM record.event",
    "TRUNCATE record.event",
    "UPDATE record.command_outcome SET position = 1",
    "DELETE FROM record.command_outcome",
    "INSERT INTO keys.data_key_operational SELECT * FROM keys.data_key_operational",
    "UPDATE keys.data_key_operational SET state = 'live'",
    "DELETE FROM keys.data_key_operational",
    "INSERT INTO keys.branch_key_operational SELECT * FROM keys.branch_key_operational",
    "DELETE FROM keys.branch_key_operational",
    "ALTER TABLE record.event DISABLE TRIGGER ALL",
    "DROP FUNCTION record.append",
    "CREATE TABLE record.shadow ()",
    "CREATE TEMPORARY TABLE shadow ()",
)


@pytest.mark.usefixtures("store")
def test_the_worker_reads_no_key_but_the_operational_ones(database: Database) -> None:
    with psycopg.connect(database.worker_url, autocommit=True) as connection:
        assert_closed(connection, CLOSED_TO_THE_WORKER)
        assert readable(connection, "operational")


@pytest.mark.usefixtures("store")
def test_the_clerk_reads_operational_and_contact_keys_alone(database: Database) -> None:
    with psycopg.connect(database.clerk_url, autocommit=True) as connection:
        assert_closed(connection, CLOSED_TO_THE_CLERK)
        assert readable(connection, "operational")
        assert readable(connection, "contact")


def test_nobody_who_serves_can_write_to_the_log_or_the_keys_but_by_appending(
    database: Database, store: Store
) -> None:
    store.begin()
    for url in (database.api_url, database.worker_url, database.clerk_url):
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in WRITES:
                with pytest.raises(InsufficientPrivilege):
                    connection.execute(statement)


def test_the_worker_cannot_append(database: Database) -> None:
    with (
        psycopg.connect(database.worker_url) as connection,
        pytest.raises(InsufficientPrivilege),
    ):
        connection.execute(QUERIES.append.sql, NOTHING)


NOTHING = values_of([])
KEY_OF_SOMEBODY = {"compartment": "special", "owner": str(uuid4()), "purpose": "identity"}


@pytest.mark.parametrize(
    "topic", ["consent_ledger.given", "person.role_granted", "notice.published", "binder.begun"]
)
def test_the_clerk_cannot_say_what_only_people_say(
    store: Store, database: Database, topic: str
) -> None:
    sealed = store.mapper.to_stored_event(new_card().pending_events[0])
    command = CommandRecord(uuid4(), b"", uuid4(), 1)
    forged = dataclasses.replace(sealed, topic=topic)
    values = values_of([Append(command, [forged], store.keyring.new_keys(key_ids_of(sealed)))])
    assert refusal(database.clerk_url, values) == "VS005"
    assert store.recorder.max_notification_id() is None


KEPT_KEYS = [
    ("special", "identity_preference", "enquiry.forgotten"),
    ("contact", "contact", "enquiry.forgotten"),
    ("contact", "enquiry", "relationship.closed"),
    ("safeguarding", "matter", "remark.forgotten"),
    ("safeguarding", "matter", "enquiry.forgotten"),
    ("personal", "take_part", "remark.forgotten"),
    ("personal", "remark:{other}", "remark.forgotten"),
    ("personal", "remark:{record}", "rights_request.forgotten"),
    ("personal", "rights_request:{record}", "matter.forgotten"),
    ("personal", "take_part", "binder.reader_left"),
    ("locks", "lock/{other}/shared/1", "binder.reader_left"),
    ("locks", "lock/{record}/own/1", "binder.reader_left"),
    ("locks", "lock/{record}/shared/1", "enquiry.forgotten"),
]
ENDED_KEYS = [
    ("contact", "enquiry", "enquiry.forgotten"),
    ("safeguarding", "matter", "matter.forgotten"),
    ("personal", "remark:{record}", "remark.forgotten"),
    ("personal", "rights_request:{record}", "rights_request.forgotten"),
    ("locks", "lock/{record}/shared/1", "binder.reader_left"),
]


@pytest.mark.parametrize(("compartment", "purpose", "topic"), KEPT_KEYS)
def test_the_clerk_ends_no_key_but_that_of_a_record_as_it_is_forgotten(
    store: Store, database: Database, compartment: str, purpose: str, topic: str
) -> None:
    card = new_card()
    purpose = purpose.format(record=card.id, other=uuid4())
    key = store.keyring.field_key_or_new(compartment, card.id, purpose)
    card.name_key(compartment, key.key_id)
    store.commit(card)

    assert refusal(database.clerk_url, ending(store, card, (compartment, purpose), topic)) == (
        "VS005"
    )
    assert store.keyring.field_key(compartment, key.key_id)


@pytest.mark.parametrize(("compartment", "purpose", "topic"), ENDED_KEYS)
def test_the_clerk_ends_the_key_of_a_record_as_it_is_forgotten(
    store: Store, database: Database, compartment: str, purpose: str, topic: str
) -> None:
    card = new_card()
    purpose = purpose.format(record=card.id)
    key = store.keyring.field_key_or_new(compartment, card.id, purpose)
    card.name_key(compartment, key.key_id)
    store.commit(card)
    values = ending(store, card, (compartment, purpose), topic)
    with psycopg.connect(database.clerk_url) as connection:
        connection.execute(QUERIES.append.sql, values)

    with pytest.raises(Erased):
        store.keyring.field_key(compartment, key.key_id)


def ending(store: Store, card: Card, key: tuple[str, str], topic: str) -> dict[str, str]:
    """An event of this topic, at the end of a card's stream, that ends one of the card's keys."""
    card.say({"last": "word"})
    (event,) = (store.mapper.to_stored_event(each) for each in card.collect_events())
    (compartment, purpose) = key
    said = dataclasses.replace(event, topic=topic)
    values = values_of([Append(CommandRecord(uuid4(), b"", card.id, card.version), [said], [])])
    ends = [{"compartment": compartment, "owner": str(card.id), "purpose": purpose}]
    return values | {"ends": json.dumps(ends)}


@pytest.mark.usefixtures("store")
def test_keys_end_only_with_an_event_that_says_so(database: Database) -> None:
    values = NOTHING | {"ends": json.dumps([KEY_OF_SOMEBODY])}
    assert refusal(database.api_url, values) == "VS006"
    assert refusal(database.api_url, NOTHING) == "VS006"


def test_an_event_follows_the_one_before_it(store: Store, database: Database) -> None:
    card = new_card()
    card.say({"second": "word"})
    _, second = (store.mapper.to_stored_event(event) for event in card.pending_events)
    append = Append(CommandRecord(uuid4(), b"", card.id, 2), [second], [])
    values = values_of(
        [dataclasses.replace(append, new_keys=store.keyring.new_keys(key_ids_of(second)))]
    )
    assert refusal(database.api_url, values) == "VS006"


def test_an_event_under_the_key_of_another_stream_is_refused(
    store: Store, database: Database
) -> None:
    other = store.begin()
    key_of_other = store.keyring.stream_key(other.id).key_id
    append = append_of(store, new_card())
    sealed = append.events[0]
    mixed = dataclasses.replace(sealed, uses=(("operational", key_of_other),))
    values = values_of([dataclasses.replace(append, events=[mixed])])
    assert refusal(database.api_url, values) == "VS002"


def test_a_salt_of_another_length_is_refused(store: Store, database: Database) -> None:
    append = append_of(store, new_card())
    short = dataclasses.replace(append.events[0], salt=bytes(31))
    values = values_of([dataclasses.replace(append, events=[short])])
    assert refusal(database.api_url, values) == "VS006"


def append_of(store: Store, card: Card) -> Append:
    events = [store.mapper.to_stored_event(event) for event in card.pending_events]
    keys = store.keyring.new_keys(key_id for event in events for key_id in key_ids_of(event))
    return Append(CommandRecord(uuid4(), b"", card.id, card.version), events, keys)


def key_ids_of(event: SealedEvent) -> list[UUID]:
    return [key_id for _, key_id in event.uses]


def refusal(url: str, values: dict[str, str]) -> str | None:
    with psycopg.connect(url) as connection, pytest.raises(psycopg.Error) as refused:
        connection.execute(QUERIES.append.sql, values)
    return refused.value.sqlstate


def assert_closed(
    connection: psycopg.Connection[tuple[object, ...]], compartments: tuple[str, ...]
) -> None:
    with pytest.raises(InsufficientPrivilege):
        connection.execute("SELECT FROM keys.data_key")
    for compartment in compartments:
        for kind in ("data_key", "branch_key"):
            with pytest.raises(InsufficientPrivilege):
                select(connection, f"{kind}_{compartment}")


def readable(connection: psycopg.Connection[tuple[object, ...]], compartment: str) -> bool:
    return bool(select(connection, f"branch_key_{compartment}"))


def select(connection: psycopg.Connection[tuple[object, ...]], table: str) -> list[object]:
    query = sql.SQL("SELECT compartment FROM {}").format(sql.Identifier("keys", table))
    return list(connection.execute(query).fetchall())
