"""The simulated world: who is there, what they wait for, and the one loop in which everything happens."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from api.simulate.clock import SimulatedClock
from api.simulate.door import Door, Told
from api.simulate.people import Person
from api.simulate.plan import Plan
from api.simulate.tally import Happened, Tally
from domain.values import Role

Life = Iterator[datetime]
"""What somebody does, step by step; it yields the moment at which it goes on."""


LEAD = "lead"
"""Whoever answers for data protection: the first person of all."""


class PairingIsOver(Exception):
    """One of the two has ended it, or has withdrawn."""


@dataclass(eq=False)
class Mentor:
    """A mentor as the world remembers them."""

    person: Person
    name: str
    capacity: int = 0
    is_here: bool = True
    pairings: list["Pairing"] = field(default_factory=list)

    @property
    def has_room(self) -> bool:
        """Whether one more relationship can be matched."""
        return self.is_here and len(self.pairings) < self.capacity


@dataclass(eq=False)
class Pairing:
    """One request, and the relationship that came of it."""

    mentee: Person
    relationship: UUID
    is_weekly: bool
    is_virtual: bool
    sessions_left: int
    chance: Random
    number: int
    coordinator: Person
    mentor: Mentor | None = None
    is_over: bool = False
    declined_by: set[UUID] = field(default_factory=set)
    proposals_made: int = 0

    @property
    def path(self) -> str:
        """Where the API has it."""
        return f"/relationships/{self.relationship}"

    @property
    def key(self) -> str:
        """What its steps are called after."""
        return f"{self.mentee.key}-{self.number}"

    def partners(self) -> tuple[Person, Person]:
        """The mentee and the mentor of a match."""
        if self.mentor is None:
            raise PairingIsOver
        return self.mentee, self.mentor.person

    def until(self, moment: datetime) -> Life:
        """Wait; raises PairingIsOver when it was ended meanwhile."""
        yield moment
        if self.is_over:
            raise PairingIsOver


class World:
    """Moves the clock from one thing that happens to the next."""

    def __init__(self, plan: Plan, door: Door, clock: SimulatedClock) -> None:
        self.plan = plan
        self.door = door
        self.clock = clock
        self.tally = Tally()
        self.lead = Person(LEAD, plan.id_of(LEAD), Role.DATA_PROTECTION_LEAD)
        self.coordinators = [
            Person(key, plan.id_of(key), Role.COORDINATOR)
            for key in (f"coordinator-{number}" for number in range(plan.coordinators()))
        ]
        self.agreements: list[UUID] = []
        self._with_room: dict[UUID, Mentor] = {}
        self._waiting: list[tuple[datetime, int, Life]] = []
        self._order = count()

    def begin(self, life: Life, at: datetime) -> None:
        """Let somebody's life begin."""
        heappush(self._waiting, (at, next(self._order), life))

    def run(self, tell: Callable[[datetime], None]) -> None:
        """Let everything happen until the end, and tell how far it is."""
        while self._waiting and self._waiting[0][0] < self.plan.ends_at:
            moment, _, life = heappop(self._waiting)
            self.clock.move_to(moment)
            tell(moment)
            wakes_at = next(life, None)
            if wakes_at is not None:
                self.begin(life, wakes_at)

    def does(self, who: Person, path: str, body: Any = None, *, step: str) -> Told | None:
        """Let somebody give a command; None when a rule refuses it."""
        return self._counted(self.door.act(who, path, body, step=step))

    def sets(self, who: Person, path: str, body: Any, *, step: str) -> Told | None:
        """The same where the API wants a PUT."""
        return self._counted(self.door.put(who, path, body, step=step))

    def note(self, what: Happened) -> None:
        """Count it."""
        self.tally.note(what)

    def coordinator(self, number: int) -> Person:
        """Whoever looks after the person of that number."""
        return self.coordinators[number % len(self.coordinators)]

    def agreement(self, number: int) -> UUID:
        """Which agreement pays for the mentee of that number."""
        return self.agreements[number % len(self.agreements)]

    def mentor_with_room(self, not_these: Collection[UUID]) -> Mentor | None:
        """Whoever has waited longest for a mentee, and may be proposed; they wait longest no more."""
        found = next((each for id, each in self._with_room.items() if id not in not_these), None)
        if found is not None:
            del self._with_room[found.person.id]
            self._with_room[found.person.id] = found
        return found

    def remember_room(self, mentor: Mentor) -> None:
        """Note whether a mentor has room now."""
        if mentor.has_room:
            self._with_room.setdefault(mentor.person.id, mentor)
        else:
            self._with_room.pop(mentor.person.id, None)

    def pair(self, pairing: Pairing, mentor: Mentor) -> None:
        """They are matched."""
        pairing.mentor = mentor
        mentor.pairings.append(pairing)
        self.remember_room(mentor)

    def part(self, pairing: Pairing) -> None:
        """It is over."""
        pairing.is_over = True
        mentor = pairing.mentor
        if mentor is not None and pairing in mentor.pairings:
            mentor.pairings.remove(pairing)
            self.remember_room(mentor)

    def _counted(self, told: Told | None) -> Told | None:
        if told is None:
            self.tally.note(Happened.REFUSED)
        return told
