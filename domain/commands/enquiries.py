"""What is done with enquiries."""

from uuid import UUID

from domain.commands.loading import load_subject
from domain.enquiry import AnswerMeans, Enquiry, EnquiryKind, ForgettingReason, Retention
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
    """Note that it was answered elsewhere; a coordinator's order."""
    subject = load_subject(mentoring, order, Enquiry, enquiry)
    subject.answer(means, order.act)
    return mentoring.commit(order, subject)


def reply_to_enquiry(
    mentoring: Mentoring, order: Order, *, enquiry: UUID, words: Sealed
) -> Recorded:
    """Answer by mail, which goes with the record of it; a coordinator's order."""
    subject = load_subject(mentoring, order, Enquiry, enquiry)
    subject.reply(words, order.act)
    return mentoring.commit(order, subject)


def forget_enquiry(
    mentoring: Mentoring, order: Order, *, enquiry: UUID, reason: ForgettingReason
) -> Recorded:
    """Destroy what was asked, at the wish of who asked, or earlier than by itself."""
    subject = load_subject(mentoring, order, Enquiry, enquiry)
    subject.forget(reason, order.act)
    return mentoring.commit(order, subject)


def forget_when_due(
    mentoring: Mentoring, order: Order, *, enquiry: UUID, retention: Retention
) -> Recorded:
    """Destroy what has been kept long enough; the clerk's order."""
    subject = mentoring.load(Enquiry, enquiry)
    subject.forget_when_due(retention, order.act)
    return mentoring.commit(order, subject)
