"""What is done with notices."""

from uuid import UUID

from domain.commands.loading import load_subject, require_new
from domain.mentoring import Mentoring, Order, Recorded
from domain.notice import Notice, NoticeIsPublished
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
    require_new(mentoring, notice, NoticeIsPublished)
    return mentoring.commit(order, notice)


def retire_notice(mentoring: Mentoring, order: Order, *, notice: UUID) -> Recorded:
    """Stop asking with these words."""
    retired = load_subject(mentoring, order, Notice, notice)
    retired.retire(order.act)
    return mentoring.commit(order, retired)
