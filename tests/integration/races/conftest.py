"""What races share: a scheme on a clock that tests move, and a crossroads at which commands meet."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Barrier, BrokenBarrierError, Lock
from typing import Any

import pytest

from api.embedded_postgres import EmbeddedPostgres
from tests.databases import fresh_database
from tests.meeting import MeetingScheme, meeting_scheme_on

PATIENCE_SECONDS = 30.0


@dataclass
class Crossroads:
    """Lets commands meet after each has decided and before any of them is recorded.

    What is recorded is the service's own doing; only the moment at which it begins is chosen here.
    """

    waiting: list[Callable[[], object]] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def arrive(self) -> None:
        """Wait for what waits here, once a place; later commands pass."""
        with self.lock:
            wait = self.waiting.pop() if self.waiting else None
        if wait is not None:
            wait()

    def let_meet(self, *calls: Callable[[], Any]) -> list[Any]:
        """Carry out calls at once, each in a thread of its own, so that all decide on the same record."""
        barrier = Barrier(len(calls), timeout=PATIENCE_SECONDS)
        self.waiting = [lambda: _wait(barrier) for _ in calls]
        with ThreadPoolExecutor(len(calls)) as threads:
            answers = [each.result() for each in [threads.submit(call) for call in calls]]
        assert self.waiting == [], "a command was not decided on the same record as the others"
        return answers

    def let_come_between(self, other: Callable[[], Any], call: Callable[[], Any]) -> Any:
        """Carry out a call, and the other just before it is recorded."""
        self.waiting = [other]
        answer = call()
        assert self.waiting == [], "the call recorded nothing, and nothing came between"
        return answer


def _wait(barrier: Barrier) -> None:
    # Whoever never comes fails the test by what it left waiting, not by a thread that hangs.
    with suppress(BrokenBarrierError):
        barrier.wait()


@pytest.fixture(scope="module")
def here(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MeetingScheme]:
    """A scheme that the races of one file share; each brings a pair of its own."""
    folder = tmp_path_factory.mktemp("races")
    with (
        fresh_database(postgres, template) as database,
        meeting_scheme_on(database, folder) as running,
    ):
        yield running


@pytest.fixture
def crossroads(here: MeetingScheme, monkeypatch: pytest.MonkeyPatch) -> Crossroads:
    """Where the commands of this scheme meet, once something waits for them there."""
    return crossroads_of(here, monkeypatch)


def crossroads_of(here: MeetingScheme, monkeypatch: pytest.MonkeyPatch) -> Crossroads:
    """The same of any scheme."""
    recorder, made = here.scheme.parts.recorder, Crossroads()
    insert = recorder.insert_events

    def insert_events(events: Sequence[Any], **more: Any) -> Any:
        made.arrive()
        return insert(events, **more)

    monkeypatch.setattr(recorder, "insert_events", insert_events)
    return made
