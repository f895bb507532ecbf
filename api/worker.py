"""The worker: keeps read models up to date with the operational key and nothing else."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event
from types import FrameType

import structlog

from projections.applying import Stopped
from projections.catalogue import READ_MODELS
from projections.log import Log
from projections.read_model import ReadModel
from projections.runner import Runner


def work(
    worker_url: str, log: Log, stop: Event, *, models: Sequence[ReadModel] = READ_MODELS
) -> None:
    """Run until told to stop; any number of workers may, and one of them leads."""
    Runner(worker_url, log, models, alarm=raise_alarm).run(stop)


@contextmanager
def stopped_by_signals() -> Iterator[Event]:
    """An event that SIGTERM and SIGINT set; the handlers from before come back afterwards."""
    stop = Event()

    def tell(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, tell) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def raise_alarm(stopped: Stopped) -> None:
    """Say in the log that a read model stopped, before which position and why, by class alone."""
    structlog.get_logger().error(
        "read model stopped",
        read_model=stopped.read_model,
        position=stopped.position,
        error=stopped.reason,
        record=stopped.record,
    )
