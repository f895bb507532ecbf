"""A key's record and the first record that uses it appear together or not at all, and only once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import psycopg
import pytest

from crypto.errors import HeadMoved, KeyMadeTwice, KeyNotLive
from crypto.event_store.append import Append, values_of
from crypto.event_store.recorder import QUERIES
from domain.mentoring import CommandRecord
from tests.databases import Database
from tests.event_store import Card, Store, new_card, order

JoinStore = Callable[[], Store]
Owner = psycopg.Connection[tuple[object, ...]]
LIVE_KEYS = "SELECT key_id FROM keys.data_key WHERE owner = %s AND purpose = %s AND state = 'live'"


def naming(store: Store, person: UUID) -> Card:
    """A card whose append uses a person's key, made if there is none."""
    card = new_card()
    card.name_key("personal", store.keyring.field_key_or_new("personal", person, "themes").key_id)
    return card


def append_of(store: Store, card: Card) -> Append:
    """What an append of the card would send, with the keys that are new at this moment."""
    events = [store.mapper.to_stored_event(event) for event in card.pending_events]
    keys = store.keyring.new_keys(key_id for event in events for _, key_id in event.uses)
    return Append(CommandRecord(uuid4(), b"", card.id, 2), events, keys)


def keys_of(owner: Owner, person: UUID, purpose: str = "themes") -> list[tuple[object, ...]]:
    return owner.execute(LIVE_KEYS, [person, purpose]).fetchall()


def test_of_two_commands_that_make_one_key_one_is_recorded_and_the_other_can_be_tried_again(
    store: Store, another_store: JoinStore, owner: Owner
) -> None:
    other, person = another_store(), uuid4()
    first, second = naming(store, person), naming(other, person)
    store.commit(first)
    with pytest.raises(KeyMadeTwice):
        other.commit(second)
    assert other.recorder.select_events(second.id) == []
    again = naming(other, person)
    other.commit(again)
    assert len(keys_of(owner, person)) == 1


def test_at_the_same_moment_too_there_is_one_key_and_every_retry_succeeds(
    store: Store, another_store: JoinStore, owner: Owner
) -> None:
    stores, refusals = [store, another_store()], []

    def record(number: int) -> None:
        person = UUID(int=1 + number // 4)
        try:
            stores[number % 2].commit(naming(stores[number % 2], person))
        except (KeyMadeTwice, KeyNotLive) as refused:
            refusals.append(refused)
            stores[number % 2].commit(naming(stores[number % 2], person))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(record, range(80)))
    assert [len(keys_of(owner, UUID(int=1 + number))) for number in range(20)] == [1] * 20
    assert len(store.recorder.select_notifications(1, 1000)) == 80 * 2


def test_two_commands_of_one_process_share_their_new_key(store: Store, owner: Owner) -> None:
    person = uuid4()
    first, second = naming(store, person), naming(store, person)
    store.commit(first)
    store.commit(second)
    assert len(keys_of(owner, person)) == 1


def test_two_commands_that_both_bring_the_same_new_key_are_both_recorded(
    store: Store, owner: Owner
) -> None:
    """As when two threads have looked which keys are new before either appends."""
    person = uuid4()
    for append in [append_of(store, naming(store, person)) for _ in range(2)]:
        store.recorder._commit.submit(append)
    assert len(keys_of(owner, person)) == 1
    assert len(store.recorder.select_notifications(1, 10)) == 4


def test_two_processes_that_begin_one_stream_make_one_key(
    store: Store, another_store: JoinStore, owner: Owner
) -> None:
    other, stream = another_store(), uuid4()
    prepared = [other.mapper.to_stored_event(e) for e in new_card(stream).pending_events]
    store.commit(new_card(stream))
    with pytest.raises(KeyMadeTwice):
        other.recorder.insert_events(prepared, command=CommandRecord(uuid4(), b"", stream, 1))
    card = other.load(stream)
    card.say({"went": "on"})
    other.commit(card)
    assert len(keys_of(owner, stream, "stream")) == 1


def test_a_refused_command_leaves_no_key_and_its_key_serves_the_next(
    store: Store, owner: Owner
) -> None:
    person, read = uuid4(), store.begin()
    moved = store.load(read.id)
    moved.say({})
    store.commit(moved)
    with pytest.raises(HeadMoved):
        store.mentoring.commit(order(), naming(store, person), read=[read])
    assert keys_of(owner, person) == []
    store.commit(naming(store, person))
    assert len(keys_of(owner, person)) == 1


@pytest.mark.parametrize("ending", ["rollback", "kill"])
def test_an_append_that_does_not_commit_leaves_neither_key_nor_record(
    store: Store, database: Database, owner: Owner, ending: str
) -> None:
    person = uuid4()
    card = naming(store, person)
    append = append_of(store, card)
    connection = psycopg.connect(database.api_url)
    connection.execute(QUERIES.append.sql, values_of([append]))
    if ending == "kill":
        end_backend(database, connection.info.backend_pid)
    connection.close()
    assert keys_of(owner, person) == keys_of(owner, card.id, "stream") == []
    assert store.recorder.select_events(card.id) == []
    store.commit(card)
    assert len(keys_of(owner, person)) == 1


def end_backend(database: Database, pid: int) -> None:
    with psycopg.connect(database.superuser_url) as superuser:
        ended = superuser.execute("SELECT pg_terminate_backend(%s, 5000)", [pid]).fetchone()
        assert ended == (True,)
