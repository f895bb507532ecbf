"""A participant's folder: private keys and what was last seen; readable by its owner alone, on their device."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from api.participant.errors import FolderIsDamaged, FolderIsOpenToOthers, NoKeysYet
from api.participant.memory import Memory
from crypto.sealing import Identity, UnknownFormat

IDENTITY_FILE: Final = "identity.key"
OTHERS: Final = 0o077


class ParticipantFolder:
    """Keeps one participant's identity and memories; made with mode 0700, its files with 0600."""

    def __init__(self, path: Path) -> None:
        """Use the folder, made if it is not there; raises FolderIsOpenToOthers."""
        self._path = path
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        _require_private(path)

    @property
    def has_identity(self) -> bool:
        """Whether keys were made here."""
        return (self._path / IDENTITY_FILE).exists()

    def identity(self) -> Identity:
        """The private keys; raises NoKeysYet, FolderIsOpenToOthers or FolderIsDamaged."""
        kept = self._read(IDENTITY_FILE)
        if kept is None:
            raise NoKeysYet
        try:
            return Identity.from_bytes(kept)
        except UnknownFormat:
            raise FolderIsDamaged from None

    def keep_identity(self, identity: Identity) -> None:
        """Keep new private keys."""
        self._write(IDENTITY_FILE, identity.to_bytes())

    def memory(self, relationship: UUID) -> Memory:
        """What was last seen of a relationship; empty at first."""
        kept = self._read(_name_of(relationship))
        if kept is None:
            return Memory()
        # A decoder's own error carries what it read, so it does not travel with ours.
        with suppress(msgspec.MsgspecError, UnicodeDecodeError):
            return msgspec.json.decode(kept, type=Memory)
        raise FolderIsDamaged

    def remember(self, relationship: UUID, memory: Memory) -> None:
        """Keep what was seen of a relationship."""
        self._write(_name_of(relationship), msgspec.json.encode(memory))

    def _read(self, name: str) -> bytes | None:
        file = self._path / name
        if not file.exists():
            return None
        _require_private(file)
        return file.read_bytes()

    def _write(self, name: str, content: bytes) -> None:
        """Replace a file as a whole: after a power cut there is the old one or the new one."""
        # Files made this way have mode 0600 from the start.
        handle, temporary = tempfile.mkstemp(dir=self._path, prefix=".new-")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(self._path / name)


def _name_of(relationship: UUID) -> str:
    return f"seen-{relationship}.json"


def _require_private(path: Path) -> None:
    if path.stat().st_mode & OTHERS:
        raise FolderIsOpenToOthers
