"""The data folder of one machine: one run at a time holds it, once nothing of an earlier run is at work."""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.embedded_postgres.files import held, make_folder, opened
from api.embedded_postgres.processes import wait_until
from api.supervisor import ORPHAN_SECONDS
from domain.errors import DomainError

PATIENCE_SECONDS = ORPHAN_SECONDS + 7.0
"""What an earlier run left behind has stopped by then, or has ended itself."""


class LeftoversStay(DomainError):
    """Processes of an earlier run still work on this data folder; end them, then start again."""


class OthersMayChangeIt(DomainError):
    """Other accounts may change what lies in the data folder; see that all is as it should be, take that right from them (chmod -R go-w), then start again."""


class KeysBelongToOthers(DomainError):
    """A file of keys in the data folder belongs to another account, which can read it; put one of your own in its place, then start again."""


@contextmanager
def held_data_folder(folder: Path) -> Iterator[int]:
    """Hold the folder alone; answers a descriptor that every process of this run keeps open.

    The kernel knows by it whether any of them lives, even when their supervisor was killed. Raises
    AlreadyRunning, FolderNotOurs, LeftoversStay, OthersMayChangeIt or KeysBelongToOthers.
    """
    # Under root another account runs the database, and must pass through.
    make_folder(folder, 0o711 if os.geteuid() == 0 else 0o700)
    with held(folder):
        _require_private(folder)
        (folder / "logs").mkdir(mode=0o700, exist_ok=True)
        descriptor = opened(folder / "processes.lock")
        try:
            if not wait_until(lambda: _is_ours_alone(descriptor), PATIENCE_SECONDS):
                raise LeftoversStay
            yield descriptor
        finally:
            os.close(descriptor)


def _require_private(folder: Path) -> None:
    """A folder that was there before may be anybody's: what others may read is closed to them now."""
    keys = folder / "keys"
    for each in (folder, keys, folder / "logs"):
        if each.exists():
            _close(each)
    # A run as root works for the owner of the folder.
    ours = {os.geteuid(), folder.stat().st_uid}
    if any(each.stat().st_uid not in ours for each in keys.glob("*.json")):
        raise KeysBelongToOthers


def _close(folder: Path) -> None:
    """Passing through is left: under root another account runs the database."""
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise OthersMayChangeIt
    if mode & (stat.S_IRGRP | stat.S_IROTH):
        folder.chmod(mode & ~(stat.S_IRGRP | stat.S_IROTH))


def _is_ours_alone(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
