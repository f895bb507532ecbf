"""What tests share: one real PostgreSQL for the whole run, and a fresh database of it for each test that asks."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from api.embedded_postgres import (
    DATABASE_OWNER,
    EmbeddedPostgres,
)
from api.migrations import migrate
from tests.databases import Database, fresh_database

TEMPLATE = "template_vouchsafe"
ENOUGH_BYTES = 4 * 1024**3

TOGETHER = ("tests/leaks/", "tests/faults/test_running")
"""Where paths begin so, tests share a service that takes long to start."""
LONGEST = (*TOGETHER, "tests/integration/simulation/", "tests/browser/", "tests/faults/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put first what takes longest, so that no process is left alone with it at the end."""
    items.sort(key=lambda item: _first_of(LONGEST, item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Where tests run in several processes, hand each what shares a fixture as a whole."""
    return _InGroups(config, log)


class _InGroups(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return _group(nodeid)


def _group(nodeid: str) -> str:
    """What is shared, else the test's own file."""
    shared = _first_of(TOGETHER, nodeid)
    return nodeid.partition("::")[0] if shared == len(TOGETHER) else TOGETHER[shared]


def _first_of(prefixes: tuple[str, ...], nodeid: str) -> int:
    """Which of these a path begins with, or their number."""
    begins = (number for number, each in enumerate(prefixes) if nodeid.startswith(each))
    return next(begins, len(prefixes))


def make_tables(owner_url: str) -> None:
    """Give the template its tables: the one place where test databases get theirs."""
    migrate(owner_url)


@pytest.fixture
def enterable_folder() -> Iterator[Path]:
    """A folder that another account can pass through, as a server under root must; pytest's own are private."""
    with tempfile.TemporaryDirectory(prefix="vouchsafe-test-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


def quick_folder() -> Path | None:
    """A file system in memory where there is one: it copies a database in a twentieth of the time."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder with a random name is made in it
    try:
        room = shutil.disk_usage(memory).free
    except OSError:
        return None
    return memory if os.access(memory, os.W_OK) and room > ENOUGH_BYTES else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """The shared server, quick rather than safe against power loss; fault tests start durable ones of their own."""
    with tempfile.TemporaryDirectory(prefix="vouchsafe-tests-", dir=quick_folder()) as name:
        folder = Path(name)
        folder.chmod(0o711)
        server = EmbeddedPostgres(
            folder / "postgres", durable=False, server_parent=folder / "servers"
        )
        with server:
            yield server


@pytest.fixture(scope="session")
def template(postgres: EmbeddedPostgres) -> str:
    """A database with all tables and no rows, copied for each test."""
    postgres.provision(TEMPLATE)
    make_tables(postgres.url(DATABASE_OWNER, TEMPLATE))
    return TEMPLATE


@pytest.fixture
def database(postgres: EmbeddedPostgres, template: str) -> Iterator[Database]:
    """A database of the test's own, with all tables and no rows."""
    with fresh_database(postgres, template) as fresh:
        yield fresh
