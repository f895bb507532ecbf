"""Which passkey a credential is, and what browsers were asked; the record of who has which lies in the log.

A row here gives nobody a passkey: at each sign-in the person's own stream must have it too, under an id that is a
digest of role, credential and public key. So whoever can only write to the database puts no key in place of another.
"""

import hashlib
import hmac
import secrets
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import aiosql
import psycopg
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from api.auth.sessions import CEREMONY_LASTS_SECONDS
from domain.access import Caller
from domain.values import Role

QUERIES = aiosql.from_path(
    Path(__file__).with_suffix(".sql"), "psycopg", mandatory_parameters=False
)
UUID_VERSION_8 = 0x8 << 76
UUID_VARIANT = 0b10 << 62
UUID_FREE_BITS = ~((0xF << 76) | (0b11 << 62))

ARow = TypeVar("ARow")


@dataclass(frozen=True, slots=True)
class Credential:
    """What a device made: the id under which it finds the key again, the public key, and its counter."""

    id: bytes
    public_key: bytes
    sign_count: int

    @property
    def hash(self) -> bytes:
        """By what it is found."""
        return hash_of(self.id)


@dataclass(frozen=True, slots=True)
class Known:
    """Whose a credential is, as the table has it."""

    person: UUID
    role: str
    public_key: bytes

    @property
    def caller(self) -> Caller:
        """Whom it signs in."""
        return Caller(self.person, Role(self.role))


@dataclass(frozen=True, slots=True)
class Kept:
    """A passkey as its person sees it, but for its name."""

    passkey: UUID
    added_at: datetime
    used_on: date | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a browser was asked: who signs in, or, with a person, for a passkey of theirs."""

    person: UUID | None
    role: str | None
    is_live: bool

    def is_for(self, caller: Caller | None) -> bool:
        """Whether it can still be answered, and by nobody else."""
        person, role = (caller.person, caller.role.value) if caller else (None, None)
        return self.is_live and (self.person, self.role) == (person, role)


class Passkeys:
    """The tables of passkeys and ceremonies."""

    def __init__(self, pool: ConnectionPool[psycopg.Connection[Any]]) -> None:
        self._pool = pool

    def ask(self, caller: Caller | None, now: datetime) -> str:
        """Begin a ceremony, and answer the secret that the browser keeps meanwhile."""
        secret = secrets.token_urlsafe(32)
        values = {
            "secret_hash": hash_of(secret.encode()),
            "person": caller and caller.person,
            "role": caller and caller.role.value,
            "expires_at": now + timedelta(seconds=CEREMONY_LASTS_SECONDS),
        }
        with self._pool.connection() as connection:
            connection.execute(QUERIES.forget_ceremonies.sql, {"now": now})
            connection.execute(QUERIES.begin_ceremony.sql, values)
        return secret

    def end(self, secret: str, now: datetime) -> Asked | None:
        """Take what was asked under a secret; whoever comes second finds nothing."""
        values = {"secret_hash": hash_of(secret.encode()), "now": now}
        return self._first(Asked, QUERIES.end_ceremony.sql, values)

    def keep(self, caller: Caller, credential: Credential, now: datetime) -> bool:
        """Keep a passkey; whether its credential was new."""
        values = {
            "credential_hash": credential.hash,
            "passkey": passkey_id(caller.role, credential),
            "person": caller.person,
            "role": caller.role.value,
            "now": now,
            **{name: asdict(credential)[name] for name in ("public_key", "sign_count")},
        }
        return self._is_done(QUERIES.keep.sql, values)

    def of_credential(self, id: bytes) -> Known | None:
        """Whose a credential is."""
        return self._first(Known, QUERIES.of_credential.sql, {"credential_hash": hash_of(id)})

    def count_use(self, credential: Credential, used_on: date) -> bool:
        """Note a use; whether its counter went on, as it does unless the device was copied."""
        values = {
            "credential_hash": credential.hash,
            "sign_count": credential.sign_count,
            "used_on": used_on,
        }
        return self._is_done(QUERIES.count_use.sql, values)

    def of(self, caller: Caller) -> list[Kept]:
        """Somebody's passkeys for the role in which they call."""
        values = {"person": caller.person, "role": caller.role.value}
        with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(Kept))
            return cursor.execute(QUERIES.of_person.sql, values).fetchall()

    def remove(self, person: UUID, passkey: UUID) -> None:
        """Forget a passkey, and end whatever was begun by it."""
        self._is_done(QUERIES.remove.sql, {"person": person, "passkey": passkey})
        with self._pool.connection() as connection:
            connection.execute(QUERIES.tell_ended.sql)

    def _is_done(self, query: str, values: dict[str, Any]) -> bool:
        with self._pool.connection() as connection:
            return connection.execute(query, values).fetchone() is not None

    def _first(self, kind: type[ARow], query: str, values: dict[str, Any]) -> ARow | None:
        with self._pool.connection() as connection:
            return connection.cursor(row_factory=class_row(kind)).execute(query, values).fetchone()


def passkey_id(role: Role, credential: Credential) -> UUID:
    """The id of a passkey: a digest of what it is for and of the key that it is."""
    parts = (b"vouchsafe/passkey/1", role.value.encode(), credential.id, credential.public_key)
    digest = hashlib.sha256(b"".join(len(each).to_bytes(4, "big") + each for each in parts))
    number = int.from_bytes(digest.digest()[:16], "big")
    return UUID(int=number & UUID_FREE_BITS | UUID_VERSION_8 | UUID_VARIANT)


def user_handle(caller: Caller) -> bytes:
    """What a device knows somebody by: one account for each role, and nothing that is used elsewhere."""
    said = f"vouchsafe/user-handle/1 {caller.person} {caller.role.value}"
    return hashlib.sha256(said.encode()).digest()


def challenge_of(secret: str, caller: Caller | None) -> bytes:
    """What a device signs: made from a secret of the browser, so that no other browser can be answered for."""
    purpose = b"vouchsafe/challenge/1 add" if caller else b"vouchsafe/challenge/1 sign-in"
    return hmac.new(secret.encode(), purpose, hashlib.sha256).digest()


def hash_of(secret: bytes) -> bytes:
    """A plain hash is enough: credentials and secrets are long and random."""
    return hashlib.sha256(secret).digest()
