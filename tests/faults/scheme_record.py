"""What a data folder's database holds of the first scheme, and what the scheme was told of it."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier

from api.bootstrap import joined
from api.cli.machine import DATABASE
from api.embedded_postgres import EmbeddedPostgres, role_passwords, running_address
from api.event_log import EventLog
from api.settings import Settings
from projections.catalogue import READ_MODELS
from projections.reader import Reader
from projections.rebuild import rebuild
from projections.runner import connect
from tests.faults.service import PATIENCE_SECONDS

ACKNOWLEDGED = """
    SELECT count(*) FROM record.event AS last
      JOIN record.event AS own USING (command_id)
     WHERE last.position = %s AND own.originator_id = %s AND own.originator_version = %s
"""

AN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
BY_PEOPLE = "topic NOT IN ('access_register.automated', 'access_register.begun')"
"""All events but those of messages: how many there are of them depends on how often one was tried."""
BY_TOPIC = f"SELECT topic, count(*) FROM record.event WHERE {BY_PEOPLE} GROUP BY topic"  # noqa: S608 - constants of our own


@dataclass(frozen=True)
class Acknowledged:
    """What the service said was recorded."""

    id: str
    made: str
    version: int
    position: int


def told(folder: Path) -> dict[str, Acknowledged]:
    """Every acknowledgement that the first scheme has kept, by its step, in which records are numbered as they come."""
    file = folder / "first-scheme" / "told.json"
    notes = json.loads(file.read_text()) if file.exists() else {}
    numbers: dict[str, str] = {}

    def number(id: re.Match[str]) -> str:
        return numbers.setdefault(id[0], f"#{len(numbers)}")

    parts = {AN_ID.sub(number, step): note.split() for step, note in notes.items()}
    return {step: Acknowledged(a, b, int(c), int(d)) for step, (a, b, c, d) in parts.items()}


def tokens(folder: Path) -> dict[str, str]:
    """Everybody's token by their key."""
    notes = json.loads((folder / "first-scheme" / "sign-in.json").read_text())
    return {key: note.split()[1] for key, note in notes.items()}


@dataclass(frozen=True)
class Record:
    """The database of a folder, as its superuser sees it."""

    folder: Path
    postgres: EmbeddedPostgres

    def rows(self, statement: Any, values: Any = ()) -> list[Any]:
        with psycopg.connect(self.postgres.superuser_url(DATABASE), autocommit=True) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def counts(self) -> Counter[str]:
        """How many events there are of each topic, but for those of messages."""
        return Counter(dict(self.rows(BY_TOPIC.encode())))

    def holds(self, said: Acknowledged) -> bool:
        """Whether what was acknowledged is in the log, once."""
        values = [said.position, said.id, said.version]
        return self.rows(ACKNOWLEDGED, values) == [(1,)]

    def views(self) -> dict[str, list[Any]]:
        """Every row of every read model."""
        tables = [table for model in READ_MODELS for table in model.tables]
        every = SQL("SELECT * FROM {} ORDER BY 1, 2")
        return {table: self.rows(every.format(Identifier("read", table))) for table in tables}

    def catch_up(self) -> None:
        """Wait until the read models show everything, while a worker runs."""
        newest = self.rows("SELECT max(position) FROM record.event")[0][0]
        with Reader(self.postgres.url("vouchsafe_reader", DATABASE)) as reader:
            for model in READ_MODELS:
                reader.wait_for(model.name, newest, PATIENCE_SECONDS)

    def rebuild(self) -> None:
        """Build every read model anew."""
        rebuild_all(self.folder, self.postgres.url("vouchsafe_worker", DATABASE))


def rebuild_all(folder: Path, worker_url: str) -> None:
    """Build every read model anew, with the worker's own rights and key."""
    keys = {"operational": folder / "keys" / "operational.json"}
    settings = Settings(database_url=worker_url, key_files=keys)
    with joined(settings) as parts, connect(worker_url) as session:
        log = EventLog(parts.recorder, parts.mapper)
        for model in READ_MODELS:
            rebuild(session, log, model)


@contextmanager
def record(folder: Path) -> Iterator[Record]:
    """Open the database of a folder on which nothing runs."""
    with EmbeddedPostgres(folder / "postgres") as postgres:
        yield Record(folder, postgres)


def url_of(folder: Path, role: str) -> str:
    """Where a role reaches the database of a folder on which a service runs."""
    postgres = folder / "postgres"
    return running_address(postgres, DATABASE).url(role, role_passwords(postgres).of(role))


def as_superuser(folder: Path, statement: str, values: Any = ()) -> list[Any]:
    """Ask the database of a folder on which a service runs."""
    with psycopg.connect(url_of(folder, "postgres"), autocommit=True) as connection:
        cursor = connection.execute(statement.encode(), values)
        return cursor.fetchall() if cursor.description else []
