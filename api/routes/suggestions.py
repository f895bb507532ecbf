"""Suggestions: made by whoever takes part, answered by a coordinator, and read by all without their authors."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.auth.callers import CoordinatorCaller, Now, PartyCaller, SchemeCaller
from api.dependencies import (
    ApartPart,
    Body,
    CarrierPart,
    CommandResult,
    MentoringPart,
    OpeningsPart,
    ReaderPart,
)
from api.errors import NotThereYet
from api.fields import OwnWords
from api.records import suggestions
from api.records.openings import Openings
from api.records.relations import Apart, own_partners
from api.records.words import WordsAnswer
from domain.access import Caller
from domain.mentoring import Mentoring, NotFound
from domain.suggestion import Suggestion, SuggestionOutcome
from projections.reader import NotYet
from projections.voice_questions import MOST_AT_ONCE, own_voices, voices
from projections.voices import VoiceKind, VoiceStage

router = APIRouter(tags=["suggestions"])

Before = Annotated[int | None, Query(ge=0, le=10**15)]


class MakeSuggestion(Body):
    """What somebody would change; a coordinator reads it, and nobody else."""

    words: OwnWords = Field(examples=["Let us plan sessions in the evening, too."])


class AnswerSuggestion(Body):
    """What was proposed, in words that name nobody, and what becomes of it; everybody taking part reads both."""

    outcome: SuggestionOutcome = Field(examples=["taken_up"])
    gist: OwnWords = Field(examples=["Sessions in the evening."])
    answer: OwnWords = Field(examples=["From May on they can be planned until eight."])


class ToldAnswer(BaseModel):
    """What was proposed and what becomes of it, in the scheme's own words."""

    outcome: SuggestionOutcome
    gist: str
    answer: str


class SuggestionAnswer(BaseModel):
    """One suggestion without the words of who made it."""

    id: UUID
    made_at: datetime
    told: ToldAnswer | None

    @classmethod
    def of(cls, subject: Suggestion, openings: Openings, now: datetime) -> Self:
        """The same as it stands in its events."""
        return cls(id=subject.id, made_at=subject.made_at, told=_told(subject, openings, now))


class OwnSuggestions(BaseModel):
    """What one proposed oneself, what changed last first."""

    suggestions: list[SuggestionAnswer]


class WaitingAnswer(BaseModel):
    """One that waits for an answer."""

    id: UUID
    made_at: datetime


class WaitingSuggestions(BaseModel):
    """Those that wait for an answer, and where the next page begins."""

    suggestions: list[WaitingAnswer]
    next: int | None


class ToldSuggestions(BaseModel):
    """What was proposed and answered, without dates or authors, and where the next page begins."""

    suggestions: list[ToldAnswer]
    next: int | None


@router.post("/me/suggestions", status_code=201)
def make(
    body: MakeSuggestion, _caller: PartyCaller, carrier: CarrierPart, openings: OpeningsPart
) -> CommandResult:
    """Propose a change to the scheme."""
    return carrier.carry_out(suggestions.suggest, openings=openings, text=body.words)


@router.get("/me/suggestions")
def own(
    caller: PartyCaller,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    reader: ReaderPart,
    at: Now,
) -> OwnSuggestions:
    """List one's own, and what became of each."""
    try:
        rows = own_voices(reader, VoiceKind.SUGGESTION, caller.person)
    except NotYet:
        raise NotThereYet from None
    found = [mentoring.load(Suggestion, row.record) for row in rows]
    return OwnSuggestions(suggestions=[SuggestionAnswer.of(each, openings, at) for each in found])


@router.get("/me/suggestions/{id}/words")
def own_words(
    id: UUID, caller: PartyCaller, mentoring: MentoringPart, openings: OpeningsPart, at: Now
) -> WordsAnswer:
    """Read what one proposed oneself."""
    subject = mentoring.load(Suggestion, id)
    if subject.made_by != caller.person:
        raise NotFound
    return suggestions.read_words(openings, caller, subject, now=at)


@router.get("/suggestions")
def answered(
    _caller: SchemeCaller,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    reader: ReaderPart,
    at: Now,
    before: Before = None,
) -> ToldSuggestions:
    """Read what others proposed and what became of it."""
    try:
        rows = voices(reader, VoiceKind.SUGGESTION, VoiceStage.SHOWN, before=before)
    except NotYet:
        raise NotThereYet from None
    found = (_told(mentoring.load(Suggestion, row.record), openings, at) for row in rows)
    end = rows[-1].position if len(rows) == MOST_AT_ONCE else None
    return ToldSuggestions(suggestions=[each for each in found if each], next=end)


@router.get("/suggestion-desk")
def waiting(
    caller: CoordinatorCaller,
    mentoring: MentoringPart,
    reader: ReaderPart,
    before: Before = None,
) -> WaitingSuggestions:
    """List those that wait for an answer, without their words; none of one's own or one's partners."""
    try:
        rows = voices(reader, VoiceKind.SUGGESTION, VoiceStage.WAITING, before=before)
        near = own_partners(reader, caller.person)
    except NotYet:
        raise NotThereYet from None
    found = [mentoring.load(Suggestion, row.record) for row in rows if row.person not in near]
    end = rows[-1].position if len(rows) == MOST_AT_ONCE else None
    listed = [WaitingAnswer(id=each.id, made_at=each.made_at) for each in found]
    return WaitingSuggestions(suggestions=listed, next=end)


@router.get("/suggestion-desk/{id}/words")
def read_words(
    id: UUID,
    caller: CoordinatorCaller,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    apart: ApartPart,
    at: Now,
) -> WordsAnswer:
    """Open one; the look is recorded, and whoever made it reads of it."""
    subject = as_answerer(mentoring, apart, caller, id)
    return suggestions.read_words(openings, caller, subject, now=at)


@router.post("/suggestion-desk/{id}/answer", status_code=201)
def answer(
    id: UUID,
    body: AnswerSuggestion,
    caller: CoordinatorCaller,
    mentoring: MentoringPart,
    apart: ApartPart,
    openings: OpeningsPart,
    carrier: CarrierPart,
) -> CommandResult:
    """Say what becomes of it, to everybody taking part."""
    subject = as_answerer(mentoring, apart, caller, id)
    return carrier.carry_out(
        suggestions.tell,
        suggestion=subject,
        outcome=body.outcome,
        texts=(body.gist, body.answer),
        openings=openings,
    )


def as_answerer(mentoring: Mentoring, apart: Apart, caller: Caller, id: UUID) -> Suggestion:
    """A suggestion for a coordinator; their own, or their partner's, is another's to answer."""
    subject = mentoring.load(Suggestion, id)
    if subject.made_by == caller.person:
        raise NotFound
    apart.require(caller, subject.made_by)
    return subject


def _told(subject: Suggestion, openings: Openings, now: datetime) -> ToldAnswer | None:
    gist = suggestions.told(openings, subject.gist, now=now)
    answer = suggestions.told(openings, subject.answer_told, now=now)
    if subject.outcome is None or gist is None or answer is None:
        return None
    return ToldAnswer(outcome=subject.outcome, gist=gist, answer=answer)
