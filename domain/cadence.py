"""Rule 6: how often a pair meets, by the calendar of the zone that was agreed on."""

from collections.abc import Iterable
from datetime import date

from domain.errors import DomainError
from domain.meeting import (
    MeetingTerms,
)
from domain.relationship_events import Cadence
from domain.session import (
    Session,
)
from domain.values import TimeSpan


class DayIsTaken(DomainError):
    """There is already a session on this day; choose another day, or move that session."""


class WeekIsTaken(DomainError):
    """There is already a session in this week, and you meet weekly; choose another week, or move that session."""


class MonthIsTaken(DomainError):
    """There is already a session in this month, and you meet monthly; choose another month, move that session, or agree to meet weekly."""


def require_free_turn(
    span: TimeSpan, others: Iterable[Session], cadence: Cadence, terms: MeetingTerms
) -> None:
    """Refuse a second session in a day, and in the week or month that the pair agreed on."""
    day = terms.local(span).local_start.date()
    taken = [terms.local(each.span).local_start.date() for each in others if each.takes_its_turn]
    if day in taken:
        raise DayIsTaken
    if cadence is Cadence.WEEKLY and _week(day) in map(_week, taken):
        raise WeekIsTaken
    if cadence is Cadence.MONTHLY and _month(day) in map(_month, taken):
        raise MonthIsTaken


def _week(day: date) -> tuple[int, int]:
    """Monday to Sunday, numbered so that the days about New Year stay together."""
    year, week, _ = day.isocalendar()
    return year, week


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month
