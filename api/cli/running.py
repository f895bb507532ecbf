"""The command that runs everything on one machine, and records a first scheme the first time."""

import http.client
import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

import psycopg
import structlog
from rich.console import Console

from api.bootstrap import joined
from api.cli.data_folder import held_data_folder
from api.cli.machine import DATABASE as DATABASE
from api.cli.machine import POST, handed_on, prepared, require_free_port, require_whole, with_post
from api.cli.machine import PROCESSES as PROCESSES
from api.cli.machine import Machine as Machine
from api.cli.processes import stopped_by_signal
from api.clock import clock_behind
from api.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError
from api.exposure import EXPOSED, is_exposed
from api.logs import set_up_logs
from api.settings import RunSettings
from api.simulate.first_scheme import FirstScheme, Phase
from api.simulate.line import SimulationStopped
from api.supervisor import Supervisor
from domain.errors import DomainError

READY_SECONDS = 120.0
WATCH_SECONDS = 0.25
LOOK_SECONDS = 0.1
DATABASE_PAUSE_SECONDS = 2.0
KEYS_SECONDS = 5.0
KEEPER = "rotate-keys"

log = structlog.get_logger()


class DidNotStart(DomainError):
    """The service did not become ready; the logs in the data folder's logs folder say why."""


class StopAsked(Exception):
    """A signal asked to stop before everything was running."""


@dataclass(frozen=True)
class Run:
    """What a run works with from its first to its last moment."""

    settings: RunSettings
    folder: Path
    stop: Event
    console: Console

    def go_on(self) -> None:
        """Raise StopAsked once a signal has come."""
        if self.stop.is_set():
            raise StopAsked


def run_all(console: Console) -> None:
    """Start everything, see that it goes on, and stop everything at the first signal."""
    settings, stop = RunSettings(), stopped_by_signal()
    run = Run(settings, settings.data_folder.absolute(), stop, console)
    try:
        with held_data_folder(run.folder) as held:
            set_up_logs("run", run.folder / "logs" / "run.log")
            require_free_port(settings)
            require_whole(run.folder)
            _run(run, held)
    except (StopAsked, SimulationStopped):
        pass
    except EmbeddedPostgresError:
        # At a terminal a Ctrl-C reaches PostgreSQL's own first steps too.
        if not stop.is_set():
            raise
    console.print("Stopped. Everything recorded is kept.")


def _run(run: Run, held: int) -> None:
    run.console.print("Starting the database …")
    with EmbeddedPostgres(run.folder / "postgres") as postgres:
        run.go_on()
        with (
            with_post(prepared(run.settings, run.folder, postgres)) as machine,
            _supervised(machine, held) as supervisor,
        ):
            scheme = FirstScheme(run.folder / "first-scheme", machine.url)
            phases = _phases(run, machine, scheme)
            if phases and run.settings.people_around and scheme.lacks_people_around:
                _simulate_people_around(run, machine, scheme)
            for phase in phases:
                _record(run, machine, scheme, phase, supervisor)
            _see_to_all(run, machine, Phase.NOW, supervisor)
            _say_where_to_look(run, machine, scheme)
            while not run.stop.wait(KEYS_SECONDS):
                _see_to_keys(machine, supervisor)
            run.console.print("\nStopping …")


def _phases(run: Run, machine: Machine, scheme: FirstScheme) -> list[Phase]:
    """What is missing of the first scheme; among records of others it has no place."""
    if not run.settings.first_scheme or (not scheme.has_begun and machine.has_records()):
        return []
    return scheme.phases_to_come()


def _simulate_people_around(run: Run, machine: Machine, scheme: FirstScheme) -> None:
    """In this process and before any other: nobody else acts meanwhile."""
    from api.cli.simulating import grounds_of  # noqa: PLC0415 - it takes the whole API, once
    from api.simulate.people_around import simulate_people_around  # noqa: PLC0415 - see above

    run.console.print("Simulating some people for a first, made-up scheme …")
    simulate_people_around(scheme, grounds_of(machine), clock_behind(0), run.stop)


def _record(
    run: Run, machine: Machine, scheme: FirstScheme, phase: Phase, supervisor: Supervisor
) -> None:
    """Record a phase through the API, whose clock is set back meanwhile."""
    run.console.print(f"Recording a first, made-up scheme through the API ({phase.title}) …")
    _see_to_all(run, machine, phase, supervisor)
    with joined(machine.settings_of("serve", phase)) as parts:
        scheme.record(phase, parts, run.stop)


