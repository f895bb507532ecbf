"""One data folder, awkwardly named, on which the first scheme was recorded without any disturbance."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.ordinary import somebody_ordinary
from tests.faults.service import Service, service


@pytest.fixture(scope="session")
def common_folder() -> Iterator[Path]:
    """A folder in which everybody may make folders."""
    with tempfile.TemporaryDirectory(prefix="vouchsafe-run-") as name:
        Path(name).chmod(0o777)
        yield Path(name)


@pytest.fixture(scope="session")
def house(common_folder: Path) -> Iterator[Service]:
    """A service of an ordinary user without a home, in a folder with spaces and an apostrophe."""
    with service(common_folder / "Ruth's own data", runner=somebody_ordinary()) as made:
        made.start()
        made.wait_until_it_runs()
        yield made


@pytest.fixture
def running(house: Service) -> Service:
    """The same, started again if a test has stopped it."""
    assert house.process is not None
    if house.process.poll() is not None:
        house.start()
        house.wait_until_it_runs()
    return house
