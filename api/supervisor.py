"""Keeps the processes of one machine running, and stops them together.

A process that dies is started again. One that is left behind, because its supervisor was killed,
notices that its standard input has ended and stops by itself.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import structlog

STOP_SECONDS = 10.0
CALM_SECONDS = 30.0
LONGEST_PAUSE_SECONDS = 10.0

log = structlog.get_logger()


@dataclass
class Child:
    """One process and how it is started."""

    name: str
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    deaths: int = 0
    not_before: float = 0.0


@dataclass
class Supervisor:
    """Starts, watches and stops the processes named."""

    log_folder: Path
    children: list[Child] = field(default_factory=list)

    def add(self, name: str, environment: Mapping[str, str]) -> None:
        """Start `vouchsafe NAME` as a process of its own."""
        child = Child(name, environment)
        self.children.append(child)
        self._start(child)

    def watch(self) -> None:
        """Start again whatever has died; a process that keeps dying is given longer pauses."""
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                self._note_death(child)
            if child.process is None and time.monotonic() >= child.not_before:
                self._start(child)

    def stop(self) -> None:
        """Ask all to stop, wait, and kill what does not."""
        processes = [child.process for child in self.children if child.process is not None]
        self.children.clear()
        for process in processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in processes:
            _finish(process, deadline)

    def _start(self, child: Child) -> None:
        with (self.log_folder / f"{child.name}.log").open("ab") as output:
            child.process = subprocess.Popen(
                [sys.executable, "-m", "api.cli", child.name, "--tied"],
                env={**os.environ, **child.environment},
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        child.started_at = time.monotonic()
        log.info("started", child=child.name, pid=child.process.pid)

    def _note_death(self, child: Child) -> None:
        assert child.process is not None  # noqa: S101 - only a process that was started can die
        log.warning("died", child=child.name, exit_code=child.process.returncode)
        lived = time.monotonic() - child.started_at
        child.deaths = 0 if lived > CALM_SECONDS else child.deaths + 1
        pause = min(LONGEST_PAUSE_SECONDS, 0.2 * 2**child.deaths)
        child.not_before = time.monotonic() + pause
        _close_input(child.process)
        child.process = None


def stop_with_parent() -> None:
    """Stop this process when whoever started it is gone: then our standard input ends."""

    def wait_for_the_end() -> None:
        while os.read(0, 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait_for_the_end, name="tied", daemon=True).start()


def _finish(process: subprocess.Popen[bytes], deadline: float) -> None:
    try:
        process.wait(max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    _close_input(process)


def _close_input(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()
