"""Attendance as either party says it on pages: whether they met, and whether what the other said is right."""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from api.dependencies import CommandResult
from api.records.words import LONGEST_WORDS
from api.routes import attendance
from api.web.filled import ButtonForm, TypedForm
from api.web.pair_session_page import sent
from api.web.party import SenderPart
from domain.meeting import (
    SESSION_LENGTH,
)
from domain.relationship_events import Part
from domain.session import (
    MOST_MINUTES_HELD,
)

router = APIRouter(prefix="/{relationship}/sessions/{session}", include_in_schema=False)

PLANNED_MINUTES = int(SESSION_LENGTH.total_seconds() // 60)


class Came(StrEnum):
    """Whether the two met, as one of them says it."""

    BOTH = "both"
    NOT_I = "not_i"
    NOT_THE_OTHER = "not_the_other"


class AttendanceForm(TypedForm):
    """Who came, and for how long the two met."""

    faults: ClassVar[Mapping[str, str]] = {
        "came": "Choose what happened.",
        "minutes": "Enter how many minutes you met, from 1 to 120.",
    }
    blamed: ClassVar[str] = "came"

    came: Came
    minutes: int = Field(default=PLANNED_MINUTES, ge=1, le=MOST_MINUTES_HELD)

    def who_missed(self, part: Part) -> Part | None:
        """Which part did not come, if one did not."""
        other = Part.MENTOR if part is Part.MENTEE else Part.MENTEE
        return {Came.BOTH: None, Came.NOT_I: part, Came.NOT_THE_OTHER: other}[self.came]


class DisputeForm(TypedForm):
    """That the record is wrong, in words if one likes."""

    faults: ClassVar[Mapping[str, str]] = {"words": "Write at most 4,000 characters."}
    blamed: ClassVar[str] = "words"

    words: str | None = Field(default=None, max_length=LONGEST_WORDS)


@router.post("/attendance")
def attend(relationship: UUID, session: UUID, sender: SenderPart) -> Response:
    """Say whether the two met."""
    part = Part(sender.party.caller.role.value)
    sender.party.relationship(relationship)

    def carry(form: AttendanceForm) -> CommandResult:
        missed = form.who_missed(part)
        if missed is not None:
            absence = attendance.RecordAbsence(who=missed)
            return attendance.record_absence(relationship, session, absence, *sender.carried)
        body = attendance.ConfirmAttendance(minutes=form.minutes)
        return attendance.hold(relationship, session, body, *sender.carried)

    return sent(sender, (relationship, session), AttendanceForm, carry)


@router.post("/confirmation")
def confirm(relationship: UUID, session: UUID, sender: SenderPart) -> Response:
    """Say that what the other recorded is right."""
    sender.party.relationship(relationship)

    def carry(_form: ButtonForm) -> CommandResult:
        return attendance.confirm(relationship, session, *sender.carried)

    return sent(sender, (relationship, session), ButtonForm, carry)


@router.post("/dispute")
def dispute(relationship: UUID, session: UUID, sender: SenderPart) -> Response:
    """Say that what is recorded is wrong."""
    sender.party.relationship(relationship)

    def carry(form: DisputeForm) -> CommandResult:
        body = attendance.DisputeAttendance(words=form.words)
        return attendance.dispute(relationship, session, body, *sender.carried_with_words)

    return sent(sender, (relationship, session), DisputeForm, carry)
