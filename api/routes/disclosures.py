"""Disclosures: written by a mentor or a safeguarding lead, decided by another lead, made and reviewed."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from api.auth.callers import DisclosureWriter, Now, PartyCaller, SafeguardingCaller
from api.carrying_out import carry_out
from api.dependencies import (
    Body,
    CommandResult,
    MentoringPart,
    OpeningsPart,
    OrderPart,
    ReaderPart,
    result_of,
)
from api.errors import NotThereYet
from api.fields import Limit
from api.records.disclosures import (
    WrittenWords,
    as_safeguarding_lead,
    open_disclosure,
    sealed_facts,
)
from api.records.relations import as_participant
from api.routes.access_records import LookAnswer, looks_at
from domain.access import Caller
from domain.commands import disclosures as commands
from domain.disclosure import (
    Disclosure,
    DisclosureStage,
    Ground,
    NotToldReason,
    Telling,
)
from domain.mentoring import Mentoring, NotFound
from domain.relationship import Relationship
from projections.desk_questions import desk, own_items
from projections.desks import DeskKind
from projections.reader import NotYet, Reader

router = APIRouter(tags=["disclosures"])

ADay = Annotated[date, Field(examples=["2030-01-31"])]


class WriteDisclosure(Body):
    """What must be told, to whom, on which ground, and whether the mentee knows.

    Whoever did not tell them says why not yet, and on which later day, within a month, that is looked at again.
    """

    ground: Ground = Field(examples=["serious_harm"])
    facts: str = Field(
        min_length=1,
        max_length=2000,
        description="The minimum that must be told; nothing out of a note that is not needed.",
        examples=["What must be told, and no more."],
    )
    recipient: str = Field(min_length=1, max_length=400, examples=["Whoever has to be told."])
    mentee_is_told: bool = Field(examples=[True])
    not_told_reason: NotToldReason | None = None
    look_again_on: date | None = None

    @model_validator(mode="after")
    def _says_whether_the_mentee_knows(self) -> Self:
        reasons = (self.not_told_reason is not None, self.look_again_on is not None)
        if reasons != (not self.mentee_is_told,) * 2:
            raise PydanticCustomError("telling", "Told, or a reason with a day; never both.")
        return self

    @property
    def telling(self) -> Telling:
        """The same as the domain has it."""
        if self.mentee_is_told:
            return Telling(is_told=True)
        return Telling(is_told=False, reason=self.not_told_reason, look_again_on=self.look_again_on)

    @property
    def words(self) -> WrittenWords:
        """What is sealed of it."""
        return WrittenWords(self.facts, self.recipient)


class PutOffTelling(Body):
    """Why the mentee is not told yet, and when that is looked at again, within a month."""

    reason: NotToldReason = Field(examples=["would_raise_risk"])
    look_again_on: ADay


class MakeDisclosure(Body):
    """When it is reviewed: a later day, within three months."""

    review_on: ADay


class ReviewDisclosure(Body):
    """When it is reviewed again; without a day it is closed."""

    review_on: date | None = Field(default=None, examples=["2030-01-31"])


class DisclosureAnswer(BaseModel):
    """Where a disclosure stands, without what it says."""

    id: UUID
    relationship: UUID
    ground: Ground
    stage: DisclosureStage
    written_by: UUID
    written_at: datetime
    decided_by: UUID | None
    mentee_is_told: bool
    not_told_reason: NotToldReason | None
    look_again_on: date | None
    review_on: date | None

    @classmethod
    def of(cls, subject: Disclosure) -> Self:
        """The same as it stands in its events."""
        return cls(
            id=subject.id,
            relationship=subject.relationship,
            ground=subject.ground,
            stage=subject.stage,
            written_by=subject.written_by,
            written_at=subject.written_at,
            decided_by=subject.decided_by,
            mentee_is_told=subject.telling.is_told,
            not_told_reason=subject.telling.reason,
            look_again_on=subject.telling.look_again_on,
            review_on=subject.review_on,
        )


class DisclosurePage(BaseModel):
    """A page of disclosures in the order they were written, and where the next one begins."""

    disclosures: list[DisclosureAnswer]
    next: int | None


class WordsOfDisclosure(BaseModel):
    """What it says."""

    facts: str
    recipient: str


class OwnDisclosureAnswer(BaseModel):
    """A disclosure that somebody was told of: on which ground, where it stands, and who opened it.

    What it says is asked of the safeguarding lead, who gives it in person.
    """

    id: UUID
    ground: Ground
    stage: DisclosureStage
    looks: list[LookAnswer]


class OwnDisclosures(BaseModel):
    """All of them, the newest first."""

    disclosures: list[OwnDisclosureAnswer]


@router.post("/relationships/{id}/disclosures", status_code=201)
def write(
    id: UUID,
    body: WriteDisclosure,
    caller: DisclosureWriter,
    order: OrderPart,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    response: Response,
) -> CommandResult:
    """Write one down; another safeguarding lead decides, and nobody but they can open it."""
    _require_may_write(mentoring, caller, id)
    made = order.command_id
    written = sealed_facts(openings, made, id, body.ground, body.words)
    recorded = carry_out(
        lambda: commands.write_disclosure(
            mentoring, order, id=made, written=written, telling=body.telling
        )
    )
    return result_of(recorded, response)


@router.get("/disclosures")
def register(
    caller: SafeguardingCaller,
    mentoring: MentoringPart,
    reader: ReaderPart,
    is_over: bool = False,
    cursor: Annotated[int, Query(ge=0, le=10**15)] = 0,
    limit: Limit = 50,
) -> DisclosurePage:
    """The disclosure register: those that wait for something, or those that are over; nothing is opened."""
    try:
        rows = desk(reader, DeskKind.DISCLOSURE, is_over=is_over, after=cursor, most=limit)
    except NotYet:
        raise NotThereYet from None
    found = [_near(mentoring, caller, row.record) for row in rows]
    shown = [DisclosureAnswer.of(each) for each in found if each is not None]
    return DisclosurePage(disclosures=shown, next=rows[-1].position if len(rows) == limit else None)


@router.get("/disclosures/{id}")
def show(
    id: UUID, caller: SafeguardingCaller, mentoring: MentoringPart, response: Response
) -> DisclosureAnswer:
    """Show where one stands; nothing is opened."""
    subject = as_safeguarding_lead(mentoring, caller, id)
    response.headers["ETag"] = f'"{subject.version}"'
    return DisclosureAnswer.of(subject)


@router.get("/disclosures/{id}/words")
def read_words(
    id: UUID, caller: SafeguardingCaller, mentoring: MentoringPart, openings: OpeningsPart, at: Now
) -> WordsOfDisclosure:
    """Open what it says; the look is recorded, and the mentee reads of it once they are told."""
    subject = as_safeguarding_lead(mentoring, caller, id)
    words = open_disclosure(openings, caller, subject, now=at)
    return WordsOfDisclosure(facts=words.facts, recipient=words.recipient)


@router.get("/disclosures/{id}/access-records")
def looks(id: UUID, caller: SafeguardingCaller, mentoring: MentoringPart) -> list[LookAnswer]:
    """Show who opened it."""
    return looks_at(mentoring, as_safeguarding_lead(mentoring, caller, id).id)


@router.post("/disclosures/{id}/agreement", status_code=201)
def agree(
    id: UUID,
    caller: SafeguardingCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> CommandResult:
    """Decide for it, as the second of two."""
    as_safeguarding_lead(mentoring, caller, id)
    recorded = carry_out(lambda: commands.agree_to_disclosure(mentoring, order, disclosure=id))
    return result_of(recorded, response)


@router.post("/disclosures/{id}/refusal", status_code=201)
def decline(
    id: UUID,
    caller: SafeguardingCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> CommandResult:
    """Decide against it, as the second of two."""
    as_safeguarding_lead(mentoring, caller, id)
    recorded = carry_out(lambda: commands.decline_disclosure(mentoring, order, disclosure=id))
    return result_of(recorded, response)


@router.post("/disclosures/{id}/telling", status_code=201)
def tell(
    id: UUID,
    caller: SafeguardingCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> CommandResult:
    """Note that the mentee was told; from now on they see it, and who looked."""
    as_safeguarding_lead(mentoring, caller, id)
    recorded = carry_out(lambda: commands.tell_mentee(mentoring, order, disclosure=id))
    return result_of(recorded, response)


@router.post("/disclosures/{id}/delay", status_code=201)
def put_off(
    id: UUID,
    body: PutOffTelling,
    caller: SafeguardingCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> CommandResult:
    """Note why the mentee is not told yet."""
    as_safeguarding_lead(mentoring, caller, id)
    reason, day = body.reason, body.look_again_on
    recorded = carry_out(
        lambda: commands.put_off_telling(
            mentoring, order, disclosure=id, reason=reason, look_again_on=day
        )
    )
    return result_of(recorded, response)


@router.post("/disclosures/{id}/making", status_code=201)
def make(
    id: UUID,
    body: MakeDisclosure,
    caller: SafeguardingCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> CommandResult:
    """Note that it was passed on outside."""
    as_safeguarding_lead(mentoring, caller, id)
    recorded = carry_out(
        lambda: commands.make_disclosure(mentoring, order, disclosure=id, review_on=body.review_on)
    )
    return result_of(recorded, response)


@router.post("/disclosures/{id}/review", status_code=201)
def review(
    id: UUID,
    body: ReviewDisclosure,
    caller: SafeguardingCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> CommandResult:
    """Look at it again, or close it."""
    as_safeguarding_lead(mentoring, caller, id)
    recorded = carry_out(
        lambda: commands.review_disclosure(
            mentoring, order, disclosure=id, review_on=body.review_on
        )
    )
    return result_of(recorded, response)


@router.get("/me/disclosures")
def own(caller: PartyCaller, mentoring: MentoringPart, reader: ReaderPart) -> OwnDisclosures:
    """Show the disclosures about oneself that one was told of, and who opened them."""
    try:
        return OwnDisclosures(disclosures=told_of(mentoring, reader, caller))
    except NotYet:
        raise NotThereYet from None


def told_of(mentoring: Mentoring, reader: Reader, caller: Caller) -> list[OwnDisclosureAnswer]:
    """The disclosures that somebody was told of; raises NotYet while there are no read models."""
    rows = own_items(reader, DeskKind.DISCLOSURE, caller.person)
    found = [mentoring.load(Disclosure, row.record) for row in rows]
    return [
        OwnDisclosureAnswer(
            id=each.id,
            ground=each.ground,
            stage=each.stage,
            looks=looks_at(mentoring, each.id),
        )
        for each in found
    ]


def _require_may_write(mentoring: Mentoring, caller: Caller, relationship: UUID) -> None:
    """The mentor of the pair, or a safeguarding lead outside it; to everybody else it is absent."""
    if caller.is_party():
        as_participant(mentoring, caller, relationship)
    elif caller.person in mentoring.load(Relationship, relationship).insiders:
        raise NotFound


def _near(mentoring: Mentoring, caller: Caller, id: UUID) -> Disclosure | None:
    """One of the register, or None where it is the caller's own pair."""
    try:
        return as_safeguarding_lead(mentoring, caller, id)
    except NotFound:
        return None
