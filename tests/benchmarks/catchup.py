"""Catching a read model up with the log against merely reading and opening the same rows."""

import time

from rich.console import Console

from api.bootstrap import Parts
from api.event_log import EventLog
from projections.pipeline import PIPELINE
from projections.rebuild import prepare, rebuild
from projections.runner import connect
from tests.benchmarks.history import load_history
from tests.benchmarks.measuring import Ratio, interleaved
from tests.benchmarks.world import World

EVENTS = 100_000
BATCH = 500
ROUNDS = 3


def catchup_vs_select_decrypt(world: World) -> Ratio:
    """Events a second into the pipeline, against SELECT and decrypt of the same events alone."""
    with world.parts() as parts:
        events = load_history(world, parts, EVENTS)
    with world.parts("vouchsafe_api") as parts, connect(world.url("vouchsafe_worker")) as worker:
        log = EventLog(parts.recorder, parts.mapper)
        prepare(worker, log, [PIPELINE])
        Console().print(f"  {events} events")
        return interleaved(
            lambda: events / _seconds(lambda: rebuild(worker, log, PIPELINE)),
            lambda: events / _seconds(lambda: _read_and_open(parts)),
            rounds=ROUNDS,
            unit="events a second",
        )


def _read_and_open(parts: Parts) -> None:
    """Every event of the log, opened and decoded, and nothing done with it."""
    position = 0
    while notifications := parts.recorder.select_notifications(
        position, BATCH, inclusive_of_start=False
    ):
        parts.mapper.open_many(notifications)
        position = notifications[-1].id


def _seconds(work: object) -> float:
    assert callable(work)
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
