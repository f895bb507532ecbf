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


def _notes() -> Iterator[Door]:
    mentee, mentor = new_identity(), new_identity()
    strand, readers = Strand(NOTEBOOK, Audience.SHARED), [mentee.public, mentor.public]
    granted = grant_epoch(mentee, readers, strand=strand)
    expected = ExpectedEpoch(strand, mentee.public, readers)
    sealed_key = granted.sealed_keys[mentor.public.key_id]
    key, slot = granted.notebook_key, EMPTY.next(UUID(int=10))
    body = Body(Kind.GOAL, SECRET.decode())
    sealed = seal_entry(body, slot, author=mentee, notebook_key=key)
    seeds = (mentor.hpke_seed.reveal(), mentor.signing_seed.reveal(), key.secret.reveal(), SECRET)
    ours = (SealingError,)
    yield Door(
        "a private identity",
        mentor.to_bytes(),
        Identity.from_bytes,
        ours,
        seeds,
        lambda data, identity: identity.to_bytes() == data,
    )
    yield Door(
        "a public identity",
        mentor.public.to_bytes(),
        PublicIdentity.from_bytes,
        ours,
        (),
        lambda data, public: public.to_bytes() == data,
    )
    yield Door(
        "a statement",
        granted.statement,
        lambda data: open_grant(data, sealed_key, reader=mentor, expected=expected),
        ours,
        seeds,
    )
    yield Door(
        "a sealed notebook key",
        sealed_key,
        lambda data: open_grant(granted.statement, data, reader=mentor, expected=expected),
        ours,
        seeds,
    )
    passed = pass_on(key, mentor.public, granter=mentee)
    yield Door(
        "a statement of passing on",
        passed.statement,
        lambda data: open_passed_on(
            replace(passed, statement=data), epoch=key.epoch, granter=mentee.public, reader=mentor
        ),
        ours,
        seeds,
    )
    yield Door(
        "a key that is passed on",
        passed.sealed_key,
        lambda data: open_passed_on(
            replace(passed, sealed_key=data), epoch=key.epoch, granter=mentee.public, reader=mentor
        ),
        ours,
        seeds,
    )
    yield Door(
        "an entry",
        sealed.entry,
        lambda data: open_entry(replace(sealed, entry=data), slot, notebook_key=key),
        ours,
        seeds,
    )
    yield Door(
        "a wrapped entry key",
        sealed.wrapped_key,
        lambda data: open_entry(replace(sealed, wrapped_key=data), slot, notebook_key=key),
        ours,
        seeds,
    )
    yield Door("a chain", sealed.entry, lambda data: verify_chain([data], [key.epoch]), ours, seeds)
    yield Door(
        "a header",
        sealed.entry,
        read_header,
        ours,
        seeds,
        lambda data, header: data.startswith(header.to_bytes()),
    )
    yield Door(
        "a body",
        note_padding.pad(body),
        note_padding.unpad,
        ours,
        seeds,
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
