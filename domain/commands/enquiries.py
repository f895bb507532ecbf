"""What is done with enquiries."""

from uuid import UUID

from domain.commands.loading import load_subject
from domain.enquiry import AnswerMeans, Enquiry, EnquiryKind, ForgettingReason
from domain.mentoring import Mentoring, Order, Recorded
from domain.values import Sealed


def make_enquiry(
    mentoring: Mentoring, order: Order, kind: EnquiryKind, *, contact: Sealed, words: Sealed
) -> Recorded:
    """Ask about the scheme; anybody's order, whose actor is the enquiry itself."""
    id = order.act.actor
    made = Enquiry.make(id, kind, contact=contact, words=words, act=order.act)
    return mentoring.commit(order, made)


def answer_enquiry(
    mentoring: Mentoring, order: Order, *, enquiry: UUID, means: AnswerMeans
) -> Recorded:
    """Note that it was answered; a coordinator's order."""
    subject = load_subject(mentoring, order, Enquiry, enquiry)
    subject.answer(means, order.act)
    return mentoring.commit(order, subject)


def forget_enquiry(
    mentoring: Mentoring, order: Order, *, enquiry: UUID, reason: ForgettingReason
) -> Recorded:
    """Destroy what was asked, at the wish of who asked or when it has been kept long enough."""
    subject = load_subject(mentoring, order, Enquiry, enquiry)
    subject.forget(reason, order.act)
    return mentoring.commit(order, subject)
