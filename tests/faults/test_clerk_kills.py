"""Two clerks that are killed again and again do what follows once each, and all of it."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from api.embedded_postgres.processes import wait_until
from domain.mentor_profile import MentorProfile
from domain.place import Place
from domain.relationship_events import RelationshipEvents as Happened
from tests.databases import Database
from tests.faults.clerking import World, read_models_of, withdraw, world
from tests.match import Match
from tests.scheme import Somebody

ROUNDS = int(os.environ.get("VOUCHSAFE_FAULT_ROUNDS", "1"))
PATIENCE_SECONDS = 90.0


class Clerks:
    """Some processes, any of which may be killed and replaced."""

    def __init__(self, of: World, folder: Path, count: int, **more: str) -> None:
        self._of = of
        self._log = folder / "clerk.log"
        self._more = more
        self._running = [of.start_clerk(self._log, **more) for _ in range(count)]

    def kill_one(self, chance: Random) -> None:
        """Kill one of them in the middle of whatever it does, and start another in its place."""
        which = chance.randrange(len(self._running))
        self._running[which].kill()
        self._running[which].wait()
        self._running[which] = self._of.start_clerk(self._log, **self._more)

    def stop(self) -> None:
        for process in self._running:
            process.terminate()
        for process in self._running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE_SECONDS)
            process.kill()


@pytest.fixture
def of(database: Database, tmp_path: Path) -> Iterator[World]:
    with world(database, tmp_path) as made:
        yield made


def leavers(matches: list[Match], proposals: list[Match]) -> list[Somebody]:
    """Mentees and mentors by turns, and a mentor who was only proposed."""
    parted = [each.mentee if n % 2 else each.mentor for n, each in enumerate(matches)]
    return [*parted, *(each.mentor for each in proposals)]


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_everything_that_follows_happens_once_through_kills(
    of: World, tmp_path: Path, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311 - chooses moments, keeps no secret
    overdue = [of.overdue() for _ in range(3)]
    matches = [of.meeting() for _ in range(3)]
    proposals = [of.proposed()]
    with read_models_of(of):
        clerks = Clerks(of, tmp_path, 2)
        try:
            for person in leavers(matches, proposals):
                withdraw(person)
                wait_until(lambda: False, chance.uniform(0, 1.0))
                clerks.kill_one(chance)
            assert wait_until(lambda: has_settled(of, len(overdue)), PATIENCE_SECONDS)
        finally:
            clerks.stop()
    once = {each.relationship: 1 for each in matches}
    assert of.times(Happened.ProposalExpired.TOPIC) == {each.relationship: 1 for each in overdue}
    assert of.times(Happened.ProposalSuperseded.TOPIC) == {proposals[0].relationship: 1}
    assert of.times(Happened.Closed.TOPIC) == once
    assert of.times(Happened.SessionCancelled.TOPIC) == dict.fromkeys(once, 2)
    assert of.times(Place.SessionReleased.TOPIC) == {each.place: 2 for each in matches}
    freed = {MentorProfile.id_of(each.mentor.id): 1 for each in matches}
    assert of.times(MentorProfile.CapacityFreed.TOPIC) == freed


def has_settled(of: World, overdue: int) -> bool:
    """Whether the clerk has seen everything, and nothing is overdue any more."""
    expired = len(of.times(Happened.ProposalExpired.TOPIC))
    return of.seen() >= of.newest() and expired == overdue
