"""How somebody asks for mentoring: what they want to think through, with whom, how and how often."""

from dataclasses import dataclass, replace

from api.simulate import rates
from api.simulate.people import Person
from api.simulate.remembered import Grant, Pairing
from api.simulate.tally import Happened
from api.simulate.world import World


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for, in their words."""

    themes: str
    preferences: str
    identity: str | None = None
    kind: str | None = None
    """Where it is not the usual one, nobody is looked for by the matching."""


def asks(
    world: World, people: tuple[Person, Person], grant: Grant, wish: Wish, number: int
) -> Pairing | None:
    """Ask, on a place of their own, for the how-manieth time; `people` are the mentee and their coordinator."""
    me, coordinator = people
    chance = world.plan.chance(f"asks {me.key} {number}")
    is_weekly, is_virtual = chance.random() < rates.WEEKLY, chance.random() >= rates.IN_PERSON
    body = {
        "place": str(grant.place),
        "mode": "virtual" if is_virtual else "in_person",
        "cadence": "weekly" if is_weekly else "monthly",
        "themes": wish.themes,
        "preferences": wish.preferences,
    }
    if wish.identity is not None:
        body["identity_preference"] = wish.identity
    if wish.kind is not None:
        body["kind"] = wish.kind
    asked = world.does(me, "/relationships", body, step=f"request-{number}")
    if asked is None:
        return None
    world.note(Happened.REQUESTS)
    pairing = Pairing(
        me,
        asked.subject,
        grant,
        is_weekly=is_weekly,
        is_virtual=is_virtual,
        chance=chance,
        number=number,
        coordinator=coordinator,
        is_by_hand=wish.kind is not None,
    )
    world.ask(pairing)
    return pairing


def asks_again(world: World, ended: Pairing, number: int) -> Pairing | None:
    """One step from an ending to the next request, on what is left of the place; None where that cannot be."""
    chance = world.plan.chance(f"asks again {ended.key}")
    is_left = ended.is_over and ended.mentor is not None and ended.sessions_left > 0
    if not is_left or chance.random() >= rates.ASKS_AGAIN:
        return None
    body = {"keeps_words": chance.random() < rates.KEEPS_WORDS}
    asked = world.does(ended.mentee, f"{ended.path}/next-request", body, step=f"again-{ended.key}")
    if asked is None:
        return None
    world.note(Happened.ASKED_AGAIN)
    pairing = replace(
        ended,
        relationship=asked.subject,
        grant=replace(ended.grant, sessions=ended.sessions_left),
        chance=chance,
        number=number,
        found=None,
        mentor=None,
        is_over=False,
        declined_by={ended.mentor.person.id} if ended.mentor else set(),
        proposals_made=0,
    )
    world.ask(pairing)
    return pairing
