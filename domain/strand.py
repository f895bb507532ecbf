"""What a notebook is made of: strands of sealed entries, and epochs with one set of readers each.

The names are those of docs/specs/sealed-note.md. Everything here is opaque to the service.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from domain.errors import DomainError, NotAllowed
from domain.public_keys import KEY_ID_BYTES

MOST_READERS = 256
LARGEST_STATEMENT = 186 + 64 * MOST_READERS
LARGEST_GRANT = 2048
"""A sealed notebook key of 1171 bytes, with room for the lock that the service adds."""
LARGEST_ENTRY = 280 + 65_536
LARGEST_WRAPPED_KEY = 256


class WrongReaders(DomainError):
    """The readers must be exactly the participants, or the author alone, each with one grant."""


class ReadersHaveChanged(DomainError):
    """Someone joined or left; open a new epoch for those who take part now."""


class OutOfOrder(DomainError):
    """Another entry or epoch came first; read the notebook and seal anew."""


class WrongSize(DomainError):
    """A sealed part is empty or larger than its format allows."""


class NoSuchEntry(DomainError):
    """There is no such entry, or it is not yours to see."""


class EntryIsDestroyed(DomainError):
    """This entry was destroyed."""


class EntryExists(DomainError):
    """An entry with this id was written already."""


class NotYourEntry(NotAllowed):
    """Only its author can do this to an entry."""


class NotAReader(NotAllowed):
    """You are not a reader of this part of the notebook."""


class Audience(StrEnum):
    """For whom a strand is: its author alone, or all participants."""

    OWN = "own"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Reader:
    """One person with the key that an epoch's notebook key was sealed to."""

    person: UUID
    key_id: bytes


@dataclass(frozen=True, slots=True)
class Grant:
    """The notebook key of one epoch, sealed to one reader."""

    person: UUID
    sealed_key: bytes

    def __repr__(self) -> str:
        return "<sealed>"


@dataclass(frozen=True, slots=True)
class Epoch:
    """A period with one set of readers, and the granter's signed statement of it."""

    audience: Audience
    number: int
    granter: UUID
    readers: tuple[Reader, ...]
    statement: bytes

    @property
    def people(self) -> frozenset[UUID]:
        """Who can open what was written in it."""
        return frozenset(reader.person for reader in self.readers)

    def require_readers(self, participants: frozenset[UUID]) -> None:
        """An own epoch is read by its granter alone, a shared one by exactly the participants."""
        expected = participants if self.audience is Audience.SHARED else {self.granter}
        if self.people != expected or len(self.readers) != len(self.people):
            raise WrongReaders
        if self.granter not in self.people or len(self.readers) > MOST_READERS:
            raise WrongReaders
        if any(len(reader.key_id) != KEY_ID_BYTES for reader in self.readers):
            raise WrongSize


@dataclass(frozen=True, slots=True)
class Entry:
    """One sealed entry and where it stands in its strand."""

    id: UUID
    audience: Audience
    epoch: int
    position: int
    author: UUID
    sealed_entry: bytes
    wrapped_entry_key: bytes
    amends: UUID | None = None

    def __repr__(self) -> str:
        return "<sealed>"

    def require_sizes(self) -> None:
        """Refuse what no format allows."""
        require_size(self.sealed_entry, LARGEST_ENTRY)
        require_size(self.wrapped_entry_key, LARGEST_WRAPPED_KEY)


@dataclass(slots=True)
class Strand:
    """One unbroken sequence of entries; epochs and positions count from one without gaps."""

    epochs: list[Epoch] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    grants: dict[tuple[int, UUID], bytes] = field(default_factory=dict)

    def require_next_epoch(self, epoch: Epoch) -> None:
        """The number follows, and whoever opens an epoch could read the one before."""
        if epoch.number != len(self.epochs) + 1:
            raise OutOfOrder
        if self.epochs and epoch.granter not in self.epochs[-1].people:
            raise NotAReader

    def require_next_entry(self, entry: Entry, readers: frozenset[UUID]) -> None:
        """The position follows, in the newest epoch, which is read by exactly these people."""
        if entry.epoch != len(self.epochs) or entry.position != len(self.entries) + 1:
            raise OutOfOrder
        if not self.epochs:
            raise OutOfOrder
        if self.epochs[-1].people != readers:
            raise ReadersHaveChanged

    def readable_by(self, person: UUID) -> tuple[Entry, ...]:
        """The entries of those epochs that this person was granted."""
        granted = {epoch.number for epoch in self.epochs if person in epoch.people}
        return tuple(entry for entry in self.entries if entry.epoch in granted)


def require_size(part: bytes, most: int) -> None:
    """Refuse an empty part or one beyond the format's largest."""
    if not 0 < len(part) <= most:
        raise WrongSize
