"""A calendar month: what is settled and shown is of whole months, each closed by the wall clock of a zone."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self
from zoneinfo import ZoneInfo

from domain.errors import DomainError

MONTHS_A_YEAR = 12


class NotAMonth(DomainError):
    """A month is named by its first day."""


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """Named by its first day, under which events keep it."""

    first_day: date

    def __post_init__(self) -> None:
        if self.first_day.day != 1:
            raise NotAMonth

    @classmethod
    def at(cls, moment: datetime, time_zone: str) -> Self:
        """The month of a moment by the wall clock of a zone."""
        return cls(moment.astimezone(ZoneInfo(time_zone)).date().replace(day=1))

    def next(self) -> Self:
        """The month after this one."""
        years, months = divmod(self.first_day.month, MONTHS_A_YEAR)
        return type(self)(date(self.first_day.year + years, months + 1, 1))

    def ends_at(self, time_zone: str) -> datetime:
        """The first moment that lies behind it."""
        first = self.next().first_day
        return datetime(first.year, first.month, 1, tzinfo=ZoneInfo(time_zone))

    def is_closed(self, at: datetime, time_zone: str) -> bool:
        """Whether it lies behind a moment."""
        return self < self.at(at, time_zone)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, MONTHS_A_YEAR)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
