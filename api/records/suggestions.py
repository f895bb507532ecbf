"""Suggestions: the words of whoever made one for coordinators alone, and the scheme's own account for everybody."""

from datetime import datetime

from api.records.openings import Openings, Whose, Why
from api.records.words import WordsAnswer, open_words
from domain.access import Caller
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.commands.suggestions import answer_suggestion, make_suggestion
from domain.mentoring import Mentoring, Order, Recorded
from domain.suggestion import TOLD_PURPOSE, Suggestion, SuggestionOutcome
from domain.values import Compartment, Sealed

OWN = Why(RecordKind.SUGGESTION, AccessPurpose.OWN_RECORD, Authority.OWN_RECORD)
TO_ANSWER = Why(RecordKind.SUGGESTION, AccessPurpose.ANSWERING, Authority.ASSIGNED_DUTY)


def suggest(mentoring: Mentoring, order: Order, *, openings: Openings, text: str) -> Recorded:
    """Propose a change; its id is the command's, which a repetition shares."""
    id, person = order.command_id, order.act.actor
    whose = Whose(Compartment.PERSONAL, person, Suggestion.purpose_of(id), "words")
    return make_suggestion(mentoring, order, id=id, words=openings.seal(whose, text))


def tell(
    mentoring: Mentoring,
    order: Order,
    *,
    suggestion: Suggestion,
    outcome: SuggestionOutcome,
    texts: tuple[str, str],
    openings: Openings,
) -> Recorded:
    """Say what becomes of it; `texts` are the gist and the answer, which everybody taking part reads."""
    gist, answer = (
        openings.seal(Whose(Compartment.PERSONAL, suggestion.id, TOLD_PURPOSE, field), text)
        for field, text in zip(("gist", "answer"), texts, strict=True)
    )
    return answer_suggestion(
        mentoring, order, suggestion=suggestion.id, outcome=outcome, told=(gist, answer)
    )


def read_words(
    openings: Openings, caller: Caller, suggestion: Suggestion, *, now: datetime
) -> WordsAnswer:
    """What somebody proposed in their own words; the look is recorded."""
    why = OWN if caller.person == suggestion.made_by else TO_ANSWER
    return open_words(openings, caller, suggestion.words, why, now=now)


def told(openings: Openings, value: Sealed | None, *, now: datetime) -> str | None:
    """What the scheme says of it, for everybody taking part."""
    return None if value is None else openings.open_published(value, now=now)
