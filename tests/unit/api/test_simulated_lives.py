"""What simulated people do at a size, on a service that refuses nothing: everything happens, and few wait at a time."""

from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.simulate.clock import SimulatedClock
from api.simulate.door import Told
from api.simulate.lives.funding import agreements_signed
from api.simulate.plan import Plan
from api.simulate.simulation import lives_of
from api.simulate.tally import Happened
from api.simulate.world import World
from tests.simulated import A_MONDAY

LARGE = Plan(mentees=400, mentors=150, weeks=40, seed=1, begins_at=A_MONDAY)
NOT_THEIRS = {Happened.REFUSED, Happened.CARRIED_OVER}
"""What a service that refuses nothing never says."""
MOST_WAITING = 300


class OpenDoor:
    """Says yes to everything, and notes when it was asked."""

    world: World

    def __init__(self, clock: SimulatedClock) -> None:
        self.moments: list[Any] = []
        self._clock = clock

    def act(self, *_: Any, **__: Any) -> Told:
        self.moments.append(self._clock.step())
        return Told(uuid4(), uuid4())

    put = delete = act

    @property
    def line(self) -> "OpenDoor":
        return self

    def catch_up(self) -> None:
        """Everything can be seen."""

    def look(self, *_: Any) -> None:
        self._clock.step()

    def read(self, *_: Any) -> dict[str, Any]:
        """Whoever waits is found by the matching, and every member has a group."""
        pairs = [{"relationship": str(each)} for each in self.world.for_round]
        return {"pairs": pairs, "group": str(uuid4())}

    def mentor_proposed(self, *_: Any) -> UUID:
        mentor = self.world.mentor_with_room(())
        return mentor.person.id if mentor else next(iter(self.world.mentors))

    def propose_found(self, *_: Any, **__: Any) -> UUID:
        return self.act().made

    def shown_once(self, *given: Any, step: str) -> dict[str, Any]:
        self.act()
        links = [f"#{step}-{number}" for number in range(given[2]["count"])]
        return {"links": links}

    def partner_token(self, *_: Any, step: str) -> str:
        self.act()
        return step

    def say_how_it_went(self, *_: Any, **__: Any) -> bool:
        self.act()
        return True

    def join(self, *_: Any, **__: Any) -> UUID:
        self.act()
        return uuid4()

    enquire = join


@pytest.fixture(scope="module")
def world() -> World:
    clock = SimulatedClock(LARGE.begins_at)
    door = OpenDoor(clock)
    world = World(LARGE, door, clock)  # type: ignore[arg-type]  # - stands for the service, not for the people
    door.world = world
    agreements_signed(world, world.coordinators[0])
    for life in lives_of(world):
        world.begin(life, LARGE.begins_at)
    world.run(lambda _: None)
    return world


@pytest.mark.parametrize("what", [each for each in Happened if each not in NOT_THEIRS], ids=str)
def test_everything_that_is_counted_happens_in_a_scheme_of_four_hundred(
    world: World, what: Happened
) -> None:
    assert world.tally[what] > 0


def test_no_two_acts_happen_at_the_same_moment(world: World) -> None:
    moments = world.door.moments  # type: ignore[attr-defined]  # - see the fixture
    assert all(earlier < later for earlier, later in pairwise(moments))


def test_most_sessions_are_held_and_most_pairs_come_about(world: World) -> None:
    tally = world.tally
    assert tally[Happened.HELD] > tally[Happened.SCHEDULED] / 2
    assert tally[Happened.MATCHES] > tally[Happened.REQUESTS] / 2


def test_who_has_gone_is_not_kept(world: World) -> None:
    assert len(world._waiting) < MOST_WAITING
