"""Disclosures as others meet them: whoever writes one down, and whoever was told that one is about them."""

from datetime import date
from typing import Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from api.auth.callers import DisclosureWriter, PartyCaller
from api.dependencies import (
    Body,
    CarrierPart,
    CommandResult,
    MentoringPart,
    OpeningsPart,
    ReaderPart,
)
from api.errors import NotThereYet
from api.records.disclosures import WrittenWords, sealed_facts
from api.records.relations import as_participant
from api.routes.access_records import LookAnswer, looks_at
from domain.access import Caller
from domain.commands import disclosures as commands
from domain.commands.circles import insiders_of
from domain.disclosure import Disclosure, DisclosureStage, Ground, NotToldReason, Telling
from domain.mentoring import Mentoring, NotFound
from projections.desk_questions import own_items
from projections.desks import DeskKind
from projections.reader import NotYet, Reader

router = APIRouter(tags=["disclosures"])


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
    carrier: CarrierPart,
    openings: OpeningsPart,
) -> CommandResult:
    """Write one down; another safeguarding lead decides, and nobody but they can open it."""
    _require_may_write(carrier.mentoring, caller, id)
    made = carrier.order.command_id
    written = sealed_facts(openings, made, id, body.ground, body.words)
    return carrier.carry_out(
        commands.write_disclosure, id=made, written=written, telling=body.telling
    )


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
    """The mentor of the pair, or a safeguarding lead outside it and its group; to everybody else it is absent."""
    if caller.is_party():
        as_participant(mentoring, caller, relationship)
    elif caller.person in insiders_of(mentoring, relationship):
        raise NotFound
