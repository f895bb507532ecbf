"""What the participants of one relationship write, sealed on their own devices.

Rule 11: an own entry is for its author alone, a shared one for the participants. No role opens one,
and nothing here could: the service holds no key to any of it.
"""

from dataclasses import replace
from typing import Self
from uuid import UUID, uuid5

from eventsourcing.domain import event

from domain.aggregate import Aggregate
from domain.sealed_note import require_grant
from domain.strand import (
    Audience,
    Entry,
    EntryExists,
    EntryIsDestroyed,
    Epoch,
    Grant,
    NoSuchEntry,
    NotAReader,
    NotYourEntry,
    Reader,
    Strand,
    WrongReaders,
)
from domain.values import Act


class Notebook(Aggregate):
    """One shared strand and one own strand per author; topics do not tell what kind of text it is."""

    TOPIC = "binder"

    class Created(Aggregate.Created):
        TOPIC = "binder.begun"
        relationship: UUID

    class EpochOpened(Aggregate.Event):
        TOPIC = "binder.set_opened"
        audience: Audience
        epoch: int
        granter: UUID
        readers: tuple[Reader, ...]
        statement: bytes

    class KeyGranted(Aggregate.Event):
        TOPIC = "binder.set_handed_over"
        audience: Audience
        epoch: int
        granter: UUID
        reader: UUID
        sealed_key: bytes

    class EntryAppended(Aggregate.Event):
        TOPIC = "binder.item_added"
        entry: UUID
        audience: Audience
        epoch: int
        position: int
        author: UUID
        sealed_entry: bytes
        wrapped_entry_key: bytes
        amends: UUID | None

    class EntryShared(Aggregate.Event):
        TOPIC = "binder.item_passed_on"
        entry: UUID
        shared_as: UUID

    class EntryDestroyed(Aggregate.Event):
        TOPIC = "binder.item_removed"
        entry: UUID

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

    def open_epoch(
        self, epoch: Epoch, grants: tuple[Grant, ...], act: Act, *, participants: frozenset[UUID]
    ) -> None:
        """Open an epoch for exactly its readers, with a grant for each in a record of its own."""
        self._require_own_hand(epoch.granter, act, participants)
        epoch.require_readers(participants)
        _require_a_grant_each(epoch, grants)
        self._strand(epoch.audience, epoch.granter).require_next_epoch(epoch)
        epoch.require_statement(self.id)
        place = {"audience": epoch.audience, "epoch": epoch.number, "granter": epoch.granter}
        self.record(
            self.EpochOpened, act, **place, readers=epoch.readers, statement=epoch.statement
        )
        for grant in grants:
            self.record(
                self.KeyGranted, act, **place, reader=grant.person, sealed_key=grant.sealed_key
            )

    @event(EpochOpened)
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

    @event(KeyGranted)
    def _key_granted(
        self, audience: Audience, epoch: int, granter: UUID, reader: UUID, sealed_key: bytes
    ) -> None:
        self._strand_to_write(audience, granter).grants[epoch, reader] = sealed_key

    def append(self, entry: Entry, act: Act, *, participants: frozenset[UUID]) -> None:
        """Add a sealed entry at the end of its strand; only a participant writes, as themselves."""
        self._require_own_hand(entry.author, act, participants)
        self._require_new(entry)
        readers = participants if entry.audience is Audience.SHARED else frozenset({entry.author})
        strand = self._strand(entry.audience, entry.author)
        strand.require_next_entry(entry, readers)
        entry.require_header(self.id, strand.key_id_of(entry.author))
        self.record(
            self.EntryAppended,
            act,
            entry=entry.id,
            audience=entry.audience,
            epoch=entry.epoch,
            position=entry.position,
            author=entry.author,
            sealed_entry=entry.sealed_entry,
            wrapped_entry_key=entry.wrapped_entry_key,
            amends=entry.amends,
        )

    @event(EntryAppended)
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

    def share(self, entry: UUID, shared: Entry, act: Act, *, participants: frozenset[UUID]) -> None:
        """Share an own entry: its author seals it anew to the participants; the own one stays."""
        original = self._require_own_entry(entry, act)
        if original.audience is not Audience.OWN or shared.audience is not Audience.SHARED:
            raise NoSuchEntry
        self.append(shared, act, participants=participants)
        self.record(self.EntryShared, act, entry=entry, shared_as=shared.id)

    @event(EntryShared)
    def _entry_shared(self, entry: UUID, shared_as: UUID) -> None:
        self.shared_as[entry] = shared_as

    def destroy(self, entry: UUID, act: Act) -> None:
        """Its author destroys one entry; its place in the strand stays, so the chain verifies."""
        self._require_own_entry(entry, act)
        self.record(self.EntryDestroyed, act, entry=entry)

    @event(EntryDestroyed)
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
        """The epochs that a person was granted, own first."""
        own = self.own[person].epochs if person in self.own else ()
        return (*own, *(epoch for epoch in self.shared.epochs if person in epoch.people))

    def grant_for(self, person: UUID, audience: Audience, epoch: int) -> bytes:
        """The notebook key that was sealed to this person; raises NotAReader."""
        sealed_key = self._strand(audience, person).grants.get((epoch, person))
        if sealed_key is None:
            raise NotAReader
        return sealed_key

    def _strand(self, audience: Audience, author: UUID) -> Strand:
        if audience is Audience.SHARED:
            return self.shared
        return self.own.get(author) or Strand()

    def _strand_to_write(self, audience: Audience, author: UUID) -> Strand:
        if audience is Audience.SHARED:
            return self.shared
        return self.own.setdefault(author, Strand())

    def _require_own_hand(self, writer: UUID, act: Act, participants: frozenset[UUID]) -> None:
        if act.actor != writer or writer not in participants:
            raise NotAReader

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


def _require_a_grant_each(epoch: Epoch, grants: tuple[Grant, ...]) -> None:
    if len(grants) != len(epoch.readers) or {g.person for g in grants} != epoch.people:
        raise WrongReaders
    for grant in grants:
        require_grant(grant.sealed_key)


def _without_key(entry: Entry) -> Entry:
    return replace(entry, wrapped_entry_key=b"")


NotebookBegun = Notebook.Created
