"""Whether a mail address is the person's own: a code goes there, and whoever has it and is signed in confirms it.

Nothing else goes to an address that waits for that. It holds up nothing but mail.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.errors import DomainError
from domain.values import Sealed

CODE_LASTS = timedelta(days=7)


class AddressIsConfirmed(DomainError):
    """This address is confirmed already."""


class CodeIsWrong(DomainError):
    """This code is not right, or its time is over; have a new one sent."""


@dataclass(frozen=True, slots=True)
class AddressWaits:
    """Which code was sent, in which event, and until when it can be used."""

    code: Sealed
    version: int
    expires_at: datetime

    def require(self, code: Sealed, at: datetime) -> None:
        """Refuse another code than the last, and one that is too old."""
        if code != self.code or at >= self.expires_at:
            raise CodeIsWrong
