"""A running service with a worker beside it and a clock that can be set, for people to be followed through."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest
from pydantic import SecretStr

from api.bootstrap import joined, local_key_files, local_key_service, prepare_database
from api.clerk import Clerk
from api.event_log import EventLog
from api.settings import Settings
from api.worker import work
from projections.reader import Reader
from tests.databases import Database
from tests.journeys.company import Company, SetClock
from tests.scheme import running_scheme


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    files = local_key_files(tmp_path / "keys")
    prepare_database(database.owner_url, local_key_service(files))
    return Settings(
        database_url=SecretStr(database.api_url),
        key_files=files,
        public_url="http://testserver",
        pool_size=8,
    )


@pytest.fixture
def company(settings: Settings, database: Database, tmp_path: Path) -> Iterator[Company]:
    """Everybody who takes part in a scheme of one place, before anybody asked for mentoring."""
    clock = SetClock()
    with ExitStack() as stack:
        parts = replace(stack.enter_context(joined(settings)), clock=clock)
        stop = Event()
        log = EventLog(parts.recorder, parts.mapper)
        worker = Thread(target=work, args=(database.worker_url, log, stop))
        worker.start()
        stack.callback(worker.join)
        stack.callback(stop.set)
        reader = stack.enter_context(Reader(database.reader_url))
        scheme = stack.enter_context(running_scheme(parts, reader))
        yield Company(scheme, clock, tmp_path)


@pytest.fixture
def clerk(settings: Settings, database: Database) -> Iterator[Callable[[], None]]:
    """Has a clerk, with its own role and keys, do all that has come up until now."""
    with ExitStack() as stack:
        files = {each: settings.key_files[each] for each in ("operational", "contact")}
        url = SecretStr(database.clerk_url)
        own = settings.model_copy(update={"database_url": url, "key_files": files})
        parts = stack.enter_context(joined(own))
        reader = stack.enter_context(Reader(database.reader_url))
        connection = stack.enter_context(psycopg.connect(database.clerk_url, autocommit=True))
        follower = Clerk(parts, EventLog(parts.recorder, parts.mapper), reader)
        yield lambda: follower.catch_up(connection)
