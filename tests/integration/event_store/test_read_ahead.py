"""Streams that were asked for together load, or are refused, exactly as each would by itself."""

from collections.abc import Callable, Sequence
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crypto.errors import Absent, Erased, SealedRecordError, StreamMoved, Tampered
from crypto.event_store.mapper import SealingMapper
from crypto.event_store.recorder import LogRecorder
from domain.mentoring import Mentoring, NotFound
from tests.event_store import CARD_EVENTS, Card, Store, order
from tests.integration.event_store.tampering import Tampering, attacks_on
from tests.integration.event_store.test_tampered_rows import histories, numbers, two_of

JoinStore = Callable[[], Store]


def seen(mentoring: Mentoring, stream: UUID) -> tuple[object, object]:
    """A stream as it loads, or why it does not."""
    try:
        card = mentoring.load(Card, stream)
    except (SealedRecordError, NotFound) as why:
        return type(why), str(why)
    return card.version, card.words


def one_by_one(mentoring: Mentoring, streams: Sequence[UUID]) -> list[tuple[object, object]]:
    return [seen(mentoring, each) for each in streams]


def together(mentoring: Mentoring, streams: Sequence[UUID]) -> list[tuple[object, object]]:
    return one_by_one(mentoring.ahead(streams), streams)


def just_begun(tampering: Tampering) -> Mentoring:
    """The application as of a process that has no key yet."""
    keyring = tampering.fresh_keyring()
    recorder = LogRecorder(tampering.store.recorder.datastore, keyring)
    return Mentoring(SealingMapper(keyring, CARD_EVENTS), recorder, recorder.ahead)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=25)
@given(history=histories, how=st.sampled_from(attacks_on("event")), at=numbers, to=numbers)
def test_what_was_tampered_with_is_refused_in_the_same_words_and_stops_no_other(
    tampering: Tampering, history: list[int], how: str, at: int, to: int
) -> None:
    streams = tampering.begin(history)
    knowing = tampering.store.mentoring
    rows = tampering.rows(streams)
    tampering.attack(how, **two_of(list(rows.values()), at, to))

    answers = one_by_one(knowing, streams)

    assert Tampered in {why for why, _ in answers}
    assert together(knowing, streams) == answers
    assert together(just_begun(tampering), streams) == answers


@pytest.mark.parametrize("how", [*attacks_on("key_"), "key_gone"])
def test_a_key_that_was_tampered_with_closes_its_stream_alone(
    tampering: Tampering, how: str
) -> None:
    first, other = tampering.begin([1, 1])
    tampering.attack(how, one=first, other=other, number=3)
    alone = one_by_one(just_begun(tampering), [first, other])

    assert together(just_begun(tampering), [first, other]) == alone
    assert alone[0][0] in {Absent, Erased, Tampered}
    assert alone[1][0] == 2


def test_a_stream_with_a_hole_is_refused_among_whole_ones(tampering: Tampering) -> None:
    holed, whole = tampering.begin([3, 3])
    tampering.attack("event_gone", one=holed, one_version=2)

    refused, fine = together(just_begun(tampering), [holed, whole])

    assert refused == (Tampered, f"event {holed} version 2")
    assert fine == seen(tampering.store.mentoring, whole)


def test_erased_absent_and_repeated_ones_are_told_apart(
    store: Store, another_store: JoinStore
) -> None:
    lives, erased, nothing = store.begin(n=1), store.begin(n=2), uuid4()
    ending = store.begin()
    ending.end_keys("operational", erased.id, "stream")
    store.commit(ending)
    streams = [lives.id, erased.id, nothing, lives.id]

    for mentoring in (store.mentoring, another_store().mentoring):
        answers = together(mentoring, streams)
        assert answers == one_by_one(mentoring, streams)
        assert answers[0] == answers[3] == (1, {"n": 1})
        assert [answers[1][0], answers[2][0]] == [Erased, NotFound]


def test_nothing_asked_for_is_nothing_read(store: Store) -> None:
    card = store.begin(n=1)
    there = store.mentoring.ahead([])
    assert there.load(Card, card.id).words == {"n": 1}


def test_many_and_the_last_of_many_cost_as_many_questions_as_one(
    store: Store, another_store: JoinStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    cards = [store.begin(n=number) for number in range(30)]
    fresh = another_store()
    asked: list[str] = []
    ask = LogRecorder._read
    monkeypatch.setattr(
        LogRecorder,
        "_read",
        lambda self, name, values: asked.append(name) or ask(self, name, values),
    )

    there = fresh.mentoring.ahead([each.id for each in cards], newest=[cards[0].id])

    assert [there.load(Card, each.id).words for each in cards] == [{"n": n} for n in range(30)]
    assert [
        each.originator_version for each in there.events.get(cards[0].id, desc=True, limit=1)
    ] == [1]
    assert asked == ["streams", "newest_of_streams"]


def test_what_was_read_ahead_and_has_moved_is_not_recorded_upon(store: Store) -> None:
    card = store.begin(n=1)
    there = store.mentoring.ahead([card.id])
    card.say({"n": 2})
    store.commit(card)

    stale = there.load(Card, card.id)
    stale.say({"n": 3})

    with pytest.raises(StreamMoved):
        there.commit(order(), stale)
    assert store.load(card.id).words == {"n": 2}
