"""From an acknowledged command to its effect in the read models of pages, against one bare commit."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import median
from uuid import uuid4

import psycopg

from api.bootstrap import Parts
from domain.mentoring import Order
from domain.place import Place
from domain.relationship import Relationship, RequestFacts
from domain.values import Act
from projections.my_mentoring import MY_MENTORING
from projections.pipeline import PIPELINE
from projections.reader import Reader
from tests.benchmarks.measuring import Ratio, interleaved
from tests.benchmarks.world import ACTOR, World

COMMANDS = 50
ROUNDS = 9
STATE = os.urandom(400)
PATIENCE_SECONDS = 60.0


def visible_vs_commit(world: World) -> Ratio:
    """One command at a time on an idle service with the real worker process; the median of each round."""
    with (
        world.parts() as parts,
        Reader(world.url("vouchsafe_reader")) as reader,
        psycopg.connect(world.superuser_url, autocommit=True) as connection,
        _working(world),
    ):
        connection.execute("CREATE TABLE IF NOT EXISTS raw_commit (state bytea NOT NULL)")
        command = _command(parts)
        _seen(reader, command())
        return interleaved(
            lambda: median(_seen(reader, command()) for _ in range(COMMANDS)),
            lambda: median(_committed(connection) for _ in range(COMMANDS)),
            rounds=ROUNDS,
            unit="milliseconds",
        )


def _command(parts: Parts) -> Callable[[], int]:
    """A session of a relationship's place is reserved and released in turn; answers the position."""
    act = Act(ACTOR, datetime.now(UTC))
    place = Place.grant(uuid4(), agreement=uuid4(), sessions=1, act=act)
    subject = Relationship.request(uuid4(), RequestFacts(ACTOR, place.id), act)
    place.take(subject.id, act)
    parts.mentoring.commit(Order(act, uuid4()), place, subject)
    session = uuid4()

    def command() -> int:
        if place.free:
            place.reserve(session, act)
        else:
            place.release(session, act)
        return parts.mentoring.commit(Order(act, uuid4()), place).position

    return command


def _seen(reader: Reader, position: int) -> float:
    """Milliseconds until both read models that pages show stand there."""
    started = time.perf_counter()
    for model in (PIPELINE, MY_MENTORING):
        reader.wait_for(model.name, position, PATIENCE_SECONDS)
    return 1000 * (time.perf_counter() - started)


def _committed(connection: psycopg.Connection[tuple[object, ...]]) -> float:
    """Milliseconds of INSERT and COMMIT in one round trip."""
    started = time.perf_counter()
    connection.execute("INSERT INTO raw_commit VALUES (%s)", [STATE], prepare=True)
    return 1000 * (time.perf_counter() - started)


@contextmanager
def _working(world: World) -> Iterator[None]:
    """The real worker process, with its role and its one key."""
    environment = {
        **os.environ,
        "VOUCHSAFE_DATABASE_URL": world.url("vouchsafe_worker"),
        "VOUCHSAFE_KEY_FILES": json.dumps({"operational": str(world.key_files["operational"])}),
    }
    command = [sys.executable, "-m", "api.cli", "work"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()
