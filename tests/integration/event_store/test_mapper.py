"""What the mapper does with records that are not as they were recorded."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from eventsourcing.persistence import StoredEvent

from crypto.errors import Absent, Erased, Tampered, Unreadable
from crypto.event_store.mapper import ErasedEvent
from tests.databases import Database
from tests.event_store import CARD_EVENTS, Card, Store, joined, new_card

Alter = Callable[[StoredEvent, StoredEvent], StoredEvent]

RELABELLED: dict[str, Alter] = {
    "with another record's ciphertext": lambda one, other: replace(one, state=other.state),
    "under another topic": lambda one, _: replace(one, topic=Card.Named.TOPIC),
    "under a topic that nobody knows": lambda one, _: replace(one, topic="test.never"),
    "at another version": lambda one, _: replace(one, originator_version=7),
    "in another stream": lambda one, other: replace(one, originator_id=other.originator_id),
    "without its last byte": lambda one, _: replace(one, state=one.state[:-1]),
    "without its tag": lambda one, _: replace(one, state=one.state[:-16]),
    "cut to its header": lambda one, _: replace(one, state=one.state[:45]),
    "emptied": lambda one, _: replace(one, state=b""),
    "with one byte more": lambda one, _: replace(one, state=one.state + b"\x00"),
    "under an unknown format": lambda one, _: replace(one, state=b"\x02" + one.state[1:]),
}


def two_records(store: Store) -> tuple[StoredEvent, StoredEvent]:
    """Two records of one topic and version in two streams, and one of each before it."""
    cards = [store.begin(), store.begin()]
    for card in cards:
        card.say({"words": "ferrule"})
        store.commit(card)
    one, other = (store.recorder.select_events(card.id)[1] for card in cards)
    return one, other


def test_an_altered_record_is_tampered_and_named(store: Store) -> None:
    one, other = two_records(store)
    altered = {how: alter(one, other) for how, alter in RELABELLED.items()}
    assert {how: refusal(store, record) for how, record in altered.items()} == {
        how: name_of(record) for how, record in altered.items()
    }


def test_an_altered_record_stops_no_other(store: Store) -> None:
    one, other = two_records(store)
    altered = [alter(one, other) for alter in RELABELLED.values()]
    *refused, opened = store.mapper.open_many([*altered, one])
    assert [answer.record for answer in refused if isinstance(answer, Tampered)] == [
        name_of(record) for record in altered
    ]
    assert isinstance(opened, Card.Said)


def refusal(store: Store, altered: StoredEvent) -> str:
    with pytest.raises(Tampered) as refused:
        store.mapper.to_domain_event(altered)
    return refused.value.record


def test_two_records_of_one_stream_cannot_change_places(store: Store) -> None:
    card = store.begin()
    card.say({"mood": "better"})
    card.say({"mood": "worse"})
    store.commit(card)
    _, first, second = store.recorder.select_events(card.id)
    swapped = [replace(first, state=second.state), replace(second, state=first.state)]
    refused = store.mapper.open_many(swapped)
    assert [type(answer) for answer in refused] == [Tampered, Tampered]


def test_a_byte_changed_anywhere_is_tampered(store: Store) -> None:
    one, _ = two_records(store)
    flipped = [flip(one, at) for at in range(0, len(one.state), 7)]
    assert len(flipped) > 40
    assert {type(answer) for answer in store.mapper.open_many(flipped)} == {Tampered}


def test_tampering_in_the_database_stops_the_aggregate_and_no_other(
    store: Store, owner: psycopg.Connection[tuple[object, ...]]
) -> None:
    one, other = two_records(store)
    owner.execute(
        "UPDATE record.event SET state = %s WHERE state = %s", [flip(one, 60).state, one.state]
    )
    with pytest.raises(Tampered):
        store.load(stream_of(one))
    assert store.load(stream_of(other)).version == 2


def test_tampered_erased_and_absent_are_three_results(
    store: Store, another_store: Callable[[], Store]
) -> None:
    one, other = two_records(store)
    end_stream(store, stream_of(other))
    nowhere = replace(one, originator_id=uuid4())
    reader = another_store()
    with pytest.raises(Erased):
        reader.mapper.to_domain_event(other)
    with pytest.raises(Absent):
        reader.mapper.to_domain_event(nowhere)
    with pytest.raises(Tampered):
        reader.mapper.to_domain_event(flip(one, 50))


def test_an_erased_record_says_where_it_stood_and_nothing_else(store: Store) -> None:
    one, other = two_records(store)
    end_stream(store, stream_of(one))
    erased, opened = store.mapper.open_many([one, other])
    assert erased == ErasedEvent(stream_of(one), 2, Card.Said.TOPIC)
    assert isinstance(opened, Card.Said)


def test_a_genuine_record_of_an_unknown_topic_is_unreadable(
    store: Store, database: Database, files: dict[str, Path]
) -> None:
    one, _ = two_records(store)
    older = {topic: kind for topic, kind in CARD_EVENTS.items() if kind is not Card.Said}
    with joined(database.api_url, files, older) as old_release:
        with pytest.raises(Unreadable) as refused:
            old_release.mapper.to_domain_event(one)
        assert refused.value.record == name_of(one)


def test_a_dict_that_looks_like_a_transcoding_stays_a_dict(store: Store) -> None:
    suspects: list[dict[str, object]] = [
        {"_type_": "uuid_hex", "_data_": "0" * 32},
        {"_type_": "datetime_iso", "_data_": "2026-01-01T00:00:00"},
        {"class_version": 9, "originator_id": "no"},
        {"__class__": "builtins.object", "deep": [{"_type_": "tuple_as_list", "_data_": [1]}]},
    ]
    assert [store.begin(**words).words for words in suspects] == suspects


def test_length_does_not_tell_a_short_state_from_a_longer_one(store: Store) -> None:
    lengths = {len(only_state(store, "x" * size)) for size in (0, 1, 10, 40, 70)}
    assert lengths == {45 + 256 + 16}
    assert len(only_state(store, "x" * 260)) == 45 + 512 + 16


def only_state(store: Store, word: str) -> bytes:
    return store.recorder.select_events(store.begin(w=word).id)[0].state


def end_stream(store: Store, stream: UUID) -> None:
    card = new_card()
    card.end_keys("operational", stream, "stream")
    store.commit(card)


def flip(stored: StoredEvent, at: int) -> StoredEvent:
    state = bytearray(stored.state)
    state[at] ^= 0x01
    return replace(stored, state=bytes(state))


def stream_of(stored: StoredEvent) -> UUID:
    assert isinstance(stored.originator_id, UUID)
    return stored.originator_id


def name_of(stored: StoredEvent) -> str:
    return f"event {stored.originator_id} version {stored.originator_version}"
