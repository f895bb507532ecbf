"""From a request to a match: a coordinator proposes with reasons, and both answer or do not."""

from collections.abc import Generator
from datetime import datetime, timedelta
from enum import Enum, auto

from api.simulate import rates
from api.simulate.calendar import after, evening
from api.simulate.lives.finding import Finds, from_shortlist, in_round
from api.simulate.people import NOT_NOW, REASONS, REASONS_FOR_MENTOR, Person
from api.simulate.remembered import Found, Life, Mentor, Pairing
from api.simulate.tally import Happened
from api.simulate.world import World
from domain.proposal import latest_expiry

Answered = Generator[datetime, None, bool]

AN_HOUR = timedelta(hours=1)
VERSION_OF_THE_AGREEMENT = 1
MOST_LOOKS = 6


class Reply(Enum):
    """What somebody makes of a proposal."""

    YES = auto()
    SILENCE = auto()
    NO = auto()
    CONFLICT = auto()


def find_partner(world: World, pairing: Pairing) -> Life:
    """Propose until both agree; otherwise end the request, for want of a mentor."""
    for attempt in range(rates.MOST_PROPOSALS):
        is_by_hand = world.matches_by_hand or pairing.is_by_hand
        way = by_hand if is_by_hand else WAYS[(pairing.turn + attempt) % len(WAYS)]
        yield from pairing.until(after(world.clock(), rates.PROPOSAL_TAKES, pairing.chance))
        world.door.look(pairing.coordinator, f"{pairing.path}/requested-words")
        found = yield from way(world, pairing, attempt)
        if found is not None and (yield from _is_matched(world, pairing, found)):
            yield from _agree(world, pairing)
            return
    body = {"reason": "mentor_unavailable"}
    step = f"nobody-{pairing.key}"
    world.does(pairing.coordinator, f"{pairing.path}/closing", body, step=step)
    world.note(Happened.CLOSINGS)
    world.part(pairing)


def by_hand(world: World, pairing: Pairing, _attempt: int) -> Finds:
    """Think of somebody with room, now or later, and write the reasons."""
    for _ in range(MOST_LOOKS):
        mentor = world.mentor_with_room(pairing.declined_by)
        if mentor is not None:
            proposal = propose(world, pairing, mentor)
            return None if proposal is None else Found(mentor, proposal)
        yield from pairing.until(after(world.clock(), rates.NOBODY_FREE_LOOK_AGAIN, pairing.chance))
    return None


WAYS = (by_hand, from_shortlist, in_round)
"""How somebody is found; who asks goes from one to the next where nothing came of it."""


def _is_matched(world: World, pairing: Pairing, found: Found) -> Answered:
    """Whether both said yes in time, and nothing stood in the way by then."""
    mentor, proposal = found.mentor, found.proposal
    expires_at = latest_expiry(world.clock())
    for moment, who in _answers(world, pairing, mentor):
        yield from pairing.until(moment)
        world.door.look(who, f"{pairing.path}/proposal")
        answer = _answer(pairing, who, mentor)
        if answer is Reply.SILENCE:
            yield from pairing.until(evening(expires_at) + AN_HOUR)
            world.note(Happened.EXPIRED)
        if answer is Reply.CONFLICT:
            _declare_conflict(world, pairing, mentor)
        if answer is Reply.NO:
            _decline(world, who, proposal, pairing.proposals_made)
        if answer is not Reply.YES or not accept(world, who, proposal, pairing.proposals_made):
            return False
    return _pairs(world, pairing, mentor)


def propose(world: World, pairing: Pairing, mentor: Mentor) -> str | None:
    """The path of the proposal, unless a rule refused it."""
    body = {
        "mentor": str(mentor.person.id),
        "reasons_for_mentee": pairing.chance.choice(REASONS).format(name=mentor.name),
        "reasons_for_mentor": pairing.chance.choice(REASONS_FOR_MENTOR),
    }
    step = f"propose-{pairing.key}-{len(pairing.declined_by)}"
    told = world.does(pairing.coordinator, f"{pairing.path}/proposals", body, step=step)
    pairing.declined_by.add(mentor.person.id)
    if told is None:
        return None
    pairing.proposals_made += 1
    world.note(Happened.PROPOSALS)
    return f"{pairing.path}/proposals/{told.made}"


def _answers(world: World, pairing: Pairing, mentor: Mentor) -> list[tuple[datetime, Person]]:
    """Who answers when, the quicker first."""
    people = (pairing.mentee, mentor.person)
    moments = [after(world.clock(), rates.ANSWER_TAKES, pairing.chance) for _ in people]
    return sorted(zip(moments, people, strict=True), key=lambda each: each[0])


def _answer(pairing: Pairing, who: Person, mentor: Mentor) -> Reply:
    """What somebody makes of it; a mentor who has no room left says so."""
    is_mentor = who is mentor.person
    declines = rates.MENTOR_DECLINES if is_mentor else rates.MENTEE_DECLINES
    conflicts = 0.0 if is_mentor else rates.DECLARES_A_CONFLICT
    yes = 1 - rates.NEVER_ANSWERS - declines - conflicts
    weights = (yes, rates.NEVER_ANSWERS, declines, conflicts)
    [reply] = pairing.chance.choices(list(Reply), weights)
    return Reply.NO if is_mentor and not mentor.has_room else reply


def accept(world: World, who: Person, proposal: str, version: int) -> bool:
    """Say yes to what was read."""
    step = f"accept-{proposal.rpartition('/')[2]}"
    body = {"version": version}
    return world.does(who, f"{proposal}/acceptance", body, step=step) is not None


def _decline(world: World, who: Person, proposal: str, version: int) -> None:
    step = f"decline-{proposal.rpartition('/')[2]}"
    body = {"version": version, "reason": "not_now", "words": NOT_NOW}
    if world.does(who, f"{proposal}/refusal", body, step=step):
        world.note(Happened.DECLINED)


def _declare_conflict(world: World, pairing: Pairing, mentor: Mentor) -> None:
    step = f"conflict-{pairing.key}-{mentor.person.key}"
    body = {"with_person": str(mentor.person.id)}
    if world.does(pairing.mentee, f"{pairing.path}/conflicts", body, step=step):
        world.note(Happened.CONFLICTS)


def _pairs(world: World, pairing: Pairing, mentor: Mentor) -> bool:
    """Both said yes; the last unit of capacity may have gone to somebody quicker."""
    if not mentor.has_room:
        return False
    world.pair(pairing, mentor)
    world.note(Happened.MATCHES)
    return True


def _agree(world: World, pairing: Pairing) -> Life:
    """Each reads the agreement in their own time."""
    for who in pairing.partners():
        yield from pairing.until(after(world.clock(), rates.AGREEMENT_TAKES, pairing.chance))
        agree(world, pairing, who)


def agree(world: World, pairing: Pairing, who: Person) -> None:
    """Accept how the two will work together."""
    body = {"version": VERSION_OF_THE_AGREEMENT}
    world.does(who, f"{pairing.path}/agreement", body, step=f"agree-{pairing.key}")
