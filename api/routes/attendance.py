"""What became of sessions: held or missed, confirmed or disputed by the other, corrected by a coordinator."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from api.auth.callers import CoordinatorCaller, PartyCaller
from api.dependencies import (
    Body,
    CarrierPart,
    CommandResult,
    OpeningsPart,
)
from api.records.relations import as_coordinator, as_participant
from api.records.words import LONGEST_WORDS, seal_words
from domain.commands import sessions as commands
from domain.commands.sessions import Which
from domain.mentoring import NotFound
from domain.relationship import Relationship
from domain.relationship_events import Part
from domain.session import MOST_MINUTES_HELD, CorrectionReason, Outcome

router = APIRouter(prefix="/relationships/{id}/sessions/{session}", tags=["sessions"])


class ConfirmAttendance(Body):
    """That the pair met, and for how long."""

    minutes: int = Field(ge=1, le=MOST_MINUTES_HELD, examples=[60])


class RecordAbsence(Body):
    """Who did not come."""

    who: Part = Field(examples=["mentor"])


class DisputeAttendance(Body):
    """That the record is wrong, in words if one likes."""

    words: str | None = Field(
        default=None, min_length=1, max_length=LONGEST_WORDS, examples=["In my own words."]
    )


class CorrectAttendance(Body):
    """What the record should say."""

    outcome: Outcome = Field(examples=["held"])
    reason: CorrectionReason = Field(examples=["dispute_upheld"])


class SettleAttendance(Body):
    """What became of a session of which nobody said anything."""

    outcome: Outcome = Field(examples=["cancelled"])


@router.post("/attendance")
def hold(
    id: UUID,
    session: UUID,
    body: ConfirmAttendance,
    caller: PartyCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Record that the pair met; the other party confirms it, or disputes it within 14 days."""
    people = tuple(as_participant(carrier.mentoring, caller, id).people)
    return carrier.carry_out(
        commands.hold_session, which=Which(id, session), minutes=body.minutes, attended_by=people
    )


@router.post("/absence")
def record_absence(
    id: UUID,
    session: UUID,
    body: RecordAbsence,
    caller: PartyCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Record who did not come."""
    who = _person_of(as_participant(carrier.mentoring, caller, id), body.who)
    which = Which(id, session)
    return carrier.carry_out(commands.record_absence, which=which, who=who)


@router.post("/confirmation")
def confirm(
    id: UUID,
    session: UUID,
    caller: PartyCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Say that what the other recorded is right."""
    as_participant(carrier.mentoring, caller, id)
    which = Which(id, session)
    return carrier.carry_out(commands.confirm_attendance, which=which)


@router.post("/dispute")
def dispute(
    id: UUID,
    session: UUID,
    body: DisputeAttendance,
    caller: PartyCaller,
    carrier: CarrierPart,
    openings: OpeningsPart,
) -> CommandResult:
    """Say within 14 days that the record of a session is wrong."""
    as_participant(carrier.mentoring, caller, id)
    return carrier.carry_out(
        lambda mentoring, order: commands.dispute_attendance(
            mentoring,
            order,
            which=Which(id, session),
            words=seal_words(openings, caller.person, "dispute", body.words),
        )
    )


@router.post("/correction")
def correct(
    id: UUID,
    session: UUID,
    body: CorrectAttendance,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Correct a record openly, and the place with it."""
    as_coordinator(carrier.mentoring, caller, id)
    return carrier.carry_out(
        commands.correct_attendance,
        which=Which(id, session),
        outcome=body.outcome,
        reason=body.reason,
    )


@router.post("/settlement")
def settle(
    id: UUID,
    session: UUID,
    body: SettleAttendance,
    caller: CoordinatorCaller,
    carrier: CarrierPart,
) -> CommandResult:
    """Decide openly what nobody recorded, 14 days after the session and the end of its agreement."""
    as_coordinator(carrier.mentoring, caller, id)
    return carrier.carry_out(
        commands.settle_attendance, which=Which(id, session), outcome=body.outcome
    )


def _person_of(subject: Relationship, part: Part) -> UUID:
    for participant in subject.participants:
        if participant.part is part:
            return participant.person
    raise NotFound
