"""What is done so that whoever handles something learns that it waits; the clerk's orders."""

from collections.abc import Collection
from uuid import UUID

from domain.bell import Bell, Waiting
from domain.commands.circles import insiders_of
from domain.disclosure import Disclosure
from domain.mentoring import Mentoring, Order, Recorded


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


def near_disclosure(mentoring: Mentoring, disclosure: UUID) -> frozenset[UUID]:
    """Who is not told that a disclosure waits: the pair, its group, and whoever wrote it, who cannot be its second decider."""
    subject = mentoring.load(Disclosure, disclosure)
    return insiders_of(mentoring, subject.relationship) | {subject.written_by}
