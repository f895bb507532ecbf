"""Those who read one notebook and plan one hour: a pair, or a whole group."""

from uuid import UUID

from domain.group import Group
from domain.mentoring import Mentoring, NotFound
from domain.relationship import Relationship

Circle = Relationship | Group


def load_circle(mentoring: Mentoring, id: UUID) -> Circle:
    """A pair or a group, whichever has this id; raises NotFound."""
    try:
        return mentoring.load(Relationship, id)
    except NotFound:
        return mentoring.load(Group, id)


def insiders_of(mentoring: Mentoring, relationship: UUID) -> frozenset[UUID]:
    """Everybody who is or was in a pair, or was proposed for it, and, where it is of a group, who is or was in that."""
    pair = mentoring.load(Relationship, relationship)
    if pair.group is None:
        return pair.insiders
    return pair.insiders | mentoring.load(Group, pair.group).insiders


def has_conflict_within(mentoring: Mentoring, circle: Circle) -> bool:
    """Whether a conflict was declared between two who take part here now: software ends nothing because of it."""
    pairs = (
        [circle]
        if isinstance(circle, Relationship)
        else [mentoring.load(Relationship, each) for each in sorted(circle.members)]
    )
    return any(not circle.people.isdisjoint(each.conflicts) for each in pairs)
