"""When a pair may meet: for an hour, within what was agreed on and what both said, and not with others at the same time."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.availability import Availability
from domain.errors import DomainError, InThePast
from domain.proposal import HOME_ZONE
from domain.values import Sealed, TimeSpan
from domain.working_time import USUAL_HOURS, WorkingHours

SESSION_LENGTH = timedelta(minutes=60)
"""Rule 5: what an agreement buys is an hour."""

LATE_NOTICE = timedelta(hours=24)
"""A mentor who hears it a day ahead can still give the hour to somebody else; an agreement may say otherwise."""

FARTHEST_AHEAD = timedelta(days=366)
"""A session beyond a year from now is a slip of the pen."""


class NotOneHour(DomainError):
    """A session lasts exactly 60 minutes."""


class TooFarAhead(DomainError):
    """A session is planned at most a year ahead."""


class OutsideWorkingHours(DomainError):
    """A session lies within the agreed working hours of one day; choose a time within them."""


class NotATimeForBoth(DomainError):
    """This is not a time that both have said they can meet; choose another."""


@dataclass(frozen=True, slots=True)
class MeetingTerms:
    """What was agreed about when people meet; hours, weeks and months are those of the zone."""

    working_hours: WorkingHours = USUAL_HOURS
    time_zone: str = HOME_ZONE
    late_notice: timedelta = LATE_NOTICE

    def local(self, span: TimeSpan) -> TimeSpan:
        """The same moments by the wall clock that was agreed on."""
        return replace(span, time_zone=self.time_zone)


USUAL_TERMS = MeetingTerms()
"""What holds until a funding agreement says otherwise."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What every session of a pair lies within: their terms, what both said, and what one has planned with others."""

    terms: MeetingTerms = USUAL_TERMS
    said: tuple[Availability, ...] = ()
    taken: tuple[TimeSpan, ...] = ()

    def hold(self, span: TimeSpan) -> bool:
        """Whether both can meet all through the span; who said nothing and has planned nothing can."""
        is_free = not any(each.overlaps(span) for each in self.taken)
        return is_free and all(each.contains(span) for each in self.said)


USUAL_BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class Plan:
    """When a session is to happen, and where to click."""

    span: TimeSpan
    video_link: Sealed | None = None
    bounds: Bounds = USUAL_BOUNDS

    def require_bookable(self, at: datetime) -> None:
        """Rule 6: one hour, ahead of us, within the agreed working hours and whenever both can meet."""
        if self.span.length != SESSION_LENGTH:
            raise NotOneHour
        if self.span.starts_at <= at:
            raise InThePast
        if self.span.starts_at > at + FARTHEST_AHEAD:
            raise TooFarAhead
        terms = self.bounds.terms
        if not terms.working_hours.contain(terms.local(self.span)):
            raise OutsideWorkingHours
        if not self.bounds.hold(self.span):
            raise NotATimeForBoth
