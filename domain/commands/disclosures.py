"""What is done with disclosures: written by one, decided by another, made, reviewed and closed."""

from datetime import date, timedelta
from uuid import UUID

from domain.commands.erasures import require_not_held
from domain.commands.loading import load_subject
from domain.disclosure import Disclosure, DisclosureFacts, NotToldReason, Telling
from domain.mentoring import Mentoring, Order, Recorded
from domain.relationship import Relationship


def write_disclosure(
    mentoring: Mentoring, order: Order, *, id: UUID, written: DisclosureFacts, telling: Telling
) -> Recorded:
    """Write one down, and say whether the mentee knows; the order of their mentor or of a safeguarding lead."""
    pair = mentoring.load(Relationship, written.relationship)
    subject = Disclosure.write(id, written, order.act)
    if telling.is_told:
        subject.tell(pair.mentee, order.act)
    elif telling.reason is not None and telling.look_again_on is not None:
        subject.put_off_telling(telling.reason, telling.look_again_on, order.act)
    return mentoring.commit(order, subject)


def agree_to_disclosure(mentoring: Mentoring, order: Order, *, disclosure: UUID) -> Recorded:
    """Decide for it; a safeguarding lead's order, never of who wrote it."""
    subject = load_subject(mentoring, order, Disclosure, disclosure)
    subject.agree(order.act)
    return mentoring.commit(order, subject)


def decline_disclosure(mentoring: Mentoring, order: Order, *, disclosure: UUID) -> Recorded:
    """Decide against it; a safeguarding lead's order, never of who wrote it."""
    subject = load_subject(mentoring, order, Disclosure, disclosure)
    subject.decline(order.act)
    return mentoring.commit(order, subject)


def tell_mentee(mentoring: Mentoring, order: Order, *, disclosure: UUID) -> Recorded:
    """Note that the mentee was told; a safeguarding lead's order."""
    subject = load_subject(mentoring, order, Disclosure, disclosure)
    pair = mentoring.load(Relationship, subject.relationship)
    subject.tell(pair.mentee, order.act)
    return mentoring.commit(order, subject)


def put_off_telling(
    mentoring: Mentoring,
    order: Order,
    *,
    disclosure: UUID,
    reason: NotToldReason,
    look_again_on: date,
) -> Recorded:
    """Note why the mentee is not told yet; a safeguarding lead's order."""
    subject = load_subject(mentoring, order, Disclosure, disclosure)
    subject.put_off_telling(reason, look_again_on, order.act)
    return mentoring.commit(order, subject)


def make_disclosure(
    mentoring: Mentoring, order: Order, *, disclosure: UUID, review_on: date
) -> Recorded:
    """Note that it was passed on outside; a safeguarding lead's order."""
    subject = load_subject(mentoring, order, Disclosure, disclosure)
    subject.make(review_on, order.act)
    return mentoring.commit(order, subject)


def review_disclosure(
    mentoring: Mentoring, order: Order, *, disclosure: UUID, review_on: date | None
) -> Recorded:
    """Look at it again, or close it; a safeguarding lead's order."""
    subject = load_subject(mentoring, order, Disclosure, disclosure)
    subject.review(review_on, order.act)
    return mentoring.commit(order, subject)


def forget_disclosure_when_due(
    mentoring: Mentoring, order: Order, *, record: UUID, period: timedelta
) -> Recorded:
    """Destroy what has been over for long enough and no hold keeps; the clerk's order."""
    subject = mentoring.load(Disclosure, record)
    pair = mentoring.load(Relationship, subject.relationship)
    free = require_not_held(mentoring, pair.mentee)
    subject.forget_when_due(period, order.act)
    return mentoring.commit(order, subject, read=free)
