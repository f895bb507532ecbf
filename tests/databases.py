"""A database of one test, as each role reaches it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import psycopg
from psycopg import sql

from api.embedded_postgres import (
    DATABASE_OWNER,
    DATABASE_ROLES,
    EmbeddedPostgres,
    provision_database,
)


@dataclass(frozen=True)
class Database:
    """One database of the server that all tests share."""

    postgres: EmbeddedPostgres
    name: str

    def url(self, role: str) -> str:
        return self.postgres.url(role, self.name)

    @property
    def owner_url(self) -> str:
        return self.url(DATABASE_OWNER)

    @property
    def api_url(self) -> str:
        return self.url("vouchsafe_api")

    @property
    def worker_url(self) -> str:
        return self.url("vouchsafe_worker")

    @property
    def clerk_url(self) -> str:
        return self.url("vouchsafe_clerk")

    @property
    def reader_url(self) -> str:
        return self.url("vouchsafe_reader")

    @property
    def keeper_url(self) -> str:
        return self.url("vouchsafe_keeper")

    @property
    def superuser_url(self) -> str:
        return self.postgres.superuser_url(self.name)


@contextmanager
def fresh_database(postgres: EmbeddedPostgres, template: str) -> Iterator[Database]:
    """A copy of the template, dropped at the end."""
    name = f"test_{uuid4().hex}"
    names = {"name": name, "template": template, "owner": DATABASE_OWNER}
    quoted = {key: sql.Identifier(text) for key, text in names.items()}
    with psycopg.connect(postgres.superuser_url(), autocommit=True) as connection:
        copy = sql.SQL("CREATE DATABASE {name} TEMPLATE {template} OWNER {owner}")
        connection.execute(copy.format(**quoted))
        provision_database(
            postgres.superuser_url(), name, owner=DATABASE_OWNER, roles=DATABASE_ROLES
        )
        yield Database(postgres, name)
        connection.execute(sql.SQL("DROP DATABASE {name} WITH (FORCE)").format(**quoted))