def _see_to_all(run: Run, machine: Machine, phase: Phase, supervisor: Supervisor) -> None:
    """API, worker and clerk as processes of their own; only the API's clock is ever set back."""
    supervisor.see_to("serve", machine.environment_of("serve", phase))
    supervisor.see_to("work", machine.environment_of("work"))
    _wait_until_ready(run, machine)
    if phase is Phase.NOW:
        # Seen from today everything of the past is overdue, so the clerk begins today; and nobody
        # who looks at a page waits for it.
        supervisor.see_to(POST, machine.environment_of(POST))
        supervisor.see_to("clerk", machine.environment_of("clerk"))


def _see_to_keys(machine: Machine, supervisor: Supervisor) -> None:
    """Start the keeper when the clerk has asked for it; nobody holds its keys in between."""
    with suppress(psycopg.Error):
        if machine.keys_are_to_be_rotated():
            supervisor.pass_by(KEEPER, machine.environment_of(KEEPER), "--due")


def _say_where_to_look(run: Run, machine: Machine, scheme: FirstScheme) -> None:
    say = run.console.print
    say(f"\n[bold]Vouchsafe runs at {machine.url}[/bold]  (Ctrl-C stops it)\n")
    scheme.print_sign_in(run.console)
    say(f"\nData, keys and logs: {machine.folder}", markup=False)
    say(f"Mail, which is kept there instead of being sent: {machine.mail_folder}", markup=False)
    if is_exposed(machine.settings.host, machine.url):
        say(f"\n{EXPOSED}")
    say_what_is_amiss(run.console, machine.stopped_read_models(), _set_aside_streams(machine))


def say_what_is_amiss(console: Console, stopped: Sequence[str], set_aside: int) -> None:
    """Say which read models stand still and that streams are left out, and what to do about either."""
    if stopped:
        console.print(
            f"\nThese read models stand still: {', '.join(stopped)}. It is a fault in the program, an "
            "event of another release, or a key that is not there; the log of work says which."
        )
        for name in stopped:
            console.print(f"Once that is mended: vouchsafe resume {name}")
    if set_aside:
        console.print(
            f"\nDamaged records: {set_aside}, left out of the pages; the log of work names each. "
            "Restore them from a backup, then `vouchsafe rebuild` each read model."
        )


@contextmanager
def _supervised(machine: Machine, held: int) -> Iterator[Supervisor]:
    """Processes watched from a thread, and stopped at the end."""
    supervisor = Supervisor(machine.folder / "logs", kept_open=(held,), handed=handed_on(machine))
    done = Event()
    arguments = (machine.postgres, supervisor, done)
    watcher = threading.Thread(target=_watch, args=arguments, name="watcher", daemon=True)
    watcher.start()
    try:
        yield supervisor
    finally:
        done.set()
        watcher.join()
        supervisor.stop()


def _watch(postgres: EmbeddedPostgres, supervisor: Supervisor, done: Event) -> None:
    while not done.wait(WATCH_SECONDS):
        if not postgres.is_running:
            log.warning("database died")
            _start_again(postgres, done)
        supervisor.watch()


def _start_again(postgres: EmbeddedPostgres, done: Event) -> None:
    try:
        postgres.start()
    except (EmbeddedPostgresError, OSError, psycopg.Error) as error:
        # A full disk, say, may have room later; whoever watches goes on watching.
        log.error("database did not start", error=type(error).__name__)  # noqa: TRY400 - drivers' words stay out of logs
        done.wait(DATABASE_PAUSE_SECONDS)


def _wait_until_ready(run: Run, machine: Machine) -> None:
    """Wait until the API answers in full, or as fully as damaged records let it."""
    deadline = time.monotonic() + READY_SECONDS
    while not _answers(machine, "ready"):
        run.go_on()
        if _answers(machine, "live") and _stands_still(machine):
            return
        if time.monotonic() > deadline:
            raise DidNotStart
        run.stop.wait(LOOK_SECONDS)
    run.go_on()


def _stands_still(machine: Machine) -> bool:
    try:
        return bool(machine.stopped_read_models())
    except psycopg.Error:
        return False


def _set_aside_streams(machine: Machine) -> int:
    found = _answer(machine, "ready")
    return int(json.loads(found)["set_aside_streams"]) if found else 0


def _answers(machine: Machine, question: str) -> bool:
    return _answer(machine, question) is not None


def _answer(machine: Machine, question: str) -> bytes | None:
    """What a health route says, or None when it does not say that all is well."""
    # Straight there: a proxy for other addresses has no business with our own.
    address = urlsplit(machine.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=5)
    try:
        connection.request("GET", f"/api/v1/health/{question}")
        answer = connection.getresponse()
        return answer.read() if answer.status == http.client.OK else None
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
