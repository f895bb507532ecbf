"""A small simulation on a database of a test's own, in this process or in one that can be killed."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any, Protocol

import psycopg
from pydantic import SecretStr

from api.bootstrap import (
    MAY_OPEN,
    Parts,
    joined,
    local_key_files,
    local_key_service,
    prepare_database,
)
from api.event_log import EventLog
from api.settings import Settings
from api.simulate.plan import Plan
from api.simulate.simulation import Grounds, simulation
from api.simulate.tally import Tally
from domain.access_register import AccessRegister
from domain.aggregate import Aggregate
from domain.feedback import Feedback
from domain.values import Sealed
from tests.databases import Database

A_MONDAY = datetime(2026, 1, 5, 8, tzinfo=UTC)
SMALL = Plan(mentees=6, mentors=3, weeks=7, seed=25, begins_at=A_MONDAY)
ROLES = {"serve": "vouchsafe_api", "work": "vouchsafe_worker", "clerk": "vouchsafe_clerk"}
COUNT = "SELECT count(*) FROM record.event"
BATCH = 500

NOT_THE_SAME = ("references", "receipt", "positions")
"""Random, so that nobody guesses them; and where events stood in a log in which an interrupted look may be missing."""


class Reached(Protocol):
    """A database that each role reaches by a URL of its own."""

    @property
    def superuser_url(self) -> str: ...

    def url(self, role: str) -> str: ...


@dataclass(frozen=True)
class Ground:
    """A database with keys, and what is told to whom of it."""

    database: Reached
    files: dict[str, Path]

    @property
    def told(self) -> dict[str, Any]:
        """The same for a process of its own."""
        return {
            "urls": {name: self.database.url(role) for name, role in ROLES.items()},
            "reader_url": self.database.url("vouchsafe_reader"),
            "journal": str(next(iter(self.files.values())).parent / "erasures"),
            "files": {name: str(path) for name, path in self.files.items()},
        }

    def grounds(self, *, production: bool = False) -> Grounds:
        return grounds_of(self.told, production=production)

    def run(self, plan: Plan = SMALL, stop: Event | None = None) -> Tally:
        """In a thread of its own: that of the tests may have a loop of somebody else's that runs."""
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(self._run, plan, stop or Event()).result()

    def _run(self, plan: Plan, stop: Event) -> Tally:
        with simulation(plan, self.grounds(), stop) as made:
            return made.run()

    @contextmanager
    def in_a_process(self) -> Iterator["subprocess.Popen[bytes]"]:
        """The small plan in a process of its own, killed at the end if it still runs."""
        command = [sys.executable, "-m", "tests.simulated", json.dumps(self.told)]
        with subprocess.Popen(command, cwd=Path(__file__).parents[1], stdout=sys.stderr) as process:
            try:
                yield process
            finally:
                process.kill()

    def event_count(self) -> int:
        with psycopg.connect(self.database.superuser_url) as connection:
            row = connection.execute(COUNT).fetchone()
        assert row is not None
        return int(row[0])

    @contextmanager
    def parts(self) -> Iterator[Parts]:
        with joined(self.grounds().serve) as joined_parts:
            yield joined_parts

    def topics(self) -> Counter[str]:
        """How often each event was recorded."""
        with self.parts() as parts:
            events = _events(EventLog(parts.recorder, parts.mapper))
            return Counter(type(event).TOPIC for event in events)

    def story(self) -> list[tuple[str, dict[str, Any]]]:
        """Everything recorded but looks, without what is sealed: an interrupted look is not repeated."""
        with self.parts() as parts:
            log = EventLog(parts.recorder, parts.mapper)
            return [_told(event) for event in _events(log) if not _is_look(event)]


def ground_on(database: Database, folder: Path) -> Ground:
    files = local_key_files(folder / "keys")
    prepare_database(database.owner_url, local_key_service(files))
    return Ground(database, files)


def grounds_of(told: dict[str, Any], *, production: bool = False) -> Grounds:
    def settings(process: str) -> Settings:
        return Settings(
            database_url=told["urls"][process],
            key_files={name: told["files"][name] for name in MAY_OPEN[process]},
            production=production,
            pool_size=6,
            erasure_journal=Path(told["journal"]) if process == "clerk" else None,
        )

    reader_url = SecretStr(told["reader_url"])
    return Grounds(settings("serve"), settings("work"), settings("clerk"), reader_url)


def _events(log: EventLog) -> Iterator[Aggregate.Event]:
    after = 0
    while entries := log.read(after, BATCH):
        after = entries[-1].position
        yield from (entry.event for entry in entries if isinstance(entry.event, Aggregate.Event))


def _is_look(event: Aggregate.Event) -> bool:
    return type(event).TOPIC.startswith(AccessRegister.TOPIC)


def _is_sealed(value: object) -> bool:
    several = value if isinstance(value, tuple) else (value,)
    return any(isinstance(each, Sealed) for each in several)


def _told(event: Aggregate.Event) -> tuple[str, dict[str, Any]]:
    facts = {k: v for k, v in vars(event).items() if not _is_sealed(v)}
    for name in NOT_THE_SAME:
        facts.pop(name, None)
    if lines := facts.pop("lines", None):
        facts["billed"] = sorted((line.session, line.place) for line in lines)
    if isinstance(event, Feedback.Created):
        facts.pop("originator_id")
    return type(event).TOPIC, facts


if __name__ == "__main__":
    with simulation(SMALL, grounds_of(json.loads(sys.argv[1])), Event()) as small:
        small.run()
