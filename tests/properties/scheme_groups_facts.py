"""What a log tells of groups: who facilitates them, who sits in them, and how many seats there are."""

from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID

from domain.group import Group
from domain.programme import Programme
from tests.properties.scheme_facts import Facts

USUAL_SEATS = 6


@dataclass
class Circle:
    """One group as the log tells it; members by their relationships."""

    facilitator: UUID
    programme: UUID
    members: dict[UUID, UUID] = field(default_factory=dict)
    is_closed: bool = False


class GroupFacts(Facts):
    """The same of groups."""

    def __init__(self) -> None:
        super().__init__()
        self.groups: dict[UUID, Circle] = {}
        self._seats: dict[UUID, int] = {}

    def _group_size_set(self, fact: Any) -> None:
        self._seats[fact.originator_id] = fact.most

    def _group_formed(self, fact: Any) -> None:
        self.groups[fact.originator_id] = Circle(fact.facilitator, fact.programme)

    def _member_joined(self, fact: Any) -> None:
        group = self.groups[fact.originator_id]
        seats = self._seats.get(group.programme, USUAL_SEATS)
        has_seat = len(group.members) < seats and not group.is_closed
        self.require("a group has as many members as seats", holds=has_seat)
        others = {group.facilitator, *group.members.values()}
        self.require("nobody sits in a group twice", holds=fact.member not in others)
        apart = self.pairs[fact.relationship].conflicts & others
        for member in group.members:
            apart |= self.pairs[member].conflicts & {fact.member}
        self.require("9: nobody sits with whom they are kept apart from", holds=not apart)
        group.members[fact.relationship] = fact.member

    def _member_left(self, fact: Any) -> None:
        self.groups[fact.originator_id].members.pop(fact.relationship)

    def _group_closed(self, fact: Any) -> None:
        group = self.groups[fact.originator_id]
        group.is_closed = True
        group.members.clear()

    TELLING: ClassVar[dict[type, Any]] = {
        **Facts.TELLING,
        Programme.GroupSizeSet: _group_size_set,
        Group.Created: _group_formed,
        Group.MemberJoined: _member_joined,
        Group.MemberLeft: _member_left,
        Group.Closed: _group_closed,
    }
