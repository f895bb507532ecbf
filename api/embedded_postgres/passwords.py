"""A random password for each database role, kept in one file that only its owner can read."""

import json
import secrets
from pathlib import Path

from api.embedded_postgres.files import write_whole

FILE_NAME = "database-passwords.json"
_RANDOM_BYTES = 32


class Passwords:
    """The passwords of the roles of one database; a role gets its own when first asked for, and keeps it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._by_role: dict[str, str] = json.loads(file.read_text("utf-8")) if file.exists() else {}

    def __repr__(self) -> str:
        return "<sealed>"

    def __contains__(self, role: str) -> bool:
        return role in self._by_role

    def of(self, role: str) -> str:
        """The role's password, on the disk before it is first returned."""
        if role not in self._by_role:
            self._by_role[role] = secrets.token_urlsafe(_RANDOM_BYTES)
            write_whole(self._file, json.dumps(self._by_role, indent=1))
        return self._by_role[role]


def role_passwords(folder: Path) -> Passwords:
    """The passwords kept in a data folder."""
    return Passwords(folder / FILE_NAME)
