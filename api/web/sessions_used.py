"""How much of a place is used, in marks and in words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Used:
    """The sessions of the place, one mark each, for looking at rather than counting."""

    granted: int
    used: int
    reserved: int

    @property
    def free(self) -> int:
        """How many can still be planned."""
        return self.granted - self.used - self.reserved

    @property
    def marks(self) -> list[str]:
        """What each session of the place is: used, planned or free."""
        return ["used"] * self.used + ["planned"] * self.reserved + ["free"] * self.free

    @property
    def words(self) -> str:
        """The same for those who do not look."""
        sessions = "session" if self.granted == 1 else "sessions"
        planned = f", {self.reserved} planned" if self.reserved else ""
        return f"{self.used} of {self.granted} {sessions} used{planned}"
