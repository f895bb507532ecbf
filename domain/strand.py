"""What a notebook is made of: strands of sealed entries, and epochs with one set of readers each.

The names are those of docs/specs/sealed-note.md. What is sealed stays opaque; only what it says of its own place
in the open is compared with the place it is handed in for. Whoever holds a grant of an epoch reads it.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from domain.errors import DomainError, NotAllowed
from domain.sealed_note import (
    MOST_READERS,
    EntryHeader,
    PassingOnHead,
    SealedForAnotherPlace,
    StatementHead,
    require_wrapped_key,
)
from domain.values import Sealed

MOST_ENTRIES = 2_000
"""One a day for more than five years; every reading loads, and every client verifies, all of them."""
MOST_EPOCHS = 200
"""A new one follows only a change of readers or of their keys."""


MOST_PASSED_ON = 1_000
"""In one strand; all that were passed on in an epoch travel with each reading of it."""


class WrongReaders(DomainError):
    """The readers must be exactly the participants, or the author alone, each with one grant."""


class ReadersHaveChanged(DomainError):
    """Someone joined or left; open a new epoch for those who take part now."""


class OutOfOrder(DomainError):
    """Another entry or epoch came first; read the notebook and seal anew."""


class StrandIsFull(DomainError):
    """These notes hold 2,000 entries, destroyed ones included, and take no more; what is there stays readable."""


class TooManyEpochs(DomainError):
    """The readers of these notes have changed 200 times, the most that is kept; go on with the keys used last."""


class TooMuchPassedOn(DomainError):
    """Epochs of these notes were passed on 1,000 times, the most that is kept."""


class GapInEpochs(DomainError):
    """What a reader is passed on must follow without a gap what they read; pass on the epochs between, too."""


class NoSuchEntry(DomainError):
    """There is no such entry, or it is not yours to see."""


class EntryIsDestroyed(DomainError):
    """This entry was destroyed."""


class EntryExists(DomainError):
    """An entry with this id was written already."""


class NotYourEntry(NotAllowed):
    """Only its author can do this to an entry."""


class WrittenWithOtherKeys(DomainError):
    """You wrote this with keys that you use no more, so it cannot be changed; write it anew."""


class NotAReader(NotAllowed):
    """You are not a reader of this part of the notebook."""


class Audience(StrEnum):
    """For whom a strand is: its author alone, or all participants."""

    OWN = "own"
    SHARED = "shared"

    @property
    def byte(self) -> int:
        """How a sealed part names it."""
        return 1 if self is Audience.OWN else 2


@dataclass(frozen=True, slots=True)
class Reader:
    """One person with the key that an epoch's notebook key was sealed to."""

    person: UUID
    key_id: bytes


@dataclass(frozen=True, slots=True)
class Grant:
    """The notebook key of one epoch, sealed to one reader, and the same under the reader's lock."""

    person: UUID
    sealed_key: bytes
    locked_key: Sealed | None = None

    def __repr__(self) -> str:
        return "<sealed>"


Held = bytes | Sealed
"""A sealed notebook key as it is kept: under its reader's lock, or, of former days, as it was handed in."""


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

    def require_statement(self, notebook: UUID) -> None:
        """Refuse a statement that speaks of another epoch, or of other keys, than this one."""
        key_ids = {reader.person: reader.key_id for reader in self.readers}
        claimed = StatementHead(
            self.audience.byte,
            notebook,
            self.number,
            key_ids[self.granter],
            tuple(sorted(set(key_ids.values()))),
        )
        if StatementHead.read(self.statement) != claimed:
            raise SealedForAnotherPlace


@dataclass(frozen=True, slots=True)
class PassedOn:
    """An epoch that one of its readers lets another key read later, with the granter's signed word for it."""

    audience: Audience
    epoch: int
    granter: UUID
    reader: Reader
    statement: bytes

    @property
    def granter_key_id(self) -> bytes:
        """The key by which it was signed, as the statement says."""
        return PassingOnHead.read(self.statement).granter_key_id

    def require_statement(self, notebook: UUID, granter_key_ids: frozenset[bytes]) -> None:
        """Refuse a statement that speaks of another epoch or of other keys than this."""
        said = PassingOnHead.read(self.statement)
        place = (self.audience.byte, notebook, self.epoch, self.reader.key_id)
        if (said.audience, said.notebook, said.epoch, said.reader_key_id) != place:
            raise SealedForAnotherPlace
        if said.granter_key_id not in granter_key_ids:
            raise SealedForAnotherPlace


