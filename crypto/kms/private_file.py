"""Reads a file that only this process's user may read, such as keys, a PIN or a token."""

import os
import stat
from pathlib import Path

from crypto.errors import KeyFileIsMissing, KeyFileIsOpenToOthers


def read_private(path: Path) -> str:
    """What the file says; KeyFileIsMissing, or KeyFileIsOpenToOthers when others have any right to it."""
    try:
        file = path.open(encoding="utf-8")
    except OSError:
        raise KeyFileIsMissing from None
    with file:
        # Asked of the open file, so that it cannot be exchanged between the question and the reading.
        if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
            raise KeyFileIsOpenToOthers
        return file.read()
