"""One round of the matching as the service runs it: over HTTP on a real PostgreSQL, and where its time goes."""

import http.client
import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from api.enrolment import issue_token
from api.event_log import EventLog
from api.records import finding
from api.records.finding import Finding
from api.records.gathering import Gathering
from api.records.openings import Openings
from api.records.slices import slices_of
from domain.access import Caller
from domain.commands.matching import close_round, newest_round
from domain.matching import engine
from domain.mentoring import Order
from domain.values import Act, Role
from projections.catalogue import READ_MODELS
from projections.reader import Reader
from projections.rebuild import prepare, rebuild
from projections.runner import connect
from tests.benchmarks.dashboard import STATIC, serving
from tests.benchmarks.matching_people import people as made_up
from tests.benchmarks.world import World
from tests.crowd import Crowd, begun

MENTORS, SEED, WRITERS, NEW_TOGETHER = 1_000, 7, 16, 20
ASKED = {"pipeline", "participation", "my_caseload", "groups"}
"""The read models that a round asks."""

ROUND_SECONDS = 1_800


@dataclass
class Parted:
    """Seconds of one round: over HTTP, and the next one by what it was spent on."""

    waiting: int
    seconds_http: float = 0.0
    worst_live_ms: float = 0.0
    parts: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def as_json(self) -> dict[str, float | str]:
        shown = {name: round(seconds, 2) for name, seconds in self.parts.items()}
        return {
            "waiting": self.waiting,
            "seconds_http": round(self.seconds_http, 2),
            "worst_live_ms": round(self.worst_live_ms, 1),
            "unit": "seconds",
            **shown,
        }


def matching_round(world: World, waiting: int) -> Parted:
    """So many wait for 1,000 mentors; a round is over all of them."""
    with world.parts() as parts, connect(world.url("vouchsafe_worker")) as worker:
        crowd = begun(parts, agreements=WRITERS)
        _fill(crowd, waiting)
        log = EventLog(parts.recorder, parts.mapper)
        prepare(worker, log, READ_MODELS)
        for model in READ_MODELS:
            if model.name in ASKED:
                rebuild(worker, log, model)
        found = Parted(waiting)
        _over_http(world, crowd, found)
        _by_parts(world, crowd, found)
        return found


def _fill(crowd: Crowd, waiting: int) -> None:
    mentees, mentors = made_up(max(waiting, MENTORS), SEED)
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(crowd.mentor, slices_of(mentors[:MENTORS], NEW_TOGETHER)))
        list(pool.map(crowd.wait, enumerate(slices_of(mentees[:waiting], NEW_TOGETHER))))


def _over_http(world: World, crowd: Crowd, found: Parted) -> None:
    """The round of the real process; meanwhile somebody asks it every now and then whether it lives."""
    token = issue_token(crowd.parts, crowd.coordinator, Role.COORDINATOR)
    with serving(world) as port, ThreadPoolExecutor(1) as pool:
        path = f"/api/v1/programmes/{crowd.programme}/matching-rounds"
        started = time.perf_counter()
        round_run = pool.submit(_sent, port, "POST", path, token)
        while not round_run.done():
            asked = time.perf_counter()
            _sent(port, "GET", STATIC, "")
            took = 1000 * (time.perf_counter() - asked)
            found.worst_live_ms = max(found.worst_live_ms, took)
            time.sleep(0.01)
        round_run.result()
        found.seconds_http = time.perf_counter() - started


def _sent(port: int, method: str, path: str, token: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ROUND_SECONDS)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    said = answer.read()
    connection.close()
    assert answer.status < http.HTTPStatus.BAD_REQUEST, said


def _by_parts(world: World, crowd: Crowd, found: Parted) -> None:
    """The next round, in this process, with a watch on each part."""
    newest = newest_round(crowd.parts.mentoring, crowd.programme)
    assert newest is not None
    crowd.do(close_round, crowd.coordinator, matching_round=newest.id)
    now = datetime.now(UTC)
    with Reader(world.url("vouchsafe_reader")) as reader:
        caller = Caller(crowd.coordinator, Role.COORDINATOR)
        gathering = Gathering(
            crowd.parts.mentoring, crowd.openings, reader, caller, now, secrets.token_bytes
        )
        order = Order(Act(crowd.coordinator, now), uuid4())
        began = time.process_time()
        with _watched(found), _timed(found, "whole"):
            Finding(gathering).run_round(order, crowd.programme)
        found.parts["processor"] = time.process_time() - began


@contextmanager
def _watched(found: Parted) -> Iterator[None]:
    def timed(name: str, part: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **facts: Any) -> Any:
            with _timed(found, name):
                return part(*args, **facts)

        return call

    with (
        patch.object(Gathering, "of_programme", timed("opening", Gathering.of_programme)),
        patch.object(engine, "run_round", timed("engine", engine.run_round)),
        patch.object(Openings, "seal_all", timed("sealing", Openings.seal_all)),
        patch.object(finding, "record_round", timed("recording", finding.record_round)),
    ):
        yield


@contextmanager
def _timed(found: Parted, name: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    found.parts[name] += time.perf_counter() - started
