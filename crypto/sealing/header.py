"""The header of an entry: where it stands, who wrote it, to whom it was sealed; open to the service, bound by everything."""

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

_FIELDS: Final = struct.Struct(">B16sI32s16sI32s16s32s")
HEADER_BYTES: Final = PREFIX_BYTES + _FIELDS.size
_NIL: Final = UUID(int=0)


@dataclass(frozen=True)
class Slot:
    """One place in a strand, for one entry, and the earlier entry that it amends, if any."""

    entry_id: UUID
    position: int
    previous_hash: bytes
    amends: UUID | None = None

    def __post_init__(self) -> None:
        """Refuse a place that no entry can have."""
        counted(self.position)
        if len(self.previous_hash) != HASH_BYTES or self.amends in {_NIL, self.entry_id}:
            raise OutOfRange


@dataclass(frozen=True)
class Tip:
    """Where a strand ends, as far as one knows: the position and hash of its last entry."""

    position: int
    entry_hash: bytes

    def next(self, entry_id: UUID, *, amends: UUID | None = None) -> Slot:
        """The slot after this tip."""
        return Slot(entry_id, self.position + 1, self.entry_hash, amends)


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
        audience, notebook, epoch, statement, *place, author = _FIELDS.unpack_from(content)
        if epoch == 0:
            raise UnknownFormat
        strand = Strand(UUID(bytes=notebook), audience_of(audience))
        return cls(strand, epoch, statement, _slot(*place), author)

    def to_bytes(self) -> bytes:
        """The 156 bytes of section 4.1."""
        return prefix(Form.ENTRY) + _FIELDS.pack(
            self.strand.audience,
            self.strand.notebook_id.bytes,
            self.epoch,
            self.statement_hash,
            self.slot.entry_id.bytes,
            self.slot.position,
            self.slot.previous_hash,
            (self.slot.amends or _NIL).bytes,
            self.author,
        )


def _slot(entry_id: bytes, position: int, previous_hash: bytes, amends: bytes) -> Slot:
    amended = UUID(bytes=amends)
    try:
        return Slot(UUID(bytes=entry_id), position, previous_hash, amended if amended.int else None)
    except OutOfRange:
        raise UnknownFormat from None
