"""Spares callers the wait for a key service that is away: after some failures it is left alone for a while.

Then one call tries it for all. What it counts is for metrics.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from typing import TypeVar

from typing_extensions import override

from crypto.errors import KeyServiceUnavailable
from crypto.kms import KeyService

FAILURES_TO_OPEN = 3
REST_SECONDS = 5.0

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Figures:
    """What came of the calls so far; `spared` ones never reached the service."""

    calls: int = 0
    failures: int = 0
    spared: int = 0
    is_open: bool = False


class GuardedKeyService(KeyService):
    """Any key service behind a circuit breaker, which is open while calls are spared."""

    def __init__(self, service: KeyService, clock: Callable[[], float] = time.monotonic) -> None:
        self._service = service
        self._clock = clock
        self._lock = Lock()
        self._figures = Figures()
        self._failures_in_a_row = 0
        self._resting_until = 0.0

    @property
    def figures(self) -> Figures:
        """Counted since this process started."""
        return self._figures

    @override
    def compartments(self) -> frozenset[str]:
        return self._service.compartments()

    @override
    def epoch(self, compartment: str) -> int:
        return self._asked(lambda: self._service.epoch(compartment))

    @override
    def wrap(self, compartment: str, epoch: int, secret: bytes, context: bytes) -> bytes:
        return self._asked(lambda: self._service.wrap(compartment, epoch, secret, context))

    @override
    def unwrap(self, compartment: str, epoch: int, wrapped: bytes, context: bytes) -> bytes:
        return self._asked(lambda: self._service.unwrap(compartment, epoch, wrapped, context))

    @override
    def new_epoch(self, compartment: str) -> int:
        return self._asked(lambda: self._service.new_epoch(compartment))

    @override
    def destroy_epoch(self, compartment: str, epoch: int) -> None:
        self._asked(lambda: self._service.destroy_epoch(compartment, epoch))

    @override
    def is_destroyed(self, compartment: str, epoch: int) -> bool:
        return self._asked(lambda: self._service.is_destroyed(compartment, epoch))

    def _asked(self, ask: Callable[[], Answer]) -> Answer:
        self._begin()
        failed = False
        try:
            return ask()
        except KeyServiceUnavailable:
            failed = True
            raise
        finally:
            # Any other error is an answer too: the service is there.
            self._end(failed=failed)

    def _begin(self) -> None:
        with self._lock:
            now, figures = self._clock(), self._figures
            if figures.is_open and now < self._resting_until:
                self._figures = replace(figures, spared=figures.spared + 1)
                raise KeyServiceUnavailable
            # While this one tries, the others are spared.
            self._resting_until = now + REST_SECONDS
            self._figures = replace(figures, calls=figures.calls + 1)

    def _end(self, *, failed: bool) -> None:
        with self._lock:
            self._failures_in_a_row = self._failures_in_a_row + 1 if failed else 0
            if failed:
                self._resting_until = self._clock() + REST_SECONDS
            self._figures = replace(
                self._figures,
                failures=self._figures.failures + failed,
                is_open=self._failures_in_a_row >= FAILURES_TO_OPEN,
            )
