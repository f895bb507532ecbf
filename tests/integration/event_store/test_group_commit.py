"""Commands that arrive together are committed together, and fail alone."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

from crypto.errors import AlreadyRecorded, EventTooLarge, HeadMoved, RecordingError, StreamMoved
from crypto.event_store.append import Append
from crypto.event_store.mapper import MOST_STATE_BYTES
from domain.mentoring import CommandRecord
from tests.event_store import Card, Store, new_card


def test_a_group_is_one_transaction_and_answers_each_its_own_position(store: Store) -> None:
    group = [append_of(store, new_card()) for _ in range(20)]

    rows = store.recorder._append(group)

    assert not isinstance(rows, RecordingError)
    assert [row["outcome_subject"] for row in rows] == [each.command.subject for each in group]
    log = store.recorder.select_notifications(1, 100)
    last_of = {entry.originator_id: entry.id for entry in log}
    assert [row["last_position"] for row in rows] == [
        last_of[each.command.subject] for each in group
    ]
    assert len({transaction_of(store, entry.id) for entry in log}) == 1


def test_a_refused_command_fails_no_other_of_its_group(store: Store) -> None:
    moved = store.begin()
    stale = store.load(moved.id)
    moved.say({"first": "in"})
    store.commit(moved)
    stale.say({"too": "late"})
    appends = [*(append_of(store, new_card()) for _ in range(10)), append_of(store, stale)]

    outcomes = together(store, appends)

    assert [type(each) for each in outcomes[10:]] == [StreamMoved]
    assert not any(isinstance(each, Exception) for each in outcomes[:10])


def test_a_command_that_read_what_another_of_its_group_writes_comes_by_itself(
    store: Store,
) -> None:
    """Whichever is first, the reader must not be recorded on a head that the writer moved."""
    for _ in range(20):
        read = store.begin()
        writer = store.load(read.id)
        writer.say({"moved": "on"})
        reader = append_of(store, new_card(), heads={read.id: read.version})

        outcomes = together(store, [append_of(store, writer), reader])

        assert not isinstance(outcomes[0], Exception)
        positions = positions_of(store, [read.id, reader.command.subject])
        if isinstance(outcomes[1], Exception):
            assert isinstance(outcomes[1], HeadMoved)
        else:
            assert positions[reader.command.subject] < positions[read.id]


def test_a_repeated_command_in_a_group_finds_its_outcome_and_delays_no_other(
    store: Store,
) -> None:
    first = append_of(store, new_card())
    store.recorder._commit.submit(first)
    others = [append_of(store, new_card()) for _ in range(5)]

    rows = store.recorder._append([first, *others])
    outcomes = together(store, [first, *others])

    assert isinstance(rows, RecordingError)
    assert not any(isinstance(each, Exception) for each in outcomes)
    assert outcomes[0]["replayed"]
    assert not any(row["replayed"] for row in outcomes[1:])


def test_an_event_that_is_too_large_fails_alone(store: Store) -> None:
    large = new_card(words="w" * 2 * MOST_STATE_BYTES)
    cards = [*(new_card() for _ in range(6)), large]

    def commit(card: Card) -> object:
        try:
            return store.commit(card)
        except RecordingError as refusal:
            return type(refusal)

    with ThreadPoolExecutor(len(cards)) as threads:
        outcomes = list(threads.map(commit, cards))

    assert outcomes[-1] is EventTooLarge
    assert set(outcomes[:-1]) == {1, 2, 3, 4, 5, 6}
    assert store.recorder.select_events(large.id) == []


def append_of(store: Store, card: Card, *, heads: dict[UUID, int] | None = None) -> Append:
    events = [store.mapper.to_stored_event(event) for event in card.pending_events]
    keys = store.keyring.new_keys(key_id for event in events for _, key_id in event.uses)
    command = CommandRecord(uuid4(), b"", card.id, card.version, heads or {})
    return Append(command, events, keys)


def together(store: Store, appends: list[Append]) -> list[Any]:
    """Submit all at once from threads of their own; answers each outcome or its refusal."""
    barrier = Barrier(len(appends))

    def submit(append: Append) -> object:
        barrier.wait()
        try:
            return store.recorder._commit.submit(append)
        except (RecordingError, AlreadyRecorded) as refusal:
            return refusal

    with ThreadPoolExecutor(len(appends)) as threads:
        return list(threads.map(submit, appends))


def positions_of(store: Store, streams: list[UUID]) -> dict[UUID, int]:
    log = store.recorder.select_notifications(1, 10_000)
    return {entry.originator_id: entry.id for entry in log if entry.originator_id in streams}


def transaction_of(store: Store, position: int) -> object:
    with store.recorder.datastore.pool.connection() as connection:
        query = "SELECT xmin::text AS id FROM record.event WHERE position = %s"
        row = connection.execute(query, [position]).fetchone()
        assert row is not None
        return row["id"]
