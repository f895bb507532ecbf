"""A disk that is full for a while: a small file system where this account may mount one, else files that may not grow."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from tests.faults.ordinary import OURSELVES, Somebody, somebody_ordinary
from tests.faults.service import Service

SIZE = "256m"
LARGEST_FILE_BYTES = 16 * 1024
"""Less than the tables have; what is written beyond it fails as on a full disk, with another number."""

MOUNT, UNMOUNT, LIMIT = "/bin/mount", "/bin/umount", "/usr/bin/prlimit"
BLOCK = b"\0" * 65536


class Disk(Protocol):
    """Somewhere with little room, and who uses it."""

    folder: Path
    runner: Somebody

    def fill(self, service: Service) -> None:
        """Leave no room for anything."""

    def make_room(self, service: Service) -> None:
        """Let everything find room again."""


class SmallFileSystem:
    """A file system of its own in memory, filled by one file."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.runner = folder, OURSELVES

    def fill(self, _service: Service) -> None:
        with self._filler.open("wb", buffering=0) as file, suppress(OSError):
            while file.write(BLOCK):
                pass
        with self._filler.open("ab", buffering=0) as file, suppress(OSError):
            while file.write(b"\0"):
                pass

    def make_room(self, _service: Service) -> None:
        self._filler.unlink()

    @property
    def _filler(self) -> Path:
        return self.folder / "filler"


class SmallFiles:
    """No process of the service may write beyond so many bytes of a file, also those that are started meanwhile."""

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o777)
        # All of them belong to one account, which may limit its own.
        self.folder, self.runner = folder, somebody_ordinary()

    def fill(self, service: Service) -> None:
        self._limit(service, str(LARGEST_FILE_BYTES))

    def make_room(self, service: Service) -> None:
        self._limit(service, "unlimited")

    def _limit(self, service: Service, most: str) -> None:
        """Once more until nobody is left who was started by another in between."""
        limited: set[int] = set()
        while missing := set(service.left()) - limited:
            for pid in missing:
                self._run(LIMIT, "--pid", str(pid), f"--fsize={most}:")
            limited |= missing

    def _run(self, *command: str) -> None:
        """What ends meanwhile cannot be limited, and need not be."""
        user, others = self.runner.user, None if self.runner.user is None else []
        subprocess.run(
            command, check=False, capture_output=True, user=user, group=user, extra_groups=others
        )


@contextmanager
def small_file_system(folder: Path) -> Iterator[Disk | None]:
    """None where this account may not mount one."""
    folder.mkdir()
    mounted = [MOUNT, "-t", "tmpfs", "-o", f"size={SIZE},mode=711", "tmpfs", str(folder)]
    if subprocess.run(mounted, check=False, capture_output=True).returncode != 0:
        yield None
        return
    try:
        yield SmallFileSystem(folder)
    finally:
        subprocess.run([UNMOUNT, "--lazy", str(folder)], check=True)
