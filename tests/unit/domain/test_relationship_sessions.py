from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.aggregate import project
from domain.cadence import DayIsTaken
from domain.errors import InThePast
from domain.meeting import (
    NotOneHour,
    OutsideWorkingHours,
    Plan,
    TooFarAhead,
)
from domain.relationship import Relationship
from domain.relationship_state import NotActive, NotAnOutsider, NotAParticipant
from domain.sealed import SealedForAnother
from domain.session import (
    AlreadyDisputed,
    CancellationNotice,
    CancellationReason,
    CorrectionReason,
    NoSuchSession,
    NothingToCorrect,
    Outcome,
    SessionExists,
    SessionHasNotEnded,
    SessionHasStarted,
    SessionIsNotSettled,
    SessionIsOver,
    SessionIsSettled,
    TooLateToDispute,
    TooLateToReschedule,
    WrongMinutes,
)
from domain.values import Compartment, TimeSpan
from tests.unit.domain.builders import COORDINATOR, MONDAY, Pair, act, hour, plan, sealed_for

NEXT_MONDAY = MONDAY + timedelta(days=7)
AFTER = NEXT_MONDAY + timedelta(hours=1)
IN_TIME = NEXT_MONDAY - timedelta(hours=24)
LATE = IN_TIME + timedelta(seconds=1)
NO_REASON = CancellationReason.NO_REASON_GIVEN


@pytest.fixture
def active() -> Pair:
    return Pair().active()


@pytest.fixture
def session(active: Pair) -> UUID:
    return active.with_session(NEXT_MONDAY)


def outcome_of(active: Pair, session: UUID) -> Outcome | None:
    return active.relationship.session(session).outcome


def hold(active: Pair, session: UUID, by: UUID, at: datetime = AFTER) -> None:
    both = (active.mentee, active.mentor)
    active.relationship.hold_session(session, minutes=60, attended_by=both, act=act(by, at))


def test_sessions_are_planned_once_both_accepted_the_agreement(pair: Pair) -> None:
    pair.matched()
    pair.relationship.accept_agreement(1, act(pair.mentee))
    with pytest.raises(NotActive):
        pair.with_session(NEXT_MONDAY)


def test_sessions_wait_until_both_accepted_the_same_version(pair: Pair) -> None:
    pair.matched()
    pair.relationship.accept_agreement(1, act(pair.mentee))
    pair.relationship.accept_agreement(2, act(pair.mentor))
    with pytest.raises(NotActive):
        pair.with_session(NEXT_MONDAY)


def test_only_participants_plan_sessions(active: Pair) -> None:
    with pytest.raises(NotAParticipant):
        active.relationship.schedule_session(uuid4(), plan(NEXT_MONDAY), act(COORDINATOR))


def test_a_session_is_scheduled_once(active: Pair, session: UUID) -> None:
    another_day = plan(NEXT_MONDAY + timedelta(days=1))
    with pytest.raises(SessionExists):
        active.relationship.schedule_session(session, another_day, act(active.mentee))


@pytest.mark.parametrize("minutes", [59, 61, 120])
def test_rule_5_a_session_is_sixty_minutes(active: Pair, minutes: int) -> None:
    span = TimeSpan(NEXT_MONDAY, NEXT_MONDAY + timedelta(minutes=minutes), "Europe/London")
    with pytest.raises(NotOneHour):
        active.relationship.schedule_session(uuid4(), Plan(span), act(active.mentee))


@pytest.mark.parametrize(
    ("canceller", "at", "notice", "outcome"),
    [
        ("mentee", IN_TIME, CancellationNotice.IN_TIME, Outcome.CANCELLED),
        ("mentee", LATE, CancellationNotice.LATE, Outcome.CANCELLED_LATE_BY_MENTEE),
        ("mentor", IN_TIME, CancellationNotice.IN_TIME, Outcome.CANCELLED),
        ("mentor", LATE, CancellationNotice.LATE, Outcome.CANCELLED),
    ],
)
def test_rule_5_only_the_mentees_late_cancellation_uses_a_session(
    active: Pair,
    session: UUID,
    canceller: str,
    at: datetime,
    notice: CancellationNotice,
    outcome: Outcome,
) -> None:
    by = getattr(active, canceller)
    active.relationship.cancel_session(session, NO_REASON, act(by, at))
    fact = active.relationship.pending_events[-1]
    assert isinstance(fact, Relationship.SessionCancelled)
    assert (fact.by, fact.notice, fact.outcome) == (canceller, notice, outcome)
    assert outcome_of(active, session) is outcome


def test_rule_5_which_outcomes_use_the_place() -> None:
    used = {outcome for outcome in Outcome if outcome.uses_the_place}
    assert used == {Outcome.HELD, Outcome.MENTEE_ABSENT, Outcome.CANCELLED_LATE_BY_MENTEE}


