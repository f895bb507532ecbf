"""Sealed notes as they look from outside, with nothing inside: for tests of what the service itself checks."""

from collections.abc import Iterable
from uuid import UUID

from domain.strand import Audience, Entry, Epoch, Grant, Reader

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


def grants_for(people: Iterable[UUID]) -> tuple[Grant, ...]:
    """A grant for each, told apart by who it is for."""
    return tuple(Grant(person, SEALED_KEY[:-16] + person.bytes) for person in people)


def entry_of(notebook: UUID, place: Entry, *, bucket: int = 1024) -> Entry:
    """An entry with its header and the length that its bucket gives, in the form of section 4."""
    header = _place(notebook, place.audience, 5, place.epoch) + bytes(32)
    header += place.id.bytes + place.position.to_bytes(4, "big") + bytes(32)
    header += (place.amends or NIL).bytes + place.author.bytes * 2
    return Entry(
        place.id,
        place.audience,
        place.epoch,
        place.position,
        place.author,
        header + bytes(124 + bucket),
        WRAPPED_KEY,
        place.amends,
    )


def _place(notebook: UUID, audience: Audience, form: int, epoch: int) -> bytes:
    return bytes((1, form, 1, audience.byte)) + notebook.bytes + epoch.to_bytes(4, "big")
