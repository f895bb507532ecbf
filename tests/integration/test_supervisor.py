"""The supervisor starts again what dies, ever more slowly, and tells its processes little."""

import json
import os
import time
from pathlib import Path

import pytest

from api.embedded_postgres.processes import wait_until
from api.supervisor import FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, Child, Supervisor, passed_on
from tests.logging_here import logging_to

PATIENCE_SECONDS = 60.0
UNKNOWN = "no-such-command"


def test_of_our_environment_a_process_is_told_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOMEBODYS_TOKEN", "plimsoll")
    monkeypatch.setenv("VOUCHSAFE_DATABASE_URL", "plimsoll")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    told = passed_on()
    assert "plimsoll" not in told.values()
    assert (told["LC_ALL"], told["PATH"]) == ("C.UTF-8", os.environ["PATH"])


def test_a_process_that_keeps_dying_is_given_longer_pauses_and_each_death_is_logged(
    tmp_path: Path,
) -> None:
    with logging_to(tmp_path / "run.log", "run") as log_file:
        keep_dying(tmp_path)
        lines = [json.loads(line) for line in log_file.read_text().splitlines()]
    assert [line["event"] for line in lines[:4]] == ["started", "died", "started", "died"]
    assert {line["exit_code"] for line in lines if line["event"] == "died"} == {2}


def keep_dying(folder: Path) -> None:
    supervisor = Supervisor(folder)
    supervisor.add(UNKNOWN, {})
    (child,) = supervisor.children
    try:
        assert wait_until(lambda: watched(supervisor, child) >= 2, PATIENCE_SECONDS)
    finally:
        supervisor.stop()


def test_a_pass_runs_once_at_a_time_and_is_not_started_again_when_it_ends(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    supervisor.pass_by("serve", {}, "--help")
    supervisor.pass_by("serve", {}, "--help")
    assert len(supervisor.children) == 1
    assert wait_until(lambda: not left_of(supervisor), PATIENCE_SECONDS)


def test_a_pass_that_failed_leaves_a_pause(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    supervisor.pass_by(UNKNOWN, {})
    (child,) = supervisor.children
    assert wait_until(lambda: left_of(supervisor)[0].process is None, PATIENCE_SECONDS)
    assert child.not_before > time.monotonic()
    child.not_before = 0
    assert left_of(supervisor) == []


def left_of(supervisor: Supervisor) -> list[Child]:
    supervisor.watch()
    return supervisor.children


def watched(supervisor: Supervisor, child: Child) -> int:
    supervisor.watch()
    return child.deaths


@pytest.mark.parametrize(("deaths", "pause"), [(0, FIRST_PAUSE_SECONDS), (3, 1.6), (30, 10.0)])
def test_the_pause_doubles_with_each_death_up_to_a_limit(
    tmp_path: Path, deaths: int, pause: float
) -> None:
    child = Child("work", {}, deaths=deaths, started_at=100.0)
    Supervisor(tmp_path)._pause(child)
    assert child.pause_seconds == pytest.approx(pause)
    assert child.pause_seconds <= LONGEST_PAUSE_SECONDS


def test_a_process_with_the_same_environment_stays_and_one_with_another_makes_room(
    tmp_path: Path,
) -> None:
    supervisor = Supervisor(tmp_path)
    supervisor.add(UNKNOWN, {"A": "1"})
    try:
        (first,) = supervisor.children
        supervisor.see_to(UNKNOWN, {"A": "1"})
        assert supervisor.children == [first]
        supervisor.see_to(UNKNOWN, {"A": "2"})
        (second,) = supervisor.children
        assert second.environment == {"A": "2"}
        assert first.process is not None
        assert first.process.poll() is not None
    finally:
        supervisor.stop()