@dataclass(frozen=True, slots=True)
class Entry:
    """One sealed entry and where it stands in its strand.

    Its wrapped key is handed in beside the same under a lock; what is kept is the latter, or, of former days, the former.
    """

    id: UUID
    audience: Audience
    epoch: int
    position: int
    author: UUID
    sealed_entry: bytes
    wrapped_entry_key: bytes
    amends: UUID | None = None
    locked_entry_key: Sealed | None = None

    def __repr__(self) -> str:
        return "<sealed>"

    @property
    def author_key_id(self) -> bytes:
        """By which key it was signed, as it says."""
        return EntryHeader.read(self.sealed_entry).author_key_id

    def require_header(self, notebook: UUID, author_key_id: bytes) -> None:
        """Refuse an entry that was sealed for another place or by another key than it is handed in for."""
        require_wrapped_key(self.wrapped_entry_key)
        claimed = EntryHeader(
            self.audience.byte,
            notebook,
            self.epoch,
            self.id,
            self.position,
            self.amends,
            author_key_id,
        )
        if EntryHeader.read(self.sealed_entry) != claimed:
            raise SealedForAnotherPlace


@dataclass(slots=True)
class Strand:
    """One unbroken sequence of entries; epochs and positions count from one without gaps."""

    epochs: list[Epoch] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    grants: dict[tuple[int, UUID], Held] = field(default_factory=dict)
    passed_on: list[PassedOn] = field(default_factory=list)

    def epochs_read_by(self, person: UUID) -> list[int]:
        """The numbers of the epochs that a person holds a grant of, ascending."""
        return sorted(epoch for epoch, reader in self.grants if reader == person)

    @property
    def people_reading(self) -> list[UUID]:
        """Who holds a grant of any epoch."""
        return sorted({reader for _, reader in self.grants})

    def require_next_epoch(self, epoch: Epoch) -> None:
        """The number follows, and whoever opens an epoch could read the one before."""
        if epoch.number != len(self.epochs) + 1:
            raise OutOfOrder
        if len(self.epochs) == MOST_EPOCHS:
            raise TooManyEpochs
        if self.epochs and (len(self.epochs), epoch.granter) not in self.grants:
            raise NotAReader

    def require_next_entry(self, entry: Entry, readers: frozenset[UUID]) -> None:
        """The position follows, in the newest epoch, which is read by exactly these people."""
        if entry.epoch != len(self.epochs) or entry.position != len(self.entries) + 1:
            raise OutOfOrder
        if not self.epochs:
            raise OutOfOrder
        if self.epochs[-1].people != readers:
            raise ReadersHaveChanged
        if len(self.entries) == MOST_ENTRIES:
            raise StrandIsFull

    def require_can_pass_on(self, passed: PassedOn, notebook: UUID) -> None:
        """Only who reads an epoch lets another read it, under a key by which they read it."""
        if (passed.epoch, passed.granter) not in self.grants:
            raise NotAReader
        if len(self.passed_on) == MOST_PASSED_ON:
            raise TooMuchPassedOn
        passed.require_statement(notebook, self._key_ids_of(passed.granter, passed.epoch))

    def require_no_gap(self, reader: UUID) -> None:
        """Entries of epochs with a gap between them would be no chain."""
        read = self.epochs_read_by(reader)
        if read and read != list(range(read[0], read[-1] + 1)):
            raise GapInEpochs

    def key_id_of(self, author: UUID) -> bytes:
        """The key by which an author writes in the newest epoch; raises NotAReader."""
        for reader in self.epochs[-1].readers if self.epochs else ():
            if reader.person == author:
                return reader.key_id
        raise NotAReader

    def readable_by(self, person: UUID) -> tuple[Entry, ...]:
        """The entries of those epochs that this person holds a grant of."""
        granted = frozenset(self.epochs_read_by(person))
        return tuple(entry for entry in self.entries if entry.epoch in granted)

    def last_before(self, epoch: int) -> Entry | None:
        """The last entry that was written before an epoch."""
        before = [each for each in self.entries if each.epoch < epoch]
        return before[-1] if before else None

    def passed_on_in(self, epoch: int) -> tuple[PassedOn, ...]:
        """To whom an epoch was passed on, in order."""
        return tuple(each for each in self.passed_on if each.epoch == epoch)

    def _key_ids_of(self, person: UUID, epoch: int) -> frozenset[bytes]:
        later = [each.reader for each in self.passed_on_in(epoch)]
        readers = (*self.epochs[epoch - 1].readers, *later)
        return frozenset(reader.key_id for reader in readers if reader.person == person)
