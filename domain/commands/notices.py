"""What is done with notices."""

from uuid import UUID

from domain.mentoring import Mentoring, Order, Recorded
from domain.notice import Notice
from domain.values import Purpose


def publish_notice(
    mentoring: Mentoring,
    order: Order,
    *,
    purpose: Purpose,
    version: int,
    language: str,
    text: str,
) -> Recorded:
    """Publish the words to ask a consent with."""
    notice = Notice.publish(purpose, version, language, text, order.act)
    return mentoring.commit(order, notice)


def retire_notice(mentoring: Mentoring, order: Order, *, notice: UUID) -> Recorded:
    """Stop asking with these words."""
    retired = mentoring.load(Notice, notice)
    order.require_version(retired)
    retired.retire(order.act)
    return mentoring.commit(order, retired)
