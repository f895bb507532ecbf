"""Key-encryption keys in files of mode 0600, one a compartment: the default of a trial, not of a service.

Whoever can read the files can unwrap. Production refuses this key service.
"""

import base64
import binascii
import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from typing_extensions import override

from crypto.envelope import DataKey, new_secret
from crypto.errors import (
    CompartmentIsClosed,
    Erased,
    KeyFileIsDamaged,
    KeyFileIsOpenToOthers,
    KeyServiceError,
)
from crypto.kms import KeyService

FORMAT = "vouchsafe-local-kek/1"


class NewestEpochStays(KeyServiceError):
    """The newest epoch is in use and cannot be destroyed."""


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
        epochs = self._epochs(compartment)
        made = max(epochs) + 1
        self._write(compartment, epochs | {made: DataKey(new_secret())})
        return made

    @override
    def destroy_epoch(self, compartment: str, epoch: int) -> None:
        epochs = self._epochs(compartment)
        if epoch == max(epochs):
            raise NewestEpochStays
        self._write(compartment, {n: key for n, key in epochs.items() if n != epoch})

    def _epochs(self, compartment: str) -> dict[int, DataKey]:
        if compartment not in self._keks:
            raise CompartmentIsClosed(compartment)
        return self._keks[compartment]

    def _kek(self, compartment: str, epoch: int) -> DataKey:
        try:
            return self._epochs(compartment)[epoch]
        except KeyError:
            raise Erased(f"key-encryption key of {compartment}, epoch {epoch}") from None

    def _write(self, compartment: str, epochs: dict[int, DataKey]) -> None:
        write_key_file(self._files[compartment], compartment, epochs)
        self._keks[compartment] = epochs


def make_key_file(path: Path, compartment: str) -> None:
    """Make a file with a first epoch, unless there is one already."""
    if not path.exists():
        write_key_file(path, compartment, {1: DataKey(new_secret())})


def write_key_file(path: Path, compartment: str, epochs: Mapping[int, DataKey]) -> None:
    """Write the file whole and durably, so that a crash leaves the old or the new one."""
    encoded = {str(n): base64.b64encode(key.secret).decode() for n, key in epochs.items()}
    text = json.dumps({"format": FORMAT, "compartment": compartment, "epochs": encoded})
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(compartment: str, path: Path) -> dict[int, DataKey]:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise KeyFileIsOpenToOthers
    try:
        content = json.loads(path.read_text())
        if content["format"] != FORMAT or content["compartment"] != compartment:
            raise KeyFileIsDamaged
        return {
            int(n): DataKey(base64.b64decode(secret, validate=True))
            for n, secret in content["epochs"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        raise KeyFileIsDamaged from None
