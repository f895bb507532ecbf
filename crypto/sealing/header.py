"""The header of an entry: where it stands, who wrote it and to whom it was sealed; open to the service, bound by everything."""

import struct
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from crypto.sealing.encoding import (
    HASH_BYTES,
    PREFIX_BYTES,
    ZERO,
    Form,
    content_of,
    counted,
    prefix,
)
from crypto.sealing.errors import OutOfRange, UnknownFormat
from crypto.sealing.statement import Strand, audience_of

_FIELDS: Final = struct.Struct(">B16sI32s16sI32s32s")
HEADER_BYTES: Final = PREFIX_BYTES + _FIELDS.size


@dataclass(frozen=True)
class Slot:
    """One place in a strand, for one entry."""

    entry_id: UUID
    position: int
    previous_hash: bytes

    def __post_init__(self) -> None:
        """Refuse a place that no entry can have."""
        counted(self.position)
        if len(self.previous_hash) != HASH_BYTES:
            raise OutOfRange


@dataclass(frozen=True)
class Tip:
    """Where a strand ends, as far as one knows: the position and hash of its last entry."""

    position: int
    entry_hash: bytes

    def next(self, entry_id: UUID) -> Slot:
        """The slot after this tip."""
        return Slot(entry_id, self.position + 1, self.entry_hash)


EMPTY: Final = Tip(0, ZERO)


@dataclass(frozen=True)
class Header:
    """What an entry says about itself in the open (section 4.1)."""

    strand: Strand
    epoch: int
    statement_hash: bytes
    slot: Slot
    author: bytes

    @classmethod
    def from_bytes(cls, entry: bytes) -> "Header":
        """Read the header at the start of an entry; raises UnknownFormat."""
        content = content_of(entry, Form.ENTRY)
        if len(content) < _FIELDS.size:
            raise UnknownFormat
        audience, notebook, epoch, statement, entry_id, position, previous, author = (
            _FIELDS.unpack_from(content)
        )
        if epoch == 0 or position == 0:
            raise UnknownFormat
        strand = Strand(UUID(bytes=notebook), audience_of(audience))
        slot = Slot(UUID(bytes=entry_id), position, previous)
        return cls(strand, epoch, statement, slot, author)

    def to_bytes(self) -> bytes:
        """The 140 bytes of section 4.1."""
        return prefix(Form.ENTRY) + _FIELDS.pack(
            self.strand.audience,
            self.strand.notebook_id.bytes,
            self.epoch,
            self.statement_hash,
            self.slot.entry_id.bytes,
            self.slot.position,
            self.slot.previous_hash,
            self.author,
        )
