"""What is done with requests about one's own record, apart from erasures."""

from datetime import timedelta
from uuid import UUID

from domain.commands.erasures import require_not_held
from domain.commands.loading import load_subject
from domain.mentoring import Mentoring, Order, Recorded
from domain.rights_request import ExtensionReason, RequestRefusal, RightsKind, RightsRequest
from domain.values import Sealed


def make_rights_request(
    mentoring: Mentoring, order: Order, *, id: UUID, kind: RightsKind, words: Sealed | None
) -> Recorded:
    """Ask about one's own record; the person's own order."""
    made = RightsRequest.make(id, kind, words=words, act=order.act)
    return mentoring.commit(order, made)


def extend_rights_request(
    mentoring: Mentoring, order: Order, *, request: UUID, reason: ExtensionReason
) -> Recorded:
    """Take two months more; the data protection lead's order."""
    subject = load_subject(mentoring, order, RightsRequest, request)
    subject.extend(reason, order.act)
    return mentoring.commit(order, subject)


def answer_rights_request(
    mentoring: Mentoring, order: Order, *, request: UUID, words: Sealed
) -> Recorded:
    """Answer it; the data protection lead's order."""
    subject = load_subject(mentoring, order, RightsRequest, request)
    subject.answer_with(words, order.act)
    return mentoring.commit(order, subject)


def refuse_rights_request(
    mentoring: Mentoring, order: Order, *, request: UUID, reason: RequestRefusal, words: Sealed
) -> Recorded:
    """Refuse it, in words; the data protection lead's order."""
    subject = load_subject(mentoring, order, RightsRequest, request)
    subject.refuse(reason, words, order.act)
    return mentoring.commit(order, subject)


def forget_rights_request_when_due(
    mentoring: Mentoring, order: Order, *, record: UUID, period: timedelta
) -> Recorded:
    """Destroy what has been answered for long enough and no hold keeps; the clerk's order."""
    subject = mentoring.load(RightsRequest, record)
    free = require_not_held(mentoring, subject.person)
    subject.forget_when_due(period, order.act)
    return mentoring.commit(order, subject, read=free)
