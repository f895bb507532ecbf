from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import IntegrityError

from domain.commands import relationships
from domain.commands.groups import close_group
from domain.commands.programmes import set_group_size
from domain.group import (
    AlreadyAMember,
    AnotherFacilitator,
    AnotherProgramme,
    ConflictInGroup,
    Group,
    NoSeatLeft,
)
from domain.group_events import GroupEvents
from domain.mentor_profile import NoCapacity
from domain.mentoring import NotFound
from domain.programme import WrongGroupSize
from domain.proposal import NoSuchProposal, SupersededReason
from domain.relationship_events import Cadence, ClosingReason, Kind, Part
from domain.relationship_state import (
    GroupMeetsTogether,
    NotAnOutsider,
    NotForAGroup,
    Stage,
)
from tests.unit.domain.builders import CLERK, COORDINATOR, MONDAY, act
from tests.unit.domain.group_scheme import GroupScheme, order

SUPERSEDED = "relationship.proposal_superseded"


@pytest.fixture
def scheme() -> GroupScheme:
    return GroupScheme()


def close(scheme: GroupScheme, relationship: UUID, *, by: UUID | None = None) -> None:
    relationships.close_relationship(
        scheme.mentoring,
        order(by or scheme.mentee(relationship)),
        relationship=relationship,
        reason=ClosingReason.NO_FAULT,
    )


def last_reason(scheme: GroupScheme, relationship: UUID) -> object:
    events = list(scheme.mentoring.events.get(relationship))
    return next(each.reason for each in reversed(events) if each.TOPIC == SUPERSEDED)


@pytest.mark.parametrize(
    "kind",
    [kind for kind in vars(GroupEvents).values() if isinstance(kind, type)],
    ids=lambda kind: kind.TOPIC,
)
def test_every_event_of_a_group_is_applied_by_it(kind: type) -> None:
    assert getattr(Group, kind.__name__) is not kind


def test_the_match_of_the_first_request_forms_a_group(scheme: GroupScheme) -> None:
    first = scheme.member()
    group = scheme.group(scheme.group_of(first))
    assert group.members == {first: scheme.mentee(first)}
    assert group.facilitator == scheme.mentor
    assert {each.part for each in group.participants} == {Part.MENTEE, Part.MENTOR}
    assert scheme.place_of(first).relationship == first


def test_a_whole_group_takes_one_unit_of_capacity(scheme: GroupScheme) -> None:
    group, members = scheme.group_of_three()
    assert scheme.group(group).members.keys() == set(members)
    assert scheme.profile().engaged == {group}
    assert scheme.profile().free == 0


def test_a_second_group_needs_another_unit(scheme: GroupScheme) -> None:
    scheme.member()
    with pytest.raises(NoCapacity):
        scheme.offer(scheme.request())


def test_a_seat_needs_both_answers(scheme: GroupScheme) -> None:
    group = scheme.group_of(scheme.member())
    asked = scheme.request()
    scheme.accept(scheme.offer(asked, group), scheme.mentee(asked))
    assert scheme.relationship(asked).stage is Stage.PROPOSED
    assert len(scheme.group(group).members) == 1


def test_the_last_seat_goes_to_the_first_and_the_other_offer_is_taken_back() -> None:
    scheme = GroupScheme(most=2)
    group = scheme.group_of(scheme.member())
    one, other = scheme.request(), scheme.request()
    offers = [scheme.offer(one, group), scheme.offer(other, group)]
    for offer in offers:
        scheme.accept(offer)
    assert scheme.relationship(one).group == group
    assert scheme.relationship(other).stage is Stage.REQUESTED
    assert last_reason(scheme, other) is SupersededReason.NO_SEAT_LEFT
    assert scheme.place_of(other).relationship is None


def test_a_full_group_is_not_offered() -> None:
    scheme = GroupScheme(most=2)
    group = scheme.group_of(scheme.member())
    scheme.member(group)
    with pytest.raises(NoSeatLeft):
        scheme.offer(scheme.request(), group)


