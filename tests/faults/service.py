"""The real command that runs everything, as a process with a data folder and a port of its own, and what is left of it."""

import os
import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from api.embedded_postgres.processes import recorded_pid, server_pids, wait_until
from tests.faults.ordinary import OURSELVES, ROOT, Somebody

PATIENCE_SECONDS = 180.0
OPTIONS: dict[str, Any] = {"trust_env": False, "verify": ssl.create_default_context()}
"""Straight there; certificates are read once, since that takes longer than most requests."""
RUNS = "Data, keys and logs:"


@dataclass
class Service:
    """One data folder and port, and the process that runs on them now, if any."""

    folder: Path
    port: int
    runner: Somebody = OURSELVES
    process: "subprocess.Popen[bytes] | None" = None
    outputs: list[Path] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self) -> str:
        """What the last start has said until now."""
        return self.outputs[-1].read_text()

    def start(self, **environment: str) -> None:
        """Start the command in a process group of its own, as a terminal would."""
        said = self.folder.parent / f"said-{self.folder.name}-{len(self.outputs)}.txt"
        self.outputs.append(said)
        with said.open("wb") as output:
            self.process = subprocess.Popen(
                [self.runner.python, "-m", "api.cli", "run", "--tied"],
                cwd=ROOT,
                env=self.environment(environment),
                # Tests that are killed leave nothing behind: their end of this closes.
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=self.runner.user,
                group=self.runner.user,
                extra_groups=None if self.runner.user is None else [],
            )

    def environment(self, more: Mapping[str, str]) -> dict[str, str]:
        """Little, so that nothing around the tests changes what they show."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": "/nowhere/at/all",
            "PYTHONDONTWRITEBYTECODE": "1",
            "VOUCHSAFE_DATA_FOLDER": str(self.folder),
            "VOUCHSAFE_PORT": str(self.port),
            "VOUCHSAFE_PEOPLE_AROUND": "false",
            **self.runner.environment,
            **more,
        }

    def wait_until_it_runs(self) -> None:
        self.wait_for(lambda: RUNS in self.output)

    def wait_for(self, is_so: Any) -> None:
        """Wait for something, unless the command ends before."""
        assert self.process is not None
        over = self.process.poll
        wait_until(lambda: is_so() or over() is not None, PATIENCE_SECONDS)
        assert is_so(), self.output

    def signal(self, number: signal.Signals) -> None:
        """What a terminal sends to everything in its foreground."""
        assert self.process is not None
        os.killpg(self.process.pid, number)

    def ended(self) -> int:
        """Wait for the end; answer the exit code."""
        assert self.process is not None
        code = self.process.wait(PATIENCE_SECONDS)
        close_input(self.process)
        return code

    def refusal(self, **environment: str) -> tuple[int, str]:
        """Start it where it cannot start; answer the exit code and what it said."""
        self.start(**environment)
        return self.ended(), self.output

    def pid_of(self, child: str) -> int | None:
        """The process of that name that runs now."""
        if child == "supervisor":
            return None if self.process is None else self.process.pid
        if child == "postgres":
            return recorded_pid(self.folder / "postgres" / "cluster")
        found = [pid for pid in self.pids() if f"\0{child}\0--tied\0" in _words(pid)]
        return found[0] if found else None

    def pids(self) -> list[int]:
        """Every Python process of this data folder, its supervisor included."""
        mark = f"{self.folder}".encode()
        return [pid for pid in _all() if mark in _told(pid) and "\0api.cli\0" in _words(pid)]

    def database_pids(self) -> list[int]:
        """The database's processes and the shell that watches over them."""
        cluster = self.folder / "postgres" / "cluster"
        watching = [pid for pid in _all() if f"\0{cluster}\0" in _words(pid)]
        return sorted({*server_pids(cluster), *watching})

    def left(self) -> list[int]:
        """Whatever of this folder still runs."""
        return [*self.pids(), *self.database_pids()]

    def get(self, path: str, token: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.get(f"{self.url}/api/v1{path}", headers=headers, timeout=30, **OPTIONS)

    def post(self, path: str, token: str, body: Any = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{self.url}/api/v1{path}"
        return httpx.post(url, headers=headers, json=body, timeout=30, **OPTIONS)

    def health(self) -> int:
        """The status that the readiness route answers with."""
        return httpx.get(f"{self.url}/api/v1/health/ready", timeout=30, **OPTIONS).status_code

    def is_ready(self) -> bool:
        """Whether it answers, and in full."""
        try:
            return self.health() == 200
        except httpx.HTTPError:
            return False

    def kill(self, child: str) -> bool:
        """End a process in the middle of whatever it does; answer whether there was one."""
        pid = self.pid_of(child)
        if pid is None:
            return False
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        return True


@contextmanager
def service(folder: Path, *, runner: Somebody = OURSELVES) -> Iterator[Service]:
    """A service that is not started yet; whatever is left of it at the end is killed."""
    made = Service(folder, free_port(), runner)
    try:
        yield made
    finally:
        for pid in made.left():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if made.process is not None:
            made.ended()


def close_input(process: "subprocess.Popen[bytes]") -> None:
    if process.stdin is not None:
        process.stdin.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment_of(pid: int) -> dict[str, str]:
    """What a process was told at its start."""
    pairs = (each.partition(b"=") for each in _told(pid).split(b"\0") if each)
    return {os.fsdecode(name): os.fsdecode(value) for name, _, value in pairs}


def _all() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _told(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/environ").read_bytes()
    return b""


def _words(pid: int) -> str:
    with suppress(OSError):
        return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes())
    return ""
