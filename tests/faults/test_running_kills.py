"""The first scheme is recorded whole, once, whatever is killed meanwhile; VOUCHSAFE_FAULT_ROUNDS asks for more rounds."""

import os
from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from api.cli.machine import POST, PROCESSES
from api.embedded_postgres.processes import wait_until
from tests.faults.catching_up import wait_for_read_models
from tests.faults.scheme_record import BY_TOPIC, Record, as_superuser, record, told
from tests.faults.service import PATIENCE_SECONDS, RUNS, Service, service

ROUNDS = int(os.environ.get("VOUCHSAFE_FAULT_ROUNDS", "1"))
VICTIMS = (*PROCESSES, POST, "postgres", "supervisor")
FOLLOWED = "SELECT count(*) FROM record.event WHERE topic = 'relationship.closed'"


@dataclass(frozen=True)
class Undisturbed:
    """The steps that are acknowledged, and how many events of each topic there are in the end."""

    steps: AbstractSet[str]
    counts: Counter[str]


def clerk_has_followed(folder: Path) -> bool:
    """Whether what the withdrawal at the end of the story ends has ended."""
    return as_superuser(folder, FOLLOWED) == [(1,)]


@pytest.fixture(scope="session")
def undisturbed(house: Service) -> Undisturbed:
    """What a recording makes that nothing disturbs."""
    if house.process is None or house.process.poll() is not None:
        house.start()
        house.wait_until_it_runs()
    assert wait_until(lambda: clerk_has_followed(house.folder), PATIENCE_SECONDS)
    counts = Counter(dict(as_superuser(house.folder, BY_TOPIC)))
    return Undisturbed(told(house.folder).keys(), counts)


def kill_at(killed: Service, step: int, victim: str, chance: Random) -> None:
    """Wait until that many steps were acknowledged, and a moment more; then kill."""
    killed.wait_for(lambda: len(told(killed.folder)) >= step or RUNS in killed.output)
    over = wait_until(lambda: RUNS in killed.output, chance.uniform(0, 0.2))
    if over or not killed.kill(victim) or victim != "supervisor":
        return
    killed.ended()
    assert wait_until(lambda: killed.left() == [], 60), "something lingers"
    killed.start()


def check(of: Record, undisturbed: Undisturbed, acknowledged: list[dict[str, object]]) -> None:
    final = told(of.folder)
    assert final.keys() == undisturbed.steps
    for earlier in acknowledged:
        assert earlier.items() <= final.items()
    assert all(of.holds(each) for each in final.values())
    assert of.counts() == undisturbed.counts
    live = of.views()
    of.rebuild()
    assert of.views() == live


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_kills_at_random_moments_of_the_recording_lose_and_repeat_nothing(
    common_folder: Path, undisturbed: Undisturbed, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311 - chooses moments, keeps no secret
    steps = sorted(chance.sample(range(len(undisturbed.steps)), len(VICTIMS)))
    acknowledged: list[dict[str, object]] = []
    with service(common_folder / f"killed-{seed}") as killed:
        killed.start()
        for step, victim in zip(steps, chance.sample(VICTIMS, len(VICTIMS)), strict=True):
            kill_at(killed, step, victim, chance)
            acknowledged.append({**told(killed.folder)})
        killed.wait_until_it_runs()
        assert wait_until(lambda: clerk_has_followed(killed.folder), PATIENCE_SECONDS)
        killed.wait_for(killed.is_ready)
        settle(killed)
        with record(killed.folder) as of:
            check(of, undisturbed, acknowledged)


def settle(killed: Service) -> None:
    """Let the worker see everything, then stop."""
    wait_for_read_models(killed)
    assert killed.process is not None
    killed.process.terminate()
    assert killed.ended() == 0


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_supervisor_killed_while_everything_is_made_leaves_nothing_in_the_way(
    common_folder: Path, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311 - chooses moments, keeps no secret
    with service(common_folder / f"unmade-{seed}") as killed:
        for _ in range(2):
            killed.start()
            wait_until(lambda: bool(told(killed.folder)), chance.uniform(0.5, 6.0))
            killed.kill("supervisor")
            killed.ended()
        killed.start(VOUCHSAFE_FIRST_SCHEME="false")
        killed.wait_until_it_runs()
        assert killed.is_ready()
