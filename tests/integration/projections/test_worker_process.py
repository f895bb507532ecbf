"""The real worker process, with its real role and its one key, survives kills and stops when told."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from uuid import uuid4

import pytest

from api.bootstrap import joined
from api.event_log import EventLog
from crypto.errors import CompartmentIsClosed
from projections.catalogue import READ_MODELS
from projections.reader import Reader
from tests.integration.projections.history import History
from tests.integration.projections.stage import PATIENCE_SECONDS, Stage

ROOT = Path(__file__).parents[3]
START_SECONDS = 30.0
WORKER = [sys.executable, "-c", "from api.cli import main; main()", "work"]


@contextmanager
def worker(stage: Stage, log_file: Path) -> Iterator["subprocess.Popen[bytes]"]:
    settings = stage.settings("vouchsafe_worker", "operational")
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "VOUCHSAFE_DATABASE_URL": settings.database_url.get_secret_value(),
        "VOUCHSAFE_KEY_FILES": json.dumps({k: str(v) for k, v in settings.key_files.items()}),
        "VOUCHSAFE_LOG_FILE": str(log_file),
    }
    with subprocess.Popen(WORKER, cwd=ROOT, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    return tmp_path / "worker.log"


def test_kills_at_random_moments_lose_and_repeat_nothing(
    stage: Stage, history: History, log: EventLog, reader: Reader, log_file: Path
) -> None:
    chance = Random(7)  # noqa: S311 - chooses moments, keeps no secret
    for _ in range(2):
        with worker(stage, log_file) as process:
            reader.wait_for("deadlines", history.position - chance.randrange(3), START_SECONDS)
            history.tell(chance.randrange(1, 12))
            process.kill()
            process.wait(PATIENCE_SECONDS)
    with worker(stage, log_file):
        history.tell(3)
        for model in READ_MODELS:
            reader.wait_for(model.name, history.position, START_SECONDS)
    live = stage.contents()
    for model in READ_MODELS:
        stage.rebuild(log, model)
    assert stage.contents() == live


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_told_to_stop_stops_cleanly(
    stage: Stage, history: History, reader: Reader, log_file: Path, number: signal.Signals
) -> None:
    history.mentor()
    with worker(stage, log_file) as process:
        reader.wait_for("pipeline", history.position, START_SECONDS)
        process.send_signal(number)
        assert process.wait(PATIENCE_SECONDS) == 0


def test_the_worker_logs_an_alarm_with_ids_alone(
    stage: Stage, history: History, reader: Reader, log_file: Path
) -> None:
    told = history.request()
    stage.flip_a_byte(history.position)
    history.mentor()
    with worker(stage, log_file) as process:
        for model in READ_MODELS:
            reader.wait_for(model.name, history.position, START_SECONDS)
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_SECONDS)
    lines = [json.loads(line) for line in log_file.read_text().splitlines()]
    [alarm] = [line for line in lines if line["event"] == "stream set aside"]
    assert alarm["record"] == f"event {told.id} version 1"
    assert alarm["error"] == "tampered"
    assert set(alarm) == {
        "event",
        "level",
        "timestamp",
        "process",
        "position",
        "error",
        "record",
    }


def test_the_keys_a_worker_has_open_no_contact_and_no_personal_field(stage: Stage) -> None:
    with joined(stage.settings("vouchsafe_worker", "operational")) as parts:
        for compartment in ("contact", "personal", "special", "safeguarding"):
            with pytest.raises(CompartmentIsClosed):
                parts.keyring.field_key(compartment, uuid4())
            with pytest.raises(CompartmentIsClosed):
                parts.keyring.field_key_or_new(compartment, uuid4(), "take_part")