def test_a_match_that_did_not_see_another_join_is_not_recorded(scheme: GroupScheme) -> None:
    group = scheme.group_of(scheme.member())
    stale = scheme.group(group)
    scheme.member(group)
    stale.join(uuid4(), uuid4(), most=12, act=act(COORDINATOR))
    with pytest.raises(IntegrityError):
        scheme.mentoring.commit(order(COORDINATOR), stale)


def test_a_seat_is_in_a_group_of_the_same_programme(scheme: GroupScheme) -> None:
    group = scheme.group_of(scheme.member())
    elsewhere = scheme.request(programme=scheme.programme_of(Kind.GROUP))
    with pytest.raises(AnotherProgramme):
        scheme.offer(elsewhere, group)


def test_a_seat_comes_with_the_facilitator_of_the_group(scheme: GroupScheme) -> None:
    group = scheme.group_of(scheme.member())
    with pytest.raises(AnotherFacilitator):
        scheme.offer(scheme.request(), group, mentor=scheme.somebody_who_mentors())


def test_a_seat_in_a_group_that_is_none_is_not_found(scheme: GroupScheme) -> None:
    with pytest.raises(NotFound):
        scheme.offer(scheme.request(), uuid4())


def test_a_request_for_one_to_one_mentoring_gets_no_seat(scheme: GroupScheme) -> None:
    group = scheme.group_of(scheme.member())
    with pytest.raises(NotForAGroup):
        scheme.offer(scheme.request(kind=Kind.FORMAL), group)


@pytest.mark.parametrize("side", ["newcomer", "member"])
def test_whoever_declared_a_conflict_with_a_member_gets_no_seat(
    scheme: GroupScheme, side: str
) -> None:
    member, asked = scheme.member(), scheme.request()
    people = {"newcomer": (asked, member), "member": (member, asked)}
    where, other = people[side]
    relationships.declare_conflict(
        scheme.mentoring,
        order(scheme.mentee(where)),
        relationship=where,
        with_person=scheme.mentee(other),
    )
    with pytest.raises(ConflictInGroup):
        scheme.offer(asked, scheme.group_of(member))


def test_a_conflict_declared_after_the_offer_takes_it_back(scheme: GroupScheme) -> None:
    member, asked = scheme.member(), scheme.request()
    offer = scheme.offer(asked, scheme.group_of(member))
    relationships.declare_conflict(
        scheme.mentoring,
        order(scheme.mentee(asked)),
        relationship=asked,
        with_person=scheme.mentee(member),
    )
    scheme.accept(offer)
    assert last_reason(scheme, asked) is SupersededReason.CONFLICT


def test_nobody_sits_in_a_group_twice(scheme: GroupScheme) -> None:
    member = scheme.member()
    group = scheme.group(scheme.group_of(member))
    with pytest.raises(AlreadyAMember):
        group.join(uuid4(), scheme.mentee(member), most=6, act=act(COORDINATOR))


def test_who_withdrew_before_the_second_yes_does_not_join(scheme: GroupScheme) -> None:
    group = scheme.group_of(scheme.member())
    asked = scheme.request()
    offer = scheme.offer(asked, group)
    scheme.accept(offer, scheme.mentee(asked))
    scheme.withdraw(scheme.mentee(asked))
    scheme.accept(offer, scheme.mentor)
    assert last_reason(scheme, asked) is SupersededReason.MENTEE_UNAVAILABLE


def test_a_newcomer_meets_as_often_as_the_others(scheme: GroupScheme) -> None:
    group = scheme.group_of(scheme.member())
    asked = scheme.request(cadence=Cadence.MONTHLY)
    scheme.accept(scheme.offer(asked, group))
    assert scheme.relationship(asked).cadence is Cadence.WEEKLY


def test_one_member_alone_does_not_change_how_often_all_meet(scheme: GroupScheme) -> None:
    member = scheme.member()
    with pytest.raises(GroupMeetsTogether):
        relationships.change_cadence(
            scheme.mentoring,
            order(scheme.mentee(member)),
            relationship=member,
            cadence=Cadence.MONTHLY,
        )


