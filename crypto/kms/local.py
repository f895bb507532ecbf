"""Key-encryption keys in files of mode 0600, one a compartment: the default of a trial, not of a service.

Whoever can read the files can unwrap. Production refuses this key service.
"""

import base64
import fcntl
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from typing_extensions import override

from crypto.envelope import DataKey, new_secret
from crypto.errors import (
    CompartmentIsClosed,
    Erased,
    KeyFileIsDamaged,
    NewestEpochStays,
    Tampered,
)
from crypto.kms import KeyService
from crypto.kms.epochs import kek_name, require_made
from crypto.kms.private_file import read_private

FORMAT = "vouchsafe-local-kek/1"


class LocalKeyService(KeyService):
    """Keeps to the files it is given: a compartment without a file stays closed."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self._files = dict(files)
        self._keks = {name: _read(name, path) for name, path in files.items()}

    @override
    def compartments(self) -> frozenset[str]:
        return frozenset(self._keks)

    @override
    def epoch(self, compartment: str) -> int:
        return max(self._epochs(compartment))

    @override
    def wrap(self, compartment: str, epoch: int, secret: bytes, context: bytes) -> bytes:
        return self._kek(compartment, epoch).seal(secret, context)

    @override
    def unwrap(self, compartment: str, epoch: int, wrapped: bytes, context: bytes) -> bytes:
        record = f"branch key of {compartment}, epoch {epoch}"
        return self._kek(compartment, epoch).open(wrapped, context, record=record)

    @override
    def new_epoch(self, compartment: str) -> int:
        self._epochs(compartment)
        with _alone(self._files[compartment]):
            epochs = self._reread(compartment)
            made = max(epochs) + 1
            self._write(compartment, epochs | {made: DataKey(new_secret())})
        return made

    @override
    def destroy_epoch(self, compartment: str, epoch: int) -> None:
        self._epochs(compartment)
        with _alone(self._files[compartment]):
            epochs = self._reread(compartment)
            require_made(compartment, epoch, max(epochs))
            if epoch == max(epochs):
                raise NewestEpochStays
            self._write(compartment, {n: key for n, key in epochs.items() if n != epoch})

    @override
    def is_destroyed(self, compartment: str, epoch: int) -> bool:
        epochs = self._reread(compartment)
        require_made(compartment, epoch, max(epochs))
        return epoch not in epochs

    def _epochs(self, compartment: str) -> dict[int, DataKey]:
        if compartment not in self._keks:
            raise CompartmentIsClosed(compartment)
        return self._keks[compartment]

    def _kek(self, compartment: str, epoch: int) -> DataKey:
        if epoch not in self._epochs(compartment):
            # Another process may have begun this epoch.
            self._reread(compartment)
        epochs = self._epochs(compartment)
        if epoch in epochs:
            return epochs[epoch]
        require_made(compartment, epoch, max(epochs))
        raise Erased(kek_name(compartment, epoch))

    def _reread(self, compartment: str) -> dict[int, DataKey]:
        self._epochs(compartment)
        self._keks[compartment] = _read(compartment, self._files[compartment])
        return self._keks[compartment]

    def _write(self, compartment: str, epochs: dict[int, DataKey]) -> None:
        write_key_file(self._files[compartment], compartment, epochs)
        self._keks[compartment] = epochs


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep other writers of the folder waiting, threads and processes alike; a kill lets them go."""
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def make_key_file(path: Path, compartment: str) -> None:
    """Make a file with a first epoch, unless there is one already; of two makers one wins."""
    if path.exists():
        return
    with _written_beside(path, compartment, {1: DataKey(new_secret())}) as beside:
        with suppress(FileExistsError):
            path.hardlink_to(beside)
        _sync_folder(path.parent)


def write_key_file(path: Path, compartment: str, epochs: Mapping[int, DataKey]) -> None:
    """Write the file whole and durably, so that a crash leaves the old or the new one."""
    with _written_beside(path, compartment, epochs) as beside:
        beside.replace(path)
        _sweep(path)
        _sync_folder(path.parent)


@contextmanager
def _written_beside(path: Path, compartment: str, epochs: Mapping[int, DataKey]) -> Iterator[Path]:
    encoded = {str(n): base64.b64encode(key.secret).decode() for n, key in epochs.items()}
    text = json.dumps({"format": FORMAT, "compartment": compartment, "epochs": encoded})
    # mkstemp makes it with mode 0600 under a name that no other process writes.
    descriptor, name = tempfile.mkstemp(prefix=_beside(path), dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        yield beside
    finally:
        beside.unlink(missing_ok=True)


def _beside(path: Path) -> str:
    return f".{path.name}."


def _sweep(path: Path) -> None:
    """Take away what a killed writer left: it may hold an epoch that is being destroyed."""
    for leftover in path.parent.glob(f"{_beside(path)}*"):
        leftover.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(compartment: str, path: Path) -> dict[int, DataKey]:
    epochs: dict[int, DataKey] = {}
    # What went wrong is not told as a cause: a parser's error carries the text it read.
    with suppress(ValueError, KeyError, TypeError, AttributeError, RecursionError, Tampered):
        epochs = _parsed(read_private(path), compartment)
    if not epochs or min(epochs) < 1:
        raise KeyFileIsDamaged
    return epochs


def _parsed(text: str, compartment: str) -> dict[int, DataKey]:
    content = json.loads(text)
    if content["format"] != FORMAT or content["compartment"] != compartment:
        raise KeyFileIsDamaged
    return {
        int(n): DataKey(base64.b64decode(secret, validate=True))
        for n, secret in content["epochs"].items()
    }
