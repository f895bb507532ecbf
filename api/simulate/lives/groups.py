"""A group's life: seats offered and taken, hours planned for all, moved, cancelled or held, and members who come late or leave."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from api.simulate import rates
from api.simulate.calendar import after, hour_to_meet
from api.simulate.lives.meeting import WEEK, hour_body
from api.simulate.lives.proposing import accept, agree
from api.simulate.people import REASONS, REASONS_FOR_MENTOR
from api.simulate.plan import ZONE
from api.simulate.remembered import Life, Mentor, Pairing
from api.simulate.tally import Happened
from api.simulate.world import World
from domain.group import Group
from domain.values import TimeSpan

FIRST, LAST = 2, 3
"""How many are there before the first hour, and who comes late."""
MOST_LOOKS = 10


def life_of_group(world: World, members: Iterable[Pairing | None], number: int) -> Life:
    """From the first seat to the end."""
    chance = world.plan.chance(f"group {number}")
    asked = [each for each in members if each is not None]
    facilitator = None
    for _ in range(MOST_LOOKS):
        yield after(world.clock(), rates.PROPOSAL_TAKES, chance)
        facilitator = world.mentor_with_room(())
        if facilitator is not None:
            break
    if facilitator is None or len(asked) <= LAST:
        return
    group = _Group(world, facilitator, f"group-{number}")
    for pairing in asked[:LAST]:
        yield after(world.clock(), rates.ANSWER_TAKES, chance)
        group.take_in(pairing)
    if group.id is None:
        return
    world.note(Happened.GROUPS)
    yield from group.meet(asked)


class _Group:
    """One group as the world remembers it."""

    def __init__(self, world: World, facilitator: Mentor, key: str) -> None:
        self.id: UUID | None = None
        self._world = world
        self._facilitator = facilitator
        self._key = key
        self._members: list[Pairing] = []
        self._chance = world.plan.chance(key)

    def take_in(self, pairing: Pairing) -> None:
        """Offer a seat, which both take, and agree how to work together."""
        world, who = self._world, self._facilitator
        offered = world.does(
            pairing.coordinator,
            f"{pairing.path}/proposals",
            self._offer(),
            step=f"seat-{pairing.key}",
        )
        if offered is None:
            return
        proposal = f"{pairing.path}/proposals/{offered.made}"
        if not all(accept(world, each, proposal, 1) for each in (pairing.mentee, who.person)):
            return
        if self.id is None:
            self.id = UUID(world.door.read(pairing.mentee, pairing.path)["group"])
            world.pair(pairing, who)
        pairing.mentor = who
        self._members.append(pairing)
        world.note(Happened.MATCHES)
        for each in pairing.partners():
            agree(world, pairing, each)

    def meet(self, asked: list[Pairing]) -> Life:
        """Three hours: one is moved and another member expected, one lacks somebody, one is called off."""
        hour, span = self._plan(1)
        yield after(self._world.clock(), rates.CONFIRMATION_TAKES, self._chance)
        self.take_in(asked[LAST])
        self._does(f"/hours/{hour}/expected", None, "expect")
        later = hour_to_meet(span.local_start.date() + timedelta(days=1), self._chance)
        self._does(f"/hours/{hour}/reschedule", self._hour(later), "move")
        yield from self._held(hour, later, self._members)
        self._does("/cadence", {"cadence": "monthly"}, "cadence")
        hour, span = self._plan(5)
        missing, leaving, *others = reversed(self._members)
        session = Group.session_of(hour, missing.relationship)
        path = f"{missing.path}/sessions/{session}/cancellation"
        why = {"reason": "cannot_attend"}
        self._world.does(missing.mentee, path, why, step=f"miss-{missing.key}")
        yield from self._held(hour, span, [leaving, *others])
        why = {"reason": "no_fault"}
        self._world.does(leaving.mentee, f"{leaving.path}/closing", why, step="leave-group")
        self._world.part(leaving)
        hour, _ = self._plan(5)
        self._does(f"/hours/{hour}/cancellation", {"reason": "cannot_attend"}, "cancel")
        yield after(self._world.clock(), rates.CLOSING_TAKES, self._chance)
        self._does("/closing", {"reason": "completed"}, "close")
        for each in self._members:
            self._world.part(each)

    def _held(self, hour: UUID, span: TimeSpan, present: list[Pairing]) -> Life:
        yield after(span.ends_at, rates.CONFIRMATION_TAKES, self._chance)
        there = [str(each.relationship) for each in present]
        if self._does(
            f"/hours/{hour}/attendance", {"present": there, "minutes": 60}, f"held-{hour}"
        ):
            self._world.note(Happened.GROUP_HOURS)

    def _plan(self, weeks: int) -> tuple[UUID, TimeSpan]:
        """An hour for all; its id, also where a rule refused it."""
        span = hour_to_meet(self._day(weeks), self._chance)
        told = self._does("/hours", self._hour(span), f"plan-{span.starts_at}")
        return (UUID(int=0) if told is None else told.made), span

    def _does(self, path: str, body: Any, what: str) -> Any:
        who, step = self._facilitator.person, f"{self._key}-{what}"
        return self._world.does(who, f"/groups/{self.id}{path}", body, step=step)

    def _day(self, weeks: int) -> date:
        return (self._world.clock().astimezone(ZONE) + weeks * WEEK).date()

    def _hour(self, span: TimeSpan) -> dict[str, str]:
        return hour_body(span, f"https://meet.example.org/{self._key}")

    def _offer(self) -> dict[str, Any]:
        group = {} if self.id is None else {"group": str(self.id)}
        return {
            "mentor": str(self._facilitator.person.id),
            "reasons_for_mentee": REASONS[0].format(name=self._facilitator.name),
            "reasons_for_mentor": REASONS_FOR_MENTOR[0],
            **group,
        }
