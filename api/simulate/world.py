"""The simulated world: who is there, what they wait for, and the one loop in which everything happens."""

from collections.abc import Callable, Collection
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from typing import Any, TypeVar
from uuid import UUID

from api.simulate.clock import SimulatedClock
from api.simulate.door import Door, Told
from api.simulate.people import Person
from api.simulate.plan import Plan
from api.simulate.remembered import Agreement, Life, Mentor, Pairing, TakingPart
from api.simulate.tally import Happened, Tally
from domain.values import Role

Answer = TypeVar("Answer")

LEAD = "lead"
"""Whoever answers for data protection: the first person of all."""


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
        self.leads = [
            Person(key, plan.id_of(key), Role.SAFEGUARDING_LEAD)
            for key in ("safeguarding-0", "safeguarding-1")
        ]
        self.programme: UUID | None = None
        self.mentors: dict[UUID, Mentor] = {}
        self.for_round: dict[UUID, Pairing] = {}
        self.next_round = plan.begins_at
        self.asked = 0
        self.matches_by_hand = False
        self.agreements: list[Agreement] = []
        self.taking_part: dict[UUID, TakingPart] = {}
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

    def deletes(self, who: Person, path: str, *, step: str) -> Told | None:
        """The same where the API wants a DELETE."""
        return self._counted(self.door.delete(who, path, step=step))

    def joins(self, token: str, body: dict[str, Any], *, step: str) -> UUID | None:
        """Let somebody new in by an invitation; None when it cannot be used."""
        return self._counted(self.door.join(token, body, step=step))

    def note(self, what: Happened) -> None:
        """Count it."""
        self.tally.note(what)

    def part_of_it(self, share: float) -> datetime:
        """The moment at which so much of the time is over."""
        plan = self.plan
        return plan.begins_at + (plan.ends_at - plan.begins_at) * share

    def coordinator(self, number: int) -> Person:
        """Whoever looks after the person of that number."""
        return self.coordinators[number % len(self.coordinators)]

    def agreement(self, number: int) -> Agreement:
        """Which agreement pays for the mentee of that number: one that is in force, if there is one."""
        in_force = [each for each in self.agreements if not each.is_over] or self.agreements
        return in_force[number % len(in_force)]

    def end_agreement(self, agreement: Agreement) -> None:
        """Nobody is invited under it any more, and whoever is mentored under it stops."""
        agreement.is_over = True
        for pairing in list(agreement.pairings):
            self.part(pairing)

    def take_part(self, person: Person, leave: Callable[[], None]) -> None:
        """Remember that somebody takes part; `leave` tells what follows if they never renew that."""
        self.taking_part[person.id] = TakingPart(person, leave)

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

    def ask(self, pairing: Pairing) -> None:
        """Somebody asked for mentoring."""
        pairing.turn = self.asked
        self.asked += 1
        pairing.grant.agreement.pairings.append(pairing)

    def pair(self, pairing: Pairing, mentor: Mentor) -> None:
        """They are matched."""
        pairing.mentor = mentor
        mentor.pairings.append(pairing)
        self.remember_room(mentor)

    def part(self, pairing: Pairing) -> None:
        """It is over."""
        pairing.is_over = True
        if pairing in pairing.grant.agreement.pairings:
            pairing.grant.agreement.pairings.remove(pairing)
        mentor = pairing.mentor
        if mentor is not None and pairing in mentor.pairings:
            mentor.pairings.remove(pairing)
            self.remember_room(mentor)

    def _counted(self, told: Answer | None) -> Answer | None:
        if told is None:
            self.tally.note(Happened.REFUSED)
        return told
