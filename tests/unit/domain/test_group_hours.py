from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.commands import groups, relationships, sessions
from domain.commands.groups import Hour
from domain.errors import DomainError
from domain.group import NobodyMoreToExpect, NobodyToMeet, NotTheFacilitator
from domain.mentoring import Order, VersionIsStale
from domain.relationship_events import Cadence, ClosingReason
from domain.relationship_state import GroupMeetsTogether, NotAParticipant
from domain.session import (
    CancellationReason,
    CorrectionReason,
    Outcome,
    SessionHasNotEnded,
    SessionIsSettled,
)
from domain.values import Act, Compartment
from tests.unit.domain.builders import COORDINATOR, MONDAY, plan, sealed_for
from tests.unit.domain.group_scheme import AFTER_IT, NEXT_MONDAY, GroupScheme, order

NO_REASON = CancellationReason.NO_REASON_GIVEN
AN_HOUR_BEFORE = NEXT_MONDAY - timedelta(hours=1)
TUESDAY_AFTER = NEXT_MONDAY + timedelta(days=1)


@pytest.fixture
def scheme() -> GroupScheme:
    return GroupScheme()


def cannot_come(scheme: GroupScheme, which: Hour, member: UUID, at: datetime = MONDAY) -> None:
    sessions.cancel_session(
        scheme.mentoring,
        order(scheme.mentee(member), at),
        which=sessions.Which(member, which.session_of(member).session),
        reason=NO_REASON,
    )


def outcomes(scheme: GroupScheme, which: Hour, members: list[UUID]) -> list[Outcome | None]:
    return [scheme.session(which, each).outcome for each in members]


def test_an_hour_reserves_one_session_of_every_member(scheme: GroupScheme) -> None:
    group, members = scheme.group_of_three()
    which = scheme.plan(group)
    assert [scheme.ledger(each) for each in members] == [(1, 1, 0)] * 3
    assert scheme.group(group).expected[which.hour] == set(members)
    assert len({scheme.session(which, each).id for each in members}) == 3


def test_who_has_no_session_left_or_has_not_agreed_is_not_expected(scheme: GroupScheme) -> None:
    first = scheme.member()
    group = scheme.group_of(first)
    spent, undecided = scheme.member(group, granted=1), scheme.member(group, agrees=False)
    scheme.plan(group)
    second = scheme.plan(group, NEXT_MONDAY + timedelta(days=7))
    assert scheme.group(group).expected[second.hour] == {first}
    assert scheme.ledger(spent) == (0, 1, 0)
    assert scheme.ledger(undecided) == (2, 0, 0)


def test_who_pauses_or_withdrew_is_not_expected(scheme: GroupScheme) -> None:
    group, (first, second, third) = scheme.group_of_three()
    relationships.pause_relationship(
        scheme.mentoring, order(scheme.mentee(first)), relationship=first
    )
    scheme.withdraw(scheme.mentee(second))
    which = scheme.plan(group)
    assert scheme.group(group).expected[which.hour] == {third}


def test_an_hour_that_nobody_can_come_to_is_not_planned(scheme: GroupScheme) -> None:
    member = scheme.member(agrees=False)
    with pytest.raises(NobodyToMeet):
        scheme.plan(scheme.group_of(member))


def test_only_the_facilitator_plans(scheme: GroupScheme) -> None:
    group, (first, *_) = scheme.group_of_three()
    with pytest.raises(NotTheFacilitator):
        groups.plan_hour(
            scheme.mentoring,
            order(scheme.mentee(first)),
            which=Hour(group, uuid4()),
            plan=plan(NEXT_MONDAY),
            stated={},
        )


def test_a_member_neither_plans_nor_moves_for_the_others(scheme: GroupScheme) -> None:
    group, (first, *_) = scheme.group_of_three()
    session = scheme.plan(group).session_of(first).session
    by, later = order(scheme.mentee(first)), plan(NEXT_MONDAY + timedelta(days=1))
    for command, which in (
        (sessions.schedule_session, sessions.Which(first, uuid4())),
        (sessions.reschedule_session, sessions.Which(first, session)),
    ):
        with pytest.raises(GroupMeetsTogether):
            command(scheme.mentoring, by, which=which, plan=later)


def test_the_facilitator_does_not_cancel_the_hour_of_one_member_alone(scheme: GroupScheme) -> None:
    group, (first, *_) = scheme.group_of_three()
    session = scheme.plan(group).session_of(first).session
    with pytest.raises(GroupMeetsTogether):
        sessions.cancel_session(
            scheme.mentoring,
            order(scheme.mentor),
            which=sessions.Which(first, session),
            reason=NO_REASON,
        )


