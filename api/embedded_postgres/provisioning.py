"""The login roles and the database, made or put right: each role with its password and without privileges."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import LiteralString, cast

import psycopg
from psycopg import sql

_FILE = Path(__file__).with_suffix(".sql")


def _statements(file: Path) -> dict[str, LiteralString]:
    pieces = re.split(r"^-- name: (\w+)$", file.read_text("utf-8"), flags=re.MULTILINE)
    # The file is part of the program, so its text counts as literal.
    texts = (cast("LiteralString", piece.strip()) for piece in pieces[2::2])
    return dict(zip(pieces[1::2], texts, strict=True))


def provision(
    superuser_url: str, passwords: Mapping[str, str], *, database: str, owner: str
) -> None:
    """See that the roles and the database are there as they should be; what is right already stays."""
    statements = _statements(_FILE)
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        for role, password in passwords.items():
            _provision_role(connection, statements, role, password)
        if not _exists(connection, statements["database_exists"], database):
            _run(connection, statements["create_database"], database=database, owner=owner)
        _run(connection, statements["close_database"], database=database)
        for role in passwords:
            _run(connection, statements["let_in"], database=database, role=role)


def _provision_role(
    connection: psycopg.Connection[tuple[object, ...]],
    statements: Mapping[str, LiteralString],
    role: str,
    password: str,
) -> None:
    if not _exists(connection, statements["role_exists"], role):
        _run(connection, statements["create_role"], role=role)
    # The server is given what checks a password, never the password.
    verifier = connection.pgconn.encrypt_password(
        password.encode(), role.encode(), b"scram-sha-256"
    )
    names = {"role": sql.Identifier(role), "verifier": sql.Literal(verifier.decode())}
    connection.execute(sql.SQL(statements["bind_role"]).format(**names))


def _exists(
    connection: psycopg.Connection[tuple[object, ...]], statement: LiteralString, name: str
) -> bool:
    row = connection.execute(statement, {"name": name}).fetchone()
    return row is not None and row[0] is True


def _run(
    connection: psycopg.Connection[tuple[object, ...]], statement: LiteralString, **names: str
) -> None:
    identifiers = {key: sql.Identifier(name) for key, name in names.items()}
    connection.execute(sql.SQL(statement).format(**identifiers))
