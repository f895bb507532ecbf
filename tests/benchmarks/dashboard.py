"""The 99th percentile of the pipeline at half load against a static answer of the same server."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from statistics import quantiles

from api.enrolment import enrol, issue_token
from api.event_log import EventLog
from api.records.contact import Contact
from domain.values import Role
from projections.catalogue import READ_MODELS
from projections.rebuild import prepare, rebuild
from projections.runner import connect
from tests.benchmarks.history import load_history
from tests.benchmarks.measuring import Ratio, interleaved, per_second
from tests.benchmarks.world import World

EVENTS = 8_000
CONNECTIONS = 4
SECONDS = 4.0
ROUNDS = 5
READY_SECONDS = 180.0
PIPELINE = "/api/v1/pipeline?limit=50"
STATIC = "/api/v1/health/live"


def dashboard_p99_vs_static(world: World) -> Ratio:
    """Both at the same pace: half of what the pipeline can do at its most."""
    token = _scheme(world)
    with serving(world) as port:
        dashboard = [_Caller(port, PIPELINE, token) for _ in range(CONNECTIONS)]
        static = [_Caller(port, STATIC, token) for _ in range(CONNECTIONS)]
        most = per_second(lambda n: dashboard[n].call(), threads=CONNECTIONS, seconds=SECONDS)
        pace = most / 2 / CONNECTIONS
        return interleaved(
            lambda: _p99(dashboard, pace),
            lambda: _p99(static, pace),
            rounds=ROUNDS,
            unit=f"milliseconds at {most / 2:.0f} requests a second",
        )


class _Caller:
    """One connection that stays open."""

    def __init__(self, port: int, path: str, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self._path = path
        self._headers = {"Authorization": f"Bearer {token}"}

    def call(self) -> None:
        self._connection.request("GET", self._path, headers=self._headers)
        answer = self._connection.getresponse()
        answer.read()
        assert answer.status == http.HTTPStatus.OK


def _p99(callers: list[_Caller], pace: float) -> float:
    """The 99th percentile in milliseconds, counted from when each request was due."""

    def keep_pace(caller: _Caller) -> list[float]:
        started, took = time.perf_counter(), []
        for number in range(int(SECONDS * pace)):
            due = started + number / pace
            _wait_until(due)
            caller.call()
            took.append(1000 * (time.perf_counter() - due))
        return took

    with ThreadPoolExecutor(len(callers)) as pool:
        took = [each for part in pool.map(keep_pace, callers) for each in part]
    return quantiles(took, n=100)[98]


def _wait_until(due: float) -> None:
    pause = due - time.perf_counter()
    if pause > 0:
        time.sleep(pause)


def _scheme(world: World) -> str:
    """A scheme of some size, its read models, and a coordinator's token."""
    with world.parts() as parts, connect(world.url("vouchsafe_worker")) as worker:
        load_history(world, parts, EVENTS)
        log = EventLog(parts.recorder, parts.mapper)
        prepare(worker, log, READ_MODELS)
        for model in READ_MODELS:
            rebuild(worker, log, model)
        person = enrol(parts, Contact("Benchmark", "b@example.org"), [Role.COORDINATOR])
        return issue_token(parts, person, Role.COORDINATOR)


@contextmanager
def serving(world: World) -> Iterator[int]:
    """The real API process."""
    port = _free_port()
    environment = {
        **os.environ,
        "VOUCHSAFE_DATABASE_URL": world.url("vouchsafe_api"),
        "VOUCHSAFE_READER_URL": world.url("vouchsafe_reader"),
        "VOUCHSAFE_KEY_FILES": json.dumps({k: str(v) for k, v in world.key_files.items()}),
        "VOUCHSAFE_PORT": str(port),
    }
    command = [sys.executable, "-m", "api.cli", "serve"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            _until(lambda: _answers(port))
            yield port
        finally:
            process.terminate()


def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.perf_counter() + READY_SECONDS
    while not is_so():
        assert time.perf_counter() < deadline
        time.sleep(0.1)


def _answers(port: int) -> bool:
    try:
        _Caller(port, STATIC, "").call()
    except OSError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
