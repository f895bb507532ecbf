"""What anybody can see of a sealed note, format 1: lengths, prefixes and headers, read without any key.

Nobody here can tell whether a note is genuine. What no client of docs/specs/sealed-note.md would make is refused,
so that a strand never holds bytes that its readers' clients must stop at.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from typing import Final, Self
from uuid import UUID

from domain.errors import DomainError
from domain.public_keys import KEY_ID_BYTES

MOST_READERS: Final = 256
STATEMENT_BYTES: Final = 186
BYTES_PER_READER: Final = 64
GRANT_BYTES: Final = 1171
ENTRY_SIZES: Final = frozenset(280 + bucket for bucket in (1024, 4096, 16_384, 65_536))
WRAPPED_KEY_BYTES: Final = 63
PASSED_ON_BYTES: Final = 216
"""The lengths that docs/specs/sealed-note.md gives; a body fills one of four buckets."""

ENTRY_HASH_LABEL: Final = b"vouchsafe/sealed-note/1/entry-hash"

_STATEMENT: Final = struct.Struct(">3xB16sI32x32s32xH")
_ENTRY: Final = struct.Struct(">3xB16sI32x16sI32x16s32s")
_PASSED_ON: Final = struct.Struct(">3xB16sI32x32s32s")


class WrongSize(DomainError):
    """A sealed part does not have a length that the sealed note, format 1, allows."""


class NotASealedNote(DomainError):
    """A sealed part does not begin as the sealed note, format 1, does; perhaps the client is another version."""


class SealedForAnotherPlace(DomainError):
    """What is sealed names another notebook, place, key or author than the request; read the notebook and seal anew."""


class Form(IntEnum):
    """What the bytes are; the second byte of each."""

    STATEMENT = 3
    GRANT = 4
    ENTRY = 5
    WRAPPED_KEY = 6
    PASSED_ON = 7


@dataclass(frozen=True, slots=True)
class StatementHead:
    """What a statement says in the open of the epoch it opens; the key ids ascend."""

    audience: int
    notebook: UUID
    epoch: int
    granter_key_id: bytes
    reader_key_ids: tuple[bytes, ...]

    @classmethod
    def read(cls, statement: bytes) -> Self:
        """Read it; raises WrongSize or NotASealedNote."""
        require_form(statement, Form.STATEMENT)
        rows, left = divmod(len(statement) - STATEMENT_BYTES, BYTES_PER_READER)
        if left or not 1 <= rows <= MOST_READERS:
            raise WrongSize
        audience, notebook, epoch, granter, count = _STATEMENT.unpack_from(statement)
        if count != rows:
            raise WrongSize
        starts = range(_STATEMENT.size, _STATEMENT.size + BYTES_PER_READER * rows, BYTES_PER_READER)
        key_ids = tuple(statement[at : at + KEY_ID_BYTES] for at in starts)
        return cls(audience, UUID(bytes=notebook), epoch, granter, key_ids)


@dataclass(frozen=True, slots=True)
class PassingOnHead:
    """What a statement says in the open of an epoch that somebody passes on later."""

    audience: int
    notebook: UUID
    epoch: int
    granter_key_id: bytes
    reader_key_id: bytes

    @classmethod
    def read(cls, statement: bytes) -> Self:
        """Read it; raises WrongSize or NotASealedNote."""
        require_form(statement, Form.PASSED_ON)
        if len(statement) != PASSED_ON_BYTES:
            raise WrongSize
        audience, notebook, epoch, granter, reader = _PASSED_ON.unpack_from(statement)
        return cls(audience, UUID(bytes=notebook), epoch, granter, reader)


@dataclass(frozen=True, slots=True)
class EntryHeader:
    """What an entry says in the open of its place and author."""

    audience: int
    notebook: UUID
    epoch: int
    entry: UUID
    position: int
    amends: UUID | None
    author_key_id: bytes

    @classmethod
    def read(cls, sealed_entry: bytes) -> Self:
        """Read it; raises WrongSize or NotASealedNote."""
        require_form(sealed_entry, Form.ENTRY)
        if len(sealed_entry) not in ENTRY_SIZES:
            raise WrongSize
        audience, notebook, epoch, entry, position, amends, author = _ENTRY.unpack_from(
            sealed_entry
        )
        amended = UUID(bytes=amends) if any(amends) else None
        ids = UUID(bytes=notebook), UUID(bytes=entry)
        return cls(audience, ids[0], epoch, ids[1], position, amended, author)


def entry_hash(sealed_entry: bytes) -> bytes:
    """By which the next entry of its strand names an entry: HASH("entry-hash") of the sealed note, section 4.2."""
    parts = (ENTRY_HASH_LABEL, sealed_entry)
    return sha256(b"".join(len(each).to_bytes(4) + each for each in parts)).digest()


def require_grant(sealed_key: bytes) -> None:
    """Refuse what cannot be a sealed notebook key."""
    require_form(sealed_key, Form.GRANT)
    if len(sealed_key) != GRANT_BYTES:
        raise WrongSize


def require_wrapped_key(wrapped_key: bytes) -> None:
    """Refuse what cannot be a wrapped entry key."""
    require_form(wrapped_key, Form.WRAPPED_KEY)
    if len(wrapped_key) != WRAPPED_KEY_BYTES:
        raise WrongSize


def require_form(part: bytes, form: Form) -> None:
    """Refuse another version, form or suite than the one there is."""
    if part[:3] != bytes((1, form, 1)):
        raise NotASealedNote