def test_a_plan_made_of_a_group_that_has_changed_since_is_refused(scheme: GroupScheme) -> None:
    group, _ = scheme.group_of_three()
    version = scheme.group(group).version
    scheme.member(group)
    with pytest.raises(VersionIsStale):
        groups.plan_hour(
            scheme.mentoring,
            Order(Act(scheme.mentor, MONDAY), uuid4(), expected_version=version),
            which=Hour(group, uuid4()),
            plan=plan(NEXT_MONDAY),
            stated={},
        )


def test_each_ones_own_attendance_settles_their_own_ledger(scheme: GroupScheme) -> None:
    group, members = scheme.group_of_three()
    came, _, excused = members
    which = scheme.plan(group)
    cannot_come(scheme, which, excused)
    scheme.record(which, [came])
    assert outcomes(scheme, which, members) == [
        Outcome.HELD,
        Outcome.MENTEE_ABSENT,
        Outcome.CANCELLED,
    ]
    assert [scheme.ledger(each) for each in members] == [(1, 0, 1), (1, 0, 1), (2, 0, 0)]


def test_who_says_late_that_they_cannot_come_uses_their_session(scheme: GroupScheme) -> None:
    group, members = scheme.group_of_three()
    which = scheme.plan(group)
    cannot_come(scheme, which, members[0], AN_HOUR_BEFORE)
    assert scheme.ledger(members[0]) == (1, 0, 1)
    assert scheme.ledger(members[1]) == (1, 1, 0)


def test_the_facilitators_cancellation_releases_for_all_even_late(scheme: GroupScheme) -> None:
    group, members = scheme.group_of_three()
    which = scheme.plan(group)
    groups.cancel_hour(
        scheme.mentoring, order(scheme.mentor, AN_HOUR_BEFORE), which=which, reason=NO_REASON
    )
    assert [scheme.ledger(each) for each in members] == [(2, 0, 0)] * 3
    assert scheme.group(group).session(which.hour).outcome is Outcome.CANCELLED


def test_the_facilitators_absence_releases_for_all(scheme: GroupScheme) -> None:
    group, members = scheme.group_of_three()
    which = scheme.plan(group)
    groups.miss_hour(scheme.mentoring, order(scheme.mentor, AFTER_IT), which=which)
    assert outcomes(scheme, which, members) == [Outcome.MENTOR_ABSENT] * 3
    assert [scheme.ledger(each) for each in members] == [(2, 0, 0)] * 3


def test_an_hour_to_which_nobody_came_is_none_that_was_held(scheme: GroupScheme) -> None:
    group, members = scheme.group_of_three()
    which = scheme.plan(group)
    scheme.record(which, [])
    assert outcomes(scheme, which, members) == [Outcome.MENTEE_ABSENT] * 3
    assert scheme.group(group).session(which.hour).outcome is Outcome.MENTEE_ABSENT


def test_what_a_member_recorded_themselves_stays(scheme: GroupScheme) -> None:
    group, (first, *others) = scheme.group_of_three()
    which = scheme.plan(group)
    sessions.record_absence(
        scheme.mentoring,
        order(scheme.mentee(first), AFTER_IT),
        which=sessions.Which(first, which.session_of(first).session),
        who=scheme.mentor,
    )
    scheme.record(which, [first, *others])
    assert scheme.session(which, first).outcome is Outcome.MENTOR_ABSENT
    assert outcomes(scheme, which, others) == [Outcome.HELD] * 2


def test_an_hour_is_recorded_once_and_after_it(scheme: GroupScheme) -> None:
    group, members = scheme.group_of_three()
    which = scheme.plan(group)
    with pytest.raises(SessionHasNotEnded):
        scheme.record(which, members, NEXT_MONDAY)
    scheme.record(which, members)
    with pytest.raises(SessionIsSettled):
        scheme.record(which, members)


def test_only_who_was_expected_can_have_come(scheme: GroupScheme) -> None:
    group, _ = scheme.group_of_three()
    which = scheme.plan(group)
    late = scheme.member(group)
    with pytest.raises(NotAParticipant):
        scheme.record(which, [late])


def test_a_newcomer_is_expected_once_they_can_come(scheme: GroupScheme) -> None:
    group, _ = scheme.group_of_three()
    which = scheme.plan(group)
    late = scheme.member(group)
    assert scheme.ledger(late) == (2, 0, 0)
    more = {"which": which, "plan": plan(NEXT_MONDAY), "stated": {}}
    groups.expect_more(scheme.mentoring, order(scheme.mentor), **more)
    assert scheme.ledger(late) == (1, 1, 0)
    with pytest.raises(NobodyMoreToExpect):
        groups.expect_more(scheme.mentoring, order(scheme.mentor), **more)


