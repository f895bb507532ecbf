"""What people said of a suggestion, a conflict, a dispute, another partner or an ending, for their coordinator to read."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.auth.callers import CoordinatorCaller, Now
from api.dependencies import MentoringPart, OpeningsPart
from api.records.openings import Why
from api.records.relations import as_coordinator
from api.records.words import WordsAnswer, open_words
from domain.access_register import AccessPurpose, Authority, RecordKind
from domain.sealed_words import Said, SaidOf, words_said

router = APIRouter(prefix="/relationships/{id}/said-words", tags=["relationships"])


class SaidAnswer(BaseModel):
    """Words of one party, who stands under their id."""

    of: SaidOf
    at: datetime
    by: UUID
    words: WordsAnswer
    with_person: UUID | None = Field(
        description="From whom the mentee is to be kept apart, where the words are of a conflict."
    )


class SaidWordsAnswer(BaseModel):
    """All of them, the newest first."""

    said: list[SaidAnswer]


@router.get("")
def show_said_words(
    id: UUID, caller: CoordinatorCaller, mentoring: MentoringPart, openings: OpeningsPart, at: Now
) -> SaidWordsAnswer:
    """Open what was said; every look is recorded, and whoever said it can read of it."""
    as_coordinator(mentoring, caller, id)
    why = Why(RecordKind.SAID_WORDS, AccessPurpose.ARRANGING, Authority.CONSENT, id)

    def shown(said: Said) -> SaidAnswer:
        words = open_words(openings, caller, said.words, why, now=at)
        return SaidAnswer(
            of=said.of, at=said.at, by=said.by, words=words, with_person=said.with_person
        )

    return SaidWordsAnswer(said=[shown(said) for said in words_said(mentoring, id)])
