"""Sealed notes as they look from outside, with nothing inside: for tests of what the service itself checks."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID, uuid5

from domain.locks import ENTRY_FIELD, ENTRY_PURPOSE, GRANT_FIELD, lock_purpose
from domain.strand import Audience, Entry, Epoch, Grant, PassedOn, Reader
from domain.values import Compartment, Sealed

NIL = UUID(int=0)
SEALED_KEY = bytes((1, 4, 1)) + bytes(1168)
WRAPPED_KEY = bytes((1, 6, 1)) + bytes(60)


def reader_of(person: UUID) -> Reader:
    """A reader whose key id follows from who they are."""
    return Reader(person, person.bytes * 2)


def epoch_of(
    notebook: UUID, audience: Audience, number: int, granter: UUID, people: Iterable[UUID]
) -> Epoch:
    """An epoch with its statement, in the form of section 3.2."""
    readers = tuple(reader_of(person) for person in people)
    head = _place(notebook, audience, 3, number) + bytes(32) + granter.bytes * 2 + bytes(32)
    key_ids = sorted(reader.key_id for reader in readers)
    rows = b"".join(key_id + bytes(32) for key_id in key_ids)
    statement = head + len(readers).to_bytes(2, "big") + rows + bytes(64)
    return Epoch(audience, number, granter, readers, statement)


def locked(owner: UUID, purpose: str, field: str, part: bytes) -> Sealed:
    """A part as if under a lock, which shows it."""
    key_id = uuid5(owner, purpose)
    return Sealed(Compartment.LOCKS, owner, purpose, field, key_id, part)


def grant_of(epoch: tuple[UUID, Audience, int], person: UUID, sealed_key: bytes) -> Grant:
    """A grant under its reader's lock, of an epoch named by notebook, audience and number."""
    return Grant(person, sealed_key, locked(person, lock_purpose(*epoch), GRANT_FIELD, sealed_key))


def grants_for(
    notebook: UUID, audience: Audience, number: int, people: Iterable[UUID]
) -> tuple[Grant, ...]:
    """A grant for each, told apart by who it is for."""
    epoch = notebook, audience, number
    return tuple(grant_of(epoch, each, SEALED_KEY[:-16] + each.bytes) for each in people)


def passed_on(
    notebook: UUID, audience: Audience, number: int, granter: UUID, reader: Reader
) -> PassedOn:
    """An epoch that is passed on, with its statement, in the form of section 3.4."""
    statement = _place(notebook, audience, 7, number) + bytes(32) + granter.bytes * 2
    statement += reader.key_id + bytes(32 + 64)
    return PassedOn(audience, number, granter, reader, statement)


def entry_under_lock(entry: Entry) -> Entry:
    """An entry with its wrapped key as if under a lock."""
    under = locked(entry.id, ENTRY_PURPOSE, ENTRY_FIELD, entry.wrapped_entry_key)
    return replace(entry, locked_entry_key=under)


def kept(entry: Entry) -> Entry:
    """An entry as a notebook keeps it."""
    return replace(entry, wrapped_entry_key=b"")


def entry_of(notebook: UUID, place: Entry, *, bucket: int = 1024) -> Entry:
    """An entry with its header and the length that its bucket gives, in the form of section 4."""
    header = _place(notebook, place.audience, 5, place.epoch) + bytes(32)
    header += place.id.bytes + place.position.to_bytes(4, "big") + bytes(32)
    header += (place.amends or NIL).bytes + place.author.bytes * 2
    return entry_under_lock(
        Entry(
            place.id,
            place.audience,
            place.epoch,
            place.position,
            place.author,
            header + bytes(124 + bucket),
            WRAPPED_KEY,
            place.amends,
        )
    )


def _place(notebook: UUID, audience: Audience, form: int, epoch: int) -> bytes:
    return bytes((1, form, 1, audience.byte)) + notebook.bytes + epoch.to_bytes(4, "big")
