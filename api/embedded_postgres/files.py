"""Small files that survive a kill: whole or absent, and readable by their owner alone."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.embedded_postgres.errors import AlreadyRunning, FolderNotOurs


def write_whole(path: Path, text: str, *, mode: int = 0o600) -> None:
    """Put a new file in the place of the old in one step, on the disk before this returns."""
    fresh = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        with os.fdopen(opened(fresh, os.O_EXCL, mode=mode), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        # On a full disk, whoever tries again and again would leave one more each time.
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def opened(path: Path, flags: int = 0, *, mode: int = 0o600) -> int:
    """Open a file to write, following no link, with this mode whatever the umask."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | flags, mode)
    os.fchmod(descriptor, mode)
    if os.geteuid() == 0:
        # A run as root must not lock the owner of the folder out of it.
        owner = path.parent.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)
    return descriptor


def sync_folder(folder: Path) -> None:
    """Make renames within the folder last."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path, mode: int) -> None:
    """Make the folder with this mode; one that exists keeps its own."""
    if folder.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(mode)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the folder alone; the kernel lets go of it when this process dies, however it dies."""
    try:
        descriptor = opened(folder / "lock")
    except PermissionError:
        raise FolderNotOurs(folder) from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(folder) from None
        yield
    finally:
        os.close(descriptor)
