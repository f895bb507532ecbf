"""The worker: keeps read models up to date with the operational key and nothing else."""

from collections.abc import Sequence
from threading import Event

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


def raise_alarm(stopped: Stopped) -> None:
    """Say in the log that a read model stopped, before which position and why, by class alone."""
    structlog.get_logger().error(
        "read model stopped",
        read_model=stopped.read_model,
        position=stopped.position,
        error=stopped.reason,
        record=stopped.record,
    )
