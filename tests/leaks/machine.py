"""A whole machine for the search: a database of its own and the real processes with their real rights."""

import socket
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg

from api.bootstrap import joined, local_key_files, local_key_service, prepare_database
from api.cli.machine import POST, handed_on, with_post
from api.cli.running import DATABASE, PROCESSES, Machine
from api.embedded_postgres import DATABASE_OWNER
from api.embedded_postgres.processes import wait_until
from api.settings import RunSettings
from api.simulate.first_scheme import Phase
from api.supervisor import Supervisor
from projections.catalogue import READ_MODELS
from projections.reader import Reader
from tests.embedded import PATIENCE_SECONDS, embedded

UNTRIED = """
SELECT count(*) FROM record.outbox WHERE ended_at IS NULL AND tries = 0 AND not_before <= now()
"""


@dataclass
class LeakMachine:
    """The machine while it runs; everything it writes lies under its folder."""

    machine: Machine
    pids: dict[str, int] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.machine.folder

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def superuser_url(self) -> str:
        return self.machine.postgres.superuser_url(DATABASE)

    @contextmanager
    def running(self, phase: Phase, processes: Collection[str] = PROCESSES) -> Iterator[None]:
        """API, worker and clerk as the supervisor starts them, at that time of the story."""
        supervisor = Supervisor(self.logs, handed=handed_on(self.machine))
        taking_mail = [POST] if "clerk" in processes else []
        try:
            for process in (*taking_mail, *processes):
                supervisor.add(process, self.machine.environment_of(process, phase))
            self.pids = {child.name: _pid_of(child) for child in supervisor.children}
            answers = self.is_ready if "work" in processes else self.is_live
            assert wait_until(answers, PATIENCE_SECONDS), "the service did not start"
            yield
        finally:
            supervisor.stop()

    @contextmanager
    def parts(self, phase: Phase) -> Iterator[Any]:
        """What the command line on the machine itself works with."""
        with joined(self.machine.settings_of("serve", phase)) as parts:
            yield parts

    def is_live(self) -> bool:
        """Whether the API answers."""
        return self._is("live")

    def is_ready(self) -> bool:
        """Whether the API answers, and database and read models with it."""
        return self._is("ready")

    def catch_up(self) -> None:
        """Wait until worker and clerk have seen everything."""
        newest = self.ask("SELECT max(position) FROM record.event")
        with Reader(self.machine.postgres.url("vouchsafe_reader", DATABASE)) as reader:
            for model in READ_MODELS:
                reader.wait_for(model.name, newest, PATIENCE_SECONDS)
        seen = "SELECT coalesce(min(position), 0) FROM record.policy_position"
        assert wait_until(lambda: self.ask(seen) >= newest, PATIENCE_SECONDS)
        assert wait_until(lambda: self.ask(UNTRIED) == 0, PATIENCE_SECONDS)

    def settle(self) -> None:
        """Have the database write down all that it still holds in memory."""
        with psycopg.connect(self.superuser_url, autocommit=True) as connection:
            connection.execute("SELECT pg_switch_wal()")
            connection.execute("CHECKPOINT")

    def ask(self, query: str) -> Any:
        """One value, as the superuser."""
        with psycopg.connect(self.superuser_url) as connection:
            row = connection.execute(query.encode()).fetchone()
        assert row is not None
        return row[0]

    def do(self, statement: str) -> None:
        """Change something, as the superuser."""
        with psycopg.connect(self.superuser_url) as connection:
            connection.execute(statement.encode())

    def _is(self, health: str) -> bool:
        try:
            return httpx.get(f"{self.machine.url}/api/v1/health/{health}").is_success
        except httpx.HTTPError:
            return False


@contextmanager
def leak_machine(folder: Path) -> Iterator[LeakMachine]:
    """A machine whose folders lie under this one; its processes do not run yet."""
    (folder / "logs").mkdir(mode=0o700)
    settings = RunSettings(data_folder=folder, port=_free_port())
    with embedded(folder / "postgres", durable=True) as postgres:
        postgres.provision(DATABASE)
        files = local_key_files(folder / "keys")
        prepare_database(postgres.url(DATABASE_OWNER, DATABASE), local_key_service(files))
        with with_post(Machine(settings, folder, postgres, files)) as machine:
            yield LeakMachine(machine)


def _pid_of(child: Any) -> int:
    return int(child.process.pid)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
