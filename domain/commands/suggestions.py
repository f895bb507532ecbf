"""What is done with suggestions: made by whoever takes part, answered by a coordinator."""

from datetime import timedelta
from uuid import UUID

from domain.commands.erasures import require_not_held
from domain.commands.loading import load_subject
from domain.mentoring import Mentoring, Order, Recorded
from domain.suggestion import Suggestion, SuggestionOutcome
from domain.values import Sealed


def make_suggestion(mentoring: Mentoring, order: Order, *, id: UUID, words: Sealed) -> Recorded:
    """Propose a change; the order of whoever takes part."""
    return mentoring.commit(order, Suggestion.make(id, words, order.act))


def answer_suggestion(
    mentoring: Mentoring,
    order: Order,
    *,
    suggestion: UUID,
    outcome: SuggestionOutcome,
    told: tuple[Sealed, Sealed],
) -> Recorded:
    """Say what becomes of it; a coordinator's order. `told` are the gist and the answer."""
    subject = load_subject(mentoring, order, Suggestion, suggestion)
    subject.answer(outcome, *told, order.act)
    return mentoring.commit(order, subject)


def forget_suggestion_when_due(
    mentoring: Mentoring, order: Order, *, record: UUID, period: timedelta
) -> Recorded:
    """Destroy the words of what was answered long enough ago and no hold keeps; the clerk's order."""
    subject = mentoring.load(Suggestion, record)
    free = require_not_held(mentoring, subject.made_by)
    subject.forget_when_due(period, order.act)
    return mentoring.commit(order, subject, read=free)
