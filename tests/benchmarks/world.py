"""A real, durable PostgreSQL with the service's parts joined to it, for one run of benchmarks."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

from api.bootstrap import (
    Parts,
    joined,
    local_key_files,
    local_key_service,
    prepare_database,
)
from api.embedded_postgres import DATABASE_OWNER, EmbeddedPostgres
from api.settings import Settings

DATABASE = "vouchsafe"
ACTOR = UUID("bbbbbbbb-0000-4000-8000-000000000001")


class World:
    """The server and the key files; parts are joined from them for a role."""

    def __init__(self, postgres: EmbeddedPostgres, key_files: dict[str, Path]) -> None:
        self.postgres = postgres
        self.key_files = key_files

    def url(self, role: str) -> str:
        return self.postgres.url(role, DATABASE)

    @property
    def superuser_url(self) -> str:
        return self.postgres.superuser_url(DATABASE)

    @contextmanager
    def parts(self, role: str = "vouchsafe_api", *, pool_size: int = 20) -> Iterator[Parts]:
        settings = Settings(
            database_url=self.url(role), key_files=self.key_files, pool_size=pool_size
        )
        with joined(settings) as parts:
            yield parts


@contextmanager
def a_world() -> Iterator[World]:
    """Start one in a temporary folder and stop it again."""
    with tempfile.TemporaryDirectory(prefix="vouchsafe-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with EmbeddedPostgres(folder / "postgres", server_parent=folder / "servers") as postgres:
            postgres.provision(DATABASE)
            files = local_key_files(folder / "keys")
            prepare_database(postgres.url(DATABASE_OWNER, DATABASE), local_key_service(files))
            yield World(postgres, files)


def new_id() -> UUID:
    return uuid4()
