"""How whoever just changed something sees it: a read waits for its position, and for no other."""

from dataclasses import dataclass

from crypto.event_store.recorder import LogRecorder
from projections.reader import NotYet, Reader


class NotRecorded(NotYet):
    """Nothing is recorded at this position yet, so nothing can show it."""


@dataclass(frozen=True)
class Waiting:
    """What API and pages wait with, so that neither holds a thread for a number that somebody made up."""

    reader: Reader
    recorder: LogRecorder

    def until_shown(self, name: str, position: int | None, timeout_seconds: float) -> None:
        """Return once a read model shows the position; raises NotYet in time, and NotRecorded at once."""
        if position is None or self.reader.stands_at(name, position):
            return
        if position > (self.recorder.max_notification_id() or 0):
            raise NotRecorded
        self.reader.wait_for(name, position, timeout_seconds)
