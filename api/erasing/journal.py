"""The journal of erasures: apart from the database, ids only, so that a restored backup is erased again.

Follows docs/specs/erasure.md (The journal). A line that was acknowledged is on the disk.
"""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Literal
from uuid import UUID

import msgspec
from typing_extensions import override

from domain.errors import DomainError

FORMAT: Literal["vouchsafe-erasure/1"] = "vouchsafe-erasure/1"
BEFORE_ALL = "0" * 64


class JournalIsDamaged(DomainError):
    """The journal of erasures is not whole; bring it back from its own backup before anything else starts."""


class JournalIsOpenToOthers(DomainError):
    """Other accounts may read or change the journal of erasures; take their rights away (chmod 600)."""


class JournalUnavailable(DomainError):
    """The journal of erasures cannot be read or written; nobody is erased until it can."""


class JournalNotNamed(DomainError):
    """No journal of erasures is named; nobody is erased without one: set VOUCHSAFE_ERASURE_JOURNAL."""


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One erasure that was decided: whose, and which streams were wholly theirs."""

    format: Literal["vouchsafe-erasure/1"]
    erasure: UUID
    person: UUID
    streams: tuple[UUID, ...]
    previous: str


class Journal:
    """One file; several processes may add to it, one at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def lines(self) -> tuple[Line, ...]:
        """Everything that was acknowledged; nothing where there is no file yet."""
        try:
            with _opened(self._path, os.O_RDONLY) as descriptor:
                return _parsed(_whole(_content(descriptor)))
        except FileNotFoundError:
            return ()
        except OSError:
            raise JournalUnavailable from None

    def add(self, erasure: UUID, person: UUID, streams: tuple[UUID, ...]) -> None:
        """Write one erasure down, durably, unless it stands there; raises a kind of DomainError."""
        try:
            self._add(erasure, person, streams)
        except OSError:
            raise JournalUnavailable from None

    def _add(self, erasure: UUID, person: UUID, streams: tuple[UUID, ...]) -> None:
        is_new = not self._path.exists()
        with _opened(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND) as descriptor:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            content = _content(descriptor)
            whole = _whole(content)
            if any(line.erasure == erasure for line in _parsed(whole)):
                return
            if whole != content:
                os.ftruncate(descriptor, len(whole))
            line = Line(FORMAT, erasure, person, streams, _hash_of_last(whole))
            _write(descriptor, msgspec.json.encode(line) + b"\n")
            os.fsync(descriptor)
        if is_new:
            _sync(self._path.parent)


class NoJournal(Journal):
    """Stands where none is named: nobody is erased."""

    def __init__(self) -> None:
        super().__init__(Path())

    @override
    def lines(self) -> tuple[Line, ...]:
        raise JournalNotNamed

    @override
    def add(self, erasure: UUID, person: UUID, streams: tuple[UUID, ...]) -> None:
        raise JournalNotNamed


@contextmanager
def _opened(path: Path, flags: int) -> Iterator[int]:
    descriptor = os.open(path, flags | os.O_NOFOLLOW, 0o600)
    try:
        if stat.S_IMODE(os.fstat(descriptor).st_mode) & 0o077:
            raise JournalIsOpenToOthers
        yield descriptor
    finally:
        os.close(descriptor)


def _content(descriptor: int) -> bytes:
    return os.pread(descriptor, os.fstat(descriptor).st_size, 0)


def _whole(content: bytes) -> bytes:
    """Without a line that a kill cut short."""
    return content[: content.rfind(b"\n") + 1]


def _parsed(content: bytes) -> tuple[Line, ...]:
    lines, previous = [], BEFORE_ALL
    for raw in content.splitlines():
        try:
            line = msgspec.json.decode(raw, type=Line)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise JournalIsDamaged from None
        if line.previous != previous or msgspec.json.encode(line) != raw:
            raise JournalIsDamaged
        lines.append(line)
        previous = sha256(raw).hexdigest()
    return tuple(lines)


def _hash_of_last(whole: bytes) -> str:
    last = whole.splitlines()[-1:]
    return sha256(last[0]).hexdigest() if last else BEFORE_ALL


def _write(descriptor: int, line: bytes) -> None:
    while line:
        line = line[os.write(descriptor, line) :]


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
