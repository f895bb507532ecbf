"""The ten states of a consent, and every pair of them: what is in the table happens, the rest is refused."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest

from domain.aggregate import project
from domain.consent import ConsentLedger
from domain.consent_keys import keys_ended_by
from domain.consent_terms import (
    VALID,
    ConsentHasNotExpired,
    ConsentIsLive,
    ConsentIsNotLive,
    ConsentState,
    InvalidationReason,
    NothingIsAsked,
    RevocationReason,
    WordsAreCurrent,
)
from domain.consent_transitions import TRANSITIONS
from domain.notice import Words
from domain.values import Act, Purpose

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
PERSON, OTHER = uuid4(), uuid4()
PURPOSE = Purpose.TAKE_PART
WORDS = Words(PURPOSE, 1, "en", b"d" * 32)
NEWER = Words(PURPOSE, 2, "en", b"e" * 32)
State = ConsentState
LATE = NOON + 2 * DAY
"""When what is said for a day only is over."""


def by(actor: UUID, at: datetime = NOON) -> Act:
    return Act(actor, at)


def opened() -> ConsentLedger:
    return ConsentLedger.open_for(PERSON, by(PERSON))


def given(expires_at: datetime | None = None) -> ConsentLedger:
    ledger = opened()
    ledger.give(WORDS, by(PERSON), expires_at=expires_at)
    return ledger


def expire(ledger: ConsentLedger) -> None:
    ledger.expire(PURPOSE, by(OTHER, LATE))


MAKE: dict[ConsentState, Callable[[ConsentLedger], None]] = {
    State.REQUESTED: lambda ledger: ledger.request(WORDS, by(OTHER, LATE)),
    State.REQUEST_DEFERRED: lambda ledger: ledger.defer(WORDS, by(PERSON, LATE)),
    State.GIVEN: lambda ledger: ledger.give(WORDS, by(PERSON, LATE)),
    State.RENEWED: lambda ledger: ledger.renew(NEWER, by(PERSON, LATE)),
    State.REFUSED: lambda ledger: ledger.refuse(WORDS, by(PERSON, LATE)),
    State.WITHDRAWN: lambda ledger: ledger.withdraw(PURPOSE, by(PERSON, LATE)),
    State.REVOKED: lambda ledger: ledger.revoke(
        PURPOSE, RevocationReason.PURPOSE_ENDED, by(OTHER, LATE)
    ),
    State.INVALIDATED: lambda ledger: ledger.invalidate(
        PURPOSE, InvalidationReason.COURT, by(OTHER, LATE)
    ),
    State.EXPIRED: expire,
}
"""How each state is come to; unknown is where everybody begins and nobody comes back to."""

BEFORE_A_YES = {State.UNKNOWN, State.REQUESTED, State.REQUEST_DEFERRED, State.REFUSED}


def ledger_in(state: ConsentState, *, until: datetime | None = None) -> ConsentLedger:
    """A ledger that stands in a state and had nothing else to do with it."""
    if state is State.GIVEN or state in BEFORE_A_YES:
        ledger = opened() if state in BEFORE_A_YES else given(until)
    else:
        ledger = given(LATE if state is State.EXPIRED else None)
    if state is State.RENEWED:
        ledger.renew(NEWER, by(PERSON), expires_at=until)
    elif state in MAKE and state is not State.GIVEN:
        MAKE[state](ledger)
    return ledger


def test_there_are_the_ten_states_and_two_of_them_are_valid() -> None:
    assert len(State) == 10
    assert set(TRANSITIONS) == set(State)
    assert {State.GIVEN, State.RENEWED} == VALID


@pytest.mark.parametrize("state", State)
def test_only_given_and_renewed_let_anything_rest_on_them(state: ConsentState) -> None:
    ledger = ledger_in(state)
    assert ledger.state(PURPOSE, LATE) is state
    assert ledger.is_live(PURPOSE, LATE) == (state in VALID)


@pytest.mark.parametrize(("before", "after"), list(product(State, MAKE)))
def test_a_state_follows_another_where_the_table_says_so_and_nowhere_else(
    before: ConsentState, after: ConsentState
) -> None:
    ledger = ledger_in(before, until=LATE if after is State.EXPIRED else None)
    version = ledger.version
    if after in TRANSITIONS[before]:
        MAKE[after](ledger)
        assert ledger.changes[PURPOSE][-1].state is after
    else:
        with pytest.raises((ConsentIsLive, ConsentIsNotLive, NothingIsAsked)):
            MAKE[after](ledger)
        assert ledger.version == version


def test_nothing_leads_back_to_unknown() -> None:
    assert not any(State.UNKNOWN in following for following in TRANSITIONS.values())


def test_a_given_consent_expires_at_its_end_and_no_earlier() -> None:
    ledger = given(LATE)
    with pytest.raises(ConsentHasNotExpired):
        ledger.expire(PURPOSE, by(OTHER, LATE - timedelta(microseconds=1)))
    expire(ledger)
    assert ledger.state(PURPOSE, LATE) is State.EXPIRED


def test_what_is_over_is_expired_before_anybody_records_that() -> None:
    ledger = given(LATE)
    assert ledger.state(PURPOSE, LATE - DAY) is State.GIVEN
    assert ledger.state(PURPOSE, LATE) is State.EXPIRED
    ledger.defer(NEWER, by(PERSON, LATE))
    assert ledger.state(PURPOSE, LATE) is State.REQUEST_DEFERRED


def test_not_now_is_never_a_no() -> None:
    ledger = ledger_in(State.REQUEST_DEFERRED)
    assert not any(keys_ended_by(fact) for fact in ledger.pending_events)
    ledger.request(WORDS, by(OTHER, LATE))
    ledger.give(WORDS, by(PERSON, LATE))
    assert ledger.is_live(PURPOSE, LATE)


def test_who_refused_or_withdrew_can_say_yes_unasked_and_no_only_when_asked() -> None:
    for state in (State.REFUSED, State.WITHDRAWN, State.REVOKED, State.INVALIDATED):
        with pytest.raises(NothingIsAsked):
            ledger_in(state).refuse(WORDS, by(PERSON, LATE))
        ledger = ledger_in(state)
        ledger.give(WORDS, by(PERSON, LATE))
        assert ledger.is_live(PURPOSE, LATE)


def test_a_yes_under_replaced_words_stands_until_a_day_and_then_is_over_by_itself() -> None:
    ledger = given()
    ledger.ask_for_renewal(NEWER, LATE, by(OTHER))
    assert ledger.state(PURPOSE, LATE - DAY) is State.GIVEN
    assert ledger.is_live(PURPOSE, LATE - timedelta(microseconds=1))
    assert not ledger.is_live(PURPOSE, LATE)
    expire(ledger)
    assert ledger.state(PURPOSE, LATE) is State.EXPIRED


def test_who_renews_under_the_new_words_has_no_end_any_more() -> None:
    ledger = given()
    ledger.ask_for_renewal(NEWER, LATE, by(OTHER))
    ledger.renew(NEWER, by(PERSON))
    assert ledger.is_live(PURPOSE, LATE + 1000 * DAY)


@pytest.mark.parametrize("own_end", [NOON + DAY, LATE + DAY])
def test_the_nearer_end_counts(own_end: datetime) -> None:
    ledger = given(own_end)
    ledger.ask_for_renewal(NEWER, LATE, by(OTHER))
    end = min(own_end, LATE)
    assert ledger.is_live(PURPOSE, end - timedelta(microseconds=1))
    assert not ledger.is_live(PURPOSE, end)


def test_who_is_asked_too_late_does_not_lose_what_rested_on_their_yes() -> None:
    ledger = given()
    ledger.ask_for_renewal(NEWER, NOON + DAY, by(OTHER, LATE))
    assert ledger.was_live(PURPOSE, LATE - timedelta(microseconds=1))
    assert not ledger.is_live(PURPOSE, LATE)


@pytest.mark.parametrize("words", [WORDS, NEWER, Words(PURPOSE, 3, "cy", b"f" * 32)])
def test_nobody_is_asked_twice_nor_for_words_they_have_nor_in_another_language(
    words: Words,
) -> None:
    ledger = given()
    ledger.ask_for_renewal(NEWER, LATE, by(OTHER))
    with pytest.raises(WordsAreCurrent):
        ledger.ask_for_renewal(words, LATE, by(OTHER))


@pytest.mark.parametrize("state", sorted(set(State) - VALID))
def test_only_a_yes_is_asked_to_be_renewed(state: ConsentState) -> None:
    with pytest.raises(ConsentIsNotLive):
        ledger_in(state).ask_for_renewal(NEWER, LATE + DAY, by(OTHER, LATE))


def test_being_asked_for_renewal_ends_no_keys_and_replays() -> None:
    ledger = given()
    ledger.ask_for_renewal(NEWER, LATE, by(OTHER))
    facts = ledger.collect_events()
    assert not any(keys_ended_by(fact) for fact in facts)
    assert project(None, facts) == ledger
