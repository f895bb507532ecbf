"""The worker: keeps read models up to date with the operational key and nothing else."""

from collections.abc import Sequence
from threading import Event

import structlog

from projections.alarms import PassedOver, SetAside, Stopped
from projections.catalogue import READ_MODELS
from projections.log import Damage, Log
from projections.read_model import ReadModel
from projections.runner import Presence, Runner

TAMPERED = Damage.TAMPERED.value


def work(
    worker_url: str, log: Log, stop: Event, *, models: Sequence[ReadModel] = READ_MODELS
) -> None:
    """Run until told to stop; any number of workers may, and one of them leads."""
    Runner(worker_url, log, models, alarm=raise_alarm, tell=tell_presence).run(stop)


def raise_alarm(found: Stopped | SetAside | PassedOver) -> None:
    """Say in the log what stands still or is left out: by class, position and record alone."""
    log = structlog.get_logger()
    match found:
        case Stopped(read_model, position, reason, record):
            what = "read model stopped"
            log.error(what, read_model=read_model, position=position, error=reason, record=record)
        case SetAside(_, position, record):
            log.error("stream set aside", position=position, error=TAMPERED, record=record)
        case PassedOver(position, reason, record):
            log.error("record passed over", position=position, error=reason, record=record)


def tell_presence(presence: Presence) -> None:
    """Say in the log that the database went away or came back."""
    log = structlog.get_logger()
    if presence is Presence.AWAY:
        log.warning(presence.value)
    else:
        log.info(presence.value)
