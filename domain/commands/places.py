"""What is done with places; what they are granted is set aside in their agreement in the same commit."""

from uuid import UUID

from domain.commands.loading import load_subject
from domain.funding_agreement import FundingAgreement
from domain.mentoring import Mentoring, Order, Recorded
from domain.place import Place, WrongCeiling
from domain.relationship import Relationship


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

    Without `sessions` it holds as many as the agreement says, which is also the most.
    """
    funding = mentoring.load(FundingAgreement, agreement)
    ceiling = funding.terms.sessions_per_place
    granted = ceiling if sessions is None else sessions
    if granted > ceiling:
        raise WrongCeiling
    place = Place.grant(id, agreement=agreement, sessions=granted, act=order.act)
    if mentee is not None:
        place.assign(mentee, order.act)
    funding.allot(id, granted, order.act)
    return mentoring.commit(order, place, funding)


def extend_place(mentoring: Mentoring, order: Order, *, place: UUID, sessions: int) -> Recorded:
    """Rule 7: grant more, where funding is free; a coordinator's order who takes no part in it."""
    subject = load_subject(mentoring, order, Place, place)
    funding = mentoring.load(FundingAgreement, subject.agreement)
    rested_on = []
    if subject.relationship is not None:
        pair = mentoring.load(Relationship, subject.relationship)
        pair.require_outsider(order.act.actor)
        rested_on.append(pair)
    subject.extend(sessions, order.act)
    funding.allot(place, sessions, order.act)
    return mentoring.commit(order, subject, funding, read=rested_on)


def return_unused(mentoring: Mentoring, order: Order, *, place: UUID) -> Recorded:
    """Give what a place does not use back to its agreement; a coordinator's order."""
    subject = load_subject(mentoring, order, Place, place)
    funding = mentoring.load(FundingAgreement, subject.agreement)
    funding.take_back(place, subject.return_unused(order.act), order.act)
    return mentoring.commit(order, subject, funding)


def return_after_the_end(mentoring: Mentoring, order: Order, *, place: UUID) -> Recorded:
    """Give what came back to a place on to its agreement, once that has ended; the clerk's order."""
    subject = mentoring.load(Place, place)
    funding = mentoring.load(FundingAgreement, subject.agreement)
    funding.require_ended()
    funding.take_back(place, subject.return_unused(order.act), order.act)
    return mentoring.commit(order, subject, funding)
