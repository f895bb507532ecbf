"""Requests about one's own record: to see it, to put it right, to object; answered by the data protection lead."""

from datetime import date, datetime
from typing import Self
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from api.auth.callers import AnyCaller, DataProtectionCaller, PartyCaller
from api.dependencies import Body, CarrierPart, CommandResult
from api.fields import OwnWords
from api.records.handling import HandlingPart, SlicePart, lying, ones_own
from api.records.letters import LetterWords, as_handler, as_writer, open_letter, seal_letter
from api.records.openings import Openings
from domain.commands import rights_requests as commands
from domain.objection import Use
from domain.rights_request import (
    ExtensionReason,
    RequestRefusal,
    RightsKind,
    RightsRequest,
    RightsStage,
)
from domain.values import Sealed
from projections.desks import DeskKind

router = APIRouter(tags=["rights"])


class MakeRightsRequest(Body):
    """What is asked of one's own record; words where they help. To be erased has a way of its own."""

    kind: RightsKind = Field(examples=["access"])
    words: OwnWords | None = Field(default=None, examples=["What I would like to see."])
    objects_to: Use | None = Field(default=None, description="Stops at once what one objects to.")

    @model_validator(mode="after")
    def _objects_in_an_objection(self) -> Self:
        if self.objects_to is not None and self.kind is not RightsKind.OBJECTION:
            raise PydanticCustomError("objects_to", "Only an objection is to something.")
        return self


class ExtendRightsRequest(Body):
    """Why it takes two months more, which the person reads."""

    reason: ExtensionReason = Field(examples=["complex"])


class AnswerRightsRequest(Body):
    """The answer, which the person reads."""

    words: OwnWords = Field(examples=["What was done, and where to find it."])


class RefuseRightsRequest(Body):
    """Why it is refused, and the same in words, which the person reads."""

    reason: RequestRefusal = Field(examples=["rights_of_others"])
    words: OwnWords = Field(examples=["Why, and whom you can complain to."])


class RightsRequestAnswer(BaseModel):
    """A request without its words."""

    id: UUID
    person: UUID
    kind: RightsKind
    stage: RightsStage
    made_at: datetime
    due_on: date
    extension: ExtensionReason | None
    refusal: RequestRefusal | None
    objects_to: Use | None

    @classmethod
    def of(cls, subject: RightsRequest) -> Self:
        """The same as it stands in its events."""
        return cls(
            id=subject.id,
            person=subject.person,
            kind=subject.kind,
            stage=subject.stage,
            made_at=subject.made_at,
            due_on=subject.due_on,
            extension=subject.extension,
            refusal=subject.refusal,
            objects_to=subject.objects_to,
        )


class RightsRequestPage(BaseModel):
    """A page of requests in the order they were made, and where the next one begins."""

    requests: list[RightsRequestAnswer]
    next: int | None


class OwnRightsRequests(BaseModel):
    """What one asked oneself, the newest first."""

    requests: list[RightsRequestAnswer]


@router.post("/me/rights-requests", status_code=201)
def make(
    body: MakeRightsRequest,
    caller: AnyCaller,
    carrier: CarrierPart,
    handling: HandlingPart,
) -> CommandResult:
    """Ask about one's own record; it is answered within a calendar month."""
    id = carrier.order.command_id
    words = body.words and _sealed(handling.openings, caller.person, id, "words", body.words)
    if body.objects_to is not None:
        return carrier.carry_out(
            commands.object_to, id=id, use=body.objects_to, words=words or None
        )
    return carrier.carry_out(
        commands.make_rights_request, id=id, kind=body.kind, words=words or None
    )


@router.post("/me/uses/{use}/resuming", status_code=201)
def resume(use: Use, caller: PartyCaller, carrier: CarrierPart) -> CommandResult:
    """Let something begin again that one objected to."""
    return carrier.carry_out(commands.resume_use, use=use)


@router.get("/me/rights-requests")
def own(caller: AnyCaller, handling: HandlingPart) -> OwnRightsRequests:
    """List what one asked oneself, with the day by which it is answered; nothing is opened."""
    found = ones_own(handling.reader, DeskKind.RIGHTS_REQUEST, caller.person)
    loaded = [handling.mentoring.load(RightsRequest, id) for id in found]
    return OwnRightsRequests(requests=[RightsRequestAnswer.of(each) for each in loaded])


@router.get("/me/rights-requests/{id}/words")
def own_words(id: UUID, caller: AnyCaller, handling: HandlingPart) -> LetterWords:
    """Read what one wrote oneself, and the answer."""
    subject = as_writer(handling.mentoring, caller, RightsRequest, id)
    return open_letter(handling, caller, subject)


@router.get("/rights-requests")
def list_them(
    caller: DataProtectionCaller, handling: HandlingPart, asked: SlicePart
) -> RightsRequestPage:
    """Show who asked what and by when it is answered, under pseudonyms; never oneself nor a mentoring partner."""
    found = lying(handling.reader, DeskKind.RIGHTS_REQUEST, asked, caller.person)
    others = [row.record for row in found.rows if row.person not in found.own]
    loaded = [handling.mentoring.load(RightsRequest, id) for id in others]
    shown = [RightsRequestAnswer.of(each) for each in loaded]
    return RightsRequestPage(requests=shown, next=found.next)


@router.get("/rights-requests/{id}")
def show(
    id: UUID, caller: DataProtectionCaller, handling: HandlingPart, response: Response
) -> RightsRequestAnswer:
    """Show where one stands; nothing is opened."""
    subject = as_handler(handling, caller, RightsRequest, id)
    response.headers["ETag"] = f'"{subject.version}"'
    return RightsRequestAnswer.of(subject)


@router.get("/rights-requests/{id}/words")
def read_words(id: UUID, caller: DataProtectionCaller, handling: HandlingPart) -> LetterWords:
    """Open one; the look is recorded, and its person reads of it."""
    subject = as_handler(handling, caller, RightsRequest, id)
    return open_letter(handling, caller, subject)


@router.post("/rights-requests/{id}/extension", status_code=201)
def extend(
    id: UUID,
    body: ExtendRightsRequest,
    caller: DataProtectionCaller,
    carrier: CarrierPart,
    handling: HandlingPart,
) -> CommandResult:
    """Take two months more, once; the person reads why."""
    as_handler(handling, caller, RightsRequest, id)
    reason = body.reason
    return carrier.carry_out(commands.extend_rights_request, request=id, reason=reason)


@router.post("/rights-requests/{id}/answer", status_code=201)
def answer(
    id: UUID,
    body: AnswerRightsRequest,
    caller: DataProtectionCaller,
    carrier: CarrierPart,
    handling: HandlingPart,
) -> CommandResult:
    """Answer it in words."""
    person = as_handler(handling, caller, RightsRequest, id).person
    words = _sealed(handling.openings, person, id, "answer", body.words)
    return carrier.carry_out(commands.answer_rights_request, request=id, words=words)


@router.post("/rights-requests/{id}/refusal", status_code=201)
def refuse(
    id: UUID,
    body: RefuseRightsRequest,
    caller: DataProtectionCaller,
    carrier: CarrierPart,
    handling: HandlingPart,
) -> CommandResult:
    """Refuse it, with a reason and in words."""
    person = as_handler(handling, caller, RightsRequest, id).person
    words = _sealed(handling.openings, person, id, "answer", body.words)
    return carrier.carry_out(
        commands.refuse_rights_request, request=id, reason=body.reason, words=words
    )


def _sealed(openings: Openings, person: UUID, id: UUID, field: str, text: str) -> Sealed:
    return seal_letter(openings, person, RightsRequest.purpose_of(id), field, text)