def test_a_session_that_began_is_not_cancelled_any_more(active: Pair, session: UUID) -> None:
    with pytest.raises(SessionHasStarted):
        active.relationship.cancel_session(session, NO_REASON, act(active.mentee, NEXT_MONDAY))


def test_rule_5_a_late_cancellation_is_not_dodged_by_moving(active: Pair, session: UUID) -> None:
    later = plan(NEXT_MONDAY + timedelta(days=7))
    with pytest.raises(TooLateToReschedule):
        active.relationship.reschedule_session(session, later, act(active.mentee, LATE))
    active.relationship.reschedule_session(session, later, act(active.mentor, LATE))
    assert active.relationship.session(session).span == later.span


def test_each_move_raises_the_sequence(active: Pair, session: UUID) -> None:
    for days in (1, 2):
        later = plan(NEXT_MONDAY + timedelta(days=days))
        active.relationship.reschedule_session(session, later, act(active.mentee))
    assert active.relationship.session(session).sequence == 2


def test_either_party_confirms_a_held_session(active: Pair, session: UUID) -> None:
    hold(active, session, active.mentee)
    assert outcome_of(active, session) is Outcome.HELD


def test_a_session_is_not_held_before_its_end(active: Pair, session: UUID) -> None:
    with pytest.raises(SessionHasNotEnded):
        hold(active, session, active.mentor, AFTER - timedelta(seconds=1))


def test_a_session_is_settled_once(active: Pair, session: UUID) -> None:
    hold(active, session, active.mentee)
    with pytest.raises(SessionIsSettled):
        hold(active, session, active.mentor)


def test_a_session_needs_both_to_have_come(active: Pair, session: UUID) -> None:
    with pytest.raises(NotAParticipant):
        active.relationship.hold_session(
            session, minutes=60, attended_by=(active.mentor,), act=act(active.mentor, AFTER)
        )


@pytest.mark.parametrize("minutes", [0, -1, 121])
def test_a_held_session_lasted_a_believable_time(active: Pair, session: UUID, minutes: int) -> None:
    both = (active.mentee, active.mentor)
    with pytest.raises(WrongMinutes):
        active.relationship.hold_session(
            session, minutes=minutes, attended_by=both, act=act(active.mentor, AFTER)
        )


@pytest.mark.parametrize(
    ("absent", "outcome"),
    [("mentee", Outcome.MENTEE_ABSENT), ("mentor", Outcome.MENTOR_ABSENT)],
)
def test_rule_5_an_absence_says_whose_it_was(
    active: Pair, session: UUID, absent: str, outcome: Outcome
) -> None:
    who = getattr(active, absent)
    active.relationship.record_absence(session, who=who, act=act(active.mentor, AFTER))
    assert outcome_of(active, session) is outcome


def test_rule_5_attendance_can_be_disputed_for_fourteen_days(active: Pair, session: UUID) -> None:
    active.relationship.record_absence(session, who=active.mentee, act=act(active.mentor, AFTER))
    with pytest.raises(TooLateToDispute):
        active.relationship.dispute_attendance(
            session, words=None, act=act(active.mentee, AFTER + timedelta(days=14, seconds=1))
        )
    active.relationship.dispute_attendance(
        session,
        words=sealed_for(active.mentee),
        act=act(active.mentee, AFTER + timedelta(days=14)),
    )
    assert active.relationship.session(session).disputed


def test_rule_5_a_dispute_is_raised_once(active: Pair, session: UUID) -> None:
    hold(active, session, active.mentor)
    active.relationship.dispute_attendance(session, words=None, act=act(active.mentee, AFTER))
    with pytest.raises(AlreadyDisputed):
        active.relationship.dispute_attendance(session, words=None, act=act(active.mentor, AFTER))


def test_rule_5_nothing_is_disputed_before_it_was_recorded(active: Pair, session: UUID) -> None:
    with pytest.raises(SessionIsNotSettled):
        active.relationship.dispute_attendance(session, words=None, act=act(active.mentee))


def test_rule_5_a_coordinator_corrects_openly(active: Pair, session: UUID) -> None:
    active.relationship.record_absence(session, who=active.mentee, act=act(active.mentor, AFTER))
    active.relationship.dispute_attendance(session, words=None, act=act(active.mentee, AFTER))
    active.relationship.correct_attendance(
        session,
        outcome=Outcome.MENTOR_ABSENT,
        reason=CorrectionReason.DISPUTE_UPHELD,
        act=act(COORDINATOR, AFTER),
    )
    fact = active.relationship.pending_events[-1]
    assert isinstance(fact, Relationship.AttendanceCorrected)
    assert fact.actor == COORDINATOR
    assert outcome_of(active, session) is Outcome.MENTOR_ABSENT
    assert not active.relationship.session(session).disputed


