"""Where the time of a command goes: load, decide, seal, append; one writer, one event a command."""

import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from api.bootstrap import Parts
from domain.mentoring import CommandRecord, Order
from domain.place import Place
from domain.values import Act
from tests.benchmarks.world import ACTOR, World

PLACES = 50
COMMANDS = 20


@dataclass(frozen=True)
class Steps:
    """The median microseconds of each step."""

    took: dict[str, float]

    def as_json(self) -> dict[str, float | str]:
        return {**{name: round(each, 1) for name, each in self.took.items()}, "unit": "us"}


def where_time_goes(world: World) -> Steps:
    """Places that each reserve a session and give it back, in turn, until they have 20 events."""
    clock = _StopWatch()
    with world.parts() as parts:
        for _ in range(PLACES):
            place = _granted(parts)
            for _ in range(COMMANDS):
                _command(parts, place, clock)
    return Steps({name: statistics.median(each) for name, each in clock.took.items()})


class _StopWatch:
    def __init__(self) -> None:
        self.took: dict[str, list[float]] = defaultdict(list)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.took[name].append((time.perf_counter() - began) * 1e6)


def _granted(parts: Parts) -> UUID:
    place = Place.grant(uuid4(), agreement=uuid4(), sessions=1, act=_act())
    return parts.mentoring.commit(Order(_act(), uuid4()), place).subject


def _command(parts: Parts, id: UUID, clock: _StopWatch) -> None:
    with clock.step("load"):
        place = parts.mentoring.load(Place, id)
    with clock.step("decide"):
        if place.free:
            place.reserve(uuid4(), _act())
        else:
            place.release(next(iter(place.reserved)), _act())
    with clock.step("seal"):
        sealed = [parts.mapper.to_stored_event(event) for event in place.collect_events()]
    with clock.step("append"):
        parts.recorder.insert_events(
            sealed, command=CommandRecord(uuid4(), b"", place.id, place.version)
        )


def _act() -> Act:
    return Act(ACTOR, datetime.now(UTC))
