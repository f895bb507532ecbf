"""Whatever happens to a service at work, what it acknowledged is there once, and it goes on by itself.

Each round has a seed, which its name tells; VOUCHSAFE_FAULT_ROUNDS asks for more and longer rounds.
"""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.cli.machine import PROCESSES
from api.embedded_postgres.processes import wait_until
from tests.faults.aftermath import check
from tests.faults.harm import cut_at_random, cuttable, nobody_appends, pause, stall
from tests.faults.load import ANSWER_SECONDS, Office, load, open_office, wait_for_more
from tests.faults.rounds import IS_LONG, SEEDS, chance_of
from tests.faults.service import OPTIONS, PATIENCE_SECONDS, Service, service

REPEATED = 5 if IS_LONG else 1
VICTIMS = (*PROCESSES, "postgres")
CALLERS = 4
CROWD = 100
BOTH = {"too-many-requests", "recorder-unavailable"}
"""Some wait for the database as long as anybody may, and those who come meanwhile are sent away at once."""

LONGEST_STALL_SECONDS = 20.0 if IS_LONG else 1.0
"""Twenty seconds are longer than anybody waits for an answer of the database."""


@pytest.fixture(scope="module")
def office(common_folder: Path) -> Iterator[Office]:
    """A service of its own, without a first scheme."""
    with service(common_folder / "under-load") as made:
        made.start(VOUCHSAFE_FIRST_SCHEME="false")
        made.wait_until_it_runs()
        yield open_office(made)


@SEEDS
def test_kills_of_every_process_lose_and_repeat_nothing(office: Office, seed: int) -> None:
    chance, at = chance_of(seed), office.service
    with load(office, f"kills-{seed}", CALLERS) as outcomes:
        for _ in range(REPEATED):
            for victim in chance.sample(VICTIMS, len(VICTIMS)):
                wait_for_more(outcomes, chance.randrange(1, 8))
                pause(chance.uniform(0, 0.2))
                kill(at, victim)
                wait_for_more(outcomes, chance.randrange(1, 8))
    check(at, office, outcomes)


def kill(at: Service, victim: str) -> None:
    """Kill it, as soon as it runs, and wait until another runs in its place."""
    killed: set[int | None] = {None}

    def is_dead() -> bool:
        killed.add(at.pid_of(victim))
        return at.kill(victim)

    assert wait_until(is_dead, PATIENCE_SECONDS)
    at.wait_for(lambda: at.pid_of(victim) not in killed)


@SEEDS
def test_cut_lines_and_a_slow_disk_lose_and_repeat_nothing(office: Office, seed: int) -> None:
    chance = chance_of(seed)
    with load(office, f"cuts-{seed}", CALLERS) as outcomes:
        with cuttable(office.service) as line:
            cut_at_random(line, 12 * REPEATED, chance)
            wait_for_more(outcomes, 5)
        for _ in range(3 * REPEATED):
            stall(office.service, chance.uniform(0.1, LONGEST_STALL_SECONDS))
            wait_for_more(outcomes, 1)
        wait_for_more(outcomes, 5)
    check(office.service, office, outcomes)


@SEEDS
def test_who_waits_for_a_blocked_database_is_told_to_come_again_in_time(
    office: Office, seed: int
) -> None:
    at = office.service
    with load(office, f"crowd-{seed}", CROWD) as outcomes:
        wait_for_more(outcomes, 5)
        with nobody_appends(at):
            assert wait_until(lambda: outcomes.sent_away.keys() >= BOTH, PATIENCE_SECONDS)
            assert (
                httpx.get(f"{at.url}/api/v1/health/live", timeout=60, **OPTIONS).status_code == 200
            )
        wait_for_more(outcomes, CALLERS)
    assert outcomes.longest < ANSWER_SECONDS
    check(at, office, outcomes)


@SEEDS
def test_a_stop_at_work_is_clean_and_each_command_is_answered_or_found_by_its_id(
    office: Office, seed: int
) -> None:
    at = office.service
    with load(office, f"stop-{seed}", CALLERS) as outcomes:
        wait_for_more(outcomes, chance_of(seed).randrange(5, 20))
        assert at.process is not None
        at.process.terminate()
        assert at.ended() == 0
        assert at.left() == []
        at.start(VOUCHSAFE_FIRST_SCHEME="false")
        at.wait_until_it_runs()
        wait_for_more(outcomes, 5)
    check(at, office, outcomes)
