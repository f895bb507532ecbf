"""The disclosure register: decided by a second lead, made and reviewed, by safeguarding leads alone."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.auth.callers import SafeguardingCaller
from api.dependencies import Body, CarrierPart, CommandResult, MentoringPart
from api.records.disclosures import as_safeguarding_lead, open_disclosure
from api.records.handling import HandlingPart, SlicePart, lying
from api.routes.access_records import LookAnswer, looks_at
from domain.access import Caller
from domain.commands import disclosures as commands
from domain.disclosure import Disclosure, DisclosureStage, Ground, NotToldReason
from domain.mentoring import Mentoring, NotFound
from projections.desks import DeskKind

router = APIRouter(tags=["disclosures"])

ADay = Annotated[date, Field(examples=["2030-01-31"])]


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


@router.get("/disclosures")
def register(
    caller: SafeguardingCaller, handling: HandlingPart, asked: SlicePart
) -> DisclosurePage:
    """The disclosure register: those that wait for something, or those that are over; nothing is opened."""
    found = lying(handling.reader, DeskKind.DISCLOSURE, asked, caller.person)
    near = [_near(handling.mentoring, caller, row.record) for row in found.rows]
    shown = [DisclosureAnswer.of(each) for each in near if each is not None]
    return DisclosurePage(disclosures=shown, next=found.next)


@router.get("/disclosures/{id}")
def show(
    id: UUID, caller: SafeguardingCaller, mentoring: MentoringPart, response: Response
) -> DisclosureAnswer:
    """Show where one stands; nothing is opened."""
    subject = as_safeguarding_lead(mentoring, caller, id)
    response.headers["ETag"] = f'"{subject.version}"'
    return DisclosureAnswer.of(subject)


@router.get("/disclosures/{id}/words")
def read_words(id: UUID, caller: SafeguardingCaller, handling: HandlingPart) -> WordsOfDisclosure:
    """Open what it says; the look is recorded, and the mentee reads of it once they are told."""
    subject = as_safeguarding_lead(handling.mentoring, caller, id)
    words = open_disclosure(handling.openings, caller, subject, now=handling.at)
    return WordsOfDisclosure(facts=words.facts, recipient=words.recipient)


@router.get("/disclosures/{id}/access-records")
def looks(id: UUID, caller: SafeguardingCaller, mentoring: MentoringPart) -> list[LookAnswer]:
    """Show who opened it."""
    return looks_at(mentoring, as_safeguarding_lead(mentoring, caller, id).id)


@router.post("/disclosures/{id}/agreement", status_code=201)
def agree(
    id: UUID,
    caller: SafeguardingCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Decide for it, as the second of two."""
    as_safeguarding_lead(carrier.mentoring, caller, id)
    return carrier.carry_out(commands.agree_to_disclosure, disclosure=id)


@router.post("/disclosures/{id}/refusal", status_code=201)
def decline(
    id: UUID,
    caller: SafeguardingCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Decide against it, as the second of two."""
    as_safeguarding_lead(carrier.mentoring, caller, id)
    return carrier.carry_out(commands.decline_disclosure, disclosure=id)


@router.post("/disclosures/{id}/telling", status_code=201)
def tell(
    id: UUID,
    caller: SafeguardingCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Note that the mentee was told; from now on they see it, and who looked."""
    as_safeguarding_lead(carrier.mentoring, caller, id)
    return carrier.carry_out(commands.tell_mentee, disclosure=id)


@router.post("/disclosures/{id}/delay", status_code=201)
def put_off(
    id: UUID,
    body: PutOffTelling,
    caller: SafeguardingCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Note why the mentee is not told yet."""
    as_safeguarding_lead(carrier.mentoring, caller, id)
    reason, day = body.reason, body.look_again_on
    return carrier.carry_out(
        commands.put_off_telling, disclosure=id, reason=reason, look_again_on=day
    )


@router.post("/disclosures/{id}/making", status_code=201)
def make(
    id: UUID,
    body: MakeDisclosure,
    caller: SafeguardingCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Note that it was passed on outside."""
    as_safeguarding_lead(carrier.mentoring, caller, id)
    return carrier.carry_out(commands.make_disclosure, disclosure=id, review_on=body.review_on)


@router.post("/disclosures/{id}/review", status_code=201)
def review(
    id: UUID,
    body: ReviewDisclosure,
    caller: SafeguardingCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Look at it again, or close it."""
    as_safeguarding_lead(carrier.mentoring, caller, id)
    return carrier.carry_out(commands.review_disclosure, disclosure=id, review_on=body.review_on)


def _near(mentoring: Mentoring, caller: Caller, id: UUID) -> Disclosure | None:
    """One of the register, or None where it is the caller's own pair."""
    try:
        return as_safeguarding_lead(mentoring, caller, id)
    except NotFound:
        return None
