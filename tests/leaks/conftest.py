"""One leak run for all tests of this folder; it is over when they are."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.leaks.run import LeakRun, leak_run


@pytest.fixture(scope="package")
def run() -> Iterator[LeakRun]:
    with (
        tempfile.TemporaryDirectory(prefix="vouchsafe-leaks-") as name,
        tempfile.TemporaryDirectory(prefix="vouchsafe-devices-") as devices,
    ):
        # The database's account must pass through it.
        Path(name).chmod(0o711)
        with leak_run(Path(name), Path(devices)) as leaks:
            yield leaks
