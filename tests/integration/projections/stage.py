"""What tests of read models do with a database: run workers on it, look at its tables, do it harm."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import UUID

import psycopg
from psycopg.sql import SQL, Identifier
from pydantic import SecretStr

from api.bootstrap import joined
from api.event_log import EventLog
from api.settings import Settings
from projections.alarms import PassedOver, SetAside, Stopped
from projections.catalogue import READ_MODELS
from projections.log import Entry, Log
from projections.read_model import ReadModel
from projections.rebuild import rebuild
from projections.runner import Runner, connect
from tests.databases import Database

PATIENCE_SECONDS = 20.0

Told = Stopped | SetAside | PassedOver


@dataclass(frozen=True)
class Stage:
    """A database with its keys."""

    database: Database
    key_files: dict[str, Path]

    def settings(self, role: str, *compartments: str) -> Settings:
        return Settings(
            database_url=SecretStr(self.database.url(role)),
            key_files={name: self.key_files[name] for name in compartments or self.key_files},
            pool_size=4,
        )

    @contextmanager
    def worker_log(self) -> Iterator[EventLog]:
        """The log as the worker reads it, with its own role and the operational key alone."""
        with joined(self.settings("vouchsafe_worker", "operational")) as parts:
            yield EventLog(parts.recorder, parts.mapper)

    @contextmanager
    def running(self, log: Log, models: Sequence[ReadModel] = READ_MODELS) -> Iterator[list[Told]]:
        """A runner in a thread; answers the list of its alarms."""
        alarms: list[Told] = []
        runner = Runner(self.database.worker_url, log, models, alarm=alarms.append)
        stop = Event()
        thread = Thread(target=runner.run, args=(stop,))
        thread.start()
        try:
            yield alarms
        finally:
            stop.set()
            thread.join(PATIENCE_SECONDS)
            assert not thread.is_alive()

    def worker_session(self) -> psycopg.Connection[Any]:
        return connect(self.database.worker_url)

    def rebuild(self, log: Log, model: ReadModel, **options: Any) -> int:
        with self.worker_session() as connection:
            return rebuild(connection, log, model, **options)

    def contents(
        self, models: Sequence[ReadModel] = READ_MODELS, *, suffix: str = ""
    ) -> dict[str, list[Any]]:
        """Every row of every table of the read models."""
        with psycopg.connect(self.database.reader_url) as connection:
            return {
                table: connection.execute(
                    SQL("SELECT * FROM {} ORDER BY 1, 2").format(Identifier("read", table + suffix))
                ).fetchall()
                for model in models
                for table in model.tables
            }

    def as_superuser(
        self, statement: Any, values: Sequence[object] | dict[str, object] = ()
    ) -> list[Any]:
        with psycopg.connect(self.database.superuser_url, autocommit=True) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def flip_a_byte(self, position: int, offset: int = 40) -> None:
        """What somebody with every right over the database could do to an event; twice is nothing."""
        flip = """UPDATE record.event
                     SET state = set_byte(state, %(at)s, get_byte(state, %(at)s) # 1)
                   WHERE position = %(position)s"""
        self.as_superuser(flip, {"at": offset, "position": position})

    def size_of(self, position: int) -> int:
        """How many bytes the sealed state of an event has."""
        find = "SELECT length(state) FROM record.event WHERE position = %s"
        [(size,)] = self.as_superuser(find, [position])
        return int(size)

    def position_of(self, stream: UUID, topic: str) -> int:
        """Where the first event of a kind was recorded in a stream."""
        find = "SELECT min(position) FROM record.event WHERE originator_id = %s AND topic = %s"
        [(position,)] = self.as_superuser(find, [stream, topic])
        return int(position)

    def destroy_stream_key(self, stream: UUID) -> None:
        destroy = """UPDATE keys.data_key
                        SET state = 'destroyed', wrapped_key = NULL, destroyed_at = now()
                      WHERE owner = %s AND purpose = 'stream'"""
        self.as_superuser(destroy, [stream])

    def end_sessions_of(self, application: str) -> int:
        """Cut the sessions of a kind of process, as a lost network would."""
        end = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                  WHERE datname = current_database() AND application_name = %s"""
        return len(self.as_superuser(end, [application]))


class WholeLog:
    """A log that counts how often it is read."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self.reads: list[int] = []

    def read(self, after: int, most: int) -> Sequence[Entry]:
        entries = self._log.read(after, most)
        if entries:
            self.reads.append(after)
        return entries

    def newest(self) -> int:
        return self._log.newest()
