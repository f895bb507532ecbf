"""A full disk: whoever gives a command is told to come again, nothing acknowledged is lost, and with room it goes on.

The disk is a small file system where the account may mount one. Elsewhere no file may grow, which
PostgreSQL meets in the same places. Longer rounds do both wherever they can.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path

import httpx
import psycopg
import pytest

from api.embedded_postgres import EmbeddedPostgresError
from api.embedded_postgres.processes import wait_until
from tests.faults.aftermath import check
from tests.faults.full_disk import Disk, SmallFiles, small_file_system
from tests.faults.harm import pause
from tests.faults.load import Outcomes, load, open_office, wait_for_more
from tests.faults.rounds import IS_LONG, SEEDS, chance_of
from tests.faults.scheme_record import as_superuser
from tests.faults.service import PATIENCE_SECONDS, Service, service

CALLERS = 4
NEXT_SEGMENT = "SELECT pg_switch_wal()"


@contextmanager
def best(folder: Path) -> Iterator[Disk]:
    """The nearest to a full disk that this account can have."""
    with small_file_system(folder) as disk:
        yield disk or SmallFiles(folder)


@contextmanager
def files_that_may_not_grow(folder: Path) -> Iterator[Disk]:
    folder.mkdir()
    yield SmallFiles(folder)


DISKS = [best, files_that_may_not_grow] if IS_LONG else [best]


@SEEDS
@pytest.mark.parametrize("disk_on", DISKS)
def test_a_full_disk_refuses_loses_nothing_and_is_got_over(
    common_folder: Path, disk_on: Callable[[Path], AbstractContextManager[Disk]], seed: int
) -> None:
    chance = chance_of(seed)
    with ExitStack() as stack:
        disk = stack.enter_context(disk_on(common_folder / f"{disk_on.__qualname__}-{seed}"))
        at = stack.enter_context(service(disk.folder / "data", runner=disk.runner))
        at.start(VOUCHSAFE_FIRST_SCHEME="false")
        at.wait_until_it_runs()
        office = open_office(at)
        with load(office, f"full-{seed}", CALLERS) as outcomes:
            wait_for_more(outcomes, chance.randrange(3, 20))
            disk.fill(at)
            wait_until_refused(outcomes)
            exhaust_the_log(at)
            pause(chance.uniform(0, 3.0))
            assert is_live(at)
            disk.make_room(at)
            wait_for_more(outcomes, 10)
        check(at, office, outcomes)


def wait_until_refused(outcomes: Outcomes) -> None:
    """Everybody is told to come again; a caller who is told anything else ends the wait as well."""
    enough = outcomes.sent_away.total() + 2 * CALLERS
    assert wait_until(
        lambda: outcomes.sent_away.total() >= enough or bool(outcomes.surprises), PATIENCE_SECONDS
    )
    assert not outcomes.surprises, outcomes.surprises


def exhaust_the_log(at: Service) -> None:
    """Have the database need a new file for its own log, without which it cannot go on at all."""
    before = at.pid_of("postgres")

    def has_stopped() -> bool:
        with suppress(psycopg.Error, EmbeddedPostgresError, OSError):
            as_superuser(at.folder, NEXT_SEGMENT)
            return at.pid_of("postgres") != before
        return True

    assert wait_until(has_stopped, PATIENCE_SECONDS)


def is_live(at: Service) -> bool:
    return httpx.get(f"{at.url}/api/v1/health/live", timeout=60).status_code == 200
