"""What is done with concerns."""

from datetime import timedelta
from uuid import UUID

from domain.commands.erasures import require_not_held
from domain.commands.loading import load_subject
from domain.concern import Concern, ConcernCategory, Desk
from domain.mentoring import Mentoring, Order, Recorded
from domain.values import Sealed


def raise_concern(
    mentoring: Mentoring,
    order: Order,
    *,
    id: UUID,
    category: ConcernCategory,
    desk: Desk,
    words: Sealed,
) -> Recorded:
    """Say what one worries about; the order of whoever takes part, or of a coordinator."""
    raised = Concern.raise_it(id, category, desk, words=words, act=order.act)
    return mentoring.commit(order, raised)


def triage_concern(
    mentoring: Mentoring, order: Order, *, concern: UUID, category: ConcernCategory, desk: Desk
) -> Recorded:
    """Say of what kind it is, or pass it on; a coordinator's order."""
    subject = load_subject(mentoring, order, Concern, concern)
    subject.triage(category, desk, order.act)
    return mentoring.commit(order, subject)


def take_concern(
    mentoring: Mentoring, order: Order, *, concern: UUID, instead_of: UUID | None = None
) -> Recorded:
    """Look into it oneself; a safeguarding lead's order. `instead_of` names who had it and is no lead any more."""
    subject = load_subject(mentoring, order, Concern, concern)
    subject.take(order.act, instead_of=instead_of)
    return mentoring.commit(order, subject)


def hand_over_concern(mentoring: Mentoring, order: Order, *, concern: UUID, to: UUID) -> Recorded:
    """Let another safeguarding lead look into it; the order of who has it."""
    subject = load_subject(mentoring, order, Concern, concern)
    subject.hand_over(to, order.act)
    return mentoring.commit(order, subject)


def close_concern(mentoring: Mentoring, order: Order, *, concern: UUID, words: Sealed) -> Recorded:
    """Answer it; the order of whoever looks into it."""
    subject = load_subject(mentoring, order, Concern, concern)
    subject.close(words, order.act)
    return mentoring.commit(order, subject)


def forget_concern_when_due(
    mentoring: Mentoring, order: Order, *, record: UUID, period: timedelta
) -> Recorded:
    """Destroy what has been closed for long enough and no hold keeps; the clerk's order."""
    subject = mentoring.load(Concern, record)
    free = require_not_held(mentoring, subject.raised_by)
    subject.forget_when_due(period, order.act)
    return mentoring.commit(order, subject, read=free)
