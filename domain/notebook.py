"""What the participants of one relationship write, sealed on their own devices.

Rule 11: an own entry is for its author alone, a shared one for the participants. No role opens one,
and nothing here could: the service holds no key to any of it.
"""

from dataclasses import replace
from typing import Self
from uuid import UUID, uuid5

from eventsourcing.domain import event

from domain.aggregate import Aggregate
from domain.locks import ENTRY_FIELD, ENTRY_PURPOSE, require_locked
from domain.notebook_events import NotebookEvents as Happened
from domain.notebook_readers import NotebookReaders
from domain.strand import (
    Audience,
    Entry,
    EntryExists,
    EntryIsDestroyed,
    Epoch,
    Held,
    NoSuchEntry,
    NotAReader,
    NotYourEntry,
    PassedOn,
    Reader,
    Strand,
    WrittenWithOtherKeys,
)
from domain.values import Act, Sealed


class Notebook(Aggregate, NotebookReaders):
    """One shared strand and one own strand per author.

    The decisions about readers stand in a module of their own. Aggregate comes first in the list of bases, so that
    its `record` is the one that is called.
    """

    TOPIC = "binder"

    class Created(Aggregate.Created):
        TOPIC = "binder.begun"
        relationship: UUID

    @staticmethod
    def id_of(relationship: UUID) -> UUID:
        """The id of a relationship's one notebook."""
        return uuid5(relationship, "notebook")

    @classmethod
    def begin_for(cls, relationship: UUID, act: Act) -> Self:
        """Begin the empty notebook of a relationship, once."""
        return cls.begin(cls.id_of(relationship), act, relationship=relationship)

    @event(Created)
    def __init__(self, relationship: UUID) -> None:
        self.relationship = relationship
        self.shared = Strand()
        self.own: dict[UUID, Strand] = {}
        self.shared_as: dict[UUID, UUID] = {}
        self.destroyed: set[UUID] = set()

    @event(Happened.EpochOpened)
    def _epoch_opened(
        self,
        audience: Audience,
        epoch: int,
        granter: UUID,
        readers: tuple[Reader, ...],
        statement: bytes,
    ) -> None:
        opened = Epoch(audience, epoch, granter, readers, statement)
        self._strand_to_write(audience, granter).epochs.append(opened)

    @event(Happened.KeyGranted)
    def _key_granted(self, audience: Audience, epoch: int, reader: UUID, sealed_key: bytes) -> None:
        self._strand_to_write(audience, reader).grants[epoch, reader] = sealed_key

    @event(Happened.KeyEntrusted)
    def _key_entrusted(
        self, audience: Audience, epoch: int, reader: UUID, locked_key: Sealed
    ) -> None:
        self._strand_to_write(audience, reader).grants[epoch, reader] = locked_key

    @event(Happened.KeyPassedOn)
    def _key_passed_on(  # noqa: PLR0913, PLR0917 - the library hands over the event's fields by name
        self,
        audience: Audience,
        epoch: int,
        granter: UUID,
        reader: UUID,
        key_id: bytes,
        statement: bytes,
        locked_key: Sealed,
    ) -> None:
        strand = self._strand_to_write(audience, reader)
        strand.grants[epoch, reader] = locked_key
        strand.passed_on.append(
            PassedOn(audience, epoch, granter, Reader(reader, key_id), statement)
        )

    @event(Happened.ReaderLeft)
    def _reader_left(self, audience: Audience, reader: UUID, epochs: tuple[int, ...]) -> None:
        strand = self._strand_to_write(audience, reader)
        for epoch in epochs:
            strand.grants.pop((epoch, reader), None)

    def append(self, entry: Entry, act: Act, *, participants: frozenset[UUID]) -> None:
        """Add a sealed entry at the end of its strand; only a participant writes, as themselves."""
        self.require_own_hand(entry.author, act, participants)
        self._require_new(entry)
        readers = participants if entry.audience is Audience.SHARED else frozenset({entry.author})
        strand = self.strand(entry.audience, entry.author)
        strand.require_next_entry(entry, readers)
        entry.require_header(self.id, strand.key_id_of(entry.author))
        locked = require_locked(entry.locked_entry_key, entry.id, ENTRY_PURPOSE, ENTRY_FIELD)
        self.record(
            self.EntryKept,
            act,
            entry=entry.id,
            audience=entry.audience,
            epoch=entry.epoch,
            position=entry.position,
            author=entry.author,
            sealed_entry=entry.sealed_entry,
            locked_entry_key=locked,
            amends=entry.amends,
        )

    @event(Happened.EntryAppended)
    def _entry_appended(  # noqa: PLR0913, PLR0917 - the library hands over the event's fields by name
        self,
        entry: UUID,
        audience: Audience,
        epoch: int,
        position: int,
        author: UUID,
        sealed_entry: bytes,
        wrapped_entry_key: bytes,
        amends: UUID | None,
    ) -> None:
        appended = Entry(
            entry, audience, epoch, position, author, sealed_entry, wrapped_entry_key, amends
        )
        self._strand_to_write(audience, author).entries.append(appended)

    @event(Happened.EntryKept)
    def _entry_kept(  # noqa: PLR0913, PLR0917 - see _entry_appended
        self,
        entry: UUID,
        audience: Audience,
        epoch: int,
        position: int,
        author: UUID,
        sealed_entry: bytes,
        locked_entry_key: Sealed,
        amends: UUID | None,
    ) -> None:
        kept = Entry(
            entry, audience, epoch, position, author, sealed_entry, b"", amends, locked_entry_key
        )
        self._strand_to_write(audience, author).entries.append(kept)

    def share(self, entry: UUID, shared: Entry, act: Act, *, participants: frozenset[UUID]) -> None:
        """Share an own entry: its author seals it anew to the participants; the own one stays."""
        original = self._require_own_entry(entry, act)
        if original.audience is not Audience.OWN or shared.audience is not Audience.SHARED:
            raise NoSuchEntry
        self.append(shared, act, participants=participants)
        self.record(self.EntryShared, act, entry=entry, shared_as=shared.id)

    @event(Happened.EntryShared)
    def _entry_shared(self, entry: UUID, shared_as: UUID) -> None:
        self.shared_as[entry] = shared_as

    def destroy(self, entry: UUID, act: Act) -> None:
        """Its author destroys one entry; its place in the strand stays, so the chain verifies."""
        self._require_own_entry(entry, act)
        self.record(self.EntryDestroyed, act, entry=entry)

    @event(Happened.EntryDestroyed)
    def _entry_destroyed(self, entry: UUID) -> None:
        self.destroyed.add(entry)
        for strand in (self.shared, *self.own.values()):
            strand.entries[:] = [_without_key(e) if e.id == entry else e for e in strand.entries]

    def entries_for(self, person: UUID) -> tuple[Entry, ...]:
        """Rule 11: a person's own entries and those shared with them; nobody else's, in any role.

        A destroyed entry comes without its wrapped key: the chain needs it, and nothing opens it.
        """
        own = self.own[person].entries if person in self.own else ()
        return (*own, *self.shared.readable_by(person))

    def epochs_for(self, person: UUID) -> tuple[Epoch, ...]:
        """The epochs that a person holds a grant of, own first."""
        own = self.own[person].epochs if person in self.own else ()
        read = self.shared.epochs_read_by(person)
        return (*own, *(self.shared.epochs[number - 1] for number in read))

    def has_something_for(self, person: UUID) -> bool:
        """Whether anything here is a person's to read: shared with them, or their own."""
        return bool(self.shared.epochs_read_by(person)) or person in self.own

    def grant_for(self, person: UUID, audience: Audience, epoch: int) -> Held:
        """The notebook key that was sealed to this person, as it is kept; raises NotAReader."""
        held = self.strand(audience, person).grants.get((epoch, person))
        if held is None:
            raise NotAReader
        return held

    def _strand_to_write(self, audience: Audience, author: UUID) -> Strand:
        if audience is Audience.SHARED:
            return self.shared
        return self.own.setdefault(author, Strand())

    def _require_new(self, entry: Entry) -> None:
        if any(known.id == entry.id for known in self._all_entries()):
            raise EntryExists
        if entry.amends is None:
            return
        visible = {known.id: known for known in self.entries_for(entry.author)}
        amended = visible.get(entry.amends)
        if amended is None or amended.audience is not entry.audience:
            raise NoSuchEntry
        if amended.author != entry.author:
            raise NotYourEntry
        # A client takes no other key's word for a change: the strand would be broken for every reader.
        if amended.author_key_id != entry.author_key_id:
            raise WrittenWithOtherKeys

    def _require_own_entry(self, entry: UUID, act: Act) -> Entry:
        found = next((e for e in self.entries_for(act.actor) if e.id == entry), None)
        if found is None:
            raise NoSuchEntry
        if found.author != act.actor:
            raise NotYourEntry
        if entry in self.destroyed:
            raise EntryIsDestroyed
        return found

    def _all_entries(self) -> tuple[Entry, ...]:
        own = (entry for strand in self.own.values() for entry in strand.entries)
        return (*self.shared.entries, *own)


def _without_key(entry: Entry) -> Entry:
    return replace(entry, wrapped_entry_key=b"", locked_entry_key=None)


NotebookBegun = Notebook.Created
