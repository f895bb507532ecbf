"""A running API on a fresh database, and people of the scheme who call it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from api.bootstrap import joined, local_key_files, local_key_service, prepare_database
from api.settings import Settings
from tests.databases import Database
from tests.scheme import Scheme, running_scheme


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """Settings of an API whose database has its branch keys, in files of the test's own."""
    files = local_key_files(tmp_path / "keys")
    prepare_database(database.owner_url, local_key_service(files))
    return Settings(
        database_url=SecretStr(database.api_url),
        key_files=files,
        public_url="http://testserver",
        pool_size=8,
    )


@pytest.fixture
def scheme(settings: Settings) -> Iterator[Scheme]:
    """A scheme without people, behind a running API."""
    with joined(settings) as parts, running_scheme(parts) as running:
        yield running
