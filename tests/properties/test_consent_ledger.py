"""Random histories of one ledger against a model of it: states, both clocks, keys, and what can rest on what."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from domain.aggregate import project
from domain.consent import ConsentLedger
from domain.consent_keys import keys_ended_by
from domain.consent_receipt import receipts_of
from domain.consent_terms import (
    VALID,
    ConsentHasNotExpired,
    ConsentIsLive,
    ConsentIsNotLive,
    ConsentState,
    ConsentWouldRewriteThePast,
    ExpiresTooEarly,
    InvalidationReason,
    LedgerIsClosed,
    NothingIsAsked,
    RevocationReason,
    WordsAreCurrent,
)
from domain.consent_transitions import TRANSITIONS
from domain.notice import Words
from domain.values import Act, Purpose

BEGINNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
PERSON, LEAD = UUID(int=1), UUID(int=2)
PURPOSES = (Purpose.TAKE_PART, Purpose.RESEARCH)
purposes = st.sampled_from(PURPOSES)
hours = st.integers(min_value=1, max_value=80)
REFUSALS = (ConsentIsLive, ConsentIsNotLive, NothingIsAsked, ConsentHasNotExpired, LedgerIsClosed)
State = ConsentState


class Ledger(RuleBasedStateMachine):
    """The model knows of each purpose its state, its end and the version of its words."""

    def __init__(self) -> None:
        super().__init__()
        self.at = BEGINNING
        self.ledger = ConsentLedger.open_for(PERSON, Act(PERSON, self.at))
        self.facts = self.ledger.collect_events()
        self.state = dict.fromkeys(PURPOSES, State.UNKNOWN)
        self.end: dict[Purpose, datetime | None] = dict.fromkeys(PURPOSES)
        self.newest = dict.fromkeys(PURPOSES, 1)
        self.is_closed = False
        self.ended_keys = 0

    def now(self, purpose: Purpose) -> ConsentState:
        """Where the model has a purpose at this moment."""
        end = self.end[purpose]
        is_over = self.state[purpose] in VALID and end is not None and self.at >= end
        return State.EXPIRED if is_over else self.state[purpose]

    def words(self, purpose: Purpose) -> Words:
        return Words(purpose, self.newest[purpose], "en", b"d" * 32)

    def does(self, purpose: Purpose, to: ConsentState, say: object, end: object = None) -> None:
        """Say it; it is done exactly where the table has it, and leaves the purpose where it says."""
        before, version = self.now(purpose), self.ledger.version
        if to is State.EXPIRED:
            # Time has done it already; it is recorded once.
            allowed = before is State.EXPIRED and self.state[purpose] in VALID
        else:
            allowed = to in TRANSITIONS[before]
        try:
            say()  # type: ignore[operator]  # a call without arguments
        except REFUSALS:
            assert not allowed or self.is_closed
            assert self.ledger.version == version
            return
        assert allowed
        assert not self.is_closed
        self.state[purpose] = to
        self.end[purpose] = end  # type: ignore[assignment]  # a moment or none
        self._collect()

    def _collect(self) -> None:
        facts = self.ledger.collect_events()
        self.facts += facts
        self.ended_keys += sum(bool(keys_ended_by(fact)) for fact in facts)

    def by(self, who: UUID = PERSON) -> Act:
        return Act(who, self.at)

    @rule(hours=hours)
    def time_passes(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @rule(purpose=purposes)
    def words_are_replaced(self, purpose: Purpose) -> None:
        self.newest[purpose] += 1

    @rule(purpose=purposes)
    def the_lead_asks(self, purpose: Purpose) -> None:
        words = self.words(purpose)
        self.does(purpose, State.REQUESTED, lambda: self.ledger.request(words, self.by(LEAD)))

    @rule(purpose=purposes)
    def not_now(self, purpose: Purpose) -> None:
        words = self.words(purpose)
        self.does(purpose, State.REQUEST_DEFERRED, lambda: self.ledger.defer(words, self.by()))

    @rule(purpose=purposes)
    def no(self, purpose: Purpose) -> None:
        words = self.words(purpose)
        self.does(purpose, State.REFUSED, lambda: self.ledger.refuse(words, self.by()))

    @rule(purpose=purposes, hours=st.none() | hours)
    def yes(self, purpose: Purpose, hours: int | None) -> None:
        words, end = self.words(purpose), hours and self.at + timedelta(hours=hours)
        again = self.ledger.stands(purpose)
        say = self.ledger.renew if again else self.ledger.give
        to = State.RENEWED if again else State.GIVEN
        self.does(purpose, to, lambda: say(words, self.by(), expires_at=end), end)

    @rule(purpose=purposes)
    def withdraws(self, purpose: Purpose) -> None:
        self.does(purpose, State.WITHDRAWN, lambda: self.ledger.withdraw(purpose, self.by()))

    @rule(purpose=purposes)
    def revoked(self, purpose: Purpose) -> None:
        reason = RevocationReason.PURPOSE_ENDED
        say = lambda: self.ledger.revoke(purpose, reason, self.by(LEAD))  # noqa: E731 - said later
        self.does(purpose, State.REVOKED, say)

    @rule(purpose=purposes)
    def invalidated(self, purpose: Purpose) -> None:
        reason = InvalidationReason.COURT
        say = lambda: self.ledger.invalidate(purpose, reason, self.by(LEAD))  # noqa: E731 - said later
        self.does(purpose, State.INVALIDATED, say)

    @rule(purpose=purposes)
    def its_day_is_recorded(self, purpose: Purpose) -> None:
        end = self.end[purpose]
        say = lambda: self.ledger.expire(purpose, self.by(LEAD))  # noqa: E731 - said later
        self.does(purpose, State.EXPIRED, say, end)

    @rule(purpose=purposes, hours=hours)
    def renewal_is_asked_for(self, purpose: Purpose, hours: int) -> None:
        renew_by = self.at + timedelta(hours=hours)
        try:
            self.ledger.ask_for_renewal(self.words(purpose), renew_by, self.by(LEAD))
        except (ConsentIsNotLive, WordsAreCurrent, LedgerIsClosed):
            return
        assert self.state[purpose] in VALID
        ends = [renew_by, *filter(None, [self.end[purpose]])]
        self.end[purpose] = min(ends)
        self._collect()

    @rule(purpose=purposes, hours=hours)
    def nobody_says_yes_in_the_past(self, purpose: Purpose, hours: int) -> None:
        """Whatever was said last stays the last word."""
        before = BEGINNING - timedelta(hours=hours)
        act, version = Act(PERSON, self.at, before), self.ledger.version
        if not self.ledger.changes.get(purpose):
            return
        try:
            self.ledger.give(self.words(purpose), act)
        except (*REFUSALS, ConsentWouldRewriteThePast, ExpiresTooEarly):
            assert self.ledger.version == version
            return
        raise AssertionError(purpose)

    @precondition(lambda self: not self.is_closed)
    @rule(sure=st.integers(min_value=0, max_value=9))
    def erased(self, sure: int) -> None:
        if sure:
            return
        for purpose in PURPOSES:
            if self.ledger.stands(purpose):
                self.state[purpose] = State.REVOKED
        self.ledger.close(self.by(LEAD))
        self.is_closed = True
        self._collect()

    @invariant()
    def it_stands_where_the_model_has_it(self) -> None:
        for purpose in PURPOSES:
            state = self.now(purpose)
            assert self.ledger.state(purpose, self.at) is state
            assert self.ledger.is_live(purpose, self.at) == (state in VALID)

    @invariant()
    def the_events_tell_the_same_ledger_and_the_same_receipts(self) -> None:
        assert project(None, self.facts) == self.ledger
        first, again = list(receipts_of(self.facts)), list(receipts_of(self.facts))
        assert first == again
        assert len({each.id for each in first}) == len(first)
        assert all(each.effective_at <= each.recorded_at for each in first)

    @invariant()
    def keys_end_with_every_no_and_every_end_and_with_nothing_else(self) -> None:
        ends = (State.REFUSED, State.WITHDRAWN, State.REVOKED, State.INVALIDATED)
        told = [each for each in receipts_of(self.facts) if each.change in {e.value for e in ends}]
        assert self.ended_keys == len(told)


TestLedger = Ledger.TestCase
TestLedger.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
