"""The command that runs everything on one machine, and records a first scheme the first time."""

import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import httpx
from rich.console import Console

from api.bootstrap import joined, local_key_files, local_key_service, prepare_database
from api.cli.processes import stopped_by_signal
from api.embedded_postgres import DATABASE_OWNER, EmbeddedPostgres, EmbeddedPostgresError
from api.logs import set_up_logs
from api.settings import RunSettings, Settings
from api.simulate.first_scheme import FirstScheme, Phase
from api.simulate.scheme_calls import RecordingStopped
from api.supervisor import Supervisor
from domain.errors import DomainError

DATABASE = "vouchsafe"
READY_SECONDS = 60.0
WATCH_SECONDS = 0.25
PROCESSES = {
    "serve": ("vouchsafe_api", ("operational", "contact", "personal", "special", "safeguarding")),
    "work": ("vouchsafe_worker", ("operational",)),
    "clerk": ("vouchsafe_clerk", ("operational", "contact")),
}
"""Each process with its database role and the compartments it may open, and no others."""


class PortIsTaken(DomainError):
    """Something else listens on this port; stop it or name another one: VOUCHSAFE_PORT=8001 make run."""


class DidNotStart(DomainError):
    """The service did not become ready; the logs in the data folder's logs folder say why."""


@dataclass(frozen=True)
class Machine:
    """One machine's settings, folders and database."""

    settings: RunSettings
    folder: Path
    postgres: EmbeddedPostgres
    key_files: dict[str, Path]

    @property
    def url(self) -> str:
        """Where the service is found; passkeys and cookies want the name, not the number."""
        return f"http://localhost:{self.settings.port}"

    def settings_of(self, process: str, phase: Phase) -> Settings:
        """What a process is told."""
        role, compartments = PROCESSES[process]
        return Settings(
            database_url=self.postgres.url(role, DATABASE),
            key_files={name: self.key_files[name] for name in compartments},
            public_url=self.url,
            host=self.settings.host,
            port=self.settings.port,
            log_file=self.folder / "logs" / f"{process}.log",
            clock_behind_seconds=phase.seconds_ago,
        )

    def environment_of(self, process: str, phase: Phase) -> dict[str, str]:
        """The same as environment variables."""
        settings = self.settings_of(process, phase)
        plain = settings.model_dump(mode="json")
        plain["database_url"] = settings.database_url.get_secret_value()
        plain["key_files"] = json.dumps(plain["key_files"])
        return {f"VOUCHSAFE_{name.upper()}": str(value) for name, value in plain.items()}


def run_all(console: Console) -> None:
    """Start everything, see that it goes on, and stop everything at the first signal."""
    settings, stop = RunSettings(), stopped_by_signal()
    folder = settings.data_folder.absolute()
    _make_folders(folder)
    set_up_logs("run", folder / "logs" / "run.log")
    console.print("Starting the database …")
    with EmbeddedPostgres(folder / "postgres") as postgres:
        _require_free(settings)
        machine = _prepared(settings, folder, postgres)
        scheme = FirstScheme(folder / "first-scheme", machine.url)
        try:
            if settings.first_scheme:
                _record(machine, scheme, stop, console)
            _run_until_stopped(machine, scheme, stop, console)
        except RecordingStopped:
            console.print(
                "Stopped while recording the first scheme; the next start goes on with it."
            )
    console.print("Stopped. Everything recorded is kept.")


def _make_folders(folder: Path) -> None:
    """Private ones; under root another account runs the database, and must pass through the first."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    (folder / "logs").mkdir(mode=0o700, exist_ok=True)


def _prepared(settings: RunSettings, folder: Path, postgres: EmbeddedPostgres) -> Machine:
    postgres.provision(DATABASE)
    files = local_key_files(folder / "keys")
    prepare_database(postgres.url(DATABASE_OWNER, DATABASE), local_key_service(files))
    return Machine(settings, folder, postgres, files)


def _record(machine: Machine, scheme: FirstScheme, stop: Event, console: Console) -> None:
    """Record what is missing of the first scheme; a start that was cut short goes on here."""
    for phase in scheme.phases_to_come():
        console.print(f"Recording a first, made-up scheme through the API ({phase.title}) …")
        settings = machine.settings_of("serve", phase)
        with joined(settings) as parts, _running(machine, phase, stop):
            scheme.record(phase, parts, stop)


def _run_until_stopped(
    machine: Machine, scheme: FirstScheme, stop: Event, console: Console
) -> None:
    with _running(machine, Phase.NOW, stop):
        console.print(f"\n[bold]Vouchsafe runs at {machine.url}[/bold]  (Ctrl-C stops it)\n")
        scheme.print_sign_in(console)
        console.print(f"\nData, keys and logs: {machine.folder}")
        stop.wait()
        console.print("\nStopping …")


@contextmanager
def _running(machine: Machine, phase: Phase, stop: Event) -> Iterator[None]:
    """API, worker and clerk as processes of their own, watched from a thread."""
    supervisor, done = Supervisor(machine.folder / "logs"), Event()
    for process in PROCESSES:
        supervisor.add(process, machine.environment_of(process, phase))
    watcher = threading.Thread(
        target=_watch, args=(machine.postgres, supervisor, done), name="watcher", daemon=True
    )
    watcher.start()
    try:
        _wait_until_ready(machine.url, stop)
        yield
    finally:
        done.set()
        watcher.join()
        supervisor.stop()


def _watch(postgres: EmbeddedPostgres, supervisor: Supervisor, done: Event) -> None:
    while not done.wait(WATCH_SECONDS):
        try:
            postgres.start()
        except EmbeddedPostgresError:
            continue
        supervisor.watch()


def _wait_until_ready(url: str, stop: Event) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not stop.is_set():
        if _is_ready(url):
            return
        if time.monotonic() > deadline:
            raise DidNotStart
        stop.wait(0.1)


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/api/v1/health/ready", timeout=2).is_success
    except httpx.HTTPError:
        return False


def _require_free(settings: RunSettings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            raise PortIsTaken from None
