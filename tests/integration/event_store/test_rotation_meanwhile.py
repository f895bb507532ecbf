"""Whoever reads, appends or destroys keys goes on while they are rotated, and what is destroyed wins."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from crypto.branch_keys import LOOK_SECONDS
from crypto.errors import Erased, KeyNotLive
from crypto.event_store.append import Append, values_of
from crypto.event_store.recorder import QUERIES
from crypto.key_store import KeyStore
from crypto.keyring import CACHE_SECONDS, Keyring
from crypto.kms.local import LocalKeyService
from domain.mentoring import CommandRecord
from tests.databases import Database
from tests.event_store import KEY_POOL, Store, new_card
from tests.rotating import a_rotation, decided_anew, rotate

JoinStore = Callable[[], Store]
Owner = psycopg.Connection[tuple[object, ...]]
LEFT = "SELECT count(*) FROM keys.data_key WHERE epoch = %s AND wrapped_key IS NOT NULL"
DESTROY = (
    "UPDATE keys.data_key SET state = 'destroyed', wrapped_key = NULL, destroyed_at = now()"
    " WHERE owner = %s"
)
PATIENCE_SECONDS = 120


class Clock:
    """A time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ours(database: Database, files: dict[str, Path], clock: Clock) -> Iterator[Keyring]:
    """The keyring of a running process, whose time passes when a test says so."""
    with ConnectionPool(database.api_url, **KEY_POOL, open=True) as pool:
        yield Keyring(KeyStore(pool), LocalKeyService(files), timer=clock)


def test_those_who_append_while_keys_are_rotated_lose_nothing(
    store: Store, another_store: JoinStore, owner: Owner, database: Database, files: dict[str, Path]
) -> None:
    stores, done = [store, another_store()], Event()
    standing = store.begin(said=0)

    def begin(number: int) -> list[UUID]:
        made = []
        while not done.is_set() or not made:
            made.append(decided_anew(lambda: stores[number % 2].begin(number=number)).id)
        return made

    def go_on_with_one() -> int:
        said = 0
        while not done.is_set() or not said:
            card = store.load(standing.id)
            card.say({"said": said + 1})
            store.commit(card)
            said += 1
        return said

    with ThreadPoolExecutor(5) as threads:
        begun = [threads.submit(begin, number) for number in range(4)]
        said = threads.submit(go_on_with_one)
        for _ in range(3):
            rotate(database, files)
        done.set()
        made = [id for each in begun for id in each.result(PATIENCE_SECONDS)]
    reader = another_store()
    assert [reader.load(id).words for id in made]
    assert reader.load(standing.id).words == {"said": said.result()}
    assert [owner.execute(LEFT, [epoch]).fetchall() for epoch in (1, 2, 3)] == [[(0,)]] * 3


def test_a_key_made_under_a_closed_epoch_is_refused_and_the_next_try_succeeds(
    store: Store, owner: Owner, database: Database, files: dict[str, Path]
) -> None:
    card = new_card()
    rotate(database, files)
    with pytest.raises(KeyNotLive):
        store.commit(card)
    assert store.recorder.select_events(card.id) == []
    again = new_card(card.id)
    store.commit(again)
    under = "SELECT epoch FROM keys.data_key WHERE owner = %s"
    assert owner.execute(under, [card.id]).fetchall() == [(2,)]


def test_an_append_that_was_first_is_seen_by_the_epoch_that_closes(
    store: Store, owner: Owner, database: Database, files: dict[str, Path]
) -> None:
    """The epoch cannot close between the making of a key and the end of its append."""
    card = new_card()
    events = [store.mapper.to_stored_event(event) for event in card.pending_events]
    keys = store.keyring.new_keys(key_id for event in events for _, key_id in event.uses)
    append = Append(CommandRecord(uuid4(), b"", card.id, 1), events, keys)
    waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7012024 AND NOT granted"
    with ThreadPoolExecutor(1) as threads, psycopg.connect(database.api_url) as appending:
        appending.execute(QUERIES.append.sql, values_of([append]))
        rotated = threads.submit(rotate, database, files)
        while not rotated.done() and owner.execute(waits).fetchall() == [(0,)]:
            pass
        assert not rotated.done()
        appending.commit()
        rotated.result(PATIENCE_SECONDS)
    assert owner.execute(LEFT, [1]).fetchall() == [(0,)]
    assert store.load(card.id).id == card.id


