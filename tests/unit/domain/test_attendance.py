"""Rule 5: one records, the other confirms or disputes within 14 days, and after that the record stands."""

from datetime import timedelta
from uuid import UUID

import pytest

from domain.aggregate import project
from domain.relationship import Relationship
from domain.relationship_state import NotAParticipant
from domain.session import (
    AlreadyConfirmed,
    AlreadyDisputed,
    CancellationReason,
    CorrectionReason,
    NothingToConfirm,
    Outcome,
    OwnRecord,
    RecordStands,
    Session,
    SessionIsNotSettled,
)
from tests.unit.domain.builders import COORDINATOR, MONDAY, Pair, act

NEXT_MONDAY = MONDAY + timedelta(days=7)
AFTER = NEXT_MONDAY + timedelta(hours=1)
FOURTEEN_DAYS = timedelta(days=14)


@pytest.fixture
def active() -> Pair:
    return Pair().active()


@pytest.fixture
def session(active: Pair) -> UUID:
    return active.with_session(NEXT_MONDAY)


@pytest.fixture
def held(active: Pair, session: UUID) -> UUID:
    """Given: the mentor recorded that they met."""
    both = (active.mentee, active.mentor)
    by = act(active.mentor, AFTER)
    active.relationship.hold_session(session, minutes=60, attended_by=both, act=by)
    return session


def known(active: Pair, session: UUID) -> Session:
    return active.relationship.session(session)


def dispute(active: Pair, session: UUID, by: UUID) -> None:
    active.relationship.dispute_attendance(session, words=None, act=act(by, AFTER))


def test_rule_5_the_other_confirms_what_one_recorded(active: Pair, held: UUID) -> None:
    active.relationship.confirm_attendance(held, act(active.mentee, AFTER))

    fact = active.relationship.pending_events[-1]
    assert isinstance(fact, Relationship.AttendanceConfirmed)
    assert (fact.session, fact.by) == (held, active.mentee)
    assert known(active, held).is_confirmed
    assert known(active, held).outcome is Outcome.HELD


def test_rule_5_nobody_confirms_their_own_record(active: Pair, held: UUID) -> None:
    with pytest.raises(OwnRecord):
        active.relationship.confirm_attendance(held, act(active.mentor, AFTER))


@pytest.mark.parametrize("recorder", ["mentee", "mentor"])
@pytest.mark.parametrize("absent", ["mentee", "mentor"])
def test_rule_5_each_may_say_who_was_absent_of_themselves_too_and_the_other_confirms_it(
    active: Pair, session: UUID, recorder: str, absent: str
) -> None:
    by, who = getattr(active, recorder), getattr(active, absent)
    (other,) = {active.mentee, active.mentor} - {by}

    active.relationship.record_absence(session, who=who, act=act(by, AFTER))
    with pytest.raises(OwnRecord):
        active.relationship.confirm_attendance(session, act(by, AFTER))
    active.relationship.confirm_attendance(session, act(other, AFTER))

    assert known(active, session).outcome == f"{absent}_absent"


def test_rule_5_what_both_agree_on_is_disputed_no_more_but_can_be_corrected(
    active: Pair, held: UUID
) -> None:
    active.relationship.confirm_attendance(held, act(active.mentee, AFTER))

    for who in (active.mentee, active.mentor):
        with pytest.raises(AlreadyConfirmed):
            dispute(active, held, who)
    with pytest.raises(AlreadyConfirmed):
        active.relationship.confirm_attendance(held, act(active.mentee, AFTER))
    correct(active, held)
    assert known(active, held).outcome is Outcome.MENTOR_ABSENT


def correct(active: Pair, session: UUID) -> None:
    reason = CorrectionReason.RECORDED_IN_ERROR
    active.relationship.correct_attendance(
        session, outcome=Outcome.MENTOR_ABSENT, reason=reason, act=act(COORDINATOR, AFTER)
    )


@pytest.mark.parametrize("who", ["mentee", "mentor"])
def test_rule_5_either_disputes_also_who_recorded_it_and_then_nobody_confirms(
    active: Pair, held: UUID, who: str
) -> None:
    dispute(active, held, getattr(active, who))

    with pytest.raises(AlreadyDisputed):
        active.relationship.confirm_attendance(held, act(active.mentee, AFTER))


def test_rule_5_after_fourteen_days_a_record_stands_without_being_confirmed(
    active: Pair, held: UUID
) -> None:
    late = AFTER + FOURTEEN_DAYS + timedelta(seconds=1)
    with pytest.raises(RecordStands):
        active.relationship.confirm_attendance(held, act(active.mentee, late))
    active.relationship.confirm_attendance(held, act(active.mentee, AFTER + FOURTEEN_DAYS))


def test_rule_5_what_a_coordinator_corrected_is_not_for_the_other_to_confirm(
    active: Pair, held: UUID
) -> None:
    dispute(active, held, active.mentee)
    correct(active, held)
    for who in (active.mentee, active.mentor):
        with pytest.raises(NothingToConfirm):
            active.relationship.confirm_attendance(held, act(who, AFTER))


def test_rule_5_a_correction_can_be_disputed_again_while_the_fourteen_days_last(
    active: Pair, held: UUID
) -> None:
    dispute(active, held, active.mentee)
    correct(active, held)
    dispute(active, held, active.mentor)
    assert known(active, held).disputed


def test_rule_5_only_what_was_recorded_of_attendance_is_confirmed(
    active: Pair, session: UUID
) -> None:
    with pytest.raises(SessionIsNotSettled):
        active.relationship.confirm_attendance(session, act(active.mentee, AFTER))
    reason = CancellationReason.TECHNICAL
    active.relationship.cancel_session(session, reason, act(active.mentor))
    with pytest.raises(NothingToConfirm):
        active.relationship.confirm_attendance(session, act(active.mentee, AFTER))


def test_rule_5_only_participants_confirm(active: Pair, held: UUID) -> None:
    with pytest.raises(NotAParticipant):
        active.relationship.confirm_attendance(held, act(COORDINATOR, AFTER))


def test_a_replay_of_a_confirmed_record_equals_the_relationship(active: Pair, held: UUID) -> None:
    active.relationship.confirm_attendance(held, act(active.mentee, AFTER))
    assert project(None, active.relationship.collect_events()) == active.relationship
