"""Every door through which stored or received bytes come in: what goes through it, and which errors may come back.

A door answers, or raises one of our named errors that repeats nothing of what it was given. Whatever it answers to bytes
that are not the good ones is checked by the door's own rule.
"""

import base64
import tempfile
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from api.erasing.journal import Journal, JournalIsDamaged
from api.participant import NotUnderstood, ParticipantFolder
from api.participant.errors import FolderIsDamaged
from api.participant.memory import Memory
from api.participant.wire import read_notebook
from crypto.envelope import SMALLEST_FIELD, DataKey, event_place, pad, place, unpad
from crypto.errors import KeyFileIsDamaged, Tampered
from crypto.kms.local import LocalKeyService, make_key_file
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
    read_header,
    seal_entry,
    verify_chain,
)
from crypto.sealing import padding as note_padding
from crypto.sealing.identity import new_identity
from domain.errors import DomainError
from domain.sealed_note import EntryHeader, StatementHead, require_grant, require_wrapped_key

SECRET = b"Sentinel: ferrule und Zwinge"
NOTEBOOK = UUID(int=1)


@dataclass(frozen=True)
class Door:
    """One way in; `is_right` judges an answer to other bytes than the good ones."""

    name: str
    good: bytes
    open: Callable[[bytes], Any]
    refusals: tuple[type[Exception], ...]
    secrets: tuple[bytes, ...] = ()
    is_right: Callable[[bytes, Any], bool] = lambda _data, _answer: False

    def knock(self, data: bytes) -> str | None:
        """What is wrong with how the door treats these bytes, or None."""
        try:
            answer = self.open(data)
        except self.refusals as refused:
            return self._told_by(refused, data)
        except Exception as other:  # noqa: BLE001 - that no other error leaves is what is tested
            return f"{self.name}: {type(other).__name__} leaves"
        if data == self.good or self.is_right(data, answer):
            return None
        return f"{self.name}: an answer to bytes that are not the good ones"

    def _told_by(self, refused: BaseException, data: bytes) -> str | None:
        told = "".join(_all_told(refused))
        for secret in (*self.secrets, *([data] if len(data) >= 8 else [])):
            if any(form in told for form in _forms(secret)):
                return f"{self.name}: {type(refused).__name__} repeats what it was given"
        return None


def _all_told(error: BaseException | None) -> Iterator[str]:
    """The text of an error, and whatever hangs on it or on those before it."""
    while error is not None:
        yield from (repr(error), str(error), repr(vars(error)), repr(error.args))
        yield from traceback.format_exception_only(error)
        error = error.__cause__ or error.__context__


def _forms(secret: bytes) -> tuple[str, ...]:
    return (
        repr(secret)[2:-1],
        secret.hex(),
        base64.b64encode(secret).decode(),
        secret.decode("utf-8", "replace"),
    )


def doors(folder: Path) -> list[Door]:
    """All of them; the folder is for those that read files."""
    return [*_envelopes(), *_files(folder), *_notes(), *_outside()]


def _envelopes() -> Iterator[Door]:
    key, secret = DataKey(bytes(range(32))), bytes(range(100, 132))
    here = event_place(UUID(int=1), 3, "place.taken")
    there = place("data-key", b"personal", UUID(int=2).bytes)
    told = (SECRET, bytes(range(32)), secret)
    yield Door(
        "an envelope",
        key.seal(SECRET, here),
        lambda data: key.open(data, here, record="event 3"),
        (Tampered,),
        told,
    )
    yield Door(
        "padding",
        pad(SECRET, SMALLEST_FIELD),
        lambda data: unpad(data, record="event 3"),
        (Tampered,),
        told,
        lambda data, text: data == text + b"\x80" + bytes(len(data) - len(text) - 1),
    )
    yield Door(
        "a wrapped data key",
        key.seal(secret, there),
        lambda data: DataKey(key.open(data, there, record="key 2")),
        (Tampered,),
        told,
    )
    yield Door("a data key", secret, DataKey, (Tampered,), told, lambda data, _: len(data) == 32)


def _files(folder: Path) -> Iterator[Door]:
    kek = folder / "kek.json"
    make_key_file(kek, "personal")
    content = kek.read_bytes()
    yield Door(
        "a local key file",
        content,
        lambda data: _written(kek, data) and LocalKeyService({"personal": kek}),
        (KeyFileIsDamaged,),
        (content[-40:],),
        lambda _, service: service.compartments() == {"personal"},
    )
    log = folder / "journal"
    journal = Journal(log)
    for erasure in (1, 2):
        journal.add(UUID(int=erasure), UUID(int=3), (UUID(int=4), UUID(int=5)))
    kept_lines = journal.lines()
    yield Door(
        "a journal of erasures",
        log.read_bytes(),
        lambda data: _written(log, data) and journal.lines(),
        (JournalIsDamaged,),
        (),
        # A cut is taken for that of a kill, and nothing speaks for the last line yet.
        lambda _, lines: lines[:-1] == kept_lines[: len(lines[:-1])],
    )
    kept = ParticipantFolder(folder / "mentee")
    identity, seen = folder / "mentee" / "identity.key", folder / "mentee" / f"seen-{NOTEBOOK}.json"
    me = new_identity()
    kept.keep_identity(me)
    kept.remember(NOTEBOOK, Memory())
    yield Door(
        "a kept identity",
        identity.read_bytes(),
        lambda data: _written(identity, data) and kept.identity(),
        (FolderIsDamaged,),
        (me.hpke_seed.reveal(), me.signing_seed.reveal()),
        lambda data, identity: identity.to_bytes() == data,
    )
    yield Door(
        "a kept memory",
        seen.read_bytes(),
        lambda data: _written(seen, data) and kept.memory(NOTEBOOK),
        (FolderIsDamaged,),
        (),
        lambda _, memory: isinstance(memory, Memory),
    )


def _written(path: Path, data: bytes) -> bool:
    path.write_bytes(data)
    return True


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
        read_notebook,
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


def all_doors() -> list[Door]:
    """The doors, over a folder that goes with the process."""
    folder = tempfile.TemporaryDirectory(prefix="vouchsafe-doors-")
    KEPT.append(folder)
    return doors(Path(folder.name))


KEPT: list[tempfile.TemporaryDirectory[str]] = []
"""Folders that are taken away when the process ends."""
