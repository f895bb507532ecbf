"""What became of sessions: held or missed, confirmed or disputed by the other, corrected by a coordinator."""

from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from api.auth.callers import CoordinatorCaller, PartyCaller
from api.carrying_out import carry_out
from api.dependencies import (
    Body,
    CommandResult,
    MentoringPart,
    OpeningsPart,
    OrderPart,
    result_of,
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
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> CommandResult:
    """Record that the pair met; the other party confirms it, or disputes it within 14 days."""
    people = tuple(as_participant(mentoring, caller, id).people)
    recorded = carry_out(
        lambda: commands.hold_session(
            mentoring,
            order,
            which=Which(id, session),
            minutes=body.minutes,
            attended_by=people,
        )
    )
    return result_of(recorded, response)


@router.post("/absence")
def record_absence(
    id: UUID,
    session: UUID,
    body: RecordAbsence,
    caller: PartyCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> CommandResult:
    """Record who did not come."""
    who = _person_of(as_participant(mentoring, caller, id), body.who)
    which = Which(id, session)
    recorded = carry_out(lambda: commands.record_absence(mentoring, order, which=which, who=who))
    return result_of(recorded, response)


@router.post("/confirmation")
def confirm(
    id: UUID,
    session: UUID,
    caller: PartyCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> CommandResult:
    """Say that what the other recorded is right."""
    as_participant(mentoring, caller, id)
    which = Which(id, session)
    recorded = carry_out(lambda: commands.confirm_attendance(mentoring, order, which=which))
    return result_of(recorded, response)


@router.post("/dispute")
def dispute(
    id: UUID,
    session: UUID,
    body: DisputeAttendance,
    caller: PartyCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    openings: OpeningsPart,
    response: Response,
) -> CommandResult:
    """Say within 14 days that the record of a session is wrong."""
    as_participant(mentoring, caller, id)
    recorded = carry_out(
        lambda: commands.dispute_attendance(
            mentoring,
            order,
            which=Which(id, session),
            words=seal_words(openings, caller.person, "dispute", body.words),
        )
    )
    return result_of(recorded, response)


@router.post("/correction")
def correct(
    id: UUID,
    session: UUID,
    body: CorrectAttendance,
    caller: CoordinatorCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> CommandResult:
    """Correct a record openly, and the place with it."""
    as_coordinator(mentoring, caller, id)
    recorded = carry_out(
        lambda: commands.correct_attendance(
            mentoring,
            order,
            which=Which(id, session),
            outcome=body.outcome,
            reason=body.reason,
        )
    )
    return result_of(recorded, response)


@router.post("/settlement")
def settle(
    id: UUID,
    session: UUID,
    body: SettleAttendance,
    caller: CoordinatorCaller,
    order: OrderPart,
    mentoring: MentoringPart,
    response: Response,
) -> CommandResult:
    """Decide openly what nobody recorded, 14 days after the session and the end of its agreement."""
    as_coordinator(mentoring, caller, id)
    recorded = carry_out(
        lambda: commands.settle_attendance(
            mentoring, order, which=Which(id, session), outcome=body.outcome
        )
    )
    return result_of(recorded, response)


def _person_of(subject: Relationship, part: Part) -> UUID:
    for participant in subject.participants:
        if participant.part is part:
            return participant.person
    raise NotFound
