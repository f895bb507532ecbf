"""How long something is kept once it is over: until then nobody destroys it by the calendar.

Rule 20: the periods are settings of the provider, and reaching one destroys keys.
"""

from datetime import datetime, timedelta

from domain.errors import DomainError
from domain.values import Act


class StillKept(DomainError):
    """This has not been kept as long as it is to be kept, or it is not over yet."""


def require_kept_for(period: timedelta, over_since: datetime | None, act: Act) -> None:
    """Refuse to destroy what is not over, or has not been over for long enough."""
    if over_since is None or act.at < over_since + period:
        raise StillKept
