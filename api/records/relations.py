"""Access by relation: who may come near one relationship, whatever their role allows elsewhere.

To everybody else it is absent, in the same words as one that never was.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.errors import NotThereYet
from crypto.event_store.recorder import LogRecorder
from domain.access import PARTIES, Caller
from domain.commands.circles import Circle, load_circle
from domain.group import Group
from domain.mentoring import Mentoring, NotFound
from domain.person import Person
from domain.proposal import Proposal
from domain.relationship import Relationship
from domain.relationship_events import Part
from domain.relationship_state import NotAnOutsider
from domain.values import Role
from projections.group_questions import people_in_groups_of
from projections.groups import GROUPS
from projections.participation import PARTICIPATION
from projections.reader import NotYet, Reader

PATIENCE_SECONDS = 5.0


def as_participant(mentoring: Mentoring, caller: Caller, id: UUID) -> Relationship:
    """The relationship of a caller who takes part in it, called in the role of that part."""
    subject = mentoring.load(Relationship, id)
    if not _takes_part(subject, caller):
        raise NotFound
    return subject


def as_one_of(mentoring: Mentoring, caller: Caller, id: UUID) -> Circle:
    """The pair or the group of a caller who takes part in it, called in the role of that part."""
    subject = load_circle(mentoring, id)
    if not _takes_part(subject, caller):
        raise NotFound
    return subject


def as_party(mentoring: Mentoring, caller: Caller, id: UUID, now: datetime) -> Relationship:
    """The relationship of a participant, or of the mentor to whom it is proposed now, or who came by a link."""
    subject = mentoring.load(Relationship, id)
    is_party = _takes_part(subject, caller) or _is_proposed(subject, caller, now)
    if not (is_party or _is_asked(subject, caller)):
        raise NotFound
    return subject


def as_asked(mentoring: Mentoring, caller: Caller, id: UUID) -> Relationship:
    """The relationship of whoever came by a link and has not answered."""
    subject = mentoring.load(Relationship, id)
    if not _is_asked(subject, caller):
        raise NotFound
    return subject


def as_coordinator(mentoring: Mentoring, caller: Caller, id: UUID) -> Relationship:
    """The relationship as its coordinator has it; raises NotAnOutsider for who is in it."""
    subject = mentoring.load(Relationship, id)
    subject.require_outsider(caller.person)
    if subject.group is not None:
        mentoring.load(Group, subject.group).require_outsider(caller.person)
    return subject


def as_one_concerned(mentoring: Mentoring, caller: Caller, id: UUID, now: datetime) -> Relationship:
    """The relationship of a party or of its coordinator."""
    if caller.is_party():
        return as_party(mentoring, caller, id, now)
    return as_coordinator(mentoring, caller, id)


def proposal_now(subject: Relationship, now: datetime) -> Proposal | None:
    """The open proposal, unless its time is over."""
    proposal = subject.proposal
    return None if proposal is None or proposal.is_expired(now) else proposal


@dataclass(frozen=True)
class Apart:
    """Keeps duty and one's own mentoring apart, where a record belongs to no one relationship."""

    mentoring: Mentoring
    recorder: LogRecorder
    reader: Reader

    def require(self, caller: Caller, person: UUID) -> None:
        """Refuse who calls by duty and is, or was, in a relationship with the person.

        Raises NotAnOutsider, and NotThereYet while the list of who takes part lags behind.
        """
        if not caller.is_party():
            self.require_of(caller.person, person)

    def require_of(self, handler: UUID, person: UUID) -> None:
        """The same of somebody who is to handle something, whoever calls."""
        # Most of those who do so by duty were never mentored: for them nothing needs to be up to date.
        if handler != person and _was_a_party(self.mentoring, handler):
            self._require_nothing_shared(handler, person)

    def _require_nothing_shared(self, *people: UUID) -> None:
        self._require_no_group_shared(*people)
        for relationship in self._relationships_of(people):
            insiders = self.mentoring.load(Relationship, relationship).insiders
            if insiders.issuperset(people):
                raise NotAnOutsider

    def _require_no_group_shared(self, one: UUID, other: UUID) -> None:
        newest = self.recorder.max_notification_id() or 0
        try:
            self.reader.wait_for(GROUPS.name, newest, PATIENCE_SECONDS)
            others = people_in_groups_of(self.reader, one)
        except NotYet:
            raise NotThereYet from None
        if other in others:
            raise NotAnOutsider

    def _relationships_of(self, people: Collection[UUID]) -> set[UUID]:
        """Where any of them has or had a part; who was only proposed is found through the other."""
        newest = self.recorder.max_notification_id() or 0
        try:
            self.reader.wait_for(PARTICIPATION.name, newest, PATIENCE_SECONDS)
            return {
                each.relationship
                for person in people
                for each in self.reader.participation_of(person)
            }
        except NotYet:
            raise NotThereYet from None


def own_partners(reader: Reader, person: UUID) -> set[UUID]:
    """The person, and everybody in whose relationship or group they have or had a part; raises NotYet."""
    shared = [each.relationship for each in reader.participation_of(person)]
    partners = (each.person for one in shared for each in reader.participation_in(one))
    return {person, *partners, *people_in_groups_of(reader, person)}


def part_of(subject: Relationship, caller: Caller) -> Part:
    """Which side a party is on."""
    return Part.MENTEE if caller.person == subject.mentee else Part.MENTOR


def _takes_part(subject: Circle, caller: Caller) -> bool:
    """Somebody who mentors here and is mentored elsewhere comes with one role at a time."""
    return any(
        each.person == caller.person and each.part.value == caller.role.value
        for each in subject.participants
    )


def _is_proposed(subject: Relationship, caller: Caller, now: datetime) -> bool:
    """A proposal whose time is over is none, whether or not anybody has recorded that."""
    proposal = proposal_now(subject, now)
    is_mentor = proposal is not None and proposal.mentor == caller.person
    return is_mentor and caller.role is Role.MENTOR


def _is_asked(subject: Relationship, caller: Caller) -> bool:
    """A request that was closed asks nobody any more."""
    is_open = subject.closed_for is None
    return is_open and subject.partner == caller.person and caller.role is Role.MENTOR


def _was_a_party(mentoring: Mentoring, person: UUID) -> bool:
    """Whether somebody ever had a role in which one takes part."""
    return any(
        isinstance(event, Person.RoleGranted) and event.role in PARTIES
        for event in mentoring.events.get(person)
    )
