"""An append is recorded once, fails for its own reason only, and never tells what the database said."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.persistence import StoredEvent
from psycopg import sql

from crypto.errors import (
    AlreadyRecorded,
    HeadMoved,
    RecorderUnavailable,
    RecordingError,
    RecordRefused,
    StreamMoved,
)
from crypto.event_store.recorder import LogRecorder, NotSealed, UnsafeOrder
from domain.mentoring import CommandRecord, Recorded
from tests.databases import Database
from tests.event_store import Card, Store, datastore, new_card, order

JoinStore = Callable[[], Store]
Outcome = TypeVar("Outcome")
Owner = psycopg.Connection[tuple[object, ...]]


def test_a_command_given_twice_is_recorded_once(store: Store) -> None:
    given, card = order(), new_card()
    first = store.mentoring.commit(given, card)
    with pytest.raises(AlreadyRecorded) as again:
        store.mentoring.commit(given, new_card())
    outcome = again.value
    assert (outcome.position, outcome.subject, outcome.version) == (first.position, card.id, 1)
    assert outcome.request_mac == b"mac"
    assert store.recorder.max_notification_id() == first.position


def test_the_outcome_of_a_command_can_be_asked_for(store: Store) -> None:
    given, card = order(), new_card()
    assert store.recorder.outcome(given.command_id) is None
    recorded = store.mentoring.commit(given, card)
    outcome = store.recorder.outcome(given.command_id)
    assert outcome is not None
    assert (outcome.position, outcome.subject) == (recorded.position, card.id)


def test_one_command_from_eight_threads_is_recorded_exactly_once(
    store: Store, another_store: JoinStore
) -> None:
    stores = [store, another_store()]
    for _ in range(10):
        outcomes = together(8, one_command(stores))
        recorded = [outcome for outcome in outcomes if isinstance(outcome, Recorded)]
        repeated = [outcome for outcome in outcomes if isinstance(outcome, AlreadyRecorded)]
        assert (len(recorded), len(repeated)) == (1, 7)
        assert {(x.position, x.subject) for x in repeated} == {
            (recorded[0].position, recorded[0].subject)
        }
    assert len(store.recorder.select_notifications(1, 100)) == 10


def one_command(stores: list[Store]) -> Callable[[int], object]:
    given = order()

    def commit(number: int) -> object:
        try:
            return stores[number % len(stores)].mentoring.commit(given, new_card())
        except AlreadyRecorded as outcome:
            return outcome

    return commit


def test_after_a_repeated_command_its_stream_goes_on(store: Store) -> None:
    given, card = order(), new_card()
    events = [store.mapper.to_stored_event(event) for event in card.pending_events]
    command = CommandRecord(given.command_id, b"mac", card.id, 1)
    store.recorder.insert_events(events, command=command)
    with pytest.raises(AlreadyRecorded):
        store.recorder.insert_events(events, command=command)
    again = store.load(card.id)
    again.say({"went": "on"})
    assert store.commit(again) == 2


def test_a_moved_stream_fails_its_own_command_only(store: Store) -> None:
    card = store.begin()
    contenders = [store.load(card.id) for _ in range(8)]
    for number, contender in enumerate(contenders):
        contender.say({"n": number})

    def commit(number: int) -> bool:
        store.begin()
        try:
            store.commit(contenders[number])
        except StreamMoved:
            return False
        return True

    outcomes = together(8, commit)
    assert sorted(outcomes) == [False] * 7 + [True]
    assert store.load(card.id).version == 2
    assert len(store.recorder.select_notifications(1, 100)) == 1 + 8 + 1


def test_the_events_of_one_command_stand_together_and_in_order(store: Store) -> None:
    cards = [new_card(), new_card()]
    for number in range(5):
        cards[number % 2].say({"n": number})
    last = store.commit(*cards)
    log = store.recorder.select_notifications(1, 100)
    assert [entry.id for entry in log] == list(range(last - 6, last + 1))
    assert [entry.originator_version for entry in log] == [1, 2, 3, 4, 1, 2, 3]


def test_a_command_that_fails_leaves_nothing(store: Store) -> None:
    moved, untouched = store.begin(), new_card()
    stale = store.load(moved.id)
    moved.say({})
    store.commit(moved)
    stale.say({})
    with pytest.raises(StreamMoved):
        store.commit(untouched, stale)
    assert store.recorder.select_events(untouched.id) == []


def test_what_was_read_must_not_have_moved(store: Store) -> None:
    person = store.begin()
    read = store.load(person.id)
    person.say({"consent": "withdrawn"})
    store.commit(person)
    match = new_card()
    with pytest.raises(HeadMoved):
        store.mentoring.commit(order(), match, read=[read])
    assert store.recorder.select_events(match.id) == []
    store.mentoring.commit(order(), new_card(), read=[store.load(person.id)])


def test_a_match_never_follows_the_withdrawal_that_it_did_not_see(
    store: Store, another_store: JoinStore
) -> None:
    stores = [store, another_store()]
    for number in range(200):
        person = store.begin()
        match = new_card()
        withdrawn, matched = together(2, race(stores, person, match, head_start=number % 8))
        assert isinstance(withdrawn, int)
        if matched is None:
            assert store.recorder.select_events(match.id) == []
        else:
            assert isinstance(matched, int)
            assert matched < withdrawn


def race(
    stores: list[Store], person: Card, match: Card, *, head_start: int
) -> Callable[[int], int | None]:
    """The withdrawal and the match, which has the longer way; the head start lets each win at times."""
    read = stores[1].load(person.id)
    person.say({"consent": "withdrawn"})

    def take_part(number: int) -> int | None:
        if number == 0:
            for _ in range(head_start):
                stores[0].load(person.id)
            return stores[0].commit(person)
        try:
            return stores[1].mentoring.commit(order(), match, read=[read]).position
        except HeadMoved:
            return None

    return take_part


def test_only_sealed_events_are_appended(store: Store) -> None:
    plain = StoredEvent(uuid4(), 1, "test.card_begun", b"{}")
    command = CommandRecord(uuid4(), b"", uuid4(), 1)
    for events in (
        [plain],
        [],
        [store.mapper.to_stored_event(new_card().pending_events[0]), plain],
    ):
        with pytest.raises(NotSealed):
            store.recorder.insert_events(events, command=command)
    assert store.recorder.max_notification_id() is None


def test_a_datastore_with_the_librarys_database_functions_is_refused(database: Database) -> None:
    unsafe = datastore(database.api_url, enable_db_functions=True)
    with pytest.raises(UnsafeOrder):
        LogRecorder(unsafe, None)


@pytest.mark.parametrize(
    ("setting", "value", "error"),
    [
        # It would not see what was committed before it got the lock.
        ("default_transaction_isolation", "repeatable read", RecordRefused),
        # As on a standby: another server, or a later moment, may record it.
        ("default_transaction_read_only", "on", RecorderUnavailable),
    ],
)
def test_an_append_in_the_wrong_kind_of_transaction_is_refused(
    another_store: Callable[[], Store],
    database: Database,
    setting: str,
    value: str,
    error: type[RecordingError],
) -> None:
    statement = sql.SQL("ALTER ROLE vouchsafe_api IN DATABASE {} SET {} = {}").format(
        sql.Identifier(database.name), sql.Identifier(setting), sql.Literal(value)
    )
    with psycopg.connect(database.superuser_url, autocommit=True) as superuser:
        superuser.execute(statement)
    # Opened only now: a pool that is already filling may still add lines from before.
    store = another_store()
    with pytest.raises(error):
        store.commit(new_card())
    assert store.recorder.max_notification_id() is None


def test_a_stream_is_read_between_versions_and_from_either_end(store: Store) -> None:
    card = store.begin()
    for number in range(4):
        card.say({"n": number})
    store.commit(card)
    read = store.recorder.select_events
    assert versions(read(card.id)) == [1, 2, 3, 4, 5]
    assert versions(read(card.id, gt=1, lte=4)) == [2, 3, 4]
    assert versions(read(card.id, desc=True, limit=2)) == [5, 4]
    assert versions(read(card.id, gt=2, limit=1)) == [3]


def test_the_log_is_read_from_a_position_by_topic_and_up_to_an_end(store: Store) -> None:
    card = store.begin()
    card.say({})
    card.say({})
    store.commit(card)
    read = store.recorder.select_notifications
    assert [entry.id for entry in read(None, 10)] == [1, 2, 3]
    assert [entry.id for entry in read(2, 10)] == [2, 3]
    assert [entry.id for entry in read(2, 10, inclusive_of_start=False)] == [3]
    assert [entry.id for entry in read(1, 10, stop=2)] == [1, 2]
    assert [entry.id for entry in read(1, 1)] == [1]
    assert [entry.id for entry in read(1, 10, topics=[Card.Said.TOPIC])] == [2, 3]


SENTINEL = "quixotic-halyard"


def test_nothing_that_the_database_says_travels_with_our_errors(store: Store, owner: Owner) -> None:
    """A constraint, a trigger and a type refuse the row; each error of the driver would quote it."""
    owner.execute(
        "ALTER TABLE record.event ADD CONSTRAINT short CHECK (length(topic) < 30) NOT VALID"
    )
    card = store.begin()
    sealed = store.mapper.to_stored_event(new_card(card.id).pending_events[0])
    too_long = {**vars(sealed), "originator_version": 2, "topic": SENTINEL + "x" * 30}
    wrong_type = {**vars(sealed), "originator_version": SENTINEL}
    twice = vars(sealed)
    for changed in (too_long, wrong_type, twice):
        with pytest.raises((RecordRefused, StreamMoved, RecorderUnavailable)) as refused:
            store.recorder.insert_events(
                [type(sealed)(**changed)], command=CommandRecord(uuid4(), b"", card.id, 2)
            )
        for error in chain(refused.value):
            assert not isinstance(error, psycopg.Error)
            assert SENTINEL not in f"{error!r} {error} {vars(error)}"
            assert str(card.id) not in f"{error!r} {error}"


def chain(error: BaseException) -> Iterator[BaseException]:
    """The error, what caused it and what it came up beside, all the way down."""
    yield error
    for behind in (error.__cause__, error.__context__):
        if behind is not None:
            yield from chain(behind)


def versions(events: Sequence[StoredEvent]) -> list[int]:
    return [event.originator_version for event in events]


def together(count: int, act: Callable[[int], Outcome]) -> list[Outcome]:
    """Do it in so many threads that start at the same moment."""
    barrier = Barrier(count)

    def wait_and_act(number: int) -> Outcome:
        barrier.wait(10)
        return act(number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(wait_and_act, range(count)))
