"""The event store over a database of the test's own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from api.embedded_postgres import EmbeddedPostgres
from tests.databases import Database, fresh_database
from tests.event_store import Store, joined, keep_branch_keys, key_files
from tests.integration.event_store.tampering import Tampering, tampering_with


@pytest.fixture
def files(database: Database, tmp_path: Path) -> dict[str, Path]:
    """Key files whose branch keys the database has."""
    made = key_files(tmp_path)
    keep_branch_keys(database.owner_url, made)
    return made


@pytest.fixture
def another_store(database: Database, files: dict[str, Path]) -> Iterator[Callable[[], Store]]:
    """Joins the store once more, as another process would: with caches of its own."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(joined(database.api_url, files))


@pytest.fixture
def store(another_store: Callable[[], Store]) -> Store:
    return another_store()


@pytest.fixture
def owner(database: Database) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """The owner of the tables, who may tamper with what nobody else can write."""
    with psycopg.connect(database.owner_url, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def tampering(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Tampering]:
    """A store that a whole module may tamper with; no test minds what another left."""
    with (
        fresh_database(postgres, template) as database,
        tampering_with(database, tmp_path_factory.mktemp("keys")) as made,
    ):
        yield made
