"""The login roles and the database, made or put right: each role with its password and without privileges."""

import re
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import LiteralString, TypeAlias, cast

import psycopg
from psycopg import sql

Connection: TypeAlias = psycopg.Connection[tuple[object, ...]]

DATABASE_OWNER = "vouchsafe_owner"
DATABASE_ROLES = (
    DATABASE_OWNER,
    "vouchsafe_api",
    "vouchsafe_worker",
    "vouchsafe_clerk",
    "vouchsafe_reader",
    "vouchsafe_keeper",
)
ROLE_SETTINGS = Path(__file__).parents[2] / "deploy" / "postgres" / "settings.sql"
SERVERS_OWN_DATABASES = ("postgres", "template1")
"""Every role could enter these, and make temporary tables there, unless it is told not to."""


@cache
def _statements() -> dict[str, LiteralString]:
    text = Path(__file__).with_suffix(".sql").read_text("utf-8")
    pieces = re.split(r"^-- name: (\w+)$", text, flags=re.MULTILINE)
    # The file is part of the program, so its text counts as literal.
    texts = (cast("LiteralString", piece.strip()) for piece in pieces[2::2])
    return dict(zip(pieces[1::2], texts, strict=True))


def provision_roles(superuser_url: str, passwords: Mapping[str, str]) -> None:
    """See that each role is there, signs in with its password and has no privilege of the server."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        for role, password in passwords.items():
            if not _exists(connection, "role_exists", role):
                _run(connection, "create_role", role=role)
            _bind_role(connection, role, password)


def limit_roles(superuser_url: str) -> None:
    """See that no statement and no open transaction of the service's roles lasts for ever."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute(sql.SQL(ROLE_SETTINGS.read_text("utf-8")))


def _bind_role(connection: Connection, role: str, password: str) -> None:
    # The server is given what checks a password, never the password.
    verifier = connection.pgconn.encrypt_password(
        password.encode(), role.encode(), b"scram-sha-256"
    )
    values = {"role": sql.Identifier(role), "verifier": sql.Literal(verifier.decode())}
    connection.execute(sql.SQL(_statements()["bind_role"]).format(**values))


def provision_database(
    superuser_url: str, database: str, *, owner: str, roles: Collection[str]
) -> None:
    """See that the database lets these roles in and no others, and the server's own databases none."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        if not _exists(connection, "database_exists", database):
            _run(connection, "create_database", database=database, owner=owner)
        for each in (database, *SERVERS_OWN_DATABASES):
            _run(connection, "close_database", database=each)
        for role in roles:
            _run(connection, "let_in", database=database, role=role)


def _exists(connection: Connection, statement: str, name: str) -> bool:
    row = connection.execute(_statements()[statement], {"name": name}).fetchone()
    return row is not None and row[0] is True


def _run(connection: Connection, statement: str, **names: str) -> None:
    identifiers = {key: sql.Identifier(name) for key, name in names.items()}
    connection.execute(sql.SQL(_statements()[statement]).format(**identifiers))