def test_a_moved_hour_is_moved_for_all_who_come(scheme: GroupScheme) -> None:
    group, (first, second, third) = scheme.group_of_three()
    which = scheme.plan(group)
    cannot_come(scheme, which, first)
    relationships.pause_relationship(
        scheme.mentoring, order(scheme.mentee(second)), relationship=second
    )
    later = plan(TUESDAY_AFTER)
    groups.move_hour(scheme.mentoring, order(scheme.mentor), which=which, plan=later, stated={})
    assert (
        scheme.session(which, third).span
        == later.span
        == scheme.group(group).session(which.hour).span
    )
    assert outcomes(scheme, which, [first, second]) == [Outcome.CANCELLED] * 2
    assert [scheme.ledger(each) for each in (first, second, third)] == [
        (2, 0, 0),
        (2, 0, 0),
        (1, 1, 0),
    ]


def test_a_link_is_told_to_all_who_come(scheme: GroupScheme) -> None:
    group, members = scheme.group_of_three()
    which = scheme.plan(group)
    link = sealed_for(scheme.mentor, Compartment.CONTACT)
    groups.set_hour_link(scheme.mentoring, order(scheme.mentor), which=which, video_link=link)
    assert all(scheme.session(which, each).has_link for each in members)


def test_who_leaves_gives_back_what_lay_ahead_and_is_expected_no_more(scheme: GroupScheme) -> None:
    group, (first, second, third) = scheme.group_of_three()
    which = scheme.plan(group)
    relationships.close_relationship(
        scheme.mentoring,
        order(scheme.mentee(first)),
        relationship=first,
        reason=ClosingReason.NO_FAULT,
    )
    assert scheme.ledger(first) == (2, 0, 0)
    assert scheme.group(group).expected[which.hour] == {second, third}


def test_the_hour_before_somebody_left_is_still_recorded_of_them(scheme: GroupScheme) -> None:
    group, members = scheme.group_of_three()
    which = scheme.plan(group)
    relationships.close_relationship(
        scheme.mentoring,
        order(scheme.mentee(members[0]), AFTER_IT),
        relationship=members[0],
        reason=ClosingReason.NO_FAULT,
    )
    scheme.record(which, members)
    assert scheme.ledger(members[0]) == (1, 0, 1)


def test_the_end_of_a_group_cancels_its_hours_and_costs_nobody_anything(
    scheme: GroupScheme,
) -> None:
    group, members = scheme.group_of_three()
    which = scheme.plan(group)
    groups.close_group(
        scheme.mentoring, order(scheme.mentor), group=group, reason=ClosingReason.GOALS_MET
    )
    assert [scheme.ledger(each) for each in members] == [(2, 0, 0)] * 3
    assert scheme.group(group).session(which.hour).outcome is Outcome.CANCELLED


def test_a_dispute_and_its_correction_are_one_members_own(scheme: GroupScheme) -> None:
    group, (first, second, third) = scheme.group_of_three()
    which = scheme.plan(group)
    scheme.record(which, [second, third])
    own = sessions.Which(first, which.session_of(first).session)
    sessions.dispute_attendance(scheme.mentoring, order(scheme.mentee(first), AFTER_IT), which=own)
    sessions.correct_attendance(
        scheme.mentoring,
        order(COORDINATOR, TUESDAY_AFTER),
        which=own,
        outcome=Outcome.MENTOR_ABSENT,
        reason=CorrectionReason.DISPUTE_UPHELD,
    )
    assert scheme.ledger(first) == (2, 0, 0)
    assert scheme.ledger(second) == (1, 0, 1)


def test_the_facilitator_changes_how_often_all_meet(scheme: GroupScheme) -> None:
    group, members = scheme.group_of_three()
    groups.change_group_cadence(
        scheme.mentoring, order(scheme.mentor), group=group, cadence=Cadence.MONTHLY
    )
    assert {scheme.relationship(each).cadence for each in members} == {Cadence.MONTHLY}


def test_a_second_hour_in_the_turn_of_the_first_is_refused(scheme: GroupScheme) -> None:
    group, _ = scheme.group_of_three()
    scheme.plan(group)
    with pytest.raises(DomainError):
        scheme.plan(group, TUESDAY_AFTER)