def test_rule_5_nobody_corrects_their_own_attendance(active: Pair, session: UUID) -> None:
    hold(active, session, active.mentor)
    with pytest.raises(NotAnOutsider):
        active.relationship.correct_attendance(
            session,
            outcome=Outcome.MENTOR_ABSENT,
            reason=CorrectionReason.RECORDED_IN_ERROR,
            act=act(active.mentee, AFTER),
        )


@pytest.mark.parametrize(
    "outcome", [Outcome.HELD, Outcome.MENTEE_ABSENT, Outcome.MENTOR_ABSENT], ids=str
)
def test_rule_5_nobody_corrects_to_attendance_of_what_lies_ahead(
    active: Pair, session: UUID, outcome: Outcome
) -> None:
    by_mentor, reason = act(active.mentor), CancellationReason.CANNOT_ATTEND
    active.relationship.cancel_session(session, reason, by_mentor)
    with pytest.raises(SessionHasNotEnded):
        active.relationship.correct_attendance(
            session,
            outcome=outcome,
            reason=CorrectionReason.RECORDED_IN_ERROR,
            act=act(COORDINATOR),
        )


def test_rule_5_a_correction_changes_or_answers_something(active: Pair, session: UUID) -> None:
    hold(active, session, active.mentor)
    with pytest.raises(NothingToCorrect):
        active.relationship.correct_attendance(
            session,
            outcome=Outcome.HELD,
            reason=CorrectionReason.RECORDED_IN_ERROR,
            act=act(COORDINATOR, AFTER),
        )


@pytest.mark.parametrize(
    "starts_at",
    [
        pytest.param(datetime(2026, 3, 9, 7, tzinfo=UTC), id="before eight"),
        pytest.param(datetime(2026, 3, 9, 19, 30, tzinfo=UTC), id="past eight"),
        pytest.param(datetime(2026, 3, 7, 10, tzinfo=UTC), id="on a Saturday"),
        pytest.param(datetime(2026, 3, 30, 6, 30, tzinfo=UTC), id="before eight in summer time"),
    ],
)
def test_rule_6_sessions_lie_in_working_hours(active: Pair, starts_at: datetime) -> None:
    with pytest.raises(OutsideWorkingHours):
        active.with_session(starts_at)


def test_rule_6_the_clock_change_moves_working_hours_with_it(active: Pair) -> None:
    session = active.with_session(datetime(2026, 3, 30, 7, tzinfo=UTC))
    assert active.relationship.session(session).span.local_start.hour == 8


def test_rule_6_sessions_lie_ahead(active: Pair) -> None:
    with pytest.raises(InThePast):
        active.with_session(MONDAY)


def test_a_session_is_planned_at_most_a_year_ahead(active: Pair) -> None:
    for starts_at in (MONDAY + timedelta(days=371), datetime(9999, 12, 31, 22, tzinfo=UTC)):
        with pytest.raises(TooFarAhead):
            active.with_session(starts_at)


def test_rule_6_a_pair_meets_once_a_day(active: Pair, session: UUID) -> None:
    with pytest.raises(DayIsTaken):
        active.with_session(NEXT_MONDAY + timedelta(hours=3))
    active.relationship.cancel_session(session, NO_REASON, act(active.mentee))
    active.with_session(NEXT_MONDAY + timedelta(hours=3))


def test_rule_6_a_session_may_move_within_its_own_day(active: Pair, session: UUID) -> None:
    later = plan(NEXT_MONDAY + timedelta(hours=3))
    active.relationship.reschedule_session(session, later, act(active.mentee))
    assert active.relationship.session(session).span == later.span


def test_a_video_link_is_sealed_for_a_participant(active: Pair) -> None:
    stray = Plan(hour(NEXT_MONDAY), sealed_for(uuid4(), Compartment.CONTACT))
    with pytest.raises(SealedForAnother):
        active.relationship.schedule_session(uuid4(), stray, act(active.mentor))


def test_an_unknown_session_is_said_to_be_unknown(active: Pair) -> None:
    with pytest.raises(NoSuchSession):
        active.relationship.cancel_session(uuid4(), NO_REASON, act(active.mentee))


def test_a_replay_of_the_events_of_sessions_equals_the_relationship(
    active: Pair, session: UUID
) -> None:
    hold(active, session, active.mentor)
    active.relationship.dispute_attendance(session, words=None, act=act(active.mentee, AFTER))
    events = active.relationship.collect_events()
    assert project(None, events) == active.relationship


def test_a_session_is_joined_while_it_lies_ahead_or_is_on(active: Pair, session: UUID) -> None:
    active.relationship.require_joinable(session, AFTER - timedelta(seconds=1))
    with pytest.raises(SessionIsOver):
        active.relationship.require_joinable(session, AFTER)


def test_a_cancelled_session_is_not_joined(active: Pair, session: UUID) -> None:
    active.relationship.cancel_session(session, NO_REASON, act(active.mentee))
    with pytest.raises(SessionIsSettled):
        active.relationship.require_joinable(session, MONDAY)
