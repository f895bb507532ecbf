"""What is done with places; what an agreement pays for is set aside in it in the same commit."""

from uuid import UUID

from domain.aggregate import Aggregate
from domain.commands.footing import Footing, footing_under
from domain.commands.loading import load_subject
from domain.errors import DomainError
from domain.funding_agreement import FundingAgreement
from domain.mentoring import Mentoring, Order, Recorded
from domain.place import Place, WrongCeiling
from domain.relationship import Relationship


class PlaceNeedsFunding(DomainError):
    """The places of this programme are paid for; grant one under an agreement."""


def grant_place(
    mentoring: Mentoring,
    order: Order,
    *,
    id: UUID,
    agreement: UUID,
    sessions: int | None = None,
    mentee: UUID | None = None,
) -> Recorded:
    """Grant one place under an agreement, to a practitioner if one is named; a coordinator's order.

    In a programme whose places need no funding, `agreement` is the programme itself. Without
    `sessions` the place holds as many as either allows, which is also the most.
    """
    footing = footing_under(mentoring, agreement)
    ceiling = ceiling_of(footing)
    granted = ceiling if sessions is None else sessions
    if granted > ceiling:
        raise WrongCeiling
    place = Place.grant(id, agreement=agreement, sessions=granted, act=order.act)
    if mentee is not None:
        place.assign(mentee, order.act)
    return _commit_granted(mentoring, order, footing, place, granted)


def ceiling_of(footing: Footing) -> int:
    """How many sessions a place is granted; raises PlaceNeedsFunding where nobody pays who has to."""
    if footing.agreement is not None:
        return footing.agreement.terms.sessions_per_place
    if footing.programme.settings.needs_place:
        raise PlaceNeedsFunding
    return footing.programme.settings.ceiling


def extend_place(mentoring: Mentoring, order: Order, *, place: UUID, sessions: int) -> Recorded:
    """Rule 7: grant more, where funding is free or none is needed; a coordinator's order who takes no part in it."""
    subject = load_subject(mentoring, order, Place, place)
    footing = footing_under(mentoring, subject.agreement)
    rested_on = []
    if subject.relationship is not None:
        pair = mentoring.load(Relationship, subject.relationship)
        pair.require_outsider(order.act.actor)
        rested_on.append(pair)
    subject.extend(sessions, order.act)
    return _commit_granted(mentoring, order, footing, subject, sessions, *rested_on)


def return_unused(mentoring: Mentoring, order: Order, *, place: UUID) -> Recorded:
    """Give what a place does not use back to its agreement, if it has one; a coordinator's order."""
    subject = load_subject(mentoring, order, Place, place)
    funding = footing_under(mentoring, subject.agreement).agreement
    returned = subject.return_unused(order.act)
    if funding is None:
        return mentoring.commit(order, subject)
    funding.take_back(place, returned, order.act)
    return mentoring.commit(order, subject, funding)


def return_after_the_end(mentoring: Mentoring, order: Order, *, place: UUID) -> Recorded:
    """Give what came back to a place on to its agreement, once that has ended; the clerk's order."""
    subject = mentoring.load(Place, place)
    funding = mentoring.load(FundingAgreement, subject.agreement)
    funding.require_ended()
    funding.take_back(place, subject.return_unused(order.act), order.act)
    return mentoring.commit(order, subject, funding)


def _commit_granted(
    mentoring: Mentoring,
    order: Order,
    footing: Footing,
    place: Place,
    sessions: int,
    *rested_on: Aggregate,
) -> Recorded:
    funding = footing.agreement
    if funding is None:
        return mentoring.commit(order, place, read=(*rested_on, *footing.read))
    funding.allot(place.id, sessions, order.act)
    return mentoring.commit(order, place, funding, read=rested_on)
