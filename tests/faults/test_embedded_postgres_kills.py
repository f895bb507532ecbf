"""The embedded PostgreSQL gets over every kill, its own and its holder's, and loses nothing."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from api.embedded_postgres import AlreadyRunning
from api.embedded_postgres.errors import DatabaseDidNotStart
from api.embedded_postgres.processes import server_pids, wait_until
from tests.embedded import (
    PATIENCE_SECONDS,
    embedded,
    holding_process,
    mode,
    remember,
    remembered,
    said,
)


@pytest.fixture
def folder(enterable_folder: Path) -> Path:
    return enterable_folder / "postgres"


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def watchers(folder: Path) -> list[int]:
    """The shells that would stop the folder's server if its holder died."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and process.name != str(os.getpid()):
            words = (process / "cmdline").read_bytes().split(b"\0") if process.exists() else []
            if words[:1] == [b"/bin/sh"] and os.fsencode(folder / "cluster") in words:
                found.append(int(process.name))
    return found


def test_a_second_holder_in_another_process_is_refused(folder: Path) -> None:
    with holding_process(folder) as holder:
        pid = int(said(holder))
        with pytest.raises(AlreadyRunning):
            embedded(folder).start()
        os.kill(pid, 0)


def test_a_killed_server_is_started_again_at_the_same_address(folder: Path) -> None:
    with embedded(folder, durable=True) as postgres:
        remember(postgres)
        url = postgres.superuser_url()
        kill(postgres.pid)
        assert wait_until(lambda: not postgres.is_running, PATIENCE_SECONDS)
        postgres.start()
        assert remembered(url) == [("plimsoll",)]
        assert "automatic recovery" in postgres.log.read_text()


def test_a_killed_server_that_cannot_start_yet_keeps_its_address_and_starts_once_it_can(
    folder: Path,
) -> None:
    with embedded(folder, durable=True) as postgres:
        remember(postgres)
        url = postgres.superuser_url()
        for pid in server_pids(postgres.cluster):
            kill(pid)
        assert wait_until(lambda: not postgres.is_running, PATIENCE_SECONDS)
        log, aside = postgres.cluster / "pg_wal", postgres.cluster / "aside"
        log.rename(aside)
        for _ in range(2):
            with pytest.raises(DatabaseDidNotStart):
                postgres.start()
        assert postgres.superuser_url() == url
        with pytest.raises(AlreadyRunning):
            embedded(folder).start()
        aside.rename(log)
        postgres.start()
        assert remembered(url) == [("plimsoll",)]


def test_a_server_whose_every_process_was_killed_starts_again(folder: Path) -> None:
    with embedded(folder, durable=True) as postgres:
        remember(postgres)
        for pid in server_pids(postgres.cluster):
            kill(pid)
        assert wait_until(lambda: not postgres.is_running, PATIENCE_SECONDS)
        postgres.start()
        assert remembered(postgres.superuser_url()) == [("plimsoll",)]


def test_a_server_shuts_down_by_itself_when_its_holder_is_killed(folder: Path) -> None:
    with holding_process(folder) as holder:
        said(holder)
        assert server_pids(folder / "cluster") != []
        holder.kill()
    assert wait_until(lambda: not server_pids(folder / "cluster"), PATIENCE_SECONDS)
    assert "fast shutdown" in (folder / "server.log").read_text()


def test_a_killed_holder_makes_room_for_the_next_and_nothing_is_lost(folder: Path) -> None:
    with holding_process(folder) as holder:
        said(holder)
        holder.kill()
        holder.wait()
        with embedded(folder) as postgres:
            assert remembered(postgres.superuser_url("vouchsafe")) == [("plimsoll",)]


def test_a_server_that_outlived_its_holder_and_its_watcher_is_stopped_by_the_next_start(
    folder: Path,
) -> None:
    with holding_process(folder) as holder:
        stale = int(said(holder))
        for watcher in watchers(folder):
            kill(watcher)
        assert wait_until(lambda: not watchers(folder), PATIENCE_SECONDS)
        holder.kill()
        holder.wait()
        assert stale in server_pids(folder / "cluster")
        with embedded(folder) as postgres:
            assert stale not in server_pids(postgres.cluster)
            assert remembered(postgres.superuser_url("vouchsafe")) == [("plimsoll",)]


def test_a_holder_killed_while_it_makes_the_cluster_leaves_nothing_in_the_way(folder: Path) -> None:
    with holding_process(folder) as holder:
        assert wait_until(lambda: any(folder.glob("making-*/cluster/base")), PATIENCE_SECONDS)
        holder.kill()
        holder.wait()
        with embedded(folder) as postgres:
            remember(postgres)
    assert list(folder.glob("making-*")) == []


def test_a_stranger_that_got_the_number_of_a_killed_server_is_left_alone(folder: Path) -> None:
    with embedded(folder) as postgres, subprocess.Popen(["/bin/sleep", "600"]) as stranger:
        try:
            remember(postgres)
            record = postgres.cluster / "postmaster.pid"
            lines = record.read_text().splitlines(keepends=True)
            kill(postgres.pid)
            assert wait_until(lambda: not postgres.is_running, PATIENCE_SECONDS)
            record.write_text("".join([f"{stranger.pid}\n", *lines[1:]]))
            postgres.start()
            assert remembered(postgres.superuser_url()) == [("plimsoll",)]
            assert stranger.poll() is None
        finally:
            stranger.kill()


def test_a_run_as_root_does_not_lock_an_ordinary_user_out_of_its_folder(
    enterable_folder: Path,
) -> None:
    enterable_folder.chmod(0o777)
    theirs = enterable_folder / "theirs"
    with holding_process(theirs, "65534") as holder:
        said(holder)
        holder.communicate()
    with embedded(theirs) as postgres:
        assert remembered(postgres.superuser_url("vouchsafe")) == [("plimsoll",)]
    with holding_process(theirs, "65534") as holder:
        assert said(holder).isdecimal()
        holder.communicate()
        assert holder.returncode == 0


def test_an_ordinary_user_runs_it_too(enterable_folder: Path) -> None:
    enterable_folder.chmod(0o777)
    with holding_process(enterable_folder / "theirs", "65534") as holder:
        pid = int(said(holder))
        assert Path(f"/proc/{pid}").stat().st_uid == (os.geteuid() or 65534)
        holder.communicate()
        assert holder.returncode == 0
    assert mode(enterable_folder / "theirs") == 0o700
