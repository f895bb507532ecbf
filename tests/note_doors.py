"""Every way in to notes: on a participant's side, and what the service reads of them from outside."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from api.participant import NotUnderstood
from api.participant.wire import ShownNotebook, read_shown
from crypto.sealing import (
    EMPTY,
    Audience,
    Body,
    ExpectedEpoch,
    Identity,
    Kind,
    PublicIdentity,
    SealingError,
    Strand,
    grant_epoch,
    open_entry,
    open_grant,
    open_passed_on,
    pass_on,
    read_header,
    seal_entry,
    verify_chain,
)
from crypto.sealing import padding as note_padding
from crypto.sealing.identity import new_identity
from domain.errors import DomainError
from domain.sealed_note import (
    EntryHeader,
    PassingOnHead,
    StatementHead,
    require_grant,
    require_wrapped_key,
)
from tests.door import NOTEBOOK, SECRET, Door


def note_doors() -> Iterator[Door]:
    """All of them."""
    yield from _notes()
    yield from _outside()


class _Written:
    """What a mentee and a mentor would hold: an epoch, what was passed on of it, and one entry."""

    def __init__(self) -> None:
        self.mentee, self.mentor = new_identity(), new_identity()
        strand, readers = (
            Strand(NOTEBOOK, Audience.SHARED),
            [self.mentee.public, self.mentor.public],
        )
        self.expected = ExpectedEpoch(strand, self.mentee.public, readers)
        self.granted = grant_epoch(self.mentee, readers, strand=strand)
        self.sealed_key = self.granted.sealed_keys[self.mentor.public.key_id]
        self.key, self.slot = self.granted.notebook_key, EMPTY.next(UUID(int=10))
        self.passed = pass_on(self.key, self.mentor.public, granter=self.mentee)
        self.body = Body(Kind.GOAL, SECRET.decode())
        self.sealed = seal_entry(self.body, self.slot, author=self.mentee, notebook_key=self.key)
        self.told = (
            self.mentor.hpke_seed.reveal(),
            self.mentor.signing_seed.reveal(),
            self.key.secret.reveal(),
            SECRET,
        )

    def door(
        self,
        name: str,
        good: bytes,
        read: Callable[[bytes], Any],
        holds: Callable[[bytes, Any], bool] = Door.is_right,
    ) -> Door:
        """A way in that refuses by the names of sealing and tells nothing of the keys."""
        return Door(name, good, read, (SealingError,), self.told, holds)

    def opened(self, statement: bytes, sealed_key: bytes) -> Any:
        """The epoch as the mentor opens it."""
        return open_grant(statement, sealed_key, reader=self.mentor, expected=self.expected)

    def opened_later(self, **changed: bytes) -> Any:
        """What was passed on, as the mentor opens it."""
        return open_passed_on(
            replace(self.passed, **changed),
            epoch=self.key.epoch,
            granter=self.mentee.public,
            reader=self.mentor,
        )

    def opened_entry(self, **changed: bytes) -> Any:
        """The entry as any of the two opens it."""
        return open_entry(replace(self.sealed, **changed), self.slot, notebook_key=self.key)


def _notes() -> Iterator[Door]:
    written = _Written()
    yield from _identities(written)
    yield from _grants(written)
    yield from _entries(written)


def _identities(written: _Written) -> Iterator[Door]:
    mentor = written.mentor
    yield written.door(
        "a private identity",
        mentor.to_bytes(),
        Identity.from_bytes,
        lambda data, identity: identity.to_bytes() == data,
    )
    yield Door(
        "a public identity",
        mentor.public.to_bytes(),
        PublicIdentity.from_bytes,
        (SealingError,),
        (),
        lambda data, public: public.to_bytes() == data,
    )


def _grants(written: _Written) -> Iterator[Door]:
    statement, sealed_key = written.granted.statement, written.sealed_key
    yield written.door("a statement", statement, lambda data: written.opened(data, sealed_key))
    yield written.door(
        "a sealed notebook key", sealed_key, lambda data: written.opened(statement, data)
    )
    yield written.door(
        "a statement of passing on",
        written.passed.statement,
        lambda data: written.opened_later(statement=data),
    )
    yield written.door(
        "a key that is passed on",
        written.passed.sealed_key,
        lambda data: written.opened_later(sealed_key=data),
    )


def _entries(written: _Written) -> Iterator[Door]:
    sealed, epochs = written.sealed, [written.key.epoch]
    yield written.door("an entry", sealed.entry, lambda data: written.opened_entry(entry=data))
    yield written.door(
        "a wrapped entry key",
        sealed.wrapped_key,
        lambda data: written.opened_entry(wrapped_key=data),
    )
    yield written.door("a chain", sealed.entry, lambda data: verify_chain([data], epochs))
    yield written.door(
        "a header",
        sealed.entry,
        read_header,
        lambda data, header: data.startswith(header.to_bytes()),
    )
    yield written.door(
        "a body",
        note_padding.pad(written.body),
        note_padding.unpad,
        lambda data, answer: note_padding.pad(answer) == data,
    )


def _outside() -> Iterator[Door]:
    """What the service reads of notes it cannot open, and what a participant's client reads of answers."""
    notes = {door.name: door.good for door in _notes()}
    refused = (DomainError,)
    for name, good, read in (
        ("a statement seen from outside", notes["a statement"], StatementHead.read),
        (
            "a statement of passing on seen from outside",
            notes["a statement of passing on"],
            PassingOnHead.read,
        ),
        ("an entry seen from outside", notes["an entry"], EntryHeader.read),
        ("a grant seen from outside", notes["a sealed notebook key"], require_grant),
        ("a wrapped key seen from outside", notes["a wrapped entry key"], require_wrapped_key),
    ):
        size, start = len(good), good[:3]
        yield Door(name, good, read, refused, (), _keeps_its_form(size, start))
    shown = (
        b'{"notebook":"00000000-0000-4000-8000-000000000001","caller":'
        b'"00000000-0000-4000-8000-000000000002","participants":[],"epochs":[],"entries":'
        b'[{"audience":"own","sealed_entry":"AQUB","wrapped_entry_key":null}],"next_after":null}'
    )
    yield Door(
        "a notebook as it is shown",
        shown,
        lambda data: read_shown(data, ShownNotebook),
        (NotUnderstood,),
        (),
        lambda _, notebook: isinstance(notebook.entries, list),
    )


def _keeps_its_form(size: int, start: bytes) -> Callable[[bytes, Any], bool]:
    """Without a key, other bytes of the right form cannot be told from good ones."""
    buckets = {280 + each for each in note_padding.BUCKETS} if size > 1200 else {size}
    return lambda data, _: (
        data[:3] == start and (len(data) in buckets or (len(data) - 186) % 64 == 0)
    )
