"""A real Chromium in front of the real service; what it needs it brings, or it says how to."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from api.embedded_postgres import EmbeddedPostgres
from tests.browser.furnished import Furnished, furnish
from tests.browser.visits import Visits
from tests.databases import Database, fresh_database
from tests.live_service import LiveService, live_service

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
INSTALL = ("apt-get", "install", "-y", "chromium")
INSTALLING = Path(tempfile.gettempdir(), f"vouchsafe-chromium-{os.getuid()}.lock")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is; as root on Debian it is installed, elsewhere the one command is named."""
    with INSTALLING.open("w") as lock:
        # Tests run in several processes, of which one installs.
        flock(lock, LOCK_EX)
        if _found() is None and os.geteuid() == 0 and shutil.which("apt-get"):
            for command in (("apt-get", "update"), INSTALL):
                subprocess.run(command, check=False, capture_output=True)
    path = _found()
    if path is None:
        pytest.fail(f"The browser tests need Chromium. Run: sudo {' '.join(INSTALL)}")
    return path


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium with an empty folder of its own; each visit is a separate profile in it."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield running
        running.close()


@pytest.fixture(scope="session")
def service(postgres: EmbeddedPostgres, template: str) -> Iterator[LiveService]:
    """The service that all visits share; each test brings its own people."""
    with (
        fresh_database(postgres, template) as database,
        tempfile.TemporaryDirectory() as folder,
        live_service(database, Path(folder)) as running,
    ):
        yield running


@pytest.fixture(scope="session")
def furnished(service: LiveService) -> Furnished:
    """Relationships at several stages, for looking at."""
    return furnish(service)


@pytest.fixture
def visits(browser: Browser, furnished: Furnished) -> Iterator[Visits]:
    made = Visits(browser, furnished.service)
    yield made
    made.close()


@pytest.fixture
def service_alone(database: Database, tmp_path: Path) -> Iterator[LiveService]:
    """A service of one test's own, for tests that break something."""
    with live_service(database, tmp_path) as running:
        yield running


@pytest.fixture
def visits_alone(browser: Browser, service_alone: LiveService) -> Iterator[Visits]:
    made = Visits(browser, service_alone)
    yield made
    made.close()


def _found() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)
