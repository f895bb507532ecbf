"""Access by relation: who may come near one relationship, whatever their role allows elsewhere.

To everybody else it is absent, in the same words as one that never was.
"""

from uuid import UUID

from domain.access import Caller
from domain.mentoring import Mentoring, NotFound
from domain.relationship import Relationship
from domain.relationship_events import Part
from domain.values import Role


def as_participant(mentoring: Mentoring, caller: Caller, id: UUID) -> Relationship:
    """The relationship of a caller who takes part in it, called in the role of that part."""
    subject = mentoring.load(Relationship, id)
    if not _takes_part(subject, caller):
        raise NotFound
    return subject


def as_party(mentoring: Mentoring, caller: Caller, id: UUID) -> Relationship:
    """The relationship of a participant, or of the mentor to whom it is proposed now."""
    subject = mentoring.load(Relationship, id)
    if not (_takes_part(subject, caller) or _is_proposed(subject, caller)):
        raise NotFound
    return subject


def as_coordinator(mentoring: Mentoring, caller: Caller, id: UUID) -> Relationship:
    """The relationship as its coordinator has it; raises NotAnOutsider for who is in it."""
    subject = mentoring.load(Relationship, id)
    subject.require_outsider(caller.person)
    return subject


def as_one_concerned(mentoring: Mentoring, caller: Caller, id: UUID) -> Relationship:
    """The relationship of a party or of its coordinator."""
    find = as_party if caller.is_party() else as_coordinator
    return find(mentoring, caller, id)


def part_of(subject: Relationship, caller: Caller) -> Part:
    """Which side a party is on."""
    return Part.MENTEE if caller.person == subject.mentee else Part.MENTOR


def _takes_part(subject: Relationship, caller: Caller) -> bool:
    """Somebody who mentors here and is mentored elsewhere comes with one role at a time."""
    return any(
        each.person == caller.person and each.part.value == caller.role.value
        for each in subject.participants
    )


def _is_proposed(subject: Relationship, caller: Caller) -> bool:
    proposal = subject.proposal
    is_mentor = proposal is not None and proposal.mentor == caller.person
    return is_mentor and caller.role is Role.MENTOR
