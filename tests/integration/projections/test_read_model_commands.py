"""The commands about read models say how far they are, what they left out and what to do next."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console

import api.cli.read_models as commands
from api.cli.failures import NO_TABLES, NOT_THIS_ROLE, explain
from api.event_log import EventLog
from domain.place import Place
from projections.catalogue import READ_MODELS
from projections.log import Entry
from projections.pipeline import PIPELINE
from projections.read_model import Tables
from projections.reader import Reader
from projections.rebuild import RebuildRuns
from tests.integration.projections.history import History
from tests.integration.projections.stage import PATIENCE_SECONDS, Stage

STOP = """UPDATE read.position SET stopped_at = now(), stopped_position = 1, stopped_reason = 'Zq'
           WHERE name = 'pipeline'"""


@pytest.fixture
def worker_environment(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = stage.settings("vouchsafe_worker", "operational")
    files = {name: str(path) for name, path in settings.key_files.items()}
    monkeypatch.setenv("VOUCHSAFE_DATABASE_URL", settings.database_url.get_secret_value())
    monkeypatch.setenv("VOUCHSAFE_KEY_FILES", json.dumps(files))


def said(command: Callable[[str, Console], None], name: str) -> str:
    console = Console(file=StringIO(), width=200, highlight=False)
    command(name, console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def sentence_after(command: Callable[[str, Console], None], name: str) -> str | None:
    with pytest.raises(Exception) as raised:  # noqa: PT011 - which one is told by its sentence
        said(command, name)
    return explain(raised.value)


@pytest.mark.usefixtures("worker_environment")
def test_a_rebuild_names_what_it_left_out_and_takes_it_in_once_it_is_restored(
    stage: Stage, history: History, reader: Reader
) -> None:
    told = history.request()
    said(commands.rebuild_with_progress, "participation")
    stage.flip_a_byte(history.position)
    output = said(commands.rebuild_with_progress, "pipeline")
    assert f"pipeline is rebuilt up to position {history.position}." in output
    assert f"Left out, since it was tampered with: event {told.id} version 1" in output
    assert "then rebuild again" in output
    assert reader.pipeline().set_aside == (told.id,)
    assert "vouchsafe rebuild pipeline" in said(commands.resume_stopped, "pipeline")

    stage.flip_a_byte(history.position)
    output = said(commands.rebuild_with_progress, "pipeline")
    assert "Left out" not in output
    assert f"{history.position}/{history.position}" in output
    assert reader.pipeline_row(told.id) is not None


@pytest.mark.usefixtures("worker_environment")
def test_a_stopped_read_model_is_resumed_and_goes_on(
    stage: Stage, history: History, log: EventLog, reader: Reader
) -> None:
    with stage.running(log):
        history.mentor()
        for model in READ_MODELS:
            reader.wait_for(model.name, history.position, PATIENCE_SECONDS)
        stage.as_superuser(STOP)
        assert "pipeline goes on" in said(commands.resume_stopped, "pipeline")
        history.mentor()
        reader.wait_for("pipeline", history.position, PATIENCE_SECONDS)
    assert "pipeline had not stopped" in said(commands.resume_stopped, "pipeline")


@pytest.mark.usefixtures("worker_environment")
def test_a_failure_says_what_to_do(
    stage: Stage, history: History, log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = history.request()
    assert sentence_after(commands.resume_stopped, "pipeline") == NO_TABLES
    no_such = sentence_after(commands.rebuild_with_progress, "pipelines") or ""
    assert all(model.name in no_such for model in READ_MODELS)

    def rebuild_beside(*_: object) -> None:
        said(commands.rebuild_with_progress, "pipeline")

    with pytest.raises(RebuildRuns) as runs:
        stage.rebuild(log, PIPELINE, progress=rebuild_beside)
    assert "wait until" in (explain(runs.value) or "")

    monkeypatch.setattr(commands, "READ_MODELS", (replace(PIPELINE, apply=unfit),))
    stopped = sentence_after(commands.rebuild_with_progress, "pipeline") or ""
    assert "What is shown is as it was." in stopped
    granted_at = stage.position_of(told.place, Place.Created.TOPIC)
    assert f"before position {granted_at}: ArithmeticError" in stopped


def unfit(_tables: Tables, _entries: Sequence[Entry]) -> None:
    raise ArithmeticError


@pytest.mark.usefixtures("worker_environment")
def test_another_role_is_told_whose_settings_to_use(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOUCHSAFE_DATABASE_URL", stage.database.api_url)
    assert sentence_after(commands.rebuild_with_progress, "pipeline") == NOT_THIS_ROLE
