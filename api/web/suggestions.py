"""Suggestions on pages: one's own with what became of each, what others proposed, and the desk of whoever answers."""

from collections.abc import Mapping
from typing import Annotated, ClassVar
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api.auth.callers import CoordinatorCaller, Now, PartyCaller, SchemeCaller
from api.dependencies import (
    ApartPart,
    CarrierPart,
    CommandResult,
    MentoringPart,
    OpeningsPart,
    ReaderPart,
    WaitingPart,
)
from api.fields import OwnWords
from api.records.words import WordsAnswer
from api.routes import suggestions as routes
from api.web.filled import NOTHING_FILLED, Filled, TypedForm, carried_out
from api.web.forms import ReadForm
from api.web.looking import AtLeast, is_there
from api.web.party import Party, PartyPart
from api.web.rendering import page
from domain.access import Caller
from domain.suggestion import Suggestion, SuggestionOutcome
from projections.reader import Reader
from projections.voices import VOICES

router = APIRouter(include_in_schema=False, dependencies=[ReadForm])

Before = Annotated[int | None, Query(ge=0, le=10**15)]

OUTCOMES = {
    SuggestionOutcome.TAKEN_UP: "We do it",
    SuggestionOutcome.DONE_ALREADY: "It is so already",
    SuggestionOutcome.NOT_NOW: "Not now",
    SuggestionOutcome.NOT_TAKEN_UP: "We do not do it",
}


class SuggestionForm(TypedForm):
    """What somebody would change."""

    faults: ClassVar[Mapping[str, str]] = {
        "words": "Write what you would change, in 4,000 characters at most."
    }
    blamed: ClassVar[str] = "words"

    words: OwnWords


class AnswerForm(TypedForm):
    """What was proposed, and what becomes of it."""

    faults: ClassVar[Mapping[str, str]] = {
        "gist": "Write what was proposed, in 4,000 characters at most.",
        "outcome": "Choose what becomes of it.",
        "answer": "Write your answer, in 4,000 characters at most.",
    }
    blamed: ClassVar[str] = "answer"

    outcome: SuggestionOutcome
    gist: OwnWords
    answer: OwnWords


@router.get("/my-suggestions")
def show_own(
    _caller: PartyCaller,
    party: PartyPart,
    reader: ReaderPart,
    waiting: WaitingPart,
    at_least: AtLeast = None,
) -> Response:
    """One's own, and the form."""
    return _own(party, reader, is_current=is_there(waiting, VOICES.name, at_least))


@router.post("/my-suggestions")
def make(
    caller: PartyCaller, party: PartyPart, reader: ReaderPart, carrier: CarrierPart
) -> Response:
    """Propose a change."""

    def carry(form: SuggestionForm) -> CommandResult:
        body = routes.MakeSuggestion(words=form.words)
        return routes.make(body, caller, carrier, party.openings)

    return carried_out(
        party.request, SuggestionForm, carry, lambda filled: _own(party, reader, filled)
    )


@router.get("/my-suggestions/{suggestion}")
def show_own_words(suggestion: UUID, caller: PartyCaller, party: PartyPart) -> Response:
    """What one wrote."""
    words = routes.own_words(suggestion, caller, party.mentoring, party.openings, party.now)
    subject = party.mentoring.load(Suggestion, suggestion)
    one = routes.SuggestionAnswer.of(subject, party.openings, party.now)
    return party.page("suggestion.html", one=one, words=words, outcomes=OUTCOMES)


@router.get("/suggestions")
def show_all(
    request: Request,
    caller: SchemeCaller,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    reader: ReaderPart,
    at: Now,
    before: Before = None,
) -> Response:
    """What was proposed, and what became of it; nobody's name."""
    found = routes.answered(caller, mentoring, openings, reader, at, before)
    return page(request, "suggestions.html", caller=caller, found=found, outcomes=OUTCOMES)


@router.get("/suggestion-desk")
def show_desk(
    request: Request,
    caller: CoordinatorCaller,
    mentoring: MentoringPart,
    reader: ReaderPart,
    before: Before = None,
) -> Response:
    """Those that wait for an answer."""
    found = routes.waiting(caller, mentoring, reader, before)
    return page(request, "suggestion_desk.html", caller=caller, found=found)


@router.get("/suggestion-desk/{suggestion}")
def show_one(
    suggestion: UUID,
    request: Request,
    caller: CoordinatorCaller,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    apart: ApartPart,
    at: Now,
) -> Response:
    """What somebody proposes; the look is recorded."""
    words = routes.read_words(suggestion, caller, mentoring, openings, apart, at)
    subject = routes.as_answerer(mentoring, apart, caller, suggestion)
    one = routes.SuggestionAnswer.of(subject, openings, at)
    return _one(request, caller, one, words)


@router.post("/suggestion-desk/{suggestion}/answer")
def answer(
    suggestion: UUID,
    request: Request,
    caller: CoordinatorCaller,
    mentoring: MentoringPart,
    apart: ApartPart,
    openings: OpeningsPart,
    carrier: CarrierPart,
    at: Now,
) -> Response:
    """Say what becomes of it."""

    def carry(form: AnswerForm) -> CommandResult:
        body = routes.AnswerSuggestion(**form.model_dump())
        return routes.answer(suggestion, body, caller, mentoring, apart, openings, carrier)

    def again(filled: Filled) -> Response:
        subject = routes.as_answerer(mentoring, apart, caller, suggestion)
        one = routes.SuggestionAnswer.of(subject, openings, at)
        return _one(request, caller, one, None, filled)

    return carried_out(request, AnswerForm, carry, again)


def _own(
    party: Party, reader: Reader, filled: Filled = NOTHING_FILLED, *, is_current: bool = True
) -> Response:
    rows = routes.own(party.caller, party.mentoring, party.openings, reader, party.now)
    return party.page(
        "my_suggestions.html",
        filled=filled,
        is_current=is_current,
        rows=rows.suggestions,
        outcomes=OUTCOMES,
    )


def _one(
    request: Request,
    caller: Caller,
    one: routes.SuggestionAnswer,
    words: WordsAnswer | None,
    filled: Filled = NOTHING_FILLED,
) -> Response:
    return page(
        request,
        "suggestion_answered.html",
        status=filled.status,
        caller=caller,
        filled=filled,
        one=one,
        words=words,
        outcomes=OUTCOMES,
    )
