"""A participant's folder: private keys and what was last seen; readable by its owner alone, on their device."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar
from uuid import UUID

import msgspec

from api.participant.errors import FolderIsDamaged, FolderIsOpenToOthers, NoKeysYet
from api.participant.memory import Memory, OtherMemory, VaultMemory
from crypto.sealing import Identity, UnknownFormat

IDENTITY_FILE: Final = "identity.key"
EARLIER: Final = "earlier-*.key"
VAULT_FILE: Final = "vault.json"
OTHERS: Final = 0o077

Kept = TypeVar("Kept", Memory, VaultMemory)


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
        identity = self._identity_in(IDENTITY_FILE)
        if identity is None:
            raise NoKeysYet
        return identity

    def earlier_identities(self) -> list[Identity]:
        """Private keys from before, which still open what was sealed to them."""
        names = sorted(each.name for each in self._path.glob(EARLIER))
        return [each for each in map(self._identity_in, names) if each]

    def keep_identity(self, identity: Identity) -> None:
        """Keep new private keys; those that they replace stay as earlier ones."""
        if self.has_identity:
            current = self.identity()
            if current.public.key_id != identity.public.key_id:
                self.keep_earlier(current)
        self._write(IDENTITY_FILE, identity.to_bytes())

    def keep_earlier(self, identity: Identity) -> None:
        """Keep private keys from before."""
        name = EARLIER.replace("*", identity.public.key_id.hex()[:16])
        self._write(name, identity.to_bytes())

    def memory(self, relationship: UUID) -> Memory:
        """What was last seen of a relationship; empty at first."""
        return self._remembered(_name_of(relationship), Memory)

    def others_elsewhere(self, relationship: UUID) -> list[OtherMemory]:
        """Whom this folder knows from other notebooks than this one."""
        names = sorted(each.name for each in self._path.glob(_name_of("*")))
        seen = (self._remembered(name, Memory) for name in names if name != _name_of(relationship))
        return [other for memory in seen for other in memory.others]

    @property
    def vault_memory(self) -> VaultMemory:
        """What was last seen of the vault; empty at first."""
        return self._remembered(VAULT_FILE, VaultMemory)

    def remember_vault(self, memory: VaultMemory) -> None:
        """Keep what was seen of the vault."""
        self._write(VAULT_FILE, msgspec.json.encode(memory))

    def remember(self, relationship: UUID, memory: Memory) -> None:
        """Keep what was seen of a relationship."""
        self._write(_name_of(relationship), msgspec.json.encode(memory))

    def _identity_in(self, name: str) -> Identity | None:
        kept = self._read(name)
        try:
            return Identity.from_bytes(kept) if kept is not None else None
        except UnknownFormat:
            raise FolderIsDamaged from None

    def _remembered(self, name: str, kind: type[Kept]) -> Kept:
        kept = self._read(name)
        if kept is None:
            return kind()
        # A decoder's own error carries what it read, so it does not travel with ours.
        with suppress(msgspec.MsgspecError, UnicodeDecodeError):
            return msgspec.json.decode(kept, type=kind)
        raise FolderIsDamaged

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


def _name_of(relationship: UUID | str) -> str:
    return f"seen-{relationship}.json"


def _require_private(path: Path) -> None:
    if path.stat().st_mode & OTHERS:
        raise FolderIsOpenToOthers
