"""Concerns: raised by whoever takes part, looked into by a coordinator or the safeguarding lead, answered."""

from datetime import datetime
from typing import Self
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.auth.callers import ConcernHandler, CoordinatorCaller, SafeguardingCaller, SchemeCaller
from api.dependencies import Body, CarrierPart, CommandResult, ReaderPart
from api.errors import NotThereYet
from api.fields import OwnWords
from api.records.handling import HandlingPart, Lying, SlicePart, lying, ones_own
from api.records.leads import gone_lead, other_leads, require_may_look_into
from api.records.letters import LetterWords, as_handler, as_writer, open_letter, seal_letter
from domain.access import Caller
from domain.commands import concerns as commands
from domain.concern import Concern, ConcernCategory, ConcernStage, Desk
from domain.mentoring import Mentoring
from domain.values import Role
from projections.desks import DeskKind
from projections.reader import NotYet

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


class HandOverConcern(Body):
    """The safeguarding lead who looks into it from now on."""

    to: UUID = Field(examples=["0f0e8a52-5f0b-4a3c-9d7e-2a6b3f1c9d10"])


class ConcernAnswer(BaseModel):
    """A concern without its words; `handler` is the safeguarding lead who has it, where one has."""

    id: UUID
    category: ConcernCategory
    desk: Desk
    stage: ConcernStage
    raised_at: datetime
    handler: UUID | None

    @classmethod
    def of(cls, subject: Concern) -> Self:
        """The same as it stands in its events."""
        return cls(
            id=subject.id,
            category=subject.category,
            desk=subject.desk,
            stage=subject.stage,
            raised_at=subject.raised_at,
            handler=subject.handler,
        )


class ConcernPage(BaseModel):
    """A page of concerns in the order they were raised, and where the next one begins."""

    concerns: list[ConcernAnswer]
    next: int | None


class LeadsAnswer(BaseModel):
    """Safeguarding leads other than oneself, under pseudonyms."""

    leads: list[UUID]


class OwnConcerns(BaseModel):
    """What one raised oneself, the newest first."""

    concerns: list[ConcernAnswer]


@router.post("/me/concerns", status_code=201)
def raise_it(
    body: RaiseConcern,
    caller: SchemeCaller,
    carrier: CarrierPart,
    handling: HandlingPart,
) -> CommandResult:
    """Say what one worries about."""
    id, purpose = carrier.order.command_id, Concern.purpose_of(carrier.order.command_id)
    words = seal_letter(handling.openings, caller.person, purpose, "words", body.words)
    return carrier.carry_out(
        commands.raise_concern, id=id, category=body.category, desk=body.desk, words=words
    )


@router.get("/me/concerns")
def own(caller: SchemeCaller, handling: HandlingPart) -> OwnConcerns:
    """List what one raised oneself; nothing is opened."""
    found = ones_own(handling.reader, DeskKind.CONCERN, caller.person)
    loaded = [handling.mentoring.load(Concern, id) for id in found]
    return OwnConcerns(concerns=[ConcernAnswer.of(each) for each in loaded])


@router.get("/me/concerns/{id}/words")
def own_words(id: UUID, caller: SchemeCaller, handling: HandlingPart) -> LetterWords:
    """Read what one wrote oneself, and the answer."""
    subject = as_writer(handling.mentoring, caller, Concern, id)
    return open_letter(handling, caller, subject)


@router.get("/concerns")
def list_them(caller: ConcernHandler, handling: HandlingPart, asked: SlicePart) -> ConcernPage:
    """List concerns without their words: a safeguarding lead those passed to them, a coordinator each by its kind."""
    found = lying(handling.reader, DeskKind.CONCERN, asked, caller.person)
    shown = [ConcernAnswer.of(each) for each in _seen(handling.mentoring, caller, found)]
    return ConcernPage(concerns=shown, next=found.next)


@router.get("/concerns/{id}")
def show(
    id: UUID, caller: ConcernHandler, handling: HandlingPart, response: Response
) -> ConcernAnswer:
    """Show of what kind one is, where it stands and who has it; nothing is opened."""
    subject = as_handler(handling, caller, Concern, id)
    response.headers["ETag"] = f'"{subject.version}"'
    return ConcernAnswer.of(subject)


@router.get("/concerns/{id}/words")
def read_words(id: UUID, caller: ConcernHandler, handling: HandlingPart) -> LetterWords:
    """Open one that one looks into oneself; the look is recorded, and whoever raised it reads of it."""
    subject = as_handler(handling, caller, Concern, id)
    subject.require_looked_into_by(caller.person, caller.role)
    return open_letter(handling, caller, subject)


@router.post("/concerns/{id}/triage", status_code=201)
def triage(
    id: UUID,
    body: TriageConcern,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
    handling: HandlingPart,
) -> CommandResult:
    """Say of what kind it is, or pass it on."""
    as_handler(handling, caller, Concern, id)
    return carrier.carry_out(
        commands.triage_concern, concern=id, category=body.category, desk=body.desk
    )


@router.post("/concerns/{id}/taking", status_code=201)
def take(
    id: UUID,
    caller: SafeguardingCaller,
    carrier: CarrierPart,
    handling: HandlingPart,
) -> CommandResult:
    """Look into one that nobody has, or whose lead is none any more; nobody else reads it then."""
    subject = as_handler(handling, caller, Concern, id)
    gone = gone_lead(handling.mentoring, subject)
    return carrier.carry_out(commands.take_concern, concern=id, instead_of=gone)


@router.post("/concerns/{id}/handing-over", status_code=201)
def hand_over(
    id: UUID,
    body: HandOverConcern,
    caller: SafeguardingCaller,
    carrier: CarrierPart,
    handling: HandlingPart,
) -> CommandResult:
    """Let another safeguarding lead look into one's own; they are told that something waits."""
    subject = as_handler(handling, caller, Concern, id)
    require_may_look_into(handling, subject, body.to)
    return carrier.carry_out(commands.hand_over_concern, concern=id, to=body.to)


@router.get("/safeguarding-leads")
def show_leads(caller: SafeguardingCaller, reader: ReaderPart) -> LeadsAnswer:
    """Show to whom a concern can be handed over; whoever is too near to it is refused then."""
    try:
        return LeadsAnswer(leads=other_leads(reader, caller.person))
    except NotYet:
        raise NotThereYet from None


@router.post("/concerns/{id}/closing", status_code=201)
def close(
    id: UUID,
    body: CloseConcern,
    caller: ConcernHandler,
    carrier: CarrierPart,
    handling: HandlingPart,
) -> CommandResult:
    """Answer one that one looks into oneself, and close it."""
    subject = as_handler(handling, caller, Concern, id)
    subject.require_looked_into_by(caller.person, caller.role)
    purpose = Concern.purpose_of(id)
    words = seal_letter(handling.openings, subject.raised_by, purpose, "answer", body.words)
    return carrier.carry_out(commands.close_concern, concern=id, words=words)


def _seen(mentoring: Mentoring, caller: Caller, found: Lying) -> list[Concern]:
    """Those that somebody sees: nobody's own or partner's, and a lead none that was not passed to them."""
    loaded = [mentoring.load(Concern, row.record) for row in found.rows]
    if caller.role is Role.SAFEGUARDING_LEAD:
        loaded = [each for each in loaded if each.desk is Desk.SAFEGUARDING_LEAD]
    return [each for each in loaded if each.raised_by not in found.own]
