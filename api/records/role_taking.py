"""When a role can be taken away: not while it is somebody's only way into a relationship they are in.

With the role would go their way to withdraw a consent, to their notes and to who looked.
"""

from uuid import UUID

from api.errors import NotThereYet
from domain.errors import DomainError
from domain.mentoring import Mentoring
from domain.relationship import Relationship
from domain.values import Role
from projections.participation import PARTICIPATION, ListedPart, Participation
from projections.reader import NotYet, Reader

PATIENCE_SECONDS = 5.0
PARTS = {
    Role.MENTEE: {ListedPart.MENTEE},
    Role.MENTOR: {ListedPart.MENTOR, ListedPart.PROPOSED_MENTOR},
}
"""The parts that somebody plays in a role; every other role is free of relationships."""


class InOpenRelationship(DomainError):
    """This person is in an open relationship in this role, and it stays theirs until that has ended."""


def require_not_in_relationship(
    mentoring: Mentoring, reader: Reader, person: UUID, role: Role, *, recorded: int
) -> None:
    """Refuse to take the role of somebody who is in an open relationship, or said yes to one.

    The list of who takes part is read once it shows everything up to the position `recorded`. What
    commits between this and the taking is not seen: for that moment a request can slip through, and
    the role can be given back. Raises InOpenRelationship, or NotThereYet while the list is behind.
    """
    parts = PARTS.get(role)
    if parts is None:
        return
    try:
        reader.wait_for(PARTICIPATION.name, recorded, PATIENCE_SECONDS)
        listed = reader.participation_of(person)
    except NotYet:
        raise NotThereYet from None
    held = [each for each in listed if each.is_open and each.part in parts]
    if any(_is_bound(mentoring, each) for each in held):
        raise InOpenRelationship


def _is_bound(mentoring: Mentoring, held: Participation) -> bool:
    """A mentor who has not answered a proposal is not in it yet; one who said yes can be matched."""
    if held.part is not ListedPart.PROPOSED_MENTOR:
        return True
    subject = mentoring.load(Relationship, held.relationship)
    proposal = subject.proposal
    has_accepted = proposal is not None and held.person in proposal.accepted_by
    return has_accepted or subject.mentor == held.person
