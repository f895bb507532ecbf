"""One planned hour: how it may end, who says so until when, and which endings use the place."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from domain.errors import DomainError
from domain.values import TimeSpan

DISPUTE_PERIOD = timedelta(days=14)
"""Rule 5: how long after attendance was recorded either party may dispute it."""

SETTLED_AFTER = timedelta(days=14)
"""How long after a session and the end of its agreement the two can say themselves what became of it."""

MOST_MINUTES_HELD = 120
"""More than twice the planned hour is a slip of the pen."""


class NoSuchSession(DomainError):
    """This relationship has no such session."""


class SessionExists(DomainError):
    """This session is already scheduled."""


class SessionIsSettled(DomainError):
    """This session is already recorded as held, missed or cancelled; look at it again."""


class SessionIsNotSettled(DomainError):
    """This session was not yet held, missed or cancelled."""


class SessionHasStarted(DomainError):
    """This session has started; record who attended instead."""


class SessionIsOver(DomainError):
    """This session is over; there is nothing left to join."""


class SessionHasNotEnded(DomainError):
    """Attendance is recorded once the session has ended."""


class TooLateToReschedule(DomainError):
    """It is too late for the mentee to move this session; cancel it, or ask the mentoring partner to move it."""


class TooLateToDispute(DomainError):
    """Attendance can be disputed within 14 days."""


class AlreadyDisputed(DomainError):
    """This attendance is already disputed; a coordinator will look at it."""


class NothingToConfirm(DomainError):
    """Only what one of you recorded of attendance is confirmed by the other; this is no such record."""


class OwnRecord(DomainError):
    """You recorded this yourself; the other of you confirms it or disputes it."""


class AlreadyConfirmed(DomainError):
    """Both of you have said that this record is right; if it is not, ask your coordinator to correct it."""


class RecordStands(DomainError):
    """14 days have passed, so this record stands; nothing needs to be confirmed."""


class NothingToCorrect(DomainError):
    """The record says this already, and nobody disputes it."""


class StillTheirsToRecord(DomainError):
    """What became of this session is the pair's to record until 14 days after it and after the end of the agreement."""


class WrongMinutes(DomainError):
    """A held session lasted between one minute and two hours."""


class Outcome(StrEnum):
    """How a session ended."""

    HELD = "held"
    MENTEE_ABSENT = "mentee_absent"
    MENTOR_ABSENT = "mentor_absent"
    CANCELLED_LATE_BY_MENTEE = "cancelled_late_by_mentee"
    CANCELLED = "cancelled"

    @property
    def uses_the_place(self) -> bool:
        """Rule 5: whether this ending uses the reserved session or releases it."""
        return self in {Outcome.HELD, Outcome.MENTEE_ABSENT, Outcome.CANCELLED_LATE_BY_MENTEE}

    @property
    def is_attendance(self) -> bool:
        """Whether it says who came, which nobody knows before the end."""
        return self in {Outcome.HELD, Outcome.MENTEE_ABSENT, Outcome.MENTOR_ABSENT}


class CancellationNotice(StrEnum):
    """How far ahead a session was cancelled; waived where the relationship itself ended."""

    IN_TIME = "in_time"
    LATE = "late"
    WAIVED = "waived"


class CancellationReason(StrEnum):
    """Why a session was cancelled; health and family are nobody's business here."""

    NO_REASON_GIVEN = "no_reason_given"
    CANNOT_ATTEND = "cannot_attend"
    TECHNICAL = "technical"
    RELATIONSHIP_CLOSED = "relationship_closed"


class CorrectionReason(StrEnum):
    """Why a coordinator corrected attendance."""

    DISPUTE_UPHELD = "dispute_upheld"
    DISPUTE_NOT_UPHELD = "dispute_not_upheld"
    RECORDED_IN_ERROR = "recorded_in_error"


class WhereToMeet(StrEnum):
    """How people find each other; a virtual pair without a link still has to say where to click."""

    BY_VIDEO = "by_video"
    IN_PERSON = "in_person"
    NO_LINK_YET = "no_link_yet"


@dataclass(frozen=True, slots=True)
class Session:
    """One session as the relationship knows it; without an outcome it is still to come.

    `recorded_by` is the participant who recorded attendance, until a coordinator corrects it.
    """

    id: UUID
    span: TimeSpan
    sequence: int = 0
    outcome: Outcome | None = None
    settled_at: datetime | None = None
    recorded_by: UUID | None = None
    is_confirmed: bool = False
    disputed: bool = False
    has_link: bool = False

    @property
    def takes_its_turn(self) -> bool:
        """Whether the day, week or month belongs to this session; a cancellation and the mentor's absence free it."""
        return self.outcome in {None, Outcome.HELD, Outcome.MENTEE_ABSENT}

    def is_still_to_come(self, at: datetime) -> bool:
        """Whether an ending of the relationship cancels this session."""
        return self.outcome is None and at < self.span.starts_at

    def notice_at(self, at: datetime, late_notice: timedelta) -> CancellationNotice:
        """Whether a cancellation now is late."""
        late = self.span.starts_at - at < late_notice
        return CancellationNotice.LATE if late else CancellationNotice.IN_TIME

    def require_unsettled(self) -> None:
        """Refuse to settle a session twice."""
        if self.outcome is not None:
            raise SessionIsSettled

    def require_joinable(self, at: datetime) -> None:
        """Refuse the link of what is settled or over."""
        self.require_unsettled()
        if at >= self.span.ends_at:
            raise SessionIsOver

    def require_ahead(self, at: datetime) -> None:
        """Refuse to cancel or move what has begun."""
        self.require_unsettled()
        if at >= self.span.starts_at:
            raise SessionHasStarted

    def require_over(self, at: datetime) -> None:
        """Refuse to record attendance of what is not over."""
        self.require_unsettled()
        if at < self.span.ends_at:
            raise SessionHasNotEnded

    def require_left_open(self, agreement_ended_at: datetime | None, at: datetime) -> None:
        """Refuse to decide for the two what they can still say, or while no account waits for it."""
        self.require_over(at)
        ended_at = agreement_ended_at
        if ended_at is None or at < max(ended_at, self.span.ends_at) + SETTLED_AFTER:
            raise StillTheirsToRecord

    def require_disputable(self, at: datetime) -> None:
        """Refuse a dispute of nothing, a second one, and one that comes too late."""
        if self.settled_at is None:
            raise SessionIsNotSettled
        if self.disputed:
            raise AlreadyDisputed
        if self.is_confirmed:
            raise AlreadyConfirmed
        if at > self.settled_at + DISPUTE_PERIOD:
            raise TooLateToDispute

    def require_confirmable(self, by: UUID, at: datetime) -> None:
        """Refuse to confirm nothing, one's own record, what is disputed or confirmed, and what stands."""
        if self.settled_at is None:
            raise SessionIsNotSettled
        if self.disputed:
            raise AlreadyDisputed
        if self.is_confirmed:
            raise AlreadyConfirmed
        if self.recorded_by is None:
            raise NothingToConfirm
        if self.recorded_by == by:
            raise OwnRecord
        if at > self.settled_at + DISPUTE_PERIOD:
            raise RecordStands

    def require_correctable(self, outcome: Outcome, at: datetime) -> None:
        """Refuse a correction of nothing, one that changes and answers nothing, and attendance of what lies ahead."""
        if self.outcome is None:
            raise SessionIsNotSettled
        if outcome.is_attendance and at < self.span.ends_at:
            raise SessionHasNotEnded
        if outcome is self.outcome and not self.disputed:
            raise NothingToCorrect
