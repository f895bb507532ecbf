"""One planned hour: when it may be, how it may end, and which endings use the place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from domain.errors import DomainError, InThePast
from domain.values import Sealed, TimeSpan
from domain.working_time import USUAL_HOURS, WorkingHours

SESSION_LENGTH = timedelta(minutes=60)
"""Rule 5: what an agreement buys is an hour."""

LATE_NOTICE = timedelta(hours=24)
"""A mentor who hears it a day ahead can still give the hour to somebody else."""

FARTHEST_AHEAD = timedelta(days=366)
"""A session beyond a year from now is a slip of the pen."""

DISPUTE_PERIOD = timedelta(days=14)
"""Rule 5: how long after attendance was recorded either party may dispute it."""

MOST_MINUTES_HELD = 120
"""More than twice the planned hour is a slip of the pen."""


class NoSuchSession(DomainError):
    """This relationship has no such session."""


class SessionExists(DomainError):
    """This session is already scheduled."""


class NotOneHour(DomainError):
    """A session lasts exactly 60 minutes."""


class TooFarAhead(DomainError):
    """A session is planned at most a year ahead."""


class OutsideWorkingHours(DomainError):
    """A session lies within the agreed working hours of one day."""


class DayIsTaken(DomainError):
    """There is already a session on this day."""


class SessionIsSettled(DomainError):
    """This session was already held, missed or cancelled."""


class SessionIsNotSettled(DomainError):
    """This session was not yet held, missed or cancelled."""


class SessionHasStarted(DomainError):
    """This session has started; record who attended instead."""


class SessionIsOver(DomainError):
    """This session is over; there is nothing left to join."""


class SessionHasNotEnded(DomainError):
    """Attendance is recorded once the session has ended."""


class TooLateToReschedule(DomainError):
    """Less than 24 hours before its start a mentee can cancel a session but not move it."""


class TooLateToDispute(DomainError):
    """Attendance can be disputed within 14 days."""


class AlreadyDisputed(DomainError):
    """This attendance is already disputed."""


class NothingToCorrect(DomainError):
    """The record says this already, and nobody disputes it."""


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


@dataclass(frozen=True, slots=True)
class Plan:
    """When a session is to happen and where to click; the hours are the agreement's."""

    span: TimeSpan
    video_link: Sealed | None = None
    working_hours: WorkingHours = USUAL_HOURS

    def require_bookable(self, at: datetime) -> None:
        """Rule 6: one hour, ahead of us, within the agreed working hours."""
        if self.span.length != SESSION_LENGTH:
            raise NotOneHour
        if self.span.starts_at <= at:
            raise InThePast
        if self.span.starts_at > at + FARTHEST_AHEAD:
            raise TooFarAhead
        if not self.working_hours.contain(self.span):
            raise OutsideWorkingHours


@dataclass(frozen=True, slots=True)
class Session:
    """One session as the relationship knows it; without an outcome it is still to come."""

    id: UUID
    span: TimeSpan
    sequence: int = 0
    outcome: Outcome | None = None
    settled_at: datetime | None = None
    disputed: bool = False

    @property
    def takes_its_day(self) -> bool:
        """Whether the pair meets, or met, on this day."""
        return self.outcome in {None, Outcome.HELD}

    def is_still_to_come(self, at: datetime) -> bool:
        """Whether an ending of the relationship cancels this session."""
        return self.outcome is None and at < self.span.starts_at

    def notice_at(self, at: datetime) -> CancellationNotice:
        """Whether a cancellation now is late."""
        late = self.span.starts_at - at < LATE_NOTICE
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

    def require_disputable(self, at: datetime) -> None:
        """Refuse a dispute of nothing, a second one, and one that comes too late."""
        if self.settled_at is None:
            raise SessionIsNotSettled
        if self.disputed:
            raise AlreadyDisputed
        if at > self.settled_at + DISPUTE_PERIOD:
            raise TooLateToDispute

    def require_correctable(self, outcome: Outcome) -> None:
        """Refuse a correction of nothing and one that changes and answers nothing."""
        if self.outcome is None:
            raise SessionIsNotSettled
        if outcome is self.outcome and not self.disputed:
            raise NothingToCorrect


def require_free_day(span: TimeSpan, others: Iterable[Session]) -> None:
    """Rule 6: a pair meets at most once on one day of their calendar."""
    day = span.local_start.date()
    for other in others:
        if other.takes_its_day and other.span.local_start.date() == day:
            raise DayIsTaken
