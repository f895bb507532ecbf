"""Events of an earlier shape are read as the later one; those of a shape to come are not guessed at."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from eventsourcing.domain import event
from eventsourcing.persistence import StoredEvent

from crypto.envelope import SMALLEST_STATE, event_place, pad
from crypto.errors import Unreadable
from domain.aggregate import Aggregate
from tests.databases import Database
from tests.event_store import Store, act, joined, order

WHEN = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
ROOM = UUID(int=7)


class Visit(Aggregate):
    """Counted in minutes once, then in seconds in a room, now in any number of rooms."""

    TOPIC = "test.visit"

    class Created(Aggregate.Created):
        TOPIC = "test.visit_begun"
        class_version = 3
        seconds: int
        rooms: tuple[UUID, ...]

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            state["seconds"] = 60 * state.pop("minutes")
            state["room"] = None

        @staticmethod
        def upcast_v2_v3(state: dict[str, Any]) -> None:
            room = state.pop("room")
            state["rooms"] = [] if room is None else [room]

    class Lengthened(Aggregate.Event):
        TOPIC = "test.visit_lengthened"
        seconds: int

    @event(Created)
    def __init__(self, seconds: int, rooms: tuple[UUID, ...]) -> None:
        self.seconds = seconds
        self.rooms = rooms


EVENTS = {kind.TOPIC: kind for kind in (Visit.Created, Visit.Lengthened)}
HEAD = {"originator_topic": "test.visit", "timestamp": WHEN, "actor": ROOM, "happened_at": None}


def stored(store: Store, topic: str, **state: object) -> StoredEvent:
    """An event as a release of another time would have stored it."""
    encoded = msgspec.msgpack.Encoder(uuid_format="bytes").encode(state)
    stream = uuid4()
    key = store.keyring.stream_key_or_new(stream).key
    sealed = key.seal(pad(encoded, SMALLEST_STATE), event_place(stream, 1, topic))
    return StoredEvent(stream, 1, topic, sealed)


def read(store: Store, event: StoredEvent) -> Any:
    """Open under the key that no append has stored."""
    named = store.keyring.stream_key_or_new(event.originator_id)  # type: ignore[arg-type] # made above
    return store.mapper._open(event, named)


@pytest.fixture
def visits(database: Database, files: dict[str, Path]) -> Iterator[Store]:
    with joined(database.api_url, files, EVENTS) as store:
        yield store


def test_the_first_shape_is_read_as_the_third(visits: Store) -> None:
    visit = read(visits, stored(visits, "test.visit_begun", **HEAD, minutes=5)).mutate(None)
    assert (visit.seconds, visit.rooms, visit.created_on) == (300, (), WHEN)


def test_the_second_shape_is_read_as_the_third(visits: Store) -> None:
    old = stored(visits, "test.visit_begun", **HEAD, class_version=2, seconds=9, room=ROOM)
    assert read(visits, old).mutate(None).rooms == (ROOM,)


def test_the_third_shape_comes_back_as_it_was(visits: Store) -> None:
    visit = Visit.begin(uuid4(), act(), seconds=4, rooms=(ROOM, ROOM))
    visits.mentoring.commit(order(), visit)
    assert visits.mentoring.load(Visit, visit.id).rooms == (ROOM, ROOM)


UNKNOWN_SHAPES: list[tuple[str, dict[str, object]]] = [
    ("test.visit_begun", {"class_version": 4, "seconds": 9, "rooms": []}),
    ("test.visit_begun", {"class_version": 3, "seconds": "many", "rooms": []}),
    ("test.visit_lengthened", {"class_version": 2, "seconds": 9}),
    ("test.visit_lengthened", {"seconds": "many"}),
    ("test.visit_lengthened", {}),
]


def test_a_shape_that_this_release_does_not_know_is_unreadable(visits: Store) -> None:
    for topic, facts in UNKNOWN_SHAPES:
        event = stored(visits, topic, **HEAD, **facts)
        with pytest.raises(Unreadable) as refused:
            read(visits, event)
        assert refused.value.record == f"event {event.originator_id} version 1"
        assert refused.value.__context__ is None
