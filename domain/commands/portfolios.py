"""What is done with somebody's portfolio; always their own order, and it rests on no consent."""

from uuid import UUID

from domain.mentoring import Mentoring, NotFound, Order, Recorded
from domain.portfolio import PieceIsUnknown, Portfolio, Writing


def keep_piece(mentoring: Mentoring, order: Order, *, piece: UUID, writing: Writing) -> Recorded:
    """Add a piece."""
    subject = _find_or_begin(mentoring, order)
    subject.keep(piece, writing, order.act)
    return mentoring.commit(order, subject)


def amend_piece(mentoring: Mentoring, order: Order, *, piece: UUID, writing: Writing) -> Recorded:
    """Write a piece anew."""
    subject = _own(mentoring, order)
    subject.amend(piece, writing, order.act)
    return mentoring.commit(order, subject)


def destroy_piece(mentoring: Mentoring, order: Order, *, piece: UUID) -> Recorded:
    """Destroy a piece with its key."""
    subject = _own(mentoring, order)
    subject.destroy(piece, order.act)
    return mentoring.commit(order, subject)


def require_piece(mentoring: Mentoring, person: UUID, piece: UUID) -> None:
    """Refuse what is not in somebody's portfolio before a key is made for it; raises PieceIsUnknown."""
    found = find_portfolio(mentoring, person)
    if found is None:
        raise PieceIsUnknown
    found.piece(piece)


def find_portfolio(mentoring: Mentoring, person: UUID) -> Portfolio | None:
    """Somebody's portfolio, or None if they never wrote in it."""
    try:
        return mentoring.load(Portfolio, Portfolio.id_of(person))
    except NotFound:
        return None


def _own(mentoring: Mentoring, order: Order) -> Portfolio:
    found = find_portfolio(mentoring, order.act.actor)
    if found is None:
        raise PieceIsUnknown
    order.require_version(found)
    return found


def _find_or_begin(mentoring: Mentoring, order: Order) -> Portfolio:
    found = find_portfolio(mentoring, order.act.actor)
    if found is None:
        return Portfolio.begin_for(order.act.actor, order.act)
    order.require_version(found)
    return found
