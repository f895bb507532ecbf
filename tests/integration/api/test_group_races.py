"""Whatever people of a group do at the same moment, seats, capacity and ledgers come out right."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from threading import Barrier
from uuid import UUID, uuid4

import pytest

from api.carrying_out import carry_out
from api.embedded_postgres import EmbeddedPostgres
from domain.commands.groups import Hour, plan_hour
from domain.commands.proposals import Answer, accept_proposal
from domain.commands.relationships import close_relationship
from domain.errors import DomainError
from domain.group import Group
from domain.meeting import (
    Plan,
)
from domain.mentor_profile import MentorProfile
from domain.mentoring import Mentoring, Order, Recorded
from domain.place import Place
from domain.relationship import Relationship
from domain.relationship_events import ClosingReason
from domain.values import Act, TimeSpan
from tests.databases import fresh_database
from tests.groups import Groups, Member
from tests.match import done, publish_notices
from tests.scheme import scheme_on

ROUNDS = 3


@pytest.fixture(scope="module")
def groups(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Groups]:
    folder = tmp_path_factory.mktemp("groups")
    with (
        fresh_database(postgres, template) as database,
        scheme_on(database, folder) as scheme,
    ):
        publish_notices(scheme)
        made = Groups(scheme, most=2)
        done(made.facilitator.put("/me/mentor-profile/capacity", {"capacity": 12}))
        yield made


@pytest.fixture(autouse=True, params=range(ROUNDS))
def _again() -> None:
    """What may go either way is tried more than once."""


@pytest.fixture
def mentoring(groups: Groups) -> Mentoring:
    return groups.scheme.parts.mentoring


def at_once(*acts: Callable[[], object]) -> None:
    """All at the same moment; who comes too late is refused, and nothing else goes wrong."""
    barrier = Barrier(len(acts))

    def act(what: Callable[[], object]) -> None:
        barrier.wait()
        with suppress(DomainError):
            what()

    with ThreadPoolExecutor(len(acts)) as threads:
        for each in [threads.submit(act, what) for what in acts]:
            each.result()


def order(groups: Groups, who: UUID) -> Order:
    return Order(Act(who, groups.scheme.now()), uuid4())


def last_yes(groups: Groups, mentoring: Mentoring, member: Member, proposal: str) -> Recorded:
    given = order(groups, groups.facilitator.id)
    answer = Answer(UUID(member.relationship), UUID(proposal), 1)
    return carry_out(lambda: accept_proposal(mentoring, given, answer=answer))


def leave(groups: Groups, mentoring: Mentoring, member: Member) -> Recorded:
    given = order(groups, member.person.id)
    id = UUID(member.relationship)
    reason = ClosingReason.NO_FAULT
    return carry_out(lambda: close_relationship(mentoring, given, relationship=id, reason=reason))


def plan(groups: Groups, mentoring: Mentoring, group: str) -> Recorded:
    hour = groups.hour()
    span = TimeSpan(
        datetime.fromisoformat(hour["starts_at"]),
        datetime.fromisoformat(hour["ends_at"]),
        hour["time_zone"],
    )
    given = order(groups, groups.facilitator.id)
    which = Hour(UUID(group), uuid4())
    return carry_out(lambda: plan_hour(mentoring, given, which=which, plan=Plan(span), stated={}))


def seats_and_ledgers_agree(groups: Groups, mentoring: Mentoring, group: str) -> Group:
    """Whoever is in the group holds their place and whoever is not does not; sessions and ledgers are the same."""
    found = mentoring.load(Group, UUID(group))
    profile = mentoring.load(MentorProfile, MentorProfile.id_of(groups.facilitator.id))
    assert (found.closed_for is None) == (found.id in profile.engaged)
    for id in found.members:
        pair = mentoring.load(Relationship, id)
        assert (pair.group, pair.closed_for) == (found.id, None)
        assert mentoring.load(Place, pair.place).relationship == id
    return found


def test_the_last_seat_goes_to_one_of_two(groups: Groups, mentoring: Mentoring) -> None:
    group, _ = groups.of(1)
    waiting = [groups.asked(), groups.asked()]
    offers = [groups.offered(each, group) for each in waiting]
    for member, offer in zip(waiting, offers, strict=True):
        done(groups.accept(member.person, member, offer))

    at_once(
        lambda: last_yes(groups, mentoring, waiting[0], offers[0]),
        lambda: last_yes(groups, mentoring, waiting[1], offers[1]),
    )

    found = seats_and_ledgers_agree(groups, mentoring, group)
    assert len(found.members) == 2
    stages = sorted(each.stands()["stage"] for each in waiting)
    assert stages == ["matched", "requested"]


def test_an_ending_and_a_join_leave_nobody_in_between(groups: Groups, mentoring: Mentoring) -> None:
    group, _ = groups.of(1)
    member = groups.asked()
    offer = groups.offered(member, group)
    done(groups.accept(member.person, member, offer))

    at_once(
        lambda: last_yes(groups, mentoring, member, offer),
        lambda: leave(groups, mentoring, member),
    )

    pair = mentoring.load(Relationship, UUID(member.relationship))
    found = seats_and_ledgers_agree(groups, mentoring, group)
    place = mentoring.load(Place, pair.place)
    assert pair.closed_for is not None
    assert pair.id not in found.members
    assert place.relationship is None


def test_who_leaves_while_an_hour_is_planned_owes_nothing(
    groups: Groups, mentoring: Mentoring
) -> None:
    group, (first, second) = groups.of(2)

    at_once(
        lambda: leave(groups, mentoring, first),
        lambda: plan(groups, mentoring, group),
    )

    seats_and_ledgers_agree(groups, mentoring, group)
    assert groups.ledger(first) == (2, 0, 0)
    assert groups.ledger(second) == (1, 1, 0)


def test_two_who_leave_at_once_close_the_group_once(groups: Groups, mentoring: Mentoring) -> None:
    group, (first, second) = groups.of(2)

    at_once(lambda: leave(groups, mentoring, first), lambda: leave(groups, mentoring, second))

    found = seats_and_ledgers_agree(groups, mentoring, group)
    assert (found.members, found.closed_for is not None) == ({}, True)
