"""Rule 5 as a property: whatever people do with sessions, granted = free + reserved + used, each session counted once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.commands import relationships, sessions
from domain.commands.sessions import Which
from domain.consent import ConsentLedger
from domain.errors import DomainError
from domain.mentoring import Order
from domain.notice import Words
from domain.place import Place
from domain.relationship import Relationship
from domain.relationship_events import Cadence, ClosingReason
from domain.session import CancellationReason, CorrectionReason, Outcome, Session
from domain.values import Act, Purpose
from tests.unit.domain.builders import COORDINATOR, MONDAY, Pair, act, plan
from tests.unit.domain.memory import mentoring_in_memory

PARTIES = st.sampled_from(["mentee", "mentor"])
DAYS_AHEAD = st.sampled_from([1, 2, 3, 7, 8, 14, 30, 31, 45])


class SessionsAndLedger(RuleBasedStateMachine):
    """A pair gives commands about sessions in any order, right or wrong, while time goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.mentoring = mentoring_in_memory()
        self.pair = Pair().active()
        self.now = MONDAY

    @initialize(granted=st.integers(1, 3), weekly=st.booleans())
    def begin(self, granted: int, *, weekly: bool) -> None:
        relationship, by = self.pair.relationship, act(COORDINATOR)
        self.id, self.place_id = relationship.id, relationship.place
        place = Place.grant(self.place_id, agreement=uuid4(), sessions=granted, act=by)
        place.take(self.id, by)
        self.mentoring.commit(Order(by, uuid4()), relationship, place, *self.consents())
        if weekly:
            self.give("mentee", relationships.change_cadence, **self.of_pair(Cadence.WEEKLY))

    def consents(self) -> list[ConsentLedger]:
        ledgers = []
        for person in (self.pair.mentee, self.pair.mentor):
            ledger = ConsentLedger.open_for(person, act(person))
            ledger.give(Words(Purpose.TAKE_PART, 1, "en", b"digest"), act(person))
            ledgers.append(ledger)
        return ledgers

    @rule(by=PARTIES, days=DAYS_AHEAD)
    def schedule(self, by: str, days: int) -> None:
        there = plan(self.morning() + timedelta(days=days))
        self.give(by, sessions.schedule_session, uuid4(), plan=there)

    @precondition(lambda self: self.waiting())
    @rule(by=PARTIES, days=DAYS_AHEAD, data=st.data())
    def move(self, by: str, days: int, data: st.DataObject) -> None:
        there = plan(self.morning() + timedelta(days=days))
        self.give(by, sessions.reschedule_session, self.some_session(data), plan=there)

    @precondition(lambda self: self.waiting())
    @rule(by=PARTIES, reason=st.sampled_from(CancellationReason), data=st.data())
    def cancel(self, by: str, reason: CancellationReason, data: st.DataObject) -> None:
        self.give(by, sessions.cancel_session, self.some_session(data), reason=reason)

    @precondition(lambda self: self.waiting())
    @rule(by=PARTIES, minutes=st.sampled_from([60, 45, 0]), data=st.data())
    def hold(self, by: str, minutes: int, data: st.DataObject) -> None:
        session, both = self.some_session(data), (self.pair.mentee, self.pair.mentor)
        self.give(by, sessions.hold_session, session, minutes=minutes, attended_by=both)

    @precondition(lambda self: self.waiting())
    @rule(by=PARTIES, who=PARTIES, data=st.data())
    def miss(self, by: str, who: str, data: st.DataObject) -> None:
        self.give(by, sessions.record_absence, self.some_session(data), who=self.person(who))

    @precondition(lambda self: self.settled())
    @rule(by=PARTIES, data=st.data())
    def confirm(self, by: str, data: st.DataObject) -> None:
        self.give(by, sessions.confirm_attendance, self.some_session(data))

    @precondition(lambda self: self.settled())
    @rule(by=PARTIES, data=st.data())
    def dispute(self, by: str, data: st.DataObject) -> None:
        self.give(by, sessions.dispute_attendance, self.some_session(data))

    @precondition(lambda self: self.settled())
    @rule(
        outcome=st.sampled_from(Outcome), reason=st.sampled_from(CorrectionReason), data=st.data()
    )
    def correct(self, outcome: Outcome, reason: CorrectionReason, data: st.DataObject) -> None:
        session = self.some_session(data)
        self.give("", sessions.correct_attendance, session, outcome=outcome, reason=reason)

    @rule(days=st.sampled_from([1, 5, 15]))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    @precondition(lambda self: self.waiting())
    @rule(hours=st.sampled_from([1, 1, 0, -1, -23, -25]))
    def come_to_the_next(self, hours: int) -> None:
        """Until the next session is over, has begun, or is so many hours away."""
        starts_at = min(each.span.starts_at for each in self.waiting())
        self.now = max(self.now, starts_at + timedelta(hours=hours))

    @precondition(lambda self: self.now > MONDAY + timedelta(days=90))
    @rule(reason=st.sampled_from(ClosingReason))
    def close(self, reason: ClosingReason) -> None:
        self.give("mentee", relationships.close_relationship, relationship=self.id, reason=reason)

    @invariant()
    def the_ledger_balances(self) -> None:
        if not hasattr(self, "id"):
            return
        place = self.mentoring.load(Place, self.place_id)
        known = self.known()
        assert place.granted == place.free + len(place.reserved) + len(place.used)
        assert place.free >= 0
        assert place.reserved == {each.id for each in known if each.outcome is None}
        assert place.used == {
            each.id for each in known if each.outcome and each.outcome.uses_the_place
        }

    def give(self, by: str, command: Callable[..., Any], *session: UUID, **what: Any) -> None:
        """Give one command; what is refused changes nothing."""
        if session:
            what["which"] = Which(self.id, *session)
        order = Order(Act(self.person(by), self.now), uuid4())
        before = self.mentoring.recorder.max_notification_id()
        try:
            command(self.mentoring, order, **what)
        except DomainError:
            assert self.mentoring.recorder.max_notification_id() == before

    def known(self) -> list[Session]:
        if not hasattr(self, "id"):
            return []
        return list(self.mentoring.load(Relationship, self.id).sessions.values())

    def person(self, part: str) -> UUID:
        return {"mentee": self.pair.mentee, "mentor": self.pair.mentor}.get(part, COORDINATOR)

    def of_pair(self, cadence: Cadence) -> dict[str, Any]:
        return {"relationship": self.id, "cadence": cadence}

    def waiting(self) -> list[Session]:
        return [each for each in self.known() if each.outcome is None]

    def settled(self) -> list[Session]:
        return [each for each in self.known() if each.outcome is not None]

    def morning(self) -> datetime:
        return self.now.replace(hour=10)

    def some_session(self, data: st.DataObject) -> UUID:
        return data.draw(st.sampled_from([each.id for each in self.known()]))


SessionsAndLedger.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
test_rule_5_the_place_ledger_always_balances = SessionsAndLedger.TestCase
