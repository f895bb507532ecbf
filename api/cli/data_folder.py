"""The data folder of one machine: one run at a time holds it, once nothing of an earlier run is at work."""

import fcntl
import os
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


@contextmanager
def held_data_folder(folder: Path) -> Iterator[int]:
    """Hold the folder alone; answers a descriptor that every process of this run keeps open.

    The kernel knows by it whether any of them lives, even when their supervisor was killed. Raises
    AlreadyRunning, FolderNotOurs or LeftoversStay.
    """
    # Under root another account runs the database, and must pass through.
    make_folder(folder, 0o711 if os.geteuid() == 0 else 0o700)
    with held(folder):
        (folder / "logs").mkdir(mode=0o700, exist_ok=True)
        descriptor = opened(folder / "processes.lock")
        try:
            if not wait_until(lambda: _is_ours_alone(descriptor), PATIENCE_SECONDS):
                raise LeftoversStay
            yield descriptor
        finally:
            os.close(descriptor)


def _is_ours_alone(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
