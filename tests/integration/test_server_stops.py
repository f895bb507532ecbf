"""The real API process with a stream open: told to stop, it ends the stream and itself."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from api.bootstrap import joined
from api.embedded_postgres.processes import wait_until
from api.enrolment import enrol, issue_token
from api.records.contact import Contact
from api.settings import Settings
from domain.values import Role
from tests.databases import Database
from tests.listening import listening
from tests.scheme import api_settings

PATIENCE_SECONDS = 60.0
ROOT = Path(__file__).parents[2]
SERVE = [sys.executable, "-m", "api.cli", "serve"]


@contextmanager
def serving(
    settings: Settings, database: Database
) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    port = free_port()
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "VOUCHSAFE_DATABASE_URL": database.api_url,
        "VOUCHSAFE_READER_URL": database.reader_url,
        "VOUCHSAFE_KEY_FILES": json.dumps({k: str(v) for k, v in settings.key_files.items()}),
        "VOUCHSAFE_PORT": str(port),
    }
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen(SERVE, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            assert wait_until(lambda: answers(url), PATIENCE_SECONDS)
            yield process, url
        finally:
            process.kill()


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/api/v1/health/live").is_success
    except httpx.TransportError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_server_that_is_told_to_stop_ends_its_streams_whole(
    database: Database, tmp_path: Path, number: signal.Signals
) -> None:
    """One that waited for its streams would cut them short once its patience is over."""
    settings = api_settings(database, tmp_path)
    with joined(settings) as parts:
        mentee = enrol(parts, Contact("Quillfeather", "q@example.org"), [Role.MENTEE])
        token = issue_token(parts, mentee, Role.MENTEE)
    with (
        serving(settings, database) as (process, url),
        listening(url, "/my-mentoring/changes", token) as listener,
    ):
        assert listener.answer.status_code == 200
        process.send_signal(number)
        assert listener.is_over()
        assert process.wait(PATIENCE_SECONDS) == 0
