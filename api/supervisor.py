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
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import structlog

STOP_SECONDS = 10.0
CALM_SECONDS = 30.0
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 10.0
PASS_PAUSE_SECONDS = 60.0
ORPHAN_SECONDS = 8.0
"""How long a process whose supervisor was killed may take to finish what it is doing."""

PASSED_ON = frozenset(
    {
        "HOME",
        "LANG",
        "LANGUAGE",
        "PATH",
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONPATH",
        "TMPDIR",
        "TZ",
        "VIRTUAL_ENV",
    }
)
"""What a process is told of our own environment; secrets of others, say, stay here."""

log = structlog.get_logger()


@dataclass
class Child:
    """One process and how it is started."""

    name: str
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    deaths: int = 0
    pause_seconds: float = 0.0
    not_before: float = 0.0
    arguments: Sequence[str] = ()
    is_a_pass: bool = False


@dataclass
class Supervisor:
    """Starts, watches and stops the processes named; any thread may call it.

    Every process holds the descriptors `kept_open` for as long as it lives, and those `handed` to its name.
    """

    log_folder: Path
    kept_open: Collection[int] = ()
    handed: Mapping[str, Collection[int]] = field(default_factory=dict)
    children: list[Child] = field(default_factory=list)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def add(self, name: str, environment: Mapping[str, str]) -> None:
        """Start `vouchsafe NAME` as a process of its own."""
        with self._one_at_a_time:
            child = Child(name, environment)
            self.children.append(child)
            self._start(child)

    def see_to(self, name: str, environment: Mapping[str, str]) -> None:
        """See that NAME runs, and with this environment: one that has another makes room."""
        found = [child for child in self.children if child.name == name]
        if found and found[0].environment == environment:
            return
        for child in found:
            self._take_away(child)
        self.add(name, environment)

    def pass_by(self, name: str, environment: Mapping[str, str], *arguments: str) -> None:
        """Start NAME to do what there is to do and end, unless it is still at it."""
        with self._one_at_a_time:
            if all(child.name != name for child in self.children):
                child = Child(name, environment, arguments=arguments, is_a_pass=True)
                self.children.append(child)
                self._start(child)

    def watch(self) -> None:
        """Start again whatever has died; a process that keeps dying is given longer pauses."""
        with self._one_at_a_time:
            self._see_passes_off()
            for child in [each for each in self.children if not each.is_a_pass]:
                if child.process is not None and child.process.poll() is not None:
                    self._note_death(child)
                if child.process is None and time.monotonic() >= child.not_before:
                    self._start(child)

    def stop(self) -> None:
        """Ask all to stop, wait, and kill what does not."""
        with self._one_at_a_time:
            processes = [child.process for child in self.children if child.process is not None]
            self.children.clear()
            _end(processes)

    def _see_passes_off(self) -> None:
        """Whoever finds something to do begins a pass anew; one that failed leaves a pause first."""
        for child in [each for each in self.children if each.is_a_pass]:
            if child.process is not None and child.process.poll() is not None:
                _note_end(child)
            if child.process is None and time.monotonic() >= child.not_before:
                self.children.remove(child)

    def _take_away(self, child: Child) -> None:
        with self._one_at_a_time:
            self.children.remove(child)
            _end([] if child.process is None else [child.process])

    def _start(self, child: Child) -> None:
        child.started_at = time.monotonic()
        try:
            child.process = self._started(child)
        except OSError as error:
            # No memory or no descriptors left, say: that may pass.
            log.error("not started", child=child.name, error=type(error).__name__)  # noqa: TRY400 - a traceback quotes the environment
            self._pause(child)
        else:
            log.info("started", child=child.name, pid=child.process.pid)

    def _started(self, child: Child) -> subprocess.Popen[bytes]:
        with (self.log_folder / f"{child.name}.log").open("ab") as output:
            return subprocess.Popen(
                [sys.executable, "-m", "api.cli", child.name, *child.arguments, "--tied"],
                env={**passed_on(), **child.environment},
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                pass_fds=(*self.kept_open, *self.handed.get(child.name, ())),
                start_new_session=True,
            )

    def _note_death(self, child: Child) -> None:
        assert child.process is not None  # noqa: S101 - only a process that was started can die
        log.warning("died", child=child.name, exit_code=child.process.returncode)
        lived = time.monotonic() - child.started_at
        child.deaths = 0 if lived > CALM_SECONDS else child.deaths
        _close_input(child.process)
        child.process = None
        self._pause(child)

    def _pause(self, child: Child) -> None:
        child.pause_seconds = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2**child.deaths)
        child.not_before = time.monotonic() + child.pause_seconds
        child.deaths += 1


def _note_end(child: Child) -> None:
    assert child.process is not None  # noqa: S101 - only a process that was started can end
    log.info("ended", child=child.name, exit_code=child.process.returncode)
    if child.process.returncode != 0:
        child.not_before = time.monotonic() + PASS_PAUSE_SECONDS
    _close_input(child.process)
    child.process = None


def passed_on() -> dict[str, str]:
    """Of our own environment, what every process may know."""
    return {
        name: value
        for name, value in os.environ.items()
        if name in PASSED_ON or name.startswith("LC_")
    }


def stop_with_parent() -> None:
    """Stop this process when whoever started it is gone: then our standard input ends."""

    def wait_for_the_end() -> None:
        while os.read(0, 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(ORPHAN_SECONDS)
        # Nobody is left who would kill a process that hangs, and the next start waits for it.
        os._exit(1)

    threading.Thread(target=wait_for_the_end, name="tied", daemon=True).start()


def _end(processes: Collection[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes:
        _finish(process, deadline)


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
