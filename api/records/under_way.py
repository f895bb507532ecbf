"""What this process is working out now, so that it does not work the same out twice at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from uuid import UUID

from domain.matching_round import RoundIsUnderWay


class UnderWay:
    """Programmes whose round is being worked out; other processes have their own."""

    def __init__(self) -> None:
        self._programmes: set[UUID] = set()
        self._lock = Lock()

    @contextmanager
    def alone(self, programme: UUID) -> Iterator[None]:
        """Keep others away until this is left; raises RoundIsUnderWay where somebody was first."""
        with self._lock:
            if programme in self._programmes:
                raise RoundIsUnderWay
            self._programmes.add(programme)
        try:
            yield
        finally:
            with self._lock:
                self._programmes.discard(programme)


ROUNDS = UnderWay()
