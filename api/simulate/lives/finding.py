"""How the matching finds somebody: a shortlist that the mentee ranks, or a round over everybody who waits."""

from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from typing import Any
from uuid import UUID

from api.simulate import rates
from api.simulate.calendar import after
from api.simulate.door import NothingToDo
from api.simulate.people import Person
from api.simulate.remembered import Found, Life, Pairing
from api.simulate.tally import Happened
from api.simulate.world import World

Finds = Generator[datetime, None, Found | None]
"""Waits, and answers at last who was proposed, if anybody was."""

AN_HOUR = timedelta(hours=1)
WEIGHTS = {"themes": 6, "practice": 4}
"""What a coordinator changes once they have seen a first round."""


def from_shortlist(world: World, pairing: Pairing, attempt: int) -> Finds:
    """Let the mentee choose among some, and propose whom they would rather have."""
    path, key = f"{pairing.path}/shortlist", f"{pairing.key}-{attempt}"
    world.door.catch_up()
    if not world.does(pairing.coordinator, path, step=f"shortlist-{key}"):
        return None
    world.note(Happened.SHORTLISTS)
    yield from pairing.until(after(world.clock(), rates.ANSWER_TAKES, pairing.chance))
    world.door.look(pairing.mentee, path)
    backwards = pairing.chance.random() < rates.RANKS_OTHERWISE
    ranking: Callable[[], dict[str, Any]] = partial(_ranking, world, pairing, backwards=backwards)
    if world.sets(pairing.mentee, f"{path}/ranking", ranking, step=f"rank-{key}"):
        world.note(Happened.RANKED)
    yield from pairing.until(after(world.clock(), rates.PROPOSAL_TAKES, pairing.chance))
    first = lambda: {"mentor": _offered(world, pairing)[0]}  # noqa: E731 - a body, read when it is sent
    told = world.does(pairing.coordinator, f"{path}/proposals", first, step=f"propose-first-{key}")
    return None if told is None else _proposed(world, pairing, told.made)


def in_round(world: World, pairing: Pairing, _attempt: int) -> Finds:
    """Wait for the next round, and for what it finds."""
    world.for_round[pairing.relationship] = pairing
    yield from pairing.until(world.next_round + AN_HOUR)
    world.for_round.pop(pairing.relationship, None)
    found, pairing.found = pairing.found, None
    return found


def life_of_rounds(world: World) -> Life:
    """Every so often somebody runs a round, if anybody waits for one."""
    chance, who = world.plan.chance("rounds"), world.coordinators[0]
    for number in count(1):
        world.next_round = after(world.clock(), rates.ROUND_EVERY, chance)
        yield world.next_round
        if any(not each.is_over for each in world.for_round.values()):
            _run(world, who, number)


def _run(world: World, who: Person, number: int) -> None:
    """Propose what it finds for those who wait for it, and let the rest go."""
    programme = f"/programmes/{world.programme}"
    world.door.catch_up()
    ran = world.does(who, f"{programme}/matching-rounds", step=f"round-{number}")
    if ran is None:
        return
    world.note(Happened.ROUNDS)
    path = f"/matching-rounds/{ran.subject}"
    for pair in world.door.read(who, path)["pairs"]:
        waits = world.for_round.get(UUID(pair["relationship"]))
        if waits is not None and not waits.is_over:
            _propose(world, who, ran.subject, waits)
    world.does(who, f"{path}/closing", step=f"close-round-{number}")
    if world.tally[Happened.ROUNDS] == 1:
        world.sets(who, f"{programme}/weights", {"weights": WEIGHTS}, step="weights")


def _propose(world: World, who: Person, matching_round: UUID, pairing: Pairing) -> None:
    """Read why it suggests whom it does, and let both read it."""
    relationship = pairing.relationship
    world.door.look(who, f"/matching-rounds/{matching_round}/words/{relationship}")
    step = f"propose-found-{matching_round}-{relationship}"
    proposal = world.door.propose_found(who, matching_round, relationship, step=step)
    if proposal is None:
        world.note(Happened.REFUSED)
    else:
        pairing.found = _proposed(world, pairing, proposal)


def _proposed(world: World, pairing: Pairing, proposal: UUID) -> Found:
    mentor = world.door.line.mentor_proposed(pairing.relationship, proposal)
    pairing.declined_by.add(mentor)
    pairing.proposals_made += 1
    world.note(Happened.PROPOSALS)
    return Found(world.mentors[mentor], f"{pairing.path}/proposals/{proposal}")


def _ranking(world: World, pairing: Pairing, *, backwards: bool) -> dict[str, Any]:
    offered = _offered(world, pairing)
    return {"mentors": offered[::-1] if backwards else offered}


def _offered(world: World, pairing: Pairing) -> list[str]:
    """The mentors in the order of the mentee, or as they were found."""
    shown = world.door.read(pairing.coordinator, f"{pairing.path}/shortlist")
    if not shown["mentors"]:
        raise NothingToDo
    return [each["mentor"] for each in shown["mentors"]]
