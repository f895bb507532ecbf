"""The signed statement of an epoch: which strand, who reads it, who granted it. Read strictly, believed by nobody yet."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Final
from uuid import UUID

from crypto.sealing.encoding import (
    HASH_BYTES,
    SIGNATURE_BYTES,
    Form,
    content_of,
    labelled_hash,
    prefix,
)
from crypto.sealing.errors import OutOfRange, UnknownFormat

READERS_MAX: Final = 256
_HEAD: Final = struct.Struct(">B16sI32s32s32sH")
_READER_BYTES: Final = 2 * HASH_BYTES


class Audience(IntEnum):
    """For whom a strand is: its author alone, or the participants (section 3)."""

    OWN = 1
    SHARED = 2


@dataclass(frozen=True)
class Strand:
    """One sequence of entries in a notebook (section 3)."""

    notebook_id: UUID
    audience: Audience

    def at_epoch(self, epoch: int) -> bytes:
        """STRAND_EPOCH of section 3."""
        return self.notebook_id.bytes + bytes((self.audience,)) + epoch.to_bytes(4, "big")


@dataclass(frozen=True)
class Statement:
    """What a granter says about one epoch (section 3.2)."""

    strand: Strand
    epoch: int
    previous_hash: bytes
    granter: bytes
    key_commitment: bytes
    sealed_key_hashes: Mapping[bytes, bytes]

    @classmethod
    def from_bytes(cls, data: bytes) -> "Statement":
        """Read a statement without its signature; raises UnknownFormat."""
        content = content_of(data, Form.EPOCH_STATEMENT)
        if len(content) < _HEAD.size:
            raise UnknownFormat
        audience, notebook, epoch, previous, granter, commitment, count = _HEAD.unpack_from(content)
        readers = _readers(content[_HEAD.size : -SIGNATURE_BYTES], count)
        if epoch == 0:
            raise UnknownFormat
        strand = Strand(UUID(bytes=notebook), audience_of(audience))
        return cls(strand, epoch, previous, granter, commitment, readers)

    def signed_bytes(self) -> bytes:
        """All bytes that the granter signs."""
        if not 1 <= len(self.sealed_key_hashes) <= READERS_MAX:
            raise OutOfRange
        head = _HEAD.pack(
            self.strand.audience,
            self.strand.notebook_id.bytes,
            self.epoch,
            self.previous_hash,
            self.granter,
            self.key_commitment,
            len(self.sealed_key_hashes),
        )
        readers = sorted(self.sealed_key_hashes.items())
        return prefix(Form.EPOCH_STATEMENT) + head + b"".join(key + seal for key, seal in readers)

    @cached_property
    def readers(self) -> frozenset[bytes]:
        """The key ids of the readers."""
        return frozenset(self.sealed_key_hashes)


def audience_of(value: int) -> Audience:
    """The audience that a byte names; raises UnknownFormat."""
    try:
        return Audience(value)
    except ValueError:
        raise UnknownFormat from None


def statement_hash(statement: bytes) -> bytes:
    """What the next epoch and every entry name this statement by (section 3.2)."""
    return labelled_hash("statement-hash", statement)


def _readers(content: bytes, count: int) -> dict[bytes, bytes]:
    if not 1 <= count <= READERS_MAX or len(content) != count * _READER_BYTES:
        raise UnknownFormat
    rows = [content[at : at + _READER_BYTES] for at in range(0, len(content), _READER_BYTES)]
    ids = [row[:HASH_BYTES] for row in rows]
    # Section 3.2: ascending and none twice, so that one set of readers has one encoding.
    if ids != sorted(set(ids)):
        raise UnknownFormat
    return {row[:HASH_BYTES]: row[HASH_BYTES:] for row in rows}
