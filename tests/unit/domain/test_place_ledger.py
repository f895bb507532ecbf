"""Rule 5 as a property: whatever people do, granted = free + reserved + used."""

from datetime import timedelta
from uuid import UUID, uuid4

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.aggregate import project
from domain.commands.sessions import recount, settle
from domain.place import NoSessionsLeft, Place
from domain.session import CancellationReason, CorrectionReason, Outcome
from domain.values import Act
from tests.unit.domain.builders import COORDINATOR, MONDAY, Pair, act, plan

CANCELLED = CancellationReason.NO_REASON_GIVEN
CORRECTED = CorrectionReason.RECORDED_IN_ERROR


class PlaceLedger(RuleBasedStateMachine):
    """A pair schedules, cancels, meets, misses and disputes in any order, a day at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.pair = Pair().active()
        self.relationship = self.pair.relationship
        self.now = MONDAY
        self.planned: UUID | None = None
        self.settled: list[UUID] = []

    @initialize(sessions=st.integers(1, 3))
    def grant(self, sessions: int) -> None:
        self.place = Place.grant(
            uuid4(), agreement=uuid4(), sessions=sessions, act=act(COORDINATOR)
        )
        self.place.take(self.relationship.id, act(COORDINATOR))

    @precondition(lambda self: self.planned is None)
    @rule()
    def schedule_next_week(self) -> None:
        self.now += timedelta(days=7)
        session, by = uuid4(), act(self.pair.mentor, self.now)
        try:
            self.place.reserve(session, by)
        except NoSessionsLeft:
            assert self.place.free == 0
            return
        self.relationship.schedule_session(session, plan(self.now + timedelta(days=4)), by)
        self.planned = session

    @precondition(lambda self: self.planned is not None)
    @rule(by_mentee=st.booleans(), hours_before=st.integers(1, 48))
    def cancel(self, *, by_mentee: bool, hours_before: int) -> None:
        session = self.require_planned()
        who = self.pair.mentee if by_mentee else self.pair.mentor
        starts_at = self.relationship.session(session).span.starts_at
        by = act(who, starts_at - timedelta(hours=hours_before))
        self.relationship.cancel_session(session, CANCELLED, by)
        self.settle(session, by)

    @precondition(lambda self: self.planned is not None)
    @rule()
    def hold(self) -> None:
        session = self.require_planned()
        by = self.after(session)
        both = (self.pair.mentee, self.pair.mentor)
        self.relationship.hold_session(session, minutes=60, attended_by=both, act=by)
        self.settle(session, by)

    @precondition(lambda self: self.planned is not None)
    @rule(mentee_absent=st.booleans())
    def miss(self, *, mentee_absent: bool) -> None:
        session = self.require_planned()
        by = self.after(session)
        who = self.pair.mentee if mentee_absent else self.pair.mentor
        self.relationship.record_absence(session, who=who, act=by)
        self.settle(session, by)

    @precondition(lambda self: self.settled)
    @rule(outcome=st.sampled_from(Outcome), data=st.data())
    def correct(self, outcome: Outcome, data: st.DataObject) -> None:
        session = data.draw(st.sampled_from(self.settled))
        before = self.relationship.session(session).outcome
        assert before is not None
        if before is outcome:
            return
        by = act(COORDINATOR, self.now)
        if before.uses_the_place != outcome.uses_the_place:
            try:
                recount(self.place, session, outcome, by)
            except NoSessionsLeft:
                assert self.place.free == 0
                return
        self.relationship.correct_attendance(session, outcome=outcome, reason=CORRECTED, act=by)

    @invariant()
    def the_ledger_balances(self) -> None:
        place = getattr(self, "place", None)
        if place is not None:
            assert place.free >= 0
            assert place.granted == place.free + len(place.reserved) + len(place.used)
            assert not place.reserved & place.used

    @invariant()
    def the_place_agrees_with_the_relationship(self) -> None:
        place = getattr(self, "place", None)
        if place is not None:
            sessions = self.relationship.sessions.values()
            assert place.reserved == {each.id for each in sessions if each.outcome is None}
            assert place.used == {
                each.id for each in sessions if each.outcome and each.outcome.uses_the_place
            }

    def teardown(self) -> None:
        for aggregate in (self.relationship, getattr(self, "place", None)):
            if aggregate is not None:
                assert project(None, aggregate.collect_events()) == aggregate

    def require_planned(self) -> UUID:
        assert self.planned is not None
        return self.planned

    def after(self, session: UUID) -> Act:
        return act(self.pair.mentor, self.relationship.session(session).span.ends_at)

    def settle(self, session: UUID, by: Act) -> None:
        outcome = self.relationship.session(session).outcome
        assert outcome is not None
        settle(self.place, session, outcome, by)
        self.settled.append(session)
        self.planned = None


PlaceLedger.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
test_rule_5_the_place_ledger_always_balances = PlaceLedger.TestCase
