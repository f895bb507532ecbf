"""Tokens and sessions: long random secrets of which the database keeps only the hash."""

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import aiosql
import psycopg
from psycopg.rows import class_row, dict_row
from psycopg_pool import ConnectionPool

from domain.access import Caller
from domain.values import Role

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)
PREFIX = "vouchsafe_"
"""A recognisable beginning, so that scanners for leaked secrets find one."""
SESSION_LASTS = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Ended:
    """How many tokens and browser sessions were live until a revocation ended them."""

    tokens: int
    sessions: int


@dataclass(frozen=True, slots=True)
class Grant:
    """Whom a token speaks for, and what it may do: read, write or both."""

    caller: Caller
    scopes: frozenset[str]


class Tokens:
    """Issues, exchanges and recognises."""

    def __init__(self, pool: ConnectionPool[psycopg.Connection[Any]]) -> None:
        self._pool = pool

    def issue(self, grant: Grant, *, expires_at: datetime) -> str:
        """Make a token; this answer is the only time it is seen."""
        token = PREFIX + secrets.token_urlsafe(32)
        self._run(
            "add_token",
            token_hash=_hash(token),
            person=grant.caller.person,
            role=grant.caller.role.value,
            scopes=sorted(grant.scopes),
            expires_at=expires_at,
        )
        return token

    def caller(self, token: str, now: datetime) -> Grant | None:
        """Whom a token speaks for."""
        return self._grant("caller_of_token", token_hash=_hash(token), now=now)

    def begin_session(self, token: str, now: datetime) -> str | None:
        """Exchange a live token for a session; None when it is not one."""
        if self.caller(token, now) is None:
            return None
        session = secrets.token_urlsafe(32)
        self._run(
            "add_session",
            session_hash=_hash(session),
            token_hash=_hash(token),
            expires_at=now + SESSION_LASTS,
        )
        return session

    def session_caller(self, session: str, now: datetime) -> Grant | None:
        """Whom a session speaks for."""
        return self._grant("caller_of_session", session_hash=_hash(session), now=now)

    def end_session(self, session: str, now: datetime) -> None:
        """Sign a browser out."""
        self._run("end_session", session_hash=_hash(session), now=now)
        self._run("tell_ended")

    def revoke(self, person: UUID, now: datetime) -> Ended:
        """End everything that speaks for a person."""
        return self._end(person, None, now)

    def revoke_role(self, person: UUID, role: Role, now: datetime) -> Ended:
        """End everything that speaks for a person in one role."""
        return self._end(person, role.value, now)

    def _end(self, person: UUID, role: str | None, now: datetime) -> Ended:
        values = {"person": person, "role": role, "now": now}
        with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(Ended))
            ended = cursor.execute(QUERIES.revoke_tokens.sql, values).fetchall()[0]
            connection.execute(QUERIES.tell_ended.sql)
            return ended

    def _grant(self, query: str, **values: Any) -> Grant | None:
        with self._pool.connection() as connection, _alone(connection):
            cursor = connection.cursor(row_factory=dict_row)
            row = cursor.execute(getattr(QUERIES, query).sql, values, prepare=True).fetchone()
        if row is None:
            return None
        return Grant(Caller(row["person"], Role(row["role"])), frozenset(row["scopes"]))

    def _run(self, query: str, **values: Any) -> None:
        with self._pool.connection() as connection:
            connection.execute(getattr(QUERIES, query).sql, values)


@contextmanager
def _alone(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """A question that every request asks goes without a transaction, which would be two more round trips."""
    connection.autocommit = True
    try:
        yield
    finally:
        if not connection.closed:
            connection.autocommit = False


def csrf_token(session: str) -> str:
    """What a form must carry beside the cookie: only pages of this origin can know it."""
    return hmac.new(session.encode(), b"vouchsafe/csrf/1", hashlib.sha256).hexdigest()


def _hash(secret: str) -> bytes:
    """A plain hash is enough for 256 random bits: there is nothing to guess."""
    return hashlib.sha256(secret.encode()).digest()
