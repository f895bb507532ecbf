"""A group as its facilitator plans with it: what each member and they said of when they can meet, opened for one plan."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.records.availability import Arranging
from api.records.openings import Openings
from api.records.relations import as_one_of
from domain.access import Caller
from domain.commands.groups import Coming, StatedByMember, who_can_meet, who_comes
from domain.group import Group
from domain.mentoring import Mentoring, NotFound
from domain.relationship import Relationship
from domain.sealed_words import video_link_of
from domain.values import Act, Sealed, TimeSpan


def as_member(mentoring: Mentoring, caller: Caller, id: UUID) -> Group:
    """The group of a caller who takes part in it, called in the role of that part."""
    found = as_one_of(mentoring, caller, id)
    if not isinstance(found, Group):
        raise NotFound
    return found


def as_facilitator(mentoring: Mentoring, caller: Caller, id: UUID) -> Group:
    """The group of its facilitator; raises NotTheFacilitator for a member."""
    found = as_member(mentoring, caller, id)
    found.require_facilitator(caller.person)
    return found


def as_coordinator_of(mentoring: Mentoring, caller: Caller, id: UUID) -> Group:
    """The group as its coordinator has it; raises NotAnOutsider for who is in it."""
    found = mentoring.load(Group, id)
    found.require_outsider(caller.person)
    return found


def link_of_hour(mentoring: Mentoring, group: Group, hour: UUID) -> Sealed | None:
    """Where those click who are expected already, if anywhere."""
    for each in sorted(group.expected[hour]):
        with suppress(NotFound):
            return video_link_of(mentoring, each, group.session_of(hour, each))
    return None


@dataclass(frozen=True)
class Meeting:
    """Everybody who can come to an hour of one group: a new one, or one that is to be moved."""

    mentoring: Mentoring
    openings: Openings
    caller: Caller
    group: Group
    now: datetime

    moving: UUID | None = None

    def stated(self) -> StatedByMember:
        """What each said, opened for the facilitator; each look is recorded first."""
        return {
            each.relationship.id: self._arranging(each.relationship).stated()
            for each in self._coming()
        }

    def bookable_hours(self, between: TimeSpan) -> list[TimeSpan]:
        """The hours at which all of them can meet for whom somebody pays then."""
        coming = [(each, self._hours_of(each, between)) for each in self._coming()]
        found = set().union(*(hours for _, hours in coming))
        return sorted(
            (
                span
                for span in found
                if all(
                    span in hours or not each.agreed.is_paid_for(span, self.now)
                    for each, hours in coming
                )
            ),
            key=lambda span: span.starts_at,
        )

    def _coming(self) -> Iterator[Coming]:
        if self.moving is None:
            return who_can_meet(self.mentoring, self.group, self.now)
        return who_comes(self.mentoring, self.group, self.moving, self.now)

    def _hours_of(self, each: Coming, between: TimeSpan) -> set[TimeSpan]:
        pair, agreed = each.relationship, each.agreed
        bounds = self._arranging(pair).stated().bounds(agreed.terms)
        session = Group.session_of(self.moving, pair.id) if self.moving else None
        act = Act(self.caller.person, self.now)
        hours = pair.bookable_hours(between, bounds, act, moving=session)
        return {span for span in hours if agreed.is_paid_for(span, self.now)}

    def _arranging(self, pair: Relationship) -> Arranging:
        return Arranging(self.mentoring, self.openings, self.caller, pair, self.now)
