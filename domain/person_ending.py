"""What is decided about the end of a record that nobody uses any more: announced a month before, put off, due."""

from datetime import date
from typing import Any

from domain.aggregate import Aggregate
from domain.errors import DomainError
from domain.person_events import PersonEvents
from domain.policies.keeping import ANNOUNCED_BEFORE, day_of
from domain.values import Act


class PersonIsErased(DomainError):
    """This person's record was erased."""


class EndIsAnnounced(DomainError):
    """The end of this record is announced already."""


class NoEndIsAnnounced(DomainError):
    """No end of this record is announced; there is nothing to put off."""


class EndIsNotDue(DomainError):
    """The end of this record was not announced, or its day has not come."""


class AnnouncedTooLate(DomainError):
    """The end of a record is announced thirty days before, or earlier."""


class PersonEnding(PersonEvents):
    """Decisions about the end; the clerk announces it, and whoever is heard of puts it off."""

    ends_on: date | None
    is_erased: bool

    def record(self, event_class: type[Aggregate.Event], act: Act, **facts: Any) -> None:
        """Given by the aggregate."""
        raise NotImplementedError

    def announce_end(self, ends_on: date, act: Act) -> None:
        """Say on which day the record ends, so that its person can take away what they want to keep."""
        self.require_not_erased()
        if self.ends_on is not None:
            raise EndIsAnnounced
        if ends_on < day_of(act.at) + ANNOUNCED_BEFORE:
            raise AnnouncedTooLate
        self.record(self.EndAnnounced, act, ends_on=ends_on)

    def put_off_end(self, act: Act) -> None:
        """Keep the record; the periods begin anew."""
        self.require_not_erased()
        if self.ends_on is None:
            raise NoEndIsAnnounced
        self.record(self.EndPutOff, act)

    def require_end_has_come(self, act: Act) -> None:
        """Refuse to end a record before its announced day."""
        self.require_not_erased()
        if self.ends_on is None or day_of(act.at) < self.ends_on:
            raise EndIsNotDue

    def require_not_erased(self) -> None:
        """Refuse whatever would be recorded of an erased person."""
        if self.is_erased:
            raise PersonIsErased
