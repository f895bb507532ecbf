"""The clock of a simulation: it stands still until it is moved, and never shows the same moment to two acts."""

from datetime import datetime, timedelta

STEP = timedelta(milliseconds=1)


class SimulatedClock:
    """Stands in for the clock of every part that the simulation joins."""

    def __init__(self, begins_at: datetime) -> None:
        self._now = begins_at

    def __call__(self) -> datetime:
        """This moment of the simulation."""
        return self._now

    def move_to(self, moment: datetime) -> None:
        """Go on to a moment, unless it is past already."""
        self._now = max(self._now, moment)

    def step(self) -> datetime:
        """Go on by the least there is, and answer the moment: acts are told apart by it."""
        self._now += STEP
        return self._now
