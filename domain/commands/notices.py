"""What is done with notices."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.commands.loading import load_subject, require_new
from domain.mentoring import Mentoring, Order, Recorded
from domain.notice import Notice, NoticeIsPublished
from domain.values import Purpose


@dataclass(frozen=True, slots=True)
class Change:
    """Which words new ones replace, and by when those who agreed to the old ones renew, if they must."""

    supersedes: UUID | None = None
    renew_by: datetime | None = None


NOTHING_BEFORE = Change()


def publish_notice(  # noqa: PLR0913 - four of them are the words
    mentoring: Mentoring,
    order: Order,
    *,
    purpose: Purpose,
    version: int,
    language: str,
    text: str,
    change: Change = NOTHING_BEFORE,
) -> Recorded:
    """Publish the words to ask a consent with; those before them are asked with no longer."""
    notice = Notice.publish(purpose, version, language, text, order.act)
    require_new(mentoring, notice, NoticeIsPublished)
    if change.supersedes is None:
        return mentoring.commit(order, notice)
    before = mentoring.load(Notice, change.supersedes)
    before.supersede(notice.words, change.renew_by, order.act)
    return mentoring.commit(order, notice, before)


def retire_notice(mentoring: Mentoring, order: Order, *, notice: UUID) -> Recorded:
    """Stop asking with these words."""
    retired = load_subject(mentoring, order, Notice, notice)
    retired.retire(order.act)
    return mentoring.commit(order, retired)
