"""Rule 9 by hand: whatever was declared or ended between two people, on any place, keeps them apart."""

from contextlib import suppress
from uuid import UUID

from domain.group import ConflictInGroup, Group
from domain.mentoring import Mentoring
from domain.relationship import Relationship
from domain.relationship_state import ConflictDeclaredBefore, PartedForCause
from projections.participation import ListedPart
from projections.reader import NotYet, Reader


def require_never_parted(mentoring: Mentoring, reader: Reader, mentee: UUID, other: UUID) -> None:
    """Refuse to bring two people together, whichever of them mentored the other."""
    for relationship in sorted(_where_they_may_have_met(reader, mentee, other)):
        mentoring.load(Relationship, relationship).require_not_parted(mentee, other)


def require_apart_from_none(
    mentoring: Mentoring, reader: Reader, mentee: UUID, group: UUID
) -> None:
    """The same of a seat: refuse it beside anybody from whom the mentee is kept apart."""
    for member in sorted(mentoring.load(Group, group).members.values()):
        try:
            require_never_parted(mentoring, reader, mentee, member)
        except (ConflictDeclaredBefore, PartedForCause):
            raise ConflictInGroup from None


def _where_they_may_have_met(reader: Reader, mentee: UUID, other: UUID) -> set[UUID]:
    found: set[UUID] = set()
    # Without the list proposals go on: the place they are on is looked at by the command itself.
    with suppress(NotYet):
        found |= {each.relationship for each in reader.participation_of(mentee)}
        found |= {
            each.relationship
            for each in reader.participation_of(other)
            if each.part is ListedPart.MENTEE
        }
    return found
