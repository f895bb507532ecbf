"""One simulated life of a scheme, recorded once: its events, command by command, told again wherever tests need a history.

`python -m tests.recorded_life` simulates and records it anew. What was sealed is not kept; whoever tells it seals
words of their own. Looks are left out, and ids can be made fresh, so that many copies make one long log.
"""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from api.event_log import EventLog
from api.simulate.plan import Plan
from crypto.event_store.mapper import _Shape
from domain import EVENT_CLASSES
from domain.access_register import AccessRegister
from domain.aggregate import Aggregate
from domain.values import Sealed
from tests.benchmarks.world import World, a_world
from tests.simulated import A_MONDAY, Ground

FILE = Path(__file__).parent / "vectors" / "recorded_life" / "events.jsonl"
PLAN = Plan(mentees=10, mentors=4, weeks=14, seed=527, begins_at=A_MONDAY)
NOT_KEPT = b"-"
SENTENCE_BYTES = 61 + 256
"""As long as a sentence under seal."""

COMMANDS = "SELECT position, command_id FROM record.event ORDER BY position"
Event = Aggregate.Event
Command = tuple[Event, ...]
Seal = Callable[[Sealed], Sealed]


class Line(msgspec.Struct):
    """One event as it is kept."""

    command: UUID
    stream: UUID
    version: int
    topic: str
    state: msgspec.Raw


@dataclass(frozen=True)
class Life:
    """Everything that happened, in the order in which it was recorded."""

    commands: tuple[Command, ...]

    def events(self) -> Iterator[Event]:
        for command in self.commands:
            yield from command

    def again(self, mask: int = 0, seal: Seal = lambda sealed: sealed) -> "Life":
        """The same under other ids, all of them changed alike, with its fields sealed anew."""
        changed = _Changed(mask, seal)
        return Life(tuple(tuple(map(changed.event, command)) for command in self.commands))


@dataclass(frozen=True)
class _Changed:
    """What a copy differs in."""

    mask: int
    seal: Seal

    def event(self, event: Event) -> Event:
        copy: Event = object.__new__(type(event))
        copy.__dict__.update({name: self.value(each) for name, each in vars(event).items()})
        return copy

    def value(self, value: Any) -> Any:
        if isinstance(value, UUID):
            return UUID(int=value.int ^ self.mask)
        if isinstance(value, Sealed):
            owner, key = self.value(value.owner), self.value(value.key_id)
            return self.seal(replace(value, owner=owner, key_id=key))
        if isinstance(value, tuple):
            return tuple(map(self.value, value))
        if is_dataclass(value) and not isinstance(value, type):
            parts = {each.name: self.value(getattr(value, each.name)) for each in fields(value)}
            return replace(value, **parts)
        return value


@cache
def recorded_life() -> Life:
    """The one that is recorded."""
    shapes = {topic: _Shape(kind) for topic, kind in EVENT_CLASSES.items()}
    lines = [msgspec.json.decode(line, type=Line) for line in FILE.read_bytes().splitlines()]
    by_command = groupby(lines, key=lambda line: line.command)
    commands = (tuple(_read(shapes[each.topic], each) for each in group) for _, group in by_command)
    return Life(tuple(commands)).again(seal=_as_long_as_a_sentence)


def record_anew() -> None:
    """Simulate, and keep what happened."""
    with a_world() as world:
        Ground(world, world.key_files).run(PLAN)
        FILE.parent.mkdir(exist_ok=True)
        FILE.write_text("".join(f"{line}\n" for line in _written(world)))


def _written(world: World) -> Iterator[str]:
    with world.parts() as parts, psycopg.connect(world.superuser_url) as connection:
        commands = dict(connection.execute(COMMANDS).fetchall())
        for entry in EventLog(parts.recorder, parts.mapper).read(0, len(commands)):
            event = entry.event
            if isinstance(event, Event) and not event.TOPIC.startswith(AccessRegister.TOPIC):
                yield _write(commands[entry.position], event)


def _write(command: UUID, event: Event) -> str:
    without_seals = _Changed(0, lambda sealed: replace(sealed, ciphertext=NOT_KEPT)).event(event)
    state = {name: vars(without_seals)[name] for name in _Shape(type(event))._names}
    line = {
        "command": command,
        "stream": event.originator_id,
        "version": event.originator_version,
        "topic": event.TOPIC,
        "state": state,
    }
    return json.dumps(msgspec.to_builtins(line))


def _read(shape: _Shape, line: Line) -> Event:
    event: Event = object.__new__(shape._class)
    state = msgspec.json.decode(line.state, type=shape._state)
    event.__dict__.update(state, originator_id=line.stream, originator_version=line.version)
    return event


def _as_long_as_a_sentence(sealed: Sealed) -> Sealed:
    return replace(sealed, ciphertext=bytes(SENTENCE_BYTES))


if __name__ == "__main__":
    record_anew()
    sys.stdout.write(f"{sum(1 for _ in recorded_life().events())} events\n")
