"""What lies on desks: concerns, requests about one's own record, disclosures, and wishes to be erased."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from enum import IntEnum
from typing import Any

from api.simulate import rates
from api.simulate.calendar import after
from api.simulate.people import ANSWER, FACTS, RECIPIENT, WORRIES
from api.simulate.plan import ZONE
from api.simulate.remembered import Life, Pairing, TakingPart
from api.simulate.tally import Happened
from api.simulate.world import World
from domain.values import Role

Story = Callable[[World, int], Life]

COORDINATOR, SAFEGUARDING = "coordinator", "safeguarding_lead"
CONCERNS = (("arrangements", COORDINATOR), ("conduct", COORDINATOR), ("safety", SAFEGUARDING))
KINDS = ("access", "rectification", "objection")
SOON, LATER = timedelta(days=20), timedelta(days=60)


class Answered(IntEnum):
    """What becomes of what somebody asked, one after the other."""

    AT_ONCE = 0
    LATER = 1
    NO = 2


class Wished(IntEnum):
    """What becomes of a wish to be erased."""

    STAYS = 0
    REFUSED = 1
    GRANTED = 2


def lives_of_desks(world: World) -> Sequence[Life]:
    """As many of each as the size of the scheme brings, spread over its time."""
    return [
        spread(world, round(world.plan.mentees * share) or 1, story, name)
        for name, share, story in (
            ("concern", rates.CONCERNS_A_MENTEE, _concern),
            ("request", rates.RIGHTS_REQUESTS_A_MENTEE, _rights_request),
            ("objection", rates.OBJECTIONS_A_MENTEE, _objection),
            ("disclosure", rates.DISCLOSURES_A_MENTEE, _disclosure),
            ("erasure", rates.ERASURES_A_MENTEE, _erasure),
        )
    ]


def spread(
    world: World, times: int, story: Story, name: str, *, begins: float = rates.DESKS_BEGIN_AT
) -> Life:
    """One after the other, from when there are people until shortly before the end."""
    chance = world.plan.chance(f"spread {name}")
    for number in range(times):
        share = begins + (1 - begins) * number / (times + 1)
        yield after(world.part_of_it(share), (0, 2), chance)
        world.begin(story(world, number), world.clock())


def _concern(world: World, number: int) -> Life:
    """Sorted by a coordinator or passed on to a safeguarding lead, and answered by who looks into it."""
    chance, key = world.plan.chance(f"concern {number}"), f"concern-{number}"
    category, desk = CONCERNS[number % len(CONCERNS)]
    who = somebody(world, number)
    if who is None:
        return
    body = {"category": category, "desk": desk, "words": chance.choice(WORRIES)}
    raised = world.does(who.person, "/me/concerns", body, step=key)
    if raised is None:
        return
    world.note(Happened.CONCERNS)
    path, coordinator = f"/concerns/{raised.subject}", world.coordinator(number)
    yield after(world.clock(), rates.DESK_TAKES, chance)
    if desk == COORDINATOR:
        world.door.look(coordinator, f"{path}/words")
        desk = SAFEGUARDING if category == "conduct" else COORDINATOR
        sorted_to = {"category": category, "desk": desk}
        world.does(coordinator, f"{path}/triage", sorted_to, step=f"sort-{key}")
        yield after(world.clock(), rates.DESK_TAKES, chance)
    handler = coordinator
    if desk == SAFEGUARDING:
        handler = yield from _taken(world, path, key, number)
    world.door.look(handler, f"{path}/words")
    if world.does(handler, f"{path}/closing", {"words": ANSWER}, step=f"close-{key}"):
        world.note(Happened.CONCERNS_ANSWERED)


def _taken(world: World, path: str, key: str, number: int) -> Any:
    """One lead looks into it, and now and then lets the other do so."""
    first, second = world.leads
    world.does(first, f"{path}/taking", step=f"take-{key}")
    yield after(world.clock(), rates.DESK_TAKES, world.plan.chance(f"lead {number}"))
    to = {"to": str(second.id)}
    is_over = number % 2 and world.does(first, f"{path}/handing-over", to, step=f"hand-{key}")
    return second if is_over else first


def _rights_request(world: World, number: int) -> Life:
    """Answered, answered later than within a month, or refused."""
    chance, key = world.plan.chance(f"request {number}"), f"rights-{number}"
    who = somebody(world, number + 1)
    if who is None:
        return
    world.door.look(who.person, "/me/record")
    body = {"kind": KINDS[number % len(KINDS)], "words": chance.choice(WORRIES)}
    made = world.does(who.person, "/me/rights-requests", body, step=key)
    if made is None:
        return
    world.note(Happened.RIGHTS_REQUESTS)
    path, lead = f"/rights-requests/{made.subject}", world.lead
    yield after(world.clock(), rates.DESK_TAKES, chance)
    world.door.look(lead, f"{path}/words")
    fate = Answered(number % len(Answered))
    if fate is Answered.LATER:
        world.does(lead, f"{path}/extension", {"reason": "complex"}, step=f"extend-{key}")
        yield after(world.clock(), rates.DESK_TAKES, chance)
    refusal = {"reason": "record_is_right", "words": ANSWER}
    what, said = ("answer", {"words": ANSWER})
    if fate is Answered.NO:
        what, said = ("refusal", refusal)
    if world.does(lead, f"{path}/{what}", said, step=f"{what}-{key}"):
        world.note(Happened.RIGHTS_ANSWERED)


def _objection(world: World, number: int) -> Life:
    """No suggestions by a program, until they see it otherwise."""
    chance, key = world.plan.chance(f"objection {number}"), f"objection-{number}"
    who = somebody(world, number + 2)
    if who is None:
        return
    body = {"kind": "objection", "objects_to": "suggestions"}
    made = world.does(who.person, "/me/rights-requests", body, step=key)
    if made is None:
        return
    world.note(Happened.RIGHTS_REQUESTS)
    yield after(world.clock(), rates.DESK_TAKES, chance)
    path = f"/rights-requests/{made.subject}/answer"
    if world.does(world.lead, path, {"words": ANSWER}, step=f"answer-{key}"):
        world.note(Happened.RIGHTS_ANSWERED)
    yield after(world.clock(), rates.DESK_TAKES, chance)
    world.does(who.person, "/me/uses/suggestions/resuming", step=f"resume-{key}")


def _disclosure(world: World, number: int) -> Life:
    """Written by the mentor, decided by a lead; the mentee is told first, or a reason stands for a while."""
    chance, key = world.plan.chance(f"disclosure {number}"), f"disclosure-{number}"
    pairing = _some_pair(world, number)
    if pairing is None:
        return
    (_, mentor), (first, second) = pairing.partners(), world.leads
    body = {"ground": "serious_harm", "facts": FACTS, "recipient": RECIPIENT}
    is_told = number % 2 == 0
    told = {"mentee_is_told": is_told} if is_told else _put_off(world)
    path = f"{pairing.path}/disclosures"
    written = world.does(mentor, path, {**body, **told}, step=key)
    if written is None:
        return
    world.note(Happened.DISCLOSURES)
    path = f"/disclosures/{written.subject}"
    yield after(world.clock(), rates.DESK_TAKES, chance)
    world.door.look(first, f"{path}/words")
    if number % len(Answered) == Answered.NO:
        world.does(first, f"{path}/refusal", step=f"decline-{key}")
        return
    world.does(first, f"{path}/agreement", step=f"agree-{key}")
    if not is_told:
        world.does(second, f"{path}/telling", step=f"tell-{key}")
    review = {"review_on": _day(world, LATER)}
    world.does(second, f"{path}/making", review, step=f"make-{key}")
    yield after(world.clock(), rates.DESK_TAKES, chance)
    review = {"review_on": _day(world, LATER)}
    world.does(first, f"{path}/review", review, step=f"review-{key}")
    yield after(world.clock(), rates.DESK_TAKES, chance)
    world.does(first, f"{path}/review", {}, step=f"close-{key}")


def _put_off(world: World) -> dict[str, Any]:
    why = "would_raise_risk"
    return {"mentee_is_told": False, "not_told_reason": why, "look_again_on": _day(world, SOON)}


def _erasure(world: World, number: int) -> Life:
    """Taken back, held and then refused, or granted: then nobody of that name takes part any more."""
    chance, key = world.plan.chance(f"erasure {number}"), f"erasure-{number}"
    who = somebody(world, number, Role.MENTEE)
    if who is None:
        return
    asked = world.does(who.person, "/me/erasure", step=key)
    if asked is None:
        return
    world.note(Happened.ERASURES_ASKED)
    path, lead = f"/erasures/{asked.subject}", world.lead
    yield after(world.clock(), rates.DESK_TAKES, chance)
    fate = Wished(number % len(Wished))
    if fate is Wished.STAYS:
        world.does(who.person, "/me/erasure/taking-back", step=f"stay-{key}")
        return
    hold = {"reason": "legal_claim", "review_on": _day(world, LATER)}
    world.does(lead, f"{path}/hold", hold, step=f"hold-{key}")
    yield after(world.clock(), rates.DESK_TAKES, chance)
    world.does(lead, f"{path}/hold-lifting", step=f"lift-{key}")
    if fate is Wished.REFUSED:
        world.does(lead, f"{path}/refusal", {"reason": "legal_claim"}, step=f"refuse-{key}")
    elif world.does(lead, f"{path}/grant", step=f"grant-{key}"):
        world.taking_part.pop(who.person.id, None)
        who.leave()
        world.note(Happened.ERASED)


def somebody(world: World, number: int, role: Role | None = None) -> TakingPart | None:
    """Somebody who takes part, another one each time."""
    people = [each for each in world.taking_part.values() if role in {None, each.person.role}]
    return people[number % len(people)] if people else None


def _some_pair(world: World, number: int) -> Pairing | None:
    """Two who meet."""
    pairs = [each for mentor in world.mentors.values() for each in mentor.pairings]
    return pairs[number % len(pairs)] if pairs else None


def _day(world: World, later: timedelta) -> str:
    return (world.clock() + later).astimezone(ZONE).date().isoformat()
