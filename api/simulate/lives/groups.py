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

LAST = 3
"""How many are there before the first hour; one more comes late."""
MOST_LOOKS = 10


def life_of_group(world: World, members: Iterable[Pairing | None], number: int) -> Life:
    """From the first seat to the end."""
    chance = world.plan.chance(f"group {number}")
    asked = [each for each in members if each is not None]
    if len(asked) <= LAST:
        return
    for _ in range(MOST_LOOKS):
        yield after(world.clock(), rates.PROPOSAL_TAKES, chance)
        facilitator = world.mentor_with_room(asked[0].declined_by)
        group = facilitator and _Group(world, facilitator, f"group-{number}")
        if group and group.take_in(asked[0]):
            yield from _goes_on(world, group, asked)
            return


def _goes_on(world: World, group: "_Group", asked: list[Pairing]) -> Life:
    """Two more take their seats; then they meet."""
    world.note(Happened.GROUPS)
    for pairing in asked[1:LAST]:
        yield after(world.clock(), rates.ANSWER_TAKES, pairing.chance)
        group.take_in(pairing)
    if group.members == LAST:
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

    @property
    def members(self) -> int:
        """How many have a seat."""
        return len(self._members)

    def take_in(self, pairing: Pairing) -> bool:
        """Offer a seat, which both take, and agree how to work together; whether they did."""
        world, who, path = self._world, self._facilitator, f"{pairing.path}/proposals"
        step = f"seat-{pairing.key}-{len(pairing.declined_by)}"
        pairing.declined_by.add(who.person.id)
        offered = world.does(pairing.coordinator, path, self._offer(), step=step)
        if offered is None:
            return False
        world.note(Happened.PROPOSALS)
        pairing.proposals_made += 1
        both, version = (pairing.mentee, who.person), pairing.proposals_made
        proposal = f"{path}/{offered.made}"
        if not all(accept(world, each, proposal, version) for each in both):
            return False
        if self.id is None:
            self.id = UUID(world.door.read(pairing.mentee, pairing.path)["group"])
            world.pair(pairing, who)
        pairing.mentor = who
        self._members.append(pairing)
        world.note(Happened.MATCHES)
        for each in pairing.partners():
            agree(world, pairing, each)
        return True

    def meet(self, asked: list[Pairing]) -> Life:
        """Three hours: one is moved and another member expected, one lacks somebody, one is called off."""
        hour, span = self._plan(1)
        yield after(self._world.clock(), rates.CONFIRMATION_TAKES, self._chance)
        self.take_in(asked[LAST])
        self._does(f"/hours/{hour}/expected", None, "expect")
        later = hour_to_meet(span.local_start.date() + timedelta(days=1), self._chance)
        self._does(f"/hours/{hour}/reschedule", self._hour(later), "move")
        yield from self._held(hour, later, self._members)
        other = "monthly" if self._members[0].is_weekly else "weekly"
        self._does("/cadence", {"cadence": other}, "cadence")
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
