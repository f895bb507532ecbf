"""What is done so that whoever handles something learns that it waits; the clerk's orders."""

from collections.abc import Collection
from uuid import UUID

from domain.bell import Bell, Waiting
from domain.commands.circles import has_conflict_within, insiders_of, load_circle
from domain.commands.loading import require_new
from domain.disclosure import Disclosure
from domain.errors import DomainError
from domain.mentoring import Mentoring, Order, Recorded
from domain.relationship import Relationship
from domain.values import Role


class NothingToTell(DomainError):
    """They do not meet here, so that a conflict between them changes nothing; or somebody was told of it before."""


def ring(
    mentoring: Mentoring,
    order: Order,
    *,
    waiting: Waiting,
    holders: Collection[UUID],
    apart: Collection[UUID] = (),
) -> Recorded:
    """Tell those who may handle it: of a duty's holders nobody whose own or whose partner's it is (`apart`)."""
    to = set(holders) - set(apart)
    return mentoring.commit(order, Bell.ring(waiting, to, order.act))


def ring_for_conflict(
    mentoring: Mentoring, order: Order, *, relationship: UUID, holders: Collection[UUID]
) -> Recorded:
    """Tell coordinators that a conflict stands between two who meet; nobody in it is told, and nothing ends."""
    pair = mentoring.load(Relationship, relationship)
    circle = load_circle(mentoring, pair.group or pair.id)
    if circle.closed_for is not None or not has_conflict_within(mentoring, circle):
        raise NothingToTell
    near = insiders_of(mentoring, relationship)
    waiting = Waiting(relationship, Role.COORDINATOR)
    bell = Bell.ring(waiting, set(holders) - near, order.act)
    require_new(mentoring, bell, NothingToTell)
    return mentoring.commit(order, bell)


def near_disclosure(mentoring: Mentoring, disclosure: UUID) -> frozenset[UUID]:
    """Who is not told that a disclosure waits: the pair, its group, and whoever wrote it, who cannot be its second decider."""
    subject = mentoring.load(Disclosure, disclosure)
    return insiders_of(mentoring, subject.relationship) | {subject.written_by}
