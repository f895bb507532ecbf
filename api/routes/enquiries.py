"""Enquiries: anybody asks about the scheme, and a coordinator answers."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from api.at_the_door import EnquiryDeskPart, FromOutside, RoomForEnquiry
from api.auth.callers import CoordinatorCaller, ErasureDecider, Public
from api.dependencies import (
    Body,
    CarrierPart,
    CommandResult,
    IdempotencyKey,
    MentoringPart,
    OrderPart,
    ReaderPart,
    result_of,
)
from api.errors import NotThereYet
from api.fields import Email, Limit, OwnWords, PersonName, Telephone
from api.records.contact import Contact
from api.records.enquiries import Asked
from domain.commands import enquiries as commands
from domain.enquiry import AnswerMeans, Enquiry, EnquiryKind, ForgettingReason
from projections.enquiries import EnquiryStage
from projections.joining_questions import enquiries
from projections.reader import NotYet

router = APIRouter(prefix="/enquiries", tags=["enquiries"])


class MakeEnquiry(Body):
    """Who asks, how they are reached, and what they ask."""

    kind: EnquiryKind = Field(examples=["practitioner"])
    name: PersonName = Field(examples=["Ada Example"])
    email: Email = Field(examples=["ada@example.org"])
    telephone: Telephone | None = Field(default=None, examples=["+44 20 7946 0000"])
    words: OwnWords = Field(examples=["How many sessions does a place have?"])

    def as_asked(self) -> Asked:
        """The same without its form."""
        return Asked(self.kind, Contact(self.name, self.email, self.telephone), self.words)


class ReplyToEnquiry(Body):
    """The answer, which goes by mail; it is kept no longer than the question."""

    words: OwnWords = Field(examples=["A place has three sessions of an hour each."])


class AnswerEnquiry(Body):
    """How it was answered elsewhere; of that answer nothing is kept."""

    means: AnswerMeans = Field(examples=["mail"])


class ForgetEnquiry(Body):
    """Why it is forgotten."""

    reason: ForgettingReason = Field(examples=["asked"])


class EnquiryReference(BaseModel):
    """What an enquiry is known by; whoever asked can name it to have it forgotten."""

    reference: UUID


class EnquiryListed(BaseModel):
    """An enquiry without what was asked."""

    id: UUID
    kind: EnquiryKind
    stage: EnquiryStage
    made_at: datetime


class EnquiryPage(BaseModel):
    """A page of enquiries in the order they were made, and where the next one begins."""

    enquiries: list[EnquiryListed]
    next: int | None


class EnquiryAnswer(BaseModel):
    """An enquiry with what was asked."""

    id: UUID
    kind: EnquiryKind
    is_answered: bool
    name: str
    email: str
    telephone: str | None
    words: str


@router.post("", status_code=201, dependencies=[Public, FromOutside, RoomForEnquiry])
def make(body: MakeEnquiry, desk: EnquiryDeskPart, key: IdempotencyKey = None) -> EnquiryReference:
    """Ask; no sign-in is needed, and a coordinator reads it."""
    return EnquiryReference(reference=desk.make(body.as_asked(), key))


@router.get("")
def list_them(
    caller: CoordinatorCaller,
    reader: ReaderPart,
    stage: EnquiryStage = EnquiryStage.OPEN,
    cursor: Annotated[int, Query(ge=0, le=10**15)] = 0,
    limit: Limit = 50,
) -> EnquiryPage:
    """List enquiries, those that wait for an answer unless another stage is named; nothing is opened."""
    try:
        rows = enquiries(reader, stage=stage, after=cursor, most=limit)
    except NotYet:
        raise NotThereYet from None
    listed = [
        EnquiryListed(id=row.enquiry, kind=row.kind, stage=row.stage, made_at=row.made_at)
        for row in rows
    ]
    return EnquiryPage(enquiries=listed, next=rows[-1].position if len(rows) == limit else None)


@router.get("/{id}")
def show(
    id: UUID, caller: CoordinatorCaller, mentoring: MentoringPart, desk: EnquiryDeskPart
) -> EnquiryAnswer:
    """Open an enquiry; the look is recorded."""
    enquiry = mentoring.load(Enquiry, id)
    asked = desk.open(caller, enquiry)
    return EnquiryAnswer(
        id=id,
        kind=enquiry.kind,
        is_answered=enquiry.is_answered,
        name=asked.contact.name,
        email=asked.contact.email,
        telephone=asked.contact.telephone,
        words=asked.words,
    )


@router.post("/{id}/answer")
def answer(
    id: UUID,
    body: AnswerEnquiry,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Note that it was answered elsewhere."""
    return carrier.carry_out(commands.answer_enquiry, enquiry=id, means=body.means)


@router.post("/{id}/reply")
def reply(
    id: UUID,
    body: ReplyToEnquiry,
    caller: CoordinatorCaller,
    order: OrderPart,
    desk: EnquiryDeskPart,
    response: Response,
) -> CommandResult:
    """Answer by mail; it goes to the address that whoever asked gave."""
    return result_of(desk.reply(order, enquiry=id, text=body.words), response)


@router.post("/{id}/forgetting")
def forget(
    id: UUID,
    body: ForgetEnquiry,
    caller: ErasureDecider,
    carrier: CarrierPart,
) -> CommandResult:
    """Destroy what was asked, with its key."""
    return carrier.carry_out(commands.forget_enquiry, enquiry=id, reason=body.reason)
