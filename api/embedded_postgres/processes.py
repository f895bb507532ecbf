"""Server processes that an earlier run left behind: found by what they are, never by a number alone, and stopped."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from api.embedded_postgres.accounts import ENVIRONMENT
from api.embedded_postgres.errors import StaleServerWillNotStop

_PROC = Path("/proc")
_PAUSE_SECONDS = 0.02
# Fast shutdown, immediate shutdown, the end; and how long each may take.
_STAGES = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
_ORPHANS_LEAVE_SECONDS = 2.0
_KILLED_SECONDS = 5.0


def stop_stale_server(cluster: Path) -> None:
    """Leave no process at work in the cluster, and no record of one; the caller holds the folder's lock."""
    for signal_number, seconds in _STAGES:
        pids = server_pids(cluster)
        if not pids:
            break
        postmaster = recorded_pid(cluster)
        _signal(pids, postmaster, signal_number)
        # Without their parent the server's processes leave by themselves.
        patience = seconds if postmaster in pids else min(seconds, _ORPHANS_LEAVE_SECONDS)
        wait_until(lambda: not server_pids(cluster), patience)
    if server_pids(cluster):
        raise StaleServerWillNotStop(cluster)
    # Its number may by now belong to some other process, for which PostgreSQL would refuse to start.
    (cluster / "postmaster.pid").unlink(missing_ok=True)


def _signal(pids: list[int], postmaster: int | None, signal_number: signal.Signals) -> None:
    targets = [pid for pid in pids if pid == postmaster]
    # Interrupts mean other things to the parts of a server than to the whole.
    if signal_number == signal.SIGKILL or (not targets and signal_number == signal.SIGQUIT):
        targets = pids
    for pid in targets:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal_number)


def end_initialisation(cluster: Path) -> None:
    """Kill whatever still makes a cluster that nobody will use."""

    def has_ended() -> bool:
        pids = server_pids(cluster)
        for pid in pids:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        return not pids

    wait_until(has_ended, _KILLED_SECONDS)


def wait_until(is_so: Callable[[], bool], seconds: float) -> bool:
    """Look again and again until it is so or the time is up; say which."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(_PAUSE_SECONDS)
    return True


def recorded_pid(cluster: Path) -> int | None:
    """The process number that the server wrote down; it may be stale."""
    try:
        first_line = (cluster / "postmaster.pid").read_text("utf-8").partition("\n")[0]
        return int(first_line)
    except (OSError, ValueError):
        return None


def server_pids(cluster: Path) -> list[int]:
    """The PostgreSQL processes that work in this very folder, or are making it."""
    if not cluster.is_dir():
        return []
    if (_PROC / "self" / "cwd").exists():
        numbers = (int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit())
        return [pid for pid in numbers if _works_in(pid, cluster)]
    pid = recorded_pid(cluster)
    return [pid] if pid is not None and _names(pid, cluster) else []


def _works_in(pid: int, cluster: Path) -> bool:
    process = _PROC / str(pid)
    try:
        # The program's file may have been replaced under the running server.
        program = (process / "exe").readlink().name.removesuffix(" (deleted)")
        if program == "initdb":
            return _was_started_on(process, cluster)
        return program == "postgres" and (process / "cwd").samefile(cluster)
    except PermissionError:
        # Root in a container may be denied this much, but anyone may read a command line.
        return _was_started_on(process, cluster)
    except OSError:
        return False


def _was_started_on(process: Path, cluster: Path) -> bool:
    try:
        program, *words = (process / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    name, folder = Path(os.fsdecode(program)).name, os.fsencode(cluster)
    is_on_it = folder in words or b"--pgdata=" + folder in words
    return name in {"postgres", "initdb"} and is_on_it


def _names(pid: int, cluster: Path) -> bool:
    """Whether the process is a server started on the folder, where there is no /proc to ask."""
    ps = shutil.which("ps", path=ENVIRONMENT["PATH"])
    if ps is None:
        return False
    command = [ps, "-ww", "-o", "args=", "-p", str(pid)]
    shown = subprocess.run(command, check=False, capture_output=True, env=ENVIRONMENT)
    words = shown.stdout.decode(errors="replace")
    return "postgres" in words and str(cluster) in words
