"""Concerns: raised by whoever takes part, looked into by a coordinator or the safeguarding lead, answered."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from api.auth.callers import ConcernHandler, CoordinatorCaller, Now, SchemeCaller
from api.carrying_out import carry_out
from api.dependencies import (
    ApartPart,
    Body,
    CommandResult,
    MentoringPart,
    OpeningsPart,
    OrderPart,
    ReaderPart,
    result_of,
)
from api.errors import NotThereYet
from api.fields import Limit, OwnWords
from api.records.letters import (
    LetterWords,
    as_concern_handler,
    open_letter,
    own_concern,
    seal_letter,
)
from api.records.relations import own_partners
from domain.access import Caller
from domain.commands import concerns as commands
from domain.concern import Concern, ConcernCategory, ConcernStage, Desk
from domain.mentoring import Mentoring
from domain.values import Role
from projections.desk_questions import desk, own_items
from projections.desks import DeskKind
from projections.reader import NotYet, Reader

router = APIRouter(tags=["concerns"])


class RaiseConcern(Body):
    """What one worries about, and who is to read it; what is about safety goes to the safeguarding lead."""

    category: ConcernCategory = Field(examples=["conduct"])
    desk: Desk = Field(examples=["coordinator"])
    words: OwnWords = Field(examples=["What worries me, in my own words."])


class TriageConcern(Body):
    """Of what kind it is, and who looks into it; what was passed on does not come back."""

    category: ConcernCategory = Field(examples=["conduct"])
    desk: Desk = Field(examples=["safeguarding_lead"])


class CloseConcern(Body):
    """The answer, which whoever raised it reads."""

    words: OwnWords = Field(examples=["What was done about it."])


class ConcernAnswer(BaseModel):
    """A concern without its words."""

    id: UUID
    category: ConcernCategory
    desk: Desk
    stage: ConcernStage
    raised_at: datetime

    @classmethod
    def of(cls, subject: Concern) -> Self:
        """The same as it stands in its events."""
        return cls(
            id=subject.id,
            category=subject.category,
            desk=subject.desk,
            stage=subject.stage,
            raised_at=subject.raised_at,
        )


class ConcernPage(BaseModel):
    """A page of concerns in the order they were raised, and where the next one begins."""

    concerns: list[ConcernAnswer]
    next: int | None


class OwnConcerns(BaseModel):
    """What one raised oneself, the newest first."""

    concerns: list[ConcernAnswer]


@router.post("/me/concerns", status_code=201)
def raise_it(
    body: RaiseConcern,
    caller: SchemeCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    response: Response,
) -> CommandResult:
    """Say what one worries about."""
    id = order.command_id
    words = seal_letter(openings, caller.person, Concern.purpose_of(id), "words", body.words)
    recorded = carry_out(
        lambda: commands.raise_concern(
            mentoring, order, id=id, category=body.category, desk=body.desk, words=words
        )
    )
    return result_of(recorded, response)


@router.get("/me/concerns")
def own(caller: SchemeCaller, mentoring: MentoringPart, reader: ReaderPart) -> OwnConcerns:
    """List what one raised oneself; nothing is opened."""
    try:
        rows = own_items(reader, DeskKind.CONCERN, caller.person)
    except NotYet:
        raise NotThereYet from None
    found = [mentoring.load(Concern, row.record) for row in rows]
    return OwnConcerns(concerns=[ConcernAnswer.of(each) for each in found])


@router.get("/me/concerns/{id}/words")
def own_words(
    id: UUID, caller: SchemeCaller, mentoring: MentoringPart, openings: OpeningsPart, at: Now
) -> LetterWords:
    """Read what one wrote oneself, and the answer."""
    return open_letter(openings, caller, own_concern(mentoring, caller, id), now=at)


@router.get("/concerns")
def list_them(
    caller: ConcernHandler,
    mentoring: MentoringPart,
    reader: ReaderPart,
    is_over: bool = False,
    cursor: Annotated[int, Query(ge=0, le=10**15)] = 0,
    limit: Limit = 50,
) -> ConcernPage:
    """List concerns without their words: a safeguarding lead those passed to them, a coordinator each by its kind."""
    try:
        rows = desk(reader, DeskKind.CONCERN, is_over=is_over, after=cursor, most=limit)
        found = listed(mentoring, reader, caller, [row.record for row in rows])
    except NotYet:
        raise NotThereYet from None
    shown = [ConcernAnswer.of(each) for each in found]
    return ConcernPage(concerns=shown, next=rows[-1].position if len(rows) == limit else None)


@router.get("/concerns/{id}")
def show(
    id: UUID,
    caller: ConcernHandler,
    mentoring: MentoringPart,
    apart: ApartPart,
    response: Response,
) -> ConcernAnswer:
    """Show of what kind one is and where it stands; nothing is opened."""
    subject = as_concern_handler(mentoring, apart, caller, id)
    response.headers["ETag"] = f'"{subject.version}"'
    return ConcernAnswer.of(subject)


@router.get("/concerns/{id}/words")
def read_words(
    id: UUID,
    caller: ConcernHandler,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    apart: ApartPart,
    at: Now,
) -> LetterWords:
    """Open one that lies on one's own desk; the look is recorded, and whoever raised it reads of it."""
    subject = as_concern_handler(mentoring, apart, caller, id)
    subject.require_desk(caller.role)
    return open_letter(openings, caller, subject, now=at)


@router.post("/concerns/{id}/triage", status_code=201)
def triage(
    id: UUID,
    body: TriageConcern,
    caller: CoordinatorCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    apart: ApartPart,
    response: Response,
) -> CommandResult:
    """Say of what kind it is, or pass it on."""
    as_concern_handler(mentoring, apart, caller, id)
    recorded = carry_out(
        lambda: commands.triage_concern(
            mentoring, order, concern=id, category=body.category, desk=body.desk
        )
    )
    return result_of(recorded, response)


@router.post("/concerns/{id}/closing", status_code=201)
def close(
    id: UUID,
    body: CloseConcern,
    caller: ConcernHandler,
    order: OrderPart,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    apart: ApartPart,
    response: Response,
) -> CommandResult:
    """Answer one that lies on one's own desk, and close it."""
    subject = as_concern_handler(mentoring, apart, caller, id)
    subject.require_desk(caller.role)
    purpose = Concern.purpose_of(id)
    words = seal_letter(openings, subject.raised_by, purpose, "answer", body.words)
    recorded = carry_out(lambda: commands.close_concern(mentoring, order, concern=id, words=words))
    return result_of(recorded, response)


def listed(mentoring: Mentoring, reader: Reader, caller: Caller, ids: list[UUID]) -> list[Concern]:
    """Those of them that somebody sees: nobody's own or partner's, and a lead none that was not passed to them."""
    own = own_partners(reader, caller.person)
    found = [mentoring.load(Concern, id) for id in ids]
    if caller.role is Role.SAFEGUARDING_LEAD:
        found = [each for each in found if each.desk is Desk.SAFEGUARDING_LEAD]
    return [each for each in found if each.raised_by not in own]
