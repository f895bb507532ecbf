"""A recorded scheme on a fresh database, and what the worker has of it: its role and one key file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.bootstrap import Parts, joined, local_key_files, local_key_service, prepare_database
from api.event_log import EventLog
from projections.reader import Reader
from tests.databases import Database
from tests.integration.projections.history import History
from tests.integration.projections.stage import Stage


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


@pytest.fixture
def reader(stage: Stage) -> Iterator[Reader]:
    with Reader(stage.database.reader_url) as opened:
        yield opened