def test_who_leaves_leaves_alone_and_the_group_goes_on(scheme: GroupScheme) -> None:
    group, (first, second, third) = scheme.group_of_three()
    close(scheme, first)
    assert scheme.group(group).members.keys() == {second, third}
    assert scheme.group(group).closed_for is None
    assert scheme.relationship(second).stage is Stage.ACTIVE
    assert scheme.place_of(first).relationship is None
    assert scheme.profile().engaged == {group}


def test_who_left_leaves_a_free_seat() -> None:
    scheme = GroupScheme(most=2)
    first = scheme.member()
    group = scheme.group_of(first)
    scheme.member(group)
    close(scheme, first)
    assert scheme.group_of(scheme.member(group)) == group


def test_the_last_who_leaves_closes_the_group_and_frees_the_facilitator(
    scheme: GroupScheme,
) -> None:
    group, members = scheme.group_of_three()
    for member in members:
        close(scheme, member)
    assert scheme.group(group).closed_for is not None
    assert scheme.profile().free == 1


def test_rule_2_a_withdrawal_ends_one_members_part_alone(scheme: GroupScheme) -> None:
    group, (first, second, _) = scheme.group_of_three()
    relationships.end_for_withdrawal(
        scheme.mentoring, order(CLERK), relationship=first, person=scheme.mentee(first)
    )
    assert scheme.relationship(first).closed_for is ClosingReason.CONSENT_WITHDRAWN
    assert scheme.relationship(second).stage is Stage.ACTIVE
    assert len(scheme.group(group).members) == 2


def test_a_facilitator_who_leaves_the_scheme_ends_it_for_everybody(scheme: GroupScheme) -> None:
    group, members = scheme.group_of_three()
    for member in members:
        relationships.end_for_leaving(
            scheme.mentoring, order(CLERK), relationship=member, mentor=scheme.mentor
        )
    assert scheme.group(group).closed_for is not None
    assert scheme.profile().engaged == set()
    assert scheme.group(group).members.keys() == set(members)


@pytest.mark.parametrize("by", ["facilitator", "coordinator"])
def test_a_group_is_closed_for_everybody_in_one_commit(scheme: GroupScheme, by: str) -> None:
    group, members = scheme.group_of_three()
    who = scheme.mentor if by == "facilitator" else COORDINATOR
    recorded = close_group(
        scheme.mentoring, order(who), group=group, reason=ClosingReason.COMPLETED
    )
    assert recorded.subject == group
    assert {scheme.relationship(each).closed_for for each in members} == {ClosingReason.COMPLETED}
    assert scheme.group(group).closed_for is not None


def test_a_closed_group_takes_nobody(scheme: GroupScheme) -> None:
    first = scheme.member()
    group, asked = scheme.group_of(first), scheme.request()
    offer = scheme.offer(asked, group)
    close(scheme, first)
    scheme.accept(offer)
    assert last_reason(scheme, asked) in {
        SupersededReason.NO_SEAT_LEFT,
        SupersededReason.MENTOR_UNAVAILABLE,
    }
    with pytest.raises(NoSuchProposal):
        scheme.relationship(asked).open_proposal.require_unexpired(MONDAY)


def test_nobody_coordinates_a_group_they_are_or_were_in(scheme: GroupScheme) -> None:
    group, (first, *_) = scheme.group_of_three()
    person = scheme.mentee(first)
    close(scheme, first)
    with pytest.raises(NotAnOutsider):
        scheme.group(group).require_outsider(person)


@pytest.mark.parametrize("most", [1, 13])
def test_a_group_has_seats_for_two_to_twelve(scheme: GroupScheme, most: int) -> None:
    with pytest.raises(WrongGroupSize):
        set_group_size(scheme.mentoring, order(COORDINATOR), programme=scheme.programme, most=most)


def test_a_group_has_six_seats_unless_its_programme_says_otherwise(scheme: GroupScheme) -> None:
    group = scheme.group_of(scheme.member())
    for _ in range(5):
        scheme.member(group)
    with pytest.raises(NoSeatLeft):
        scheme.offer(scheme.request(), group)
    set_group_size(scheme.mentoring, order(COORDINATOR), programme=scheme.programme, most=7)
    scheme.member(group)
