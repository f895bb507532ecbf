from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.commands import groups, relationships, sessions
from domain.commands.groups import Hour
from domain.errors import DomainError
from domain.relationship_events import ClosingReason
from domain.relationship_state import AlreadyClosed
from domain.session import CancellationReason
from tests.unit.domain.builders import MONDAY
from tests.unit.domain.group_scheme import GroupScheme, order

A_WEEK = timedelta(days=7)
NO_REASON = CancellationReason.NO_REASON_GIVEN
CHOICES = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 5)), max_size=25)


class Life:
    """Whatever the people of one group do, one thing a day."""

    def __init__(self) -> None:
        self.scheme = GroupScheme()
        self.members = [self.scheme.member(granted=3)]
        self.group = self.scheme.group_of(self.members[0])
        self.hours: list[Hour] = []
        self.now = MONDAY
        self.deeds: tuple[Callable[[int], object], ...] = (
            self.join,
            self.leave,
            self.plan,
            self.cannot_come,
            self.record,
            self.cancel,
            self.withdraw,
            self.pause,
        )

    def do(self, deed: int, who: int) -> None:
        self.now += timedelta(days=1)
        # What is refused changes nothing.
        with suppress(DomainError):
            self.deeds[deed](who)

    def member(self, who: int) -> UUID:
        return self.members[who % len(self.members)]

    def join(self, _who: int) -> None:
        self.members.append(self.scheme.member(self.group, granted=3))

    def leave(self, who: int) -> None:
        member = self.member(who)
        by = order(self.scheme.mentee(member), self.now)
        relationships.close_relationship(
            self.scheme.mentoring, by, relationship=member, reason=ClosingReason.NO_FAULT
        )

    def plan(self, _who: int) -> None:
        days_to_monday = timedelta(days=7 - self.now.weekday())
        self.hours.append(self.scheme.plan(self.group, self.now + days_to_monday, self.now))

    def cannot_come(self, who: int) -> None:
        for which in self.hours[-1:]:
            member = self.member(who)
            own = sessions.Which(member, which.session_of(member).session)
            by = order(self.scheme.mentee(member), self.now)
            sessions.cancel_session(self.scheme.mentoring, by, which=own, reason=NO_REASON)

    def record(self, who: int) -> None:
        for which in self.hours[-1:]:
            expected = sorted(self.scheme.group(self.group).expected[which.hour])
            span = self.scheme.group(self.group).session(which.hour).span
            at = max(self.now, span.ends_at)
            self.scheme.record(which, expected[who:], at)
            self.now = at

    def cancel(self, _who: int) -> None:
        for which in self.hours[-1:]:
            by = order(self.scheme.mentor, self.now)
            groups.cancel_hour(self.scheme.mentoring, by, which=which, reason=NO_REASON)

    def withdraw(self, who: int) -> None:
        member = self.member(who)
        person = self.scheme.mentee(member)
        self.scheme.withdraw(person, self.now)
        with suppress(AlreadyClosed):
            relationships.end_for_withdrawal(
                self.scheme.mentoring,
                order(person, self.now),
                relationship=member,
                person=person,
            )

    def pause(self, who: int) -> None:
        member = self.member(who)
        by = order(self.scheme.mentee(member), self.now)
        relationships.pause_relationship(self.scheme.mentoring, by, relationship=member)

    def assert_everything_balances(self) -> None:
        group = self.scheme.group(self.group)
        assert (group.closed_for is None) == bool(group.members)
        assert self.scheme.profile().engaged == ({group.id} if group.members else set())
        for member in self.members:
            pair, place = self.scheme.relationship(member), self.scheme.place_of(member)
            assert place.granted == place.free + len(place.reserved) + len(place.used)
            assert place.reserved == {
                each.id for each in pair.sessions.values() if each.outcome is None
            }
            assert place.used == {
                each.id
                for each in pair.sessions.values()
                if each.outcome is not None and each.outcome.uses_the_place
            }
            assert (pair.closed_for is None) == (member in group.members)
            assert place.relationship == (member if pair.closed_for is None else None)


@settings(max_examples=40, deadline=None)
@given(CHOICES)
def test_the_ledgers_of_all_members_balance_whatever_people_do(
    choices: list[tuple[int, int]],
) -> None:
    life = Life()
    for deed, who in choices:
        life.do(deed, who)
        life.assert_everything_balances()