def test_a_running_process_makes_new_keys_under_the_new_epoch_within_a_bounded_time(
    ours: Keyring, database: Database, files: dict[str, Path], clock: Clock
) -> None:
    rotate(database, files)
    assert epoch_of_a_new_key(ours) == 1
    clock.now += LOOK_SECONDS
    assert epoch_of_a_new_key(ours) == 2


def test_a_running_process_drops_the_branch_key_of_an_ended_epoch(
    store: Store, ours: Keyring, database: Database, files: dict[str, Path], clock: Clock
) -> None:
    cards = [store.begin(), store.begin()]
    ours.stream_key(cards[0].id)
    rotate(database, files)
    clock.now += LOOK_SECONDS
    ours.stream_key(cards[1].id)
    assert set(ours._branches._known["operational"]) == {2}


def test_a_key_destroyed_by_another_process_opens_no_longer_than_the_caches_bound(
    store: Store,
    owner: Owner,
    ours: Keyring,
    clock: Clock,
) -> None:
    card = store.begin()
    ours.stream_key(card.id)
    owner.execute(DESTROY, [card.id])
    clock.now += CACHE_SECONDS
    with pytest.raises(Erased):
        ours.stream_key(card.id)


def test_a_key_destroyed_while_it_is_being_rewrapped_stays_destroyed(
    store: Store, another_store: JoinStore, owner: Owner, database: Database, files: dict[str, Path]
) -> None:
    """The destruction holds the row until the rotation has met it, and commits then."""
    gone, kept = store.begin(), store.begin()
    met = Event()

    def progress(compartment: str, done: int, total: int) -> None:
        if (compartment, done, total) == ("operational", 0, 2):
            met.set()

    with ThreadPoolExecutor(1) as threads, psycopg.connect(database.owner_url) as destroying:
        destroying.execute(DESTROY, [gone.id])
        rotated = threads.submit(rotate, database, files, progress=progress)
        assert met.wait(PATIENCE_SECONDS)
        destroying.commit()
        rotated.result(PATIENCE_SECONDS)
    reader = another_store()
    assert reader.load(kept.id).id == kept.id
    with pytest.raises(Erased):
        reader.load(gone.id)
    state = "SELECT state, wrapped_key FROM keys.data_key WHERE owner = %s"
    assert owner.execute(state, [gone.id]).fetchall() == [("destroyed", None)]


def test_bytes_that_arrive_after_the_destruction_bring_nothing_back(
    store: Store, owner: Owner, database: Database, files: dict[str, Path]
) -> None:
    card = store.begin()
    key_id = store.keyring.stream_key(card.id).key_id
    late = key_id.bytes + bytes(93)
    with a_rotation(database, LocalKeyService(files)) as made:
        made._begin("operational", owner_now(owner))
        owner.execute(DESTROY, [card.id])
        rewrap = "SELECT keys.rewrap('operational', 1, 2, int8range(0, 9), %s)"
        assert made.connection.execute(rewrap, [late]).fetchall() == [(0,)]
    state = "SELECT state, epoch FROM keys.data_key WHERE owner = %s"
    assert owner.execute(state, [card.id]).fetchall() == [("destroyed", 1)]


def owner_now(owner: Owner) -> object:
    return owner.execute("SELECT clock_timestamp()").fetchall()[0][0]


def epoch_of_a_new_key(ours: Keyring) -> int:
    key_id = ours.field_key_or_new("personal", uuid4(), "take_part").key_id
    (made,) = ours.new_keys([key_id])
    return made.record.epoch
