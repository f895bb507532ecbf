"""What a seat in a group rests on: whose group it is, who sits in it already, and whether one more may."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from domain.aggregate import Aggregate
from domain.commands.notebooks import earlier_requests
from domain.errors import DomainError
from domain.group import (
    AlreadyAMember,
    AnotherFacilitator,
    AnotherProgramme,
    ConflictInGroup,
    Group,
)
from domain.mentor_profile import MentorProfile
from domain.mentoring import Mentoring, NotFound
from domain.notebook import Notebook
from domain.programme import Programme
from domain.proposal import SupersededReason
from domain.relationship import Relationship
from domain.relationship_events import Kind
from domain.values import Act


@dataclass(frozen=True)
class Seat:
    """A seat for one request; `group` is none until the match of its first member forms it."""

    request: Relationship
    programme: Programme
    id: UUID
    group: Group | None = None
    kept_apart: frozenset[UUID] = frozenset()
    members: tuple[Relationship, ...] = ()

    @property
    def read(self) -> tuple[Aggregate, ...]:
        """What a decision that rests on this hands to the commit."""
        group = (self.group,) if self.group else ()
        return (self.programme, *group, *self.members)

    def require_for(self, mentor: UUID) -> None:
        """Refuse a seat that this request cannot have, each for its own reason."""
        if self.group is None:
            return
        if self.group.programme != self.programme.id:
            raise AnotherProgramme
        if self.group.facilitator != mentor:
            raise AnotherFacilitator
        if self.request.mentee in self.group.people:
            raise AlreadyAMember
        self._require_no_conflict(self.group.people)
        self.group.require_seat(self.programme.most_in_group)

    def obstacle(self, mentor: UUID) -> SupersededReason | None:
        """What stands in the way of a seat by now; the reasons tell nobody about anybody."""
        try:
            self.require_for(mentor)
        except ConflictInGroup:
            return SupersededReason.CONFLICT
        except DomainError:
            return SupersededReason.NO_SEAT_LEFT
        return None

    def take(self, mentor: UUID, act: Act) -> Group:
        """The group with one member more, who meets as often as the others do."""
        self.require_for(mentor)
        group = self.group or Group.form(
            self.id,
            facilitator=mentor,
            programme=self.programme.id,
            cadence=self.request.cadence,
            act=act,
        )
        most = self.programme.most_in_group
        group.join(self.request.id, self.request.mentee, most=most, act=act)
        if self.request.cadence is not group.cadence:
            self.request.change_cadence(group.cadence, act)
        return group

    def _require_no_conflict(self, people: frozenset[UUID]) -> None:
        if not self.kept_apart.isdisjoint(people):
            raise ConflictInGroup


def find_seat(
    mentoring: Mentoring, request: Relationship, programme: Programme, offered: UUID | None
) -> Seat | None:
    """The seat that a request is offered; none where it is for no group. Raises NotFound for a group that is none."""
    if request.kind is not Kind.GROUP:
        return None
    own = Group.id_of(request.id)
    id = offered or own
    try:
        group = mentoring.load(Group, id)
    except NotFound:
        if id != own:
            raise
        return Seat(request, programme, id)
    members = tuple(mentoring.load(Relationship, each) for each in group.members)
    apart = frozenset(_kept_apart(mentoring, request, members))
    return Seat(request, programme, id, group, apart, members)


def members_of_offered(mentoring: Mentoring, request: Relationship) -> int | None:
    """How many are in the group in which a seat is offered; none where it is no seat in a group."""
    if request.offered_group is None:
        return None
    try:
        return len(mentoring.load(Group, request.offered_group).members)
    except NotFound:
        return 0


def give_back_capacity(
    mentoring: Mentoring, ended: Relationship, mentor: UUID, act: Act, *, for_all: bool = False
) -> list[Aggregate]:
    """What an ending frees of the mentor's capacity: a group gives its unit back with its end.

    It ends `for_all` where the facilitator goes, and else with its last member. Two who found each other took none.
    """
    if ended.kind is Kind.INFORMAL:
        return []
    profile = mentoring.load(MentorProfile, MentorProfile.id_of(mentor))
    if ended.group is None:
        profile.disengage(ended.id, act)
        return [profile]
    group = mentoring.load(Group, ended.group)
    changed = _left(mentoring, group, ended, act, for_all=for_all)
    if group.closed_for is not None and group.id in profile.engaged:
        profile.disengage(group.id, act)
        changed.append(profile)
    return changed


def _left(
    mentoring: Mentoring, group: Group, ended: Relationship, act: Act, *, for_all: bool
) -> list[Aggregate]:
    """The group as one member leaves it; with its end nobody leaves, and all stay readers of what they read."""
    if group.closed_for is not None:
        return []
    if for_all:
        group.close(act)
        return [group]
    group.leave(ended.id, act)
    return [group, *_read_no_more(mentoring, group, ended.mentee, act)]


def _read_no_more(mentoring: Mentoring, group: Group, member: UUID, act: Act) -> Iterator[Notebook]:
    """The group's notebook, if who left read anything in it."""
    try:
        notebook = mentoring.load(Notebook, Notebook.id_of(group.id))
    except NotFound:
        return
    notebook.replace_reader(member, act)
    if notebook.pending_events:
        yield notebook


def _kept_apart(
    mentoring: Mentoring, request: Relationship, members: tuple[Relationship, ...]
) -> Iterator[UUID]:
    """Everybody with whom a conflict was ever declared by or for this mentee, on either side."""
    for each in _with_earlier(mentoring, request):
        yield from each.conflicts
    for member in members:
        if any(request.mentee in each.conflicts for each in _with_earlier(mentoring, member)):
            yield member.mentee


def _with_earlier(mentoring: Mentoring, request: Relationship) -> Iterator[Relationship]:
    yield request
    yield from earlier_requests(mentoring, request)
