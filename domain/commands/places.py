"""What is done with places."""

from uuid import UUID

from domain.mentoring import Mentoring, Order, Recorded
from domain.place import Place


def grant_place(
    mentoring: Mentoring, order: Order, *, id: UUID, agreement: UUID, sessions: int
) -> Recorded:
    """Grant one place under an agreement; a coordinator's order."""
    place = Place.grant(id, agreement=agreement, sessions=sessions, act=order.act)
    return mentoring.commit(order, place)
