"""The made-up people of the first scheme, and where their sign-in is kept."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from domain.errors import DomainError
from domain.values import Role


@dataclass(frozen=True, slots=True)
class MadeUp:
    """Somebody who does not exist."""

    key: str
    name: str
    role: Role

    @property
    def email(self) -> str:
        """An address that reaches nobody."""
        return f"{self.key}@example.org"


PEOPLE = (
    MadeUp("ruth", "Ruth Adeyemi", Role.COORDINATOR),
    MadeUp("priya", "Priya Raman", Role.DATA_PROTECTION_LEAD),
    MadeUp("noor", "Noor Iqbal", Role.AUDITOR),
    MadeUp("grace", "Grace Achebe", Role.MENTOR),
    MadeUp("samir", "Samir Haddad", Role.MENTOR),
    MadeUp("amara", "Amara Okafor", Role.MENTEE),
    MadeUp("devika", "Devika Nair", Role.MENTEE),
    MadeUp("kwame", "Kwame Boateng", Role.MENTEE),
    MadeUp("leila", "Leila Mansour", Role.MENTEE),
    MadeUp("joy", "Joy Campbell", Role.MENTEE),
)
COORDINATOR, LEAD, *_ = PEOPLE
ENROLLED = PEOPLE[:3]
"""Those who run or watch over a scheme are let in on the command line."""

BY_KEY = {person.key: person for person in PEOPLE}


@dataclass(frozen=True, slots=True)
class Account:
    """A made-up person's id and sign-in token."""

    id: UUID
    token: str

    def __repr__(self) -> str:
        return "<sealed>"


class NotesAreDamaged(DomainError):
    """A file in the data folder's first-scheme folder is damaged; bring it back from a backup."""


class Notes:
    """Names and values in one JSON file of mode 0600, durable before anything is done with them."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.known: dict[str, str] = _read(file) if file.exists() else {}

    def keep(self, name: str, value: str) -> None:
        """Keep one more."""
        self.known[name] = value
        _write_privately(self._file, self.known)

    def keep_first(self, name: str, value: str) -> str:
        """Keep a value unless there is one already; answer the one that counts."""
        if name not in self.known:
            self.keep(name, value)
        return self.known[name]


class SignIn:
    """The accounts, so that the next start can print them again."""

    def __init__(self, file: Path) -> None:
        self._notes = Notes(file)

    def accounts(self) -> dict[str, Account]:
        """Everybody who has one."""
        pairs = {key: value.partition(" ") for key, value in self._notes.known.items()}
        return {key: Account(UUID(id), token) for key, (id, _, token) in pairs.items()}

    def keep(self, key: str, account: Account) -> None:
        """Keep one."""
        self._notes.keep(key, f"{account.id} {account.token}")


def _read(file: Path) -> dict[str, str]:
    try:
        known = json.loads(file.read_text())
    except ValueError:
        raise NotesAreDamaged from None
    if not isinstance(known, dict):
        raise NotesAreDamaged
    return known


def _write_privately(file: Path, content: Mapping[str, object]) -> None:
    """Write a whole JSON file of mode 0600, or leave the one there was."""
    beside = file.with_suffix(".new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        json.dump(content, opened, indent=2)
        opened.flush()
        os.fsync(opened.fileno())
    beside.replace(file)
