"""Ways to harm a running service's database without its help: cut its lines, freeze it, hold what everybody needs."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

import psycopg

from api.embedded_postgres.address import SOCKET_RECORD
from api.embedded_postgres.processes import server_pids, wait_until
from tests.faults.load import PATIENCE_SECONDS
from tests.faults.scheme_record import as_superuser, url_of
from tests.faults.service import Service
from tests.unreliable_line import Cut, UnreliableLine

SOCKET = ".s.PGSQL.5432"
APPEND_LOCK = 7012023
CUT_ALL = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE starts_with(usename, 'vouchsafe_') AND pid <> pg_backend_pid()"
)


@contextmanager
def cuttable(service: Service) -> Iterator[UnreliableLine]:
    """Stand between the database and everybody who connects from now on; all old lines are cut."""
    folder = Path((service.folder / "postgres" / SOCKET_RECORD).read_text("utf-8"))
    mine, real = folder / SOCKET, folder / "real"
    mine.rename(real)
    line = UnreliableLine(real, mine)
    line.start()
    try:
        as_superuser(service.folder, CUT_ALL)
        yield line
    finally:
        line.close()
        mine.unlink()
        real.rename(mine)
        as_superuser(service.folder, CUT_ALL)


def cut_at_random(line: UnreliableLine, times: int, chance: Random) -> None:
    """Cut before a request or before its answer, whichever line is used next."""
    for _ in range(times):
        before = line.cuts
        line.next_cut = chance.choice([Cut.BEFORE_THE_REQUEST, Cut.BEFORE_THE_ANSWER])
        assert wait_until(lambda: line.cuts > before, PATIENCE_SECONDS)  # noqa: B023 - it ends with this turn
        pause(chance.uniform(0, 0.3))


def stall(service: Service, seconds: float) -> None:
    """Let every process of the database stand still, as a disk does that takes its time to write."""
    pids = server_pids(service.folder / "postgres" / "cluster")
    _send_all(pids, signal.SIGSTOP)
    try:
        pause(seconds)
    finally:
        _send_all(pids, signal.SIGCONT)


@contextmanager
def nobody_appends(service: Service) -> Iterator[None]:
    """Somebody else holds what every append waits for."""
    with psycopg.connect(url_of(service.folder, "postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [APPEND_LOCK])
        yield


def pause(seconds: float) -> None:
    """Let things go on as they are for a while; nothing is waited for."""
    wait_until(lambda: False, seconds)


def _send_all(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
