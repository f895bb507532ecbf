"""A running API on a fresh database: one for each test that changes much, one a file for the others."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.embedded_postgres import EmbeddedPostgres
from tests.databases import Database, fresh_database
from tests.meeting import MeetingScheme, meeting_scheme_on
from tests.scheme import Scheme, reading_scheme_on, scheme_on


@pytest.fixture
def scheme(database: Database, tmp_path: Path) -> Iterator[Scheme]:
    """A scheme of the test's own, without people."""
    with scheme_on(database, tmp_path) as running:
        yield running


@pytest.fixture(scope="module")
def shared_scheme(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scheme]:
    """A scheme that the tests of one file share; each brings people of its own."""
    folder = tmp_path_factory.mktemp("shared-scheme")
    with fresh_database(postgres, template) as database, scheme_on(database, folder) as running:
        yield running


@pytest.fixture(scope="module")
def meeting_scheme(
    postgres: EmbeddedPostgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[MeetingScheme]:
    """A scheme on a clock that tests move, shared by the tests of one file; each brings a pair of its own."""
    folder = tmp_path_factory.mktemp("meeting-scheme")
    with (
        fresh_database(postgres, template) as database,
        meeting_scheme_on(database, folder) as running,
    ):
        yield running


@pytest.fixture
def reading_scheme(database: Database, tmp_path: Path) -> Iterator[Scheme]:
    """A scheme of the test's own whose read models a worker keeps up to date."""
    with reading_scheme_on(database, tmp_path) as running:
        yield running
