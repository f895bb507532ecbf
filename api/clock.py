"""What time it is, as every process asks for it; a trial can be set to live in the past."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def clock_behind(seconds: int) -> Clock:
    """A clock that is that many seconds behind; zero is the real time."""
    behind = timedelta(seconds=seconds)
    return lambda: datetime.now(UTC) - behind
