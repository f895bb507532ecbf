"""Tokens and sessions: long random secrets of which the database keeps only the hash."""

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
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
SESSION_IDLES = timedelta(hours=1)
"""As long as nobody does anything, a session waits for them; then it is over."""
USE_NOTED_EVERY = timedelta(minutes=5)
"""Noting each use would be a write for each page that is read."""
ENDED_ARE_KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Ended:
    """How many tokens and browser sessions were live until a revocation ended them."""

    tokens: int
    sessions: int


@dataclass(frozen=True, slots=True)
class Beginning:
    """By what somebody signs in, of which the hash is known, and on what kind of device."""

    token_hash: bytes | None = None
    credential_hash: bytes | None = None
    device: str = ""


@dataclass(frozen=True, slots=True)
class SignIn:
    """One browser in which somebody is signed in."""

    id: UUID
    session_hash: bytes
    role: str
    made_at: datetime
    seen_at: datetime
    device: str
    by_passkey: bool

    def is_of(self, session: str | None) -> bool:
        """Whether this is the browser that sent a session."""
        return session is not None and _hash(session) == self.session_hash


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
        return _grant_of(self._row("caller_of_token", token_hash=_hash(token), now=now))

    def has_token(self, caller: Caller, now: datetime) -> bool:
        """Whether somebody could sign in by a token, in the role in which they call."""
        values = {"person": caller.person, "role": caller.role.value, "now": now}
        with self._pool.connection() as connection:
            return connection.execute(QUERIES.has_token.sql, values).fetchone() is not None

    def begin_session(self, token: str, now: datetime, device: str = "") -> str | None:
        """Exchange a live token for a session; None when it is not one."""
        if self.caller(token, now) is None:
            return None
        return self.begin(Beginning(token_hash=_hash(token), device=device), now)

    def begin(self, beginning: Beginning, now: datetime) -> str:
        """Begin a session by what was found to be good; what is long over is forgotten meanwhile."""
        session = secrets.token_urlsafe(32)
        self._run("forget_sessions", before=now - ENDED_ARE_KEPT)
        self._run(
            "add_session",
            session_hash=_hash(session),
            now=now,
            expires_at=now + SESSION_LASTS,
            **asdict(beginning),
        )
        return session

    def session_caller(self, session: str, now: datetime, *, is_used: bool = False) -> Grant | None:
        """Whom a session speaks for; if somebody uses it, it stays awake."""
        row = self._row(
            "caller_of_session",
            session_hash=_hash(session),
            now=now,
            idle_since=now - SESSION_IDLES,
            noted_before=now - USE_NOTED_EVERY,
        )
        if row is not None and is_used and row["is_due"]:
            self._run("note_use", session_hash=_hash(session), now=now)
        return _grant_of(row)

    def renamed(self, session: str) -> str:
        """The same session under another secret: whoever had the old one has nothing."""
        new = secrets.token_urlsafe(32)
        self._run("rename_session", session_hash=_hash(session), new_hash=_hash(new))
        return new

    def sign_ins(self, person: UUID, now: datetime) -> list[SignIn]:
        """Where somebody is signed in, in whichever role, the last used first."""
        values = {"person": person, "now": now, "idle_since": now - SESSION_IDLES}
        with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(SignIn))
            return cursor.execute(QUERIES.sessions_of_person.sql, values).fetchall()

    def end_sign_in(self, person: UUID, id: UUID, now: datetime) -> bool:
        """End one of somebody's sessions; whether it was there to be ended."""
        values = {"person": person, "id": id, "now": now}
        with self._pool.connection() as connection:
            found = connection.execute(QUERIES.end_session_of_person.sql, values).fetchone()
            connection.execute(QUERIES.tell_ended.sql)
            return found is not None

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

    def _row(self, query: str, **values: Any) -> dict[str, Any] | None:
        with self._pool.connection() as connection, _alone(connection):
            cursor = connection.cursor(row_factory=dict_row)
            return cursor.execute(getattr(QUERIES, query).sql, values, prepare=True).fetchone()

    def _run(self, query: str, **values: Any) -> None:
        with self._pool.connection() as connection:
            connection.execute(getattr(QUERIES, query).sql, values)


def _grant_of(row: dict[str, Any] | None) -> Grant | None:
    if row is None:
        return None
    return Grant(Caller(row["person"], Role(row["role"])), frozenset(row["scopes"]))


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
