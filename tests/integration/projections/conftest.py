"""A recorded scheme on a fresh database, and what the worker has of it: its role and one key file."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from api.bootstrap import Parts, joined, local_key_files, local_key_service, prepare_database
from api.event_log import EventLog
from api.settings import Settings
from tests.databases import Database
from tests.integration.projections.history import History


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


@pytest.fixture
def stage(database: Database, tmp_path: Path) -> Stage:
    files = local_key_files(tmp_path / "keys")
    prepare_database(database.owner_url, local_key_service(files))
    return Stage(database, files)


@pytest.fixture
def parts(stage: Stage) -> Iterator[Parts]:
    with joined(stage.settings("vouchsafe_api")) as joined_parts:
        yield joined_parts


@pytest.fixture
def history(parts: Parts) -> History:
    return History(parts)


@pytest.fixture
def log(stage: Stage) -> Iterator[EventLog]:
    with stage.worker_log() as opened:
        yield opened
