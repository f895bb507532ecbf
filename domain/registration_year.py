"""The year for which somebody shows their professional development to their regulator: 1 December to 30 November.

Social Work England asks for two pieces a year, of which at least one was talked over with a peer.
"""

from dataclasses import dataclass
from datetime import date
from typing import Self

from domain.errors import DomainError

FIRST_MONTH = 12
PIECES_ASKED = 2
EARLIEST, LATEST = 2000, 2200


class NotARegistrationYear(DomainError):
    """A registration year is named by the year in which it begins."""


@dataclass(frozen=True, slots=True, order=True)
class RegistrationYear:
    """Named by the year in whose December it begins."""

    begins: int

    def __post_init__(self) -> None:
        if not EARLIEST <= self.begins <= LATEST:
            raise NotARegistrationYear

    @classmethod
    def of(cls, day: date) -> Self:
        """The year in which a day lies."""
        return cls(day.year if day.month >= FIRST_MONTH else day.year - 1)

    @property
    def first_day(self) -> date:
        """1 December."""
        return date(self.begins, FIRST_MONTH, 1)

    @property
    def last_day(self) -> date:
        """30 November."""
        return date(self.begins + 1, FIRST_MONTH - 1, 30)


@dataclass(frozen=True, slots=True)
class StillMissing:
    """What a registration year lacks of what is asked."""

    pieces: int
    peer: bool

    @classmethod
    def after(cls, pieces: int, with_peer: int) -> Self:
        """What is missing beside so many pieces, so many of them talked over with a peer."""
        return cls(max(PIECES_ASKED - pieces, 0), peer=with_peer == 0)

    @property
    def is_nothing(self) -> bool:
        """Whether everything is there that is asked."""
        return not self.pieces and not self.peer
