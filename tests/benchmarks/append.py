"""Sealed, ordered, durable appends against bare, unordered INSERTs of the same size."""

import os
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from uuid import uuid4

import psycopg

from api.bootstrap import Parts
from domain.mentoring import Order
from domain.place import Place
from domain.values import Act
from tests.benchmarks.append_peers import STATE_BYTES, library_append, make_table, pgbench
from tests.benchmarks.measuring import Ratio, interleaved, per_second
from tests.benchmarks.world import ACTOR, World

SECONDS = 2.0
ROUNDS = 7


def append_vs_raw(world: World, threads: int) -> Ratio:
    """One event a command from so many threads, against one row a transaction."""
    with ExitStack() as stack:
        raw = _raw_insert(world, threads, stack)
        return _append_vs(world, threads, lambda: per_second(raw, threads=threads, seconds=SECONDS))


def append_vs_pgbench(world: World, clients: int) -> Ratio:
    """Against PostgreSQL's own load generator, which inserts the same row one a transaction."""
    make_table(world)
    return _append_vs(world, clients, lambda: pgbench(world, clients, seconds=SECONDS))


def append_vs_library(world: World, threads: int) -> Ratio:
    """Against the eventsourcing library's default recorder, which seals nothing."""
    with library_append(world, threads) as append:
        return _append_vs(
            world, threads, lambda: per_second(append, threads=threads, seconds=SECONDS)
        )


def _append_vs(world: World, threads: int, theirs: Callable[[], float]) -> Ratio:
    with world.parts(pool_size=threads + 4) as parts:
        ours = _sealed_append(parts, threads)
        return interleaved(
            lambda: per_second(ours, threads=threads, seconds=SECONDS),
            theirs,
            rounds=ROUNDS,
            unit="events a second",
        )


def _sealed_append(parts: Parts, threads: int) -> Callable[[int], None]:
    """Each thread has a place of its own, on which it reserves and releases in turn."""
    act = Act(ACTOR, datetime.now(UTC))
    places = [Place.grant(uuid4(), agreement=uuid4(), sessions=1, act=act) for _ in range(threads)]
    for place in places:
        parts.mentoring.commit(Order(act, uuid4()), place)
    sessions = [uuid4() for _ in places]

    def append(thread: int) -> None:
        place, session = places[thread], sessions[thread]
        if place.free:
            place.reserve(session, act)
        else:
            place.release(session, act)
        parts.mentoring.commit(Order(act, uuid4()), place)

    return append


def _raw_insert(world: World, threads: int, stack: ExitStack) -> Callable[[int], None]:
    make_table(world)
    connections = [
        stack.enter_context(psycopg.connect(world.superuser_url, autocommit=True))
        for _ in range(threads)
    ]
    state, salt, streams = os.urandom(STATE_BYTES), os.urandom(32), [uuid4() for _ in connections]
    versions = [0] * threads

    def insert(thread: int) -> None:
        versions[thread] += 1
        connections[thread].execute(
            "INSERT INTO raw_event (originator_id, originator_version, topic, state, command_id, "
            "salt) VALUES (%s, %s, 'place.session_reserved', %s, %s, %s)",
            [streams[thread], versions[thread], state, uuid4(), salt],
            prepare=True,
        )

    return insert
